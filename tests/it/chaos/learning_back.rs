//! The way back at a learning platform: from an apply that came through, was cut off or met faults, under faults, kills, and others who
//! changed the tenant meanwhile.

use std::collections::BTreeSet;

use rollcall::sandbox::Chaos;
use rollcall::sandbox::docebo::seed::{Group, Uuid};
use rollcall::sandbox::docebo::{Docebo, Seed};

use super::automatic::is_sayable;
use super::learning;
use super::picture::Picture;
use super::trial::{APPLY, Came, QUIET_RUNS, concurrency};
use super::watch::{Seen, Watch, end, told};
use super::way::Way;
use super::world::{Bounds, Company, World};
use crate::dice::Dice;
use crate::rig::{End, NOW, Task};

/// One seed.
pub(crate) struct LearningBack {
    seed: u64,
    chaos: Chaos,
    world: World<Docebo>,
    concurrency: String,
    dice: Dice,
    before: Picture,
    /// Whether others changed the tenant since the apply.
    meddled: bool,
}

/// What an apply and its way back come to without a fault.
struct Quiet {
    after: Picture,
    /// Requests of the apply, and of the way back.
    requests: [usize; 2],
}

/// What nobody says of a group that is made anew.
const ANEW: [&str; 3] = ["description=", "labels=", "passes over who is deactivated="];

/// Whether it is about a group that is made anew, and something that nobody says of it.
fn is_unsaid(fact: &str, quiet: &Quiet) -> bool {
    let said = fact.split_once(" got ").or(fact.split_once(" lost "));
    said.is_some_and(|(key, said)| {
        let is_gone = !quiet.after.objects.contains_key(key);
        is_gone && ANEW[1..].iter().any(|word| said.starts_with(word))
    })
}

impl LearningBack {
    pub(crate) fn of(seed: u64) -> LearningBack {
        let mut dice = Dice::of(seed ^ 0x1ea4_bac0);
        let concurrency = concurrency(&mut dice);
        let (chaos, world) = (Docebo::temper(Chaos::of(seed)), learning::world(seed, Bounds::Loose));
        let before = Picture::of_tenant(&world.before, &world.before);
        LearningBack { seed, chaos, world, concurrency, dice, before, meddled: false }
    }

    /// Runs the seed; what does not hold, with everything that led there.
    pub(crate) fn run(mut self) -> Result<Came, String> {
        let origin = self.world.before.clone();
        let quiet = {
            let rig = self.world.rig(&origin, None);
            let mut watch = Watch::new(&rig, &origin);
            match self.quiet(&mut watch) {
                Ok(Some(quiet)) => quiet,
                Ok(None) => return Ok(Came::Blocked),
                Err(what) => return Err(self.told("without a fault", &format!("{what}\n{}", watch.story()))),
            }
        };
        let rig = self.world.rig(&origin, Some(self.chaos));
        Watch::over(rig, &origin, |watch| self.chaotic(watch, &quiet))
            .map_err(|(what, story)| self.told(&what, &story))
    }

    fn told(&self, what: &str, more: &str) -> String {
        told(self.seed, self.chaos, what, &self.world.manifests, more)
    }

    fn args<'a>(&'a self, command: &'a str) -> Vec<&'a str> {
        std::iter::once(command)
            .chain(APPLY[1..].iter().copied())
            .chain([self.concurrency.as_str()])
            .collect()
    }

    /// There and back without a fault; nothing where the plan is blocked or empty.
    fn quiet(&self, watch: &mut Watch<'_, Docebo>) -> Result<Option<Quiet>, String> {
        let applied = watch.run(Task::of(&self.args("apply")), None)?;
        match applied.run.exit {
            Some(0) => {}
            Some(3) => return Ok(None),
            other => return Err(format!("it ends in {other:?}")),
        }
        let there = watch.rig.sandbox.requests().len();
        let [file] = &watch.rig.rollback_files()[..] else { return Ok(None) };
        let back = watch.run(Task { args: &self.args("rollback"), path: file, now: NOW }, None)?;
        if back.run.exit != Some(0) {
            return Err(format!("the way back ends in {:?}", back.run.exit));
        }
        if let Some(broken) = self.world.broken(watch.rig, Company::Nobody) {
            return Err(broken);
        }
        self.is_back(watch, &applied.after)?;
        self.is_named(&watch.rig.laid(file), &applied.after)?;
        let requests = [there, watch.rig.sandbox.requests().len() - there];
        Ok(Some(Quiet { after: applied.after, requests }))
    }

