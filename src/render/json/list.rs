//! What does `list.v1` look like? Rows are written one by one as they are asked for: there may be 100,000.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::model::{
    self, AgentIx, Belonging, ComputerId, ComputerIx, GroupIx, Identifier, Login, Observed,
    ObservedExclusion, ObservedUser, UserIx, UserLabel, groups_of_computers,
};
use crate::render::json::harmless::write;
use crate::render::json::lower::source_key;
use crate::render::view::{Detail, Redaction, View};

/// What an account holds of one kind.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall list, version 1")]
pub(super) struct List<
    U = Vec<User<'static>>,
    G = Vec<Group<'static>>,
    C = Vec<Computer<'static>>,
    A = Vec<ListedAgent<'static>>,
    E = Vec<Exclusion>,
> {
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
    /// Of `list computers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) computers: Option<C>,
    /// Of `list agents`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) agents: Option<A>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tracked: Option<bool>,
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
    /// What it says of itself; absent where the account has no place for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Cow<'a, str>>,
    /// How many users are in it.
    pub(super) members: u64,
    /// The users who are in it, of `list groups --members`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) users: Option<Vec<Member<'a>>>,
    /// The computers that are in it, of `list groups --members`: domain and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) computers: Option<Vec<String>>,
}

/// A user who is in a group.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Member<'a> {
    /// The record's number.
    pub(super) record: u64,
    /// The display name; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Cow<'a, str>>,
    /// The identifier that the account shows; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display_id: Option<String>,
}

/// A computer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Computer<'a> {
    /// Its number.
    pub(super) record: u64,
    /// Domain and name.
    pub(super) name: String,
    /// The names of the groups that it is in.
    pub(super) groups: Vec<Cow<'a, str>>,
}

/// An agent, with whose it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ListedAgent<'a> {
    /// Its number.
    pub(super) record: u64,
    /// Username and logon domain; absent of one that was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) login: Option<String>,
    /// The alias; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alias: Option<Cow<'a, str>>,
    /// Its newest data; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(super) last_log: Option<Timestamp>,
    /// Whether its history was deleted.
    pub(super) deleted: bool,
    /// When it was deleted; absent if it was not, or the account does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(super) deleted_at: Option<Timestamp>,
    /// Whose it is.
    pub(super) user: Whose,
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
    pub(super) user: Option<Whose>,
}

/// Whose a rule or an agent is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Whose {
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
    /// Groups with who and what is in them.
    Members(&'a Observed, &'a [GroupIx]),
    /// Computers, by their places.
    Computers(&'a Observed, &'a [ComputerIx]),
    /// Agents, by their places.
    Agents(&'a Observed, &'a [AgentIx]),
    /// Do Not Track rules: global ones, and those of untracked users.
    Exclusions(&'a [ObservedExclusion], Brought<'a>),
    /// A part of the account: some of each.
    Part(&'a Observed, &'a [UserIx], &'a [GroupIx], &'a [ObservedExclusion]),
}

/// How much is listed of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// How many are in it.
    Size,
    /// Who and what is in it.
    Members,
}

impl<'a> Listed<'a> {
    const fn users(self) -> Option<(&'a Observed, &'a [UserIx])> {
        match self {
            Self::Users(observed, users) | Self::Part(observed, users, ..) => Some((observed, users)),
            _ => None,
        }
    }

    const fn groups(self) -> Option<(&'a Observed, &'a [GroupIx], Extent)> {
        match self {
            Self::Groups(observed, groups) | Self::Part(observed, _, groups, _) => {
                Some((observed, groups, Extent::Size))
            }
            Self::Members(observed, groups) => Some((observed, groups, Extent::Members)),
            _ => None,
        }
    }

    const fn computers(self) -> Option<(&'a Observed, &'a [ComputerIx])> {
        match self {
            Self::Computers(observed, computers) => Some((observed, computers)),
            _ => None,
        }
    }

    const fn agents(self) -> Option<(&'a Observed, &'a [AgentIx])> {
        match self {
            Self::Agents(observed, agents) => Some((observed, agents)),
            _ => None,
        }
    }

    const fn exclusions(self) -> Option<(&'a [ObservedExclusion], Brought<'a>)> {
        match self {
            Self::Exclusions(global, of_users) => Some((global, of_users)),
            Self::Part(.., global) => Some((global, &[])),
            _ => None,
        }
    }
}

/// How much a listing holds of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Users.
    pub users: usize,
    /// Groups.
    pub groups: usize,
    /// Exclusions.
    pub exclusions: usize,
}

/// Counts what a file in the format `list.v1` holds; none if it is no such file.
pub fn counted(bytes: &[u8]) -> Option<Counted> {
    let list: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    list.get("version")?;
    let of = |kind: &str| list.get(kind).and_then(serde_json::Value::as_array).map_or(0, Vec::len);
    Some(Counted { users: of("users"), groups: of("groups"), exclusions: of("exclusions") })
}

