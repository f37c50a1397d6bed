//! Which account and which manifests does a seed make? A small account, and changes of every kind that a plan knows.

use std::fmt::Write as _;

use rollcall::sandbox::docebo::{self, Docebo};
use rollcall::sandbox::seed::{
    Account, Agent, AgentId, Computer, ComputerId, Exclusion, Group, GroupId, GroupSource, Login, RuleId,
    Sourced, User, UserId, Version,
};
use rollcall::sandbox::{Chaos, LoggedRequest, Sandbox, Seed, Setting, Settings};

use super::automatic::Automatic;
use crate::dice::Dice;
use crate::rig::{Emulated, Rig};

/// The day of every order: the clock of the runs is two days later.
const DECIDED: &str = "2026-05-02";

/// By which API users are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Identity,
    /// The Identity API is closed: nothing is asked but what SCIM carries, with groups of its own in the place of those of the app.
    Scim,
}

/// What a seed makes.
pub(crate) struct World<S: Emulated = Sandbox> {
    /// The account before.
    pub(crate) before: S::Seed,
    /// What it should be.
    pub(crate) manifests: String,
    rig: MakesRig<S>,
    origin: FindsOrigin<S>,
    law: Box<dyn Law<S::Seed>>,
}

/// Whether anybody but runs changed the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    Nobody,
    Others,
}

/// What must hold of an account by what it was and what was asked for, without asking the program.
pub(crate) trait Law<T>: Send + Sync {
    /// What no run may do, whatever it was ended by.
    fn broken(&self, _: &T, _: &[LoggedRequest], _: Company) -> Vec<String> {
        Vec::new()
    }

    /// What was asked for and is not so in the end.
    fn unmet(&self, _: &T, _: Company) -> Vec<String> {
        Vec::new()
    }
}

/// Nothing but what is compared with a run without faults.
struct Lawless;

impl Law<Seed> for Lawless {}

/// Runs an account, and makes a folder to work on it from.
type MakesRig<S> = fn(&<S as Emulated>::Seed, &str, Option<Chaos>) -> Rig<S>;
/// The account at first, where runs make something in passing.
type FindsOrigin<S> = fn(&<S as Emulated>::Seed) -> Option<&Seed>;

impl World<Docebo> {
    pub(crate) fn learning(before: docebo::Seed, manifests: String, law: Automatic) -> World<Docebo> {
        World { before, manifests, rig: Rig::learning, origin: |_| None, law: Box::new(law) }
    }
}

impl<S: Emulated> World<S> {
    /// An account that grew out of it, and a folder with the manifests.
    pub(crate) fn rig(&self, account: &S::Seed, chaos: Option<Chaos>) -> Rig<S> {
        (self.rig)(account, &self.manifests, chaos)
    }

    /// What runs did that none may do.
    pub(crate) fn broken(&self, rig: &Rig<S>, company: Company) -> Option<String> {
        let broken = self.law.broken(&rig.sandbox.snapshot(), &rig.sandbox.requests(), company);
        (!broken.is_empty()).then(|| format!("no run may do that:\n{}", broken.join("\n")))
    }

    /// What was asked for and is not so in the end.
    pub(crate) fn unmet(&self, rig: &Rig<S>, company: Company) -> Result<(), String> {
        let unmet = self.law.unmet(&rig.sandbox.snapshot(), company);
        if unmet.is_empty() {
            Ok(())
        } else {
            Err(format!("it is not as was asked for:\n{}", unmet.join("\n")))
        }
    }

    /// The account at first, where runs make something in passing.
    pub(crate) fn origin(&self) -> Option<&Seed> {
        (self.origin)(&self.before)
    }
}

/// What the policy of a seed allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bounds {
    /// Everything.
    Loose,
    /// Little of what the seed decides, and nothing about some users and groups.
    Tight,
}