    fn chaotic(&mut self, watch: &mut Watch<'_, Docebo>, quiet: &Quiet) -> Result<Came, String> {
        let mut file = None;
        for _ in 0..=self.dice.below(2) {
            let end = end(&mut self.dice, quiet.requests[0]);
            watch.run(Task::of(&self.args("apply")), end)?;
            file = file.or_else(|| watch.rig.rollback_files().into_iter().next());
        }
        let Some(file) = file else {
            let difference = watch.picture().difference(&self.before);
            let is_fine = self.chaos.has_an_actor() || difference.is_empty();
            let wrong = format!("nothing leads back:\n{difference}");
            return if is_fine { Ok(Came::Through) } else { Err(wrong) };
        };
        if self.dice.once_in(3) {
            self.meddled = true;
            for _ in 0..=self.dice.below(3) {
                watch.meddle(&mut self.dice);
            }
        }
        for _ in 0..self.dice.below(3) {
            let end = end(&mut self.dice, quiet.requests[1]);
            self.one(watch, quiet, (&file, end))?;
        }
        watch.calm(self.chaos);
        self.converge(watch, quiet, &file)
    }

    fn converge(&self, watch: &mut Watch<'_, Docebo>, quiet: &Quiet, file: &str) -> Result<Came, String> {
        let has_company = self.meddled || self.chaos.has_an_actor();
        let mut exit = None;
        for _ in 0..QUIET_RUNS {
            exit = self.one(watch, quiet, (file, None))?.run.exit;
            if exit == Some(0) {
                break;
            }
        }
        match exit {
            Some(0) => {}
            Some(3) if has_company => return Ok(Came::Stuck),
            other => return Err(format!("it does not come back: the last run ended in {other:?}")),
        }
        let plan = ["plan", "--detailed-exitcode"];
        let plan = watch.look(Task { args: &plan, path: file, now: NOW })?;
        if plan.exit != Some(0) {
            return Err("there is still something to take back".to_owned());
        }
        if !has_company {
            self.is_back(watch, &quiet.after)?;
        }
        watch.twice().map_or(Ok(Came::Through), Err)
    }

    /// A run of the way back, and whether it did anything but take back what the apply did.
    fn one(
        &self,
        watch: &mut Watch<'_, Docebo>,
        quiet: &Quiet,
        (file, end): (&str, Option<End>),
    ) -> Result<Seen, String> {
        let before = self.picture(watch);
        let seen = watch.run(Task { args: &self.args("rollback"), path: file, now: NOW }, end)?;
        let way = Way { origin: None, from: &quiet.after, to: &self.before };
        let mut beyond = if seen.others { Vec::new() } else { way.beyond(&before, &self.picture(watch)) };
        beyond.retain(|fact| !self.is_in_a_list(fact, quiet) && !self.is_made_anew(fact, &before));
        beyond.retain(|fact| !is_unsaid(fact, quiet));
        if beyond.is_empty() {
            return self.world.broken(watch.rig, watch.company()).map_or(Ok(seen), Err);
        }
        Err(format!("the apply did not do what was taken back:\n{}", beyond.join("\n")))
    }

    /// Whether somebody whom others added goes, or whom they took away comes back, because the file says the group whole.
    fn is_in_a_list(&self, fact: &str, quiet: &Quiet) -> bool {
        let Some((_, fact)) = fact.split_once(" lost ").or(fact.split_once(" got ")) else { return false };
        let has =
            |picture: &Picture, key: &String| picture.objects.get(key).is_some_and(|it| it.contains(fact));
        fact.starts_with("in ")
            && quiet.after.objects.keys().any(|key| has(&quiet.after, key) != has(&self.before, key))
    }

    /// Whether it is about a group whose name another has by now, as others renamed it or made one of that name: it is made anew, like
    /// whoever is not found.
    fn is_made_anew(&self, fact: &str, before: &Picture) -> bool {
        if let Some((key, said)) = fact.split_once(" got ")
            && said.starts_with("description=")
        {
            return !before.objects.contains_key(key);
        }
        let of = |group: &Group| format!("group {} ({:?})", group.name, group.population);
        let renamed = |group: &&Group| {
            let now = before.objects.get(&format!("group {}", group.uuid));
            now.is_some_and(|facts| facts.iter().any(|it| it.starts_with("name=Renamed ")))
        };
        self.world.before.groups.iter().filter(renamed).any(|group| fact.contains(&of(group)))
    }

