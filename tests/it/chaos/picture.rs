//! What of an account counts when two are compared? Facts of objects as texts; no revisions, dates, or numbers of what is new.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rollcall::sandbox::docebo::{self, Docebo};
use rollcall::sandbox::seed::{GroupId, User};
use rollcall::sandbox::{Sandbox, Seed};

use super::automatic::content;
use crate::rig::Emulated;

/// The facts of every object.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) objects: BTreeMap<String, BTreeSet<String>>,
    /// The key of each group by its name.
    pub(crate) groups: BTreeMap<String, String>,
    /// The key of each user by its number.
    pub(crate) users: BTreeMap<u64, String>,
    /// The key of each group by its number.
    pub(crate) numbered: BTreeMap<u64, String>,
    /// The group that speaks for each user: the chosen one, or else the first.
    pub(crate) primary: BTreeMap<String, String>,
}

/// An account that pictures are made of.
pub(crate) trait Pictured: Emulated {
    /// An account that grew out of another: what was in that one goes by its number, the rest by what it is.
    fn picture(account: &Self::Seed, origin: &Self::Seed) -> Picture;
}

impl Pictured for Sandbox {
    fn picture(account: &Seed, origin: &Seed) -> Picture {
        Picture::of(account, origin)
    }
}

impl Pictured for Docebo {
    fn picture(account: &docebo::Seed, origin: &docebo::Seed) -> Picture {
        Picture::of_tenant(account, origin)
    }
}

/// The key of all rules.
pub(crate) const RULES: &str = "rules";

impl Picture {
    /// An account that grew out of another: what was in that one goes by its number, the rest by what it is.
    pub(crate) fn of(account: &Seed, origin: &Seed) -> Picture {
        let (mut objects, mut users, mut primary) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let key = |id: GroupId| match account.groups.iter().find(|group| group.id == id) {
            Some(group) if origin.groups.iter().any(|it| it.id == id) => format!("group #{}", group.id),
            Some(group) => format!("group {} ({:?})", group.name, group.source),
            None => format!("no group {id}"),
        };
        for group in &account.groups {
            let mut facts = BTreeSet::from([format!("name={}", group.name)]);
            for computer in account.computers.iter().filter(|it| group.computers.contains(&it.id)) {
                facts.insert(format!("computer={}\\{}", computer.domain, computer.name));
            }
            objects.insert(key(group.id), facts);
        }
        for user in &account.users {
            let known = origin.users.iter().any(|it| it.id == user.id);
            let name = if known { format!("user #{}", user.id) } else { format!("user {}", label(user)) };
            objects.insert(name.clone(), facts(user, &key));
            let speaks = user.primary_group.or(user.groups.iter().copied().min());
            primary.extend(speaks.map(|id| (name.clone(), key(id))));
            users.insert(user.id.0, name);
        }
        let rules = account.exclusions.iter().map(|rule| rule.login.to_string()).collect();
        objects.insert(RULES.to_owned(), rules);
        let groups = account.groups.iter().map(|group| (group.name.clone(), key(group.id))).collect();
        let numbered = account.groups.iter().map(|group| (group.id.0, key(group.id))).collect();
        Picture { objects, groups, users, numbered, primary }
    }

    /// The same of a learning platform: nothing speaks for a user there, and there are no rules that shut anybody out.
    pub(crate) fn of_tenant(tenant: &docebo::Seed, origin: &docebo::Seed) -> Picture {
        let (mut objects, mut users) =
            (BTreeMap::from([(RULES.to_owned(), BTreeSet::new())]), BTreeMap::new());
        let key = |group: &docebo::seed::Group| {
            if origin.groups.iter().any(|it| it.uuid == group.uuid) {
                format!("group {}", group.uuid)
            } else {
                format!("group {} ({:?})", group.name, group.population)
            }
        };
        for group in &tenant.groups {
            // Two new groups of one name are two.
            let mut facts = BTreeSet::from([
                format!("name={}", group.name),
                format!("description={}", group.description),
            ]);
            facts.extend(group.ruleset.as_ref().map(|rules| format!("rules={:?}", content(rules))));
            facts.extend([
                format!("labels={:?}", group.labels),
                format!("passes over who is deactivated={}", group.exclude_deactivated),
            ]);
            let mut name = key(group);
            while objects.contains_key(&name) {
                name.push('\'');
            }
            objects.insert(name, facts);
        }
        for user in &tenant.users {
            let known = origin.users.iter().any(|it| it.id == user.id);
            let name = if known { format!("user #{}", user.id) } else { format!("user {}", user.username) };
            let held = tenant.groups.iter().filter(|group| group.members.contains(&user.id));
            let mut facts: BTreeSet<String> = held.map(|group| format!("in {}", key(group))).collect();
            let computed =
                |group: &&docebo::seed::Group| group.computed.iter().flatten().any(|id| *id == user.id);
            facts.extend(
                tenant.groups.iter().filter(computed).map(|group| format!("by rules in {}", key(group))),
            );
            facts.extend([
                format!("username={}", user.username),
                format!("name={} {}", user.first_name, user.last_name),
                format!("email={}", user.email),
                format!("status={}", if user.active { "active" } else { "deactivated" }),
            ]);
            objects.insert(name.clone(), facts);
            users.insert(user.id.0, name);
        }
        let groups = tenant.groups.iter().map(|group| (group.name.clone(), key(group))).collect();
        let numbered = tenant.groups.iter().map(|group| (number(&group.uuid), key(group))).collect();
        Picture { objects, groups, users, numbered, primary: BTreeMap::new() }
    }

