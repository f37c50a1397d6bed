//! HR sets where nothing shows users: uploads over downloads that the app made, approved and never seen, under faults, kills and
//! lost notes. The account holds one of the sets that were asked for, whole, and in the end the last.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rollcall::sandbox::seed::{GroupSource, UserId};
use rollcall::sandbox::{Chaos, LoggedRequest, Processing, Seed};

use super::sets::{HrSet, Sets, Wanted, download, hr_set};
use super::trial::Came;
use super::watch::{Watch, end, told};
use crate::dice::Dice;
use crate::rig::{End, NOW, Rig, Run, Task};

/// Where the download is, for runs; with the number of the account, as the app names it.
const DOWNLOAD: &str = "groups_123456.csv";
/// Requests of a run, about.
const REQUESTS: usize = 6;
/// Minutes after which a download is believed whatever it shows.
const BELIEVED: i64 = 70;
/// What a plan says where nothing remembers an upload.
const NO_NOTE: &str = "nothing here tells of an earlier upload";

/// One seed.
pub(crate) struct Uploads {
    seed: u64,
    chaos: Chaos,
    sets: Sets,
    dice: Dice,
    /// Which set is asked for.
    asked: usize,
    /// Minutes since the beginning.
    minute: i64,
    /// When the download was made.
    made: i64,
    /// When the last upload was carried out.
    sent: Option<i64>,
    /// The HR groups before it, and those that it makes.
    groups: Option<(BTreeSet<String>, BTreeSet<String>)>,
    /// Whether the run folder was lost since.
    forgot: bool,
    /// Whether an upload was answered and dropped.
    dropped: bool,
}

impl Uploads {
    pub(crate) fn of(seed: u64) -> Uploads {
        let (dice, sets, chaos) = (Dice::of(seed ^ 0x04dc_0000), Sets::of(seed), Chaos::of(seed));
        let (asked, minute, made, sent, groups) = (0, 0, 0, None, None);
        Uploads { seed, chaos, sets, dice, asked, minute, made, sent, groups, forgot: false, dropped: false }
    }

    /// Runs the seed; what does not hold, with everything that led there.
    pub(crate) fn run(mut self) -> Result<Came, String> {
        let origin = self.sets.before.clone();
        let rig = Rig::new(&origin, &self.wanted().manifests, Some(self.chaos)).without_scim();
        Watch::over(rig, &origin, |watch| self.chaotic(watch)).map_err(|(what, story)| {
            let said = self.sets.wanted.iter().map(|it| format!("{}\n{}", it.manifests, it.export));
            told(self.seed, self.chaos, &what, &said.collect::<String>(), &story)
        })
    }

    fn wanted(&self) -> &Wanted {
        &self.sets.wanted[self.asked]
    }

    fn chaotic(&mut self, watch: &mut Watch<'_>) -> Result<Came, String> {
        self.downloads(watch);
        for asked in 0..2 {
            self.asked = asked;
            watch.rig.write("rollcall.yaml", &self.wanted().manifests);
            watch.rig.write("hr/users.csv", &self.wanted().export);
            watch.say(format!("set {asked} is asked for"));
            for _ in 0..=self.dice.below(3) {
                self.round(watch)?;
                self.minute += [2, 10, 30, BELIEVED][self.dice.below(4)];
                if self.dice.once_in(8) {
                    watch.rig.lose_the_run_folder();
                    self.forgot = true;
                    watch.say("the run folder is lost");
                }
            }
        }
        watch.rig.sandbox.calm();
        watch.say("the account behaves");
        self.converge(watch)
    }

    /// The app makes a new download.
    fn downloads(&mut self, watch: &mut Watch<'_>) {
        // Halfway through an upload that has made its groups, the file looks as if all were done: nobody can tell. And no upload
        // takes an hour.
        let shown = names(&watch.rig.sandbox.snapshot());
        let looks_done = self.groups.as_ref().is_some_and(|(before, sent)| before != sent && shown == *sent);
        let is_believed = self.sent.is_some_and(|sent| self.minute - sent >= 60);
        if self.dice.once_in(2) || looks_done || is_believed {
            watch.rig.wait_for_uploads();
        }
        self.made = self.minute;
        watch.rig.lay(DOWNLOAD, &download(&watch.rig.sandbox.snapshot()), &time(self.made));
        watch.say(format!("a download of minute {}", self.made));
        self.minute += 1;
    }

