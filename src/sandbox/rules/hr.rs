//! What an HR upload does: it is the whole truth about every HR group, and adds to users ("Update Users via CSV" guide;
//! POST /hrdc/v2/bulk).
//!
//! Unmatched rows change nothing: creating users from them is an account setting that is off here. Without a `group`
//! column groups are left alone; with one, every HR group that no matched row names is deleted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::sandbox::rules::bulk::delete_data;
use crate::sandbox::rules::groups::valid_name;
use crate::sandbox::rules::hr_file::{Groups, HrFile, Row};
use crate::sandbox::seed::{GroupId, GroupSource, Sourced, User, UserId};
use crate::sandbox::state::{State, fold};

/// The source left on values that an upload added.
const HR: &str = "HRDC";

impl State {
    /// Carries an upload out.
    pub(crate) fn take_over(&mut self, file: &HrFile, now: Timestamp) {
        let mut snapshot: BTreeMap<String, (&str, BTreeSet<UserId>)> = BTreeMap::new();
        for row in &file.rows {
            let Some(id) = self.matched(&row.lookup) else { continue };
            self.take_over_user(id, row, now);
            if let Some(group) = &row.group {
                snapshot.entry(fold(group)).or_insert_with(|| (group, BTreeSet::new())).1.insert(id);
            }
        }
        match file.groups {
            Groups::SnapshotOfMatched if snapshot.is_empty() => {}
            Groups::Snapshot | Groups::SnapshotOfMatched => self.take_over_groups(snapshot, now),
            Groups::Part => self.add_to_groups(snapshot, now),
            Groups::NotMentioned => {}
        }
    }

    /// The one user who holds a value as a UPN, an email or an employee ID.
    fn matched(&self, lookup: &str) -> Option<UserId> {
        let mut found: Vec<UserId> = self.holders_of_employee_id_folded(lookup).to_vec();
        found.extend(self.holder_of_address(lookup));
        found.sort_unstable();
        found.dedup();
        if let [only] = found[..] { Some(only) } else { None }
    }

    /// Adds what a row says about its user, where nobody else has it.
    fn take_over_user(&mut self, id: UserId, row: &Row, now: Timestamp) {
        let Some(user) = self.user(id) else { return };
        let has_id = |user: &User, id: &str| user.employee_ids.iter().any(|held| held.value == id);
        let has_email =
            |user: &User, email: &str| user.emails.iter().any(|held| fold(&held.value) == fold(email));
        let free = |holder: Option<UserId>| holder.is_none_or(|holder| holder == id);
        let employee_id = row.employee_id.as_ref().filter(|value| !has_id(user, value));
        let employee_id = employee_id.filter(|value| free(self.holder_of_employee_id(value)));
        let email = row.email.as_ref().filter(|value| !has_email(user, value));
        let email = email.filter(|value| free(self.holder_of_address(value)));
        let renamed = |name: &&String| user.display_name.as_ref().is_none_or(|held| held.value != **name);
        let name =
            row.display_name.as_ref().filter(renamed).filter(|name| free(self.holder_of_display_name(name)));
        let untrack = row.untrack && user.tracked;
        let delete = row.delete_data && !user.agents.is_empty();
        if employee_id.is_none() && email.is_none() && name.is_none() && !untrack && !delete {
            return;
        }
        let mut user = user.clone();
        user.employee_ids.extend(employee_id.map(|value| Sourced::by(HR, value.clone())));
        user.emails.extend(email.map(|value| Sourced::by(HR, value.clone())));
        if let Some(name) = name {
            user.display_name = Some(Sourced::by(HR, name.clone()));
        }
        user.tracked = user.tracked && !untrack;
        if delete {
            delete_data(&mut user, now);
        }
        self.store(user, now);
    }

