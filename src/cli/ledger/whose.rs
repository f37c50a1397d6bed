//! Whose runs do ledgers tell of?

use crate::cli::ledger::line::{Run, Sandboxed};
use crate::cli::planning::Session;

/// The account that a run talks to. What the ledgers of others say does not hold here: neither those of another account whose
/// manifests lay in the same folder, nor those of a rehearsal under this one's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whose {
    pub(super) account: String,
    pub(super) id: Option<u64>,
    pub(super) host: String,
    pub(super) sandbox: Option<Sandboxed>,
}

impl Whose {
    /// The account of a session.
    pub(crate) fn of(session: &Session) -> Self {
        Self {
            account: session.account().to_owned(),
            id: session.declared_account().id.as_ref().map(|id| id.value),
            host: session.target.connection.endpoint.host().to_owned(),
            sandbox: session.target.ends_with_the_run().then_some(Sandboxed::InProcess),
        }
    }

    /// Whether a run was one of this account. A number that only one of them knows tells nothing.
    pub(super) fn left(&self, run: &Run) -> bool {
        let same_number = self.id.zip(run.account_id).is_none_or(|(now, then)| now == then);
        run.account == self.account && run.endpoint == self.host && run.sandbox == self.sandbox && same_number
    }
}