    /// A plan, its approval, and runs under it.
    fn round(&mut self, watch: &mut Watch<'_>) -> Result<(), String> {
        if self.minute - self.made > 50 || !self.dice.once_in(4) {
            self.downloads(watch);
        }
        let Some(plan) = self.plan(watch)? else { return Ok(()) };
        for _ in 0..=self.dice.below(2) {
            let end = end(&mut self.dice, REQUESTS);
            self.apply(watch, &plan, end)?;
        }
        Ok(())
    }

    /// Runs until all is done, at an account that behaves.
    fn converge(&mut self, watch: &mut Watch<'_>) -> Result<Came, String> {
        for _ in 0..5 {
            watch.rig.wait_for_uploads();
            self.minute += BELIEVED;
            self.downloads(watch);
            let plan = self.plan(watch)?.ok_or("an account that behaves has no plan")?;
            if plan.exit == Some(0) {
                return self.whole(watch);
            }
            self.apply(watch, &plan, None)?;
        }
        Err("it does not converge".to_owned())
    }

    /// What must hold in the end.
    fn whole(&self, watch: &Watch<'_>) -> Result<Came, String> {
        let now = hr_set(&watch.rig.sandbox.snapshot());
        match now == self.wanted().set {
            true => Ok(Came::Through),
            // The account took it and forgot it, and its groups are those that there were: nothing that is shown tells.
            false if self.dropped => Ok(Came::Unseen),
            false => Err(format!("it holds {now:?} in the end, and not {:?}", self.wanted().set)),
        }
    }

    /// The plan over the download, if there is one.
    fn plan(&mut self, watch: &mut Watch<'_>) -> Result<Option<Run>, String> {
        let now = time(self.minute);
        let args = ["plan", "--observed", DOWNLOAD];
        let plan = watch.look(Task { now: &now, ..Task::of(&args) })?;
        let blockers = plan.report.as_ref().and_then(|report| report["blockers"].as_array());
        let strange = blockers.into_iter().flatten().find(|it| it["code"] != "unsettled-upload");
        match (plan.exit, strange) {
            (_, Some(blocker)) => Err(format!("it is blocked: {blocker}")),
            (Some(0 | 3), None) => Ok(Some(plan)),
            (Some(1), None) => Ok(None),
            (other, None) => Err(format!("a plan ends in {other:?}")),
        }
    }

    /// A run under the approval of a plan.
    fn apply(&mut self, watch: &mut Watch<'_>, plan: &Run, end: Option<End>) -> Result<(), String> {
        let digest = plan.report.as_ref().and_then(|report| report["digest"].as_str()).unwrap_or_default();
        let (now, waiting) = (time(self.minute), watch.rig.sandbox.waiting_uploads());
        let before = names(&watch.rig.sandbox.snapshot());
        let args = ["apply", "--yes", "--observed", DOWNLOAD, "--approve", digest];
        let seen = watch.run(Task { now: &now, ..Task::of(&args) }, end)?;
        let log = &watch.rig.sandbox.requests()[seen.run.first..];
        let posts: Vec<&LoggedRequest> = log.iter().filter(|it| it.is_write()).collect();
        let carried = posts.iter().find(|it| it.status.is_some_and(|status| status < 300));
        for post in &posts {
            self.is_whole(post)?;
        }
        let again = posts.iter().rev().skip(1).find(|post| !post.notes.iter().any(|it| it.contains("429")));
        if let Some(again) = again {
            return Err(format!("sent again although it may have been carried out: {again:?}"));
        }
        if carried.is_some() {
            self.is_alone(waiting, plan)?;
            (self.sent, self.forgot) = (Some(self.minute), false);
            self.groups = Some((before, self.wanted().set.keys().cloned().collect()));
            self.dropped |=
                self.chaos.uploads() == Processing::Dropped && watch.rig.sandbox.waiting_uploads() == 0;
        }
        is_said(&seen.run, carried.copied())?;
        self.is_one_of_the_sets(watch)
    }

