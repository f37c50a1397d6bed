//! What does an HR upload make of each group?

use std::sync::Arc;

use crate::model::{ChangeId, GroupName, Snapshot};

/// The HR upload as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSnapshot {
    /// The file and its sets.
    pub snapshot: Arc<Snapshot>,
    /// Every group of the set, and every group that leaves it, sorted by name.
    pub groups: Vec<SetGroup>,
}

impl PlannedSnapshot {
    /// Rows of the file without its header: one for every membership.
    pub fn rows(&self) -> usize {
        self.staying().map(|group| group.after).sum()
    }

    /// The groups that the file leaves in the account.
    pub fn staying(&self) -> impl Iterator<Item = &SetGroup> {
        self.groups.iter().filter(|group| group.fate != Fate::DeletedByAbsence)
    }

    /// HR groups that there are now, and members of them: agents, where no user is read.
    pub fn before(&self) -> (usize, usize) {
        let there = self.groups.iter().filter(|group| group.fate != Fate::Added);
        there.fold((0, 0), |(groups, members), group| (groups + 1, members + group.before))
    }
}

/// A group of the HR set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetGroup {
    /// Its name after, or before if it goes.
    pub name: GroupName,
    /// What becomes of it.
    pub fate: Fate,
    /// Members before.
    pub before: usize,
    /// Members after.
    pub after: usize,
    /// Its change, unless it is carried or declared as it is.
    pub change: Option<ChangeId>,
}

/// What a snapshot makes of an HR group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Created.
    Added,
    /// Members or name differ.
    Changed,
    /// Declared, and as it is.
    Unchanged,
    /// In no manifest: sent again with its present members.
    Carried,
    /// Left out of the set, and so deleted.
    DeletedByAbsence,
    /// Declared, and sent without knowing who is in it: `before` counts agents.
    Unread,
}
