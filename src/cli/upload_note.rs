//! Where is the last HR upload remembered, and whether the account showed it?

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::apply::{Earlier, Memory};
use crate::cli::run_folder::RunFolder;
use crate::model::{GroupName, HrGroup, UserId, UserRef};

/// `upload.json` in the run folder: the set of the last upload, by group and record number, and whether it was seen.
#[derive(Debug)]
pub(crate) struct UploadNote {
    folder: RunFolder,
}

/// The note as it is written; it holds no names of people.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    version: u32,
    #[serde(default)]
    state: State,
    groups: Vec<NotedGroup>,
}

/// What is known of the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// It was about to be sent.
    #[default]
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

/// The version of the note that this version writes and reads.
const VERSION: u32 = 1;

impl UploadNote {
    /// The note of a run folder, whether it is there or not.
    pub(crate) fn new(folder: RunFolder) -> Self {
        Self { folder }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.upload()
    }

    fn unreadable(&self, why: impl std::fmt::Display) -> io::Error {
        let path = self.path();
        io::Error::other(format!(
            "{}: {why}; look at the HR groups in the app, then delete the file",
            path.display()
        ))
    }
}

impl UploadNote {
    fn write(&self, state: State, set: &[HrGroup]) -> io::Result<()> {
        let member = |member: &UserRef| match member {
            UserRef::Known(id) => Ok(id.0),
            UserRef::New(_) => Err(io::Error::other("a user of the set has no record")),
        };
        let group = |group: &HrGroup| {
            let members = group.members.iter().map(member).collect::<io::Result<_>>()?;
            Ok(NotedGroup { name: group.name.said().to_owned(), members })
        };
        let groups = set.iter().map(group).collect::<io::Result<_>>()?;
        let bytes = serde_json::to_vec(&Note { version: VERSION, state, groups })?;
        self.folder.keep_upload(&bytes).map_err(io::Error::other)
    }
}

impl Memory for UploadNote {
    fn earlier(&self) -> io::Result<Earlier> {
        let bytes = match fs::read(self.path()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Earlier::Unknown),
            Err(error) => return Err(self.unreadable(error)),
        };
        let note: Note = serde_json::from_slice(&bytes).map_err(|error| self.unreadable(error))?;
        if note.version != VERSION {
            return Err(self.unreadable(format_args!("written by another version ({})", note.version)));
        }
        let group = |group: NotedGroup| HrGroup {
            name: GroupName::observed(&group.name),
            members: group.members.into_iter().map(|id| UserRef::Known(UserId(id))).collect(),
        };
        let set = note.groups.into_iter().map(group).collect();
        Ok(match note.state {
            State::Sent => Earlier::Unverified(set),
            State::Verified => Earlier::Verified(set),
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

    fn set() -> Vec<HrGroup> {
        let members = vec![UserRef::Known(UserId(1)), UserRef::Known(UserId(7))];
        vec![HrGroup { name: GroupName::observed("London office"), members }]
    }

    #[test]
    fn a_set_is_read_as_it_was_sent_then_as_verified_and_then_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let note = UploadNote::new(RunFolder::of(folder.path()));
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
    fn a_note_that_is_cut_short_or_of_another_version_is_an_error_that_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let note = UploadNote::new(RunFolder::of(folder.path()));
        note.sent(&set()).unwrap();
        for text in ["{\"version\":1,\"gro", "{\"version\":2,\"groups\":[]}"] {
            fs::write(note.path(), text).unwrap();
            assert!(note.earlier().unwrap_err().to_string().contains("delete the file"), "{text}");
        }
    }
}
