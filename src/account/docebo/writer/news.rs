//! What does a writer know that the reading did not: the groups of this run, and what it takes away?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use crate::account::docebo::wire::Group;
use crate::model::{ChangeId, GroupId, GroupRef, ObservedUser, UserId};

/// What became known in this run.
#[derive(Debug, Default)]
pub(super) struct News(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The groups as they were listed last.
    listed: BTreeMap<GroupId, Group>,
    /// What this run wrote to groups, and saw there.
    written: BTreeMap<GroupId, Map<String, Value>>,
    made: BTreeMap<ChangeId, GroupId>,
    users: BTreeMap<ChangeId, ObservedUser>,
    /// The groups that this run deletes or renames: no other write of it is to blame.
    taken: BTreeSet<GroupId>,
    /// Who goes into a group by this run, or out of it.
    moved: BTreeSet<(GroupId, UserId)>,
    /// Whom this run activates or deactivates.
    turned: BTreeSet<UserId>,
}

impl News {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the groups as they are listed now.
    pub(super) fn list(&self, groups: &[Group]) {
        self.known().listed = groups.iter().map(|group| (group.id, group.clone())).collect();
    }

    /// A group as it was listed last; none where the step that was to make it did not.
    pub(super) fn group(&self, group: GroupRef) -> Option<Group> {
        let known = self.known();
        let id = match group {
            GroupRef::Known(id) => id,
            GroupRef::New(change) => *known.made.get(&change)?,
        };
        known.listed.get(&id).cloned()
    }

    /// Notes what a group says under a key since this run wrote it.
    pub(super) fn wrote(&self, group: GroupId, key: &str, value: Value) {
        self.known().written.entry(group).or_default().insert(key.to_owned(), value);
    }

    /// What this run wrote to a group, and saw there.
    pub(super) fn written(&self, group: GroupId) -> Map<String, Value> {
        self.known().written.get(&group).cloned().unwrap_or_default()
    }

    /// Notes the group that a change created.
    pub(super) fn made(&self, change: Option<ChangeId>, id: GroupId) {
        self.known().made.extend(change.map(|change| (change, id)));
    }

    /// Notes the user that a change created.
    pub(super) fn made_user(&self, change: Option<ChangeId>, user: ObservedUser) {
        self.known().users.extend(change.map(|change| (change, user)));
    }

    /// The user that a change created; none where it did not.
    pub(super) fn user(&self, change: ChangeId) -> Option<UserId> {
        self.known().users.get(&change).map(|user| user.id)
    }

    /// A user whom this run created.
    pub(super) fn record(&self, id: UserId) -> Option<ObservedUser> {
        self.known().users.values().find(|user| user.id == id).cloned()
    }

    /// Notes groups that this run is about to delete or rename.
    pub(super) fn takes(&self, groups: impl IntoIterator<Item = GroupId>) {
        self.known().taken.extend(groups);
    }

    /// Whether this run deletes or renames a group.
    pub(super) fn is_taken(&self, group: GroupId) -> bool {
        self.known().taken.contains(&group)
    }

    /// Notes who is about to go into a group, or out of it.
    pub(super) fn moves(&self, group: GroupId, users: impl IntoIterator<Item = UserId>) {
        self.known().moved.extend(users.into_iter().map(|user| (group, user)));
    }

    /// Notes who is about to be activated or deactivated.
    pub(super) fn turns(&self, users: impl IntoIterator<Item = UserId>) {
        self.known().turned.extend(users);
    }

    /// Whether this run activates a user, or deactivates them.
    pub(super) fn is_turned(&self, user: UserId) -> bool {
        self.known().turned.contains(&user)
    }

    /// Whether this run puts a user into a group, or takes them out of it.
    pub(super) fn is_moved(&self, group: GroupId, user: UserId) -> bool {
        self.known().moved.contains(&(group, user))
    }
}
