//! Somebody of the account as it will be.

use crate::model::UserIx;

/// A user of the account as it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Person {
    /// A record that was read.
    Known(UserIx),
    /// A user that the plan creates, by its place among those sorted by identifier.
    New(u32),
}
