//! Is the HR file that an earlier run uploaded still being processed?

use std::fs;

use jiff::Timestamp;

use crate::account::Read;
use crate::account::activtrak::Reader;
use crate::apply::{Earlier, Memory};
use crate::cli::args::Manifests;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::planning::Session;
use crate::cli::run_folder::RunFolder;
use crate::cli::upload_note::UploadNote;
use crate::model::HrGroup;

/// What is known of the last upload, right before the account is read for a plan.
#[derive(Debug)]
pub(crate) enum Underway {
    /// None that could still change anything.
    Nothing,
    /// One whose set the account shows by now.
    Shown(Vec<HrGroup>),
    /// One whose set the account does not show, or nobody can tell; in a sentence.
    Something(String),
}

impl Underway {
    /// Looks for the last upload that a reading has not shown yet.
    pub(crate) async fn look(session: &Session, manifests: &Manifests) -> Self {
        if session.target.ends_with_the_run() {
            return Self::Nothing;
        }
        let note = UploadNote::new(RunFolder::of(&manifests.path));
        let sent = match note.earlier() {
            Ok(Earlier::Unverified(sent)) => sent,
            Ok(Earlier::Unknown | Earlier::None | Earlier::Verified(_)) => return Self::Nothing,
            Err(error) => {
                return Self::Something(format!("what an earlier run uploaded can't be read: {error}"));
            }
        };
        let seen = match Reader::new(&session.target.connection) {
            Ok(reader) => reader.hr_slice().await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let why = match seen {
            Ok(seen) if seen == sent => return Self::Shown(sent),
            Ok(_) => "the account does not show its set yet".to_owned(),
            Err(error) => format!("whether the account shows its set can't be told: {error}"),
        };
        let path = note.path();
        let at = fs::metadata(&path).and_then(|it| it.modified()).ok();
        let at = at.and_then(|at| Timestamp::try_from(at).ok());
        let at = at.map_or_else(String::new, |at| format!(" of {}", at.strftime("%FT%TZ")));
        Self::Something(format!(
            "the HR upload{at} may still be being processed, {why}: what it changes is in no plan (if it was dropped, delete {})",
            path.display()
        ))
    }

    /// Notes that the set was seen, for who holds the lock: what others make of it later is none of that upload's.
    pub(crate) fn note(&self, cx: &Context, manifests: &Manifests) {
        if let Self::Shown(set) = self
            && let Err(error) = UploadNote::new(RunFolder::of(&manifests.path)).verified(set)
        {
            cx.warn(format_args!("that an HR upload was seen is not noted: {error}"));
        }
    }

    /// Says it.
    pub(crate) fn say(&self, cx: &Context) {
        if let Self::Something(sentence) = self {
            cx.warn(sentence);
        }
    }

    /// How a run ends that has nothing to do.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Nothing | Self::Shown(_) => Exit::Done,
            Self::Something(_) => Exit::Pending,
        }
    }
}
