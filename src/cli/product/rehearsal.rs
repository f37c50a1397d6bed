//! How does a reading become the seed of a sandbox, and what does the sandbox then not know?

use std::path::Path;

use jiff::Timestamp;

use crate::cli::process::failure::Failure;
use crate::cli::product::tenant;
use crate::import::{Kind, Unsaid, hidden};
use crate::model::{
    self, Family, GroupSource, Identifier, Observed, ObservedUser, Phrase, Piece, Service, Topic, Tracking,
    UserIx, Writer,
};
use crate::phrase;
use crate::sandbox::seed::{
    Account, Agent, AgentId, Computer, ComputerId, Exclusion, Group, GroupId, Login, RuleId, Sourced, User,
    UserId, Version,
};
use crate::sandbox::{EmulatedSeed, Seed, SeedError, Setting, Settings};

/// Who wrote a value of which the account says no integration.
const ADMIN: &str = "Admin";
/// Who wrote a value that the account made up or detected.
const ACTIVTRAK: &str = "ActivTrak";

/// What no reading shows.
const UNKNOWN: &str = "agents and data that belong to no user, goals, alarms, aliases of computers and the settings of the account: no API shows them";

/// A file that is not written over.
#[derive(Debug, thiserror::Error)]
#[error("{0} is there already: nothing was written")]
struct Taken(String);

