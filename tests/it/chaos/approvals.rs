//! Plans that break limits and protections, approved, and then: faults, kills, and others at work between the review and the
//! apply. What was not approved is never written.

use rollcall::sandbox::docebo::Docebo;
use rollcall::sandbox::{Chaos, Sandbox};

use super::learning;
use super::picture::{Picture, Pictured};
use super::trial::{APPLY, Came, Ended, QUIET_RUNS, concurrency};
use super::watch::{Seen, Watch, end, told};
use super::way::Way;
use super::world::{Bounds, By, Company, World};
use crate::dice::Dice;
use crate::rig::{End, NOW, Task};

/// Where the reviewed plan is, for runs.
const REVIEWED: &str = "reviewed.json";
/// What a pull request that was merged meanwhile adds.
const MORE: &str = "users:\n  - { displayName: Merged Meanwhile, email: merged@acme.example }\n";

/// One seed.
pub(crate) struct Approvals<S: Pictured = Sandbox> {
    seed: u64,
    chaos: Chaos,
    world: World<S>,
    concurrency: String,
    dice: Dice,
    /// Whether others changed the account since the last review.
    meddled: bool,
}

/// What somebody reviewed, and what it comes to if it is carried out without a fault.
struct Review {
    digest: String,
    /// The plan as `plan --out` saved it.
    saved: String,
    is_violating: bool,
    from: Picture,
    to: Picture,
    requests: usize,
}

impl Review {
    /// The options by which a run is told of it.
    fn options(&self, dice: &mut Dice) -> Vec<&str> {
        let digest = self.digest.as_str();
        match (self.is_violating, dice.below(4)) {
            (true, 0) => vec!["--approve", digest],
            (true, 1) => vec!["--approve", REVIEWED],
            (true, 2) => vec!["--plan", REVIEWED, "--approve", digest],
            (true, _) => vec!["--expect", REVIEWED, "--approve", digest],
            (false, 0 | 1) => vec!["--expect", digest],
            (false, 2) => vec!["--expect", REVIEWED],
            (false, _) => vec!["--plan", REVIEWED],
        }
    }
}

impl Approvals {
    pub(crate) fn of(seed: u64, by: By) -> Approvals {
        let mut dice = Dice::of(seed ^ 0xa44_0e00);
        let concurrency = concurrency(&mut dice);
        let world = World::of(seed, by, Bounds::Tight);
        Approvals { seed, chaos: Chaos::of(seed), world, concurrency, dice, meddled: false }
    }
}

impl Approvals<Docebo> {
    pub(crate) fn learning(seed: u64) -> Approvals<Docebo> {
        let mut dice = Dice::of(seed ^ 0x1ea4_4e00);
        let concurrency = concurrency(&mut dice);
        let (chaos, world) = (Docebo::temper(Chaos::of(seed)), learning::world(seed, Bounds::Tight));
        Approvals { seed, chaos, world, concurrency, dice, meddled: false }
    }
}

impl<S: Pictured> Approvals<S> {
    /// Runs the seed; what does not hold, with everything that led there.
    pub(crate) fn run(mut self) -> Result<Came, String> {
        let review = match self.review(&self.world.before) {
            Ok(review) => review,
            Err(Ended::Blocked) => return Ok(Came::Blocked),
            Err(Ended::Wrong(what)) => return Err(self.told("without a fault", &what)),
        };
        let rig = self.world.rig(&self.world.before, Some(self.chaos));
        let origin = self.world.before.clone();
        Watch::over(rig, &origin, |watch| self.chaotic(watch, review))
            .map_err(|(what, story)| self.told(&what, &story))
    }

    fn told(&self, what: &str, more: &str) -> String {
        told(self.seed, self.chaos, what, &self.world.manifests, more)
    }

