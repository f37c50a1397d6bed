//! Which account is it, and where is it kept?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{conflict, items, required};
use crate::manifest::lower::path::relative;
use crate::manifest::raw;
use crate::manifest::yaml::{Field, Spanned};
use crate::model::{Account, Allowance, Located, Platform, Region};

/// What the account calls the type of HR-sourced groups, unless `hrGroupType` says otherwise.
pub const HR_GROUP_TYPE: &str = "HRDC";

/// Lowers `account`; none if it can't be said which account it is.
pub(super) fn lower(it: Spanned<raw::Account>, found: &mut Diagnostics) -> Option<Account> {
    let (span, origin) = (it.span, it.origin());
    let raw::Account { name, id, platform, region, seed, allow, hr_group_type } = it.value;
    let kind = required(platform, "platform", span, found);
    let platform = kind.as_ref().and_then(|kind| match kind.value {
        raw::Platform::Activtrak => activtrak(span, region, &seed, found),
        raw::Platform::Sandbox => sandbox(span, seed, &region, found),
    });
    let name = match kind.as_ref().map(|kind| kind.value) {
        Some(raw::Platform::Sandbox) if name.is_absent() => Some(Located::new("sandbox".into(), origin)),
        _ => required(name, "name", span, found).and_then(|name| filled(name.map(|name| name.0), found)),
    };
    let hr_group_type = match hr_group_type.given() {
        Some(it) => filled(it, found)?.value,
        None => HR_GROUP_TYPE.into(),
    };
    Some(Account {
        origin,
        name: name?,
        id: id.given().map(Spanned::located),
        platform: platform?,
        allow: items(allow).into_iter().map(|it| it.located().map(Into::into)).collect(),
        hr_group_type,
    })
}

fn activtrak(
    account: Span,
    region: Field<raw::Region>,
    seed: &Field<Box<str>>,
    found: &mut Diagnostics,
) -> Option<Platform> {
    if let Some(seed) = seed.as_ref() {
        let help = "take `seed` out, or write `platform: sandbox` to rehearse";
        found.push(conflict(account, seed.span, "an account at ActivTrak has no `seed`", help));
    }
    if region.is_absent() {
        let problem = Diagnostic::new(Code::MissingKey, account, "`region` is missing here");
        found.push(problem.help("write the region that your ActivTrak address names: us, eu, uk, ca or au"));
    }
    region.given().map(|region| Platform::ActivTrak(region.value.into()))
}

fn sandbox(
    account: Span,
    seed: Field<Box<str>>,
    region: &Field<raw::Region>,
    found: &mut Diagnostics,
) -> Option<Platform> {
    if let Some(region) = region.as_ref() {
        let help = "take `region` out, or write `platform: activtrak`";
        found.push(conflict(account, region.span, "a sandbox has no `region`", help));
    }
    if seed.is_absent() {
        let problem = Diagnostic::new(Code::MissingKey, account, "`seed` is missing here");
        found.push(problem.help("name the file that the sandbox starts from: `seed: account.json`"));
    }
    let seed = seed.given()?;
    relative(&seed, found);
    filled(seed, found).map(|seed| Platform::Sandbox { seed })
}

/// A text that must not be empty.
fn filled(it: Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Located<Box<str>>> {
    if it.value.trim().is_empty() {
        found.push(Diagnostic::new(Code::InvalidValue, it.span, "it is empty"));
        return None;
    }
    Some(it.located())
}

impl From<raw::Region> for Region {
    fn from(raw: raw::Region) -> Self {
        match raw {
            raw::Region::Us => Self::Us,
            raw::Region::Eu => Self::Eu,
            raw::Region::Uk => Self::Uk,
            raw::Region::Ca => Self::Ca,
            raw::Region::Au => Self::Au,
        }
    }
}

impl From<raw::Allowance> for Allowance {
    fn from(raw: raw::Allowance) -> Self {
        match raw {
            raw::Allowance::AgentMoves => Self::AgentMoves,
        }
    }
}
