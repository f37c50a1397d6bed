//! Who is it, and what should be true of them?

use serde::{Deserialize, Deserializer};

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{conflict, items};
use crate::manifest::lower::order;
use crate::manifest::lower::text::{
    AGENT, ATTRIBUTE, DEVICE_LOGIN, DISPLAY_NAME, EMAIL, EMPLOYEE_ID, FORMER_IDENTIFIER, NAMED_GROUP, UPN,
    VALUE,
};
use crate::manifest::raw;
use crate::manifest::yaml::{self, Field, Map, OneOrMany, Spanned};
use crate::model::{
    Activation, AdoptableField, AttributeName, DesiredUser, Located, Managed, NameMatch, Tracking,
};

/// Keys of a rule that are no attributes.
pub(super) const RESERVED: [&str; 8] =
    ["all", "any", "not", "email", "upn", "employeeId", "deviceLogin", "displayName"];

/// All users of a manifest, lowered one by one as they are read.
#[derive(Debug, Default)]
pub(in crate::manifest) struct Users {
    pub(super) lowered: Vec<DesiredUser>,
    pub(super) found: Diagnostics,
}

impl<'de> Deserialize<'de> for Users {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        yaml::list(deserializer)
    }
}

/// So many users are lowered while the next ones are read: enough to be worth the way to another core.
const AT_ONCE: usize = 1024;

impl Extend<Spanned<raw::User>> for Users {
    fn extend<I: IntoIterator<Item = Spanned<raw::User>>>(&mut self, users: I) {
        let mut users = users.into_iter();
        self.lowered.reserve_exact(users.size_hint().0);
        let mut read: Vec<_> = users.by_ref().take(AT_ONCE).collect();
        // One file can hold a whole account: of its users no more than two batches are kept as they are written.
        while read.len() == AT_ONCE {
            read = rayon::in_place_scope(|scope| {
                scope.spawn(|_| self.lower(read));
                users.by_ref().take(AT_ONCE).collect()
            });
        }
        self.lower(read);
    }
}

impl Users {
    fn lower(&mut self, read: Vec<Spanned<raw::User>>) {
        for user in read {
            self.lowered.push(lower(user, &mut self.found));
        }
    }
}

/// Lowers one user.
fn lower(it: Spanned<raw::User>, found: &mut Diagnostics) -> DesiredUser {
    let origin = it.origin();
    identifiable(&it, found);
    asked_of_leavers(&it.value, found);
    let raw = it.value;
    DesiredUser {
        display_name: managed(raw.display_name.given().and_then(|it| DISPLAY_NAME.one(&it, found))),
        upns: UPN.exactly(raw.upn, found),
        emails: EMAIL.exactly(raw.email, found),
        employee_ids: EMPLOYEE_ID.exactly(raw.employee_id, found),
        device_logins: DEVICE_LOGIN.added(raw.device_login, "deviceLogin", found),
        tracking: managed(raw.tracking.given().map(|it| it.located().map(Into::into))),
        status: managed(raw.status.given().map(|it| it.located().map(Into::into))),
        groups: NAMED_GROUP.added(raw.groups, "groups", found),
        primary_group: managed(raw.primary_group.given().and_then(|it| NAMED_GROUP.one(&it, found))),
        agents: AGENT.added(raw.agents, "agents", found),
        attributes: attributes(raw.attributes, found),
        formerly: FORMER_IDENTIFIER.added(raw.formerly, "formerly", found),
        match_name: match raw.match_name.given() {
            Some(Spanned { value: true, .. }) => NameMatch::Same,
            _ => NameMatch::Ask,
        },
        releases: FORMER_IDENTIFIER.added(raw.releases, "releases", found),
        adopt: items(raw.adopt).into_iter().map(|it| it.located().map(Into::into)).collect(),
        order: order::lower(raw.remove, raw.erase, found),
        ..DesiredUser::new(origin)
    }
}

