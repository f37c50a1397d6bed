//! A stretch of manifest text, in the byte offsets of [`Origin`].

use crate::model::Origin;

/// Bytes `start..end` of all sources laid end to end; [`Sources`](super::Sources) knows which file that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte; equal to `start` where nothing is written.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The place alone, as model values carry it.
    pub const fn origin(self) -> Origin {
        Origin::at(self.start)
    }

    /// An empty span at a place, unless nothing said it.
    pub fn at(origin: Origin) -> Option<Self> {
        origin.offset().map(|offset| Self::new(offset, offset))
    }
}