    /// What is in this picture and not in the other, and the other way round.
    pub(crate) fn difference(&self, other: &Picture) -> String {
        let mut text = String::new();
        let keys: BTreeSet<&String> = self.objects.keys().chain(other.objects.keys()).collect();
        for key in keys {
            let empty = BTreeSet::new();
            let (ours, theirs) = (self.objects.get(key), other.objects.get(key));
            if ours == theirs {
                continue;
            }
            let only = |one: Option<&BTreeSet<String>>, two: Option<&BTreeSet<String>>| match one {
                Some(one) => format!("{:?}", one.difference(two.unwrap_or(&empty)).collect::<Vec<_>>()),
                None => "absent".to_owned(),
            };
            let _ = writeln!(text, "  {key}: {} / {}", only(ours, theirs), only(theirs, ours));
        }
        for (user, group) in
            self.primary.iter().filter(|(user, group)| other.primary.get(*user) != Some(group))
        {
            let _ = writeln!(text, "  {user}: primary group {group} / {:?}", other.primary.get(user));
        }
        text
    }

    /// What is on no way from one picture to another: facts that neither has, and facts that both have and this one lacks.
    pub(crate) fn astray(&self, from: &Picture, to: &Picture) -> Vec<String> {
        let empty = BTreeSet::new();
        let keys = [self, from, to].into_iter().flat_map(|it| it.objects.keys()).collect::<BTreeSet<_>>();
        let mut wrong = Vec::new();
        for key in keys {
            let [now, from, to] = [self, from, to].map(|picture| picture.objects.get(key).unwrap_or(&empty));
            let alien = now.iter().filter(|fact| !from.contains(*fact) && !to.contains(*fact));
            wrong.extend(alien.map(|fact| format!("{key} has {fact}")));
            let lost = from.intersection(to).filter(|fact| !now.contains(*fact));
            wrong.extend(lost.map(|fact| format!("{key} lacks {fact}")));
        }
        wrong
    }
}

/// The number that a group goes by in plans: the first 53 bits of its UUID (`docs/compatibility.md`).
fn number(uuid: &docebo::seed::Uuid) -> u64 {
    let digits: String = uuid.0.chars().filter(|it| *it != '-').take(16).collect();
    u64::from_str_radix(&digits, 16).map_or(0, |first| first >> 11)
}

/// What somebody new is called.
fn label(user: &User) -> String {
    let addresses = user.upns.iter().chain(&user.emails).map(|it| it.value.clone());
    let logins = user.device_logins.iter().map(|it| it.value.to_string());
    addresses.chain(logins).next().unwrap_or_default()
}

fn facts(user: &User, key: &impl Fn(GroupId) -> String) -> BTreeSet<String> {
    let mut facts = BTreeSet::from([format!("tracked={}", user.tracked)]);
    facts.extend(user.display_name.iter().map(|it| format!("name={}", it.value)));
    for (field, list) in [("upn", &user.upns), ("email", &user.emails), ("employee ID", &user.employee_ids)] {
        facts.extend(list.iter().map(|it| format!("{field}={}", it.value)));
    }
    facts.extend(user.device_logins.iter().map(|it| format!("device login={}", it.value)));
    facts.extend(user.agents.iter().map(|it| format!("agent={}\\{}", it.domain, it.username)));
    facts.extend(user.deleted_agents.iter().map(|it| format!("erased={}\\{}", it.domain, it.username)));
    facts.extend(user.groups.iter().map(|id| format!("in {}", key(*id))));
    facts
}
