//! Giving an agent of one user to another (reference 2.5, hypothesis H1: a PATCH of the one who gets it).

use jiff::Timestamp;

use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::seed::{Agent, AgentId, User, UserId};
use crate::sandbox::state::{State, same};

impl State {
    /// Moves an agent with its history. Both records are written, each once.
    ///
    /// # Errors
    /// A revision is stale, the user has no such agent, or still goes by its username or alias (support article 47730807225115).
    pub(crate) fn take_agent(
        &mut self,
        (id, revision): (UserId, u64),
        (agent, owner, owner_revision): (AgentId, UserId, u64),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut target = self.current(id, revision)?.clone();
        let mut holder = self.current(owner, owner_revision)?.clone();
        if id == owner {
            return Err(Refusal::invalid("the agent is the user's already"));
        }
        let at = holder.agents.iter().position(|held| held.id == agent);
        let at = at.ok_or_else(|| Refusal::Invalid(format!("entity {owner} has no agent {agent}")))?;
        if let Some(held) = held_back(&holder, &holder.agents[at]) {
            return Err(Refusal::Invalid(format!("entity {owner} still has {held}, as the agent is called")));
        }
        target.agents.push(holder.agents.remove(at));
        target.agents.sort_unstable_by_key(|agent| agent.id);
        self.store(holder, now);
        self.store(target, now);
        Ok(())
    }
}

/// What of a user's name and identifiers is equal to an agent's username or alias.
fn held_back(user: &User, agent: &Agent) -> Option<String> {
    let called = |text: &&String| {
        same(text, &agent.username) || agent.alias.as_ref().is_some_and(|alias| same(text, alias))
    };
    let name = user.display_name.iter().map(|held| &held.value);
    let held = [&user.upns, &user.emails, &user.employee_ids].into_iter().flatten().map(|held| &held.value);
    name.chain(held).find(called).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state, user};

    const TWO: &str = r#""users":[{"id":1,"revision":5,"emails":["ana@x"],"displayName":"Ana",
        "agents":[{"id":7,"username":"ana","domain":"PC"},{"id":8,"username":"svc"}]},{"id":2,"emails":["bob@x"]}]"#;

    fn take(agent: u64, (revision, owner_revision): (u64, u64)) -> Result<State, Refusal> {
        let mut state = state(TWO);
        let asked = (AgentId(agent), UserId(1), owner_revision);
        state.take_agent((UserId(2), revision), asked, NOW).map(|()| state)
    }

    #[test]
    fn an_agent_moves_and_both_records_are_written() {
        let state = take(8, (1, 5)).unwrap();
        assert!(user(&state, 2).contains(r#""agents":[{"id":8,"username":"svc","domain":""}]"#));
        assert!(user(&state, 1).contains(r#""revision":6"#) && user(&state, 2).contains(r#""revision":2"#));
    }

    #[test]
    fn an_agent_whose_user_goes_by_its_name_stays() {
        assert!(matches!(take(7, (1, 5)), Err(Refusal::Invalid(why)) if why.contains("still has Ana")));
        assert!(matches!(take(9, (1, 5)), Err(Refusal::Invalid(_))));
        assert!(matches!(take(8, (1, 4)), Err(Refusal::Stale { .. })));
        assert!(matches!(take(8, (2, 5)), Err(Refusal::Stale { .. })));
    }
}
