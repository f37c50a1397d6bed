//! How entries of a patch are written.

use crate::model::{DesiredGroup, GroupName};
use crate::model::{Origin, Piece, Said};

/// A value that no manifest says yet.
pub(in crate::plan) fn said<T>(value: T) -> Said<T> {
    Said::new(value, Origin::NONE)
}

/// A list of values that no manifest says yet.
pub(in crate::plan) fn all_said<T>(values: impl IntoIterator<Item = T>) -> Vec<Said<T>> {
    values.into_iter().map(said).collect()
}

/// The names of groups in a sentence.
pub(in crate::plan) fn name(group: &crate::model::GroupName) -> Piece {
    Piece::plain(group)
}

/// A group of which nothing is said but its name.
pub(super) fn named(group: &GroupName) -> DesiredGroup {
    DesiredGroup::new(said(group.clone()))
}
