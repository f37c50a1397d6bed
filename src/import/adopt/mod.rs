//! What would the manifests that are there have to say, so that a plan of them leaves the account as it is?
//!
//! A plan says what differs, and which line asks for it. `users`, `groups` and `exclusions` turn each of its facts round: what has to
//! be edited, so that the line says what the account has. `rounds` edits and plans again until there is nothing left to edit, with what
//! comes up on the way (`repair`), and nothing is adopted of which a plan does not say so itself: what does not settle is left out
//! (`grow`) and listed with both sides (`sentence`).

mod additions;
mod adoption;
mod answer;
mod book;
mod copies;
mod exclusions;
mod ground;
mod groups;
mod grow;
mod repair;
mod rounds;
mod sentence;
mod topic;
mod users;

pub use adoption::{Adoption, Difference, Revised, Unadoptable, UnmentionedToo, Wanted, adopt};
pub use topic::Only;
