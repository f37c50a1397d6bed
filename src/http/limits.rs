//! How much does a run do at once and take in?

use std::num::{NonZeroU32, NonZeroUsize};

/// How much a run does at once and takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests under way at the same time, at most.
    pub concurrency: NonZeroUsize,
    /// Requests per second, at most.
    pub rate: Option<NonZeroU32>,
    /// The largest body accepted, in bytes, after decompression.
    pub body: usize,
}

impl Limits {
    /// `concurrency` requests at once, as many a second as the account takes, and bodies up to 256 MiB.
    pub const fn of(concurrency: NonZeroUsize) -> Self {
        Self { concurrency, rate: None, body: 256 << 20 }
    }
}
