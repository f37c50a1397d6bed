//! What must hold of every run, whatever it is to do and whatever goes wrong?

use std::collections::BTreeMap;

use rollcall::sandbox::{Chaos, LoggedRequest, Processing, Sandbox};

use super::picture::{Picture, Pictured};
use super::truth::{self, Weather};
use super::world::Company;
use crate::dice::Dice;
use crate::rig::{End, Rig, Run, Task};

/// What the story says of somebody else begins so.
const OTHERS: &str = "somebody else: ";

/// The runs of a seed, one after the other.
pub(crate) struct Watch<'a, S: Pictured = Sandbox> {
    pub(crate) rig: &'a Rig<S>,
    /// The account at first: what was in it goes by its number.
    origin: &'a S::Seed,
    /// What was run so far, for whoever wants to know why a seed broke.
    story: Vec<String>,
}

/// A run, and the account around it.
pub(crate) struct Seen {
    pub(crate) run: Run,
    pub(crate) before: Picture,
    pub(crate) after: Picture,
    /// Whether somebody else did something meanwhile.
    pub(crate) others: bool,
    /// Whether it sent a write.
    pub(crate) wrote: bool,
}

impl<'a, S: Pictured> Watch<'a, S> {
    pub(crate) fn new(rig: &'a Rig<S>, origin: &'a S::Seed) -> Watch<'a, S> {
        Watch { rig, origin, story: Vec::new() }
    }

    /// Lets a seed run against an account, which ends with it; what does not hold comes with the story.
    pub(crate) fn over<T>(
        rig: Rig<S>,
        origin: &S::Seed,
        runs: impl FnOnce(&mut Watch<'_, S>) -> Result<T, String>,
    ) -> Result<T, (String, String)> {
        let mut watch = Watch::new(&rig, origin);
        match runs(&mut watch) {
            Ok(came) => {
                rig.stop();
                Ok(came)
            }
            Err(what) => Err((what, watch.story())),
        }
    }

    /// Says what happened between two runs.
    pub(crate) fn say(&mut self, what: impl Into<String>) {
        self.story.push(format!("({})", what.into()));
    }

    /// All that was run, and every request with what became of it.
    pub(crate) fn story(&self) -> String {
        format!("{}\n{}", self.story.join("\n"), self.rig.transcript(0))
    }

    /// The account now.
    pub(crate) fn picture(&self) -> Picture {
        S::picture(&self.rig.sandbox.snapshot(), self.origin)
    }

    /// Somebody else does one thing to the account between two runs.
    pub(crate) fn meddle(&mut self, dice: &mut Dice) {
        let deed = self.rig.sandbox.meddle(dice.below(1 << 30) as u64);
        self.say(format!("{OTHERS}{}", deed.as_deref().unwrap_or("nothing")));
    }

    /// From here on the account behaves, and has no upload left to carry out; one that will never be seen is given up.
    pub(crate) fn calm(&mut self, chaos: Chaos) {
        self.rig.sandbox.calm();
        self.rig.wait_for_uploads();
        self.say("the account behaves");
        if self.upload_was_lost(chaos) {
            // As the report says: nobody but a person can tell that the account will never show it.
            self.rig.give_up_the_upload();
            self.say("a person deletes the note of the upload");
        }
    }

    /// Whether the last upload was not carried out, and never will be.
    fn upload_was_lost(&self, chaos: Chaos) -> bool {
        let log = self.rig.sandbox.requests();
        let last = log.iter().rfind(|it| it.path.starts_with("/hrdc/") && it.is_write());
        let dropped = chaos.uploads() == Processing::Dropped;
        last.is_some_and(|it| dropped || it.status.is_none_or(|status| status >= 300))
    }

    /// Runs something that only looks.
    pub(crate) fn look(&mut self, task: Task<'_>) -> Result<Run, String> {
        let run = self.rig.run_task(task, None)?;
        let log = &self.rig.sandbox.requests()[run.first..];
        self.tell(&run, log.len(), task, None);
        if run.err.contains("panicked") || log.iter().any(LoggedRequest::is_write) {
            return Err("what only looks panicked or sent a write".to_owned());
        }
        Ok(run)
    }

    /// Runs something that may write.
    pub(crate) fn run(&mut self, task: Task<'_>, end: Option<End>) -> Result<Seen, String> {
        let (before, waiting) = (self.picture(), self.rig.sandbox.waiting_uploads());
        let run = self.rig.run_task(task, end)?;
        let after = self.picture();
        let log = &self.rig.sandbox.requests()[run.first..];
        self.tell(&run, log.len(), task, end);
        let others = log.iter().any(|it| it.notes.iter().any(|note| note.starts_with("meanwhile")));
        let foul = end.is_some() || log.iter().any(|it| !it.notes.is_empty());
        let weather = match foul {
            _ if waiting > 0 => Weather::Late,
            true => Weather::Foul,
            false => Weather::Calm,
        };
        let mut wrong = Vec::new();
        if run.err.contains("panicked") {
            wrong.push("it panicked".to_owned());
        }
        wrong.extend(exit_is_wrong(&run, log, end));
        if !others {
            wrong.extend(truth::lies(&run, &before, &after, weather));
        }
        let wrote = log.iter().any(LoggedRequest::is_write);
        if wrong.is_empty() { Ok(Seen { run, before, after, others, wrote }) } else { Err(wrong.join("\n")) }
    }

    fn tell(&mut self, run: &Run, requests: usize, task: Task<'_>, end: Option<End>) {
        let (first, last) = (run.first + 1, run.first + requests);
        self.story.push(format!(
            "=== {} at {}: requests {first} to {last}, {end:?}, exit {:?}\n{}--- stderr\n{}",
            task.args.join(" "),
            task.now,
            run.exit,
            run.out,
            run.err
        ));
    }

    /// What was made, removed, erased or deleted more than once by all runs together.
    pub(crate) fn twice(&self) -> Option<String> {
        let mut once =
            vec!["POST /identity/v2/entities {", "DeleteEntity", "DeleteData", "DELETE /admin/v1/groups "];
        // What somebody else gave another name is rightly made again.
        if self.company() == Company::Nobody {
            once.extend(["POST /audiences/v1/audience {", "POST /audiences/v1/audiences {"]);
        }
        let writes = written(&self.rig.sandbox.requests());
        let twice =
            writes.iter().find(|(write, times)| **times > 1 && once.iter().any(|word| write.contains(word)));
        twice.map(|(write, times)| format!("carried out {times} times: {write}"))
    }

    /// Whether somebody else did anything, in a run or between two.
    pub(crate) fn company(&self) -> Company {
        let in_a_run = |it: &LoggedRequest| it.notes.iter().any(|note| note.starts_with("meanwhile"));
        let others = self.story.iter().any(|said| said.trim_start_matches('(').starts_with(OTHERS))
            || self.rig.sandbox.requests().iter().any(in_a_run);
        if others { Company::Others } else { Company::Nobody }
    }
}

