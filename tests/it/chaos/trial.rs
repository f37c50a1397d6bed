//! What happens to a seed, and what must hold of it?

use std::collections::BTreeMap;

use rollcall::sandbox::{Chaos, LoggedRequest, Processing, Setting};

use super::picture::Picture;
use super::truth::{self, Weather};
use super::world::{By, World};
use crate::dice::Dice;
use crate::rig::{End, Rig, Run};

/// How a run applies.
const APPLY: [&str; 5] = ["apply", "--yes", "--settle=0s", "--wait=500ms", "--concurrency"];
/// Runs against the account once it behaves.
const QUIET_RUNS: usize = 3;

/// What a seed came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Came {
    /// Everything held.
    Through,
    /// Its plan is blocked, without any fault: it tests nothing.
    Blocked,
    /// Somebody else did what the manifests can't be reconciled with.
    Stuck,
}

/// One seed.
pub(crate) struct Trial {
    seed: u64,
    chaos: Chaos,
    world: World,
    concurrency: String,
    dice: Dice,
}

/// What a run without faults comes to.
struct Quiet {
    after: Picture,
    requests: usize,
}

impl Trial {
    pub(crate) fn of(seed: u64, by: By) -> Trial {
        let mut dice = Dice::of(seed ^ 0xc4a0_5000);
        let concurrency = ["1", "3", "8"][dice.below(3)].to_owned();
        Trial { seed, chaos: Chaos::of(seed), world: World::of(seed, by), concurrency, dice }
    }

    fn apply(&self) -> Vec<&str> {
        APPLY.into_iter().chain([self.concurrency.as_str()]).collect()
    }

    /// Runs the seed; what does not hold, with everything that led there.
    pub(crate) fn run(mut self) -> Result<Came, String> {
        let quiet = match self.quiet() {
            Ok(quiet) => quiet,
            Err(Ended::Blocked) => return Ok(Came::Blocked),
            Err(Ended::Wrong(what)) => return Err(self.told("without a fault", &what)),
        };
        let rig = Rig::new(&self.world.before, &self.world.manifests, Some(self.chaos));
        let mut said = Vec::new();
        match self.chaotic(&rig, &quiet, &mut said) {
            Ok(came) => {
                rig.stop();
                Ok(came)
            }
            Err(what) => {
                let transcript = format!("{}\n{}", said.join("\n"), rig.transcript(0));
                Err(self.told(&what, &transcript))
            }
        }
    }

    fn told(&self, what: &str, more: &str) -> String {
        let manifests = &self.world.manifests;
        format!("seed {} ({}): {what}\n{manifests}\n{more}", self.seed, self.chaos)
    }

    /// The same world without a fault.
    fn quiet(&self) -> Result<Quiet, Ended> {
        let rig = Rig::new(&self.world.before, &self.world.manifests, None);
        let run = rig.run(&self.apply(), None).map_err(Ended::Wrong)?;
        let told = |what: &str| Ended::Wrong(format!("{what}\n{}{}{}", run.out, run.err, rig.transcript(0)));
        match run.exit {
            Some(0) => {}
            Some(3) => return Err(Ended::Blocked),
            _ => return Err(told("it does not end in 0")),
        }
        let requests = rig.sandbox.requests().len();
        let after = rig.stop();
        Ok(Quiet { after: Picture::of(&after, &self.world.before), requests })
    }

    fn chaotic(&mut self, rig: &Rig, quiet: &Quiet, said: &mut Vec<String>) -> Result<Came, String> {
        for _ in 0..=self.dice.below(3) {
            if self.dice.once_in(8) {
                rig.lose_the_run_folder();
                said.push("(the run folder is lost)".to_owned());
            }
            let end = self.end(quiet.requests);
            self.one(rig, quiet, end, said)?;
        }
        rig.sandbox.calm();
        rig.wait_for_uploads();
        said.push("(the account behaves)".to_owned());
        if self.upload_was_lost(rig) {
            // As the report says: nobody but a person can tell that the account will never show it.
            rig.give_up_the_upload();
            said.push("(a person deletes the note of the upload)".to_owned());
        }
        let mut exit = None;
        for _ in 0..QUIET_RUNS {
            rig.wait_for_uploads();
            exit = self.one(rig, quiet, None, said)?.exit;
            if exit == Some(0) {
                break;
            }
        }
        match exit {
            Some(0) => {}
            Some(3) if self.chaos.has_an_actor() => return Ok(Came::Stuck),
            other => return Err(format!("it does not converge: the last run ended in {other:?}")),
        }
        let again = rig.run(&["plan", "--detailed-exitcode"], None)?;
        if again.exit != Some(0) {
            return Err(format!("the plan after it is not empty:\n{}{}", again.out, again.err));
        }
        self.whole(rig, quiet)?;
        Ok(Came::Through)
    }

