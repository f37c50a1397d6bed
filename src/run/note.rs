//! How is a note about an account kept in the run folder and read again, and what is said where it can't be?

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::run::files::FileError;
use crate::run::folder::RunFolder;
use crate::run::left;
use crate::run::run_target::RunTarget;

/// Where the note of a kind about an account is, whether it is there or not.
#[derive(Debug)]
pub(super) struct Place {
    folder: RunFolder,
    pub(super) target: RunTarget,
    kind: &'static str,
}

impl Place {
    pub(super) const fn new(folder: RunFolder, target: RunTarget, kind: &'static str) -> Self {
        Self { folder, target, kind }
    }

    fn name(&self) -> String {
        self.target.note(self.kind)
    }

    /// The file.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.note(&self.name())
    }

    /// What is noted, if anything is.
    pub(super) fn read<N: DeserializeOwned>(&self) -> io::Result<Option<N>> {
        match left::read(&self.path()) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| self.unreadable(error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// Why it can't be read, and what to do about it.
    pub(super) fn unreadable(&self, why: impl Display) -> io::Error {
        let path = self.path();
        io::Error::other(format!(
            "{}: {why}; look at the HR groups in the app, then delete the file",
            path.display()
        ))
    }

    /// Notes something, for good.
    pub(super) fn write(&self, note: &impl Serialize) -> Result<(), FileError> {
        let bytes = serde_json::to_vec(note)
            .map_err(|error| FileError::new(self.path(), "written", io::Error::other(error)))?;
        self.folder.keep_note(&self.name(), &bytes)
    }
}
