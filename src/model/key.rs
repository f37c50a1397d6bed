//! In which form are identifiers and display names compared?

use crate::model::identifier::{Identifier, Login};
use crate::model::reference::Reference;

/// An identifier or display name as it is compared: UPNs and emails share one space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key<'a> {
    /// A UPN or an email.
    Address(&'a str),
    /// An employee ID.
    EmployeeId(&'a str),
    /// A device login.
    Login(&'a Login),
    /// A display name.
    Name(&'a str),
}

impl<'a> From<&'a Identifier> for Key<'a> {
    fn from(identifier: &'a Identifier) -> Self {
        match identifier {
            Identifier::Upn(upn) => Self::Address(upn.key()),
            Identifier::Email(email) => Self::Address(email.key()),
            Identifier::EmployeeId(id) => Self::EmployeeId(id.as_written()),
            Identifier::DeviceLogin(login) => Self::Login(login),
        }
    }
}

impl<'a> From<&'a Reference> for Key<'a> {
    /// What a reference looks for first.
    fn from(reference: &'a Reference) -> Self {
        match reference {
            Reference::Address(address) => Self::Address(address.key()),
            Reference::EmployeeId(id) => Self::EmployeeId(id.as_written()),
            Reference::DeviceLogin(login) | Reference::Slashed(login, _) => Self::Login(login),
            Reference::Name(name) => Self::Name(name.key()),
        }
    }
}
