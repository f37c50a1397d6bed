//! Which parts does a run have, and in which order?

use crate::model::Step;

/// Steps that may run side by side but for what they need of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Which part of the run.
    pub kind: PhaseKind,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// The parts of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhaseKind {
    /// Users are created and edited.
    Users,
    /// Agents move between users.
    Agents,
    /// Users get what had to wait for an agent of theirs.
    Claims,
    /// Users are tracked and untracked.
    Tracking,
    /// Exclusions are added and removed.
    Exclusions,
    /// App groups are created and renamed.
    Groups,
    /// Users and computers enter and leave app groups.
    Members,
    /// Users are let log in again, or no longer.
    Statuses,
    /// The HR snapshot is uploaded and verified.
    Snapshot,
    /// Primary groups are chosen: only once the snapshot is verified.
    PrimaryGroups,
    /// App groups are deleted: only once the snapshot is verified.
    Deletions,
    /// Histories are erased and users removed.
    Orders,
}
