//! Tests of the crate as a whole: what its parts may know of each other, and that generated documents are current.

mod documents;
mod layering;
