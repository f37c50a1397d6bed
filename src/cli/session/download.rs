//! `--observed FILE`: which download of groups may stand in for a reading?

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::account::{BadDownload, Roster, read_download, read_roster};
use crate::cli::process::failure::Failure;
use crate::model::{Account, Download, KeyProof};
use crate::run::{FileError, SentNote};

/// How old a download may be.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// A file that can't stand in for a reading.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("{path} is no file")]
    NoFile { path: String },
    #[error("{path} was made {minutes} minutes ago, by the time of the file; more than 60 are too many")]
    Old { path: String, minutes: i64 },
    #[error("{path} was made in the future, by the time of the file: {made}")]
    Future { path: String, made: Timestamp },
    #[error("{path} does not have account {expected} in its name, as the app names its downloads")]
    OtherAccount { path: String, expected: u64 },
    #[error("{path} is no download of groups")]
    Bad { path: String, source: BadDownload },
}

impl From<Unfit> for Failure {
    fn from(unfit: Unfit) -> Self {
        let hint = match &unfit {
            Unfit::OtherAccount { .. } => "keep the name that the app gave the file, or take account.id out",
            Unfit::Future { .. } => "check the clock of this machine, and download again",
            Unfit::NoFile { .. } | Unfit::Old { .. } | Unfit::Bad { .. } => {
                "in the app: Settings > Users & Groups > Groups > Download > Download CSV"
            }
        };
        Self::error(unfit).hint(hint)
    }
}

/// Reads who is in which group, of a download of any age.
///
/// # Errors
/// It is no such download.
pub(crate) fn roster(file: &Path, hr_group_type: &str) -> Result<Roster, Failure> {
    let path = file.display().to_string();
    if fs::metadata(file).is_ok_and(|about| !about.is_file()) {
        return Err(Unfit::NoFile { path }.into());
    }
    let bytes = fs::read(file).map_err(|source| FileError::new(file, "read", source))?;
    Ok(read_roster(&bytes, hr_group_type).map_err(|source| Unfit::Bad { path, source })?)
}

/// Reads a download. When it was made is the time of the file: the file itself does not say.
///
/// # Errors
/// It is older than an hour, of another account, or no such download.
pub(crate) fn read(
    file: &Path,
    account: &Account,
    now: Timestamp,
    note: &SentNote,
) -> Result<Download, Failure> {
    let path = file.display().to_string();
    let read = |source| FileError::new(file, "read", source);
    let about = fs::metadata(file).map_err(read)?;
    if !about.is_file() {
        return Err(Unfit::NoFile { path }.into());
    }
    let made = Timestamp::try_from(about.modified().map_err(read)?).map_err(Failure::error)?;
    let age = now.duration_since(made);
    if age.is_negative() {
        return Err(Unfit::Future { path, made }.into());
    }
    if age > FRESH {
        return Err(Unfit::Old { path, minutes: age.as_mins() }.into());
    }
    is_of(file, account)?;
    let bytes = fs::read(file).map_err(read)?;
    let (account, agents) =
        read_download(&bytes, &account.hr_group_type).map_err(|source| Unfit::Bad { path, source })?;
    Ok(Download { account, agents, made, key: KeyProof::None, earlier: note.read().map_err(Failure::error)? })
}

/// Refuses a download whose name says that it is of another account.
pub(crate) fn is_of(file: &Path, account: &Account) -> Result<(), Failure> {
    match &account.id {
        Some(id) if !numbers_in(file).any(|number| number == id.value) => {
            let path = file.display().to_string();
            Err(Unfit::OtherAccount { path, expected: id.value }.into())
        }
        _ => Ok(()),
    }
}

/// The numbers in a file's name, of which the account's is one.
pub(crate) fn numbers_in(file: &Path) -> impl Iterator<Item = u64> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let runs: Vec<u64> =
        name.split(|c: char| !c.is_ascii_digit()).filter_map(|run| run.parse().ok()).collect();
    runs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_the_name_of_the_file_and_not_of_its_folder() {
        let numbers: Vec<u64> = numbers_in(Path::new("/tmp/99/groups_123456 (1).csv")).collect();
        assert_eq!(numbers, [123_456, 1]);
    }
}
