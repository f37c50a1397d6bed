//! Which limits and protections can a plan break?

use crate::model::{ChangeId, IdentifierKind, Origin, Phrase};

/// A limit or protection that the plan breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub kind: ViolationKind,
    /// Where the limit or protection is set.
    pub origin: Origin,
}

/// What is broken, and how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViolationKind {
    /// More of a kind than a limit allows.
    Limit {
        /// Which limit.
        limit: LimitKind,
        /// The group it is counted in, or the source of groups, where there are several counts.
        of: Option<Phrase>,
        /// How many the plan holds.
        planned: u64,
        /// How many are allowed.
        allowed: u64,
    },
    /// A protected user or group would change.
    Protected {
        /// The protected object.
        object: Phrase,
        /// The change that touches it.
        change: ChangeId,
    },
    /// Users were not read: what the plan does to them can't be shown, counted or kept from those who are protected.
    Unproved,
}

/// The limits of `policy.limits`, by the names they have there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitKind {
    /// `removeUsers`
    RemoveUsers,
    /// `eraseHistory`
    EraseHistory,
    /// `untrack`
    Untrack,
    /// `track`
    Track,
    /// `deactivate`
    Deactivate,
    /// `activate`
    Activate,
    /// `renames`
    Renames,
    /// `identifiers`, of one kind.
    Identifiers(IdentifierKind),
    /// `deleteGroups`
    DeleteGroups,
    /// `leaveGroup`
    LeaveGroup,
    /// `removeExclusions`
    RemoveExclusions,
    /// `shrink` of an HR source, which no policy sets.
    Shrink,
}

impl LimitKind {
    /// Every limit of `policy.limits`, in the order of its keys.
    pub const ALL: [Self; 14] = [
        Self::RemoveUsers,
        Self::EraseHistory,
        Self::Untrack,
        Self::Track,
        Self::Deactivate,
        Self::Activate,
        Self::Renames,
        Self::Identifiers(IdentifierKind::Upn),
        Self::Identifiers(IdentifierKind::Email),
        Self::Identifiers(IdentifierKind::EmployeeId),
        Self::Identifiers(IdentifierKind::DeviceLogin),
        Self::DeleteGroups,
        Self::LeaveGroup,
        Self::RemoveExclusions,
    ];

    /// The key in `policy.limits`, or of the HR source.
    pub const fn key(self) -> &'static str {
        match self {
            Self::RemoveUsers => "removeUsers",
            Self::EraseHistory => "eraseHistory",
            Self::Untrack => "untrack",
            Self::Track => "track",
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
            Self::Renames => "renames",
            Self::Identifiers(_) => "identifiers",
            Self::DeleteGroups => "deleteGroups",
            Self::LeaveGroup => "leaveGroup",
            Self::RemoveExclusions => "removeExclusions",
            Self::Shrink => "shrink",
        }
    }

    /// Where a manifest sets it, below `policy.limits` or in the HR source.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Identifiers(IdentifierKind::Upn) => "identifiers.upn",
            Self::Identifiers(IdentifierKind::Email) => "identifiers.email",
            Self::Identifiers(IdentifierKind::EmployeeId) => "identifiers.employeeId",
            Self::Identifiers(IdentifierKind::DeviceLogin) => "identifiers.deviceLogin",
            other => other.key(),
        }
    }
}
