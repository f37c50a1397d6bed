//! Which values of an account can a manifest say? Only such as are read back from what is written.

use crate::model::identifier::{Domain, Email, EmployeeId, Identifier, Login, Upn};
use crate::model::name::{DisplayName, GroupName};
use crate::model::reference::Reference;

/// A value that a manifest may be able to say.
pub trait Sayable {
    /// Whether reading what is written gives the value again.
    fn is_sayable(&self) -> bool;
}

impl Sayable for Upn {
    fn is_sayable(&self) -> bool {
        Self::parse(self.as_written()).is_ok()
    }
}

impl Sayable for Email {
    fn is_sayable(&self) -> bool {
        Self::parse(self.as_written()).is_ok()
    }
}

impl Sayable for EmployeeId {
    fn is_sayable(&self) -> bool {
        Self::parse(self.as_written()).is_ok()
    }
}

impl Sayable for DisplayName {
    fn is_sayable(&self) -> bool {
        Self::parse(self.as_written()).is_ok()
    }
}

impl Sayable for Login {
    fn is_sayable(&self) -> bool {
        Self::parse(&self.to_string()).as_ref() == Ok(self)
    }
}

/// A group can be made by this name.
impl Sayable for GroupName {
    fn is_sayable(&self) -> bool {
        Self::parse(self.as_written()).is_ok()
    }
}

/// The values of a list that is whole: all of them, or none if one can't be said.
pub fn whole<T: Sayable>(values: Vec<T>) -> Option<Vec<T>> {
    values.iter().all(T::is_sayable).then_some(values)
}

/// Whether an agent can be named: it reports from one domain.
pub fn is_of_one_domain(login: &Login) -> bool {
    login.domain != Domain::Any && login.is_sayable()
}

/// An identifier as its shape says it, if its shape says what it is.
pub fn by_shape(identifier: &Identifier) -> Option<Identifier> {
    Some(match Reference::parse(&identifier.to_string()).ok()? {
        Reference::Address(address) => Identifier::Email(Email::parse(address.as_written()).ok()?),
        Reference::DeviceLogin(login) => Identifier::DeviceLogin(login),
        Reference::EmployeeId(id) | Reference::Slashed(_, id) => Identifier::EmployeeId(id),
        Reference::Name(_) => return None,
    })
    .filter(|read| same_space(read, identifier))
}

/// What names a user by an identifier whose shape says what it is.
pub fn by_its_shape(identifier: &Identifier) -> Option<Reference> {
    Reference::parse(&by_shape(identifier)?.to_string()).ok()
}

/// UPNs and emails are one space.
fn same_space(one: &Identifier, other: &Identifier) -> bool {
    match (one, other) {
        (Identifier::Email(email), Identifier::Upn(upn)) => email.key() == upn.key(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_names_its_user_where_its_shape_says_what_it_is() {
        let upn = |text| Identifier::Upn(Upn::observed(text));
        let id = |text| Identifier::EmployeeId(EmployeeId::observed(text));
        assert!(matches!(by_its_shape(&upn("Ada@acme.example")), Some(Reference::Address(_))));
        assert!(matches!(by_its_shape(&id("E1")), Some(Reference::EmployeeId(_))));
        for odd in [upn("ada"), id("ada@acme.example"), id("ACME\\ada"), id("*/7"), id("")] {
            assert_eq!(by_its_shape(&odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_list_is_whole_or_not_said() {
        let email = |text| Email::observed(text);
        assert_eq!(whole(vec![email("a@x.example")]).map(|it| it.len()), Some(1));
        assert_eq!(whole(vec![email("a@x.example"), email("no address")]), None);
        assert!(!is_of_one_domain(&Login::observed(None, "ada")));
        assert!(is_of_one_domain(&Login::observed(Some("ACME"), "ada")));
        assert!(!Login::observed(Some("ACME"), "a\\b").is_sayable());
    }
}
