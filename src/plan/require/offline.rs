//! What are the two sides where there is no account? The manifests, and an account that has nothing but the groups that they take
//! for granted.

use std::collections::BTreeMap;

use crate::model::{
    DeclaredSource, Desired, GroupId, GroupName, GroupSource, GroupState, Located, Missing, Observed,
    ObservedGroup, OrderKind,
};

/// Manifests that an empty account can be made equal to, and that account.
pub(in crate::plan) fn sides(desired: &Desired) -> (Desired, Observed) {
    let mut said = desired.clone();
    let minimum = &mut said.policy.minimum;
    for least in [&mut minimum.users, &mut minimum.groups, &mut minimum.declared_users] {
        *least = Located::unplaced(0);
    }
    said.policy.protected_users.clear();
    said.policy.protected_groups.clear();
    said.groups.retain(|group| group.state == GroupState::Present);
    for user in &mut said.users {
        user.missing = Missing::Create;
        // Whoever is to be removed is not there.
        user.order = user.order.take().filter(|order| matches!(order.kind, OrderKind::Remove(_)));
    }
    let groups = granted(&said);
    let groups = (1..).zip(groups).map(|(id, (name, source))| ObservedGroup::new(GroupId(id), name, source));
    let observed = Observed::new(Vec::new(), groups.collect(), &[], Vec::new(), Vec::new());
    (said, observed)
}

/// Groups that no plan makes: those that only users or `membersOf` name, and those of an identity provider; by name.
fn granted(said: &Desired) -> Vec<(GroupName, GroupSource)> {
    let copying = said.groups.iter().filter_map(|group| group.automatic.as_ref());
    let named = said.users.iter().flat_map(|user| &user.groups).chain(copying.flat_map(|it| &it.of));
    let mut granted: BTreeMap<&str, (&GroupName, GroupSource)> =
        named.map(|group| (group.value.key(), (&group.value, GroupSource::App))).collect();
    for group in &said.groups {
        let name = &group.name.value;
        if group.source == Some(DeclaredSource::Scim) {
            granted.insert(name.key(), (name, GroupSource::Scim));
        } else {
            granted.remove(name.key());
        }
    }
    granted.into_values().map(|(name, source)| (name.clone(), source)).collect()
}
