//! Which orders are carried out, and about which record? Once, and only against the record they were written about.

mod decision;
pub(super) mod lift;
pub(super) mod orders;
mod spared;
mod unsure;

pub(super) use decision::decide;
