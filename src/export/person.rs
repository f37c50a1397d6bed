//! Whom does a row of a file name, and by what?

use std::collections::BTreeMap;

use crate::export::column::Cell;
use crate::model::{
    Desired, DesiredUser, DisplayName, Identifier, NewUser, ObservedUser, UserLabel, Username,
};

/// Somebody who is to be in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::export) struct Person {
    /// How they are shown.
    pub(in crate::export) label: UserLabel,
    username: Box<str>,
    name: Option<DisplayName>,
    email: Box<str>,
}

impl Person {
    /// What a cell says of them; nothing where it is not known.
    pub(in crate::export) fn cell(&self, cell: Cell) -> &str {
        let name = || self.name.as_ref().map(DisplayName::first_and_last);
        match cell {
            Cell::Username => &self.username,
            Cell::FirstName => name().map_or("", |(first, _)| first),
            Cell::LastName => name().and_then(|(_, last)| last).unwrap_or_default(),
            Cell::Email => &self.email,
        }
    }
}

/// Finds what manifests say of somebody by the username.
pub(in crate::export) struct Directory<'a> {
    kind: Username,
    said: BTreeMap<String, &'a DesiredUser>,
}

impl<'a> Directory<'a> {
    /// Everybody whose entry says a username.
    pub(in crate::export) fn of(desired: &'a Desired, kind: Username) -> Self {
        let mut said = BTreeMap::new();
        for user in &desired.users {
            let usernames = user.identifiers().filter(|it| it.value.kind() == kind.kind());
            said.extend(usernames.map(|username| (key(&username.value), user)));
        }
        Self { kind, said }
    }

    /// Somebody who is there: named as the platform names them.
    pub(in crate::export) fn known(&self, record: &ObservedUser) -> Option<Person> {
        let username = record.identifiers().find(|it| it.kind() == self.kind.kind())?;
        Some(self.person(UserLabel::of(record), &username, record.display_name.clone()))
    }

    /// Somebody who is to be there.
    pub(in crate::export) fn to_be(&self, new: &NewUser) -> Option<Person> {
        let username = new.identifiers.iter().find(|it| it.kind() == self.kind.kind())?;
        let label = UserLabel {
            name: new.display_name.as_ref().map(|name| name.as_written().into()),
            display_id: Some(username.to_string().into()),
            record: None,
        };
        Some(self.person(label, username, new.display_name.clone()))
    }

    fn person(&self, label: UserLabel, username: &Identifier, name: Option<DisplayName>) -> Person {
        let text: Box<str> = match username {
            Identifier::Upn(upn) => upn.verbatim().into(),
            Identifier::Email(email) => email.verbatim().into(),
            Identifier::EmployeeId(id) => id.verbatim().into(),
            Identifier::DeviceLogin(login) => login.to_string().into(),
        };
        let email = match self.kind {
            Username::Email => text.clone(),
            Username::Upn | Username::EmployeeId => {
                let said = self.said.get(&key(username));
                let email = said.and_then(|user| user.emails.listed().first());
                email.map_or_else(Box::default, |email| email.value.as_written().into())
            }
        };
        Person { label, username: text, name, email }
    }
}

/// The form in which usernames are compared.
fn key(username: &Identifier) -> String {
    match username {
        Identifier::Upn(upn) => upn.key().to_owned(),
        Identifier::Email(email) => email.key().to_owned(),
        Identifier::EmployeeId(id) => id.key().to_owned(),
        Identifier::DeviceLogin(login) => login.to_string(),
    }
}