    /// Makes the HR groups exactly those of the snapshot; a user whose groups do not change is not written.
    fn take_over_groups(&mut self, snapshot: BTreeMap<String, (&str, BTreeSet<UserId>)>, now: Timestamp) {
        let mut named: BTreeSet<GroupId> = BTreeSet::new();
        let mut joined: BTreeMap<UserId, Vec<GroupId>> = BTreeMap::new();
        for (name, members) in snapshot.into_values() {
            let Some(group) = self.hr_group(name) else { continue };
            named.insert(group);
            for user in members {
                joined.entry(user).or_default().push(group);
            }
        }
        let hr = self.groups().filter(|entry| entry.group.source == GroupSource::Hr);
        let hr: BTreeMap<GroupId, Vec<UserId>> =
            hr.map(|entry| (entry.group.id, entry.members.clone())).collect();
        let touched: BTreeSet<UserId> = hr.values().flatten().chain(joined.keys()).copied().collect();
        for id in touched {
            let Some(user) = self.user(id) else { continue };
            let others = user.groups.iter().copied().filter(|group| !hr.contains_key(group));
            let mut groups: Vec<GroupId> = others.chain(joined.remove(&id).unwrap_or_default()).collect();
            groups.sort_unstable();
            if groups != user.groups {
                let mut user = user.clone();
                user.primary_group = user.primary_group.filter(|group| groups.contains(group));
                user.groups = groups;
                self.store(user, now);
            }
        }
        for group in hr.into_keys().filter(|group| !named.contains(group)) {
            self.remove_group(group);
        }
    }

    /// Puts users into HR groups, and takes nobody out of any.
    fn add_to_groups(&mut self, part: BTreeMap<String, (&str, BTreeSet<UserId>)>, now: Timestamp) {
        for (name, members) in part.into_values() {
            let Some(group) = self.hr_group(name) else { continue };
            let joining: Vec<User> = members
                .into_iter()
                .filter_map(|id| self.user(id))
                .filter(|user| !user.groups.contains(&group))
                .cloned()
                .collect();
            for mut user in joining {
                user.groups.push(group);
                user.groups.sort_unstable();
                self.store(user, now);
            }
        }
    }

    /// The HR group of a name, made if there is none; nothing for a name that another source uses or that no group may
    /// have.
    fn hr_group(&mut self, name: &str) -> Option<GroupId> {
        let holders = self.groups_named(name);
        let is_hr =
            |id: &&GroupId| self.group(**id).is_some_and(|entry| entry.group.source == GroupSource::Hr);
        match holders.iter().find(is_hr) {
            Some(id) => Some(*id),
            None if holders.is_empty() && valid_name(name).is_ok() => {
                Some(self.add_group(name, GroupSource::Hr))
            }
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state, user};

    const SEED: &str = r#""groups":[{"id":3,"name":"Finance"},{"id":5,"name":"Oslo","source":"hr","computers":[20]},
        {"id":6,"name":"Bergen","source":"hr"}],"computers":[{"id":20,"name":"PC"}],"users":[
        {"id":1,"displayName":"Ana","upns":["ana@x"],"emails":["ana@x"],"employeeIds":["E1"],"groups":[3,5]},
        {"id":2,"emails":["bob@x"],"employeeIds":["ANA@x","e9"],"groups":[5,6],
        "agents":[{"id":7,"username":"b"}]},{"id":3,"emails":["cy@x"],"employeeIds":["E9","E3"]}]"#;

    /// The HR groups after an upload: name and members.
    fn groups_after(csv: &str) -> Vec<String> {
        let mut state = state(SEED);
        state.take_over(&HrFile::read(csv.as_bytes()).unwrap(), NOW);
        let hr = state.groups().filter(|entry| entry.group.source == GroupSource::Hr);
        let numbers = |members: &[UserId]| members.iter().map(|id| id.0).collect::<Vec<_>>();
        hr.map(|entry| format!("{} {}: {:?}", entry.group.id, entry.group.name, numbers(&entry.members)))
            .collect()
    }

    #[test]
    fn a_part_of_an_upload_adds_the_first_half_of_its_rows_and_takes_nothing_away() {
        let file = HrFile::read(b"user_lookup_id,group\nE3,Oslo\nE1,Lima\nE3,Lima\n").unwrap();
        let mut state = state(SEED);
        state.take_over(&file.half(), NOW);
        let hr = state.groups().filter(|entry| entry.group.source == GroupSource::Hr);
        let shown: Vec<(&str, usize)> = hr.map(|it| (it.group.name.as_str(), it.members.len())).collect();
        assert_eq!(shown, [("Oslo", 3), ("Bergen", 1), ("Lima", 1)]);
    }

