//! The conditions by which an account fills a group: made of what a manifest says, said in words, and made a manifest's again.

pub(super) mod as_rule;
pub(super) mod of_rule;
pub(super) mod words;
