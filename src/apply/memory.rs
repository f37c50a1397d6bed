//! Which HR upload has no reading shown yet?

use std::fmt::Debug;
use std::io;

use crate::model::HrGroup;

/// What outlives a run: the set of an upload that was sent, until the account shows it. A second file is never sent over
/// one that is still being processed, whichever run sent the first.
pub trait Memory: Debug + Sync {
    /// The set of an upload that is not verified; `None` if there is none.
    ///
    /// # Errors
    /// The memory is there and can't be read.
    fn unverified(&self) -> io::Result<Option<Vec<HrGroup>>>;

    /// Remembers the set of an upload that is about to be sent, for good before it answers.
    ///
    /// # Errors
    /// It can't be remembered, and so the upload must not be sent.
    fn remember(&self, set: &[HrGroup]) -> io::Result<()>;

    /// Forgets it: the account shows the set, or refused the file.
    ///
    /// # Errors
    /// It can't be forgotten, and later runs will look for it.
    fn forget(&self) -> io::Result<()>;
}

/// For an account that ends with the run: nothing of it can be pending afterwards.
#[derive(Debug, Clone, Copy)]
pub struct NoMemory;

impl Memory for NoMemory {
    fn unverified(&self) -> io::Result<Option<Vec<HrGroup>>> {
        Ok(None)
    }

    fn remember(&self, _: &[HrGroup]) -> io::Result<()> {
        Ok(())
    }

    fn forget(&self) -> io::Result<()> {
        Ok(())
    }
}
