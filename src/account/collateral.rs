//! What did a write do besides? In the words of every adapter.

use std::collections::BTreeMap;

use crate::model::{GroupId, ObservedUser, UserId};

/// So many are named; the others are counted.
const NAMED: usize = 10;

/// Several findings of one kind, if there are any.
pub(in crate::account) fn several(mut words: Vec<String>) -> Option<String> {
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    if more > 0 {
        words.push(format!("and {more} more"));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// Which groups are gone or called otherwise, each by number and name.
pub(in crate::account) fn lost_groups<'g>(
    before: impl Iterator<Item = (GroupId, &'g str)>,
    after: impl Iterator<Item = (GroupId, &'g str)>,
) -> Option<String> {
    let after: BTreeMap<GroupId, &str> = after.collect();
    let words = |(id, name): (GroupId, &str)| match after.get(&id) {
        None => Some(format!("the group {name} is gone")),
        Some(now) if *now != name => Some(format!("the group {name} is called {now}")),
        Some(_) => None,
    };
    several(before.filter_map(words).collect())
}

/// What a user goes by.
pub(in crate::account) fn called(record: Option<&ObservedUser>, user: UserId) -> String {
    let name = record.and_then(|record| {
        record.display_name.as_ref().map(ToString::to_string).or_else(|| record.display_id())
    });
    name.unwrap_or_else(|| format!("record {}", user.0))
}
