//! How do orders that are due read in a plan, and which steps carry them out?

mod draft;
mod members;
pub(super) mod stake;

pub(super) use draft::{changes, gone_fact, lifted, lifted_rules, steps, unblock_key};
pub(super) use members::memberships;
