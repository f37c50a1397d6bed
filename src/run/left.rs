//! How is a file read that an earlier run left? It may be one that a commit brought: whatever lies there is not trusted.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// So much is read of a file, in bytes: a ledger of a million steps has less.
const MOST: u64 = 1 << 30;

/// Why a file is none that a run left.
#[derive(Debug, thiserror::Error)]
enum Foreign {
    #[error("it is no regular file; links are not followed")]
    NoFile,
    #[error("it lies behind {0}, which is no folder; links are not followed")]
    BehindALink(String),
    #[error("it has {0} bytes, and at most {MOST} are read")]
    TooLarge(u64),
}

/// Opens a file in a run folder: a regular one, on a way without links below the folder of manifests. A pipe, a device, or a link
/// to either could keep a run waiting, or fill its memory, for ever.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let above = || path.ancestors().skip(1);
    let within = above().position(|folder| folder.ends_with(".rollcall")).map_or(0, |top| top + 1);
    for folder in above().take(within) {
        if !fs::symlink_metadata(folder)?.is_dir() {
            return Err(io::Error::other(Foreign::BehindALink(folder.display().to_string())));
        }
    }
    let there = fs::symlink_metadata(path)?;
    if !there.is_file() {
        return Err(io::Error::other(Foreign::NoFile));
    }
    if there.len() > MOST {
        return Err(io::Error::other(Foreign::TooLarge(there.len())));
    }
    File::open(path)
}

/// The bytes of a file in a run folder, opened once.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // The size was another moment's: the reading itself is bounded too.
    open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
