//! Policy: limits, protections, and what becomes of what no manifest mentions.

use jiff::SignedDuration;

use crate::model::identifier::IdentifierKind;
use crate::model::name::GroupName;
use crate::model::origin::{Located, Origin};
use crate::model::reference::Reference;
use crate::model::requirement::Requirement;

/// What `account.allow` can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allowance {
    /// Moving agents by an API call that is inferred, not documented.
    AgentMoves,
    /// Creating users of a learning platform.
    CreateUsers,
}

impl Allowance {
    /// The word in manifests.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AgentMoves => "agentMoves",
            Self::CreateUsers => "createUsers",
        }
    }
}

/// What becomes of users and exclusions that no manifest mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Unmanaged {
    /// Nothing is said of them.
    #[default]
    Ignore,
    /// They are listed.
    Report,
}

/// What becomes of app groups that no manifest mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum UnmanagedGroups {
    /// Nothing is said of them.
    #[default]
    Ignore,
    /// They are listed.
    Report,
    /// They are deleted.
    Delete,
}

/// What becomes of HR-sourced groups that no manifest mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum UnmanagedHrGroups {
    /// Every snapshot carries them with their present members.
    #[default]
    Carry,
    /// The same, and they are listed.
    CarryAndReport,
    /// A snapshot leaves them out, which deletes them.
    DeleteByAbsence,
}

/// How much of one kind a plan may do: a number, or a percentage that never falls below a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Of what there is, rounded down; 0 where only a number was given.
    pub percent: u32,
    /// Allowed whatever the percentage comes to.
    pub at_least: u64,
    /// Where it is set.
    pub origin: Origin,
}

impl Limit {
    /// A plain number.
    pub const fn count(at_least: u64) -> Self {
        Self { percent: 0, at_least, origin: Origin::NONE }
    }

    /// A percentage with a floor.
    pub const fn share(percent: u32, at_least: u64) -> Self {
        Self { percent, at_least, origin: Origin::NONE }
    }

    /// How many of `whole` it allows.
    pub fn allowed(self, whole: u64) -> u64 {
        (whole.saturating_mul(u64::from(self.percent)) / 100).max(self.at_least)
    }
}

/// `policy.limits.identifiers`: each kind is counted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentifierLimits {
    /// Of UPNs.
    pub upn: Limit,
    /// Of email addresses.
    pub email: Limit,
    /// Of employee IDs.
    pub employee_id: Limit,
    /// Of device logins.
    pub device_login: Limit,
}

impl IdentifierLimits {
    /// The same for every kind.
    pub const fn all(limit: Limit) -> Self {
        Self { upn: limit, email: limit, employee_id: limit, device_login: limit }
    }

    /// That of a kind.
    pub const fn of(&self, kind: IdentifierKind) -> Limit {
        match kind {
            IdentifierKind::Upn => self.upn,
            IdentifierKind::Email => self.email,
            IdentifierKind::EmployeeId => self.employee_id,
            IdentifierKind::DeviceLogin => self.device_login,
        }
    }
}

/// `policy.limits`: over one of them is a violation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Records removed.
    pub remove_users: Limit,
    /// Users whose history is erased, removed ones among them.
    pub erase_history: Limit,
    /// Users tracked before and not after; the whole is tracked users.
    pub untrack: Limit,
    /// Users not tracked before and tracked after; the whole is untracked users.
    pub track: Limit,
    /// Users deactivated; the whole is active users.
    pub deactivate: Limit,
    /// Users activated again; the whole is deactivated users.
    pub activate: Limit,
    /// Users whose display name becomes another; the whole is those of them whom the manifests name.
    pub renames: Limit,
    /// Users whose identifiers of one kind become others; the whole is those with one of that kind whom the manifests name.
    pub identifiers: IdentifierLimits,
    /// Groups deleted or recreated; the whole is the groups of that source.
    pub delete_groups: Limit,
    /// Members leaving any single group; the whole is its members.
    pub leave_group: Limit,
    /// Exclusions removed.
    pub remove_exclusions: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            remove_users: Limit::count(0),
            erase_history: Limit::count(0),
            untrack: Limit::share(10, 3),
            track: Limit::share(10, 3),
            deactivate: Limit::share(10, 3),
            activate: Limit::share(10, 3),
            renames: Limit::share(5, 3),
            identifiers: IdentifierLimits::all(Limit::share(5, 3)),
            delete_groups: Limit::share(20, 1),
            leave_group: Limit::share(30, 3),
            remove_exclusions: Limit::count(0),
        }
    }
}

/// `policy.minimum`: fewer than this is not the whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minimum {
    /// Users in the account.
    pub users: Located<u64>,
    /// Groups in the account.
    pub groups: Located<u64>,
    /// Users in the manifests.
    pub declared_users: Located<u64>,
}

impl Default for Minimum {
    fn default() -> Self {
        Self {
            users: Located::unplaced(1),
            groups: Located::unplaced(0),
            declared_users: Located::unplaced(1),
        }
    }
}

/// What becomes of placeholder and auto-detected emails that no manifest declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum AutoEmails {
    /// They stay.
    #[default]
    Keep,
    /// They go once the user has a real identifier.
    Remove,
}

/// The whole policy; [`Policy::default`] is what holds where a manifest says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Users that no manifest mentions.
    pub unmanaged_users: Located<Unmanaged>,
    /// App groups that no manifest mentions.
    pub unmanaged_groups: Located<UnmanagedGroups>,
    /// HR groups that no manifest mentions.
    pub unmanaged_hr_groups: Located<UnmanagedHrGroups>,
    /// Exclusions that no manifest mentions.
    pub unmanaged_exclusions: Located<Unmanaged>,
    /// How much a plan may do.
    pub limits: Limits,
    /// Users that no plan may touch unapproved.
    pub protected_users: Vec<Located<Reference>>,
    /// Groups that no plan may touch unapproved.
    pub protected_groups: Vec<Located<GroupName>>,
    /// What the whole picture has at least.
    pub minimum: Minimum,
    /// Days after which an order does nothing.
    pub orders_expire_after: Located<u32>,
    /// Emails the account added by itself.
    pub auto_emails: Located<AutoEmails>,
    /// What is said of tracked users whom no row of any export names.
    pub missing_from_export: Located<Unmanaged>,
    /// How long an account may take to put people into a group that fills itself once its rules have changed.
    pub grace_period: Located<SignedDuration>,
    /// What must hold after every plan.
    pub require: Vec<Located<Requirement>>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            unmanaged_users: Located::unplaced(Unmanaged::default()),
            unmanaged_groups: Located::unplaced(UnmanagedGroups::default()),
            unmanaged_hr_groups: Located::unplaced(UnmanagedHrGroups::default()),
            unmanaged_exclusions: Located::unplaced(Unmanaged::default()),
            limits: Limits::default(),
            protected_users: Vec::new(),
            protected_groups: Vec::new(),
            minimum: Minimum::default(),
            orders_expire_after: Located::unplaced(30),
            auto_emails: Located::unplaced(AutoEmails::default()),
            missing_from_export: Located::unplaced(Unmanaged::default()),
            grace_period: Located::unplaced(SignedDuration::from_hours(2)),
            require: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_rounds_down_but_never_below_its_floor() {
        for (limit, whole, allowed) in [
            (Limit::share(10, 3), 0, 3),
            (Limit::share(10, 3), 39, 3),
            (Limit::share(10, 3), 49, 4),
            (Limit::share(10, 3), 100_000, 10_000),
            (Limit::count(0), 100_000, 0),
        ] {
            assert_eq!(limit.allowed(whole), allowed, "{limit:?} of {whole}");
        }
    }
}