impl World {
    pub(crate) fn of(seed: u64, by: By, bounds: Bounds) -> World {
        let mut dice = Dice::of(seed);
        let mut before = account(&mut dice);
        if by == By::Scim {
            before.account.settings = [Setting::IdentityClosed].into_iter().collect();
            for group in before.groups.iter_mut().filter(|group| group.source == GroupSource::App) {
                group.source = GroupSource::Scim;
                group.computers.clear();
            }
        }
        let wishes = Wishes::of(&before, by, &mut dice);
        let policy = match bounds {
            Bounds::Loose => limits(|| "1000"),
            Bounds::Tight => tight(&mut Dice::of(seed ^ 0x1141_7000), &wishes),
        };
        World {
            before,
            manifests: wishes.text(&policy),
            rig: Rig::new,
            origin: |seed| Some(seed),
            law: Box::new(Lawless),
        }
    }
}

/// What is counted before a plan is let through.
const LIMITS: [&str; 9] = [
    "removeUsers",
    "eraseHistory",
    "untrack",
    "track",
    "renames",
    "identifiers",
    "deleteGroups",
    "leaveGroup",
    "removeExclusions",
];

/// A policy of limits.
pub(crate) fn limits(mut of: impl FnMut() -> &'static str) -> String {
    let limits = LIMITS.map(|limit| format!("    {limit}: {}\n", of()));
    format!("policy:\n  limits:\n{}", limits.concat())
}

/// Limits that most plans break, and protections of users who stay who they are and of groups.
fn tight(dice: &mut Dice, wishes: &Wishes) -> String {
    let mut text = limits(|| ["0", "0", "1", "1000"][dice.below(4)]);
    let is_steady = |wish: &&Wish| !wish.in_a_ring && wish.order.is_none();
    let mut steady: Vec<&String> = wishes
        .users
        .iter()
        .map(|(_, wish)| wish)
        .filter(is_steady)
        .filter_map(|wish| wish.upns.first())
        .collect();
    let users: Vec<&str> =
        (0..dice.below(3)).filter_map(|_| dice.draw(&mut steady)).map(String::as_str).collect();
    let groups = if dice.once_in(3) { "Team 1" } else { "" };
    let _ = writeln!(text, "  protected:\n    users: [{}]\n    groups: [{groups}]", users.join(", "));
    text
}

fn said(value: String) -> Sourced<String> {
    Sourced { value, source: "AdminAPI".into() }
}

pub(crate) fn account(dice: &mut Dice) -> Seed {
    let groups: Vec<Group> = groups(dice);
    let count = 10 + dice.below(24) as u64;
    let users = (1..=count).map(|id| user(dice, id, &groups)).collect();
    let computers = (1..=4).map(|id| Computer {
        id: ComputerId(id),
        name: format!("LAB-{id}"),
        domain: "ACME".into(),
        alias: None,
    });
    let rules = (1..=dice.below(4) as u64)
        .map(|id| Exclusion { id: RuleId(id), login: Login::any(format!("svc-{id}")) });
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
        computers: computers.collect(),
        exclusions: rules.collect(),
        audit_log: Vec::new(),
    }
}

fn groups(dice: &mut Dice) -> Vec<Group> {
    let (app, hr) = (2 + dice.below(4), dice.below(4));
    let sources =
        [(GroupSource::App, app, "Team"), (GroupSource::Hr, hr, "Office"), (GroupSource::Azure, 1, "Staff")];
    let named = sources
        .into_iter()
        .flat_map(|(source, count, name)| (1..=count).map(move |at| (source, format!("{name} {at}"))));
    let group = |(at, (source, name)): (u64, (GroupSource, String))| {
        let computers = match source {
            GroupSource::App => (1..=4).filter(|_| dice.once_in(4)).map(ComputerId).collect(),
            _ => Vec::new(),
        };
        Group { id: GroupId(at), name, source, goal_hours: None, computers }
    };
    (100..).zip(named).map(group).collect()
}

