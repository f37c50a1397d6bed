//! How do files get into a folder that may hold some of them already? The missing ones, all of them or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::process::failure::Failure;
use crate::run::{FileError, Neighbour};

/// A path in the way.
#[derive(Debug, thiserror::Error)]
#[error("{0} is no folder")]
struct NoFolder(String);

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Added {
    /// It was not there, and is now.
    Written,
    /// Something was there, and is as it was.
    WasThere,
}

/// Files that are added to a folder. Until they are kept, they go again when this does.
#[derive(Debug)]
pub(crate) struct Additions {
    folder: PathBuf,
    /// What was made so far, folders before what is in them.
    made: Vec<Made>,
}

/// Something that was made.
#[derive(Debug)]
enum Made {
    File(PathBuf),
    Folder(PathBuf),
}

impl Additions {
    /// Prepares to add files to a folder, which is made if it is not there.
    ///
    /// # Errors
    /// Something else is there, or it can't be made.
    pub(crate) fn to(folder: &Path) -> Result<Self, Failure> {
        let mut additions = Self { folder: folder.to_owned(), made: Vec::new() };
        if folder.symlink_metadata().is_ok() && !folder.is_dir() {
            return Err(Failure::error(NoFolder(folder.display().to_string())));
        }
        additions.make(folder)?;
        Ok(additions)
    }

    /// Where a file of the folder is.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Whether something is there under that name, be it a link that leads nowhere.
    pub(crate) fn is_there(&self, path: &str) -> bool {
        self.at(path).symlink_metadata().is_ok()
    }

    /// Adds a file, whole or not at all, unless something is there.
    pub(crate) fn add(&mut self, path: &str, bytes: &[u8]) -> Result<Added, FileError> {
        let file = self.at(path);
        if self.is_there(path) {
            return Ok(Added::WasThere);
        }
        self.make(file.parent().unwrap_or(&self.folder.clone()))?;
        if !Neighbour::write(&file, bytes)?.publish_new()? {
            return Ok(Added::WasThere);
        }
        self.made.push(Made::File(file));
        Ok(Added::Written)
    }

    /// Makes a folder and those above it, as far as they are not there.
    fn make(&mut self, folder: &Path) -> Result<(), FileError> {
        let is_missing = |it: &&Path| !it.as_os_str().is_empty() && !it.is_dir();
        let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => self.made.push(Made::Folder(folder.to_owned())),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(FileError::new(folder, "made", error)),
            }
        }
        Ok(())
    }

    /// Leaves what was added where it is.
    pub(crate) fn keep(mut self) {
        self.made.clear();
    }
}

impl Drop for Additions {
    /// What was not kept goes: files that were written, and folders that were made if nobody put anything else into them.
    fn drop(&mut self) {
        for made in self.made.drain(..).rev() {
            let _gone = match made {
                Made::File(file) => fs::remove_file(file),
                Made::Folder(folder) => fs::remove_dir(folder),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|it| it.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_missing_is_added_and_what_is_there_stays() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("users.yaml"), "mine").unwrap();
        let mut additions = Additions::to(root.path()).unwrap();
        assert_eq!(additions.add("users.yaml", b"new").unwrap(), Added::WasThere);
        assert_eq!(additions.add(".vscode/settings.json", b"new").unwrap(), Added::Written);
        additions.keep();
        assert_eq!(names(root.path()), [".vscode", "users.yaml"]);
        assert_eq!(names(&root.path().join(".vscode")), ["settings.json"]);
        assert_eq!(fs::read_to_string(root.path().join("users.yaml")).unwrap(), "mine");
    }

    #[test]
    fn without_being_kept_nothing_of_it_stays() {
        let root = tempfile::tempdir().unwrap();
        let mut additions = Additions::to(&root.path().join("a/b")).unwrap();
        additions.add("c/d.yaml", b"new").unwrap();
        assert!(root.path().join("a/b/c/d.yaml").is_file());
        fs::write(root.path().join("a/other"), "").unwrap();
        drop(additions);
        assert_eq!(names(root.path()), ["a"]);
        assert_eq!(names(&root.path().join("a")), ["other"]);
    }

    #[test]
    fn a_file_in_the_place_of_a_folder_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("file"), "").unwrap();
        let refused = Additions::to(&root.path().join("file")).unwrap_err();
        assert!(refused.sentence().contains("is no folder"), "{}", refused.sentence());
        let mut additions = Additions::to(root.path()).unwrap();
        assert!(additions.add("file/x", b"").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_there() {
        let root = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", root.path().join("users.yaml")).unwrap();
        let mut additions = Additions::to(root.path()).unwrap();
        assert_eq!(additions.add("users.yaml", b"new").unwrap(), Added::WasThere);
        assert!(!root.path().join("nowhere").exists());
    }
}
