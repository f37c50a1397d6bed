//! Which account is it, and where is it kept?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{conflict, items, required};
use crate::manifest::lower::path::relative;
use crate::manifest::raw;
use crate::manifest::yaml::{Field, Spanned};
use crate::model::{Account, Allowance, Located, Platform, Region, Tenant, Username};

/// What the account calls the type of HR-sourced groups, unless `hrGroupType` says otherwise.
pub const HR_GROUP_TYPE: &str = "HRDC";

/// Keys that say where an account is; each platform takes some of them.
struct Place {
    /// Where `account` starts.
    span: Span,
    id: Field<raw::AccountId>,
    region: Field<raw::Region>,
    seed: Field<Box<str>>,
    username: Field<raw::Username>,
}

/// Lowers `account`; none if it can't be said which account it is.
pub(super) fn lower(it: Spanned<raw::Account>, found: &mut Diagnostics) -> Option<Account> {
    let (span, origin) = (it.span, it.origin());
    let raw::Account { name, id, platform, region, seed, username, allow, hr_group_type } = it.value;
    let kind = required(platform, "platform", span, found);
    let place = Place { span, id, region, seed, username };
    let (platform, id) = match kind.as_ref().map(|kind| kind.value) {
        Some(raw::Platform::Activtrak) => place.activtrak(found),
        Some(raw::Platform::Docebo) => (place.docebo(found), None),
        Some(raw::Platform::Sandbox) => place.sandbox(found),
        None => (None, None),
    };
    let name = match kind.as_ref().map(|kind| kind.value) {
        Some(raw::Platform::Sandbox) if name.is_absent() => Some(Located::new("sandbox".into(), origin)),
        _ => required(name, "name", span, found).and_then(|name| filled(name.map(|name| name.0), found)),
    };
    let hr_group_type = match hr_group_type.given() {
        Some(it) => filled(it, found)?.value,
        None => HR_GROUP_TYPE.into(),
    };
    let platform = platform?;
    let allow = items(allow);
    for it in &allow {
        of_the_platform((it.value.into(), it.span), (&platform, span), found);
    }
    Some(Account {
        origin,
        name: name?,
        id,
        platform,
        allow: allow.into_iter().map(|it| it.located().map(Into::into)).collect(),
        hr_group_type,
    })
}

impl Place {
    fn activtrak(self, found: &mut Diagnostics) -> (Option<Platform>, Option<Located<u64>>) {
        let help = "take `seed` out, or write `platform: sandbox` to rehearse";
        self.refuse(&self.seed, ("an account at ActivTrak has no `seed`", help), found);
        let help = "take `username` out: it is for `platform: docebo`";
        self.refuse(&self.username, ("users of an account at ActivTrak have no `username`", help), found);
        if self.region.is_absent() {
            let problem = Diagnostic::new(Code::MissingKey, self.span, "`region` is missing here");
            found.push(
                problem.help("write the region that your ActivTrak address names: us, eu, uk, ca or au"),
            );
        }
        let region = self.region.given().map(|region| Platform::ActivTrak(region.value.into()));
        (region, number(self.id, found))
    }

    fn docebo(self, found: &mut Diagnostics) -> Option<Platform> {
        let help = "take `region` out: the address of a learning platform stands in DOCEBO_URL";
        self.refuse(&self.region, ("an account at a learning platform has no `region`", help), found);
        let help = "take `seed` out, or write `platform: sandbox` to rehearse";
        self.refuse(&self.seed, ("an account at a learning platform has no `seed`", help), found);
        if self.id.is_absent() {
            let problem = Diagnostic::new(Code::MissingKey, self.span, "`id` is missing here");
            found.push(problem.help("write the account's name, as in acme.docebosaas.com: `id: acme`"));
        }
        if self.username.is_absent() {
            let problem = Diagnostic::new(Code::MissingKey, self.span, "`username` is missing here");
            found.push(problem.help("say which identifier is the username there: `username: email`"));
        }
        let name = self.id.given().and_then(|id| filled(id.map(|id| id.0), found));
        let username = self.username.given().map(|said| said.value.into());
        Some(Platform::Docebo(Tenant { name: name?, username: username? }))
    }

    fn sandbox(self, found: &mut Diagnostics) -> (Option<Platform>, Option<Located<u64>>) {
        let help = "take `region` out, or write `platform: activtrak`";
        self.refuse(&self.region, ("a sandbox has no `region`", help), found);
        if self.seed.is_absent() {
            let problem = Diagnostic::new(Code::MissingKey, self.span, "`seed` is missing here");
            found.push(problem.help("name the file that the sandbox starts from: `seed: account.json`"));
        }
        let id = number(self.id, found);
        let Some(seed) = self.seed.given() else { return (None, id) };
        relative(&seed, found);
        let username = self.username.given().map(|said| said.located().map(Into::into));
        (filled(seed, found).map(|seed| Platform::Sandbox { seed, username }), id)
    }

    /// Says of a key that the platform has none of it.
    fn refuse<T>(&self, key: &Field<T>, (message, help): (&str, &str), found: &mut Diagnostics) {
        if let Some(key) = key.as_ref() {
            found.push(conflict(self.span, key.span, message, help));
        }
    }
}

/// Refuses what is allowed of the other platform: it would allow nothing.
fn of_the_platform(
    (allowed, at): (Allowance, Span),
    (platform, account): (&Platform, Span),
    found: &mut Diagnostics,
) {
    let (is_its_own, message, help) = match allowed {
        Allowance::AgentMoves => (
            platform.username().is_none(),
            "a learning platform has no agents that could be moved",
            "take `agentMoves` out",
        ),
        Allowance::CreateUsers => (
            platform.username().is_some(),
            "`createUsers` is for a learning platform: at ActivTrak users are created without it",
            "take `createUsers` out",
        ),
    };
    if !is_its_own {
        found.push(conflict(account, at, message, help));
    }
}

/// The number of an account; a name is one of a learning platform.
fn number(id: Field<raw::AccountId>, found: &mut Diagnostics) -> Option<Located<u64>> {
    let id = id.given()?;
    let text = &*id.value.0;
    let canonical = text.bytes().all(|it| it.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    let Some(number) = text.parse::<u64>().ok().filter(|_| canonical) else {
        let message = format!("`id` takes a whole number, and this is `{text}`");
        let problem = Diagnostic::new(Code::WrongType, id.span, message);
        found.push(problem.help("a name is for accounts at a learning platform: `platform: docebo`"));
        return None;
    };
    Some(id.map(|_| number).located())
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
            raw::Allowance::CreateUsers => Self::CreateUsers,
        }
    }
}

impl From<raw::Username> for Username {
    fn from(raw: raw::Username) -> Self {
        match raw {
            raw::Username::Email => Self::Email,
            raw::Username::Upn => Self::Upn,
            raw::Username::EmployeeId => Self::EmployeeId,
        }
    }
}
