//! Which groups does a removed user leave? Every one; the account does it with the record, and the plan says so.

use std::collections::BTreeMap;

use crate::model::{Delta, Fact, GroupIx, GroupSource, Piece, Sizes, UserIx, Verb};
use crate::plan::draft::Draft;
use crate::plan::orders::draft::gone_fact;
use crate::plan::people::People;

/// Shows the removed members of every group but those of the HR set, which is uploaded without them.
pub(in crate::plan) fn memberships(people: &People<'_>, draft: &mut Draft) {
    let mut left: BTreeMap<GroupIx, Vec<UserIx>> = BTreeMap::new();
    let removed: Vec<UserIx> = people.orders.removed().collect();
    if removed.is_empty() {
        return;
    }
    for (group, user) in &people.observed.memberships {
        let hr = people.observed.group(*group).source == GroupSource::Hr;
        if !hr && removed.binary_search(user).is_ok() {
            left.entry(*group).or_default().push(*user);
        }
    }
    for (group, users) in left {
        leave(people, group, &users, draft);
    }
}

fn leave(people: &People<'_>, ix: GroupIx, users: &[UserIx], draft: &mut Draft) {
    let group = people.observed.group(ix);
    let key = format!("group:{}", group.id.0);
    let Some(first) = users.first().map(|user| gone_fact(people, *user)) else { return };
    let change =
        draft.change_with_key(&key).unwrap_or_else(|| draft.push_group(group, Verb::Update, first.origin));
    if draft.changes[change.0 as usize].verb == Verb::Delete {
        return;
    }
    let before = people.observed.members(ix).len();
    let mut sizes = draft.changes[change.0 as usize].members.unwrap_or(Sizes { before, after: before });
    for user in users {
        let fact = gone_fact(people, *user);
        if !draft.changes[change.0 as usize].facts.iter().any(|other| leaves(other, &fact)) {
            sizes.after = sizes.after.saturating_sub(1);
            draft.fact(change, fact);
        }
    }
    draft.sizes(change, sizes);
}

/// Whether two facts take the same user out.
fn leaves(one: &Fact, other: &Fact) -> bool {
    match (&one.delta, &other.delta) {
        (Delta::Remove(Piece::User(left)), Delta::Remove(Piece::User(right))) => left == right,
        _ => false,
    }
}
