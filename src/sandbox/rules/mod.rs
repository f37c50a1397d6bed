//! What may be done to the account and what follows from it: pure, no HTTP, one file per noun.

mod agents;
mod bulk;
mod edits;
mod exclusions;
mod field_edits;
mod find;
mod groups;
mod hr;
mod hr_file;
mod members;
mod overdo;
mod scim;

pub(crate) use bulk::{Action, BulkItem};
pub(crate) use exclusions::{DntKey, DntRow, DntRows, DntTerms, RuleOutcome, RuleRequest};
pub(crate) use field_edits::FieldEdits;
pub(crate) use find::{Filter, Search};
pub(crate) use hr_file::HrFile;
pub(crate) use members::{Direction, Expected, Tally};
pub(crate) use overdo::Besides;
pub(crate) use scim::{GroupBody, PatchOp, Paths, UserBody, equals};

use jiff::Timestamp;

use crate::sandbox::seed::{User, UserId};
use crate::sandbox::state::State;

/// The source the Identity and Admin APIs leave on what they write.
pub(crate) const API: &str = "AdminAPI";

/// The most items of one call that takes a list. The API document gives 50 for Do Not Track rules and leaves the number
/// open elsewhere.
pub(crate) const BULK_LIMIT: usize = 50;

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The request makes no sense or breaks a rule.
    #[error("{0}")]
    Invalid(String),
    /// It is about something that is not there.
    #[error("{0} was not found")]
    NotFound(String),
    /// It would make two of what there can be one of.
    #[error("{0}")]
    Conflict(String),
    /// It was written about an older record.
    #[error("revision {asked} is stale: the entity is at revision {current}")]
    Stale {
        /// The revision of the request.
        asked: u64,
        /// The revision of the record.
        current: u64,
    },
}

impl Refusal {
    /// A request that breaks a rule.
    pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::Invalid(message.into())
    }
}

/// Refuses an empty list and one over the limit.
pub(crate) fn within_limit<T>(what: &str, items: &[T]) -> Result<(), Refusal> {
    match items.len() {
        0 => Err(Refusal::Invalid(format!("no {what} given"))),
        1..=BULK_LIMIT => Ok(()),
        count => Err(Refusal::Invalid(format!("{count} {what} given, the maximum is {BULK_LIMIT}"))),
    }
}

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

    /// Stores a changed record: one successful write, one revision.
    pub(crate) fn store(&mut self, mut user: User, now: Timestamp) {
        user.revision += 1;
        user.updated = Some(now);
        self.replace_user(user);
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! States for the tables of the rules.

    use jiff::Timestamp;

    use crate::sandbox::state::State;

    /// The moment at which the tests write.
    pub(crate) const NOW: Timestamp = Timestamp::constant(1_780_000_000, 0);

    /// Opens an account of these members.
    #[track_caller]
    pub(crate) fn state(members: &str) -> State {
        let text = format!("{{\"version\":1,\"account\":{{\"id\":1,\"name\":\"acme\"}},{members}}}");
        let seed = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        State::open(seed).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// What a user looks like in the saved file.
    #[track_caller]
    pub(crate) fn user(state: &State, id: u64) -> String {
        let user = state.user(crate::sandbox::seed::UserId(id));
        user.map(|user| serde_json::to_string(user).unwrap_or_default()).unwrap_or_default()
    }
}
