//! `policy`: limits, protections, and what becomes of what no manifest mentions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::manifest::raw::limit::{IdentifierLimits, Limit};
use crate::manifest::raw::reference::Reference;
use crate::manifest::raw::requirement::Requirement;
use crate::manifest::yaml::{Field, List};

/// Limits, protections, and what becomes of what no manifest mentions.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct Policy {
    /// What the account has and no manifest mentions.
    pub unmanaged: Field<UnmanagedPolicy>,
    /// How much one plan may do; over a limit it needs approval.
    pub limits: Field<Limits>,
    /// Any change to these, direct or not, needs approval.
    pub protected: Field<Protected>,
    /// Fewer than this is not the whole picture: an error.
    pub minimum: Field<Minimum>,
    /// Days after which an order does nothing: `30d`.
    #[schemars(regex(pattern = r"^[0-9]+d$"))]
    pub orders_expire_after: Field<Box<str>>,
    /// Emails that the account added by itself and no manifest declares.
    pub auto_emails: Field<AutoEmails>,
    /// What is said of tracked users whom no row of any HR export names: a row that is missing never untracks or removes anybody.
    pub missing_from_export: Field<Unmanaged>,
    /// How long the platform may take to put people into an automatic group and take them out, once its conditions have
    /// changed: `2h`, `90m`; two hours by default.
    pub grace_period: Field<Box<str>>,
    /// What must hold of the account after every plan.
    pub require: Field<List<Requirement>>,
}

/// What becomes of what no manifest mentions.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Unmanaged")]
pub(in crate::manifest) struct UnmanagedPolicy {
    /// Users.
    pub users: Field<Unmanaged>,
    /// App groups.
    pub groups: Field<UnmanagedGroups>,
    /// HR-sourced groups.
    pub hr_groups: Field<UnmanagedHrGroups>,
    /// Exclusions.
    pub exclusions: Field<Unmanaged>,
}

/// What becomes of users or exclusions that no manifest mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UnmanagedObjects")]
pub(in crate::manifest) enum Unmanaged {
    /// Nothing is said of them.
    Ignore,
    /// They are listed.
    Report,
}

/// What becomes of app groups that no manifest mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum UnmanagedGroups {
    /// Nothing is said of them.
    Ignore,
    /// They are listed.
    Report,
    /// They are deleted.
    Delete,
}

/// What becomes of HR-sourced groups that no manifest mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum UnmanagedHrGroups {
    /// Every snapshot carries them with their present members.
    Carry,
    /// The same, and they are listed.
    CarryAndReport,
    /// A snapshot leaves them out, which deletes them.
    DeleteByAbsence,
}

/// What becomes of emails that the account added by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum AutoEmails {
    /// They stay.
    Keep,
    /// They go once the user has a real identifier.
    Remove,
}

/// How much one plan may do. Over a limit it needs approval.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct Limits {
    /// Records removed; 0 by default.
    pub remove_users: Field<u64>,
    /// Users whose history is erased, removed ones among them; 0 by default.
    pub erase_history: Field<u64>,
    /// Users tracked before and not after, of tracked users; 10 percent, at least 3, by default.
    pub untrack: Field<Limit>,
    /// Users not tracked before and tracked after, of untracked users; 10 percent, at least 3, by default.
    pub track: Field<Limit>,
    /// Users deactivated, of active users; 10 percent, at least 3, by default.
    pub deactivate: Field<Limit>,
    /// Users activated again, of deactivated users; 10 percent, at least 3, by default.
    pub activate: Field<Limit>,
    /// Users who get another display name, of the users in the manifests; 5 percent, at least 3, by default.
    pub renames: Field<Limit>,
    /// Users whose identifiers of one kind change, of the users in the manifests who have one of that kind; each kind is
    /// counted by itself. 5 percent, at least 3, by default.
    pub identifiers: Field<IdentifierLimits>,
    /// Groups deleted or recreated, of the groups of that source; 20 percent, at least 1, by default.
    pub delete_groups: Field<Limit>,
    /// Members leaving any single group, of its members; 30 percent, at least 3, by default.
    pub leave_group: Field<Limit>,
    /// Exclusions removed; 0 by default.
    pub remove_exclusions: Field<u64>,
}

/// Any change to these, direct or not, needs approval.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct Protected {
    /// Users.
    pub users: Field<List<Reference>>,
    /// Names of groups.
    pub groups: Field<List<Box<str>>>,
}

/// Fewer than this is not the whole picture: an error.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct Minimum {
    /// Users in the account; 1 by default.
    pub users: Field<u64>,
    /// Groups in the account; 0 by default.
    pub groups: Field<u64>,
    /// Users in the manifests; 1 by default.
    pub declared_users: Field<u64>,
}
