//! Who is wanted in which group: by lists, by users who name groups, by rules, and by rows of HR exports.

pub(super) mod automatic;
pub(super) mod feeds;
pub(super) mod unmatched;
pub(super) mod unseen;
pub(super) mod wanted;
