//! Which account do exported lists of users show? Where there is no API, they stand in for a reading.
//!
//! A list is a file of rows that the platform makes of a group, or of all its users. Its columns are found by their names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;

use crate::account::docebo::facts::{FULL_NAME_COLUMNS, NAME_COLUMNS, USERNAME_COLUMNS};
use crate::account::docebo::number;
use crate::account::docebo::person::person;
use crate::account::docebo::reach::of_lists;
use crate::account::error::ReadError;
use crate::account::port::{Read, Scope};
use crate::http::{Limiter, Pace};
use crate::model::{
    AuditEntry, Email, EmployeeId, GroupId, GroupName, GroupSource, HrGroup, ListProof, Observed,
    ObservedGroup, ObservedUser, Upn, UserId, Username,
};

/// Somebody on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The line of the file.
    line: u64,
    username: Box<str>,
    /// The name, where the list has names; it may be blank.
    name: Option<Box<str>>,
}

/// Why a file is no list of users.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadList {
    /// No column is known to hold usernames.
    #[error("no column is called {asked:?}")]
    NoColumn {
        /// What was looked for.
        asked: Box<str>,
        /// The columns that there are, which may be somebody's row.
        found: Box<str>,
    },
    /// More than one column is called so.
    #[error("more than one column is called {0:?}")]
    Columns(Box<str>),
    /// A row without a username.
    #[error("line {0} has no username")]
    Blank(u64),
    /// A username that no platform gives.
    #[error("line {0}: the username holds a control character")]
    Control(u64),
}

/// The lists of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// All users of the platform, where that list was given.
    pub users: Option<Vec<Listed>>,
    /// Groups and who is in them.
    pub groups: Vec<(GroupName, Vec<Listed>)>,
}

/// Why lists are not those of one account at one time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadLists {
    /// The list of all users is empty.
    #[error("the list of all users has nobody on it: somebody made it")]
    Nobody,
    /// A user is on the list of all users twice.
    #[error("the list of all users has one user in line {first}, and again in line {line}")]
    Twice {
        /// Who.
        username: Box<str>,
        /// The line.
        line: u64,
        /// The first line.
        first: u64,
    },
    /// Somebody is in a group, and not on the list of all users.
    #[error("line {line} of the list of {group} is of somebody who is not on that of all users")]
    Stranger {
        /// Who.
        username: Box<str>,
        /// The group.
        group: GroupName,
        /// The line.
        line: u64,
    },
    /// Two names give one number.
    #[error("two names give the same number")]
    SameNumber,
}

impl BadList {
    /// What the file says, in words that may name anybody.
    pub fn words(&self) -> Option<String> {
        match self {
            Self::NoColumn { found, .. } => Some(format!("the columns are: {found}")),
            Self::Columns(_) | Self::Blank(_) | Self::Control(_) => None,
        }
    }
}

impl BadLists {
    /// Who it is about.
    pub fn words(&self) -> Option<String> {
        match self {
            Self::Twice { username, .. } | Self::Stranger { username, .. } => Some(username.to_string()),
            Self::Nobody | Self::SameNumber => None,
        }
    }
}

/// What manifests say of somebody: lists may not show who has a username, or whether anybody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What may be the username, the likeliest first.
    pub usernames: Vec<Box<str>>,
    /// The name.
    pub name: Option<Box<str>>,
}

/// An account as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The account.
    pub observed: Observed,
    /// Who is on no list, and taken as there: no list of all users says otherwise.
    pub believed: Vec<UserId>,
}

/// Who is on a list: by the column of usernames, which is called `column` where that is said.
///
/// # Errors
/// The columns or rows are not those of a list of users.
pub fn listed<'a>(
    header: &[String],
    rows: impl Iterator<Item = (u64, &'a [String])>,
    column: Option<&str>,
) -> Result<Vec<Listed>, BadList> {
    let at = username_column(header, column)?;
    let find = |names: &[&str]| header.iter().position(|name| names.contains(&&*plain(name)));
    let [first, last] = NAME_COLUMNS.map(|name| find(&[name]));
    let whole = find(&FULL_NAME_COLUMNS);
    let mut listed = Vec::new();
    for (line, cells) in rows {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let username = cell(at).trim();
        if username.is_empty() {
            return Err(BadList::Blank(line));
        }
        if username.contains(char::is_control) {
            return Err(BadList::Control(line));
        }
        let parts: Vec<&str> = match (first, last, whole) {
            (None, None, whole) => whole.into_iter().map(cell).collect(),
            (first, last, _) => [first, last].into_iter().flatten().map(cell).collect(),
        };
        let name = (!parts.is_empty()).then(|| parts.join(" ").trim().into());
        listed.push(Listed { line, username: username.into(), name });
    }
    Ok(listed)
}

