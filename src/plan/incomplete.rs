//! What is too small to be the whole picture?

use thiserror::Error;

use crate::model::Origin;

/// A reading or a set of manifests that is too small to be the whole picture: no plan is made of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Incomplete {
    /// Fewer users were read than `policy.minimum.users`.
    #[error("users in the account: {found}, and policy.minimum.users says {minimum}")]
    Users {
        /// Read.
        found: u64,
        /// Wanted.
        minimum: u64,
        /// Where the minimum is set.
        origin: Origin,
    },
    /// Fewer groups were read than `policy.minimum.groups`.
    #[error("groups in the account: {found}, and policy.minimum.groups says {minimum}")]
    Groups {
        /// Read.
        found: u64,
        /// Wanted.
        minimum: u64,
        /// Where the minimum is set.
        origin: Origin,
    },
    /// Fewer users are declared than `policy.minimum.declaredUsers`, the base branch's among them.
    #[error("users in the manifests: {found}, and policy.minimum.declaredUsers says {minimum}")]
    Declared {
        /// Declared.
        found: u64,
        /// Wanted.
        minimum: u64,
        /// Where the minimum is set.
        origin: Origin,
    },
    /// A protected user or group is neither declared nor in the account.
    #[error("a protected {what} is neither in the manifests nor in the account")]
    Protected {
        /// `user` or `group`.
        what: &'static str,
        /// Where it is protected.
        origin: Origin,
    },
}

impl Incomplete {
    /// Where the bound is set that is not met.
    pub const fn origin(&self) -> Origin {
        match self {
            Self::Users { origin, .. }
            | Self::Groups { origin, .. }
            | Self::Declared { origin, .. }
            | Self::Protected { origin, .. } => *origin,
        }
    }
}