fn user(dice: &mut Dice, id: u64, groups: &[Group]) -> User {
    let mut user = User::new(UserId(id));
    user.revision = 1 + dice.below(5) as u64;
    user.display_name = Some(said(format!("Person {id}")));
    user.upns = vec![said(format!("p{id}@acme.example"))];
    user.emails = (0..dice.below(3)).map(|at| said(format!("p{id}.{at}@mail.example"))).collect();
    user.employee_ids = if dice.once_in(5) { Vec::new() } else { vec![said(format!("E{id:04}"))] };
    if dice.once_in(3) {
        user.device_logins =
            vec![Sourced { value: Login::on("ACME", format!("login{id}")), source: "AdminAPI".into() }];
    }
    user.tracked = !dice.once_in(6);
    user.groups = groups.iter().filter(|_| dice.once_in(3)).map(|group| group.id).collect();
    user.agents = (0..dice.below(3) as u64)
        .map(|at| Agent {
            id: AgentId(id * 10 + at),
            username: format!("ws{id}x{at}"),
            domain: "ACME".into(),
            alias: None,
            first_log: "2024-01-05T10:00:00Z".parse().ok(),
            last_log: "2026-05-01T10:00:00Z".parse().ok(),
            merge_pending: false,
            deleted: None,
        })
        .collect();
    user
}

/// What is asked of a user: the keys of an entry.
#[derive(Default)]
struct Wish {
    name: Option<String>,
    upns: Vec<String>,
    emails: Option<Vec<String>>,
    employee_id: Option<String>,
    logins: Vec<String>,
    tracking: Option<&'static str>,
    groups: Vec<String>,
    primary: Option<String>,
    agents: Vec<String>,
    order: Option<String>,
    /// Whether a value of it comes from somebody else; nothing else of it changes.
    in_a_ring: bool,
}

struct Wishes {
    by: By,
    users: Vec<(UserId, Wish)>,
    created: Vec<Wish>,
    groups: Vec<String>,
    exclusions: Vec<String>,
}

impl Wish {
    /// What a user is already.
    fn of(user: &User) -> Wish {
        let texts = |list: &[Sourced<String>]| list.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
        Wish {
            name: user.display_name.as_ref().map(|it| it.value.clone()),
            upns: texts(&user.upns),
            emails: Some(texts(&user.emails)),
            employee_id: texts(&user.employee_ids).pop(),
            ..Wish::default()
        }
    }

    fn is_removed(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.starts_with("remove"))
    }
}

impl Wishes {
    fn of(before: &Seed, by: By, dice: &mut Dice) -> Wishes {
        let users: Vec<(UserId, Wish)> =
            before.users.iter().filter(|_| !dice.once_in(5)).map(|user| (user.id, Wish::of(user))).collect();
        let created: Vec<Wish> = (1..=dice.below(4)).map(created).collect();
        let mut wishes = Wishes { by, users, created, groups: Vec::new(), exclusions: Vec::new() };
        wishes.change_hands(dice);
        wishes.alone(before, dice);
        wishes.groups(before, dice);
        if by == By::Identity {
            wishes.exclusions(before, dice);
        }
        wishes
    }

    /// Values go round between two or three users, and nobody is in two rings. Everybody keeps their employee ID: a person of whom
    /// nothing stays is another one.
    fn change_hands(&mut self, dice: &mut Dice) {
        let firm =
            |wish: &Wish| wish.employee_id.is_some() && wish.emails.as_ref().is_some_and(|it| !it.is_empty());
        let mut free: Vec<usize> = (0..self.users.len()).filter(|at| firm(&self.users[*at].1)).collect();
        for what in 0..3 {
            if dice.once_in(2) {
                continue;
            }
            let ring: Vec<usize> = (0..2 + dice.below(2)).filter_map(|_| dice.draw(&mut free)).collect();
            for pair in ring.windows(2).rev() {
                let (one, other) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
                let (head, tail) = self.users.split_at_mut(other);
                let (one, other) = (&mut head[one].1, &mut tail[0].1);
                (one.in_a_ring, other.in_a_ring) = (true, true);
                match what {
                    0 => std::mem::swap(&mut one.emails, &mut other.emails),
                    1 => std::mem::swap(&mut one.upns, &mut other.upns),
                    _ => std::mem::swap(&mut one.name, &mut other.name),
                }
            }
        }
    }

