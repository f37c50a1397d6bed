//! What differs between two states of one tenant, in words that name nobody.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::sandbox::docebo::seed::{Group, User, UserId, Uuid};
use crate::sandbox::docebo::state::tenant::Tenant;

impl Tenant {
    /// What became different since an earlier state: users by their numbers, groups by their uuids.
    pub(crate) fn changes_since(&self, before: &Tenant) -> Vec<String> {
        let mut changes = Vec::new();
        let ids: BTreeSet<UserId> = before.users().chain(self.users()).map(|user| user.id).collect();
        for id in ids {
            changes.extend(change("user", id, [before.user(id), self.user(id)], of_user));
        }
        let uuids: BTreeSet<&Uuid> = before.groups().chain(self.groups()).map(|group| &group.uuid).collect();
        for uuid in uuids {
            changes.extend(change("group", uuid, [before.group(uuid), self.group(uuid)], of_group));
        }
        changes
    }
}

/// What became of one record, if anything did.
fn change<T: PartialEq>(
    kind: &str,
    id: impl Display,
    [before, after]: [Option<&T>; 2],
    parts: impl Fn(&T, &T) -> Vec<String>,
) -> Option<String> {
    match (before, after) {
        (Some(before), Some(after)) if before == after => None,
        (Some(before), Some(after)) => Some(format!("{kind} {id}: {}", parts(before, after).join(", "))),
        (None, Some(_)) => Some(format!("{kind} {id} made")),
        (Some(_), None) => Some(format!("{kind} {id} deleted")),
        (None, None) => None,
    }
}

/// The names of what is different.
fn named<const N: usize>(parts: [(&str, bool); N]) -> impl Iterator<Item = String> {
    parts.map(|(name, is)| is.then(|| name.to_owned())).into_iter().flatten()
}

fn of_user(before: &User, after: &User) -> Vec<String> {
    let parts = [
        ("username", before.username != after.username),
        ("first name", before.first_name != after.first_name),
        ("last name", before.last_name != after.last_name),
        ("email", before.email != after.email),
        ("activated", !before.active && after.active),
        ("deactivated", before.active && !after.active),
        ("level", before.level != after.level),
        ("fields", before.fields != after.fields),
        ("branches", before.branches != after.branches),
        ("enrollments", before.enrollments != after.enrollments),
    ];
    named(parts).collect()
}

fn of_group(before: &Group, after: &Group) -> Vec<String> {
    let parts = [
        ("name", before.name != after.name),
        ("description", before.description != after.description),
        ("labels", before.labels != after.labels),
        ("exclusion of deactivated users", before.exclude_deactivated != after.exclude_deactivated),
        ("rules", before.ruleset != after.ruleset),
    ];
    let none = BTreeSet::new();
    let computed = |group: &Group| group.computed.as_ref().unwrap_or(&none).clone();
    let moved = |what: &str, [before, after]: [&BTreeSet<UserId>; 2]| {
        let (joined, left) = (after.difference(before).count(), before.difference(after).count());
        (joined + left > 0).then(|| format!("{what} +{joined} -{left}"))
    };
    let by_hand = moved("by hand", [&before.members, &after.members]);
    let by_rules = moved("by rules", [&computed(before), &computed(after)]);
    let is_again = before.computed.is_some() && after.computed.is_none();
    let again = is_again.then(|| "to be filled anew".to_owned());
    let all: Vec<String> = named(parts).chain(by_hand).chain(by_rules).chain(again).collect();
    if all.is_empty() { vec!["written".to_owned()] } else { all }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::docebo::rules::testing::tenant;

    #[test]
    fn changes_name_records_by_number_and_say_which_parts_differ() {
        let before = tenant(
            r#""users":[{"id":1,"username":"a"},{"id":2,"username":"b"}],
            "groups":[{"uuid":"g","name":"A","members":[1]},{"uuid":"h","name":"H"},{"uuid":"x","name":"X","updated":"2026-01-01T00:00:00Z"}]"#,
        );
        let after = tenant(
            r#""users":[{"id":1,"username":"a","email":"a@x","active":false},{"id":3,"username":"c"}],
            "groups":[{"uuid":"g","name":"B","members":[3]},{"uuid":"i","name":"I"},{"uuid":"x","name":"X"}]"#,
        );
        assert_eq!(
            after.changes_since(&before),
            [
                "user 1: email, deactivated",
                "user 2 deleted",
                "user 3 made",
                "group g: name, by hand +1 -1",
                "group h deleted",
                "group i made",
                "group x: written",
            ]
        );
        assert_eq!(after.changes_since(&after), [""; 0]);
    }
}