/// How a run is ended that takes about so many requests.
pub(crate) fn end(dice: &mut Dice, requests: usize) -> Option<End> {
    let at = 1 + dice.below(requests + requests / 4);
    match dice.below(12) {
        0 | 1 => Some(End::KilledBefore(at)),
        2 | 3 => Some(End::KilledAt(at)),
        4 | 5 => Some(End::KilledAfter(at)),
        6 => Some(End::Told(at)),
        _ => None,
    }
}

/// The writes that were carried out, without the revisions that they were written about, and how often each was.
fn written(log: &[LoggedRequest]) -> BTreeMap<String, usize> {
    let mut writes = BTreeMap::new();
    let done = |it: &&LoggedRequest| it.is_write() && it.status.is_some_and(|status| status < 300);
    for write in log.iter().filter(done) {
        let body = if write.path.starts_with("/hrdc") { "" } else { &write.body };
        *writes.entry(format!("{} {} {body}", write.method, write.path)).or_default() += 1;
    }
    writes
}

/// Whether the exit code is none of the table, or says what is not so.
fn exit_is_wrong(run: &Run, log: &[LoggedRequest], end: Option<End>) -> Option<String> {
    let Some(exit) = run.exit else {
        let killed = matches!(end, Some(End::KilledBefore(_) | End::KilledAt(_) | End::KilledAfter(_)));
        return (!killed).then(|| "it was ended by a signal".to_owned());
    };
    let wrote = log.iter().any(|it| it.is_write() && it.status.is_some_and(|status| status < 300));
    let sent = log.iter().any(LoggedRequest::is_write);
    let status = run.report.as_ref().and_then(|report| report["status"].as_str());
    let fits = match exit {
        0 => matches!(status, Some("done")),
        1 => !wrote,
        3 | 4 => !sent,
        5 => sent && matches!(status, Some("unfinished")),
        6 => matches!(status, Some("pending")),
        143 => matches!(end, Some(End::Told(_))) && (status.is_some() || !sent),
        _ => false,
    };
    (!fits).then(|| format!("exit {exit} with status {status:?}, writes sent: {sent}, carried out: {wrote}"))
}

/// A seed that broke: what does not hold, what was asked for, and all that led there.
pub(crate) fn told(seed: u64, chaos: Chaos, what: &str, asked: &str, story: &str) -> String {
    format!("seed {seed} ({chaos}): {what}\n{asked}\n{story}")
}