/// Where the usernames stand.
fn username_column(header: &[String], column: Option<&str>) -> Result<usize, BadList> {
    let names: Vec<String> = match column {
        Some(said) => vec![plain(said)],
        None => USERNAME_COLUMNS.map(str::to_owned).to_vec(),
    };
    let asked = || column.unwrap_or(USERNAME_COLUMNS[0]).into();
    let mut found = (0..).zip(header).filter(|(_, name)| names.contains(&plain(name)));
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Ok(at),
        (Some(_), Some(_)) => Err(BadList::Columns(asked())),
        (None, _) => Err(BadList::NoColumn { asked: asked(), found: header.join(", ").into() }),
    }
}

/// The name of a column without case, blanks and what joins words.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

impl Lists {
    /// The account that the lists show, where this is what usernames are. What they don't show of people is as manifests say.
    ///
    /// # Errors
    /// They contradict each other.
    pub fn shown(&self, username: Username, said: &[Said]) -> Result<Shown, BadLists> {
        let everybody = if self.users.is_some() { Everybody::Listed } else { Everybody::Unknown };
        let mut people = People { username, everybody, by_key: BTreeMap::new() };
        people.all(self.users.as_deref().unwrap_or_default())?;
        let mut memberships = Vec::new();
        for (group, members) in &self.groups {
            let id = group_id(group);
            for member in members {
                if everybody == Everybody::Listed && !people.has(&member.username) {
                    let (username, line) = (member.username.clone(), member.line);
                    return Err(BadLists::Stranger { username, group: group.clone(), line });
                }
                memberships.push((id, people.add(member)));
            }
        }
        let believed = said.iter().filter_map(|it| people.hear(it)).collect();
        let users: Vec<_> = people.by_key.into_values().map(|it| it.observed(username)).collect();
        let groups: Vec<_> = self.groups.iter().map(|(name, _)| observed(name)).collect();
        let ids: BTreeSet<UserId> = users.iter().map(|user| user.id).collect();
        let group_ids: BTreeSet<GroupId> = groups.iter().map(|group| group.id).collect();
        if ids.len() < users.len() || group_ids.len() < groups.len() {
            return Err(BadLists::SameNumber);
        }
        let observed = Observed::new(users, groups, &memberships, Vec::new(), Vec::new());
        Ok(Shown { observed: observed.groups_by(ListProof::Given).within(of_lists(username)), believed })
    }
}

fn group_id(name: &GroupName) -> GroupId {
    GroupId(number::of_text(name.key()))
}

/// A group of a list. Which kind it is, no list says; a file can put users into either.
fn observed(name: &GroupName) -> ObservedGroup {
    ObservedGroup::new(group_id(name), name.clone(), GroupSource::App)
}

/// Somebody, as far as is known.
struct OnLists {
    id: UserId,
    username: Box<str>,
    name: Option<Box<str>>,
    /// The first line that has them.
    line: u64,
}

impl OnLists {
    fn observed(&self, kind: Username) -> ObservedUser {
        person((self.id, &self.username), self.name.as_deref().unwrap_or_default(), kind)
    }
}

/// Whether it is known who is on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Everybody {
    /// The list of all users was given.
    Listed,
    /// It was not: who is in no group may be there all the same.
    Unknown,
}

/// Everybody of whom lists or manifests tell.
struct People {
    username: Username,
    everybody: Everybody,
    by_key: BTreeMap<Box<str>, OnLists>,
}

impl People {
    /// The form in which usernames are compared.
    fn key(&self, username: &str) -> Box<str> {
        match self.username {
            Username::Email => Email::observed(username).key().into(),
            Username::Upn => Upn::observed(username).key().into(),
            Username::EmployeeId => EmployeeId::observed(username).key().into(),
        }
    }

