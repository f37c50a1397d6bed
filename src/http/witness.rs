//! Who is told of every write, before it leaves and after its answer?

use std::fmt::Debug;
use std::io;
use std::sync::Arc;

use crate::http::answer::Answer;
use crate::http::error::Error;
use crate::http::line::Line;

/// Told of every write that a client sends, each attempt by itself.
pub trait Witness: Debug + Send + Sync {
    /// A write is about to leave on an errand; answers a number for it. With an error it does not leave.
    ///
    /// # Errors
    /// What was said can't be kept.
    fn leaves(&self, errand: u32, write: &Line) -> io::Result<u64>;

    /// What came of the write of that number. Nothing is said of one whose answer nobody waited for.
    fn came_back(&self, number: u64, answer: &Result<Answer, Error>);
}

/// Why requests are sent, for a witness: what belongs together has one number.
#[derive(Clone, Debug)]
pub struct Errand {
    /// Who is told.
    pub witness: Arc<dyn Witness>,
    /// The number.
    pub number: u32,
}

impl Errand {
    /// Tells of a write that is about to leave.
    pub(in crate::http) fn leaves(&self, write: &Line) -> Result<u64, Error> {
        let unnoted = |source| Error::Unnoted { line: write.clone(), source };
        self.witness.leaves(self.number, write).map_err(unnoted)
    }
}
