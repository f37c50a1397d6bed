//! What would manifests say of an account as it is, and what can't they say of it?
//!
//! Pure but for [`check`], which reads what was written. [`Imported::of`] turns a reading into entries, [`files`] says which file
//! holds which, and `check` plans them against the reading: what would not be nothing to do is left out, and listed.

mod adopt;
mod check;
mod choices;
mod claims;
mod exclusions;
mod files;
mod groups;
mod imported;
mod left_out;
mod parts;
mod place;
mod reading;
mod references;
mod report;
mod roster;
mod selection;
mod slug;
#[cfg(test)]
mod tests;
mod unsaid;
mod users;

pub use adopt::{Adoption, Difference, Only, Revised, Unadoptable, UnmentionedToo, Wanted, adopt};
pub use check::{Objection, check};
pub use choices::{Choices, HrGroups, PrimaryGroups};
pub use files::{Split, files};
pub use imported::{Imported, hidden};
pub use parts::Parts;
pub use place::{File, Place};
pub use reading::digest;
pub use report::{Read, Report, Written};
pub use selection::{Extent, Selection};
pub use unsaid::{Kind, Unsaid};