/// Keys beside `remove` that ask for something of somebody who goes. `erase` keeps the record, and all else is done to it first.
fn asked_of_leavers(user: &raw::User, found: &mut Diagnostics) {
    let Some(remove) = user.remove.as_ref() else { return };
    let tracked = user.tracking.as_ref().filter(|it| matches!(it.value, raw::Tracking::Tracked));
    let asked = [
        ("tracking: tracked", tracked.map(|it| it.span)),
        ("groups", user.groups.as_ref().map(|it| it.span)),
        ("primaryGroup", user.primary_group.as_ref().map(|it| it.span)),
        ("agents", user.agents.as_ref().map(|it| it.span)),
        ("adopt", user.adopt.as_ref().map(|it| it.span)),
    ];
    for (key, at) in asked.into_iter().filter_map(|(key, at)| Some((key, at?))) {
        let message = format!("`{key}` asks something of a user whom `remove` takes away");
        let help = "take it out: all groups, agents and history go; or take `remove` out if the user stays";
        found.push(conflict(remove.span, at, message, help));
    }
}

/// Whether an entry says enough to find its user.
fn identifiable(it: &Spanned<raw::User>, found: &mut Diagnostics) {
    let user = &it.value;
    if let Some(matched) = user.match_name.as_ref().filter(|it| it.value && user.display_name.is_absent()) {
        let message = "`matchName` needs a `displayName`";
        found.push(Diagnostic::new(Code::MissingKey, matched.span, message));
    }
    if !(says_none(&user.upn) && says_none(&user.email) && says_none(&user.employee_id)) {
        return;
    }
    if says_none(&user.device_login) {
        let message = "this user has no UPN, email, employee ID or device login";
        let help = "declare one; a display name alone does not tell users apart";
        found.push(Diagnostic::new(Code::NoIdentifier, it.span, message).help(help));
    } else {
        let message = "a device login is all this user is known by";
        let help = "add an email, a UPN or an employee ID: the account creates no user without one";
        found.push(Diagnostic::new(Code::DeviceLoginOnly, it.span, message).help(help));
    }
}

fn says_none<T>(field: &Field<OneOrMany<T>>) -> bool {
    match field {
        Field::Absent => true,
        Field::Broken => false,
        Field::Given(list) => list.value.0.is_empty(),
    }
}

fn managed<T>(said: Option<Located<T>>) -> Managed<T> {
    said.map_or(Managed::Leave, Managed::Set)
}

fn attributes(
    field: Field<Map<raw::Text>>,
    found: &mut Diagnostics,
) -> Vec<(AttributeName, Located<Box<str>>)> {
    let entries = field.given().map(|map| map.value.0).unwrap_or_default();
    let mut attributes = Vec::with_capacity(entries.len());
    let mut keys: Vec<(AttributeName, Span)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        if RESERVED.contains(&&*key.value) {
            let message = format!("`{}` can't be an attribute: rules read it as something else", key.value);
            found.push(Diagnostic::new(Code::InvalidValue, key.span, message).help("give it another name"));
        } else if let Some(name) = ATTRIBUTE.one(&key, found) {
            keys.push((name.value.clone(), key.span));
            attributes.extend(VALUE.one(&value, found).map(|value| (name.value, value)));
        }
    }
    keys.sort();
    for pair in keys.windows(2) {
        if let [(first, at), (again, span)] = pair
            && first == again
        {
            let message = format!("`{again}` and `{first}` are one attribute: case does not count");
            found
                .push(Diagnostic::new(Code::DuplicateKey, *span, message).related(*at, "first written here"));
        }
    }
    attributes
}

impl From<raw::Tracking> for Tracking {
    fn from(raw: raw::Tracking) -> Self {
        match raw {
            raw::Tracking::Tracked => Self::Tracked,
            raw::Tracking::Untracked => Self::Untracked,
        }
    }
}

impl From<raw::Activation> for Activation {
    fn from(raw: raw::Activation) -> Self {
        match raw {
            raw::Activation::Active => Self::Active,
            raw::Activation::Deactivated => Self::Deactivated,
        }
    }
}

impl From<raw::Adoptable> for AdoptableField {
    fn from(raw: raw::Adoptable) -> Self {
        match raw {
            raw::Adoptable::DisplayName => Self::DisplayName,
            raw::Adoptable::Upn => Self::Upn,
            raw::Adoptable::Email => Self::Email,
            raw::Adoptable::EmployeeId => Self::EmployeeId,
            raw::Adoptable::DeviceLogin => Self::DeviceLogin,
        }
    }
}
