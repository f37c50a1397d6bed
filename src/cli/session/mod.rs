//! What a command works with: the manifests, the account that they name, and a plan.

pub(crate) mod base;
pub(crate) mod carrying;
pub(crate) mod clock;
pub(crate) mod diagnostics;
pub(crate) mod download;
pub(crate) mod earlier;
pub(crate) mod fleet;
pub(crate) mod git;
pub(crate) mod identity;
pub(crate) mod lists;
pub(crate) mod manifests;
pub(crate) mod planning;
pub(crate) mod recent;
pub(crate) mod scratch;
pub(crate) mod seed;
pub(crate) mod split;
pub(crate) mod target;
mod uploads;
