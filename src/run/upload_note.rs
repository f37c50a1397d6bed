//! Where is the last HR upload remembered, and whether the account showed it?

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::apply::{Earlier, Memory};
use crate::model::{GroupName, HrGroup, UserId, UserRef};
use crate::run::clock::Clock;
use crate::run::folder::RunFolder;
use crate::run::note::Place;
use crate::run::run_target::RunTarget;

/// `upload-….json` in the run folder: the set of the last upload to an account, by group and record number, and whether it was
/// seen.
#[derive(Debug)]
pub(crate) struct UploadNote {
    place: Place,
    clock: Clock,
}

/// The note as it is written; it holds no names of people.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    version: u32,
    #[serde(rename = "whose")]
    target: RunTarget,
    at: Timestamp,
    state: State,
    groups: Vec<NotedGroup>,
}

/// What is known of the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// It was about to be sent.
    Sent,
    /// A reading showed its set.
    Verified,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotedGroup {
    name: String,
    members: Vec<u64>,
}

impl Note {
    fn set(&self) -> Vec<HrGroup> {
        let member = |id: &u64| UserRef::Known(UserId(*id));
        let group = |group: &NotedGroup| HrGroup {
            name: GroupName::observed(&group.name),
            members: group.members.iter().map(member).collect(),
        };
        self.groups.iter().map(group).collect()
    }

    /// Whether it may still be being processed: what was not seen for a day was dropped, or changed by others before anybody looked.
    fn is_awaited(&self, now: Timestamp) -> bool {
        self.state == State::Sent && now.duration_since(self.at) < AWAITED
    }
}

/// How long an upload is waited for.
const AWAITED: SignedDuration = SignedDuration::from_hours(24);
/// So far clocks of machines may differ: a note from further ahead is none that a run wrote.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// The version of the note that this version writes and reads.
const VERSION: u32 = 2;

impl UploadNote {
    /// The note about an account in a run folder, whether it is there or not.
    pub(crate) const fn new(folder: RunFolder, target: RunTarget, clock: Clock) -> Self {
        Self { place: Place::new(folder, target, "upload"), clock }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.place.path()
    }

    /// The last upload that was sent and not seen, and when; none where there is nothing to wait for any more.
    pub(crate) fn awaited(&self) -> io::Result<Option<(Timestamp, Vec<HrGroup>)>> {
        Ok(self.read()?.filter(|note| note.is_awaited((self.clock)())).map(|note| (note.at, note.set())))
    }

    fn read(&self) -> io::Result<Option<Note>> {
        let Some(note) = self.place.read::<Note>()? else { return Ok(None) };
        if note.version != VERSION {
            return Err(self.place.unreadable(format_args!("written by another version ({})", note.version)));
        }
        let later = note.at.duration_since((self.clock)()) > SKEW;
        Ok(Some(note).filter(|note| self.place.target.is(&note.target) && !later))
    }

    fn write(&self, state: State, set: &[HrGroup]) -> io::Result<()> {
        let member = |member: &UserRef| match member {
            UserRef::Known(id) => Ok(id.0),
            UserRef::New(_) => Err(io::Error::other("a user of the set has no record")),
        };
        let group = |group: &HrGroup| {
            let members = group.members.iter().map(member).collect::<io::Result<_>>()?;
            Ok(NotedGroup { name: group.name.as_written().to_owned(), members })
        };
        let groups = set.iter().map(group).collect::<io::Result<_>>()?;
        let target = self.place.target.clone();
        let note = Note { version: VERSION, target, at: (self.clock)(), state, groups };
        self.place.write(&note).map_err(io::Error::other)
    }
}

impl Memory for UploadNote {
    fn place(&self) -> String {
        self.path().display().to_string()
    }

    fn earlier(&self) -> io::Result<Earlier> {
        Ok(match self.read()? {
            Some(note) if note.state == State::Verified => Earlier::Verified(note.set()),
            Some(note) if note.is_awaited((self.clock)()) => Earlier::Unverified(note.set()),
            Some(_) | None => Earlier::Unknown,
        })
    }

    fn sent(&self, set: &[HrGroup]) -> io::Result<()> {
        self.write(State::Sent, set)
    }

    fn verified(&self, set: &[HrGroup]) -> io::Result<()> {
        self.write(State::Verified, set)
    }

