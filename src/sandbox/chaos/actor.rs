//! What does somebody else do to the account meanwhile?

use jiff::Timestamp;

use crate::sandbox::chaos::dice::Dice;
use crate::sandbox::seed::{Agent, AgentId, GroupId, GroupSource, Login, Sourced, UserId};
use crate::sandbox::state::State;

/// Who writes what somebody does in the app.
const APP: &str = "ActivTrak";

impl State {
    /// Does one thing that an admin in the app or an agent on a machine may do at any time; tells what.
    pub(crate) fn meddle(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        match dice.below(8) {
            0 => self.agent_appears(dice, now),
            1 => Some(self.user_appears(now)),
            2 => self.group_is_renamed(dice),
            3 => self.member_joins(dice, now),
            4 => self.member_leaves(dice, now),
            5 => self.user_is_edited(dice, now),
            6 => Some(self.rule_appears()),
            _ => self.tracking_is_changed(dice, now),
        }
    }

    fn anybody(&self, dice: &mut Dice) -> Option<UserId> {
        self.users().get(dice.below(self.users().len())).map(|user| user.id)
    }

    fn any_app_group(&self, dice: &mut Dice) -> Option<GroupId> {
        let groups: Vec<GroupId> =
            self.groups().filter(|it| it.group.source == GroupSource::App).map(|it| it.group.id).collect();
        groups.get(dice.below(groups.len())).copied()
    }

    fn next_agent(&self, now: Timestamp) -> Agent {
        let held = self.users().iter().flat_map(|user| user.agents.iter().chain(&user.deleted_agents));
        let id = AgentId(held.map(|agent| agent.id.0).max().unwrap_or_default() + 1);
        Agent {
            id,
            username: format!("visitor{id}"),
            domain: "LOBBY".to_owned(),
            alias: None,
            first_log: Some(now),
            last_log: Some(now),
            merge_pending: false,
            deleted: None,
        }
    }

    fn agent_appears(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let mut user = self.user(self.anybody(dice)?)?.clone();
        let agent = self.next_agent(now);
        let told = format!("agent {} appears at user {}", agent.id, user.id);
        user.agents.push(agent);
        self.store(user, now);
        Some(told)
    }

    fn user_appears(&mut self, now: Timestamp) -> String {
        let agent = self.next_agent(now);
        let login = Login::any(agent.username.clone());
        let id = self.add_user(now, |user| {
            user.device_logins.push(Sourced { value: login, source: APP.into() });
            user.agents.push(agent);
        });
        format!("user {id} appears with an agent")
    }

    fn group_is_renamed(&mut self, dice: &mut Dice) -> Option<String> {
        let id = self.any_app_group(dice)?;
        let name = format!("Renamed {id}");
        if !self.groups_named(&name).is_empty() {
            return None;
        }
        self.rename_group(id, &name);
        Some(format!("group {id} is renamed to {name:?}"))
    }

    fn member_joins(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let mut user = self.user(self.anybody(dice)?)?.clone();
        let group = self.any_app_group(dice)?;
        if user.groups.contains(&group) {
            return None;
        }
        let told = format!("user {} joins group {group}", user.id);
        user.groups.push(group);
        user.groups.sort_unstable();
        self.store(user, now);
        Some(told)
    }

    fn member_leaves(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let group = self.any_app_group(dice)?;
        let members = &self.group(group)?.members;
        let mut user = self.user(*members.get(dice.below(members.len()))?)?.clone();
        let told = format!("user {} leaves group {group}", user.id);
        user.groups.retain(|held| *held != group);
        user.primary_group = user.primary_group.filter(|held| *held != group);
        self.store(user, now);
        Some(told)
    }

    fn user_is_edited(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let mut user = self.user(self.anybody(dice)?)?.clone();
        let value = format!("by.hand.{}.{}@elsewhere.example", user.id, user.revision);
        let told = format!("user {} gets the address {value}", user.id);
        user.emails.push(Sourced { value, source: APP.into() });
        self.store(user, now);
        Some(told)
    }

    fn rule_appears(&mut self) -> String {
        let last = self.rules().map(|rule| rule.id.0).max().unwrap_or_default();
        let login = Login::any(format!("kiosk{}", last + 1));
        let told = format!("the rule {login} appears");
        self.add_rule(login);
        told
    }

    fn tracking_is_changed(&mut self, dice: &mut Dice, now: Timestamp) -> Option<String> {
        let mut user = self.user(self.anybody(dice)?)?.clone();
        user.tracked = !user.tracked;
        let told = format!("user {} is {}", user.id, if user.tracked { "tracked" } else { "untracked" });
        self.store(user, now);
        Some(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state};

    #[test]
    fn whatever_somebody_does_is_told_and_leaves_an_account_that_can_be() {
        let mut state = state(
            r#""users":[{"id":1,"emails":["ana@x"],"groups":[3]},{"id":2,"emails":["bob@x"]}],
            "groups":[{"id":3,"name":"Finance"},{"id":4,"name":"Oslo","source":"hr"}]"#,
        );
        let mut dice = Dice::of(1, &[]);
        let told: Vec<String> = (0..200).filter_map(|_| state.meddle(&mut dice, NOW)).collect();
        for word in [
            "agent ",
            "appears with",
            "renamed",
            "joins",
            "leaves",
            "address",
            "rule",
            "is tracked",
            "untracked",
        ] {
            assert!(told.iter().any(|deed| deed.contains(word)), "{word}");
        }
        assert!(State::open(state.snapshot()).is_ok());
    }
}
