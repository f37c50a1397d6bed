//! The app's group download as bytes: is it whole, and which groups does it show?
//!
//! A line for every membership; a group without members has blank member columns, a member without a group blank group columns
//! ("Downloading Groups", Groups guide). How it is quoted and ended is not documented, so any CSV of RFC 4180 is taken.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;
use thiserror::Error;

use crate::account::activtrak::admin::ListedGroup;
use crate::account::activtrak::route;
use crate::model::{GroupId, Observed, ObservedGroup};

/// The columns that it must have, in no order.
const COLUMNS: [&str; 5] = ["group_id", "group_name", "group_type", "member_type", "member_id"];

/// Why a file is no download of groups.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadDownload {
    /// It has no rows.
    #[error("it has no rows: that is no account, but an empty or cut file")]
    NoRows,
    /// A column is missing, or there twice.
    #[error("line 1: the column `{0}` {1}")]
    Column(&'static str, &'static str),
    /// A line that is no CSV in UTF-8, or has another number of columns than the first.
    #[error("line {line}: {what}")]
    Line {
        /// Counted from 1, the header among them.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// A cell that can't be there.
    #[error("line {line}, column `{column}`: {what}")]
    Cell {
        /// Counted from 1, the header among them.
        line: u64,
        /// Which column.
        column: &'static str,
        /// What is wrong.
        what: String,
    },
}

/// The groups of a download as an account that shows nothing else, and how many user agents are in each; `hr` is the type of
/// HR-sourced groups.
///
/// # Errors
/// The first thing that such a download can't say.
pub fn read_download(bytes: &[u8], hr: &str) -> Result<(Observed, Vec<usize>), BadDownload> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let no_csv = |error: csv::Error| no_csv(bytes, &error);
    let header = reader.headers().map_err(no_csv)?.clone();
    let mut at = [0; COLUMNS.len()];
    for (column, at) in COLUMNS.into_iter().zip(&mut at) {
        let mut found = (0..).zip(&header).filter(|(_, name)| name.trim().eq_ignore_ascii_case(column));
        *at = found.next().ok_or(BadDownload::Column(column, "is missing"))?.0;
        if found.next().is_some() {
            return Err(BadDownload::Column(column, "is there twice"));
        }
    }
    let mut tally = Tally::default();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(no_csv)? {
        let line = record.position().map_or(0, |at| line_of(bytes, at));
        let mut cells = at.map(|at| record.get(at).unwrap_or_default());
        // A name is sent back byte for byte.
        for (_, cell) in COLUMNS.iter().zip(&mut cells).filter(|(column, _)| **column != "group_name") {
            *cell = cell.trim();
        }
        tally.row(&Row { line, cells })?;
    }
    if tally.rows == 0 {
        return Err(BadDownload::NoRows);
    }
    let groups: Vec<ObservedGroup> = tally.groups.values().map(|seen| seen.group.observed(hr)).collect();
    let agents = tally.groups.values().map(|seen| seen.agents).collect();
    let account = Observed::new(Vec::new(), groups, &[], Vec::new(), Vec::new());
    Ok((account.within(route::by_download()), agents))
}

fn no_csv(bytes: &[u8], error: &csv::Error) -> BadDownload {
    let line = error.position().map_or(1, |at| line_of(bytes, at));
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns, and the first line has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        _ => error.to_string(),
    };
    BadDownload::Line { line, what }
}

/// The line that a record starts on. Between the two bytes of a CRLF the reader still counts the line before.
fn line_of(bytes: &[u8], at: &csv::Position) -> u64 {
    let start = usize::try_from(at.byte()).ok().and_then(|byte| bytes.get(byte));
    at.line() + u64::from(start == Some(&b'\n'))
}

/// One line.
struct Row<'a> {
    line: u64,
    cells: [&'a str; COLUMNS.len()],
}

