//! What does a new repository hold, so that it is right from its first commit? Pure.
//!
//! [`files`] says which files with which texts; they are written, where nothing is yet, by whoever asks.

mod files;
mod report;
mod texts;
mod workflows;

pub use files::{File, Kind, Main, Policy, files, ignored_at_least};
pub use report::{Handed, Kept, Report, Stored, Written};
pub use texts::{IGNORED, SCHEMA_FILE, SEED_FILE};
pub use workflows::{ActionRef, BadActionRef, workflows};
