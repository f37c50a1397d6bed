//! Which accounts does a repository of many have, and which of them does a change concern?
//!
//! A [`Member`] is an account with the files that it is made of; a [`Selection`] is those of them that are to be planned.

mod key;
mod member;
mod selection;

pub use key::{Key, shard_of};
pub use member::{Member, Twice, members_in, strays, twice};
pub use selection::{Because, Changes, Selected, Selection, Shard};
