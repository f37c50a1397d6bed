//! What a writer knows of the account: revisions, records and what this run made, seeded from the reading.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::account::activtrak::identity::Target;
use crate::model::{
    ChangeId, ComputerId, ExclusionId, GroupId, GroupRef, Observed, ObservedUser, Revision, Topic, UserId,
    UserRef,
};

/// The directory of records.
#[derive(Debug)]
pub(super) struct Directory {
    observed: Arc<Observed>,
    news: Mutex<News>,
}

/// What differs from the reading.
#[derive(Debug, Default)]
struct News {
    records: BTreeMap<UserId, ObservedUser>,
    revisions: BTreeMap<UserId, Revision>,
    users: BTreeMap<ChangeId, UserId>,
    groups: BTreeMap<ChangeId, GroupId>,
    renumbered: BTreeMap<GroupId, GroupId>,
    regrouped: BTreeSet<UserId>,
    taken: BTreeSet<Thing>,
}

/// What this run takes away or calls otherwise: no other write of it is to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// A user out of a group.
    Member(GroupId, UserId),
    /// A computer out of a group.
    Computer(GroupId, ComputerId),
    /// A rule.
    Rule(ExclusionId),
    /// A group, by the number that stays.
    Group(GroupId),
}

impl Directory {
    pub(super) fn new(observed: Arc<Observed>) -> Self {
        Self { observed, news: Mutex::default() }
    }

    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record with the revision it is believed to have. One that was never seen gets revision 0: the account refuses it
    /// as stale, and it is read then.
    pub(super) fn target(&self, id: UserId) -> Target {
        let known = self.news().revisions.get(&id).copied();
        let read = || self.observed.user_ix(id).map(|ix| self.observed.user(ix).revision);
        Target::new(id, known.or_else(read).unwrap_or(Revision(0)))
    }

    /// The record as this run has seen it, if it has.
    pub(super) fn seen(&self, id: UserId) -> Option<ObservedUser> {
        self.news().records.get(&id).cloned()
    }

    /// The record as it was last seen, in this run or in the reading.
    pub(super) fn record(&self, id: UserId) -> Option<ObservedUser> {
        self.seen(id).or_else(|| self.observed.user_ix(id).map(|ix| self.observed.user(ix).clone()))
    }

    /// Whether the keys don't show something of the account.
    pub(super) fn hides(&self, topic: Topic) -> bool {
        self.observed.reach.hidden(topic).is_some()
    }

    /// Who was in a group when the account was read; nothing where the keys don't show that.
    pub(super) fn members(&self, group: GroupId) -> Option<BTreeSet<UserId>> {
        let observed = &self.observed;
        let ix = observed.group_ix(group).filter(|_| observed.reach.hidden(Topic::Members).is_none())?;
        Some(observed.members(ix).map(|user| observed.user(user).id).collect())
    }

    /// Whether a record was there when the account was read, or is one that this run made for another change.
    pub(super) fn is_anothers(&self, id: UserId) -> bool {
        self.observed.user_ix(id).is_some() || self.news().users.values().any(|made| *made == id)
    }

    /// Whether a group was there when the account was read.
    pub(super) fn was_there(&self, group: GroupId) -> bool {
        self.observed.group_ix(group).is_some()
    }

    /// Takes a record as the account shows it now. One that is older than what was seen before comes from a copy that is behind.
    pub(super) fn learn(&self, record: &ObservedUser) {
        let mut news = self.news();
        if news.records.get(&record.id).is_some_and(|seen| seen.revision > record.revision) {
            return;
        }
        news.revisions.insert(record.id, record.revision);
        news.records.insert(record.id, record.clone());
    }

    /// Predicts what a write that answers no record made of revisions: one more each.
    pub(super) fn predict(&self, written: &[Target]) {
        let mut news = self.news();
        for target in written {
            news.revisions.insert(target.id(), Revision(target.revision().0 + 1));
        }
    }

    /// Notes the record that a change created.
    pub(super) fn made_user(&self, change: Option<ChangeId>, id: UserId) {
        self.news().users.extend(change.map(|change| (change, id)));
    }

    /// Notes the group that a change created.
    pub(super) fn made_group(&self, change: Option<ChangeId>, id: GroupId) {
        self.news().groups.extend(change.map(|change| (change, id)));
    }

    /// Notes that renaming gave a group another number.
    pub(super) fn renumbered(&self, from: GroupId, to: GroupId) {
        if from != to {
            self.news().renumbered.insert(from, to);
        }
    }

    /// Notes what this run is about to take away or call otherwise.
    pub(super) fn takes(&self, things: impl IntoIterator<Item = Thing>) {
        self.news().taken.extend(things);
    }

    /// Whether this run took it away or called it otherwise.
    pub(super) fn is_taken(&self, thing: Thing) -> bool {
        self.news().taken.contains(&thing)
    }

    /// Notes that this run changes the groups of users: the account may choose other primary groups for them.
    pub(super) fn regroups(&self, users: impl IntoIterator<Item = UserId>) {
        self.news().regrouped.extend(users);
    }

    /// Whether this run changed the groups of a user.
    pub(super) fn is_regrouped(&self, user: UserId) -> bool {
        self.news().regrouped.contains(&user)
    }

    /// The record a step is about; `None` if it was to be created and was not.
    pub(super) fn user(&self, user: UserRef) -> Option<UserId> {
        match user {
            UserRef::Known(id) => Some(id),
            UserRef::New(change) => self.news().users.get(&change).copied(),
        }
    }

    /// The group a step is about; `None` if it was to be created and was not.
    pub(super) fn group(&self, group: GroupRef) -> Option<GroupId> {
        let news = self.news();
        let id = match group {
            GroupRef::Known(id) => id,
            GroupRef::New(change) => news.groups.get(&change).copied()?,
        };
        Some(news.renumbered.get(&id).copied().unwrap_or(id))
    }
}
