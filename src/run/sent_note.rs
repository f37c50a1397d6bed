//! Where is the last HR upload remembered that nobody could watch?

use std::fs;
use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Earlier, Evidence, GroupName, Outcome, hex, unhex};
use crate::plan::{Fate, Plan};
use crate::run::files::FileError;
use crate::run::folder::RunFolder;
use crate::run::note::Place;
use crate::run::run_target::RunTarget;

/// The version of the note that this version writes and reads.
const VERSION: u32 = 3;

/// `sent-….json` in the run folder: the last upload to an account that nobody could watch. It stays, as it tells the next run what
/// not to send again.
#[derive(Debug)]
pub(crate) struct SentNote {
    place: Place,
}

/// The note as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Note {
    version: u32,
    #[serde(rename = "whose")]
    target: RunTarget,
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
    pub(crate) const fn new(folder: RunFolder, target: RunTarget) -> Self {
        Self { place: Place::new(folder, target, "sent") }
    }

    /// The last upload that was noted.
    pub(crate) fn read(&self) -> io::Result<Option<Earlier>> {
        let Some(note) = self.place.read::<Note>()? else { return Ok(None) };
        let sha256 = unhex(&note.sha256).filter(|_| note.version == VERSION);
        let sha256 = sha256.ok_or_else(|| self.place.unreadable("written by another version"))?;
        if !self.place.target.is(&note.target) {
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
        let groups = earlier.groups.iter().map(|name| name.as_written().to_owned()).collect();
        let (target, sha256) = (self.place.target.clone(), hex(&earlier.sha256));
        let Earlier { sent, evidence, .. } = *earlier;
        self.place.write(&Note { version: VERSION, target, sent, sha256, groups, evidence })
    }

    /// Notes that the account took the file; or what there was before, where it did not.
    pub(crate) fn settle(&self, outcome: &Outcome, before: Option<&Earlier>) -> Result<(), FileError> {
        if matches!(outcome, Outcome::Unknown(_)) {
            return Ok(());
        }
        if outcome.is_pending() {
            let read = self.read().map_err(|source| FileError::new(self.place.path(), "read", source))?;
            let unseen = read.filter(|sent| sent.evidence == Evidence::Nothing);
            let accepted = unseen.map(|sent| Earlier { evidence: Evidence::Answer, ..sent });
            return accepted.map_or(Ok(()), |accepted| self.write(&accepted));
        }
        match before {
            Some(earlier) => self.write(earlier),
            None => fs::remove_file(self.place.path())
                .map_err(|source| FileError::new(self.place.path(), "deleted", source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> RunTarget {
        RunTarget { account: "acme".to_owned(), id: None, host: "api.example".to_owned(), sandbox: None }
    }

    fn earlier(sha256: u8) -> Earlier {
        let sent = "2026-05-04T09:00:00Z".parse().unwrap();
        let (groups, evidence) = (vec![GroupName::observed("Oslo office")], Evidence::Answer);
        Earlier { sent, sha256: [sha256; 32], groups, evidence }
    }

    #[test]
    fn an_upload_that_was_taken_stays_noted_and_a_refused_one_gives_way_to_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let note = SentNote::new(RunFolder::of(folder.path()), target());
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
        fs::write(note.place.path(), "{\"version\":1,").unwrap();
        assert!(note.read().unwrap_err().to_string().contains("delete the file"));
    }

    #[test]
    fn a_note_is_written_and_read_in_the_form_of_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let note = SentNote::new(RunFolder::of(folder.path()), target());
        note.write(&earlier(1)).unwrap();
        let path = note.place.path();
        let written: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let sha256 = "01".repeat(32);
        let text = format!(
            r#"{{"version":3,"whose":{{"account":"acme","endpoint":"api.example"}},"sent":"2026-05-04T09:00:00Z",
            "sha256":"{sha256}","groups":["Oslo office"],"evidence":"answer"}}"#
        );
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(&text).unwrap());
        fs::write(path, text).unwrap();
        assert_eq!(note.read().unwrap(), Some(earlier(1)));
    }
}
