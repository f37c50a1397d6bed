//! How is an account called, and which number has it, where no manifest says so yet?

use std::path::Path;

use crate::account::AccountNumber;
use crate::cli::process::failure::Failure;
use crate::import::{Kind, Unsaid};

/// A path that names nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no name that the account could be called by")]
struct Nameless(String);

/// What of a path an account is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// The name of a folder.
    Folder,
    /// The name of a file, without what follows the dot.
    FileStem,
}

/// The name that was given, else that of the path.
pub(crate) fn name(given: Option<&str>, (path, by): (&Path, NamedBy)) -> Result<Box<str>, Failure> {
    let called = || {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = match by {
            NamedBy::Folder => real.file_name(),
            NamedBy::FileStem => real.file_stem(),
        };
        name.map(|name| name.to_string_lossy().into_owned())
    };
    let name = given.map(str::to_owned).or_else(called).filter(|name| !name.trim().is_empty());
    let nameless = || Failure::usage(Nameless(path.display().to_string())).hint("add --name NAME");
    name.map(Into::into).ok_or_else(nameless)
}

/// Why the account's number is not written, if it is not.
pub(crate) fn unnumbered(number: &AccountNumber) -> Option<Unsaid> {
    let why = number.unknown()?;
    Some(Unsaid::new(Kind::Account, why))
}
