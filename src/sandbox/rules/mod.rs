//! What may be done to the account and what follows from it: pure, no HTTP, one file per noun.

mod agents;
mod bulk;
mod edits;
mod exclusions;
mod field_edits;
mod find;
mod groups;
mod groups_file;
mod hr;
mod hr_file;
mod members;
mod overdo;
mod refusal;
mod revision;
mod scim;

pub(crate) use bulk::{Action, BulkItem};
pub(crate) use exclusions::{DntKey, DntRow, DntRows, DntTerms, RuleOutcome, RuleRequest};
pub(crate) use field_edits::FieldEdits;
pub(crate) use find::{Filter, Search};
pub(crate) use groups_file::GroupsFile;
pub(crate) use hr_file::HrFile;
pub(crate) use members::{Direction, Expected, Tally};
pub(crate) use overdo::Besides;
pub(crate) use refusal::Refusal;
pub(crate) use scim::{GroupBody, PatchOp, Paths, UserBody, equals};

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