/// A reading that no sandbox can hold.
#[derive(Debug, thiserror::Error)]
#[error("no sandbox can hold this account")]
struct Impossible(#[source] SeedError);

/// Refuses a file that is there.
pub(crate) fn refuse_taken(file: &Path) -> Result<(), Failure> {
    if file.exists() { Err(Failure::error(Taken(file.display().to_string()))) } else { Ok(()) }
}

/// Whether a sandbox would start from a seed.
pub(crate) fn can_be(seed: &EmulatedSeed) -> Result<(), Failure> {
    seed.check().map_err(|why| Failure::error(Impossible(why)))
}

/// The seed of an account that is as the reading says, and what of the account is otherwise in it.
pub(crate) fn seed(
    service: Service,
    observed: &Observed,
    (name, id, now): (Box<str>, Option<u64>, Timestamp),
) -> (EmulatedSeed, Vec<Unsaid>) {
    match service {
        Service::ActivTrak => {
            let (seed, unsaid) = at_activtrak(observed, (name, id, now));
            (EmulatedSeed::ActivTrak(seed), unsaid)
        }
        Service::Docebo => {
            let (seed, unsaid) = tenant::seed(observed, (name, now));
            (EmulatedSeed::Docebo(seed), unsaid)
        }
    }
}

fn at_activtrak(
    observed: &Observed,
    (name, id, now): (Box<str>, Option<u64>, Timestamp),
) -> (Seed, Vec<Unsaid>) {
    let belonging = model::Belonging::of(observed);
    let users = (0..).map(UserIx).zip(&observed.users).map(|(ix, record)| {
        let groups = belonging.groups(ix).map(|group| GroupId(observed.group(group).id.0)).collect();
        user(record, groups)
    });
    let computer = |it: &model::Computer| Computer {
        id: ComputerId(it.id.0),
        name: it.login.user.verbatim().to_owned(),
        domain: domain(&it.login).to_owned(),
        alias: None,
    };
    let rule = |it: &model::ObservedExclusion| Exclusion { id: RuleId(it.id.0), login: login(&it.login) };
    let seed = Seed {
        version: Version,
        account: Account { id, name: name.into(), as_of: Some(now), settings: settings(observed) },
        users: users.collect(),
        groups: observed.groups.iter().map(group).collect(),
        computers: observed.computers.iter().map(computer).collect(),
        exclusions: observed.exclusions.iter().map(rule).collect(),
        audit_log: Vec::new(),
    };
    let mut unsaid: Vec<Unsaid> = hidden(observed).collect();
    unsaid.extend(observed.groups.iter().filter_map(strange));
    unsaid.push(Unsaid::new(Kind::Hidden, Phrase::words(UNKNOWN)));
    (seed, unsaid)
}

/// How the account is set up, as far as the reading tells.
fn settings(observed: &Observed) -> Settings {
    let reach = &observed.reach;
    let shows_none = observed.users.iter().all(|user| user.primary_group.is_none());
    let by_scim = reach.users() == Family::Scim;
    let all_groups = reach.hidden(Topic::Groups).is_none();
    let told = [
        (Setting::IdentityClosed, by_scim),
        (Setting::ScimOwnGroups, by_scim && all_groups && reach.hidden(Topic::Members).is_some()),
        (Setting::AdminClosed, !all_groups),
        (Setting::NoPrimaryGroups, shows_none && !observed.memberships.is_empty()),
    ];
    told.into_iter().filter(|(_, is_told)| *is_told).map(|(setting, _)| setting).collect()
}

/// A group of a kind that a sandbox does not have.
fn strange(group: &model::ObservedGroup) -> Option<Unsaid> {
    let GroupSource::Foreign(kind) = &group.source else { return None };
    let what = phrase![Piece::plain(&group.name), " of the type ", Piece::plain(kind)];
    let why = " is a directory group there, as neither can be changed by Rollcall";
    Some(Unsaid::new(Kind::Group, what.then(why)))
}

fn user(record: &ObservedUser, groups: Vec<GroupId>) -> User {
    let by = |held: &Identifier| record.written_by(held).map_or(ADMIN, |by| by.name()).to_owned();
    let sourced = |held: Identifier, text: &str| Sourced::by(&by(&held), text.to_owned());
    let upn = |upn: &model::Upn| sourced(Identifier::Upn(upn.clone()), upn.verbatim());
    let email = |held: &model::ObservedEmail| match held.writer {
        Writer::Account => Sourced::by(ACTIVTRAK, held.email.verbatim().to_owned()),
        Writer::Other => sourced(Identifier::Email(held.email.clone()), held.email.verbatim()),
    };
    let id = |id: &model::EmployeeId| sourced(Identifier::EmployeeId(id.clone()), id.verbatim());
    let device = |held: &model::Login| Sourced::by(&by(&Identifier::DeviceLogin(held.clone())), login(held));
    let chosen = record.primary_group.map(|group| GroupId(group.0));
    let name = |name: &model::DisplayName| {
        let by = record.name_written_by().map_or(ADMIN, |by| by.name());
        Sourced::by(by, name.verbatim().to_owned())
    };
    let made = User::new(UserId(record.id.0));
    User {
        revision: record.revision.0,
        created: record.created.unwrap_or(made.created),
        display_name: record.display_name.as_ref().map(name),
        upns: record.upns.iter().map(upn).collect(),
        emails: record.emails.iter().map(email).collect(),
        employee_ids: record.employee_ids.iter().map(id).collect(),
        device_logins: record.device_logins.iter().map(device).collect(),
        tracked: record.tracking == Tracking::Tracked,
        primary_group: chosen.filter(|group| groups.contains(group)),
        groups,
        agents: record.agents.iter().map(agent).collect(),
        deleted_agents: record.deleted_agents.iter().map(deleted).collect(),
        ..made
    }
}

fn agent(agent: &model::Agent) -> Agent {
    Agent {
        id: AgentId(agent.id.0),
        username: agent.login.user.verbatim().to_owned(),
        domain: domain(&agent.login).to_owned(),
        alias: agent.alias.as_deref().map(str::to_owned),
        first_log: agent.first_log,
        last_log: agent.last_log,
        merge_pending: agent.merge_pending,
        deleted: None,
    }
}

/// No reading says how an agent was called that is gone.
fn deleted(agent: &model::DeletedAgent) -> Agent {
    Agent {
        id: AgentId(agent.id.0),
        username: String::new(),
        domain: String::new(),
        alias: None,
        first_log: None,
        last_log: None,
        merge_pending: false,
        deleted: agent.deleted,
    }
}

fn group(group: &model::ObservedGroup) -> Group {
    Group {
        id: GroupId(group.id.0),
        name: group.name.verbatim().to_owned(),
        source: match &group.source {
            GroupSource::App => crate::sandbox::seed::GroupSource::App,
            GroupSource::Hr => crate::sandbox::seed::GroupSource::Hr,
            GroupSource::Scim => crate::sandbox::seed::GroupSource::Scim,
            GroupSource::Directory | GroupSource::Automatic | GroupSource::Foreign(_) => {
                crate::sandbox::seed::GroupSource::Azure
            }
        },
        goal_hours: None,
        computers: group.computers.iter().flatten().map(|computer| ComputerId(computer.0)).collect(),
    }
}

fn domain(login: &model::Login) -> &str {
    match &login.domain {
        model::Domain::Any => "",
        model::Domain::Named(domain) => domain.verbatim(),
    }
}

fn login(held: &model::Login) -> Login {
    let user = held.user.verbatim();
    match &held.domain {
        model::Domain::Any => Login::any(user),
        model::Domain::Named(domain) => Login::on(domain.verbatim(), user),
    }
}
