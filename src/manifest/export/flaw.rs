//! What can end the reading of an export?

use std::io;

/// What ends the reading of an export.
#[derive(Debug)]
pub(super) enum Flaw {
    /// It could not be read.
    Io(io::Error),
    /// There is nothing in it.
    Empty,
    /// It is a Git LFS pointer.
    LfsPointer,
    /// It is in no encoding that is known, or not in the one that is declared.
    Encoding { line: u64 },
    /// It is UTF-8, and another encoding is declared.
    IsUtf8,
    /// It holds a NUL.
    Nul { line: u64 },
    /// Text follows a closing quote.
    Quote { line: u64 },
    /// A quote is never closed: where it was opened.
    Unclosed { line: u64 },
    /// A cell is longer than any cell.
    LongCell { line: u64 },
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
