//! How is a company written down? As manifests, and as the account before.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rollcall::sandbox::seed::{
    Account, Agent, AgentId, Exclusion, Group, GroupId, GroupSource, RuleId, Sourced, User, UserId, Version,
};
use rollcall::sandbox::{Seed, Settings};

use super::company::{Asks, Company, STEADY, Story, TeamStory};
use super::model;
use super::state::Person;

/// The day of every order; the clock of the runs is two days later.
const DECIDED: &str = "2026-05-02";

/// The account before.
pub(crate) fn account(company: &Company) -> Seed {
    let before = &company.before;
    let group = |(at, (name, team)): (u64, (&String, &super::state::Team))| Group {
        id: GroupId(at),
        name: name.clone(),
        source: if team.is_hr { GroupSource::Hr } else { GroupSource::App },
        goal_hours: None,
        computers: Vec::new(),
    };
    let groups: Vec<Group> = (100..).zip(&before.teams).map(group).collect();
    let mut users: Vec<User> = before.people.iter().map(|(key, person)| user(key, person)).collect();
    for agent in users.iter_mut().flat_map(|user| &mut user.agents) {
        agent.merge_pending = company.merging.contains(&format!("{}\\{}", agent.domain, agent.username));
    }
    for user in &mut users {
        let key = format!("#{}", user.id);
        let is_in = |group: &&Group| before.teams[&group.name].members.contains(&key);
        user.groups = groups.iter().filter(is_in).map(|group| group.id).collect();
    }
    users.sort_by_key(|user| user.id);
    let rules = (1..).zip(&before.rules);
    Seed {
        version: Version,
        account: Account {
            id: Some(123_456),
            name: "acme".into(),
            as_of: None,
            settings: Settings::default(),
        },
        users,
        groups,
        computers: Vec::new(),
        exclusions: rules
            .map(|(id, rule)| Exclusion { id: RuleId(id), login: rule.parse().unwrap() })
            .collect(),
        audit_log: Vec::new(),
    }
}

fn user(key: &str, person: &Person) -> User {
    let said = |value: &String| Sourced { value: value.clone(), source: "AdminAPI".into() };
    let number: u64 = key.trim_start_matches('#').parse().unwrap();
    let mut user = User::new(UserId(number));
    user.display_name = Some(said(&person.name));
    user.upns = person.upns.iter().map(said).collect();
    user.emails = person.emails.iter().map(said).collect();
    user.employee_ids = person.employee_ids.iter().map(said).collect();
    let login = |it: &String| Sourced { value: it.parse().unwrap(), source: "AdminAPI".into() };
    user.device_logins = person.logins.iter().map(login).collect();
    user.tracked = person.tracked;
    let agent = |(at, name): (u64, &String)| {
        let (domain, username) = name.split_once('\\').unwrap();
        Agent {
            id: AgentId(number * 10 + at),
            username: username.into(),
            domain: domain.into(),
            alias: None,
            first_log: "2024-01-05T10:00:00Z".parse().ok(),
            last_log: "2026-05-01T10:00:00Z".parse().ok(),
            merge_pending: false,
            deleted: None,
        }
    };
    user.agents = (0..).zip(&person.agents).map(agent).collect();
    user
}

/// The manifests.
pub(crate) fn manifests(company: &Company) -> String {
    let mut users = Vec::new();
    let floor = |key: &str, entry: String| match (company.floor.contains(key), entry.strip_suffix(" }")) {
        (true, Some(open)) => format!("{open}, attributes: {{ floor: two }} }}"),
        _ => entry,
    };
    for (key, story) in &company.stories {
        let entries = entries(&company.before.people[key], story, company);
        users.extend(entries.into_iter().map(|entry| floor(key, entry)));
    }
    users.push(floor(STEADY, format!("{{ employeeId: {} }}", id(&company.before.people[STEADY]))));
    users.extend(company.newcomers.iter().map(|(key, person)| floor(key, newcomer(person))));
    let mut text = policy(company);
    list(&mut text, "users", &users);
    let groups: Vec<String> = company.teams.iter().map(|(name, story)| group(company, name, story)).collect();
    list(&mut text, "groups", &groups);
    let stopped = company.stories.iter().filter(|(_, story)| matches!(story, Story::Stopped));
    let stopping = stopped.map(|(key, _)| model::stopping(&company.before.people[key]));
    let mut rules: Vec<String> =
        company.rules_to_come.iter().cloned().chain(stopping).map(|rule| format!("'{rule}'")).collect();
    rules.extend(company.rules_to_go.iter().map(|rule| format!("{{ login: '{rule}', state: absent }}")));
    list(&mut text, "exclusions", &rules);
    if let Some(export) = &company.export {
        let shrink = if export.shrinks { 0 } else { 1000 };
        let _ = writeln!(
            text,
            "hr:\n  sources:\n    - name: nightly\n      csv: {FILE}\n      user: Badge\n      fields: {{ employeeId: Badge }}\n      \
             groups: [{{ column: Site }}]\n      where: {{ Status: active }}\n      \
             expect: {{ shrink: {{ percent: 0, atLeast: {shrink} }} }}"
        );
    }
    text
}

