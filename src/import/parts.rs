//! Into which files do users go whose department, or whatever else, an HR export says?

use std::collections::{BTreeMap, BTreeSet};

use crate::import::slug::{distinct, slug};
use crate::model::{Desired, DesiredUser, Identifier, Key, Observed, UserIx};

/// What rows of an export say of users, in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The file of each value, without its ending.
    files: BTreeMap<Box<str>, String>,
    values: BTreeMap<UserIx, BTreeSet<Box<str>>>,
    /// The file of users of whom no row says anything.
    none: String,
    /// The file of users of whom rows say several values.
    several: String,
    /// How many users of the rows the account does not have, or more than once.
    pub strangers: usize,
}

impl Parts {
    /// What the users of `rows` are said to be by their one attribute, which a reader knows by the name of its `column`.
    pub fn of(rows: &Desired, observed: &Observed, column: &str) -> Self {
        let records = Records::of(observed);
        let mut values: BTreeMap<UserIx, BTreeSet<Box<str>>> = BTreeMap::new();
        let mut strangers = 0;
        for user in &rows.users {
            let Some(ix) = records.only(user) else {
                strangers += 1;
                continue;
            };
            let said = user.attributes.iter().map(|(_, said)| said.value.trim());
            let said = said.filter(|value| !value.is_empty()).map(Box::from);
            values.entry(ix).or_default().extend(said);
        }
        let column = slug(column);
        let [none, several] = ["no", "several"].map(|word| format!("{word}-{column}"));
        let all: BTreeSet<&str> = values.values().flatten().map(|value| &**value).collect();
        let files = distinct(all, &[&none, &several]);
        Self { files, values, none, several, strangers }
    }

    /// Whether no row says anything of a user of the account.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The name of a user's file, without its ending.
    pub(super) fn file(&self, ix: UserIx) -> &str {
        let mut values = self.values.get(&ix).into_iter().flatten();
        match (values.next(), values.next()) {
            (Some(value), None) => self.files.get(value).unwrap_or(&self.none),
            (Some(_), Some(_)) => &self.several,
            (None, _) => &self.none,
        }
    }
}

/// The records of an account by what rows find them by.
struct Records<'a> {
    /// No record where several hold it.
    by_key: BTreeMap<Key<'a>, Option<UserIx>>,
}

impl<'a> Records<'a> {
    fn of(observed: &'a Observed) -> Self {
        let mut by_key = BTreeMap::new();
        for (ix, user) in (0..).map(UserIx).zip(&observed.users) {
            let addresses = user.upns.iter().map(crate::model::Upn::key);
            let addresses = addresses.chain(user.emails.iter().map(|held| held.email.key()));
            let ids = user.employee_ids.iter().map(|id| Key::EmployeeId(id.as_written()));
            let logins = user.device_logins.iter().map(Key::Login);
            for key in addresses.map(Key::Address).chain(ids).chain(logins) {
                let holder = by_key.entry(key).or_insert(Some(ix));
                *holder = holder.filter(|holder| *holder == ix);
            }
        }
        Self { by_key }
    }

    /// The one record that a row's user is.
    fn only(&self, user: &DesiredUser) -> Option<UserIx> {
        let identifiers: Vec<Identifier> = user.identifiers().map(|said| said.value).collect();
        let keys = identifiers.iter().map(Key::from);
        let keys = keys.chain(user.lookups.iter().map(|lookup| Key::from(&lookup.value)));
        let found: BTreeSet<UserIx> = keys.filter_map(|key| *self.by_key.get(&key)?).collect();
        let mut found = found.into_iter();
        found.next().filter(|_| found.next().is_none())
    }
}
