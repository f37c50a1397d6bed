//! How is an account called, and which number has it, where no manifest says so yet?

use std::path::Path;

use crate::account::activtrak::AccountNumber;
use crate::cli::process::failure::Failure;
use crate::import::{Kind, Unsaid};
use crate::model::Phrase;
use crate::phrase;

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
    let why = match number {
        AccountNumber::Is(_) | AccountNumber::Named => return None,
        AccountNumber::Unproved(number) => phrase![
            "`account.id`: it is ",
            number.to_string(),
            " for ACTIVTRAK_API_KEY, and nothing proves that ACTIVTRAK_SCIM_KEY opens the same account"
        ],
        AccountNumber::OneOf(numbers) => Phrase::words(
            "`account.id`: the name of the group download has several numbers; write the account's: ",
        )
        .list(numbers.iter().map(ToString::to_string)),
        AccountNumber::Unshown => Phrase::words(
            "`account.id`: these keys don't show it; the app has it in the names of its downloads",
        ),
    };
    Some(Unsaid::new(Kind::Account, why))
}
