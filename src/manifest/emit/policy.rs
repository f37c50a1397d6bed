//! How is a policy written? What differs from the defaults, and no more.

use jiff::SignedDuration;
use serde::Serialize;

use crate::manifest::emit::entries::{ByText, reference};
use crate::manifest::emit::written::Written;
use crate::manifest::raw;
use crate::model::{self, AutoEmails, IdentifierKind, Limit, Unmanaged, UnmanagedGroups, UnmanagedHrGroups};

#[derive(Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Policy {
    #[serde(skip_serializing_if = "is_empty")]
    unmanaged: UnmanagedPolicy,
    #[serde(skip_serializing_if = "is_empty")]
    limits: Limits,
    #[serde(skip_serializing_if = "is_empty")]
    protected: Protected,
    #[serde(skip_serializing_if = "is_empty")]
    minimum: Minimum,
    #[serde(skip_serializing_if = "Option::is_none")]
    orders_expire_after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace_period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_emails: Option<raw::AutoEmails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_from_export: Option<raw::Unmanaged>,
}

#[derive(Serialize, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
struct UnmanagedPolicy {
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<raw::Unmanaged>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<raw::UnmanagedGroups>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hr_groups: Option<raw::UnmanagedHrGroups>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusions: Option<raw::Unmanaged>,
}

#[derive(Serialize, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    remove_users: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    erase_history: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    untrack: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deactivate: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activate: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renames: Option<Share>,
    #[serde(skip_serializing_if = "is_empty")]
    identifiers: Identifiers,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_groups: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leave_group: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remove_exclusions: Option<u64>,
}

#[derive(Serialize, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Identifiers {
    #[serde(skip_serializing_if = "Option::is_none")]
    upn: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_id: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_login: Option<Share>,
}

#[derive(Serialize, PartialEq)]
#[serde(untagged)]
enum Share {
    Count(u64),
    #[serde(rename_all = "camelCase")]
    Part {
        percent: u32,
        at_least: u64,
    },
}

#[derive(Serialize, Default, PartialEq)]
struct Protected {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<ByText>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Written>,
}

#[derive(Serialize, Default, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Minimum {
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_users: Option<u64>,
}

impl Policy {
    /// None where every default holds.
    pub(super) fn of(policy: &model::Policy) -> Option<Self> {
        let default = model::Policy::default();
        let written = Self {
            unmanaged: UnmanagedPolicy {
                users: unless(&policy.unmanaged_users.value, &default.unmanaged_users.value),
                groups: unless(&policy.unmanaged_groups.value, &default.unmanaged_groups.value),
                hr_groups: unless(&policy.unmanaged_hr_groups.value, &default.unmanaged_hr_groups.value),
                exclusions: unless(&policy.unmanaged_exclusions.value, &default.unmanaged_exclusions.value),
            },
            limits: Limits::of(&policy.limits),
            protected: Protected {
                users: policy.protected_users.iter().map(|it| reference(&it.value)).collect(),
                groups: policy
                    .protected_groups
                    .iter()
                    .map(|it| Written::name(it.value.as_written()))
                    .collect(),
            },
            minimum: Minimum {
                users: unless(&policy.minimum.users.value, &default.minimum.users.value),
                groups: unless(&policy.minimum.groups.value, &default.minimum.groups.value),
                declared_users: unless(
                    &policy.minimum.declared_users.value,
                    &default.minimum.declared_users.value,
                ),
            },
            orders_expire_after: unless(
                &policy.orders_expire_after.value,
                &default.orders_expire_after.value,
            )
            .map(|days: u32| format!("{days}d")),
            grace_period: unless(&policy.grace_period.value, &default.grace_period.value)
                .map(|period: SignedDuration| format!("{period:#}")),
            auto_emails: unless(&policy.auto_emails.value, &default.auto_emails.value),
            missing_from_export: unless(
                &policy.missing_from_export.value,
                &default.missing_from_export.value,
            ),
        };
        let says_nothing = Self {
            unmanaged: UnmanagedPolicy::default(),
            limits: Limits::default(),
            protected: Protected::default(),
            minimum: Minimum::default(),
            orders_expire_after: None,
            grace_period: None,
            auto_emails: None,
            missing_from_export: None,
        };
        (written != says_nothing).then_some(written)
    }
}

impl Limits {
    fn of(limits: &model::Limits) -> Self {
        let default = model::Limits::default();
        let count = |limit: Limit, default: Limit| unless(&limit.at_least, &default.at_least);
        let share = |limit: Limit, default: Limit| {
            let differs = (limit.percent, limit.at_least) != (default.percent, default.at_least);
            let Limit { percent, at_least, .. } = limit;
            let said = if percent == 0 { Share::Count(at_least) } else { Share::Part { percent, at_least } };
            differs.then_some(said)
        };
        let identifiers = |kind| share(limits.identifiers.of(kind), default.identifiers.of(kind));
        Self {
            remove_users: count(limits.remove_users, default.remove_users),
            erase_history: count(limits.erase_history, default.erase_history),
            untrack: share(limits.untrack, default.untrack),
            track: share(limits.track, default.track),
            deactivate: share(limits.deactivate, default.deactivate),
            activate: share(limits.activate, default.activate),
            renames: share(limits.renames, default.renames),
            identifiers: Identifiers {
                upn: identifiers(IdentifierKind::Upn),
                email: identifiers(IdentifierKind::Email),
                employee_id: identifiers(IdentifierKind::EmployeeId),
                device_login: identifiers(IdentifierKind::DeviceLogin),
            },
            delete_groups: share(limits.delete_groups, default.delete_groups),
            leave_group: share(limits.leave_group, default.leave_group),
            remove_exclusions: count(limits.remove_exclusions, default.remove_exclusions),
        }
    }
}

fn is_empty<T: Default + PartialEq>(it: &T) -> bool {
    *it == T::default()
}

/// What is said, unless the default says it.
fn unless<T: PartialEq + Copy, R: From<T>>(said: &T, default: &T) -> Option<R> {
    (said != default).then(|| R::from(*said))
}

impl From<Unmanaged> for raw::Unmanaged {
    fn from(it: Unmanaged) -> Self {
        match it {
            Unmanaged::Ignore => Self::Ignore,
            Unmanaged::Report => Self::Report,
        }
    }
}

impl From<UnmanagedGroups> for raw::UnmanagedGroups {
    fn from(it: UnmanagedGroups) -> Self {
        match it {
            UnmanagedGroups::Ignore => Self::Ignore,
            UnmanagedGroups::Report => Self::Report,
            UnmanagedGroups::Delete => Self::Delete,
        }
    }
}

impl From<UnmanagedHrGroups> for raw::UnmanagedHrGroups {
    fn from(it: UnmanagedHrGroups) -> Self {
        match it {
            UnmanagedHrGroups::Carry => Self::Carry,
            UnmanagedHrGroups::CarryAndReport => Self::CarryAndReport,
            UnmanagedHrGroups::DeleteByAbsence => Self::DeleteByAbsence,
        }
    }
}

impl From<AutoEmails> for raw::AutoEmails {
    fn from(it: AutoEmails) -> Self {
        match it {
            AutoEmails::Keep => Self::Keep,
            AutoEmails::Remove => Self::Remove,
        }
    }
}