    fn has(&self, username: &str) -> bool {
        self.by_key.contains_key(&self.key(username))
    }

    /// Takes the list of all users.
    fn all(&mut self, users: &[Listed]) -> Result<(), BadLists> {
        if users.is_empty() && self.everybody == Everybody::Listed {
            return Err(BadLists::Nobody);
        }
        for user in users {
            if let Some(first) = self.by_key.get(&self.key(&user.username)) {
                let (username, line, first) = (user.username.clone(), user.line, first.line);
                return Err(BadLists::Twice { username, line, first });
            }
            self.add(user);
        }
        Ok(())
    }

    /// Takes somebody of a list; who is there already stays as they are.
    fn add(&mut self, listed: &Listed) -> UserId {
        let key = self.key(&listed.username);
        let id = UserId(number::of_text(&key));
        let Listed { line, username, name } = listed.clone();
        let there = self.by_key.entry(key).or_insert(OnLists { id, username, name: None, line });
        if there.name.is_none() {
            there.name = name;
        }
        there.id
    }

    /// Takes what manifests say of somebody whom lists don't name, or don't show; answers whom no list shows.
    fn hear(&mut self, said: &Said) -> Option<UserId> {
        let keys: Vec<Box<str>> = said.usernames.iter().map(|it| self.key(it)).collect();
        let mut there = false;
        for key in &keys {
            if let Some(person) = self.by_key.get_mut(key) {
                person.name = person.name.take().or_else(|| said.name.clone());
                there = true;
            }
        }
        if there || self.everybody == Everybody::Listed {
            return None;
        }
        let username = said.usernames.first()?;
        let listed = Listed { line: 0, username: username.clone(), name: said.name.clone() };
        Some(self.add(&listed))
    }
}

/// What stands in for a connection: the account as lists show it.
#[derive(Debug, Clone)]
pub struct ListConnection {
    /// The account.
    pub observed: Arc<Observed>,
    /// How long to wait: nothing is waited for.
    pub pace: Pace,
    /// Whose turn it is: nothing is sent.
    pub limiter: Limiter,
}

impl ListConnection {
    /// Who reads it.
    pub(in crate::account) fn reader(&self) -> ListReader {
        ListReader(Arc::clone(&self.observed))
    }
}

/// Reads an account that lists show, and can send nothing at all.
#[derive(Debug)]
pub struct ListReader(Arc<Observed>);

impl Read for ListReader {
    async fn observe(&self, _: &Scope) -> Result<Observed, ReadError> {
        Ok((*self.0).clone())
    }

    /// There is nothing to count by: a list is what it says, and the next one shows more.
    async fn prove(&self, _: &Observed, _: &[GroupId]) -> Result<(), ReadError> {
        Ok(())
    }

