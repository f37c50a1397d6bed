//! What does `list.v1` look like? Rows are written one by one as they are asked for: there may be 100,000.

use std::borrow::Cow;
use std::io;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::model::{
    self, Belonging, GroupIx, Identifier, Login, Observed, ObservedExclusion, ObservedUser, UserIx, UserLabel,
};
use crate::render::json::harmless::write;
use crate::render::json::lower::source_key;
use crate::render::view::{Detail, Redaction, View};

/// What an account holds of one kind.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall list, version 1")]
pub(super) struct List<U = Vec<User<'static>>, G = Vec<Group<'static>>, E = Vec<Exclusion>> {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub(super) version: u32,
    /// The account's name in the manifests.
    pub(super) account: String,
    /// Whether people are pseudonyms here.
    pub(super) redacted: bool,
    /// Of `list users`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) users: Option<U>,
    /// Of `list groups`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) groups: Option<G>,
    /// Of `list exclusions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exclusions: Option<E>,
}

/// A user record.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct User<'a> {
    /// Its number.
    pub(super) record: u64,
    /// The display name; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Cow<'a, str>>,
    /// The identifier that the account shows; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display_id: Option<String>,
    /// `active`, `inactive` or `unlicensed`; absent if the account says something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
    /// Whether activity is collected.
    pub(super) tracked: bool,
    /// User principal names.
    pub(super) upns: Vec<Cow<'a, str>>,
    /// Email addresses.
    pub(super) emails: Vec<Cow<'a, str>>,
    /// Employee IDs; the first is the primary.
    pub(super) employee_ids: Vec<Cow<'a, str>>,
    /// Device logins; `*` is any domain.
    pub(super) device_logins: Vec<String>,
    /// Values that another integration set last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) set_by: Vec<SetBy<'a>>,
    /// User agents.
    pub(super) agents: Vec<Agent<'a>>,
    /// The names of its groups.
    pub(super) groups: Vec<Cow<'a, str>>,
    /// The name of its primary group; absent if the account names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) primary_group: Option<Cow<'a, str>>,
    /// When the record was made; absent if the account does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(super) created: Option<Timestamp>,
}

/// A value that another integration set last.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SetBy<'a> {
    /// The field, as `adopt` takes it.
    pub(super) field: &'static str,
    /// The value.
    pub(super) value: String,
    /// The integration.
    pub(super) integration: Cow<'a, str>,
}

/// A user agent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Agent<'a> {
    /// Username and logon domain.
    pub(super) login: String,
    /// The alias; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alias: Option<Cow<'a, str>>,
    /// Its oldest data; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(super) first_log: Option<Timestamp>,
    /// Its newest data; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(super) last_log: Option<Timestamp>,
}

/// A group.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Group<'a> {
    /// Its number.
    pub(super) record: u64,
    /// Its name.
    pub(super) name: Cow<'a, str>,
    /// `app`, `hr`, `directory`, `scim`, or the account's name for another source.
    pub(super) source: Cow<'a, str>,
    /// How many users are in it.
    pub(super) members: u64,
}

/// A Do Not Track rule: a global one, which has a number, or one that an untracked user brings, who is named.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Exclusion {
    /// Its number; absent if it is a user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<u64>,
    /// Who, and where; `*` is any domain.
    pub(super) login: String,
    /// Whose it is; absent if it is global.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<RuleOf>,
}

/// An untracked user, whose identifiers are rules.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RuleOf {
    /// The record's number.
    pub(super) record: u64,
    /// The user as plans name them.
    pub(super) name: String,
}

/// Rules that untracked users bring, with whose they are.
type Brought<'a> = &'a [(UserLabel, Login)];

/// What is listed of an account.
#[derive(Debug, Clone, Copy)]
pub enum Listed<'a> {
    /// Users, by their places.
    Users(&'a Observed, &'a [UserIx]),
    /// Groups, by their places.
    Groups(&'a Observed, &'a [GroupIx]),
    /// Do Not Track rules: global ones, and those of untracked users.
    Exclusions(&'a [ObservedExclusion], Brought<'a>),
    /// A part of the account: some of each.
    Part(&'a Observed, &'a [UserIx], &'a [GroupIx], &'a [ObservedExclusion]),
}

impl<'a> Listed<'a> {
    const fn users(self) -> Option<(&'a Observed, &'a [UserIx])> {
        match self {
            Self::Users(observed, users) | Self::Part(observed, users, ..) => Some((observed, users)),
            Self::Groups(..) | Self::Exclusions(..) => None,
        }
    }

