//! Which groups do manifests take for granted?

use std::collections::BTreeSet;

use crate::model::{Desired, DesiredGroup, GroupName};

/// The groups that somebody names and no entry declares: a plan makes none of them.
pub(super) fn granted(desired: &Desired) -> BTreeSet<&GroupName> {
    let by_users = desired.users.iter().flat_map(|it| it.groups.iter().chain(it.primary_group.declared()));
    let copied = desired.groups.iter().flat_map(DesiredGroup::copied);
    let named = by_users.chain(copied).chain(&desired.policy.protected_groups).map(|name| &name.value);
    let declared: BTreeSet<&GroupName> = desired.groups.iter().map(|group| &group.name.value).collect();
    named.filter(|name| !declared.contains(name)).collect()
}
