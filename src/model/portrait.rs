//! Is this still the record that an order was reviewed about? What it looked like is carried to the write and compared there.

use jiff::Timestamp;

use crate::model::identifier::Identifier;
use crate::model::observed::{AgentId, ObservedUser, utc_day};

/// What a record looks like right before it loses what can't be put back.
///
/// What agents reported meanwhile is not in it: a tracked user works on while a plan is reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// Every identifier, sorted.
    identifiers: Vec<Identifier>,
    /// Its agents, sorted.
    agents: Vec<AgentId>,
    /// Its oldest data.
    oldest: Option<Timestamp>,
}

impl Portrait {
    /// How many agents it has.
    pub fn agents(&self) -> usize {
        self.agents.len()
    }

    /// The portrait of a record that will hold these identifiers when its time comes.
    pub fn new(record: &ObservedUser, mut identifiers: Vec<Identifier>) -> Self {
        identifiers.sort_unstable();
        let mut agents: Vec<AgentId> = record.agents.iter().map(|agent| agent.id).collect();
        agents.sort_unstable();
        Self { identifiers, agents, oldest: record.history().map(|(oldest, _)| oldest) }
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
        let came = record.agents.iter().find(|agent| self.agents.binary_search(&agent.id).is_err());
        if let Some(agent) = came {
            return Some(format!("the agent {} came to it", agent.login));
        }
        let oldest = record.history().map(|(oldest, _)| oldest)?;
        let older = self.oldest.is_none_or(|known| oldest < known);
        older.then(|| format!("it has data since {}", utc_day(oldest)))
    }
}

#[cfg(test)]
mod tests {
    use super::Portrait;
    use crate::model::{Agent, AgentId, EmployeeId, Identifier, Login, ObservedUser, UserId};

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
        let portrait = Portrait::new(&reviewed, reviewed.identifiers().collect());
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
        assert_eq!(drift(&["E1", "E2"], vec![agent(8, FIRST)]), "the agent ACME\\bob came to it");
        assert_eq!(
            drift(&["E1", "E2"], vec![agent(7, "2021-05-01T00:00:00Z")]),
            "it has data since 2021-05-01"
        );
    }
}
