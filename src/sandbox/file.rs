//! Reads and writes the files that accounts start from: errors with their place, and files whose difference a person can read.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{fs, process};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why an account can't be read, or can't exist.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The file can't be read.
    #[error("{} can't be read", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not what it should be; the message says what was expected.
    #[error("{}:{line}:{column}: {message}", .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong and what was expected.
        message: String,
    },
    /// The file reads well but no account could hold this.
    #[error("{0}")]
    Impossible(String),
}

/// Reads a file.
///
/// # Errors
/// It can't be read, is not JSON, lacks a member or has one that is unknown.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, SeedError> {
    let bytes = fs::read(path).map_err(|source| SeedError::Read { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        SeedError::Syntax { path: path.to_owned(), line: error.line(), column: error.column(), message }
    })
}

/// Writes a file, whole or not at all. Only its owner can read it: it may hold real people.
///
/// # Errors
/// The folder can't be written.
pub(crate) fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", process::id()));
    let scratch = path.with_file_name(name);
    let written = write_private(&scratch, text).and_then(|()| fs::rename(&scratch, path));
    if written.is_err() {
        drop(fs::remove_file(&scratch));
    }
    written
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}

/// Windows gives a new file the rights of its folder.
#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)
}

/// Writes one list, a record a line.
pub(crate) fn records<T: Serialize, K: Ord>(
    text: &mut Vec<u8>,
    name: &str,
    all: &[T],
    id: impl Fn(&T) -> K,
) -> io::Result<()> {
    let mut sorted: Vec<&T> = all.iter().collect();
    sorted.sort_by_key(|record| id(record));
    write!(text, ",\n  \"{name}\": [")?;
    for (at, record) in sorted.iter().enumerate() {
        text.extend_from_slice(if at == 0 { b"\n    " } else { b",\n    " });
        serde_json::to_writer(&mut *text, record)?;
    }
    text.extend_from_slice(if sorted.is_empty() { b"]" } else { b"\n  ]" });
    Ok(())
}
