//! What of a run is kept as it happens, for who comes after it?

use std::fmt::Debug;
use std::io;

use crate::account::Packet;
use crate::model::{Outcome, StepId, UserId};

/// Keeps a run, line by line: what was not kept is not sent. However the run is cut off, the next one can tell from it which
/// steps are settled and which it has to look for.
pub trait Ledger: Debug + Sync {
    /// The steps of a packet are about to be sent. On the disk when this answers: once a request has left, even a power cut
    /// can't take away that it may have.
    ///
    /// # Errors
    /// It can't be kept, and so nothing of the packet may be sent.
    fn sending(&self, packet: &Packet) -> io::Result<()>;

    /// What became of steps, and the records that were made.
    ///
    /// # Errors
    /// It can't be kept, and so nothing more may be sent.
    fn settled(&self, outcomes: &[(StepId, Outcome)], made: &[(StepId, UserId)]) -> io::Result<()>;
}