/// What the export is called.
pub(crate) const FILE: &str = "people.csv";

/// The export.
pub(crate) fn export(company: &Company) -> Option<String> {
    let export = company.export.as_ref()?;
    let mut text = "Badge,Site,Status\n".to_owned();
    let mut row = |badge: &str, site: &str, status: &str| {
        let _ = writeln!(text, "{badge},{site},{status}");
    };
    for (key, site) in &export.rows {
        row(&reference(company, key), site, "active");
    }
    for (key, site) in &export.gone {
        row(&reference(company, key), site, "gone");
    }
    if let Some(stranger) = &export.stranger {
        row(stranger, "Site 1", "active");
    }
    Some(text)
}

fn policy(company: &Company) -> String {
    let policy = &company.policy;
    let mut text = String::from(
        "account:\n  name: acme\n  platform: activtrak\n  region: us\n  allow: [agentMoves]\npolicy:\n  limits:\n    \
         track: 1000\n    deleteGroups: 1000\n    leaveGroup: 1000\n    \
         removeExclusions: 1000\n",
    );
    let keys = [
        (Asks::Untracking, &["untrack"][..]),
        (Asks::Renames, &["renames"]),
        (Asks::Identifiers, &["identifiers"]),
        (Asks::Orders, &["removeUsers", "eraseHistory"]),
    ];
    for (asks, keys) in keys {
        for key in keys {
            let _ = writeln!(text, "    {key}: {}", if policy.asks.contains(&asks) { 0 } else { 1000 });
        }
    }
    if let Some(key) = &policy.protected {
        let _ = writeln!(text, "  protected:\n    users: [{}]", reference(company, key));
    }
    text
}

/// What the rest of the manifests names somebody by: the employee ID that they have in the end.
fn reference(company: &Company, key: &str) -> String {
    match company.stories.get(key) {
        Some(Story::EmployeeId(new) | Story::Sole(new)) => new.clone(),
        _ => company.before.people.get(key).map_or(key.to_owned(), |person| id(person).to_owned()),
    }
}

/// What a person's entry names them by.
fn id(person: &Person) -> &str {
    person.employee_ids.first().or(person.upns.first()).unwrap()
}

fn list(text: &mut String, key: &str, entries: &[String]) {
    if !entries.is_empty() {
        let _ = writeln!(text, "{key}:");
        for entry in entries {
            let _ = writeln!(text, "  - {entry}");
        }
    }
}

fn quoted<'a>(values: impl IntoIterator<Item = &'a String>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| format!("'{value}'")).collect();
    format!("[{}]", values.join(", "))
}

