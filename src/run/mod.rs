//! What does a run leave for later ones, and what do they make of it? Everything in `.rollcall/`: the lock, ledgers, notes of
//! uploads, kept plans.
//!
//! Nothing here knows a command line, reads the clock or speaks to anybody: the moment, the machine and who is told are given by
//! whoever runs.

mod clock;
mod expectation;
mod files;
mod folder;
mod ledger;
mod left;
mod lock;
mod note;
mod pending_upload;
mod reviewed;
mod run_target;
#[cfg(test)]
pub(crate) mod sample;
mod sent_note;
mod tracked;
mod upload_note;

pub(crate) use expectation::{Asked, Expectations, Stale, Unexpected, Verdict};
pub(crate) use files::{FileError, Neighbour, clear, write_private};
pub(crate) use folder::{RunFolder, create_private, folder_of, is_left_by_a_run};
pub(crate) use ledger::{Circumstances, Ledgers, Now, Pen, Told, Unsettled, Wrote, wants};
pub(crate) use lock::{Lock, Owner, Unlocked};
pub(crate) use pending_upload::PendingUpload;
pub(crate) use reviewed::Unclear;
pub(crate) use run_target::{RunTarget, Sandboxed};
pub(crate) use sent_note::SentNote;
pub(crate) use tracked::{Tracked, refuse_tracked};
pub(crate) use upload_note::UploadNote;