/// Writes a listing as `list.v1`.
pub fn list(out: &mut dyn io::Write, account: &str, listed: Listed<'_>, view: &View<'_>) -> io::Result<()> {
    let nobody = Observed::default();
    let belonging = &Belonging::of(listed.users().map_or(&nobody, |(observed, _)| observed));
    let users = listed
        .users()
        .map(|(observed, all)| Each(move || all.iter().map(move |ix| user(observed, *ix, belonging, view))));
    let groups = listed.groups().map(|(observed, all, extent)| {
        Each(move || all.iter().map(move |ix| group((observed, *ix), extent, view)))
    });
    let of_computers =
        &listed.computers().map(|(observed, _)| groups_of_computers(observed)).unwrap_or_default();
    let computers = listed.computers().map(|(observed, all)| {
        Each(move || all.iter().map(move |ix| computer((observed, *ix), of_computers, view)))
    });
    let agents = listed
        .agents()
        .map(|(observed, all)| Each(move || all.iter().map(move |ix| listed_agent(observed, *ix, view))));
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
            user: label.record.map(|id| whose(id, label, view)),
        };
        Each(move || global().chain(of_users.iter().map(of_one)))
    });
    let redacted = view.redaction() != Redaction::Off;
    let account = account.to_owned();
    write(out, &List { version: 1, account, redacted, users, groups, computers, agents, exclusions })
}

fn whose(id: model::UserId, label: &UserLabel, view: &View<'_>) -> Whose {
    Whose { record: id.0, name: view.user(label, Detail::Full) }
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
    let is_tracking = observed.reach.hidden(model::Topic::Tracking).is_none();
    User {
        record: user.id.0,
        name: name(user, view),
        display_id: display_id(user, view),
        status: user.status_word(),
        tracked: is_tracking.then_some(user.tracking == model::Tracking::Tracked),
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

fn name<'a>(user: &'a ObservedUser, view: &View<'_>) -> Option<Cow<'a, str>> {
    user.display_name.as_ref().map(|name| match view.redaction() {
        Redaction::Off => Cow::Borrowed(name.as_written()),
        Redaction::Addresses | Redaction::On => Cow::Owned(view.user(&UserLabel::of(user), Detail::Name)),
    })
}

fn display_id(user: &ObservedUser, view: &View<'_>) -> Option<String> {
    user.display_id().map(|id| view.personal(&id).into_owned())
}

fn group<'a>((observed, ix): (&'a Observed, GroupIx), extent: Extent, view: &View<'_>) -> Group<'a> {
    let group = observed.group(ix);
    let is_whole = extent == Extent::Members;
    let member = |ix: UserIx| {
        let user = observed.user(ix);
        Member { record: user.id.0, name: name(user, view), display_id: display_id(user, view) }
    };
    Group {
        record: group.id.0,
        name: Cow::Borrowed(group.name.as_written()),
        source: Cow::Borrowed(source_key(&group.source)),
        description: group.description.as_ref().map(|said| Cow::Borrowed(said.as_written())),
        members: observed.members(ix).len() as u64,
        users: is_whole.then(|| observed.members(ix).map(member).collect()),
        computers: is_whole.then(|| observed.computers_of(ix).map(|it| view.login(&it.login)).collect()),
    }
}

fn computer<'a>(
    (observed, ix): (&'a Observed, ComputerIx),
    groups: &BTreeMap<ComputerId, Vec<GroupIx>>,
    view: &View<'_>,
) -> Computer<'a> {
    let computer = observed.computer(ix);
    let groups = groups.get(&computer.id).into_iter().flatten();
    Computer {
        record: computer.id.0,
        name: view.login(&computer.login),
        groups: groups.map(|ix| Cow::Borrowed(observed.group(*ix).name.as_written())).collect(),
    }
}

fn listed_agent<'a>(observed: &'a Observed, ix: AgentIx, view: &View<'_>) -> ListedAgent<'a> {
    let owner = observed.user(ix.user());
    let user = whose(owner.id, &UserLabel::of(owner), view);
    match ix {
        AgentIx::Live(_, at) => {
            let live = &owner.agents[at];
            ListedAgent {
                record: live.id.0,
                login: Some(view.login(&live.login)),
                alias: live.alias.as_deref().map(|alias| view.personal(alias)),
                last_log: live.last_log,
                deleted: false,
                deleted_at: None,
                user,
            }
        }
        AgentIx::Deleted(_, at) => {
            let gone = &owner.deleted_agents[at];
            ListedAgent {
                record: gone.id.0,
                login: None,
                alias: None,
                last_log: None,
                deleted: true,
                deleted_at: gone.deleted,
                user,
            }
        }
    }
}
