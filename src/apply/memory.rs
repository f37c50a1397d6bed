//! What became of the last HR upload from here, if anything remembers it?

use std::fmt::Debug;
use std::io;

use crate::model::HrGroup;

/// What is known of HR uploads before a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing: somebody may have sent a file that is still being processed.
    Unknown,
    /// That there is none: the account is this run's own.
    None,
    /// The last one was sent, and no reading has shown its set.
    Unverified(Vec<HrGroup>),
    /// A reading showed the set of the last one.
    Verified(Vec<HrGroup>),
}

/// What outlives a run: the set of the last upload, and whether the account showed it. A second file is never sent over one that
/// is still being processed, whichever run sent the first.
pub trait Memory: Debug + Sync {
    /// What a person deletes who is sure that the account dropped the last upload.
    fn place(&self) -> String;

    /// What is known of the last upload.
    ///
    /// # Errors
    /// The memory is there and can't be read.
    fn earlier(&self) -> io::Result<Earlier>;

    /// Remembers the set of an upload that is about to be sent, for good before it answers.
    ///
    /// # Errors
    /// It can't be remembered, and so the upload must not be sent.
    fn sent(&self, set: &[HrGroup]) -> io::Result<()>;

    /// Remembers that a reading showed the set.
    ///
    /// # Errors
    /// It can't be remembered, and later runs will look for it.
    fn verified(&self, set: &[HrGroup]) -> io::Result<()>;

    /// Forgets the upload: the account refused the file.
    ///
    /// # Errors
    /// It can't be forgotten, and later runs will look for it.
    fn forget(&self) -> io::Result<()>;
}

/// For an account that ends with the run: nothing of it can be pending before or afterwards.
#[derive(Debug, Clone, Copy)]
pub struct NoMemory;

impl Memory for NoMemory {
    fn place(&self) -> String {
        "nothing".to_owned()
    }

    fn earlier(&self) -> io::Result<Earlier> {
        Ok(Earlier::None)
    }

    fn sent(&self, _: &[HrGroup]) -> io::Result<()> {
        Ok(())
    }

    fn verified(&self, _: &[HrGroup]) -> io::Result<()> {
        Ok(())
    }

    fn forget(&self) -> io::Result<()> {
        Ok(())
    }
}
