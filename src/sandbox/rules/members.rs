//! Who is in a group: people by the Identity API, agents and computers by the Admin API. Only groups of the app can be
//! changed so.
//!
//! There is one membership, the user's: an agent is in a group because its user is, so adding an agent adds its user.

use jiff::Timestamp;
use serde::Deserialize;

use crate::sandbox::rules::refusal::{Refusal, within_limit};
use crate::sandbox::seed::{AgentId, ComputerId, GroupId, User, UserId};
use crate::sandbox::state::State;

/// A user and the revision the caller knows.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Expected {
    /// The user.
    pub(crate) entity_id: UserId,
    /// The revision.
    pub(crate) revision: u64,
}

/// Which way a membership goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// In.
    Join,
    /// Out.
    Leave,
}

/// Which of several things were done.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Tally<T> {
    /// Done.
    pub(crate) succeeded: Vec<T>,
    /// Not done.
    pub(crate) failed: Vec<T>,
    /// Why not.
    pub(crate) messages: Vec<String>,
}

impl<T: Copy> Tally<T> {
    /// Does something with each item, which is reported by its key.
    fn of<I: Copy>(items: &[I], key: fn(I) -> T, mut act: impl FnMut(I) -> Result<(), Refusal>) -> Tally<T> {
        let mut tally = Tally { succeeded: Vec::new(), failed: Vec::new(), messages: Vec::new() };
        for item in items {
            match act(*item) {
                Ok(()) => tally.succeeded.push(key(*item)),
                Err(refusal) => {
                    tally.failed.push(key(*item));
                    tally.messages.push(refusal.to_string());
                }
            }
        }
        tally
    }
}

impl State {
    /// Moves several users in or out of one group: a stale revision, an unknown user and a group that can't be changed are
    /// failures of the users (POST and DELETE /identity/v1/groups/{groupId}/entities).
    ///
    /// # Errors
    /// The list is empty or too long.
    pub(crate) fn move_users(
        &mut self,
        group: GroupId,
        direction: Direction,
        entities: &[Expected],
        now: Timestamp,
    ) -> Result<Tally<UserId>, Refusal> {
        within_limit("entities", entities)?;
        Ok(Tally::of(
            entities,
            |entity| entity.entity_id,
            |entity| {
                let mut user = self.current(entity.entity_id, entity.revision)?.clone();
                turn(&mut user, self.writable_group(group)?, direction);
                self.store(user, now);
                Ok(())
            },
        ))
    }

    /// Moves one user in or out of several groups; the revision goes up once
    /// (POST and DELETE /identity/v1/entities/{id}/groups).
    ///
    /// # Errors
    /// The list is empty or too long, the user unknown, the revision stale.
    pub(crate) fn move_user(
        &mut self,
        entity: Expected,
        direction: Direction,
        groups: &[GroupId],
        now: Timestamp,
    ) -> Result<Tally<GroupId>, Refusal> {
        within_limit("groups", groups)?;
        let mut user = self.current(entity.entity_id, entity.revision)?.clone();
        let tally = Tally::of(
            groups,
            |id| id,
            |group| {
                turn(&mut user, self.writable_group(group)?, direction);
                Ok(())
            },
        );
        if !tally.succeeded.is_empty() {
            self.store(user, now);
        }
        Ok(tally)
    }

    /// Moves the users of several agents in or out of a group (POST and DELETE /admin/v1/groups/{groupId}/clients).
    ///
    /// # Errors
    /// The list is empty, the group unknown or read-only.
    pub(crate) fn move_agents(
        &mut self,
        group: GroupId,
        direction: Direction,
        agents: &[AgentId],
        now: Timestamp,
    ) -> Result<Tally<AgentId>, Refusal> {
        let group = self.writable_group(group)?;
        not_empty("clientIds", agents)?;
        Ok(Tally::of(
            agents,
            |id| id,
            |agent| {
                let owner =
                    self.owner_of_agent(agent).ok_or_else(|| Refusal::NotFound(format!("client {agent}")))?;
                let mut user = owner.clone();
                turn(&mut user, group, direction);
                if user.groups.len() != owner.groups.len() {
                    self.store(user, now);
                }
                Ok(())
            },
        ))
    }

    /// Moves several computers in or out of a group (POST and DELETE /admin/v1/groups/{groupId}/devices).
    ///
    /// # Errors
    /// The list is empty, the group unknown or read-only.
    pub(crate) fn move_computers(
        &mut self,
        group: GroupId,
        direction: Direction,
        computers: &[ComputerId],
    ) -> Result<Tally<ComputerId>, Refusal> {
        let group = self.writable_group(group)?;
        not_empty("deviceIds", computers)?;
        let mut held = self.group(group).map(|entry| entry.group.computers.clone()).unwrap_or_default();
        let tally = Tally::of(
            computers,
            |id| id,
            |computer| {
                self.computer(computer).ok_or_else(|| Refusal::NotFound(format!("device {computer}")))?;
                held.retain(|other| *other != computer);
                if direction == Direction::Join {
                    held.push(computer);
                }
                Ok(())
            },
        );
        self.set_computers(group, held);
        Ok(tally)
    }
}

