//! Whom does a plan change, by what the Users page says of them?

use std::collections::BTreeSet;

use crate::model::{Change, Delta, Field, Object, Observed, Piece, Status, UserId};

/// How many users of the account a plan changes, by status: themselves, the groups they are in, or their history. Users that it creates are
/// in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangedUsers {
    /// An agent of theirs reported lately.
    pub active: usize,
    /// They have agents, and none reported lately.
    pub inactive: usize,
    /// They have no agent.
    pub unlicensed: usize,
    /// The account shows no status that is known.
    pub unknown: usize,
}

impl ChangedUsers {
    /// Counts each user once, however much of the plan is about them.
    pub(super) fn by(changes: &[Change], observed: &Observed) -> Self {
        let mut changed_users = Self::default();
        let users: BTreeSet<UserId> = changes.iter().flat_map(users).collect();
        for user in users.into_iter().filter_map(|id| observed.user_ix(id)) {
            let count = match observed.user(user).status {
                Some(Status::Active) => &mut changed_users.active,
                Some(Status::Inactive) => &mut changed_users.inactive,
                Some(Status::Unlicensed) => &mut changed_users.unlicensed,
                None => &mut changed_users.unknown,
            };
            *count += 1;
        }
        changed_users
    }

    /// All of them.
    pub const fn total(&self) -> usize {
        self.active + self.inactive + self.unlicensed + self.unknown
    }
}

/// The records that a change is about, that join or leave its group, or whose history goes with it.
pub(super) fn users(change: &Change) -> impl Iterator<Item = UserId> {
    let own = match &change.object {
        Object::User(label) => label.record,
        Object::Group { .. } | Object::Exclusion { .. } => None,
    };
    let others = change.facts.iter().filter(|fact| {
        matches!(fact.field, Field::Member | Field::Pinned | Field::PredictedMember | Field::History)
    });
    let others = others.filter_map(|fact| match &fact.delta {
        Delta::Add(Piece::User(label)) | Delta::Remove(Piece::User(label)) => label.record,
        Delta::Add(_) | Delta::Remove(_) | Delta::Set { .. } => None,
    });
    own.into_iter().chain(others)
}
