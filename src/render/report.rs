//! How does a run read that is over? What was not done first, and one outcome for every change.

use std::collections::BTreeMap;
use std::io;

use crate::apply::{Ending, Report, Stop};
use crate::model::{Outcome, Step};
use crate::plan::Plan;
use crate::render::count::counted;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::outline::Outline;
use crate::render::text::MANUAL;
use crate::render::verdict::{Standing, Verdict, act, because, of_upload, reason, verdicts};
use crate::render::view::View;
use crate::render::{late, meaning, uploaded, words};

/// Reports of more changes count what was done.
const MANY: usize = 200;

/// Writes what became of a plan. Everything that was not done is written out, however much it is.
pub fn report(
    out: &mut dyn io::Write,
    plan: &Plan,
    report: &Report,
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    let verdicts = verdicts(plan, report);
    let mut page = Page { out, layout, plan, report, view };
    page.head(&verdicts)?;
    let not_done = |standing| standing < Standing::Pending;
    page.section("NOT DONE", &verdicts, not_done)?;
    page.section("PENDING", &verdicts, |standing| standing == Standing::Pending)?;
    page.section("DONE", &verdicts, |standing| standing > Standing::Pending)?;
    page.snapshot()?;
    page.manual()?;
    page.foot()
}

/// What a run comes to, a line each: the sum, how late the account was, why the run stopped, and what that means.
pub(crate) fn headlines(plan: &Plan, report: &Report, verdicts: &[Verdict<'_>]) -> Vec<(Tone, String)> {
    let tone = match report.ending() {
        Ending::Done => Tone::Strong,
        Ending::Pending => Tone::Changed,
        Ending::Unfinished => Tone::Alarm,
    };
    let writes = counted(report.sent, "write", "writes");
    let mut lines = vec![(tone, format!("{} {writes} sent.", summary(verdicts, plan.manual.len())))];
    lines.extend(late::words(report).map(|late| (Tone::Plain, late)));
    let Some(stop) = report.stopped else { return lines };
    let ended_by = mismatched(plan, stop);
    let outcome = ended_by.and_then(|step| report.outcome(step.id));
    let overdone = matches!(outcome, Some(Outcome::Overdone { .. }));
    lines.push((Tone::Alarm, if overdone { OVERDONE } else { stopped(stop) }.to_owned()));
    lines.extend(ended_by.map(|Step { act, .. }| {
        let means = if overdone { meaning::OVERDONE } else { meaning::of_mismatch(act) };
        (Tone::Plain, format!("It means: {means}."))
    }));
    lines
}

/// What became of a change, in words.
pub(crate) enum Became {
    /// All that there is to say.
    Said(String),
    /// How much of it is done; each step that is not has a reason of its own.
    InPart(String),
}

/// What is said of a change.
pub(crate) fn became(verdict: &Verdict<'_>, (plan, report): (&Plan, &Report), view: &View<'_>) -> Became {
    let holding = verdict.steps.iter().filter(|(_, outcome)| outcome.holds()).count();
    let in_part = format!("{holding} of {} done", counted(verdict.steps.len(), "step", "steps"));
    if let Some(cause) = verdict.cause {
        let because = because(cause.id, plan);
        let cause = because.map_or_else(|| "the HR snapshot".to_owned(), |change| words::name(change, view));
        let said = match verdict.standing {
            Standing::Pending => format!("pending, as it follows from {cause}"),
            Standing::Unknown => format!("unknown: it follows from {cause}, of which nobody knows"),
            _ => format!("not done: it follows from {cause}"),
        };
        let alone = verdict.steps.is_empty();
        return Became::Said(if alone { said } else { format!("{in_part}; the rest is {said}") });
    }
    if verdict.steps.len() > 1 && verdict.standing < Standing::Pending {
        return Became::InPart(in_part);
    }
    let decisive = verdict.decisive(report);
    Became::Said(
        decisive.map_or_else(
            || "follows from other changes".to_owned(),
            |(_, outcome)| reason(outcome, plan, view),
        ),
    )
}

struct Page<'a> {
    out: &'a mut dyn io::Write,
    layout: Layout,
    plan: &'a Plan,
    report: &'a Report,
    view: &'a View<'a>,
}

