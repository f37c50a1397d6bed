//! What the groups file of the app does: it makes groups and puts agents and computers into them, and takes nobody out ("Upload
//! groups via CSV", Groups guide; POST /admin/v1/groups/members/bulk).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::sandbox::rules::groups::valid_name;
use crate::sandbox::rules::members::Direction;
use crate::sandbox::rules::refusal::Refusal;
use crate::sandbox::seed::{AgentId, ComputerId, GroupId, GroupSource};
use crate::sandbox::state::{State, fold};

/// A file that was accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GroupsFile(Vec<Row>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    group: String,
    /// Nothing for a group without members.
    member: Option<Member>,
}

/// Who is to be in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Client(AgentId),
    Device(ComputerId),
    /// What the file calls a member is none.
    Nobody,
}

/// What became of the rows, in the numbers that the document names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Metrics {
    new_group_no_assignments: usize,
    new_group_assignments: usize,
    duplicate_groups_in_file: usize,
    #[serde(rename = "DuplicateGroupsInDB")]
    duplicate_groups_in_db: usize,
    duplicate_assignments_in_file: usize,
    #[serde(rename = "DuplicateAssignmentsInDB")]
    duplicate_assignments_in_db: usize,
    successful_assignments: usize,
    assignment_errors: usize,
    #[serde(rename = "SkippedUserIDs")]
    skipped_user_ids: usize,
    new_groups_total: usize,
}

impl GroupsFile {
    /// Reads a file: `group_name`, `member_type` and `member_id`, or in the older form `group_name` and `user_id`.
    ///
    /// # Errors
    /// It is no CSV in UTF-8, has no row, or lacks a column.
    pub(crate) fn read(bytes: &[u8]) -> Result<GroupsFile, Refusal> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let no_csv = |error: csv::Error| Refusal::Invalid(format!("the file is no CSV: {error}"));
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(no_csv)?.clone();
        let column = |name: &str| header.iter().position(|held| held.eq_ignore_ascii_case(name));
        let lacks = |name: &str| Refusal::Invalid(format!("the file has no {name} column"));
        let group = column("group_name").ok_or_else(|| lacks("group_name"))?;
        let kind = column("member_type");
        let id = column("member_id").filter(|_| kind.is_some()).or_else(|| column("user_id"));
        let id = id.ok_or_else(|| lacks("member_type and member_id, or user_id,"))?;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(no_csv)?;
            let cell = |at: usize| record.get(at).unwrap_or_default();
            let kind = kind.map_or("client", cell);
            rows.push(Row { group: cell(group).to_owned(), member: member(kind, cell(id)) });
        }
        if rows.is_empty() { Err(Refusal::invalid("the file has no rows")) } else { Ok(GroupsFile(rows)) }
    }
}

/// Who a row names; nothing where it names nobody.
fn member(kind: &str, id: &str) -> Option<Member> {
    if id.is_empty() {
        return None;
    }
    let number = id.parse().ok();
    let member = if kind.eq_ignore_ascii_case("client") {
        number.map(|id| Member::Client(AgentId(id)))
    } else if kind.eq_ignore_ascii_case("device") {
        number.map(|id| Member::Device(ComputerId(id)))
    } else {
        None
    };
    Some(member.unwrap_or(Member::Nobody))
}

impl State {
    /// Carries a groups file out, row by row. Groups that are not the app's are left alone.
    pub(crate) fn import_groups(&mut self, file: &GroupsFile, now: Timestamp) -> Metrics {
        let mut metrics = Metrics::default();
        let mut made: BTreeSet<GroupId> = BTreeSet::new();
        let mut seen: BTreeSet<(String, Option<Member>)> = BTreeSet::new();
        let mut filled: BTreeSet<GroupId> = BTreeSet::new();
        for row in &file.0 {
            if !seen.insert((fold(&row.group), row.member)) {
                match row.member {
                    None => metrics.duplicate_groups_in_file += 1,
                    Some(_) => metrics.duplicate_assignments_in_file += 1,
                }
                continue;
            }
            let Some(group) = self.group_of_row(&row.group, &mut made) else {
                metrics.assignment_errors += 1;
                continue;
            };
            match row.member {
                None if made.contains(&group) => {}
                None => metrics.duplicate_groups_in_db += 1,
                Some(member) => {
                    let assigned = self.assign(group, member, now);
                    match assigned {
                        Some(true) => metrics.successful_assignments += 1,
                        Some(false) => metrics.duplicate_assignments_in_db += 1,
                        None => metrics.skipped_user_ids += 1,
                    }
                    if assigned.is_some() {
                        filled.insert(group);
                    }
                }
            }
        }
        metrics.new_groups_total = made.len();
        metrics.new_group_assignments = made.intersection(&filled).count();
        metrics.new_group_no_assignments = made.len() - metrics.new_group_assignments;
        metrics
    }

