//! How does a folder of manifests get onto the disk? All of it, or nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::process::failure::Failure;
use crate::render::quoted;
use crate::run::{FileError, write_private};

/// A folder that can't be written to.
#[derive(Debug, thiserror::Error)]
enum Taken {
    #[error("{0} holds manifests already: nothing was written")]
    Manifests(String),
    #[error("{0} is there already: nothing was written")]
    Entry(String),
    #[error("{0} is no folder")]
    NoFolder(String),
}

/// Manifests that are written beside their place, and then put there.
#[derive(Debug)]
pub(crate) struct Stage {
    folder: PathBuf,
    /// Where they are until then: beside the folder if there is none yet, else in it, hidden.
    at: PathBuf,
}

impl Stage {
    /// Prepares to write a folder that holds no manifests.
    ///
    /// # Errors
    /// It does, or nothing can be written there.
    pub(crate) fn open(folder: &Path, holds_manifests: impl Fn(&Path) -> bool) -> Result<Self, Failure> {
        let shown = || folder.display().to_string();
        let name = match fs::metadata(folder) {
            Ok(there) if !there.is_dir() => return Err(Failure::error(Taken::NoFolder(shown()))),
            Ok(_) if holds_manifests(folder) => {
                let another = folder.join("imported").display().to_string();
                let hint = format!("name a new folder: rollcall import {}", quoted(&another));
                return Err(Failure::error(Taken::Manifests(shown())).hint(hint));
            }
            Ok(_) => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound => folder.file_name(),
            Err(error) => return Err(FileError::new(folder, "read", error).into()),
        };
        let process = std::process::id();
        let at = match name {
            Some(name) => folder.with_file_name(format!(".{}.{process}.part", name.to_string_lossy())),
            None => folder.join(format!(".import.{process}.part")),
        };
        Ok(Self { folder: folder.to_owned(), at })
    }

    /// Writes files, in the place of what was written before; answers where they are.
    pub(crate) fn write<'f>(
        &self,
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<PathBuf, FileError> {
        let failed = |error| FileError::new(&self.at, "written", error);
        self.clear().map_err(failed)?;
        fs::create_dir(&self.at).map_err(failed)?;
        for (path, text) in files {
            let file = self.at.join(path);
            let below = file.parent().unwrap_or(&self.at);
            fs::create_dir_all(below).map_err(failed)?;
            write_private(&file, text.as_bytes())?;
        }
        self.at.canonicalize().map_err(failed)
    }

    fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.at) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Puts what was written in its place. What is there stays, and if one thing can't be put there, none is.
    pub(crate) fn publish<'f>(self, files: impl IntoIterator<Item = &'f str>) -> Result<(), Failure> {
        let failed = |error| FileError::new(&self.folder, "written", error);
        if !self.folder.exists() {
            fs::rename(&self.at, &self.folder).map_err(failed)?;
            return Ok(());
        }
        let first = |path: &'f str| path.split('/').next().unwrap_or(path);
        let entries: BTreeSet<&str> = files.into_iter().map(first).collect();
        if let Some(there) = entries.iter().map(|entry| self.folder.join(entry)).find(|it| it.exists()) {
            return Err(Failure::error(Taken::Entry(there.display().to_string())));
        }
        let mut moved = Vec::new();
        for entry in entries {
            let (from, to) = (self.at.join(entry), self.folder.join(entry));
            if let Err(error) = fs::rename(&from, &to) {
                for (from, to) in moved {
                    // The first error is the one to report.
                    let _stays: io::Result<()> = fs::rename(to, from);
                }
                return Err(failed(error).into());
            }
            moved.push((from, to));
        }
        Ok(())
    }
}

impl Drop for Stage {
    /// Nothing is left behind, whether it was published or not.
    fn drop(&mut self) {
        let _gone = self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 2] = [("rollcall.yaml", "account: {}"), ("users/a.yaml", "users: []")];

    fn published(folder: &Path) -> Result<(), String> {
        let stage = Stage::open(folder, |_| false).map_err(|it| it.sentence())?;
        stage.write(FILES).map_err(|it| it.to_string())?;
        stage.publish(FILES.map(|(path, _)| path)).map_err(|it| it.sentence())
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|it| it.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_made_or_filled_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        published(&root.path().join("new")).unwrap();
        assert_eq!(names(root.path()), ["new"]);
        fs::create_dir(root.path().join("old")).unwrap();
        fs::write(root.path().join("old/README.md"), "").unwrap();
        published(&root.path().join("old")).unwrap();
        assert_eq!(names(&root.path().join("old")), ["README.md", "rollcall.yaml", "users"]);
        assert_eq!(fs::read_to_string(root.path().join("old/users/a.yaml")).unwrap(), "users: []");
    }

    #[test]
    fn what_is_there_stays_and_then_nothing_is_written() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("users")).unwrap();
        assert!(published(root.path()).unwrap_err().contains("users is there already"));
        assert_eq!(names(root.path()), ["users"]);
        let full = Stage::open(root.path(), |_| true).unwrap_err();
        assert!(full.sentence().contains("holds manifests already"));
        fs::write(root.path().join("file"), "").unwrap();
        assert!(published(&root.path().join("file")).unwrap_err().contains("is no folder"));
    }
}
