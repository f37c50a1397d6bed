//! What happens to a seed, and what must hold of it?

use rollcall::sandbox::docebo::Docebo;
use rollcall::sandbox::{Chaos, Sandbox};

use super::learning;
use super::picture::{Picture, Pictured};
use super::watch::{Watch, end, told};
use super::way::Way;
use super::world::{Bounds, By, Company, World};
use crate::dice::Dice;
use crate::rig::{End, Run, Task};

/// How a run applies.
pub(crate) const APPLY: [&str; 5] = ["apply", "--yes", "--settle=0s", "--wait=500ms", "--concurrency"];
/// Runs against the account once it behaves.
pub(crate) const QUIET_RUNS: usize = 3;

/// What a seed came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Came {
    /// Everything held.
    Through,
    /// The same, and what was left of an approved plan had to be approved anew.
    AskedAgain,
    /// Its plan is blocked, without any fault: it tests nothing.
    Blocked,
    /// The account forgot what it had taken, and nothing that it shows tells.
    Unseen,
    /// Somebody else did what the manifests can't be reconciled with.
    Stuck,
}

/// Why there is nothing to compare with.
pub(crate) enum Ended {
    Blocked,
    Wrong(String),
}

/// One seed.
pub(crate) struct Trial<S: Pictured = Sandbox> {
    seed: u64,
    chaos: Chaos,
    world: World<S>,
    concurrency: String,
    dice: Dice,
}

/// What a run without faults comes to.
struct Quiet {
    before: Picture,
    after: Picture,
    requests: usize,
}

/// So many requests under way at once.
pub(crate) fn concurrency(dice: &mut Dice) -> String {
    ["1", "3", "8"][dice.below(3)].to_owned()
}

impl Trial {
    pub(crate) fn of(seed: u64, by: By) -> Trial {
        let mut dice = Dice::of(seed ^ 0xc4a0_5000);
        let concurrency = concurrency(&mut dice);
        let world = World::of(seed, by, Bounds::Loose);
        Trial { seed, chaos: Chaos::of(seed), world, concurrency, dice }
    }
}

impl Trial<Docebo> {
    pub(crate) fn learning(seed: u64) -> Trial<Docebo> {
        let mut dice = Dice::of(seed ^ 0x1ea4_2000);
        let concurrency = concurrency(&mut dice);
        let (chaos, world) = (Docebo::temper(Chaos::of(seed)), learning::world(seed, Bounds::Loose));
        Trial { seed, chaos, world, concurrency, dice }
    }
}

impl<S: Pictured> Trial<S> {
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
        let rig = self.world.rig(&self.world.before, Some(self.chaos));
        let origin = self.world.before.clone();
        Watch::over(rig, &origin, |watch| self.chaotic(watch, &quiet))
            .map_err(|(what, story)| self.told(&what, &story))
    }

    fn told(&self, what: &str, more: &str) -> String {
        told(self.seed, self.chaos, what, &self.world.manifests, more)
    }

    /// The same world without a fault.
    fn quiet(&self) -> Result<Quiet, Ended> {
        let rig = self.world.rig(&self.world.before, None);
        let run = rig.run(&self.apply(), None).map_err(Ended::Wrong)?;
        let told = |what: &str| Ended::Wrong(format!("{what}\n{}{}{}", run.out, run.err, rig.transcript(0)));
        match run.exit {
            Some(0) => {}
            Some(3) => return Err(Ended::Blocked),
            _ => return Err(told("it does not end in 0")),
        }
        let held = self
            .world
            .broken(&rig, Company::Nobody)
            .map_or_else(|| self.world.unmet(&rig, Company::Nobody), Err);
        held.map_err(|what| told(&what))?;
        let requests = rig.sandbox.requests().len();
        let after = rig.stop();
        let [before, after] =
            [&self.world.before, &after].map(|account| S::picture(account, &self.world.before));
        Ok(Quiet { before, after, requests })
    }

    fn chaotic(&mut self, watch: &mut Watch<'_, S>, quiet: &Quiet) -> Result<Came, String> {
        for _ in 0..=self.dice.below(3) {
            if self.dice.once_in(8) {
                watch.rig.lose_the_run_folder();
                watch.say("the run folder is lost");
            }
            let end = end(&mut self.dice, quiet.requests);
            self.one(watch, quiet, end)?;
        }
        watch.calm(self.chaos);
        let mut exit = None;
        for _ in 0..QUIET_RUNS {
            watch.rig.wait_for_uploads();
            exit = self.one(watch, quiet, None)?.exit;
            if exit == Some(0) {
                break;
            }
        }
        match exit {
            Some(0) => {}
            Some(3) if self.chaos.has_an_actor() => return Ok(Came::Stuck),
            other => return Err(format!("it does not converge: the last run ended in {other:?}")),
        }
        let again = watch.look(Task::of(&["plan", "--detailed-exitcode"]))?;
        if again.exit != Some(0) {
            return Err("the plan after it is not empty".to_owned());
        }
        self.whole(watch, quiet)?;
        Ok(Came::Through)
    }

    /// What must hold of all runs together.
    fn whole(&self, watch: &Watch<'_, S>, quiet: &Quiet) -> Result<(), String> {
        self.world.unmet(watch.rig, watch.company())?;
        if !self.chaos.has_an_actor() {
            let difference = watch.picture().difference(&quiet.after);
            if !difference.is_empty() {
                return Err(format!("it ends elsewhere than without a fault (here / there):\n{difference}"));
            }
        }
        watch.twice().map_or(Ok(()), Err)
    }

    /// One run and what must hold of it.
    fn one(&self, watch: &mut Watch<'_, S>, quiet: &Quiet, end: Option<End>) -> Result<Run, String> {
        let seen = watch.run(Task::of(&self.apply()), end)?;
        let way = Way { origin: self.world.origin(), from: &quiet.before, to: &quiet.after };
        let astray = if self.chaos.has_an_actor() { Vec::new() } else { way.astray(&seen.after) };
        if astray.is_empty() {
            self.world.broken(watch.rig, watch.company()).map_or(Ok(seen.run), Err)
        } else {
            Err(astray.join("\n"))
        }
    }
}
