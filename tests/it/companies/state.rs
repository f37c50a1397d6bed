//! What of an account is compared? People, teams and rules, by plain names.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::sandbox::Seed;
use rollcall::sandbox::seed::{GroupSource, Sourced};

/// One user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) upns: BTreeSet<String>,
    pub(crate) emails: BTreeSet<String>,
    pub(crate) employee_ids: BTreeSet<String>,
    pub(crate) logins: BTreeSet<String>,
    pub(crate) tracked: bool,
    pub(crate) agents: BTreeSet<String>,
    /// The agents whose history was erased.
    pub(crate) erased: BTreeSet<String>,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Team {
    pub(crate) is_hr: bool,
    pub(crate) members: BTreeSet<String>,
}

/// An account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// By `#` and the number of the record, or by the employee ID of whoever came later.
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) teams: BTreeMap<String, Team>,
    /// The rules that belong to nobody. A rule on a whole address stands for the one on its name: an account makes either.
    pub(crate) rules: BTreeSet<String>,
}

impl State {
    /// What an account is that had so many users at first.
    pub(crate) fn of(account: &Seed, first: u64) -> State {
        let mut state = State::default();
        for group in &account.groups {
            let team = Team { is_hr: group.source == GroupSource::Hr, members: BTreeSet::new() };
            state.teams.insert(group.name.clone(), team);
        }
        for user in &account.users {
            let texts = |list: &[Sourced<String>]| list.iter().map(|it| it.value.clone()).collect();
            let agents = |list: &[rollcall::sandbox::seed::Agent]| {
                list.iter().map(|it| format!("{}\\{}", it.domain, it.username)).collect()
            };
            let person = Person {
                name: user.display_name.as_ref().map(|it| it.value.clone()).unwrap_or_default(),
                upns: texts(&user.upns),
                emails: texts(&user.emails),
                employee_ids: texts(&user.employee_ids),
                logins: user.device_logins.iter().map(|it| it.value.to_string()).collect(),
                tracked: user.tracked,
                agents: agents(&user.agents),
                erased: agents(&user.deleted_agents),
            };
            let later =
                || person.employee_ids.first().cloned().unwrap_or_else(|| format!("nobody {}", user.id));
            let key = if user.id.0 <= first { format!("#{}", user.id) } else { later() };
            for group in account.groups.iter().filter(|group| user.groups.contains(&group.id)) {
                state.teams.get_mut(&group.name).unwrap().members.insert(key.clone());
            }
            state.people.insert(key, person);
        }
        state.rules = account.exclusions.iter().map(|rule| by_name(&rule.login.to_string())).collect();
        state
    }

    /// What differs, one line each: here and there.
    pub(crate) fn difference(&self, other: &State) -> String {
        let mut lines = different("person", &self.people, &other.people);
        lines.extend(different("team", &self.teams, &other.teams));
        if self.rules != other.rules {
            lines.push(format!("rules:\n  here  {:?}\n  there {:?}", self.rules, other.rules));
        }
        lines.join("\n")
    }
}

/// The rule on the name in an address.
fn by_name(login: &str) -> String {
    login.split_once('@').map_or(login, |(name, _)| name).to_owned()
}

fn different<T: PartialEq + std::fmt::Debug>(
    what: &str,
    here: &BTreeMap<String, T>,
    there: &BTreeMap<String, T>,
) -> Vec<String> {
    let keys: BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    let differing = keys.into_iter().filter(|key| here.get(*key) != there.get(*key));
    differing
        .map(|key| format!("{what} {key}:\n  here  {:?}\n  there {:?}", here.get(key), there.get(key)))
        .collect()
}
