//! The account at this moment: the records of a seed, in order, with the tables that find them.
//!
//! It keeps itself consistent (indexes, both directions of a membership) and decides nothing: what may be done is in
//! `rules`. Users are a vector in the order of their ids, so that a page of the list is a slice of it.

mod account;
mod changes;
mod deed;
mod fold;
mod lookup;
mod open;
mod view;

pub(crate) use account::{GroupEntry, State};
pub(crate) use deed::Deed;
pub(crate) use fold::{fold, same, same_login};
pub(crate) use view::Status;
