//! Is this still the record that an order was reviewed about? What it looked like is carried to the write and compared there.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::dates::utc_day;
use crate::model::id::AgentId;
use crate::model::identifier::{Identifier, Login};
use crate::model::name::DisplayName;
use crate::model::record::{Agent, ObservedUser};

/// What a record looks like right before it loses what can't be put back.
///
/// What agents reported meanwhile is not in it: a tracked user works on while a plan is reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// Its display name.
    name: Option<DisplayName>,
    /// Every identifier, sorted.
    identifiers: Vec<Identifier>,
    /// Its agents with the oldest data of each, by their numbers.
    agents: BTreeMap<AgentId, (Login, Option<Timestamp>)>,
}

impl Portrait {
    /// How many agents it has.
    pub fn agents(&self) -> usize {
        self.agents.len()
    }

    /// The portrait of a record that will have this name and hold these identifiers when its time comes.
    pub fn new(record: &ObservedUser, name: Option<DisplayName>, mut identifiers: Vec<Identifier>) -> Self {
        identifiers.sort_unstable();
        let agents = record.agents.iter().map(|agent| (agent.id, (agent.login.clone(), agent.first_log)));
        Self { name, identifiers, agents: agents.collect() }
    }

    /// The identifiers, sorted.
    pub fn identifiers(&self) -> &[Identifier] {
        &self.identifiers
    }

    /// What of a record is not as it was reviewed: another identifier, an agent that came to it, data that is older.
    ///
    /// Agents that went are no difference: less is lost, and an order that was cut off may have done that itself.
    pub fn drift(&self, record: &ObservedUser) -> Option<String> {
        let mut held: Vec<Identifier> = record.identifiers().collect();
        held.sort_unstable();
        if let Some(new) = held.iter().find(|held| !self.identifiers.contains(held)) {
            return Some(format!("it also holds {new}"));
        }
        if let Some(gone) = self.identifiers.iter().find(|wanted| !held.contains(wanted)) {
            return Some(format!("it no longer holds {gone}"));
        }
        if self.name.as_ref().map(DisplayName::as_written)
            != record.display_name.as_ref().map(DisplayName::as_written)
        {
            return Some(match &record.display_name {
                Some(name) => format!("it is called {name} now"),
                None => "it has no name any more".to_owned(),
            });
        }
        record.agents.iter().find_map(|agent| self.drift_of(agent))
    }

    /// What of an agent is not as it was reviewed.
    fn drift_of(&self, agent: &Agent) -> Option<String> {
        let Some((login, known)) = self.agents.get(&agent.id) else {
            return Some(format!("the agent {} came to it", agent.login));
        };
        if *login != agent.login {
            return Some(format!("its agent {login} is {} now", agent.login));
        }
        let (known, oldest) = (*known, agent.first_log);
        let older = known.is_some_and(|known| oldest.is_none_or(|oldest| oldest < known));
        older.then(|| match oldest {
            Some(oldest) => format!("its agent {login} has data since {}", utc_day(oldest)),
            None => format!("how old the data of its agent {login} is, the account does not say any more"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Portrait;
    use crate::model::{Agent, AgentId, DisplayName, EmployeeId, Identifier, Login, ObservedUser, UserId};

    fn agent(id: u64, first: &str) -> Agent {
        let log = first.parse().ok();
        Agent {
            id: AgentId(id),
            login: Login::observed(Some("ACME"), "bob"),
            alias: None,
            first_log: log,
            last_log: log,
            merge_pending: false,
        }
    }

    fn bob(ids: &[&str], agents: Vec<Agent>) -> ObservedUser {
        let employee_ids = ids.iter().map(|id| EmployeeId::observed(id)).collect();
        ObservedUser { employee_ids, agents, ..ObservedUser::new(UserId(1)) }
    }

    #[test]
    fn a_record_is_the_reviewed_one_unless_it_gained_something_or_changed_identity() {
        const FIRST: &str = "2024-01-01T00:00:00Z";
        let reviewed = bob(&["E1", "E2"], vec![agent(7, FIRST)]);
        let portrait = Portrait::new(&reviewed, None, reviewed.identifiers().collect());
        assert_eq!(
            portrait.identifiers(),
            [
                Identifier::EmployeeId(EmployeeId::observed("E1")),
                Identifier::EmployeeId(EmployeeId::observed("E2"))
            ]
        );
        let drift = |ids: &[&str], agents| portrait.drift(&bob(ids, agents)).unwrap_or_default();
        assert_eq!(drift(&["E2", "E1"], vec![agent(7, "2024-02-01T00:00:00Z")]), "");
        assert_eq!(drift(&["E1", "E2"], Vec::new()), "", "what it lost is no reason");
        assert_eq!(drift(&["E1", "E2", "E3"], Vec::new()), "it also holds E3");
        assert_eq!(drift(&["E1"], Vec::new()), "it no longer holds E2");
        let renamed = ObservedUser { display_name: Some(DisplayName::observed("Eve")), ..reviewed.clone() };
        assert_eq!(portrait.drift(&renamed).as_deref(), Some("it is called Eve now"));
        let known = Portrait::new(&renamed, renamed.display_name.clone(), renamed.identifiers().collect());
        assert_eq!(known.drift(&reviewed).as_deref(), Some("it has no name any more"));
        let ceos = Agent { login: Login::observed(Some("ACME"), "ceo"), ..agent(7, FIRST) };
        assert_eq!(drift(&["E1", "E2"], vec![ceos]), "its agent ACME\\bob is ACME\\ceo now");
        assert_eq!(drift(&["E1", "E2"], vec![agent(8, FIRST)]), "the agent ACME\\bob came to it");
        assert_eq!(
            drift(&["E1", "E2"], vec![agent(7, "2021-05-01T00:00:00Z")]),
            "its agent ACME\\bob has data since 2021-05-01"
        );
    }
}
