//! Which values of a record people wrote last, and which a program with a key did, as far as the account says it?

use crate::model::foreign::AdoptableField;

/// So many values of a field are known apart; of others nobody knows.
const VALUES: usize = 12;

/// Who wrote a value last, where no integration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// Somebody in the app.
    Person,
    /// A program with an API key.
    ApiKey,
}

/// The values of a record that people or keys wrote last, a bit each: most values of an account have such a writer.
#[derive(Debug, Clone, Copy, Default)]
pub struct LastSet {
    people: u64,
    keys: u64,
}

/// Who wrote a value is no part of what the account is: a record that was written again is the same.
impl PartialEq for LastSet {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for LastSet {}

impl LastSet {
    /// Notes who wrote the value at a place of a field; a display name is at 0.
    pub fn note(&mut self, field: AdoptableField, at: usize, by: SetBy) {
        let bits = match by {
            SetBy::Person => &mut self.people,
            SetBy::ApiKey => &mut self.keys,
        };
        *bits |= bit(field, at);
    }

    /// Who wrote the value at a place of a field of a record as it was read.
    pub(in crate::model) const fn writer(self, field: AdoptableField, at: usize) -> Option<SetBy> {
        let bit = bit(field, at);
        if self.people & bit != 0 {
            Some(SetBy::Person)
        } else if self.keys & bit != 0 {
            Some(SetBy::ApiKey)
        } else {
            None
        }
    }
}

/// The bit of a value; none for one beyond those that are known apart.
const fn bit(field: AdoptableField, at: usize) -> u64 {
    if at < VALUES { 1 << (field as usize * VALUES + at) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_its_own_writer_and_of_too_many_nobody_knows() {
        let mut last_set = LastSet::default();
        last_set.note(AdoptableField::DisplayName, 0, SetBy::ApiKey);
        last_set.note(AdoptableField::Email, VALUES - 1, SetBy::Person);
        last_set.note(AdoptableField::Email, VALUES, SetBy::Person);
        last_set.note(AdoptableField::DeviceLogin, VALUES - 1, SetBy::ApiKey);
        for (field, at, by) in [
            (AdoptableField::DisplayName, 0, Some(SetBy::ApiKey)),
            (AdoptableField::Upn, 0, None),
            (AdoptableField::Email, VALUES - 1, Some(SetBy::Person)),
            (AdoptableField::Email, VALUES, None),
            (AdoptableField::EmployeeId, 0, None),
            (AdoptableField::DeviceLogin, VALUES - 1, Some(SetBy::ApiKey)),
        ] {
            assert_eq!(last_set.writer(field, at), by, "{field:?} {at}");
        }
    }
}
