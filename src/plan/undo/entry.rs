//! How entries of a patch are written.

use crate::model::{DesiredGroup, GroupName, Located, Piece};

/// A list of values that no manifest says yet.
pub(in crate::plan) fn all_unplaced<T>(values: impl IntoIterator<Item = T>) -> Vec<Located<T>> {
    values.into_iter().map(Located::unplaced).collect()
}

/// The names of groups in a sentence.
pub(in crate::plan) fn name(group: &crate::model::GroupName) -> Piece {
    Piece::plain(group)
}

/// A group of which nothing is said but its name.
pub(super) fn named(group: &GroupName) -> DesiredGroup {
    DesiredGroup::new(Located::unplaced(group.clone()))
}
