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

use crate::cli::context::Context;
use crate::cli::failure::{Failure, FileError};
use crate::cli::run_folder::RunFolder;
use crate::render::Redaction;

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
struct Owner {
    process: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    started: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
}

/// Somebody else applies.
#[derive(Debug, thiserror::Error)]
#[error("another apply is under way from here: {0}")]
struct Held(String);

impl Lock {
    /// Takes the lock, or refuses at once and says who has it.
    pub(crate) fn take(cx: &Context, runs: &RunFolder, redaction: Redaction) -> Result<Self, Failure> {
        let path = runs.make_lock()?;
        let failed = |source| FileError::new(&path, "locked", source);
        let mut file = open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&mut file)),
            Err(TryLockError::Error(source)) => return Err(failed(source).into()),
        }
        if let Some(before) = read(&mut file) {
            cx.say(&format!("the lock of {} is broken: it ended without letting go of it", said_of(&before)));
        }
        let named = |name: Option<String>| name.filter(|_| redaction == Redaction::Off);
        let owner = Owner {
            process: std::process::id(),
            host: named(Context::host()),
            user: named(Context::user()),
            started: Context::clock(),
            account: None,
        };
        let mut lock = Self { file, path, owner };
        lock.sign()?;
        Ok(lock)
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

fn held(file: &mut File) -> Failure {
    let by = read(file);
    let who = by.as_ref().map_or_else(|| "whose, the lock does not say".to_owned(), said_of);
    let failure =
        Failure::error(Held(who)).hint("wait until it ends: what it does is in no plan that is made now");
    failure.hint("to end it, send its process SIGTERM (or Ctrl-C at its terminal): it finishes what is under way and reports")
}

/// `process 4711 on ci-3 (ann), applying to acme, since 2026-05-04T09:00:00Z (3m 12s ago)`
fn said_of(owner: &Owner) -> String {
    let Owner { process, host, user, started, account } = owner;
    let host = host.as_ref().map_or_else(String::new, |host| format!(" on {host}"));
    let user = user.as_ref().map_or_else(String::new, |user| format!(" ({user})"));
    let account = account.as_ref().map_or_else(String::new, |account| format!(", applying to {account}"));
    let age = Context::clock().duration_since(*started).max(SignedDuration::ZERO).as_secs();
    let age = SignedDuration::from_secs(age);
    format!("process {process}{host}{user}{account}, since {} ({age:#} ago)", started.strftime("%FT%TZ"))
}