    /// There are none.
    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        Ok(Vec::new())
    }

    async fn hr_groups_but(&self, _: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        Ok(Vec::new())
    }

    async fn audit_log(&self, _: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        Err(ReadError::NoAuditLog)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(header: &[&str], rows: &[&[&str]]) -> Result<Vec<Listed>, BadList> {
        list_by(None, header, rows)
    }

    fn list_by(column: Option<&str>, header: &[&str], rows: &[&[&str]]) -> Result<Vec<Listed>, BadList> {
        let owned = |cells: &[&str]| cells.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
        let rows: Vec<Vec<String>> = rows.iter().map(|cells| owned(cells)).collect();
        listed(&owned(header), (2..).zip(rows.iter().map(Vec::as_slice)), column)
    }

    fn people(usernames: &[&str]) -> Vec<Listed> {
        let rows: Vec<Vec<&str>> = usernames.iter().map(|it| vec![*it]).collect();
        list(&["Username"], &rows.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap()
    }

    fn group(name: &str, usernames: &[&str]) -> (GroupName, Vec<Listed>) {
        (GroupName::observed(name), people(usernames))
    }

    fn said(usernames: &[&str], name: &str) -> Said {
        Said { usernames: usernames.iter().map(|it| (*it).into()).collect(), name: Some(name.into()) }
    }

    #[test]
    fn the_column_of_usernames_is_found_by_its_name_and_any_other_is_asked_for() {
        for header in ["Username", "USERNAME", "user name", "user_name", "User-Name"] {
            assert_eq!(list(&["Status", header], &[&["x", " ada "]]).unwrap()[0].username, "ada".into());
        }
        let missing = list(&["Benutzername", "User ID"], &[&["ada", "12301"]]).unwrap_err();
        assert_eq!(missing.to_string(), "no column is called \"username\"");
        assert_eq!(missing.words().as_deref(), Some("the columns are: Benutzername, User ID"));
        let by = |column| list_by(Some(column), &["Benutzername", "Name"], &[&["ada", "Ada"]]);
        assert_eq!(by("benutzername").unwrap()[0].username, "ada".into());
        assert!(by("Username").is_err());
        let twice = list(&["Username", "user_name"], &[&["ada", "bob"]]).unwrap_err();
        assert_eq!(twice, BadList::Columns("username".into()));
    }

    #[test]
    fn a_row_without_a_username_or_with_a_hostile_one_is_no_row_of_a_list() {
        assert_eq!(list(&["Username", "Name"], &[&["ada", ""], &[" ", "Bob"]]), Err(BadList::Blank(3)));
        assert_eq!(list(&["Username"], &[&["ada\u{1b}[31m"]]), Err(BadList::Control(2)));
        assert_eq!(list(&["Username"], &[&["=cmd()"]]).unwrap()[0].username, "=cmd()".into());
        assert_eq!(list(&["Username"], &[]), Ok(Vec::new()));
    }

    #[test]
    fn names_are_joined_of_two_columns_or_taken_of_one_and_may_be_missing() {
        let of = |header: &[&str], row: &[&str]| list(header, &[row]).unwrap()[0].name.clone();
        assert_eq!(
            of(&["Username", "First name", "Last name"], &["a", "Ada", "Lovelace"]),
            Some("Ada Lovelace".into())
        );
        assert_eq!(of(&["Full name", "Username"], &["Ada Lovelace", "a"]), Some("Ada Lovelace".into()));
        assert_eq!(of(&["Username", "Last name"], &["a", "Lovelace"]), Some("Lovelace".into()));
        assert_eq!(of(&["Username", "Status"], &["a", "Active"]), None);
    }

    #[test]
    fn whoever_is_on_no_list_is_believed_there_unless_all_are_listed() {
        let mut lists = Lists { users: None, groups: vec![group("Drivers", &["ADA@acme.example"])] };
        let both = [said(&["ada@acme.example"], "Ada"), said(&["bob@acme.example", "b@acme.example"], "Bob")];
        let shown = lists.shown(Username::Email, &both).unwrap();
        assert_eq!((shown.observed.users.len(), shown.believed.len()), (2, 1));
        let bob = shown.observed.user(shown.observed.user_ix(shown.believed[0]).unwrap());
        assert_eq!(bob.emails[0].email.as_written(), "bob@acme.example");
        let names: BTreeSet<_> =
            shown.observed.users.iter().filter_map(|it| it.display_name.clone()).collect();
        assert_eq!(names.len(), 2, "what a list does not show is as manifests say");
        lists.users = Some(people(&["ada@acme.example"]));
        let shown = lists.shown(Username::Email, &both).unwrap();
        assert_eq!((shown.observed.users.len(), shown.believed.len()), (1, 0));
    }

    #[test]
    fn lists_that_contradict_each_other_are_no_account() {
        let of = |users: &[&str], members: &[&str]| {
            let lists = Lists { users: Some(people(users)), groups: vec![group("Drivers", members)] };
            lists.shown(Username::Email, &[]).map_err(|why| why.to_string())
        };
        assert_eq!(
            of(&["ada@acme.example"], &["bob@acme.example"]).unwrap_err(),
            "line 2 of the list of Drivers is of somebody who is not on that of all users"
        );
        assert_eq!(
            of(&["ada@acme.example", "Ada@acme.example"], &[]).unwrap_err(),
            "the list of all users has one user in line 2, and again in line 3"
        );
        assert!(of(&[], &[]).unwrap_err().contains("nobody"));
        let twice = of(&["ada@acme.example"], &["ada@acme.example", "ADA@acme.example"]).unwrap();
        assert_eq!(twice.observed.memberships.len(), 1, "in a group twice is in it");
    }
}
