//! Who applies from this checkout right now? One at a time.
//!
//! The lock is the operating system's, on `.rollcall/lock`: it ends with the process that holds it, however that ends, so no
//! crash leaves one behind. The text in the file only says whose it is, and is taken out when the lock is let go; text without
//! a lock is what a process left that was killed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::run::files::FileError;
use crate::run::folder::RunFolder;

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
    owner: Owner,
}

/// Whose lock it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Owner {
    /// Its process.
    pub(crate) process: u32,
    /// The machine, where it may be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<String>,
    /// Who started it, where they may be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    /// When it took the lock.
    pub(crate) started: Timestamp,
    /// The account that it applies to, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
}

/// Why the lock is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unlocked {
    /// Somebody else applies.
    #[error("another apply is under way from here: {0}")]
    Held(String),
    /// The file of the lock can't be used.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Lock {
    /// Takes the lock, or refuses at once and says who has it. Beside it, in a sentence, whose lock was broken for it.
    pub(crate) fn take(runs: &RunFolder, owner: Owner) -> Result<(Self, Option<String>), Unlocked> {
        let path = runs.make_lock()?;
        let failed = |source| FileError::new(&path, "locked", source);
        let mut file = open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Unlocked::Held(holder(&mut file, owner.started))),
            Err(TryLockError::Error(source)) => return Err(failed(source).into()),
        }
        let broken = read(&mut file).map(|before| {
            format!(
                "the lock of {} is broken: it ended without letting go of it",
                said_of(&before, owner.started)
            )
        });
        let mut lock = Self { file, path, owner };
        lock.sign()?;
        Ok((lock, broken))
    }

    /// Adds the account that is applied to.
    pub(crate) fn is_for(&mut self, account: &str) -> Result<(), FileError> {
        self.owner.account = Some(account.to_owned());
        self.sign()
    }

    fn sign(&mut self) -> Result<(), FileError> {
        let text = serde_json::to_vec(&self.owner).map_err(io::Error::from);
        let written = text.and_then(|text| write(&mut self.file, &text));
        written.map_err(|source| FileError::new(&self.path, "written", source))
    }
}

/// The file stays: were it deleted, somebody could hold a lock on a file that nobody else finds.
impl Drop for Lock {
    fn drop(&mut self) {
        // What can't be taken out is said to be broken by the next apply.
        let _left = write(&mut self.file, b"");
    }
}

impl RunFolder {
    /// Where the lock is; a link in its place is not followed.
    fn make_lock(&self) -> Result<PathBuf, FileError> {
        let path = self.made()?.join("lock");
        match fs::symlink_metadata(&path) {
            Ok(there) if !there.is_file() => {
                Err(FileError::new(path, "locked", io::Error::other("it is there and is no file")))
            }
            _ => Ok(path),
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write(file: &mut File, text: &[u8]) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text)
}

/// Who signed, if anybody did; where the system lets nobody read a locked file, nobody is known.
fn read(file: &mut File) -> Option<Owner> {
    let mut text = Vec::new();
    file.rewind().ok()?;
    file.read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn holder(file: &mut File, now: Timestamp) -> String {
    read(file).map_or_else(|| "whose, the lock does not say".to_owned(), |owner| said_of(&owner, now))
}

/// `process 4711 on ci-3 (ann), applying to acme, since 2026-05-04T09:00:00Z (3m 12s ago)`
fn said_of(owner: &Owner, now: Timestamp) -> String {
    let Owner { process, host, user, started, account } = owner;
    let host = host.as_ref().map_or_else(String::new, |host| format!(" on {host}"));
    let user = user.as_ref().map_or_else(String::new, |user| format!(" ({user})"));
    let account = account.as_ref().map_or_else(String::new, |account| format!(", applying to {account}"));
    let age = now.duration_since(*started).max(SignedDuration::ZERO).as_secs();
    let age = SignedDuration::from_secs(age);
    format!("process {process}{host}{user}{account}, since {} ({age:#} ago)", started.strftime("%FT%TZ"))
}