impl Row<'_> {
    fn wrong(&self, column: usize, what: impl Into<String>) -> BadDownload {
        BadDownload::Cell { line: self.line, column: COLUMNS[column], what: what.into() }
    }

    fn number(&self, column: usize) -> Result<u64, BadDownload> {
        let cell = self.cells[column];
        let number = cell.parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| self.wrong(column, format!("`{}` is no number", cell.escape_debug())))
    }
}

/// A group as far as it was read.
struct Seen {
    group: ListedGroup,
    agents: usize,
    /// The line that says it has no members.
    empty: Option<u64>,
    members: BTreeSet<(Kind, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Agent,
    Computer,
}

/// What was read.
#[derive(Default)]
struct Tally {
    rows: usize,
    groups: BTreeMap<u64, Seen>,
}

impl Tally {
    fn row(&mut self, row: &Row<'_>) -> Result<(), BadDownload> {
        self.rows += 1;
        let [id, name, kind, ..] = row.cells;
        let member = member(row)?;
        if id.is_empty() {
            if let Some(column) = [1, 2].into_iter().find(|column| !row.cells[*column].is_empty()) {
                return Err(row.wrong(column, "a group without a group_id"));
            }
            return if member.is_some() { Ok(()) } else { Err(row.wrong(0, "neither a group nor a member")) };
        }
        let id = row.number(0)?;
        if name.is_empty() {
            return Err(row.wrong(1, "a group without a name"));
        }
        let seen = self.groups.entry(id).or_insert_with(|| Seen {
            group: listed(id, name, kind),
            agents: 0,
            empty: None,
            members: BTreeSet::new(),
        });
        if *seen.group.name != *name {
            return Err(row.wrong(1, format!("group {id} has another name in a line before")));
        }
        if *seen.group.type_name != *kind {
            return Err(row.wrong(2, format!("group {id} has another type in a line before")));
        }
        match member {
            None if seen.empty.is_some() || !seen.members.is_empty() => {
                Err(row.wrong(4, format!("group {id} is in a line before, and here without members")))
            }
            None => {
                seen.empty = Some(row.line);
                Ok(())
            }
            Some(_) if seen.empty.is_some() => {
                Err(row.wrong(4, format!("group {id} is without members in a line before")))
            }
            Some(member) if !seen.members.insert(member) => {
                Err(row
                    .wrong(4, format!("the member is in group {id} twice, so another line may be missing")))
            }
            Some((Kind::Agent, _)) => {
                seen.agents += 1;
                Ok(())
            }
            Some((Kind::Computer, _)) => Ok(()),
        }
    }
}

/// The member of a line, if there is one.
fn member(row: &Row<'_>) -> Result<Option<(Kind, u64)>, BadDownload> {
    let [.., kind, id] = row.cells;
    let kind = match kind.to_ascii_lowercase().as_str() {
        "" if id.is_empty() => return Ok(None),
        "" => return Err(row.wrong(3, "a member without a type")),
        "client" => Kind::Agent,
        "device" => Kind::Computer,
        _ => return Err(row.wrong(3, "neither Client nor Device")),
    };
    Ok(Some((kind, row.number(4)?)))
}

/// A group as the list of groups would show it. The type may be a word or a number: 1 is the app, and the only number known.
fn listed(id: u64, name: &str, kind: &str) -> ListedGroup {
    let is_app = kind == "1" || kind.eq_ignore_ascii_case("ActivTrak");
    let (name, type_name) = (name.into(), kind.into());
    ListedGroup { id: GroupId(id), parent: GroupId(id), name, kind: Some(i64::from(is_app)), type_name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupSource, Topic};

    const HEAD: &str =
        "group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias\r\n";

    fn read(rows: &str) -> Result<(Observed, Vec<usize>), String> {
        read_download(format!("{HEAD}{rows}").as_bytes(), "HRDC").map_err(|error| error.to_string())
    }

    #[test]
    fn groups_are_read_with_their_source_and_how_many_agents_are_in_them() {
        let rows = "7,\"Oslo, west\",HRDC,Client,1,ACME,ada,\n7,\"Oslo, west\",HRDC,Device,1,ACME,PC,\n\
                    7,\"Oslo, west\",HRDC,Client,2,ACME,bob,Bob\n5,Eng,1,Client,1,ACME,ada,\n6,Empty,Azure AD,,,,,\n\
                    ,,,Client,3,ACME,cy,\n8,Other,9,Client,3,ACME,cy,\n";
        let (account, agents) = read(rows).unwrap();
        let shown: Vec<(&str, &GroupSource)> =
            account.groups.iter().map(|group| (group.name.as_written(), &group.source)).collect();
        let foreign = GroupSource::Foreign("9".into());
        assert_eq!(
            shown,
            [
                ("Eng", &GroupSource::App),
                ("Empty", &GroupSource::Directory),
                ("Oslo, west", &GroupSource::Hr),
                ("Other", &foreign)
            ]
        );
        assert_eq!(agents, [1, 0, 2, 1]);
        assert!(account.reach.hidden(Topic::Users).is_some());
        let numbered = read_download(format!("\u{feff}{HEAD}{rows}").as_bytes(), "9").unwrap().0;
        assert_eq!(numbered.groups[3].source, GroupSource::Hr);
    }

    #[test]
    fn a_file_that_no_account_makes_is_refused_with_its_line_and_column() {
        for (rows, wanted) in [
            ("", "no rows"),
            ("x,Oslo,HRDC,Client,1,,,\n", "line 2, column `group_id`: `x` is no number"),
            ("0,Oslo,HRDC,Client,1,,,\n", "line 2, column `group_id`"),
            ("7,,HRDC,Client,1,,,\n", "line 2, column `group_name`: a group without a name"),
            (",Oslo,,Client,1,,,\n", "line 2, column `group_name`: a group without a group_id"),
            (",,,,,,,\n", "neither a group nor a member"),
            ("7,Oslo,HRDC,User,1,,,\n", "column `member_type`: neither Client nor Device"),
            ("7,Oslo,HRDC,,1,,,\n", "column `member_type`: a member without a type"),
            ("7,Oslo,HRDC,Client,,,,\n", "column `member_id`"),
            (
                "7,Oslo,HRDC,Client,1,,,\n7,Oslo,HRDC,Client,1,,,\n",
                "line 3, column `member_id`: the member is",
            ),
            ("7,Oslo,HRDC,Client,1,,,\n7,Bergen,HRDC,Client,2,,,\n", "line 3, column `group_name`"),
            ("7,Oslo,HRDC,Client,1,,,\n7,Oslo,App,Client,2,,,\n", "line 3, column `group_type`"),
            ("7,Oslo,HRDC,,,,,\n7,Oslo,HRDC,Client,2,,,\n", "line 3, column `member_id`"),
            ("7,Oslo,HRDC,Client,1,,,\n7,Oslo,HRDC,,,,,\n", "line 3, column `member_id`"),
            ("7,Oslo,HRDC,Client\n", "line 2: 4 columns, and the first line has 8"),
        ] {
            let error = read(rows).unwrap_err();
            assert!(error.contains(wanted), "{rows:?}: {error}");
        }
        for (bytes, wanted) in [
            (&b""[..], "`group_id` is missing"),
            (b"\xff\xfeg\0r\0", "line 1: it is not UTF-8"),
            (b"group_id,group_id\n1,1\n", "`group_id` is there twice"),
            (
                b"group_id,group_name,group_type,member_type,member_id\n1,\xff,1,,\n",
                "line 2: it is not UTF-8",
            ),
        ] {
            let error = read_download(bytes, "HRDC").unwrap_err().to_string();
            assert!(error.contains(wanted), "{bytes:?}: {error}");
        }
    }
}
