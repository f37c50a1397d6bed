//! How does an account look that holds the declared users, and nothing that is to become of them?

use std::collections::BTreeSet;

use crate::account::service_of;
use crate::cli::product::granted::granted;
use crate::cli::product::tenant;
use crate::model::{self, Desired, DesiredUser, Domain, GroupName, Located, Managed, Service, Tracking};
use crate::sandbox::seed::{
    Account, Agent, AgentId, Computer, ComputerId, Group, GroupId, GroupSource, Login, Sourced, User, UserId,
    Version,
};
use crate::sandbox::{EmulatedSeed, Seed, Settings};

/// The seed of an account with every declared user, and with what manifests take for granted: the groups that they name and don't
/// declare, agents and computers. Groups, their members and exclusions are left for a plan to make.
pub(crate) fn seed(desired: &Desired) -> EmulatedSeed {
    let platform = &desired.account.platform;
    match (service_of(platform), platform.username()) {
        (Service::Docebo, Some(username)) => EmulatedSeed::Docebo(tenant::declared(desired, username)),
        (Service::ActivTrak, _) | (Service::Docebo, None) => EmulatedSeed::ActivTrak(at_activtrak(desired)),
    }
}

fn at_activtrak(desired: &Desired) -> Seed {
    let mut agents = 0;
    let users = (1..).zip(&desired.users).map(|(id, entry)| user(UserId(id), entry, &mut agents));
    let users = users.collect();
    Seed {
        version: Version,
        account: Account {
            id: None,
            name: desired.account.name.value.clone().into(),
            as_of: None,
            settings: Settings::default(),
        },
        users,
        groups: taken_for_granted(desired),
        computers: computers(desired),
        exclusions: Vec::new(),
        audit_log: Vec::new(),
    }
}

fn user(id: UserId, entry: &DesiredUser, agents: &mut u64) -> User {
    let name = entry.display_name.declared();
    let reported = entry.agents.iter().filter_map(|it| agent(&it.value, agents));
    User {
        display_name: name.map(|name| Sourced::admin(name.value.verbatim().to_owned())),
        upns: admin(entry.upns.listed(), model::Upn::verbatim),
        emails: admin(entry.emails.listed(), model::Email::verbatim),
        employee_ids: admin(entry.employee_ids.listed(), model::EmployeeId::verbatim),
        device_logins: entry.device_logins.iter().map(|it| Sourced::admin(login(&it.value))).collect(),
        tracked: !matches!(&entry.tracking, Managed::Set(said) if said.value == Tracking::Untracked),
        agents: reported.collect(),
        ..User::new(id)
    }
}

fn admin<T>(said: &[Located<T>], text: impl Fn(&T) -> &str) -> Vec<Sourced<String>> {
    said.iter().map(|it| Sourced::admin(text(&it.value).to_owned())).collect()
}

/// An agent reports from one domain.
fn agent(login: &model::Login, numbered: &mut u64) -> Option<Agent> {
    let Domain::Named(domain) = &login.domain else { return None };
    *numbered += 1;
    Some(Agent {
        id: AgentId(*numbered),
        username: login.user.verbatim().to_owned(),
        domain: domain.verbatim().to_owned(),
        alias: None,
        first_log: None,
        last_log: None,
        merge_pending: false,
        deleted: None,
    })
}

/// The groups that a plan takes for granted.
fn taken_for_granted(desired: &Desired) -> Vec<Group> {
    let group = |(id, name): (u64, &GroupName)| Group {
        id: GroupId(id),
        name: name.verbatim().to_owned(),
        source: GroupSource::App,
        goal_hours: None,
        computers: Vec::new(),
    };
    (1..).zip(granted(desired)).map(group).collect()
}

/// The computers that groups name: a plan makes none of them.
fn computers(desired: &Desired) -> Vec<Computer> {
    let named = desired.groups.iter().flat_map(|group| group.computers.listed());
    let named: BTreeSet<&model::Login> = named.map(|login| &login.value).collect();
    let computer = |(id, login): (u64, &model::Login)| Computer {
        id: ComputerId(id),
        name: login.user.verbatim().to_owned(),
        domain: match &login.domain {
            Domain::Any => String::new(),
            Domain::Named(domain) => domain.verbatim().to_owned(),
        },
        alias: None,
    };
    (1..).zip(named).map(computer).collect()
}

fn login(said: &model::Login) -> Login {
    let user = said.user.verbatim();
    match &said.domain {
        Domain::Any => Login::any(user),
        Domain::Named(domain) => Login::on(domain.verbatim(), user),
    }
}
