//! What do runs leave behind about what they sent, and what does the next one make of it?
//!
//! One file a run in `.rollcall/ledger/`, named by time (docs/ledger.md). A run that was killed has a ledger without an end:
//! the next apply reads it, looks in its own plan for the steps whose outcome nobody knows, says what it found and notes that.
//! No run needs a ledger to come to the same end: the account is read anyway. What a ledger adds is that it is *said* what
//! became of the run, and that what is left of a reviewed plan is recognised where it had begun to make something.

mod line;
mod past;
mod pen;
mod settle;
mod wrote;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::apply::{Evidence, Trace, UPLOAD, trace};
use crate::diag::Sources;
use crate::model::{UserId, unhex};
use crate::plan::{Attempt, Attempts, Digest, Fingerprint, Mark, Plan};
use crate::render::Redaction;
use crate::run::clock::Clock;
use crate::run::files::FileError;
use crate::run::folder::RunFolder;
use crate::run::ledger::line::{Is, Line, Run, Step, VERSION};
use crate::run::ledger::past::{Past, Tail, Unreadable, run_of};
use crate::run::run_target::RunTarget;

pub(crate) use pen::Pen;
pub(crate) use settle::Now;
pub(crate) use wrote::Wrote;

/// How many ledgers are kept, those that are still open not counted.
const KEPT: usize = 50;

/// The ledgers of one account in a run folder.
#[derive(Debug)]
pub(crate) struct Ledgers {
    folder: RunFolder,
    target: RunTarget,
    clock: Clock,
}

/// What a run is besides its plan.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances {
    /// Whether people and machines are named.
    pub(crate) redaction: Redaction,
    /// What it wants, and with which keys ([`wants`]).
    pub(crate) wants: Digest,
    /// The machine that it runs on, where that is known.
    pub(crate) host: Option<String>,
}

/// What is told of an earlier run.
#[derive(Debug)]
pub(crate) enum Told {
    /// What became of it, in a sentence.
    Found(String),
    /// It will be told again: that it was told could not be noted.
    Again(FileError),
}

/// Why it can't be told what became of an earlier run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsettled {
    /// Its ledger could not be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// Its ledger could not be understood.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl Ledgers {
    /// The ledgers in a run folder that are of this account, whether there are any or not.
    pub(crate) const fn of(folder: RunFolder, target: RunTarget, clock: Clock) -> Self {
        Self { folder, target, clock }
    }

    /// Begins the ledger of a run, with all that is planned.
    pub(crate) fn begin(&self, plan: &Plan, about: Circumstances) -> Result<Pen, FileError> {
        let folder = self.folder.make_ledgers()?;
        let started = (self.clock)();
        let path = folder.join(format!("{}.jsonl", name(started)));
        let redaction = about.redaction;
        let mut lines = vec![Line::Run(run(plan, &self.target, about, started))];
        lines.extend(plan.steps().map(|step| {
            let Trace { act, of, values, makes } = trace(plan, step);
            let makes = makes.map(|mark| mark.to_string());
            Line::Step(Step { number: step.id.0, act, of, values, makes })
        }));
        let pen = Pen::start(&path, &lines, (redaction, self.clock));
        let pen = pen.map_err(|source| FileError::new(path, "written", source))?;
        self.prune();
        Ok(pen)
    }

    /// Every ledger, the oldest first. Only a regular file is one: others might never come to an end.
    fn all(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.folder.ledgers()) else { return Vec::new() };
        let is_file = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
        let paths = entries.flatten().filter(is_file).map(|entry| entry.path());
        let mut paths: Vec<PathBuf> =
            paths.filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
        paths.sort_unstable();
        paths
    }

    /// Whether this account's runs left one, or it does not say whose it is.
    fn is_own(&self, path: &Path) -> bool {
        run_of(path).is_none_or(|run| self.target.is(&run.target()))
    }

    /// Tells what became of runs that were cut off or ended without knowing, as far as a plan that was made just now tells; and
    /// notes that it was told.
    pub(crate) fn settle(&self, now: Now<'_>, mut tell: impl FnMut(Told)) -> Result<(), Unsettled> {
        for path in self.all() {
            let tail = Tail::of(&path).map_err(|source| FileError::new(&path, "read", source))?;
            if tail != Tail::Open || !self.is_own(&path) {
                continue;
            }
            let past = Past::read(&path)?;
            let found = settle::settle(&past, now, (self.clock)());
            tell(Told::Found(found.sentence));
            if let Err(error) = past.found(&found.line) {
                tell(Told::Again(FileError::new(&path, "written", error)));
            }
        }
        Ok(())
    }

    /// Whether the upload that was noted at this moment certainly never left: the run that noted it was cut off before. Without its
    /// ledger, nothing is certain.
    pub(crate) fn never_left(&self, noted: Timestamp) -> bool {
        let own = self.all().into_iter().rev().filter(|path| self.is_own(path));
        let mut began_before = own.filter(|path| run_of(path).is_some_and(|run| run.started <= noted));
        let past = began_before.next().map(|path| Past::read(&path));
        past.is_some_and(|past| past.is_ok_and(|past| past.torn.is_none() && !past.uploaded))
    }

    /// What runs tried to make since the last one after which everything held.
    pub(crate) fn attempts(&self) -> Attempts {
        let mut attempts = Attempts::new();
        for path in self.all().iter().rev().filter(|path| self.is_own(path)) {
            if matches!(Tail::of(path), Ok(Tail::Done)) {
                break;
            }
            // What can't be read is not recognised, and so has to be reviewed.
            if let Ok(past) = Past::read(path) {
                // What a later run tried anew was not there before it.
                for (mark, attempt) in tried(&past) {
                    attempts.entry(mark).or_insert(attempt);
                }
            }
        }
        attempts
    }

    /// What the last run wrote and read back. An upload is none of it: it is waited for until the account shows it.
    pub(crate) fn last_wrote(&self) -> Option<Wrote> {
        let path = self.all().into_iter().rev().find(|path| self.is_own(path))?;
        let past = Past::read(&path).ok()?;
        let applied = past.settled.values().filter(|settled| settled.is == Is::Applied);
        let applied = applied.filter_map(|settled| Some((settled.at, past.steps.get(&settled.step)?)));
        let applied: Vec<_> = applied.filter(|(_, step)| step.act != UPLOAD).collect();
        let last = applied.iter().map(|(at, _)| *at).max()?;
        let step = |step: &Step| wrote::Step {
            act: step.act.clone(),
            of: step.of.clone(),
            values: step.values.clone(),
        };
        let steps = applied.into_iter().map(|(_, done)| step(done)).collect();
        Some(Wrote { run: past.run.started, last, steps })
    }

    /// What is known of a plan that a run carried out, or began to.
    pub(crate) fn evidence(&self, digest: Digest) -> Option<Evidence> {
        let digest = digest.to_string();
        let is_of = |run: &Run| run.digest == digest && self.target.is(&run.target());
        let run = self.all().iter().rev().filter_map(|path| run_of(path)).find(is_of)?;
        let fingerprints = run.fingerprints.iter().map(|text| unhex(text).map(Fingerprint));
        let fingerprints = fingerprints.collect::<Option<Vec<_>>>()?;
        Some(Evidence { account: run.account.as_str().into(), policy: None, fingerprints })
    }

    /// Deletes the oldest ledgers of which nothing is open. What can't be deleted stays.
    fn prune(&self) {
        let closed: Vec<PathBuf> = self
            .all()
            .into_iter()
            .filter(|path| matches!(Tail::of(path), Ok(Tail::Done | Tail::Closed)))
            .collect();
        for path in &closed[..closed.len().saturating_sub(KEPT)] {
            let _stays = fs::remove_file(path);
        }
    }
}

