//! How does a file with people in it get onto the disk?

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file or stream that could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{path} could not be {verb}")]
pub(crate) struct FileError {
    /// The file.
    pub(crate) path: Shown,
    /// What was tried, as a participle: `read`, `written`.
    pub(crate) verb: &'static str,
    /// What the system says.
    pub(crate) source: io::Error,
}

/// A path as errors name it.
#[derive(Debug)]
pub(crate) struct Shown(PathBuf);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.display())
    }
}

impl FileError {
    /// `verb` is a participle: `read`, `written`.
    pub(crate) fn new(path: impl Into<PathBuf>, verb: &'static str, source: io::Error) -> Self {
        Self { path: Shown(path.into()), verb, source }
    }
}

/// Writes a file whole or not at all, readable by its owner only.
///
/// The bytes go to a neighbour that then takes the file's place, so a reader never sees half of them, and a link at the
/// path is replaced, not followed. What is there and is no file (a pipe, a terminal) is written to as it is.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() && !there.is_dir() => OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|source| FileError::new(path, "written", source)),
        _ => write_anew(path, bytes),
    }
}

/// The same, in the place of whatever is there: a file of a run, which nobody named.
pub(crate) fn write_anew(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    replace(path, bytes).map_err(|source| FileError::new(path, "written", source))
}

/// Makes sure that a file can be written, and takes it away if it is what an earlier run reported: that is none of this one's, however
/// it ends. What is anything else is written over only by what there is to write.
pub(crate) fn clear(path: &Path) -> Result<(), FileError> {
    let cleared = match fs::metadata(path) {
        Ok(there) if !there.is_file() => Ok(()),
        Ok(_) if !is_report(path) => OpenOptions::new().append(true).open(path).map(drop),
        _ => replace(path, b"").and_then(|()| fs::remove_file(path)),
    };
    cleared.map_err(|source| FileError::new(path, "written", source))
}

/// Whether a file is a report, or nothing at all.
fn is_report(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| {
        let report = serde_json::from_slice::<serde_json::Value>(&bytes);
        bytes.is_empty() || report.is_ok_and(|it| it.get("status").is_some() && it.get("writes").is_some())
    })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let neighbour = neighbour(path)?;
    match fs::remove_file(&neighbour) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = create_private(&neighbour)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&neighbour, path))
        .and_then(|()| keep_entry(path));
    if written.is_err() {
        // The first error is the one to report.
        let _left_behind = fs::remove_file(&neighbour);
    }
    written
}

/// What a file is to say, beside it on the disk until it takes its place.
#[derive(Debug)]
pub(crate) struct Neighbour {
    at: PathBuf,
    of: PathBuf,
}

impl Neighbour {
    /// Writes it. It gets the rights of the file whose place it is to take; without one only its owner reads it.
    pub(crate) fn write(of: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        let failed = |source| FileError::new(of, "written", source);
        let written = Self { at: neighbour(of).map_err(failed)?, of: of.to_owned() };
        match fs::remove_file(&written.at) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let mut file = create_private(&written.at).map_err(failed)?;
        if let Ok(there) = fs::metadata(of) {
            file.set_permissions(there.permissions()).map_err(failed)?;
        }
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(written)
    }

    /// Lets it take its place.
    pub(crate) fn publish(self) -> Result<(), FileError> {
        let published = fs::rename(&self.at, &self.of).and_then(|()| keep_entry(&self.of));
        published.map_err(|source| FileError::new(&self.of, "written", source))
    }

    /// The same, unless something is there by then: answers whether it took its place.
    pub(crate) fn publish_new(self) -> Result<bool, FileError> {
        let linked = match fs::hard_link(&self.at, &self.of) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            // Not every file system has links.
            Err(_) if self.of.symlink_metadata().is_ok() => return Ok(false),
            Err(_) => fs::rename(&self.at, &self.of),
            linked => linked,
        };
        let published = linked.and_then(|()| keep_entry(&self.of));
        published.map(|()| true).map_err(|source| FileError::new(&self.of, "written", source))
    }
}

impl Drop for Neighbour {
    /// Nothing is left behind.
    fn drop(&mut self) {
        let _gone = fs::remove_file(&self.at);
    }
}

/// Keeps the entry of a file or folder that was made in its folder, so that no power cut takes it; as far as the folder can be read
/// and its file system knows how.
#[cfg(unix)]
pub(crate) fn keep_entry(path: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if !matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => Err(error),
        _ => Ok(()),
    }
}

/// Elsewhere a folder can't be opened, and the file system keeps its entries itself.
#[cfg(not(unix))]
pub(crate) fn keep_entry(_: &Path) -> io::Result<()> {
    Ok(())
}

/// `.NAME.PID.part` beside the file: on the same volume, so that taking its place is one step.
fn neighbour(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.part", std::process::id()));
    Ok(path.with_file_name(hidden))
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Windows gives a new file the rights of its folder.
#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_is_readable_by_its_owner_only_and_replaces_a_link_instead_of_following_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "untouched").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write_private(&link, b"people").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "untouched");
        let there = fs::symlink_metadata(&link).unwrap();
        assert!(there.is_file());
        assert_eq!(there.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn nothing_is_left_behind_whether_it_works_or_not() {
        let folder = tempfile::tempdir().unwrap();
        write_private(&folder.path().join("plan.json"), b"1").unwrap();
        write_private(&folder.path().join("plan.json"), b"2").unwrap();
        assert!(write_private(&folder.path().join("no/such/folder"), b"3").is_err());
        let names: Vec<OsString> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["plan.json"]);
        assert_eq!(fs::read(folder.path().join("plan.json")).unwrap(), b"2");
    }
}