/// Takes a user in or out; being there already, or not there at all, is success.
fn turn(user: &mut User, group: GroupId, direction: Direction) {
    match direction {
        Direction::Join if user.groups.contains(&group) => {}
        Direction::Join => user.groups.push(group),
        Direction::Leave => {
            user.groups.retain(|other| *other != group);
            user.primary_group = user.primary_group.filter(|other| *other != group);
        }
    }
}

fn not_empty<T>(what: &str, list: &[T]) -> Result<(), Refusal> {
    if list.is_empty() { Err(Refusal::Invalid(format!("no {what} given"))) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state};

    const SEED: &str = r#""groups":[{"id":3,"name":"Finance","computers":[20]},{"id":4,"name":"Sales"},
        {"id":5,"name":"Oslo","source":"hr"}],"computers":[{"id":20,"name":"PC20"},{"id":21,"name":"PC21"}],
        "users":[{"id":1,"emails":["a@x"],"groups":[3],"agents":[{"id":7,"username":"a"},{"id":8,"username":"b"}]},
        {"id":2,"emails":["b@x"]}]"#;

    fn members(state: &State, group: u64) -> Vec<u64> {
        state
            .group(GroupId(group))
            .map(|entry| entry.members.iter().map(|id| id.0).collect())
            .unwrap_or_default()
    }

    fn revision(state: &State, user: u64) -> u64 {
        state.user(UserId(user)).map_or(0, |user| user.revision)
    }

    #[test]
    fn a_stale_user_fails_alone() {
        let mut state = state(SEED);
        let entities =
            [(1, 1), (2, 6), (9, 1)].map(|(id, revision)| Expected { entity_id: UserId(id), revision });
        let tally = state.move_users(GroupId(4), Direction::Join, &entities, NOW).unwrap();
        assert_eq!((tally.succeeded, tally.failed), (vec![UserId(1)], vec![UserId(2), UserId(9)]));
        assert_eq!((members(&state, 4), revision(&state, 1), revision(&state, 2)), (vec![1], 2, 1));
    }

    #[test]
    fn a_group_of_another_source_or_none_fails_for_every_user() {
        for group in [5, 9] {
            let mut state = state(SEED);
            let entity = Expected { entity_id: UserId(1), revision: 1 };
            let tally = state.move_users(GroupId(group), Direction::Join, &[entity], NOW).unwrap();
            assert_eq!((tally.failed, revision(&state, 1)), (vec![UserId(1)], 1));
        }
    }

    #[test]
    fn one_user_moves_through_several_groups_in_one_revision() {
        let mut state = state(SEED);
        let entity = Expected { entity_id: UserId(2), revision: 1 };
        let groups = [GroupId(3), GroupId(4), GroupId(5)];
        let tally = state.move_user(entity, Direction::Join, &groups, NOW).unwrap();
        assert_eq!((tally.succeeded, tally.failed), (vec![GroupId(3), GroupId(4)], vec![GroupId(5)]));
        assert_eq!((members(&state, 3), revision(&state, 2)), (vec![1, 2], 2));
        assert!(matches!(
            state.move_user(entity, Direction::Leave, &groups, NOW),
            Err(Refusal::Stale { .. })
        ));
        let entity = Expected { entity_id: UserId(2), revision: 2 };
        state.move_user(entity, Direction::Leave, &groups[..1], NOW).unwrap();
        assert_eq!(members(&state, 3), [1]);
    }

    #[test]
    fn an_agent_brings_its_user_along() {
        let mut state = state(SEED);
        let tally = state
            .move_agents(GroupId(4), Direction::Join, &[AgentId(7), AgentId(8), AgentId(99)], NOW)
            .unwrap();
        assert_eq!((tally.succeeded, tally.failed), (vec![AgentId(7), AgentId(8)], vec![AgentId(99)]));
        assert_eq!((members(&state, 4), revision(&state, 1)), (vec![1], 2));
        assert!(state.move_agents(GroupId(5), Direction::Join, &[AgentId(7)], NOW).is_err());
        assert!(state.move_agents(GroupId(4), Direction::Join, &[], NOW).is_err());
    }

    #[test]
    fn computers_move_apart_from_users() {
        let mut state = state(SEED);
        let tally =
            state.move_computers(GroupId(3), Direction::Join, &[ComputerId(21), ComputerId(99)]).unwrap();
        assert_eq!((tally.succeeded, tally.failed), (vec![ComputerId(21)], vec![ComputerId(99)]));
        state.move_computers(GroupId(3), Direction::Leave, &[ComputerId(20)]).unwrap();
        assert_eq!(
            state.group(GroupId(3)).map(|entry| entry.group.computers.clone()),
            Some(vec![ComputerId(21)])
        );
        assert_eq!((members(&state, 3), revision(&state, 1)), (vec![1], 1));
    }
}
