//! Where do the files of runs lie?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::failure::FileError;
use crate::cli::files::write_private;
use crate::plan::Digest;

/// The folder of what a command was given: that folder itself, or the one a single manifest lies in.
pub(crate) fn folder_of(manifests: &Path) -> &Path {
    if manifests.is_file() { manifests.parent().unwrap_or(manifests) } else { manifests }
}

/// `.rollcall/` in the folder of manifests: files that runs leave for later ones, none of them for Git.
#[derive(Debug)]
pub(crate) struct RunFolder(PathBuf);

impl RunFolder {
    /// The run folder of what a command was given, whether it is there or not.
    pub(crate) fn of(manifests: &Path) -> Self {
        Self(folder_of(manifests).join(".rollcall"))
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The folder itself, made unless it is there.
    pub(crate) fn made(&self) -> Result<&Path, FileError> {
        self.make_all()?;
        Ok(&self.0)
    }

    /// Makes a folder in it, unless it is there.
    pub(crate) fn make_folder(&self, name: &str) -> Result<PathBuf, FileError> {
        self.make_all()?;
        let folder = self.0.join(name);
        make(&folder)?;
        Ok(folder)
    }

    /// Where the plan of a digest is kept.
    pub(crate) fn plan(&self, digest: &str) -> PathBuf {
        self.0.join("plans").join(format!("{digest}.json"))
    }

    /// Where the last HR upload is noted, and whether the account showed it.
    pub(crate) fn upload(&self) -> PathBuf {
        self.0.join("upload.json")
    }

    /// Notes an HR upload, for good before it is sent.
    pub(crate) fn keep_upload(&self, note: &[u8]) -> Result<(), FileError> {
        self.make_all()?;
        write_private(&self.upload(), note)
    }

    /// Where the last HR upload that nobody could watch is noted.
    pub(crate) fn sent(&self) -> PathBuf {
        self.0.join("sent.json")
    }

    /// Notes such an upload, for good before it is sent.
    pub(crate) fn keep_sent(&self, note: &[u8]) -> Result<(), FileError> {
        self.make_all()?;
        write_private(&self.sent(), note)
    }

    /// Keeps a plan, so that what is left of it can be recognised later.
    pub(crate) fn keep_plan(&self, digest: Digest, document: &[u8]) -> Result<(), FileError> {
        self.make_folder("plans")?;
        write_private(&self.plan(&digest.to_string()), document)
    }

    /// Makes the run folder with its `.gitignore`, unless they are there.
    fn make_all(&self) -> Result<(), FileError> {
        make(&self.0)?;
        let ignore = self.0.join(".gitignore");
        if !ignore.exists() {
            write_private(&ignore, b"*\n")?;
        }
        Ok(())
    }
}

/// Makes a folder, unless it is there. A link is refused: files with people in them stay below the manifests.
fn make(folder: &Path) -> Result<(), FileError> {
    let made = match fs::symlink_metadata(folder) {
        Ok(there) if there.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::other("it is there and is no folder; links are not followed")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(folder),
        Err(error) => Err(error),
    };
    made.map_err(|source| FileError::new(folder, "made", source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_plan_lies_in_a_folder_that_git_ignores() {
        let folder = tempfile::tempdir().unwrap();
        let runs = RunFolder::of(folder.path());
        runs.keep_plan(Digest([7; 32]), b"{}").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(".rollcall/.gitignore")).unwrap(), "*\n");
        assert_eq!(fs::read(runs.plan(&"07".repeat(32))).unwrap(), b"{}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_folder_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join(".rollcall")).unwrap();
        assert!(RunFolder::of(folder.path()).keep_plan(Digest([7; 32]), b"{}").is_err());
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