    #[test]
    fn the_upload_is_the_whole_truth_about_hr_groups() {
        let kept = ["5 Oslo: [1, 2]", "6 Bergen: [2]"];
        for (csv, expected) in [
            ("user_lookup_id,group\nbob@x,Oslo\nE1,Oslo\nbob@x,Bergen\n", &kept[..]),
            ("user_lookup_id,group\nbob@x,oslo\ncy@x,OSLO\n", &["5 Oslo: [2, 3]"]),
            ("\u{feff}user_lookup_id,group\r\nbob@x,\"Oslo, west\"\r\n", &["7 Oslo, west: [2]"]),
            ("user_lookup_id,group\nbob@x,Finance\nbob@x,Bergen\n", &["6 Bergen: [2]"]),
            ("user_lookup_id,group\nnobody@x,Oslo\nbob@x,Bergen\n", &["6 Bergen: [2]"]),
            ("user_lookup_id,group\nana@x,Oslo\nbob@x,Bergen\n", &["6 Bergen: [2]"]),
            ("user_lookup_id,group\nE9,Oslo\nE3,Oslo\n", &["5 Oslo: [3]"]),
            ("user_lookup_id,group\nbob@x,\n", &[]),
            ("user_lookup_id,group\n", &[]),
            ("user_lookup_id\nbob@x\n", &kept),
            ("user_lookup_id,Group\nbob@x,Oslo\n", &kept),
        ] {
            assert_eq!(groups_after(csv), expected, "{csv}");
        }
    }

    #[test]
    fn an_upload_touches_only_users_it_changes_and_nothing_outside_hr() {
        let mut state = state(SEED);
        let csv = "user_lookup_id,group\nE1,Oslo\ncy@x,Oslo\nbob@x,Bergen\n";
        state.take_over(&HrFile::read(csv.as_bytes()).unwrap(), NOW);
        let seen = |id: u64| {
            state.user(UserId(id)).map(|user| (user.revision, user.groups.iter().map(|id| id.0).collect()))
        };
        assert_eq!(seen(1), Some((1, vec![3, 5])));
        assert_eq!(seen(2), Some((2, vec![6])));
        assert_eq!(seen(3), Some((2, vec![5])));
        assert_eq!(state.group(GroupId(5)).map(|entry| entry.group.computers.len()), Some(1));
        assert_eq!(state.group(GroupId(3)).map(|entry| entry.members.len()), Some(1));
    }

    #[test]
    fn values_are_added_where_nobody_else_has_them_and_never_removed() {
        for (csv, expected) in [
            (
                "user_lookup_id,employee_id\ncy@x,E7\n",
                r#""employeeIds":["E9","E3",{"value":"E7","source":"HRDC"}]"#,
            ),
            ("user_lookup_id,employee_id\ncy@x,E1\n", r#""employeeIds":["E9","E3"]"#),
            (
                "user_lookup_id,email_address\ncy@x,c@x\n",
                r#""emails":["cy@x",{"value":"c@x","source":"HRDC"}]"#,
            ),
            ("user_lookup_id,email_address\ncy@x,ANA@x\n", r#""emails":["cy@x"]"#),
            ("user_lookup_id,display_name\ncy@x,Cy\n", r#""displayName":{"value":"Cy","source":"HRDC"}"#),
            ("user_lookup_id,display_name\ncy@x,ANA\n", r#""revision":1,"#),
            ("user_lookup_id,track\ncy@x,N\n", r#""tracked":false"#),
            ("user_lookup_id,track\ncy@x,no\n", r#""tracked":true"#),
            ("user_lookup_id,delete_user\ncy@x,y\n", r#""revision":1,"#),
        ] {
            let mut state = state(SEED);
            state.take_over(&HrFile::read(csv.as_bytes()).unwrap(), NOW);
            let saved = user(&state, 3);
            assert!(saved.contains(expected), "{csv}: {saved}");
        }
        let mut state = state(SEED);
        state.take_over(&HrFile::read(b"user_lookup_id,delete_user\nbob@x,Y\n").unwrap(), NOW);
        assert!(user(&state, 2).contains(r#""deletedAgents":[{"id":7,"#));
    }
}
