//! How is an account come by, and what does an environment say of it? Each platform names its variables; the process alone looks.

use std::fmt;
use std::time::Duration;

use crate::http::{BadEndpoint, BadSecret, Endpoint, Limiter, Limits, Pace, Proxy, Secret};

/// What a run brings along to whichever account.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    /// Where requests go in place of the account's own host.
    pub endpoint: Option<&'a Endpoint>,
    /// What the environment says, by the name of a variable.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// How much it does at once.
    pub limits: Limits,
    /// How long the account may ask to be left alone.
    pub patience: Duration,
}

impl fmt::Debug for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Way").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Way<'_> {
    /// What the environment says, if anything.
    pub(in crate::account) fn said(&self, variable: Variable) -> Option<String> {
        (self.environment)(variable.name).filter(|said| !said.trim().is_empty())
    }

    /// A credential of the environment, if it has it.
    pub(in crate::account) fn secret(&self, variable: Variable) -> Result<Option<Secret>, Why> {
        variable.secret(self.environment)
    }

    /// How long to wait at a host.
    pub(in crate::account) fn pace(&self, endpoint: &Endpoint) -> Pace {
        Pace::at(endpoint).with_patience(self.patience)
    }

    /// The proxy before a host, if the environment names one.
    pub(in crate::account) fn proxy(&self, endpoint: &Endpoint) -> Option<Proxy> {
        Proxy::of(endpoint, self.environment)
    }

    /// Whose turn it is, of all that the run sends.
    pub(in crate::account) fn limiter(&self) -> Limiter {
        Limiter::new(self.limits)
    }
}

/// A variable of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// An address, which is no secret.
    Address,
    /// A key.
    Key,
    /// A name or password that somebody chose: it may have any letters.
    Password,
}

impl Variable {
    /// A variable that holds a key.
    pub const fn key(name: &'static str) -> Self {
        Self { name, holds: Holds::Key }
    }

    /// The credential that an environment has in it, if it has it.
    ///
    /// # Errors
    /// Its text can't be one.
    pub fn secret(self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Option<Secret>, Why> {
        let Some(text) = environment(self.name).filter(|text| !text.is_empty()) else { return Ok(None) };
        let secret = match self.holds {
            Holds::Password => Secret::password(&text),
            Holds::Key | Holds::Address => Secret::parse(&text),
        };
        secret.map(Some).map_err(|source| Why::Credential { variable: self.name, source })
    }
}

/// The variables of a platform.
#[derive(Debug)]
pub struct Variables {
    /// The credential that nobody without rights at an account has.
    pub main: Variable,
    /// Those that every account needs which workflows are written for.
    pub usual: &'static [Variable],
    /// Those that some accounts need besides. Empty ones count as left out, so workflows hand them over as well.
    pub optional: &'static [Variable],
    /// Those that open an account, any of them.
    pub keys: &'static [Variable],
}

impl Variables {
    /// Whether an environment has any key.
    ///
    /// # Errors
    /// A text that can't be one.
    pub fn open_any(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<bool, Why> {
        let mut keys = self.keys.iter();
        keys.try_fold(false, |found, key| Ok(found || key.secret(environment)?.is_some()))
    }
}

/// An account that can't be talked to, and what to do about it.
#[derive(Debug)]
pub struct Unreachable {
    /// Why.
    pub why: Why,
    /// What to do, where there is more to say than that.
    pub hint: Option<&'static str>,
}

/// Why an account can't be talked to.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// The environment does not say where it is.
    #[error("no address: the environment has no {0}")]
    NoAddress(&'static str),
    /// What the environment says is no address.
    #[error("{variable} can't be used")]
    Address {
        /// The variable.
        variable: &'static str,
        /// Why.
        source: BadEndpoint,
    },
    /// The address that a platform has for a region is none.
    #[error("the address of the region is none")]
    Region(#[source] BadEndpoint),
    /// The address is that of another account.
    #[error("{address} is the account {found}, the manifests describe account {expected}")]
    Another {
        /// The address.
        address: String,
        /// Whose it is.
        found: Box<str>,
        /// Whose it should be.
        expected: Box<str>,
    },
    /// The environment has no key.
    #[error("no key: the environment has {0}")]
    NoKey(String),
    /// A credential whose text can't be one.
    #[error("{variable} can't be used")]
    Credential {
        /// The variable.
        variable: &'static str,
        /// Why.
        source: BadSecret,
    },
    /// One of two variables that go together.
    #[error("the environment has {0} without {1}")]
    Half(&'static str, &'static str),
    /// Manifests don't say of it what accounts of its platform are told apart by.
    #[error("the manifests don't say where the account is")]
    Nowhere,
}

impl Why {
    /// The same, with what to do about it.
    pub(in crate::account) const fn hint(self, hint: &'static str) -> Unreachable {
        Unreachable { why: self, hint: Some(hint) }
    }
}

impl From<Why> for Unreachable {
    fn from(why: Why) -> Self {
        Self { why, hint: None }
    }
}
