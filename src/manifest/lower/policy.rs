//! What may a plan do, and what must it leave alone?

use jiff::SignedDuration;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::lower::field::items;
use crate::manifest::lower::text::NAMED_GROUP;
use crate::manifest::lower::{limit, reference, requirement};
use crate::manifest::raw;
use crate::manifest::yaml::{Field, Spanned};
use crate::model::{AutoEmails, Limits, Located, Policy, Unmanaged, UnmanagedGroups, UnmanagedHrGroups};

/// Lowers `policy` over its defaults.
pub(super) fn lower(it: Spanned<raw::Policy>, found: &mut Diagnostics) -> Located<Policy> {
    let origin = it.origin();
    let raw::Policy {
        unmanaged,
        limits,
        protected,
        minimum,
        orders_expire_after,
        grace_period,
        auto_emails,
        missing_from_export,
        require,
    } = it.value;
    let mut policy = Policy::default();
    if let Some(unmanaged) = unmanaged.given() {
        let raw::UnmanagedPolicy { users, groups, hr_groups, exclusions } = unmanaged.value;
        say(users, &mut policy.unmanaged_users);
        say(groups, &mut policy.unmanaged_groups);
        say(hr_groups, &mut policy.unmanaged_hr_groups);
        say(exclusions, &mut policy.unmanaged_exclusions);
    }
    if let Some(limits) = limits.given() {
        lower_limits(limits.value, &mut policy.limits, found);
    }
    if let Some(protected) = protected.given() {
        let raw::Protected { users, groups } = protected.value;
        policy.protected_users = reference::list(users, found);
        policy.protected_groups = items(groups).iter().filter_map(|it| NAMED_GROUP.one(it, found)).collect();
    }
    if let Some(minimum) = minimum.given() {
        let raw::Minimum { users, groups, declared_users } = minimum.value;
        say(users, &mut policy.minimum.users);
        say(groups, &mut policy.minimum.groups);
        say(declared_users, &mut policy.minimum.declared_users);
    }
    if let Some(days) = orders_expire_after.given().and_then(|it| days(&it, found)) {
        policy.orders_expire_after = days;
    }
    if let Some(period) = grace_period.given().and_then(|it| period(&it, found)) {
        policy.grace_period = period;
    }
    say(auto_emails, &mut policy.auto_emails);
    say(missing_from_export, &mut policy.missing_from_export);
    policy.require = requirement::list(require, found);
    Located::new(policy, origin)
}

fn lower_limits(raw: raw::Limits, limits: &mut Limits, found: &mut Diagnostics) {
    let raw::Limits {
        remove_users,
        erase_history,
        untrack,
        track,
        deactivate,
        activate,
        renames,
        identifiers,
        delete_groups,
        leave_group,
        remove_exclusions,
    } = raw;
    limit::count(remove_users, &mut limits.remove_users);
    limit::count(erase_history, &mut limits.erase_history);
    limit::limit(untrack, &mut limits.untrack, found);
    limit::limit(track, &mut limits.track, found);
    limit::limit(deactivate, &mut limits.deactivate, found);
    limit::limit(activate, &mut limits.activate, found);
    limit::limit(renames, &mut limits.renames, found);
    limit::identifiers(identifiers, &mut limits.identifiers, found);
    limit::limit(delete_groups, &mut limits.delete_groups, found);
    limit::limit(leave_group, &mut limits.leave_group, found);
    limit::count(remove_exclusions, &mut limits.remove_exclusions);
}

/// Puts what a key says over a default.
fn say<R: Into<T>, T>(field: Field<R>, into: &mut Located<T>) {
    if let Some(it) = field.given() {
        *into = it.located().map(Into::into);
    }
}

/// Reads `30d`.
fn days(it: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Located<u32>> {
    let days = it.value.trim().strip_suffix('d').and_then(|days| days.parse().ok()).filter(|&days| days > 0);
    if days.is_none() {
        let message = format!("`{}` is not a number of days", it.value);
        found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help("write the days and a d: 30d"));
    }
    days.map(|days| Located::new(days, it.origin()))
}

/// The longest grace period: a platform that takes longer is stuck.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Reads `2h` and `90m`.
fn period(it: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Located<SignedDuration>> {
    let read = it.value.trim().parse::<SignedDuration>().ok();
    let period = read.filter(|period| (SignedDuration::ZERO..=LONGEST).contains(period));
    if period.is_none() {
        let message = format!("`{}` is not a time of at most 7 days", it.value);
        let help = "write hours and an h, or minutes and an m: 2h";
        found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help(help));
    }
    period.map(|period| Located::new(period, it.origin()))
}

impl From<raw::Unmanaged> for Unmanaged {
    fn from(raw: raw::Unmanaged) -> Self {
        match raw {
            raw::Unmanaged::Ignore => Self::Ignore,
            raw::Unmanaged::Report => Self::Report,
        }
    }
}

impl From<raw::UnmanagedGroups> for UnmanagedGroups {
    fn from(raw: raw::UnmanagedGroups) -> Self {
        match raw {
            raw::UnmanagedGroups::Ignore => Self::Ignore,
            raw::UnmanagedGroups::Report => Self::Report,
            raw::UnmanagedGroups::Delete => Self::Delete,
        }
    }
}

impl From<raw::UnmanagedHrGroups> for UnmanagedHrGroups {
    fn from(raw: raw::UnmanagedHrGroups) -> Self {
        match raw {
            raw::UnmanagedHrGroups::Carry => Self::Carry,
            raw::UnmanagedHrGroups::CarryAndReport => Self::CarryAndReport,
            raw::UnmanagedHrGroups::DeleteByAbsence => Self::DeleteByAbsence,
        }
    }
}

impl From<raw::AutoEmails> for AutoEmails {
    fn from(raw: raw::AutoEmails) -> Self {
        match raw {
            raw::AutoEmails::Keep => Self::Keep,
            raw::AutoEmails::Remove => Self::Remove,
        }
    }
}
