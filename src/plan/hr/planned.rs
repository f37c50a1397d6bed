//! The groups of the HR set: as manifests declare them, and as they will be.

use crate::model::{ChangeId, DesiredGroup, GroupIx, GroupName, Origin};
use crate::plan::membership::wanted::Wanted;
use crate::plan::person::Person;
use crate::plan::planned_set::Fate;

/// What a manifest says of an HR group.
pub(in crate::plan) struct HrDeclared<'a> {
    /// The declaration.
    pub(in crate::plan) group: &'a DesiredGroup,
    /// The group of its name.
    pub(in crate::plan) here: Option<GroupIx>,
    /// The group of a former name, if there is none of its own.
    pub(in crate::plan) former: Option<GroupIx>,
    /// Who is wanted in it; nobody was asked if it is to be deleted.
    pub(in crate::plan) wanted: Option<Wanted<'a>>,
}

/// A group of the set as it will be.
pub(in crate::plan) struct Planned<'a> {
    pub(super) name: &'a GroupName,
    pub(super) members: Vec<Person>,
    pub(super) fate: Fate,
    pub(super) before: usize,
    pub(super) change: Option<ChangeId>,
    /// Where it is said, or left, to be there, if nothing says who is in it.
    pub(super) idle: Option<Origin>,
}