    /// Whether an upload is the whole set that is asked for, and nothing else.
    fn is_whole(&self, post: &LoggedRequest) -> Result<(), String> {
        let file = post.body.split("\r\n\r\n").nth(1).unwrap_or_default();
        let file = file.split("\r\n--").next().unwrap_or_default();
        let mut rows = csv::Reader::from_reader(file.as_bytes());
        let head = rows.headers().map_err(|error| error.to_string())?.clone();
        let column = |name: &str| head.iter().position(|it| it == name).ok_or(format!("no column {name}"));
        let (lookup, group) = (column("user_lookup_id")?, column("group")?);
        let mut sent = HrSet::new();
        for row in rows.records() {
            let row = row.map_err(|error| error.to_string())?;
            let members = sent.entry(row[group].to_owned()).or_default();
            members.extend(self.user(&row[lookup]));
        }
        if sent == self.wanted().set {
            Ok(())
        } else {
            Err(format!("not the set that is asked for: {sent:?}"))
        }
    }

    /// The user whom a row finds.
    fn user(&self, lookup: &str) -> Option<UserId> {
        let users = &self.sets.before.users;
        let is = |held: &str| held.eq_ignore_ascii_case(lookup);
        let found = users.iter().find(|user| {
            user.upns.iter().chain(&user.emails).chain(&user.employee_ids).any(|held| is(&held.value))
        });
        found.map(|user| user.id)
    }

    /// Whether an upload goes out over one that may still be under way, without a word.
    fn is_alone(&self, waiting: usize, plan: &Run) -> Result<(), String> {
        let is_told = self.forgot && plan.out.contains(NO_NOTE);
        match self.sent {
            _ if is_told => Ok(()),
            Some(sent) if self.made <= sent => {
                Err(format!("the download of minute {} can't show what was sent in minute {sent}", self.made))
            }
            _ if waiting > 0 => Err("an upload was under way".to_owned()),
            _ => Ok(()),
        }
    }

    /// Whether the account holds what it held or one of the sets that were asked for, once no upload is under way; and nothing
    /// else of it has changed.
    fn is_one_of_the_sets(&self, watch: &Watch<'_>) -> Result<(), String> {
        let before = &self.sets.before;
        let now = watch.rig.sandbox.snapshot();
        let set = hr_set(&now);
        let mut sets = std::iter::once(hr_set(before))
            .chain(self.sets.wanted[..=self.asked].iter().map(|it| it.set.clone()));
        if watch.rig.sandbox.waiting_uploads() == 0 && !sets.any(|it| it == set) {
            return Err(format!("a set that nobody asked for: {set:?}"));
        }
        let others = |account: &Seed| -> Vec<String> {
            let is_hr = |id| account.groups.iter().any(|it| it.id == id && it.source == GroupSource::Hr);
            let users = account.users.iter().map(|user| {
                let groups: Vec<_> = user.groups.iter().copied().filter(|id| !is_hr(*id)).collect();
                format!("{} {} {groups:?} {:?}", user.id, user.tracked, user.agents)
            });
            users.chain(account.exclusions.iter().map(|rule| rule.login.to_string())).collect()
        };
        if !self.chaos.has_an_actor() && others(before) != others(&now) {
            return Err("something else has changed as well".to_owned());
        }
        Ok(())
    }
}

/// Whether the report says what can be known, after an upload or none was carried out.
fn is_said(run: &Run, carried: Option<&LoggedRequest>) -> Result<(), String> {
    let changes = run.report.as_ref().and_then(|report| report["changes"].as_array());
    let outcomes: BTreeSet<&str> =
        changes.into_iter().flatten().filter_map(|change| change["outcome"].as_str()).collect();
    let has = |words: [&str; 2]| words.iter().any(|outcome| outcomes.contains(outcome));
    match (run.exit, carried) {
        _ if has(["applied", "alreadyTrue"]) => Err(format!("nothing shows that it is so: {outcomes:?}")),
        (Some(_), Some(_)) if has(["failed", "notAttempted"]) => {
            Err(format!("it was carried out: {outcomes:?}"))
        }
        (Some(6), None) => Err("nothing was sent that could be pending".to_owned()),
        _ => Ok(()),
    }
}

/// So many minutes after the beginning.
fn time(minute: i64) -> String {
    let start: Timestamp = NOW.parse().unwrap();
    (start + SignedDuration::from_mins(minute)).to_string()
}

/// The names of the HR groups of an account.
fn names(account: &Seed) -> BTreeSet<String> {
    hr_set(account).into_keys().collect()
}
