//! Which values of a record another integration wrote last, and which integration it was.

use std::fmt;
use std::sync::Arc;

use crate::model::desired::AdoptableField;
use crate::model::identifier::Identifier;
use crate::model::observed::ObservedUser;
use crate::model::step::Edit;

/// A directory or HR system by the name the account gives it (`Field.source` on the Identity API).
///
/// ActivTrak itself, people in the app and API keys are none: what they wrote is nobody's but the account's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Integration(Arc<str>);

impl Integration {
    /// The integration of a name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Integration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The values of a record that integrations wrote last, by their places in it: in most accounts there are few or none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Foreign(Vec<(AdoptableField, u32, Integration)>);

impl Foreign {
    /// Notes that an integration wrote the value at a place of a field; a display name is at 0.
    pub fn note(&mut self, field: AdoptableField, at: usize, by: Integration) {
        if let Ok(at) = u32::try_from(at) {
            self.0.push((field, at, by));
        }
    }

    fn writer(&self, field: AdoptableField, at: usize) -> Option<&Integration> {
        let place = |noted: &&(AdoptableField, u32, Integration)| noted.0 == field && noted.1 as usize == at;
        self.0.iter().find(place).map(|noted| &noted.2)
    }

    /// The value at a place is gone, and those after it move up.
    fn close(&mut self, field: AdoptableField, at: usize) {
        self.0.retain(|noted| (noted.0, noted.1 as usize) != (field, at));
        for noted in self.0.iter_mut().filter(|noted| noted.0 == field && noted.1 as usize > at) {
            noted.1 -= 1;
        }
    }
}

impl AdoptableField {
    /// The field that an identifier is a value of.
    pub const fn of(identifier: &Identifier) -> Self {
        match identifier {
            Identifier::Upn(_) => Self::Upn,
            Identifier::Email(_) => Self::Email,
            Identifier::EmployeeId(_) => Self::EmployeeId,
            Identifier::DeviceLogin(_) => Self::DeviceLogin,
        }
    }

    /// The key in manifests.
    pub const fn key(self) -> &'static str {
        match self {
            Self::DisplayName => "displayName",
            Self::Upn => "upn",
            Self::Email => "email",
            Self::EmployeeId => "employeeId",
            Self::DeviceLogin => "deviceLogin",
        }
    }
}

impl ObservedUser {
    /// The integration that wrote the display name last, if one did.
    pub fn name_written_by(&self) -> Option<&Integration> {
        self.foreign.writer(AdoptableField::DisplayName, 0)
    }

    /// The integration that wrote an identifier last, if one did.
    pub fn written_by(&self, identifier: &Identifier) -> Option<&Integration> {
        if self.foreign.0.is_empty() {
            return None;
        }
        self.foreign.writer(AdoptableField::of(identifier), self.place_of(identifier)?)
    }

    /// Whether an integration wrote any value last.
    pub fn is_foreign(&self) -> bool {
        !self.foreign.0.is_empty()
    }

    /// Whether an integration wrote any value of a field last.
    pub fn has_foreign(&self, field: AdoptableField) -> bool {
        self.foreign.0.iter().any(|noted| noted.0 == field)
    }

    /// Forgets who wrote what an edit is about to overwrite; the record still holds it.
    pub(in crate::model) fn forget_writer(&mut self, edit: &Edit) {
        let place = match edit {
            Edit::Name { .. } => Some((AdoptableField::DisplayName, 0)),
            Edit::Remove(identifier) => {
                self.place_of(identifier).map(|at| (AdoptableField::of(identifier), at))
            }
            Edit::Add(_) | Edit::NoEmployeeId => None,
        };
        if let Some((field, at)) = place {
            self.foreign.close(field, at);
        }
    }

    fn place_of(&self, identifier: &Identifier) -> Option<usize> {
        match identifier {
            Identifier::Upn(upn) => self.upns.iter().position(|held| held == upn),
            Identifier::Email(email) => self.emails.iter().position(|held| held.email == *email),
            Identifier::EmployeeId(id) => self.employee_ids.iter().position(|held| held == id),
            Identifier::DeviceLogin(login) => self.device_logins.iter().position(|held| held == login),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_goes_takes_its_writer_along_and_those_after_it_move_up() {
        let workday = Integration::new("Workday");
        let mut foreign = Foreign::default();
        for (field, at) in [(AdoptableField::Upn, 1), (AdoptableField::Email, 0), (AdoptableField::Email, 2)]
        {
            foreign.note(field, at, workday.clone());
        }
        foreign.close(AdoptableField::Email, 0);
        let emails = [0, 1, 2].map(|at| foreign.writer(AdoptableField::Email, at).is_some());
        assert_eq!(emails, [false, true, false]);
        assert_eq!(foreign.writer(AdoptableField::Upn, 1), Some(&workday));
    }
}
