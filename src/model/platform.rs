//! Where is an account kept, and what are users called there? The table of services is the one line of a platform outside of
//! `account` and `sandbox`: manifests, the command line and the formats follow it.

use crate::model::identifier::IdentifierKind;
use crate::model::origin::Located;

/// Builds [`Service`] from the table below: the word of manifests, what an account there is told apart by, and how the service is
/// called.
macro_rules! services {
    ($($variant:ident $word:literal $place:ident $name:literal $at:literal)*) => {
        /// A service that keeps accounts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Service {
            $(#[doc = $at] $variant,)*
        }

        impl Service {
            /// Every service, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// What `platform` of an account says.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What an account there is told apart by.
            pub const fn place(self) -> Place {
                match self { $(Self::$variant => Place::$place),* }
            }

            /// How it is called in a sentence.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Where an account there is kept.
            pub const fn at(self) -> &'static str {
                match self { $(Self::$variant => $at),* }
            }
        }

        /// What `platform` of an account can say: the word of each service, and `sandbox`.
        pub const PLATFORM_WORDS: &[&str] = &[$($word,)* SANDBOX];
    };
}

services! {
    ActivTrak "activtrak" Region "ActivTrak" "At ActivTrak"
    Docebo "docebo" Tenant "a learning platform" "At a learning platform, by the API of Docebo"
}

/// What `platform` of an account says where it is a sandbox.
pub const SANDBOX: &str = "sandbox";

/// What tells an account of a service from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The region that it is in, and its number; whoever has a key of it needs no more.
    Region,
    /// Its name, and what its users are called: a learning platform.
    Tenant,
}

impl Service {
    /// The service that a word of manifests names.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.word() == word)
    }
}

/// Where an account is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Platform {
    /// In a region of a service.
    Region(Service, Region),
    /// At a learning platform.
    Tenant(Service, Tenant),
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
            Self::Region(..) => None,
            Self::Tenant(_, tenant) => Some(tenant.username),
            Self::Sandbox { username, .. } => username.as_ref().map(|said| said.value),
        }
    }

    /// The service that keeps it; none of a sandbox.
    pub const fn service(&self) -> Option<Service> {
        match self {
            Self::Region(service, _) | Self::Tenant(service, _) => Some(*service),
            Self::Sandbox { .. } => None,
        }
    }

    /// What manifests say of it.
    pub fn word(&self) -> &'static str {
        self.service().map_or(SANDBOX, Service::word)
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
