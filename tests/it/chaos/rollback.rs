//! The way back: from an apply that came through, was cut off or met faults, under faults, kills, and others who changed the
//! account meanwhile.

use std::collections::BTreeSet;

use rollcall::sandbox::seed::{Group, GroupSource};
use rollcall::sandbox::{Chaos, Seed};

use super::picture::{Picture, RULES};
use super::trial::{APPLY, Came, QUIET_RUNS, concurrency};
use super::watch::{Seen, Watch, end, told};
use super::way::Way;
use super::world::{Bounds, By, World};
use crate::dice::Dice;
use crate::rig::{End, NOW, Rig, Task};

/// One seed.
pub(crate) struct Rollback {
    seed: u64,
    chaos: Chaos,
    world: World,
    concurrency: String,
    dice: Dice,
    before: Picture,
    /// Whether others changed the account since the apply.
    meddled: bool,
}

/// What an apply and its way back come to without a fault.
struct Quiet {
    after: Picture,
    /// Requests of the apply, and of the way back.
    requests: [usize; 2],
}

impl Rollback {
    pub(crate) fn of(seed: u64, by: By) -> Rollback {
        let mut dice = Dice::of(seed ^ 0x0bac_c000);
        let concurrency = concurrency(&mut dice);
        let world = World::of(seed, by, Bounds::Loose);
        let before = Picture::of(&world.before, &world.before);
        Rollback { seed, chaos: Chaos::of(seed), world, concurrency, dice, before, meddled: false }
    }

