//! Which values of the account can a manifest say?

use crate::model::{Domain, Email, EmployeeId, GroupName, Identifier, Login, Reference, Upn};

/// A value that a manifest can say, as it can say it.
pub(super) trait Sayable {
    /// Whether reading what is written gives the value again.
    fn is_sayable(&self) -> bool;
}

impl Sayable for Upn {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

impl Sayable for Email {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

impl Sayable for EmployeeId {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

impl Sayable for Login {
    fn is_sayable(&self) -> bool {
        Self::parse(&self.to_string()).as_ref() == Ok(self)
    }
}

impl Sayable for GroupName {
    fn is_sayable(&self) -> bool {
        Self::parse(self.said()).is_ok()
    }
}

/// The texts of a list that is whole: all of them, or none if one can't be said.
pub(super) fn whole<T: Sayable>(values: Vec<T>) -> Option<Vec<T>> {
    values.iter().all(T::is_sayable).then_some(values)
}

/// Whether the shape of an identifier says what it is.
pub(super) fn by_shape(identifier: &Identifier) -> Option<Identifier> {
    Some(match Reference::parse(&identifier.to_string()).ok()? {
        Reference::Address(address) => Identifier::Email(Email::parse(address.said()).ok()?),
        Reference::DeviceLogin(login) => Identifier::DeviceLogin(login),
        Reference::EmployeeId(id) | Reference::Slashed(_, id) => Identifier::EmployeeId(id),
        Reference::Name(_) => return None,
    })
    .filter(|read| same_space(read, identifier))
}

/// What names a user by an identifier whose shape says what it is.
pub(super) fn by_its_shape(identifier: &Identifier) -> Option<Reference> {
    Reference::parse(&by_shape(identifier)?.to_string()).ok()
}

/// UPNs and emails are one space.
fn same_space(one: &Identifier, other: &Identifier) -> bool {
    match (one, other) {
        (Identifier::Email(email), Identifier::Upn(upn)) => email.key() == upn.key(),
        _ => one == other,
    }
}

/// Whether an agent can be named: it reports from one domain.
pub(super) fn is_of_one_domain(login: &Login) -> bool {
    login.domain != Domain::Any && login.is_sayable()
}