    /// What concerns one user.
    fn alone(&mut self, before: &Seed, dice: &mut Dice) {
        for at in 0..self.users.len() {
            let (id, wish) = &mut self.users[at];
            let Some(user) = before.users.iter().find(|user| user.id == *id) else { continue };
            let kind = dice.below(20);
            if self.by == By::Scim && matches!(kind, 4 | 7..=10 | 12) {
                continue;
            }
            if wish.in_a_ring && kind < 12 && !matches!(kind, 4..9) {
                continue;
            }
            match kind {
                0 => wish.emails.get_or_insert_default().push(format!("new{id}@mail.example")),
                1 if wish.employee_id.is_some() => drop(wish.emails.get_or_insert_default().pop()),
                2 => wish.name = Some(format!("Renamed {id}")),
                3 if !user.emails.is_empty() => wish.employee_id = Some(format!("N{:04}", id.0)),
                4 => wish.logins.push(format!("ACME\\extra{id}")),
                5 | 6 => wish.tracking = Some(if user.tracked { "untracked" } else { "tracked" }),
                7 | 8 => {
                    let named = |id: &GroupId| before.groups.iter().find(|group| group.id == *id);
                    let group = user.groups.last().and_then(named);
                    wish.primary =
                        group.filter(|it| it.source == GroupSource::Azure).map(|it| it.name.clone());
                }
                9 => {
                    let unblock = if dice.once_in(2) { ", unblock: true" } else { "" };
                    wish.order = Some(format!("remove: {{ decided: {DECIDED}{unblock} }}"));
                }
                10 => wish.order = Some(format!("erase: {{ decided: {DECIDED} }}")),
                11 => wish.upns.push(format!("second{id}@acme.example")),
                12 => {
                    let other = &before.users[dice.below(before.users.len())];
                    let agent = other.agents.iter().find(|_| other.id != user.id);
                    wish.agents.extend(agent.map(|it| format!("{}\\{}", it.domain, it.username)));
                }
                _ => {}
            }
        }
        // Somebody who goes away is not asked to be anything else, and hands no agent over.
        let going: Vec<UserId> =
            self.users.iter().filter(|(_, wish)| wish.order.is_some()).map(|(id, _)| *id).collect();
        let held = |agent: &String| {
            let is = |it: &Agent| format!("{}\\{}", it.domain, it.username) == *agent;
            before.users.iter().any(|user| going.contains(&user.id) && user.agents.iter().any(is))
        };
        let mut taken: Vec<String> = Vec::new();
        for (_, wish) in &mut self.users {
            wish.agents.retain(|agent| !held(agent) && !taken.contains(agent));
            taken.extend(wish.agents.iter().cloned());
        }
    }

    fn groups(&mut self, before: &Seed, dice: &mut Dice) {
        let gone = |id: &UserId| self.users.iter().any(|(user, wish)| user == id && wish.is_removed());
        let reference = |id: &UserId| match self.users.iter().find(|(user, _)| user == id) {
            Some((_, wish)) => wish.upns.first().cloned(),
            None => Some(format!("p{id}@acme.example")),
        };
        let anybody: Vec<UserId> = before.users.iter().map(|user| user.id).filter(|id| !gone(id)).collect();
        let mut texts = Vec::new();
        for group in &before.groups {
            let members: Vec<UserId> = before
                .users
                .iter()
                .filter(|user| user.groups.contains(&group.id) && !gone(&user.id))
                .map(|user| user.id)
                .collect();
            let source = match group.source {
                GroupSource::App => "",
                GroupSource::Hr => "    source: hr\n",
                GroupSource::Scim => "    source: scim\n",
                _ => continue,
            };
            let is_hr = group.source == GroupSource::Hr;
            let declared = match dice.below(8) {
                0 | 1 => continue,
                2 if group.source != GroupSource::Scim => {
                    texts.push(format!("  - name: {}\n{source}    state: deleted\n", group.name));
                    continue;
                }
                3 if !is_hr => format!("{} West\n    formerly: [{}]", group.name, group.name),
                _ => group.name.clone(),
            };
            let mut members: Vec<UserId> = members.into_iter().filter(|_| !dice.once_in(6)).collect();
            let joining: Vec<UserId> =
                anybody.iter().filter(|id| !members.contains(id) && dice.once_in(8)).copied().collect();
            members.extend(joining);
            let mut references: Vec<String> = members.iter().filter_map(reference).collect();
            references.extend(self.created.iter().filter(|_| dice.once_in(3)).map(|it| it.upns[0].clone()));
            let mut text =
                format!("  - name: {declared}\n{source}    members: [{}]\n", references.join(", "));
            if source.is_empty() && dice.once_in(2) {
                let computers: Vec<String> =
                    (1..=4).filter(|_| dice.once_in(3)).map(|at| format!("'ACME\\LAB-{at}'")).collect();
                let _ = writeln!(text, "    computers: [{}]", computers.join(", "));
            }
            // An HR group that everybody leaves is a group that is deleted, and has to be said so.
            if !is_hr || !references.is_empty() {
                texts.push(text);
            }
        }
        let anybody: Vec<String> = anybody.iter().filter_map(reference).collect();
        let made_by = if self.by == By::Scim { "    source: scim\n" } else { "" };
        texts.extend((0..dice.below(3)).filter_map(|at| new_group(dice, at, made_by, &anybody)));
        self.groups = texts;
    }

