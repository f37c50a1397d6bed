//! What of what manifests ask for can files do that somebody uploads in the app?

mod upload;

pub use upload::{Upload, groups};