/// The entries that tell a story.
fn entries(person: &Person, story: &Story, company: &Company) -> Vec<String> {
    let entry = |more: String| format!("{{ employeeId: {}, {more} }}", id(person));
    let all = || {
        let (upns, emails, logins) = (quoted(&person.upns), quoted(&person.emails), quoted(&person.logins));
        format!("upn: {upns}, email: {emails}, deviceLogin: {logins}")
    };
    vec![match story {
        Story::Stays | Story::Stopped => entry(format!("displayName: {}", person.name)),
        Story::Renamed(name) => entry(format!("displayName: {name}")),
        Story::Marries { name, email } => {
            let emails: BTreeSet<String> = person.emails.iter().cloned().chain([email.clone()]).collect();
            entry(format!("displayName: {name}, email: {}", quoted(&emails)))
        }
        Story::Reborn { name, address } => {
            format!("{{ displayName: {name}, upn: {address}, email: {address}, formerly: [{}] }}", id(person))
        }
        Story::Upns(upns) => entry(format!("displayName: {}, upn: {}", person.name, quoted(upns))),
        Story::Emails(emails) => entry(format!("displayName: {}, email: {}", person.name, quoted(emails))),
        Story::EmployeeId(new) => {
            format!(
                "{{ displayName: {}, upn: {}, email: {}, employeeId: {new} }}",
                person.name,
                quoted(&person.upns),
                quoted(&person.emails)
            )
        }
        Story::Sole(upn) => {
            format!(
                "{{ displayName: {}, matchName: true, upn: {upn}, releases: [{}] }}",
                person.name,
                id(person)
            )
        }
        Story::Login(login) => entry(format!("deviceLogin: ['{login}']")),
        Story::Tracked(tracked) => {
            entry(format!("tracking: {}", if *tracked { "tracked" } else { "untracked" }))
        }
        Story::TakesAgent(agent) => entry(format!("agents: ['{agent}']")),
        Story::Releases(email) => {
            let left: Vec<&String> = person.emails.iter().filter(|it| *it != email).collect();
            entry(format!("email: {}, releases: [{email}]", quoted(left)))
        }
        Story::Leaves { unblocked } => {
            let unblock = if *unblocked { ", unblock: true" } else { "" };
            entry(format!("{}, remove: {{ decided: {DECIDED}{unblock} }}", all()))
        }
        Story::HistoryGoes => entry(format!("erase: {{ decided: {DECIDED} }}")),
        Story::TakenOver { by, name, email } => {
            format!("{{ displayName: {name}, employeeId: {by}, email: {email} }}")
        }
        Story::LeavesUnderAnotherId(other) => format!(
            "{{ upn: {}, employeeId: {other}, remove: {{ decided: {DECIDED} }} }}",
            quoted(&person.upns)
        ),
        Story::NamedAs(other) => entry(format!("displayName: {}", company.before.people[other].name)),
        Story::LeavesSomeDay => entry("remove: { decided: 2026-06-02 }".to_owned()),
    }]
}

fn newcomer(person: &Person) -> String {
    let tracking = if person.tracked { "tracked" } else { "untracked" };
    let mut text = format!("{{ displayName: {}, employeeId: {}", person.name, id(person));
    for (key, values) in [("upn", &person.upns), ("email", &person.emails)] {
        if !values.is_empty() {
            let _ = write!(text, ", {key}: {}", quoted(values));
        }
    }
    format!("{text}, tracking: {tracking} }}")
}

fn group(company: &Company, name: &str, story: &TeamStory) -> String {
    let old = company.before.teams.get(name);
    let is_hr = |new: bool| if new || old.is_some_and(|team| team.is_hr) { ", source: hr" } else { "" };
    let members = |keys: &BTreeSet<String>| {
        keys.iter().map(|key| reference(company, key)).collect::<Vec<String>>().join(", ")
    };
    let source = is_hr(false);
    match story {
        TeamStory::Members(keys) => format!("{{ name: {name}{source}, members: [{}] }}", members(keys)),
        TeamStory::Joined(keys) => {
            format!("{{ name: {name}{source}, membership: additive, members: [{}] }}", members(keys))
        }
        TeamStory::Renamed(new) => format!("{{ name: {new}, formerly: [{name}] }}"),
        TeamStory::Deleted => format!("{{ name: {name}{source}, state: deleted }}"),
        TeamStory::New { is_hr: new, members: keys } => {
            format!("{{ name: {name}{}, members: [{}] }}", is_hr(*new), members(keys))
        }
        TeamStory::OfFloor => format!("{{ name: {name}{source}, match: {{ floor: two }} }}"),
        TeamStory::Called(start) => {
            format!("{{ name: {name}{source}, match: {{ displayName: {{ prefix: '{start}' }} }} }}")
        }
        TeamStory::Unknown(member) => format!("{{ name: {name}{source}, members: [E0001, {member}] }}"),
        TeamStory::Emptied => format!("{{ name: {name}{source}, members: [] }}"),
    }
}
