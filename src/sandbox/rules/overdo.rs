//! What an account does besides what it is asked, where a fault says so. No document says that one does.

use jiff::Timestamp;

use crate::sandbox::seed::{GroupId, User, UserId};
use crate::sandbox::state::State;

/// What is done besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Besides {
    /// Nobody is in the group any more.
    Emptied(GroupId),
    /// The user is tracked who was not, or the other way round.
    Turned(UserId),
    /// The first of its users is out of the group.
    Evicted(GroupId),
}

impl Besides {
    /// Does it.
    pub(crate) fn happen(self, state: &mut State, now: Timestamp) {
        let members = |state: &State, group| state.group(group).map(|entry| entry.members.clone());
        let (group, out) = match self {
            Self::Turned(user) => {
                if let Some(user) = state.user(user).cloned() {
                    state.store(User { tracked: !user.tracked, ..user }, now);
                }
                return;
            }
            Self::Emptied(group) => (group, members(state, group).unwrap_or_default()),
            Self::Evicted(group) => {
                (group, members(state, group).unwrap_or_default().into_iter().take(1).collect())
            }
        };
        for user in out {
            if let Some(mut user) = state.user(user).cloned() {
                user.groups.retain(|held| *held != group);
                user.primary_group = user.primary_group.filter(|held| *held != group);
                state.store(user, now);
            }
        }
    }
}
