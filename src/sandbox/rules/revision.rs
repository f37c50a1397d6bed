//! Which revision of a record is a write about, and which does it leave, in whose name?

use jiff::Timestamp;

use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::seed::{User, UserId};
use crate::sandbox::state::State;

/// The source the Identity and Admin APIs leave on what they write.
pub(crate) const API: &str = "AdminAPI";

impl State {
    /// The user, if the record is still at that revision.
    pub(crate) fn current(&self, id: UserId, revision: u64) -> Result<&User, Refusal> {
        let user = self.user(id).ok_or_else(|| Refusal::NotFound(format!("entity {id}")))?;
        if user.revision == revision {
            Ok(user)
        } else {
            Err(Refusal::Stale { asked: revision, current: user.revision })
        }
    }

    /// Stores a changed record: one successful write, one revision. Whoever is tracked is in service.
    pub(crate) fn store(&mut self, mut user: User, now: Timestamp) {
        user.revision += 1;
        user.active |= user.tracked;
        user.updated = Some(now);
        self.replace_user(user);
    }
}
