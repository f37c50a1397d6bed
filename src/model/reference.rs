//! How manifests and exports name a user.

use std::fmt;

use crate::model::identifier::{Domain, EmployeeId, Login, Malformed, address};
use crate::model::name::DisplayName;
use crate::model::text::Folded;

/// How a manifest names a user: by the shape of the text, or `{ name: … }`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// With `@`: a UPN or an email.
    Address(Folded),
    /// With `\`: a device login.
    DeviceLogin(Login),
    /// With `/`: a device login, or an employee ID that has one; whichever some user has.
    Slashed(Login, EmployeeId),
    /// Anything else: an employee ID.
    EmployeeId(EmployeeId),
    /// `{ name: … }`: a display name.
    Name(DisplayName),
}

impl Reference {
    /// Reads a reference by its shape. An address has an `@` and no backslash: an account can hold `*\ada@acme.example`.
    ///
    /// # Errors
    /// Says why it is none of the kind that its shape says.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if text.contains('\\') {
            Login::parse(text).map(Self::DeviceLogin)
        } else if text.contains('@') {
            address(text).map(|text| Self::Address(Folded::address(text)))
        } else {
            let id = EmployeeId::parse(text)?;
            // Any domain is no part of an employee ID, and a login has one slash.
            match Login::parse(text) {
                Ok(login) if login.domain == Domain::Any => Ok(Self::DeviceLogin(login)),
                Ok(login) => Ok(Self::Slashed(login, id)),
                Err(_) => Ok(Self::EmployeeId(id)),
            }
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::DeviceLogin(login) => login.fmt(f),
            Self::EmployeeId(id) | Self::Slashed(_, id) => id.fmt(f),
            Self::Name(name) => write!(f, "{{ name: {name} }}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_a_reference_says_its_kind() {
        for (text, kind) in [
            ("Ada@acme.example", Reference::Address(Folded::new("ada@acme.example"))),
            ("ACME\\ada", Reference::DeviceLogin(Login::observed(Some("ACME"), "ada"))),
            ("*/ada", Reference::DeviceLogin(Login::observed(None, "ada"))),
            (
                "EMP/0001",
                Reference::Slashed(Login::observed(Some("EMP"), "0001"), EmployeeId::observed("EMP/0001")),
            ),
            ("DE/EMP/0001", Reference::EmployeeId(EmployeeId::observed("DE/EMP/0001"))),
            ("*\\ada@acme.example", Reference::DeviceLogin(Login::observed(None, "ada@acme.example"))),
            ("0012", Reference::EmployeeId(EmployeeId::observed("0012"))),
        ] {
            assert_eq!(Reference::parse(text), Ok(kind), "{text}");
        }
        assert_eq!(Reference::parse("ada@"), Err(Malformed::NotAnAddress));
        assert_eq!(Reference::parse(" "), Err(Malformed::Empty));
    }
}
