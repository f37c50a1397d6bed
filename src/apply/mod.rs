//! Plan and account → [`Report`]: carries a plan out, in order, and says truthfully what became of every step.
//!
//! Within a phase, steps whose needs hold go out side by side, packed into the batch calls that the account has. A step that
//! needs one that does not hold is skipped; one that was accepted and does not read back as asked ends the whole run.

mod conduct;
mod expect;
mod forecast;
mod halt;
mod ledger;
mod memory;
mod phases;
mod rehearsal;
mod report;
mod run;
mod set;
#[cfg(test)]
mod tests;
mod trace;
mod upload;
mod users;

pub use conduct::{Conduct, Doubt, Event};
pub use expect::{Evidence, Expected, Fit, Standing, fit, moved};
pub use forecast::Forecast;
pub use halt::{Halt, Halter};
pub use ledger::Ledger;
pub use memory::{Earlier, Memory, NoMemory};
pub use phases::apply;
pub use rehearsal::{Asked, Came, Consent, Faults, Known, Outcome, Rate, Rehearsal, Rehearsed, Under};
pub use report::{Altered, Ending, Report, Stop};

pub use set::{GroupShown, Presence};
pub use trace::{DELETE, REMOVE, Trace, UNBLOCK, UPLOAD, trace};
