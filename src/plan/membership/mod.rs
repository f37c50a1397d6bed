//! Who is wanted in which group: by lists, by users who name groups, by rules, by rows of HR exports, and by other groups.

pub(super) mod automatic;
pub(super) mod copied;
pub(super) mod feeds;
pub(super) mod filled;
mod named;
pub(super) mod sought;
pub(super) mod unmatched;
pub(super) mod unseen;
pub(super) mod wanted;
