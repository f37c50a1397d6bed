//! What is to be done about one fact of a plan, so that there is nothing left of it?

use crate::manifest::edit::TextChange;
use crate::model::{GroupIx, Origin, Phrase};

/// An edit at a place of the manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// The place.
    pub(super) origin: Origin,
    /// What is to be done there.
    pub(super) change: TextChange,
}

/// What is to be done about a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The manifests are edited.
    Edits(Vec<Edit>),
    /// A group of the account that no manifest mentions gets an entry.
    Declare(GroupIx),
    /// It goes with another.
    Follows,
    /// Nothing can be done in the manifests, and why.
    Not(Phrase),
}

impl Answer {
    /// One edit.
    pub(super) fn edit(origin: Origin, change: TextChange) -> Self {
        Self::Edits(vec![Edit { origin, change }])
    }
}
