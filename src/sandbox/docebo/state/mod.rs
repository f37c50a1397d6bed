//! The tenant at this moment: the records of a seed, with the tables that find them.
//!
//! It keeps itself consistent and decides nothing: what may be done is in `rules`.

mod changes;
mod open;
mod tenant;

pub(crate) use tenant::{ROOT, Tenant};