    fn forget(&self) -> io::Result<()> {
        match fs::remove_file(self.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_780_000_000, 0);

    fn set() -> Vec<HrGroup> {
        let members = vec![UserRef::Known(UserId(1)), UserRef::Known(UserId(7))];
        vec![HrGroup { name: GroupName::observed("London office"), members }]
    }

    fn note(folder: &tempfile::TempDir, host: &str, id: Option<u64>) -> UploadNote {
        let target = RunTarget { account: "acme".to_owned(), id, host: host.to_owned(), sandbox: None };
        UploadNote::new(RunFolder::of(folder.path()), target, || NOW)
    }

    #[test]
    fn what_a_rehearsal_sends_says_nothing_of_the_account() {
        let folder = tempfile::tempdir().unwrap();
        let (account, rehearsal) =
            (note(&folder, "api.example", Some(7)), note(&folder, "127.0.0.1", Some(7)));
        account.sent(&set()).unwrap();
        assert_eq!(rehearsal.earlier().unwrap(), Earlier::Unknown);
        rehearsal.verified(&[]).unwrap();
        rehearsal.forget().unwrap();
        assert_eq!(account.earlier().unwrap(), Earlier::Unverified(set()));
        assert_eq!(note(&folder, "api.example", None).earlier().unwrap(), Earlier::Unverified(set()));
        assert_eq!(note(&folder, "api.example", Some(8)).earlier().unwrap(), Earlier::Unknown);
    }

    #[test]
    fn a_note_is_written_and_read_in_the_form_of_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let note = note(&folder, "api.example", Some(7));
        note.sent(&set()).unwrap();
        let written: serde_json::Value = serde_json::from_slice(&fs::read(note.path()).unwrap()).unwrap();
        let text = r#"{"version":2,"whose":{"account":"acme","accountId":7,"endpoint":"api.example"},
            "at":"2026-05-28T20:26:40Z","state":"sent","groups":[{"name":"London office","members":[1,7]}]}"#;
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(text).unwrap());
        fs::write(note.path(), text).unwrap();
        assert_eq!(note.earlier().unwrap(), Earlier::Unverified(set()));
    }

    #[test]
    fn what_was_not_seen_for_a_day_is_no_longer_awaited() {
        let folder = tempfile::tempdir().unwrap();
        let note = note(&folder, "api.example", None);
        note.sent(&set()).unwrap();
        assert!(note.awaited().unwrap().is_some());
        let mut old: serde_json::Value = serde_json::from_slice(&fs::read(note.path()).unwrap()).unwrap();
        old["at"] = "2026-05-04T09:00:00Z".into();
        fs::write(note.path(), old.to_string()).unwrap();
        assert_eq!((note.awaited().unwrap(), note.earlier().unwrap()), (None, Earlier::Unknown));
    }

    #[test]
    fn a_set_is_read_as_it_was_sent_then_as_verified_and_then_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let note = note(&folder, "api.example", None);
        assert_eq!(note.earlier().unwrap(), Earlier::Unknown);
        note.sent(&set()).unwrap();
        assert_eq!(note.earlier().unwrap(), Earlier::Unverified(set()));
        note.verified(&set()).unwrap();
        assert_eq!(note.earlier().unwrap(), Earlier::Verified(set()));
        note.forget().unwrap();
        note.forget().unwrap();
        assert_eq!(note.earlier().unwrap(), Earlier::Unknown);
    }

    #[test]
    fn a_note_from_the_future_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let note = note(&folder, "api.example", None);
        note.sent(&set()).unwrap();
        let mut said: serde_json::Value = serde_json::from_slice(&fs::read(note.path()).unwrap()).unwrap();
        said["at"] = "2999-01-01T00:00:00Z".into();
        fs::write(note.path(), said.to_string()).unwrap();
        assert_eq!(note.earlier().unwrap(), Earlier::Unknown);
        assert_eq!(note.awaited().unwrap(), None);
    }

    #[test]
    fn a_note_that_is_cut_short_or_of_another_version_is_an_error_that_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let note = note(&folder, "api.example", None);
        note.sent(&set()).unwrap();
        for text in ["{\"version\":2,\"gro", "{\"version\":1,\"groups\":[]}"] {
            fs::write(note.path(), text).unwrap();
            assert!(note.earlier().unwrap_err().to_string().contains("delete the file"), "{text}");
        }
    }
}
