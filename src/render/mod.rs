//! Values become bytes: one file per format, every function writes to an `io::Write`.

pub mod diagnostics;
