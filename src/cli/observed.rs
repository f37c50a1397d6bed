//! `--observed FILE`: a download of groups that stands in for a reading, and what is known of the last upload that was made so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::account::activtrak::{BadDownload, read_download};
use crate::cli::failure::{Failure, FileError};
use crate::cli::left;
use crate::cli::run_folder::RunFolder;
use crate::cli::whose::Whose;
use crate::model::{Account, Download, Earlier, Evidence, GroupName, KeyProof, Outcome, hex, unhex};
use crate::plan::{Fate, Plan};

/// How old a download may be.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// The version of the note that this version writes and reads.
const VERSION: u32 = 3;

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
    if let Some(id) = &account.id
        && !numbers_in(file).any(|number| number == id.value)
    {
        return Err(Unfit::OtherAccount { path, expected: id.value }.into());
    }
    let bytes = fs::read(file).map_err(read)?;
    let (account, agents) =
        read_download(&bytes, &account.hr_group_type).map_err(|source| Unfit::Bad { path, source })?;
    Ok(Download { account, agents, made, key: KeyProof::None, earlier: note.read().map_err(Failure::error)? })
}

/// The numbers in a file's name, of which the account's is one.
fn numbers_in(file: &Path) -> impl Iterator<Item = u64> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let runs: Vec<u64> =
        name.split(|c: char| !c.is_ascii_digit()).filter_map(|run| run.parse().ok()).collect();
    runs.into_iter()
}

/// `sent-….json` in the run folder: the last upload to an account that nobody could watch. It stays, as it tells the next run what
/// not to send again.
#[derive(Debug)]
pub(crate) struct SentNote {
    folder: RunFolder,
    whose: Whose,
}

/// The note as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Note {
    version: u32,
    whose: Whose,
    sent: Timestamp,
    sha256: String,
    groups: Vec<String>,
    #[serde(with = "Noted")]
    evidence: Evidence,
}

/// What tells that it came about.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Evidence", rename_all = "camelCase")]
enum Noted {
    Groups,
    Answer,
    Nothing,
}

impl SentNote {
    /// The note about an account in a run folder, whether it is there or not.
    pub(crate) const fn new(folder: RunFolder, whose: Whose) -> Self {
        Self { folder, whose }
    }

    fn name(&self) -> String {
        self.whose.note("sent")
    }

    fn path(&self) -> PathBuf {
        self.folder.note(&self.name())
    }

    fn read(&self) -> io::Result<Option<Earlier>> {
        let unreadable = |why: String| {
            let path = self.path();
            io::Error::other(format!(
                "{}: {why}; look at the HR groups in the app, then delete the file",
                path.display()
            ))
        };
        let bytes = match left::read(&self.path()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let note: Note = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let sha256 = unhex(&note.sha256).filter(|_| note.version == VERSION);
        let sha256 = sha256.ok_or_else(|| unreadable("written by another version".to_owned()))?;
        if !self.whose.is(&note.whose) {
            return Ok(None);
        }
        let groups = note.groups.iter().map(|name| GroupName::observed(name)).collect();
        Ok(Some(Earlier { sent: note.sent, sha256, groups, evidence: note.evidence }))
    }

    /// Notes the upload of a plan that is about to be sent, for good.
    pub(crate) fn keep(&self, plan: &Plan, sent: Timestamp) -> Result<(), FileError> {
        let Some(planned) = &plan.snapshot else { return Ok(()) };
        let groups = planned.staying().map(|group| group.name.clone()).collect();
        let is_other = |fate: &Fate| matches!(fate, Fate::Added | Fate::DeletedByAbsence);
        let changes = planned.groups.iter().any(|group| is_other(&group.fate));
        let evidence = if changes { Evidence::Groups } else { Evidence::Nothing };
        self.write(&Earlier { sent, sha256: planned.snapshot.sha256, groups, evidence })
    }

    fn write(&self, earlier: &Earlier) -> Result<(), FileError> {
        let groups = earlier.groups.iter().map(|name| name.said().to_owned()).collect();
        let (whose, sha256) = (self.whose.clone(), hex(&earlier.sha256));
        let Earlier { sent, evidence, .. } = *earlier;
        let note = Note { version: VERSION, whose, sent, sha256, groups, evidence };
        let bytes = serde_json::to_vec(&note)
            .map_err(|error| FileError::new(self.path(), "written", io::Error::other(error)))?;
        self.folder.keep_note(&self.name(), &bytes)
    }

    /// Notes that the account took the file; or what there was before, where it did not.
    pub(crate) fn settle(&self, outcome: &Outcome, before: Option<&Earlier>) -> Result<(), FileError> {
        if matches!(outcome, Outcome::Unknown(_)) {
            return Ok(());
        }
        if outcome.is_pending() {
            let read = self.read().map_err(|source| FileError::new(self.path(), "read", source))?;
            let unseen = read.filter(|sent| sent.evidence == Evidence::Nothing);
            let accepted = unseen.map(|sent| Earlier { evidence: Evidence::Answer, ..sent });
            return accepted.map_or(Ok(()), |accepted| self.write(&accepted));
        }
        match before {
            Some(earlier) => self.write(earlier),
            None => {
                fs::remove_file(self.path()).map_err(|source| FileError::new(self.path(), "deleted", source))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose() -> Whose {
        Whose { account: "acme".to_owned(), id: None, host: "api.example".to_owned(), sandbox: None }
    }

    fn earlier(sha256: u8) -> Earlier {
        let sent = "2026-05-04T09:00:00Z".parse().unwrap();
        let (groups, evidence) = (vec![GroupName::observed("Oslo office")], Evidence::Answer);
        Earlier { sent, sha256: [sha256; 32], groups, evidence }
    }

    #[test]
    fn an_upload_that_was_taken_stays_noted_and_a_refused_one_gives_way_to_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let note = SentNote::new(RunFolder::of(folder.path()), whose());
        assert_eq!(note.read().unwrap(), None);
        note.write(&Earlier { evidence: Evidence::Nothing, ..earlier(1) }).unwrap();
        note.settle(&Outcome::Unknown("lost".into()), None).unwrap();
        assert_eq!(note.read().unwrap().map(|sent| sent.evidence), Some(Evidence::Nothing));
        note.settle(&Outcome::Pending, None).unwrap();
        assert_eq!(note.read().unwrap(), Some(earlier(1)));
        note.settle(&Outcome::Failed("no".into()), Some(&earlier(2))).unwrap();
        assert_eq!(note.read().unwrap(), Some(earlier(2)));
        note.settle(&Outcome::Failed("no".into()), None).unwrap();
        assert_eq!(note.read().unwrap(), None);
        note.write(&earlier(1)).unwrap();
        fs::write(note.path(), "{\"version\":1,").unwrap();
        assert!(note.read().unwrap_err().to_string().contains("delete the file"));
    }

    #[test]
    fn numbers_are_read_from_the_name_of_the_file_and_not_of_its_folder() {
        let numbers: Vec<u64> = numbers_in(Path::new("/tmp/99/groups_123456 (1).csv")).collect();
        assert_eq!(numbers, [123_456, 1]);
    }
}
