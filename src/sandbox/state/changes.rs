//! What differs between two states of one account, in words that name nobody.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::sandbox::seed::{Exclusion, User, UserId};
use crate::sandbox::state::account::{GroupEntry, State};

impl State {
    /// What became different since an earlier state: users, groups and rules by their numbers.
    pub(crate) fn changes_since(&self, before: &State) -> Vec<String> {
        let mut changes = Vec::new();
        let ids: BTreeSet<UserId> = before.users().iter().chain(self.users()).map(|user| user.id).collect();
        for id in ids {
            let fields = |before: &User, after: &User| {
                format!(" (revision {}): {}", after.revision, fields(before, after).join(", "))
            };
            changes.extend(change("user", id, [before.user(id), self.user(id)], fields));
        }
        let ids: BTreeSet<_> = before.groups().chain(self.groups()).map(|entry| entry.group.id).collect();
        for id in ids {
            changes.extend(change("group", id, [before.group(id), self.group(id)], group_changes));
        }
        let ids: BTreeSet<_> = before.rules().chain(self.rules()).map(|rule| rule.id).collect();
        let login = |_: &Exclusion, _: &Exclusion| ": login".to_owned();
        for id in ids {
            changes.extend(change("rule", id, [before.rule(id), self.rule(id)], login));
        }
        changes
    }
}

/// What became of one record, if anything did.
fn change<T: Same>(
    kind: &str,
    id: impl Display,
    [before, after]: [Option<&T>; 2],
    fields: impl Fn(&T, &T) -> String,
) -> Option<String> {
    match (before, after) {
        (Some(before), Some(after)) if before.same(after) => None,
        (Some(before), Some(after)) => Some(format!("{kind} {id}{}", fields(before, after))),
        (None, Some(_)) => Some(format!("{kind} {id} made")),
        (Some(_), None) => Some(format!("{kind} {id} deleted")),
        (None, None) => None,
    }
}

/// Whether two records are one and the same, but for who is in a group: that is said of the users.
trait Same {
    fn same(&self, other: &Self) -> bool;
}

impl Same for User {
    fn same(&self, other: &User) -> bool {
        self == other
    }
}

impl Same for GroupEntry {
    fn same(&self, other: &GroupEntry) -> bool {
        self.group == other.group
    }
}

impl Same for Exclusion {
    fn same(&self, other: &Exclusion) -> bool {
        self == other
    }
}

fn group_changes(before: &GroupEntry, after: &GroupEntry) -> String {
    let (old, new) = (&before.group, &after.group);
    let changed = [("name", old.name != new.name), ("computers", old.computers != new.computers)];
    let changed: Vec<&str> = changed.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    format!(": {}", changed.join(", "))
}

/// Which fields of a user differ.
fn fields(before: &User, after: &User) -> Vec<&'static str> {
    let changed = [
        ("display name", before.display_name != after.display_name),
        ("first name", before.first_name != after.first_name),
        ("middle name", before.middle_name != after.middle_name),
        ("last name", before.last_name != after.last_name),
        ("UPNs", before.upns != after.upns),
        ("emails", before.emails != after.emails),
        ("employee IDs", before.employee_ids != after.employee_ids),
        ("device logins", before.device_logins != after.device_logins),
        ("untracked", before.tracked && !after.tracked),
        ("tracked", !before.tracked && after.tracked),
        ("active", before.active != after.active),
        ("primary group", before.primary_group != after.primary_group),
        ("groups", before.groups != after.groups),
        ("agents", before.agents != after.agents),
        ("deleted agents", before.deleted_agents != after.deleted_agents),
    ];
    let changed: Vec<&str> = changed.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    if changed.is_empty() { vec!["nothing but the revision"] } else { changed }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::rules::testing::state;

    #[test]
    fn changes_name_records_by_number_and_say_which_fields_differ() {
        let before = state(
            r#""groups":[{"id":3,"name":"A"},{"id":4,"name":"B"}],"users":[{"id":1,"emails":["a@x"]},{"id":2,"upns":["b@x"]}],
            "exclusions":[{"id":5,"login":"*\\x"}]"#,
        );
        let after = state(
            r#""groups":[{"id":3,"name":"C"},{"id":6,"name":"B"}],
            "users":[{"id":1,"revision":2,"emails":["n@x"],"tracked":false,"groups":[3]},{"id":3,"upns":["b@x"]}]"#,
        );
        assert_eq!(
            after.changes_since(&before),
            [
                "user 1 (revision 2): emails, untracked, groups",
                "user 2 deleted",
                "user 3 made",
                "group 3: name",
                "group 4 deleted",
                "group 6 made",
                "rule 5 deleted",
            ]
        );
        assert_eq!(after.changes_since(&after), [""; 0]);
    }
}
