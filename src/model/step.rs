//! Steps: the writes that carry a plan out, and what may come of each.

use std::sync::Arc;

use crate::model::change::ChangeId;
use crate::model::identifier::{Identifier, Login};
use crate::model::name::{DisplayName, GroupName};
use crate::model::observed::{ComputerId, ExclusionId, GroupId, Tracking, UserId};
use crate::model::snapshot::Snapshot;

/// A step's number within its plan; steps are numbered in the order in which they may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub u32);

/// A user that a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserRef {
    /// A record that was read.
    Known(UserId),
    /// The record that a change of this plan creates.
    New(ChangeId),
}

/// A group that a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupRef {
    /// A group that was read.
    Known(GroupId),
    /// The group that a change of this plan creates.
    New(ChangeId),
}

/// One edit of a user's own fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Sets the display name.
    Name {
        /// The name before, as it was read.
        from: Option<DisplayName>,
        /// The name after.
        to: DisplayName,
    },
    /// Adds an identifier.
    Add(Identifier),
    /// Removes an identifier.
    Remove(Identifier),
}

/// A user record to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Its display name.
    pub display_name: Option<DisplayName>,
    /// Its identifiers.
    pub identifiers: Vec<Identifier>,
    /// Whether it is tracked; `None` leaves the account's default.
    pub tracking: Option<Tracking>,
}

/// What a step writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Creates a user record.
    CreateUser(NewUser),
    /// Edits a user's name and identifiers in one write.
    EditUser {
        /// Whose.
        user: UserId,
        /// What; removals and additions take effect together.
        edits: Vec<Edit>,
    },
    /// Tracks or untracks a user.
    Track {
        /// Whom.
        user: UserId,
        /// The state after.
        to: Tracking,
    },
    /// Adds a global Do Not Track rule.
    AddExclusion(Login),
    /// Removes a global Do Not Track rule.
    RemoveExclusion {
        /// Its number.
        id: ExclusionId,
        /// What it is expected to be.
        login: Login,
    },
    /// Creates an app group.
    CreateGroup(GroupName),
    /// Renames an app group.
    RenameGroup {
        /// Which.
        group: GroupId,
        /// Its name before.
        from: GroupName,
        /// Its name after.
        to: GroupName,
    },
    /// Puts a user into an app group.
    Join {
        /// Which group.
        group: GroupRef,
        /// Whom.
        user: UserRef,
    },
    /// Takes a user out of an app group.
    Leave {
        /// Which group.
        group: GroupId,
        /// Whom.
        user: UserId,
    },
    /// Puts a computer into an app group.
    AddComputer {
        /// Which group.
        group: GroupRef,
        /// Which computer.
        computer: ComputerId,
    },
    /// Takes a computer out of an app group.
    RemoveComputer {
        /// Which group.
        group: GroupId,
        /// Which computer.
        computer: ComputerId,
    },
    /// Uploads the HR snapshot.
    Upload(Arc<Snapshot>),
    /// Deletes an app group.
    DeleteGroup {
        /// Which.
        group: GroupId,
        /// What it is expected to be called.
        name: GroupName,
    },
}

/// One atomic write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub id: StepId,
    /// The change it belongs to; an upload belongs to every change of an HR group and names none.
    pub change: Option<ChangeId>,
    /// What it writes.
    pub act: Act,
    /// Steps that must have been read back first; sorted.
    pub needs: Vec<StepId>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Written, and read back as asked.
    Applied,
    /// The account was so already.
    AlreadyTrue,
    /// Accepted and not yet to be seen: an HR snapshot that is still being processed.
    Pending,
    /// Refused; the reason in the account's words or ours.
    Failed(String),
    /// Not tried, because of a step that was not done.
    Skipped(StepId),
    /// Not tried, because the run was stopped.
    NotAttempted,
    /// Sent, answer lost, and no reading could tell.
    Unknown(String),
    /// Accepted, but it does not read back as asked: stops the run.
    Mismatched {
        /// What was asked for.
        asked: String,
        /// What the account has.
        answered: String,
    },
}

impl Outcome {
    /// Whether what the step wants holds now.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Applied | Self::AlreadyTrue)
    }
}
