//! What does a step hand on to the job that puts many accounts together? One file, however the step ends.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::commands::ci::job::Job;
use crate::cli::commands::ci::outcome::{Outcome, words};
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::product::output;
use crate::fleet::Key;
use crate::github::Trigger;
use crate::model::hex;
use crate::render::json::{self, AccountResult, RESULT_VERSION};
use crate::render::{cut, through};
use crate::run::{FileError, write_private};

/// So many bytes of each text are handed on.
const TEXT: usize = 20_000;

/// Writes the result of one account where the workflow asks for it.
pub(super) fn write(
    job: &Job<'_>,
    outcome: &Outcome,
    task: &str,
    ended: &Result<Exit, Failure>,
) -> Result<(), Failure> {
    let Some(file) = &job.inputs.report else { return Ok(()) };
    let exit = ended.as_ref().map_or_else(|failure| failure.kind, |exit| *exit);
    let mut urgent = outcome.gist.urgent.clone();
    if let Err(failure) = ended {
        urgent.push_str(&words(failure, job.redaction));
    }
    let result = AccountResult {
        version: RESULT_VERSION,
        repository: job.repository()?.to_owned(),
        commit: commit(&job.event.trigger).map(str::to_owned),
        // As `accounts` calls it: without `./` and what else says nothing.
        key: Key::of(&job.path().components().collect::<PathBuf>()).as_str().to_owned(),
        account: outcome.account.clone(),
        command: task.to_owned(),
        exit_code: exit.code(),
        failure_reason: outcome.failure_reason(exit).to_owned(),
        counts: outcome.counts,
        digest: outcome.digest.map(|digest| digest.to_string()),
        mac: outcome.mac.map(|mac| hex(&mac)),
        headline: outcome.gist.headline.clone(),
        urgent: cut(&urgent, TEXT),
        rest: cut(&outcome.gist.rest, TEXT),
    };
    put(file, &output::bytes(|out| json::result(out, &result))?)
}

/// Writes a file that the next job reads, in a folder that may not be there yet.
pub(super) fn put(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| FileError::new(folder, "made", error))?;
    }
    Ok(write_private(file, &through(bytes))?)
}

/// The commit that an event is about.
pub(super) fn commit(trigger: &Trigger) -> Option<&str> {
    match trigger {
        Trigger::PullRequest(pull) => Some(&pull.head),
        Trigger::Push(push) => Some(&push.after),
        Trigger::MergeGroup { .. } | Trigger::Privileged | Trigger::Other(_) => None,
    }
}
