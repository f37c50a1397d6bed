//! Which row names a user, and which values does it add? ("Setup Guide: Update Users via CSV".)
//!
//! A row finds its user by what the account most likely has already: what an export says it is, a UPN, which no file can add, an
//! email, and an employee ID last, as that is what such files add. The other values go into columns of their own: the account
//! adds them and removes none.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::model::{DesiredUser, fold};
use crate::plan::people::People;
use crate::plan::person::Person;

/// What a row says of its user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    /// `user_lookup_id`
    pub(super) lookup: String,
    /// `employee_id`
    pub(super) employee_id: Option<String>,
    /// `email_address`
    pub(super) email: Option<String>,
    /// `display_name`
    pub(super) display_name: Option<String>,
}

/// The columns of values, in the order of the guide, with what fills them.
type Column = (&'static str, fn(&Named) -> Option<&String>);
const VALUES: [Column; 3] = [
    ("employee_id", |named| named.employee_id.as_ref()),
    ("email_address", |named| named.email.as_ref()),
    ("display_name", |named| named.display_name.as_ref()),
];

/// How the users of manifests are named.
pub(super) struct Names<'a> {
    people: &'a People<'a>,
    /// A folded text, and the one person who declares it; none where there are several.
    holders: BTreeMap<String, Option<Person>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(people: &'a People<'a>) -> Self {
        let mut holders: BTreeMap<String, Option<Person>> = BTreeMap::new();
        for person in people.everybody() {
            let Some(user) = entry(people, person) else { continue };
            for text in candidates(user) {
                let holder = holders.entry(fold(&text).into_owned()).or_insert(Some(person));
                *holder = holder.filter(|holder| *holder == person);
            }
        }
        Self { people, holders }
    }

    /// How a person is named; none where nothing names them alone.
    pub(super) fn of(&self, person: Person) -> Option<Named> {
        let user = entry(self.people, person)?;
        let is_theirs = |text: &String| self.holders.get(&*fold(text)) == Some(&Some(person));
        let lookup = candidates(user).find(is_theirs)?;
        let other = |text: &String| fold(text) != fold(&lookup);
        let ids = user.employee_ids.listed().iter().map(|said| said.value.to_string());
        let emails = user.emails.listed().iter().map(|said| said.value.to_string());
        let (employee_id, email) = (ids.filter(other).min(), emails.filter(other).min());
        let display_name = user.display_name.declared().map(|said| said.value.to_string());
        Some(Named { lookup, employee_id, email, display_name })
    }
}

fn entry<'a>(people: &People<'a>, person: Person) -> Option<&'a DesiredUser> {
    people.entry(person).map(|at| &people.desired.users[at as usize])
}

/// Whatever may find a user, the best first; the smallest first where there are several of a kind.
fn candidates(user: &DesiredUser) -> impl Iterator<Item = String> + '_ {
    let lookups = user.lookups.iter().map(|said| (0, said.value.to_string()));
    let upns = user.upns.listed().iter().map(|said| (1, said.value.to_string()));
    let emails = user.emails.listed().iter().map(|said| (2, said.value.to_string()));
    let ids = user.employee_ids.listed().iter().map(|said| (3, said.value.to_string()));
    let mut all: Vec<(u8, String)> = lookups.chain(upns).chain(emails).chain(ids).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, text)| text)
}

/// The file of a set, by name and rows, and its SHA-256. A column that no row fills is left out.
///
/// # Panics
/// Never: as many fields as the header has, written to memory.
pub(super) fn csv(groups: &BTreeMap<&str, &[Named]>) -> (Arc<[u8]>, [u8; 32]) {
    let rows = || groups.values().copied().flatten();
    let columns: Vec<&Column> = VALUES.iter().filter(|(_, of)| rows().any(|row| of(row).is_some())).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |lookup: &str, values: Vec<&str>, group: &str| {
        let fields = std::iter::once(lookup).chain(values).chain([group]);
        writer.write_record(fields).expect("as many fields as the header has, written to memory");
    };
    write("user_lookup_id", columns.iter().map(|(name, _)| *name).collect(), "group");
    for (name, rows) in groups {
        for row in *rows {
            let values = columns.iter().map(|(_, of)| of(row).map_or("", String::as_str)).collect();
            write(&row.lookup, values, name);
        }
    }
    let bytes = writer.into_inner().expect("memory can be flushed");
    let sha256 = Sha256::digest(&bytes).into();
    (bytes.into(), sha256)
}