    /// The app's group of a name, made if no group has it.
    fn group_of_row(&mut self, name: &str, made: &mut BTreeSet<GroupId>) -> Option<GroupId> {
        let is_app =
            |id: &&GroupId| self.group(**id).is_some_and(|entry| entry.group.source == GroupSource::App);
        let holders = self.groups_named(name);
        if let Some(id) = holders.iter().find(is_app) {
            return Some(*id);
        }
        if !holders.is_empty() || valid_name(name).is_err() {
            return None;
        }
        let id = self.add_group(name, GroupSource::App);
        made.insert(id);
        Some(id)
    }

    /// Puts somebody into a group: whether that changed anything, or nothing where nobody is meant.
    fn assign(&mut self, group: GroupId, member: Member, now: Timestamp) -> Option<bool> {
        match member {
            Member::Client(agent) => {
                let is_in = self.owner_of_agent(agent)?.groups.contains(&group);
                self.move_agents(group, Direction::Join, &[agent], now).ok()?;
                Some(!is_in)
            }
            Member::Device(computer) => {
                self.computer(computer)?;
                let is_in = self.group(group).is_some_and(|entry| entry.group.computers.contains(&computer));
                self.move_computers(group, Direction::Join, &[computer]).ok()?;
                Some(!is_in)
            }
            Member::Nobody => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::rules::testing::{NOW, state};

    const SEED: &str = r#""groups":[{"id":3,"name":"Finance"},{"id":5,"name":"Oslo","source":"hr"}],
        "computers":[{"id":20,"name":"PC"}],"users":[{"id":1,"emails":["a@x"],"groups":[3],
        "agents":[{"id":7,"username":"a"}]},{"id":2,"emails":["b@x"],"agents":[{"id":8,"username":"b"}]}]"#;

    fn import(csv: &str) -> (State, Metrics) {
        let mut state = state(SEED);
        let metrics = state.import_groups(&GroupsFile::read(csv.as_bytes()).unwrap(), NOW);
        (state, metrics)
    }

    #[test]
    fn a_file_makes_groups_and_fills_them_and_counts_what_it_did() {
        let (state, metrics) = import(
            "group_name,member_type,member_id\nNew,Client,8\nNew,Device,20\nnew,client,8\nFinance,Client,7\n\
             Finance,Client,8\nFinance,Client,99\nFinance,Robot,8\nOslo,Client,8\n\"a\"\"b\",Client,8\nEmpty,,\nempty,,\nFinance,,\n",
        );
        assert_eq!(
            metrics,
            Metrics {
                new_group_no_assignments: 1,
                new_group_assignments: 1,
                duplicate_groups_in_file: 1,
                duplicate_groups_in_db: 1,
                duplicate_assignments_in_file: 1,
                duplicate_assignments_in_db: 1,
                successful_assignments: 3,
                assignment_errors: 2,
                skipped_user_ids: 2,
                new_groups_total: 2,
            }
        );
        let shown: Vec<(String, usize, usize)> = state
            .groups()
            .map(|it| (it.group.name.clone(), it.members.len(), it.group.computers.len()))
            .collect();
        let shown: Vec<(&str, usize, usize)> =
            shown.iter().map(|(name, one, two)| (name.as_str(), *one, *two)).collect();
        assert_eq!(shown, [("Finance", 2, 0), ("Oslo", 0, 0), ("New", 1, 1), ("Empty", 0, 0)]);
    }

    #[test]
    fn the_older_form_names_agents_alone() {
        let (_, metrics) = import("group_name,user_id\nFinance,8\n");
        assert_eq!(metrics, Metrics { successful_assignments: 1, ..Metrics::default() });
    }

    #[test]
    fn a_file_without_its_columns_or_rows_is_refused() {
        for (csv, message) in [
            ("group_name,member_id\nA,1\n", "no member_type and member_id"),
            ("name,user_id\nA,1\n", "no group_name"),
            ("group_name,user_id\n", "no rows"),
            ("", "no group_name"),
        ] {
            let error = GroupsFile::read(csv.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(message), "{csv:?}: {error}");
        }
    }
}
