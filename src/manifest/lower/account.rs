//! Which account is it, and where is it kept?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{conflict, items, required};
use crate::manifest::lower::path::relative;
use crate::manifest::raw;
use crate::manifest::yaml::{Field, Spanned};
use crate::model::{
    Account, Allowance, HR_GROUP_TYPE, Located, Place, Platform, Region, SANDBOX, Service, Tenant, Username,
};

/// Keys that say where an account is; each platform takes some of them.
struct Keys {
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
    let place = Keys { span, id, region, seed, username };
    let (platform, id) = match kind.as_ref().map(|kind| kind.value.0) {
        Some(Some(service)) => match service.place() {
            Place::Region => place.region(service, found),
            Place::Tenant => (place.tenant(service, found), None),
        },
        Some(None) => place.sandbox(found),
        None => (None, None),
    };
    let name = match kind.as_ref().map(|kind| kind.value.0) {
        Some(None) if name.is_absent() => Some(Located::new(SANDBOX.into(), origin)),
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

impl Keys {
    fn region(self, service: Service, found: &mut Diagnostics) -> (Option<Platform>, Option<Located<u64>>) {
        let name = service.name();
        let help = "take `seed` out, or write `platform: sandbox` to rehearse";
        self.refuse(&self.seed, (&format!("an account at {name} has no `seed`"), help), found);
        let help = format!("take `username` out: it is for {}", platforms(Place::Tenant));
        let message = format!("users of an account at {name} have no `username`");
        self.refuse(&self.username, (&message, &help), found);
        if self.region.is_absent() {
            let problem = Diagnostic::new(Code::MissingKey, self.span, "`region` is missing here");
            let help = format!("write the region that your {name} address names: us, eu, uk, ca or au");
            found.push(problem.help(help));
        }
        let region = self.region.given().map(|region| Platform::Region(service, region.value.into()));
        (region, number(self.id, found))
    }

    fn tenant(self, service: Service, found: &mut Diagnostics) -> Option<Platform> {
        let name = service.name();
        let help = "take `region` out: the address stands in the environment, not in manifests";
        self.refuse(&self.region, (&format!("an account at {name} has no `region`"), help), found);
        let help = "take `seed` out, or write `platform: sandbox` to rehearse";
        self.refuse(&self.seed, (&format!("an account at {name} has no `seed`"), help), found);
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
        Some(Platform::Tenant(service, Tenant { name: name?, username: username? }))
    }

    fn sandbox(self, found: &mut Diagnostics) -> (Option<Platform>, Option<Located<u64>>) {
        let help = format!("take `region` out, or write {}", platforms(Place::Region));
        self.refuse(&self.region, ("a sandbox has no `region`", &help), found);
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

/// What an account says that is told apart like that: `platform: docebo`.
fn platforms(place: Place) -> String {
    let services = Service::ALL.iter().filter(|it| it.place() == place);
    services.map(|it| format!("`platform: {}`", it.word())).collect::<Vec<_>>().join(" or ")
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
        let platforms = platforms(Place::Tenant);
        found.push(problem.help(format!("a name is for accounts at a learning platform: {platforms}")));
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