    fn exclusions(&mut self, before: &Seed, dice: &mut Dice) {
        for rule in &before.exclusions {
            match dice.below(3) {
                0 => self.exclusions.push(format!("  - {{ login: '{}', state: absent }}\n", rule.login)),
                1 => self.exclusions.push(format!("  - '{}'\n", rule.login)),
                _ => {}
            }
        }
        for at in 0..dice.below(3) {
            self.exclusions.push(format!("  - 'ACME\\kiosk-{at}'\n"));
        }
    }

    fn text(&self, policy: &str) -> String {
        let mut text = format!(
            "account:\n  name: acme\n  platform: activtrak\n  region: us\n  allow: [agentMoves]\n{policy}"
        );
        let entries: Vec<&Wish> = self.users.iter().map(|(_, wish)| wish).chain(&self.created).collect();
        list(&mut text, "users", entries.into_iter().map(entry));
        list(&mut text, "groups", self.groups.iter().cloned());
        list(&mut text, "exclusions", self.exclusions.iter().cloned());
        text
    }
}

/// A group that is not there yet, if anybody joins it.
fn new_group(dice: &mut Dice, at: usize, made_by: &str, anybody: &[String]) -> Option<String> {
    let (source, name) =
        if dice.once_in(3) { ("    source: hr\n", "New office") } else { (made_by, "New team") };
    let joining: Vec<&str> = anybody.iter().filter(|_| dice.once_in(5)).map(String::as_str).collect();
    let text = || format!("  - name: {name} {at}\n{source}    members: [{}]\n", joining.join(", "));
    (!joining.is_empty()).then(text)
}

/// A user nobody knows yet.
fn created(at: usize) -> Wish {
    Wish {
        name: Some(format!("Newcomer {at}")),
        upns: vec![format!("newcomer{at}@acme.example")],
        emails: Some(vec![format!("newcomer{at}@mail.example")]),
        employee_id: Some(format!("X{at:04}")),
        tracking: at.is_multiple_of(2).then_some("untracked"),
        ..Wish::default()
    }
}

fn list(text: &mut String, key: &str, entries: impl Iterator<Item = String>) {
    let entries: Vec<String> = entries.collect();
    if !entries.is_empty() {
        let _ = write!(text, "{key}:\n{}", entries.concat());
    }
}

fn entry(wish: &Wish) -> String {
    let mut keys = Vec::new();
    let quoted = |values: &[String]| {
        let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
        format!("[{}]", values.join(", "))
    };
    if wish.order.is_none() {
        keys.extend(wish.name.as_ref().map(|name| format!("displayName: {name}")));
    }
    keys.push(format!("upn: {}", quoted(&wish.upns)));
    if let Some(emails) = wish.emails.as_ref().filter(|_| wish.order.is_none()) {
        keys.push(format!("email: {}", quoted(emails)));
    }
    keys.extend(wish.employee_id.as_ref().map(|id| format!("employeeId: {id}")));
    for (key, values) in [("deviceLogin", &wish.logins), ("agents", &wish.agents), ("groups", &wish.groups)] {
        if !values.is_empty() {
            keys.push(format!("{key}: {}", quoted(values)));
        }
    }
    keys.extend(wish.tracking.map(|tracking| format!("tracking: {tracking}")));
    keys.extend(wish.primary.as_ref().map(|group| format!("primaryGroup: {group}")));
    keys.extend(wish.order.clone());
    format!("  - {}\n", keys.join("\n    "))
}
