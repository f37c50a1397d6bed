//! What leaves a command: plans and reports, shown or in files, and why there are none.

pub(crate) mod additions;
pub(crate) mod declared;
pub(crate) mod display;
pub(crate) mod expectation;
mod filled;
mod granted;
mod known;
pub(crate) mod output;
pub(crate) mod refusal;
pub(crate) mod rehearsal;
pub(crate) mod revise;
pub(crate) mod save;
pub(crate) mod stage;
mod tenant;
pub(crate) mod way_back;