impl RunFolder {
    /// Where the ledgers lie.
    fn ledgers(&self) -> PathBuf {
        self.path().join("ledger")
    }

    fn make_ledgers(&self) -> Result<PathBuf, FileError> {
        self.make_folder("ledger")
    }
}

/// Equal for runs that want the same: of the same manifests and exports, with the same orders expired and keys that open the same.
pub(crate) fn wants(sources: &Sources, expired: impl Iterator<Item = usize>, plan: &Plan) -> Digest {
    let mut sha = Sha256::new();
    for source in sources.files() {
        sha.update(source.path());
        sha.update([0]);
        sha.update(source.text());
        sha.update([0]);
    }
    for export in &plan.exports {
        sha.update(export.sha256);
    }
    for entry in expired {
        sha.update(entry.to_be_bytes());
    }
    sha.update(format!("{:?}", plan.reach));
    Digest(sha.finalize().into())
}

/// A name that sorts by time, and is no other run's.
fn name(started: Timestamp) -> String {
    format!("{}-{}", started.strftime("%Y%m%dT%H%M%S.%9fZ"), std::process::id())
}

fn run(plan: &Plan, target: &RunTarget, about: Circumstances, started: Timestamp) -> Run {
    let RunTarget { account, id, host: endpoint, sandbox } = target.clone();
    Run {
        version: VERSION,
        rollcall: env!("CARGO_PKG_VERSION").to_owned(),
        account,
        account_id: id,
        endpoint,
        sandbox,
        started,
        process: std::process::id(),
        host: about.host.filter(|_| about.redaction == Redaction::Off),
        wants: about.wants.to_string(),
        digest: plan.digest.to_string(),
        fingerprints: plan.evidence().iter().map(ToString::to_string).collect(),
    }
}

/// What a run tried to make: whatever it sent that was not refused.
fn tried(past: &Past) -> impl Iterator<Item = (Mark, Attempt)> + '_ {
    let began = past.run.started;
    past.sent.iter().filter_map(move |step| {
        let mark = past.steps.get(step)?.makes.as_deref().and_then(Mark::parse)?;
        match past.settled.get(step) {
            None => Some((mark, Attempt { made: None, began })),
            Some(settled) => {
                let refused = matches!(settled.is, Is::Failed | Is::Skipped | Is::NotAttempted);
                (!refused).then(|| (mark, Attempt { made: settled.made.map(UserId), began }))
            }
        }
    })
}
