//! Where is an account kept, and what are users called there?

use crate::model::identifier::IdentifierKind;
use crate::model::origin::Located;

/// Which service keeps the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Platform {
    /// ActivTrak.
    ActivTrak(Region),
    /// A learning platform.
    Docebo(Tenant),
    /// A sandbox started for the run, from a seed file (a path as the manifest says it).
    Sandbox {
        /// The seed file, relative to the manifest that names it.
        seed: Located<Box<str>>,
        /// What users are called there, if it stands for a learning platform.
        username: Option<Located<Username>>,
    },
}

impl Platform {
    /// What users are called by, where they have one name to log in with.
    pub fn username(&self) -> Option<Username> {
        match self {
            Self::ActivTrak(_) => None,
            Self::Docebo(tenant) => Some(tenant.username),
            Self::Sandbox { username, .. } => username.as_ref().map(|said| said.value),
        }
    }
}

/// An account of a learning platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its name, which is the first label of its host; of a host of another domain, all of it.
    pub name: Located<Box<str>>,
    /// What users are called there.
    pub username: Username,
}

/// Which identifier is the username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Username {
    /// An email.
    Email,
    /// A UPN.
    Upn,
    /// An employee ID.
    EmployeeId,
}

impl Username {
    /// The kind of identifier that it is.
    pub const fn kind(self) -> IdentifierKind {
        match self {
            Self::Email => IdentifierKind::Email,
            Self::Upn => IdentifierKind::Upn,
            Self::EmployeeId => IdentifierKind::EmployeeId,
        }
    }
}

/// The region of an ActivTrak account; each has a host of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// United States.
    Us,
    /// European Union.
    Eu,
    /// United Kingdom.
    Uk,
    /// Canada.
    Ca,
    /// Australia.
    Au,
}