    fn args<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        APPLY.into_iter().chain([self.concurrency.as_str()]).chain(more.iter().copied()).collect()
    }

    /// What the plan for an account comes to, once it is approved: without a fault, elsewhere.
    fn review(&self, account: &S::Seed) -> Result<Review, Ended> {
        let rig = self.world.rig(account, None);
        let origin = &self.world.before;
        let mut watch = Watch::new(&rig, origin);
        let reviewed = self.reviewed(&mut watch);
        let reviewed = reviewed.map_err(|what| Ended::Wrong(format!("{what}\n{}", watch.story())))?;
        rig.stop();
        reviewed.ok_or(Ended::Blocked)
    }

    /// Nothing where the plan is blocked.
    fn reviewed(&self, watch: &mut Watch<'_, S>) -> Result<Option<Review>, String> {
        let from = watch.picture();
        let plan = watch.look(Task::of(&["plan", "--out", REVIEWED]))?;
        let report = plan.report.ok_or("the plan says nothing")?;
        let count = |key: &str| report[key].as_array().map_or(0, Vec::len);
        if count("blockers") > 0 {
            return Ok(None);
        }
        let is_violating = count("violations") > 0;
        if (plan.exit == Some(3)) != is_violating {
            return Err("a plan exits with 3 if it breaks something, and only then".to_owned());
        }
        let digest = report["digest"].as_str().ok_or("a plan has a digest")?.to_owned();
        let another: String = digest.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect();
        let stale = watch.run(Task::of(&self.args(&["--approve", &another])), None)?;
        if stale.wrote || stale.run.exit != Some(4) {
            return Err("the approval of another plan is none, and says so by 4".to_owned());
        }
        if is_violating {
            let refused = watch.run(Task::of(&self.args(&["--expect", &digest])), None)?;
            if refused.wrote || refused.run.exit != Some(3) {
                return Err("what is expected is not approved, and 3 says so".to_owned());
            }
        }
        let first = watch.rig.sandbox.requests().len();
        let how = if is_violating { "--approve" } else { "--expect" };
        let applied = watch.run(Task::of(&self.args(&[how, &digest])), None)?;
        if applied.run.exit != Some(0) {
            return Err("an approved plan is carried out".to_owned());
        }
        self.world.unmet(watch.rig, Company::Others)?;
        let (saved, requests) = (watch.rig.laid(REVIEWED), watch.rig.sandbox.requests().len() - first);
        Ok(Some(Review { digest, saved, is_violating, from, to: applied.after, requests }))
    }

    fn chaotic(&mut self, watch: &mut Watch<'_, S>, review: Review) -> Result<Came, String> {
        watch.rig.lay(REVIEWED, &review.saved, NOW);
        if self.dice.once_in(3) {
            self.others(watch);
        }
        if review.is_violating && self.dice.once_in(4) {
            self.unapproved(watch)?;
        }
        for _ in 0..=self.dice.below(3) {
            if self.dice.once_in(8) {
                watch.rig.lose_the_run_folder();
                watch.say("the run folder is lost");
            }
            if self.dice.once_in(6) {
                self.merged(watch, &review)?;
            }
            let end = end(&mut self.dice, review.requests);
            self.one(watch, &review, end)?;
            if self.dice.once_in(6) {
                self.others(watch);
            }
        }
        watch.calm(self.chaos);
        self.converge(watch, review)
    }

    /// Runs until all is done: what is left is approved anew where that is asked for.
    fn converge(&mut self, watch: &mut Watch<'_, S>, mut review: Review) -> Result<Came, String> {
        let mut came = Came::Through;
        for _ in 0..2 * QUIET_RUNS {
            watch.rig.wait_for_uploads();
            match self.one(watch, &review, None)?.run.exit {
                Some(0) => return self.whole(watch, &review).map(|()| came),
                Some(3 | 4) if came == Came::AskedAgain && !self.meddled => {
                    return Err("what was approved of this very account is refused".to_owned());
                }
                Some(3 | 4) => {
                    came = Came::AskedAgain;
                    review = match self.review(&watch.rig.sandbox.snapshot()) {
                        Ok(review) => review,
                        Err(Ended::Blocked) if self.has_company() => return Ok(Came::Stuck),
                        Err(Ended::Blocked) => return Err("what is left is blocked".to_owned()),
                        Err(Ended::Wrong(what)) => return Err(format!("reviewed anew: {what}")),
                    };
                    self.meddled = false;
                    watch.rig.lay(REVIEWED, &review.saved, NOW);
                    watch.say(format!("somebody reviews the plan that there is now: {}", review.digest));
                }
                _ => {}
            }
        }
        // As where others took the name of a protected group away.
        if self.has_company() { Ok(Came::Stuck) } else { Err("it does not converge".to_owned()) }
    }

    /// What must hold of all runs together.
    fn whole(&self, watch: &mut Watch<'_, S>, review: &Review) -> Result<(), String> {
        let again = watch.look(Task::of(&["plan", "--detailed-exitcode"]))?;
        if again.exit != Some(0) {
            return Err("the plan after it is not empty".to_owned());
        }
        self.world.unmet(watch.rig, Company::Others)?;
        if !self.has_company() {
            let difference = watch.picture().difference(&review.to);
            if !difference.is_empty() {
                return Err(format!("it ends elsewhere than was approved (here / there):\n{difference}"));
            }
        }
        watch.twice().map_or(Ok(()), Err)
    }

    /// Whether others changed something that no review has seen.
    fn has_company(&self) -> bool {
        self.chaos.has_an_actor() || self.meddled
    }

    fn others(&mut self, watch: &mut Watch<'_, S>) {
        self.meddled = true;
        for _ in 0..=self.dice.below(3) {
            watch.meddle(&mut self.dice);
        }
    }

    /// A run under the approval, and whether it wrote anything that was not approved.
    fn one(&mut self, watch: &mut Watch<'_, S>, review: &Review, end: Option<End>) -> Result<Seen, String> {
        let options = review.options(&mut self.dice);
        let seen = watch.run(Task::of(&self.args(&options)), end)?;
        let way = Way { origin: self.world.origin(), from: &review.from, to: &review.to };
        let mut beyond = if seen.others { Vec::new() } else { way.beyond(&seen.before, &seen.after) };
        beyond.retain(|fact| !is_as_it_was_to_start(fact, review));
        if beyond.is_empty() {
            return self.world.broken(watch.rig, watch.company()).map_or(Ok(seen), Err);
        }
        Err(format!("nobody approved what was written:\n{}", beyond.join("\n")))
    }

    /// A run that nobody approved anything for.
    fn unapproved(&mut self, watch: &mut Watch<'_, S>) -> Result<(), String> {
        // What others did can have made the plan one that breaks nothing.
        let seen = watch.run(Task::of(&self.args(&["--expect", REVIEWED])), None)?;
        if seen.wrote && !self.has_company() {
            return Err("a plan that breaks limits was carried out without an approval".to_owned());
        }
        Ok(())
    }

    /// A run after more was merged than was reviewed.
    fn merged(&mut self, watch: &mut Watch<'_, S>, review: &Review) -> Result<(), String> {
        watch.rig.write("more.yaml", MORE);
        watch.say("more is merged than was reviewed");
        let seen = self.one(watch, review, None);
        watch.rig.remove("more.yaml");
        watch.say("it is taken back");
        if seen?.wrote {
            return Err("a plan of which only a part was approved was carried out".to_owned());
        }
        Ok(())
    }
}

/// Whether somebody whom the approved plan makes untracked is so again, after others tracked them.
fn is_as_it_was_to_start(fact: &str, review: &Review) -> bool {
    let user =
        fact.strip_suffix(" lost tracked=true").filter(|user| !review.from.objects.contains_key(*user));
    user.and_then(|user| review.to.objects.get(user)).is_some_and(|facts| facts.contains("tracked=false"))
}