    const fn groups(self) -> Option<(&'a Observed, &'a [GroupIx])> {
        match self {
            Self::Groups(observed, groups) | Self::Part(observed, _, groups, _) => Some((observed, groups)),
            Self::Users(..) | Self::Exclusions(..) => None,
        }
    }

    const fn exclusions(self) -> Option<(&'a [ObservedExclusion], Brought<'a>)> {
        match self {
            Self::Exclusions(global, of_users) => Some((global, of_users)),
            Self::Part(.., global) => Some((global, &[])),
            Self::Users(..) | Self::Groups(..) => None,
        }
    }
}

/// Writes a listing as `list.v1`.
pub fn list(out: &mut dyn io::Write, account: &str, listed: Listed<'_>, view: &View<'_>) -> io::Result<()> {
    let nobody = Observed::default();
    let belonging = &Belonging::of(listed.users().map_or(&nobody, |(observed, _)| observed));
    let users = listed
        .users()
        .map(|(observed, all)| Each(move || all.iter().map(move |ix| user(observed, *ix, belonging, view))));
    let groups =
        listed.groups().map(|(observed, all)| Each(move || all.iter().map(move |ix| group(observed, *ix))));
    let exclusions = listed.exclusions().map(|(global, of_users)| {
        let global = move || {
            global.iter().map(|rule| Exclusion {
                record: Some(rule.id.0),
                login: view.login(&rule.login),
                user: None,
            })
        };
        let of_one = |(label, login): &(UserLabel, Login)| Exclusion {
            record: None,
            login: view.login(login),
            user: label.record.map(|id| RuleOf { record: id.0, name: view.user(label, Detail::Full) }),
        };
        Each(move || global().chain(of_users.iter().map(of_one)))
    });
    let redacted = view.redaction() == Redaction::On;
    write(out, &List { version: 1, account: account.to_owned(), redacted, users, groups, exclusions })
}

/// A list of what an iterator gives, as long as it gives.
struct Each<F>(F);

impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

fn user<'a>(observed: &'a Observed, ix: UserIx, belonging: &Belonging, view: &View<'_>) -> User<'a> {
    let user = observed.user(ix);
    let named = |group| Cow::Borrowed(observed.group(group).name.as_written());
    let name = user.display_name.as_ref().map(|name| match view.redaction() {
        Redaction::Off => Cow::Borrowed(name.as_written()),
        Redaction::On => Cow::Owned(view.user(&UserLabel::of(user), Detail::Name)),
    });
    User {
        record: user.id.0,
        name,
        display_id: user.display_id().map(|id| view.personal(&id).into_owned()),
        status: user.status.map(model::Status::word),
        tracked: user.tracking == model::Tracking::Tracked,
        upns: user.upns.iter().map(|upn| view.personal(upn.as_written())).collect(),
        emails: user.emails.iter().map(|held| view.personal(held.email.as_written())).collect(),
        employee_ids: user.employee_ids.iter().map(|id| view.personal(id.as_written())).collect(),
        device_logins: user.device_logins.iter().map(|login| view.login(login)).collect(),
        set_by: set_by(user, view),
        agents: user.agents.iter().map(|it| agent(it, view)).collect(),
        groups: belonging.groups(ix).map(named).collect(),
        primary_group: user.primary_group.and_then(|id| observed.group_ix(id)).map(named),
        created: user.created,
    }
}

fn set_by<'a>(user: &'a ObservedUser, view: &View<'_>) -> Vec<SetBy<'a>> {
    let row = |field: model::AdoptableField, value: String, by: &'a model::Integration| SetBy {
        field: field.key(),
        value: view.personal(&value).into_owned(),
        integration: Cow::Borrowed(by.name()),
    };
    let name = user.name_written_by().zip(user.display_name.as_ref());
    let name = name.map(|(by, name)| row(model::AdoptableField::DisplayName, name.to_string(), by));
    let identifiers = user.identifiers().filter_map(|held: Identifier| {
        Some(row(model::AdoptableField::of(&held), held.to_string(), user.written_by(&held)?))
    });
    if user.is_foreign() { name.into_iter().chain(identifiers).collect() } else { Vec::new() }
}

fn agent<'a>(agent: &'a model::Agent, view: &View<'_>) -> Agent<'a> {
    Agent {
        login: view.login(&agent.login),
        alias: agent.alias.as_deref().map(|alias| view.personal(alias)),
        first_log: agent.first_log,
        last_log: agent.last_log,
    }
}

fn group(observed: &Observed, ix: GroupIx) -> Group<'_> {
    let group = observed.group(ix);
    Group {
        record: group.id.0,
        name: Cow::Borrowed(group.name.as_written()),
        source: Cow::Borrowed(source_key(&group.source)),
        members: observed.members(ix).len() as u64,
    }
}