    /// Runs the seed; what does not hold, with everything that led there.
    pub(crate) fn run(mut self) -> Result<Came, String> {
        let origin = self.world.before.clone();
        let quiet = {
            let rig = Rig::new(&origin, &self.world.manifests, None);
            let mut watch = Watch::new(&rig, &origin);
            match self.quiet(&mut watch) {
                Ok(Some(quiet)) => quiet,
                Ok(None) => return Ok(Came::Blocked),
                Err(what) => return Err(self.told("without a fault", &format!("{what}\n{}", watch.story()))),
            }
        };
        let rig = Rig::new(&origin, &self.world.manifests, Some(self.chaos));
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
    fn quiet(&self, watch: &mut Watch<'_>) -> Result<Option<Quiet>, String> {
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
        self.is_back(watch, &applied.after, &back.run.out)?;
        self.is_named(&watch.rig.laid(file), &applied.after)?;
        let requests = [there, watch.rig.sandbox.requests().len() - there];
        Ok(Some(Quiet { after: applied.after, requests }))
    }

    fn chaotic(&mut self, watch: &mut Watch<'_>, quiet: &Quiet) -> Result<Came, String> {
        let mut file = None;
        for _ in 0..=self.dice.below(2) {
            let end = end(&mut self.dice, quiet.requests[0]);
            watch.run(Task::of(&self.args("apply")), end)?;
            file = file.or_else(|| watch.rig.rollback_files().into_iter().next());
        }
        if self.dice.once_in(2) {
            watch.rig.wait_for_uploads();
            watch.say("no upload waits any more");
        }
        let Some(file) = file else {
            let difference = watch.picture().difference(&self.before);
            let is_fine = self.chaos.has_an_actor() || difference.is_empty();
            return if is_fine {
                Ok(Came::Through)
            } else {
                Err(format!("nothing leads back:\n{difference}"))
            };
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

    fn converge(&self, watch: &mut Watch<'_>, quiet: &Quiet, file: &str) -> Result<Came, String> {
        let has_company = self.meddled || self.chaos.has_an_actor();
        let mut exit = None;
        for _ in 0..QUIET_RUNS {
            watch.rig.wait_for_uploads();
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
            self.is_back(watch, &quiet.after, &format!("{}{}", watch.rig.laid(file), plan.out))?;
        }
        watch.twice().map_or(Ok(Came::Through), Err)
    }

    /// A run of the way back, and whether it did anything but take back what the apply did.
    fn one(
        &self,
        watch: &mut Watch<'_>,
        quiet: &Quiet,
        (file, end): (&str, Option<End>),
    ) -> Result<Seen, String> {
        // An upload of the apply comes about meanwhile.
        let is_late = watch.rig.sandbox.waiting_uploads() > 0;
        let before = self.picture(watch);
        let seen = watch.run(Task { args: &self.args("rollback"), path: file, now: NOW }, end)?;
        let way = Way { origin: self.world.origin(), from: &quiet.after, to: &self.before };
        let mut beyond =
            if seen.others || is_late { Vec::new() } else { way.beyond(&before, &self.picture(watch)) };
        beyond.retain(|fact| !self.is_in_a_list(fact, quiet) && !self.is_made_anew(fact, &before));
        if beyond.is_empty() {
            return Ok(seen);
        }
        Err(format!("the apply did not do what was taken back:\n{}", beyond.join("\n")))
    }

    /// Whether something that others added goes, or what they took away comes back, because of a list that the file says whole:
    /// addresses of who got or lost some, members of a group that somebody joined.
    fn is_in_a_list(&self, fact: &str, quiet: &Quiet) -> bool {
        let lost = fact.split_once(" lost ");
        let back = fact
            .split_once(" got ")
            .filter(|(key, fact)| self.before.objects.get(*key).is_some_and(|before| before.contains(*fact)));
        let Some((key, fact)) = lost.or(back) else { return false };
        let of = |picture: &Picture, kind: &str| -> BTreeSet<String> {
            let facts = picture.objects.get(key).into_iter().flatten();
            facts.filter(|fact| fact.starts_with(kind)).cloned().collect()
        };
        if fact.starts_with("email=") {
            return of(&self.before, "email=") != of(&quiet.after, "email=");
        }
        let has =
            |picture: &Picture, key: &String| picture.objects.get(key).is_some_and(|it| it.contains(fact));
        fact.starts_with("in ")
            && quiet.after.objects.keys().any(|key| has(&quiet.after, key) && !has(&self.before, key))
    }

    /// Whether it is about a group whose name another has by now, as others renamed it: it is made anew, like whoever is not found.
    fn is_made_anew(&self, fact: &str, before: &Picture) -> bool {
        let of = |group: &Group| format!("group {} ({:?})", group.name, group.source);
        let renamed = |group: &&Group| {
            let now = before.objects.get(&format!("group #{}", group.id));
            now.is_some_and(|facts| facts.iter().any(|it| it.starts_with("name=Renamed ")))
        };
        self.world.before.groups.iter().filter(renamed).any(|group| fact.contains(&of(group)))
    }

    /// The account now, where a group that was made anew counts as the one that it was.
    fn picture(&self, watch: &Watch<'_>) -> Picture {
        let (mut account, origin) = (watch.rig.sandbox.snapshot(), &self.world.before);
        let is_there = |account: &Seed, id| account.groups.iter().any(|group| group.id == id);
        for old in origin.groups.iter().filter(|group| !is_there(&account, group.id)).collect::<Vec<_>>() {
            let is_it = |it: &&mut Group| it.name == old.name && it.source == old.source;
            let Some(anew) = account.groups.iter_mut().find(is_it) else { continue };
            let number = std::mem::replace(&mut anew.id, old.id);
            for user in &mut account.users {
                user.groups.iter_mut().filter(|held| **held == number).for_each(|held| *held = old.id);
                user.primary_group =
                    user.primary_group.map(|held| if held == number { old.id } else { held });
            }
        }
        Picture::of(&account, origin)
    }

    /// Whether the account is as it was, but for what no manifest brings back; `said` names what that is.
    fn is_back(&self, watch: &Watch<'_>, applied: &Picture, said: &str) -> Result<(), String> {
        let now = self.picture(watch);
        let mut wrong = Vec::new();
        let keys: BTreeSet<&String> = now.objects.keys().chain(self.before.objects.keys()).collect();
        for key in keys {
            match (self.before.objects.get(key), now.objects.get(key)) {
                (Some(was), Some(is)) => {
                    let changed = was.symmetric_difference(is);
                    let changed = changed.filter(|fact| !self.is_lost(key, fact, is));
                    let changed = changed.filter(|fact| !self.is_said((key, fact), said));
                    wrong.extend(changed.map(|fact| format!("{key}: {fact} was {}", was.contains(fact))));
                }
                (Some(_), None) if self.goes(key, applied) => {}
                (None, Some(_)) if applied.objects.contains_key(key) => {}
                (was, _) => wrong.push(format!("{key} was there: {}", was.is_some())),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("it is not as it was:\n{}", wrong.join("\n"))) }
    }

    /// Whether an object is gone for good: a user who was removed, an HR group of nobody else.
    fn goes(&self, key: &str, applied: &Picture) -> bool {
        let is_in = |user: &&String| self.before.objects[*user].contains(&format!("in {key}"));
        let mut members = self.before.users.values().filter(is_in);
        let is_hr = self
            .world
            .before
            .groups
            .iter()
            .any(|group| group.source == GroupSource::Hr && key == format!("group #{}", group.id));
        !applied.objects.contains_key(key)
            && (key.starts_with("user ") || is_hr && members.all(|user| !applied.objects.contains_key(user)))
    }

    /// Whether a fact of an object that stays does not come back: what was collected and erased, memberships of a group that was
    /// made, the rules that a removed user leaves.
    fn is_lost(&self, key: &str, fact: &str, is: &BTreeSet<String>) -> bool {
        if fact.starts_with("agent=") || fact.starts_with("erased=") {
            return is.iter().any(|it| it.starts_with("erased="));
        }
        if key == RULES {
            return !self.before.objects[RULES].contains(fact);
        }
        fact.strip_prefix("in ").is_some_and(|group| !self.before.objects.contains_key(group))
    }

    /// Whether it is said of a fact of an object that stays that it does not come back: an address that may be the account's own by
    /// SCIM, who joined a group that somebody may be in who was to be removed, and that this one may be untracked.
    fn is_said(&self, (key, fact): (&str, &str), said: &str) -> bool {
        let mut lost = said.lines().filter(|line| line.starts_with("# - "));
        if let Some(address) = fact.strip_prefix("email=") {
            return said.split_once("BY HAND").is_some_and(|(_, listed)| listed.contains(address));
        }
        let user = self.world.before.users.iter().find(|user| key == format!("user #{}", user.id));
        let Some(upn) = user.map(|user| user.upns[0].value.as_str()) else { return false };
        if fact.starts_with("tracked=") {
            return lost.any(|line| line.contains(upn) && line.contains("see that they are tracked"));
        }
        let is_it = |group: &&Group| fact == format!("in group #{}", group.id);
        let Some(group) = self.world.before.groups.iter().find(is_it) else { return false };
        let joined = !self.before.objects[key].contains(fact);
        let mut of_it = lost.filter(|line| line.contains(&format!("{}: ", group.name)));
        if joined {
            return of_it.any(|line| line.contains("who joined it stays"));
        }
        of_it.any(|line| line.contains(upn) && line.contains("see that they are in it"))
    }

    /// Whether the file says of everybody and everything that does not come back that it does not.
    fn is_named(&self, file: &str, applied: &Picture) -> Result<(), String> {
        let comments: Vec<&str> = file.lines().filter(|line| line.starts_with("# - ")).collect();
        let unnamed = |name: &str| !comments.iter().any(|line| line.contains(name));
        let mut wrong: Vec<String> = Vec::new();
        for user in &self.world.before.users {
            let (key, upn) = (format!("user #{}", user.id), user.upns[0].value.as_str());
            let is_lost = match applied.objects.get(&key) {
                Some(facts) => facts.iter().any(|fact| fact.starts_with("erased=")),
                None => true,
            };
            wrong.extend((is_lost && unnamed(upn)).then(|| upn.to_owned()));
        }
        for key in applied.objects.keys().filter(|key| !self.before.objects.contains_key(*key)) {
            let name = key.trim_start_matches("user ").trim_start_matches("group ");
            let name = name.split_once(" (").map_or(name, |(name, _)| name);
            wrong.extend(unnamed(name).then(|| name.to_owned()));
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("not named as lost: {}", wrong.join(", "))) }
    }
}
