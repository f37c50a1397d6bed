//! Steps: the writes that carry a plan out, and what may come of each.

use std::sync::Arc;

use jiff::civil::Date;

use crate::model::desired::Afterwards;
use crate::model::id::{
    AgentId, ChangeId, ComputerId, ExclusionId, GroupId, GroupRef, StepId, UserId, UserRef,
};
use crate::model::identifier::{Identifier, Login};
use crate::model::name::{Description, DisplayName, GroupName};
use crate::model::observed::GroupSource;
use crate::model::portrait::Portrait;
use crate::model::record::{Activation, Tracking};
use crate::model::rule_set::RuleSet;
use crate::model::snapshot::Snapshot;

/// Who keeps a group that is written directly; the source of the group, as far as it decides the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeper {
    /// The app.
    App,
    /// The identity provider's side of the account.
    Scim,
}

impl Keeper {
    /// Who keeps the groups of a source; none where they are not written directly.
    pub const fn of(source: &GroupSource) -> Option<Self> {
        match source {
            GroupSource::App => Some(Self::App),
            GroupSource::Scim => Some(Self::Scim),
            GroupSource::Hr | GroupSource::Directory | GroupSource::Automatic | GroupSource::Foreign(_) => {
                None
            }
        }
    }

    /// The source of the groups it makes.
    pub const fn source(self) -> GroupSource {
        match self {
            Self::App => GroupSource::App,
            Self::Scim => GroupSource::Scim,
        }
    }
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
    /// Removes every employee ID, those among them that the keys don't show.
    NoEmployeeId,
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

/// A group to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub name: GroupName,
    /// What it says of itself; empty where nothing is said, or the account has no place for it.
    pub description: Description,
    /// By which rules it fills itself; none where it holds whom somebody puts in.
    pub rules: Option<RuleSet>,
}

impl From<GroupName> for NewGroup {
    fn from(name: GroupName) -> Self {
        Self { name, description: Description::default(), rules: None }
    }
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
    /// Moves a user agent, with its history, from one user to another.
    MoveAgent {
        /// Which agent.
        agent: AgentId,
        /// Who has it.
        from: UserId,
        /// Who is to have it.
        to: UserRef,
    },
    /// Tracks or untracks a user.
    Track {
        /// Whom.
        user: UserId,
        /// The state after.
        to: Tracking,
    },
    /// Lets a user log in, or not.
    SetStatus {
        /// Whom.
        user: UserId,
        /// The status after.
        to: Activation,
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
    /// Creates a group.
    CreateGroup(Keeper, NewGroup),
    /// Renames a group.
    RenameGroup {
        /// Whose groups it is among.
        keeper: Keeper,
        /// Which.
        group: GroupId,
        /// Its name before.
        from: GroupName,
        /// Its name after.
        to: GroupName,
    },
    /// Lets a group say something else of itself.
    DescribeGroup {
        /// Which.
        group: GroupId,
        /// What it is expected to be called by then.
        name: GroupName,
        /// What it said before.
        from: Description,
        /// What it says after.
        to: Description,
    },
    /// Lets a group fill itself by other rules.
    SetRules {
        /// Which.
        group: GroupId,
        /// What it is expected to be called by then.
        name: GroupName,
        /// The rules before.
        from: RuleSet,
        /// The rules after.
        to: RuleSet,
    },
    /// Puts a user into a group.
    Join {
        /// Whose groups it is among.
        keeper: Keeper,
        /// Which group.
        group: GroupRef,
        /// Whom.
        user: UserRef,
    },
    /// Takes a user out of a group.
    Leave {
        /// Whose groups it is among.
        keeper: Keeper,
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
    /// Makes a group the primary group of one of its members.
    SetPrimaryGroup {
        /// Whose.
        user: UserRef,
        /// Which group; one that a snapshot makes has no number until then.
        group: GroupRef,
        /// What it is called.
        name: GroupName,
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
    /// Erases all history of a user and frees their agents; the record stays.
    EraseHistory {
        /// Whose.
        user: UserId,
        /// What the record must look like right before.
        seen: Portrait,
        /// The day of the order: no data older than it may be left.
        decided: Date,
    },
    /// Removes a user: the record and all history. The account keeps the identifiers blocked.
    RemoveUser {
        /// Whom.
        user: UserId,
        /// What the record must look like right before.
        seen: Portrait,
        /// Whether its identifiers must read back as blocked.
        afterwards: Afterwards,
    },
    /// Removes these global Do Not Track rules, which the removal of a user left, and no other.
    Unblock(Vec<Login>),
}

impl Act {
    /// Whether the write is about a record of the account: what can't be put back comes after it.
    pub fn concerns(&self, record: UserId) -> bool {
        match self {
            Self::EditUser { user, .. }
            | Self::Track { user, .. }
            | Self::SetStatus { user, .. }
            | Self::Join { user: UserRef::Known(user), .. }
            | Self::SetPrimaryGroup { user: UserRef::Known(user), .. }
            | Self::Leave { user, .. }
            | Self::EraseHistory { user, .. }
            | Self::RemoveUser { user, .. } => *user == record,
            Self::MoveAgent { from, to, .. } => *from == record || *to == UserRef::Known(record),
            Self::CreateUser(_)
            | Self::Join { user: UserRef::New(_), .. }
            | Self::SetPrimaryGroup { user: UserRef::New(_), .. }
            | Self::AddExclusion(_)
            | Self::RemoveExclusion { .. }
            | Self::CreateGroup(..)
            | Self::RenameGroup { .. }
            | Self::DescribeGroup { .. }
            | Self::SetRules { .. }
            | Self::AddComputer { .. }
            | Self::RemoveComputer { .. }
            | Self::Upload(_)
            | Self::DeleteGroup { .. }
            | Self::Unblock(_) => false,
        }
    }
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
    /// Sent by an earlier run, not sent again and not yet to be seen: whether the account took it is not known.
    Unseen,
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
    /// Accepted, and it reads back as asked, but more was done than that: stops the run.
    Overdone {
        /// What was asked for.
        asked: String,
        /// What is not as it was besides.
        besides: String,
    },
}

impl Outcome {
    /// Whether what the step wants holds now.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Applied | Self::AlreadyTrue)
    }

    /// Whether the account did something else than it was asked, or more: no more is asked of it.
    pub fn ends_the_run(&self) -> bool {
        matches!(self, Self::Mismatched { .. } | Self::Overdone { .. })
    }

    /// Whether what the step wants may still come about by itself.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Pending | Self::Unseen)
    }
}
