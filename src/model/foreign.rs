//! Which values of a record another integration wrote last, and which integration it was.

use std::fmt;
use std::sync::Arc;

use crate::model::identifier::Identifier;

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

    /// Who wrote the value at a place of a field, if an integration did.
    pub(in crate::model) fn writer(&self, field: AdoptableField, at: usize) -> Option<&Integration> {
        let place = |noted: &&(AdoptableField, u32, Integration)| noted.0 == field && noted.1 as usize == at;
        self.0.iter().find(place).map(|noted| &noted.2)
    }

    /// Whether there is none.
    pub(in crate::model) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is one in a field.
    pub(in crate::model) fn is_in(&self, field: AdoptableField) -> bool {
        self.0.iter().any(|noted| noted.0 == field)
    }

    /// The value at a place is gone, and those after it move up.
    pub(in crate::model) fn close(&mut self, field: AdoptableField, at: usize) {
        self.0.retain(|noted| (noted.0, noted.1 as usize) != (field, at));
        for noted in self.0.iter_mut().filter(|noted| noted.0 == field && noted.1 as usize > at) {
            noted.1 -= 1;
        }
    }
}

/// A field of a user that `adopt` can take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdoptableField {
    /// The display name.
    DisplayName,
    /// User principal names.
    Upn,
    /// Email addresses.
    Email,
    /// Employee IDs.
    EmployeeId,
    /// Device logins.
    DeviceLogin,
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