impl Page<'_> {
    fn row(&mut self, row: &Row, margin: usize) -> io::Result<()> {
        row.write(self.out, self.layout, margin)
    }

    fn head(&mut self, verdicts: &[Verdict<'_>]) -> io::Result<()> {
        let mut row = Row::new(0, 2).then(0, Tone::Strong, &format!("{}:", self.plan.account));
        for (tone, line) in headlines(self.plan, self.report, verdicts) {
            self.row(&row.words(1, tone, &line), 0)?;
            row = Row::new(0, 2);
        }
        Ok(())
    }

    fn section(
        &mut self,
        heading: &str,
        verdicts: &[Verdict<'_>],
        belongs: impl Fn(Standing) -> bool,
    ) -> io::Result<()> {
        let mut here: Vec<&Verdict<'_>> = verdicts.iter().filter(|it| belongs(it.standing)).collect();
        if here.is_empty() {
            return Ok(());
        }
        here.sort_by_key(|verdict| verdict.standing);
        writeln!(self.out)?;
        self.row(&Row::new(0, 0).then(0, Tone::Strong, heading), 0)?;
        let done = here.iter().all(|verdict| verdict.standing > Standing::Pending);
        if done && verdicts.len() > MANY {
            let line = format!("{}; `--json FILE` lists them", counted(here.len(), "change", "changes"));
            return self.row(&Row::new(0, 2).words(0, Tone::Quiet, &line), 2);
        }
        here.into_iter().try_for_each(|verdict| self.verdict(verdict))
    }

    fn verdict(&mut self, verdict: &Verdict<'_>) -> io::Result<()> {
        let (sign, tone) = sign(verdict.standing);
        let title =
            Row::new(0, 4).signed(tone, sign).then(0, Tone::Strong, &words::name(verdict.change, self.view));
        let place = self.view.place(verdict.change.origin);
        match became(verdict, (self.plan, self.report), self.view) {
            Became::Said(said) => self.row(&title.words(3, Tone::Plain, &said).at(place), 2),
            Became::InPart(said) => {
                self.row(&title.then(3, Tone::Plain, &said).at(place), 2)?;
                self.steps(verdict)
            }
        }
    }

    /// The steps of a change that were tried and not done, each; the others by reason.
    fn steps(&mut self, verdict: &Verdict<'_>) -> io::Result<()> {
        let mut untried: BTreeMap<String, usize> = BTreeMap::new();
        for (step, outcome) in verdict.steps.iter().filter(|(_, outcome)| !outcome.holds()) {
            let why = reason(outcome, self.plan, self.view);
            match outcome {
                Outcome::Skipped(_) | Outcome::NotAttempted => *untried.entry(why).or_default() += 1,
                Outcome::Applied
                | Outcome::AlreadyTrue
                | Outcome::Pending
                | Outcome::Unseen
                | Outcome::Failed(_)
                | Outcome::Unknown(_)
                | Outcome::Mismatched { .. }
                | Outcome::Overdone { .. } => {
                    let act = act(step, verdict, self.plan, self.view);
                    self.row(&Row::new(4, 6).then(0, Tone::Plain, &act).words(3, Tone::Plain, &why), 2)?;
                }
            }
        }
        untried.into_iter().try_for_each(|(why, count)| {
            let steps = counted(count, "step", "steps");
            self.row(&Row::new(4, 6).then(0, Tone::Plain, &steps).words(1, Tone::Plain, &why), 2)
        })
    }

    /// Whether the account shows the snapshot.
    fn snapshot(&mut self) -> io::Result<()> {
        let (Some(planned), Some(outcome)) = (&self.plan.snapshot, of_upload(self.plan, self.report)) else {
            return Ok(());
        };
        let state = match outcome {
            Outcome::Applied => "verified: the account shows the whole set".to_owned(),
            Outcome::AlreadyTrue => "not sent: the account shows the whole set already".to_owned(),
            Outcome::Pending if self.plan.is_blind() => {
                "applied, not proved: accepted, and nothing shows what the account makes of it".to_owned()
            }
            Outcome::Pending => "pending: accepted, and the account does not show the set yet".to_owned(),
            Outcome::Unseen => {
                "pending: an earlier run sent it, and the account does not show the set yet".to_owned()
            }
            Outcome::Failed(_)
            | Outcome::Skipped(_)
            | Outcome::NotAttempted
            | Outcome::Unknown(_)
            | Outcome::Mismatched { .. }
            | Outcome::Overdone { .. } => reason(outcome, self.plan, self.view),
        };
        writeln!(self.out)?;
        let row = Row::new(0, 4).then(0, Tone::Strong, "HR SNAPSHOT").words(3, Tone::Plain, &state);
        let sha256 = format!("sha256 {}", planned.snapshot.sha256_hex());
        self.row(&row.then(3, Tone::Quiet, &sha256), 0)?;
        uploaded::rows(self.report, self.view).iter().try_for_each(|row| self.row(row, 2))
    }

    /// What no run does.
    fn manual(&mut self) -> io::Result<()> {
        let (plan, view) = (self.plan, self.view);
        if plan.manual.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        self.row(&Row::new(0, 0).then(0, Tone::Strong, MANUAL), 0)?;
        let outline = Outline::new(plan, view);
        let rows = plan.manual.iter().flat_map(|manual| outline.manual(manual));
        rows.into_iter().try_for_each(|row| self.row(&row, 2))
    }

    fn foot(&mut self) -> io::Result<()> {
        let way_on = match self.report.ending() {
            Ending::Done => return Ok(()),
            Ending::Pending if of_upload(self.plan, self.report) == Some(&Outcome::Unseen) => &format!(
                "The snapshot was not sent again. Once the account shows it, applying again does what waited for it. \
                     Once it is sure that the account dropped it, delete {}: applying again then sends it.",
                self.report.upload_note
            ),
            Ending::Pending if let Some(awaited) = &self.report.awaited => awaited,
            Ending::Pending if self.plan.is_blind() => {
                "Make a newer download of the groups and plan with it: that settles what became of the snapshot. It is not \
                 sent again before."
            }
            Ending::Pending => {
                "Nothing more to do now. Once the account shows it, applying again does what waited for it."
            }
            Ending::Unfinished => "Applying again carries on: what is done is not done twice.",
        };
        writeln!(self.out)?;
        self.row(&Row::new(0, 0).words(0, Tone::Plain, way_on), 0)
    }
}

/// Changes by how they stand, the done ones first: `4 of 5 changes done (4 applied, 1 failed).`
fn summary(verdicts: &[Verdict<'_>], by_hand: usize) -> String {
    match (verdicts.is_empty(), by_hand) {
        (true, 0) => return "nothing to do.".to_owned(),
        (true, steps) => return format!("no changes; {} by hand.", counted(steps, "step", "steps")),
        (false, _) => {}
    }
    let count = |standing| verdicts.iter().filter(|verdict| verdict.standing == standing).count();
    let by_standing: Vec<String> = Standing::ALL
        .into_iter()
        .rev()
        .map(|standing| (count(standing), standing.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let done = verdicts.iter().filter(|verdict| verdict.standing > Standing::Pending).count();
    let of = counted(verdicts.len(), "change", "changes");
    if count(Standing::Applied) == verdicts.len() {
        return format!("{done} of {of} done.");
    }
    format!("{done} of {of} done ({}).", by_standing.join(", "))
}

const fn sign(standing: Standing) -> (&'static str, Tone) {
    match standing {
        Standing::Mismatched | Standing::Failed => ("✗", Tone::Alarm),
        Standing::Unknown => ("?", Tone::Alarm),
        Standing::Skipped | Standing::NotAttempted => ("·", Tone::Removed),
        Standing::Pending => ("…", Tone::Changed),
        Standing::Applied | Standing::Follows => ("✓", Tone::Added),
        Standing::AlreadyTrue => ("=", Tone::Quiet),
    }
}

/// The step that ended the run, as the account did something else.
fn mismatched(plan: &Plan, stop: Stop) -> Option<&Step> {
    match stop {
        Stop::Mismatched(id) => plan.steps().find(|step| step.id == id),
        Stop::Interrupted | Stop::Terminated | Stop::Unnoted => None,
    }
}

/// Why a run ended where a write did more than it was asked.
const OVERDONE: &str =
    "STOPPED: a write was accepted, and more was done than was asked. Nothing was started after it.";

const fn stopped(stop: Stop) -> &'static str {
    match stop {
        Stop::Interrupted => "STOPPED by SIGINT: nothing was started after it.",
        Stop::Terminated => "STOPPED by SIGTERM: nothing was started after it.",
        Stop::Mismatched(_) => {
            "STOPPED: a write was accepted and does not read back as asked. Nothing was started after it."
        }
        Stop::Unnoted => {
            "STOPPED: what is sent could no longer be noted in the ledger. Nothing was started after it."
        }
    }
}