    /// The tenant now, where a group that was made anew counts as the one that it was.
    fn picture(&self, watch: &Watch<'_, Docebo>) -> Picture {
        let (mut tenant, origin) = (watch.rig.sandbox.snapshot(), &self.world.before);
        let is_there = |tenant: &Seed, uuid: &Uuid| tenant.groups.iter().any(|group| group.uuid == *uuid);
        let gone: Vec<&Group> = origin.groups.iter().filter(|it| !is_there(&tenant, &it.uuid)).collect();
        for old in gone {
            let anew = tenant.groups.iter_mut().find(|it| it.name == old.name);
            if let Some(anew) = anew {
                anew.uuid = old.uuid.clone();
            }
        }
        Picture::of_tenant(&tenant, origin)
    }

    /// Whether the tenant is as it was, but for what no manifest brings back: users and groups that were made stay.
    fn is_back(&self, watch: &Watch<'_, Docebo>, applied: &Picture) -> Result<(), String> {
        let now = self.picture(watch);
        let mut wrong = Vec::new();
        let keys: BTreeSet<&String> = now.objects.keys().chain(self.before.objects.keys()).collect();
        for key in keys {
            match (self.before.objects.get(key), now.objects.get(key)) {
                (Some(was), Some(is)) => {
                    let changed = was.symmetric_difference(is);
                    let changed = changed.filter(|fact| !self.is_lost(key, fact, applied));
                    wrong.extend(changed.map(|fact| format!("{key}: {fact} was {}", was.contains(fact))));
                }
                (None, Some(_)) if applied.objects.contains_key(key) => {}
                (Some(_), None) if self.is_unsayable(key) => {}
                (was, _) => wrong.push(format!("{key} was there: {}", was.is_some())),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("it is not as it was:\n{}", wrong.join("\n"))) }
    }

    /// Whether a fact of an object that stays does not come back: memberships of a group that was made, what is said of a group that was
    /// deleted and made anew, and everything of one whose conditions no manifest can say. Whom rules match comes by itself.
    fn is_lost(&self, key: &str, fact: &str, applied: &Picture) -> bool {
        let is_of_new = fact
            .strip_prefix("in ")
            .is_some_and(|group| !self.before.objects.contains_key(group) || self.is_unsayable(group));
        let is_unsaid = ANEW.iter().any(|word| fact.starts_with(word)) && !applied.objects.contains_key(key);
        is_of_new || is_unsaid || fact.starts_with("by rules in ") || self.is_unsayable(key)
    }

    /// Whether it is a group whose conditions no manifest can say.
    fn is_unsayable(&self, key: &str) -> bool {
        let groups = self.world.before.groups.iter().filter(|group| !is_sayable(group));
        groups.map(|group| format!("group {}", group.uuid)).any(|group| group == key)
    }

    /// Whether the file says of everybody and everything that was made that it stays.
    fn is_named(&self, file: &str, applied: &Picture) -> Result<(), String> {
        let comments: Vec<&str> = file.lines().filter(|line| line.starts_with("# - ")).collect();
        let unnamed = |name: &&str| !comments.iter().any(|line| line.contains(name));
        let made = applied.objects.keys().filter(|key| !self.before.objects.contains_key(*key));
        let names = made.map(|key| key.trim_start_matches("user ").trim_start_matches("group "));
        let names = names.map(|name| name.split_once(" (").map_or(name, |(name, _)| name));
        let is_changed = |key: &String| self.before.objects.get(key) != applied.objects.get(key);
        let lost = self.world.before.groups.iter().filter(|group| {
            let passes_over =
                group.exclude_deactivated && !applied.objects.contains_key(&format!("group {}", group.uuid));
            let key = format!("group {}", group.uuid);
            (!is_sayable(group) && is_changed(&key)) || passes_over
        });
        let wrong: Vec<&str> = names.chain(lost.map(|group| &*group.name)).filter(unnamed).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("not named as lost: {}", wrong.join(", "))) }
    }
}