    /// What must hold of all runs together.
    fn whole(&self, rig: &Rig, quiet: &Quiet) -> Result<(), String> {
        let log = rig.sandbox.requests();
        if !self.chaos.has_an_actor() {
            let after = Picture::of(&rig.sandbox.snapshot(), &self.world.before);
            let difference = after.difference(&quiet.after);
            if !difference.is_empty() {
                return Err(format!("it ends elsewhere than without a fault (here / there):\n{difference}"));
            }
        }
        let writes = written(&log);
        for (write, times) in &writes {
            let once =
                ["POST /identity/v2/entities {", "DeleteEntity", "DeleteData", "DELETE /admin/v1/groups "];
            if *times > 1 && once.iter().any(|word| write.contains(word)) {
                return Err(format!("carried out {times} times: {write}"));
            }
        }
        Ok(())
    }

    /// One run and what must hold of it.
    fn one(&self, rig: &Rig, quiet: &Quiet, end: Option<End>, said: &mut Vec<String>) -> Result<Run, String> {
        let picture = || Picture::of(&rig.sandbox.snapshot(), &self.world.before);
        let (before, waiting) = (picture(), rig.sandbox.waiting_uploads());
        let run = rig.run(&self.apply(), end)?;
        let after = picture();
        let log = &rig.sandbox.requests()[run.first..];
        let (first, last) = (run.first + 1, run.first + log.len());
        said.push(format!(
            "=== requests {first} to {last}, {end:?}, exit {:?}\n{}--- stderr\n{}",
            run.exit, run.out, run.err
        ));
        let acted = log.iter().any(|it| it.notes.iter().any(|note| note.starts_with("meanwhile")));
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
        if !acted {
            wrong.extend(truth::lies(&run, &before, &after, weather));
        }
        if !self.chaos.has_an_actor() {
            let astray = after.astray(&Picture::of(&self.world.before, &self.world.before), &quiet.after);
            wrong.extend(astray.into_iter().filter(|fact| !self.is_on_the_way(fact, quiet)));
        }
        if wrong.is_empty() { Ok(run) } else { Err(wrong.join("\n")) }
    }

    /// Whether a fact is one that a run makes on its way: a value that stands in for another, a user untracked to be removed, the
    /// rules that a removal leaves.
    fn is_on_the_way(&self, fact: &str, quiet: &Quiet) -> bool {
        if let Some(user) = fact.strip_suffix(" has tracked=false")
            && !quiet.after.objects.contains_key(user)
        {
            return true;
        }
        // SCIM makes a user tracked, and untracks them in a write of its own.
        if let Some(user) = fact.strip_suffix(" has tracked=true")
            && self.world.before.account.settings.has(Setting::IdentityClosed)
            && !Picture::of(&self.world.before, &self.world.before).objects.contains_key(user)
        {
            return true;
        }
        let left = |login: &str| {
            let user = login.split_once('\\').map_or(login, |(_, user)| user);
            let named = |it: &String| it == user || it.ends_with(&format!("\\{user}"));
            self.world.before.users.iter().any(|it| {
                let addresses = it.upns.iter().chain(&it.emails).map(|held| held.value.clone());
                addresses
                    .chain(it.device_logins.iter().map(|held| held.value.to_string()))
                    .any(|it| named(&it))
            })
        };
        fact.contains("rollcall.invalid") || fact.strip_prefix("rules has ").is_some_and(left)
    }

    /// How the next run is ended.
    fn end(&mut self, requests: usize) -> Option<End> {
        let at = 1 + self.dice.below(requests + requests / 4);
        match self.dice.below(12) {
            0 | 1 => Some(End::KilledBefore(at)),
            2 | 3 => Some(End::KilledAt(at)),
            4 | 5 => Some(End::KilledAfter(at)),
            6 => Some(End::Told(at)),
            _ => None,
        }
    }

    /// Whether the last upload was not carried out, and never will be.
    fn upload_was_lost(&self, rig: &Rig) -> bool {
        let log = rig.sandbox.requests();
        let last = log.iter().rfind(|it| it.path.starts_with("/hrdc/") && it.is_write());
        let dropped = self.chaos.uploads() == Processing::Dropped;
        last.is_some_and(|it| dropped || it.status.is_none_or(|status| status >= 300))
    }
}

/// Why there is nothing to compare with.
enum Ended {
    Blocked,
    Wrong(String),
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
