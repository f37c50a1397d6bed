//! How does a rehearsal read? What it comes to first, then each run, what is different afterwards, and what it can't tell.

use std::io;

use crate::apply::{Asked, Came, Consent, Known, Outcome, Rehearsal, Rehearsed, Stop, Under};
use crate::model::{Change, Family, GroupSource, Object};
use crate::plan::Plan;
use crate::render::count::counted;
use crate::render::effort::api;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::outline::{Outline, Safe};
use crate::render::view::{Detail, View};
use crate::render::{report, text, words};

/// The columns before what stands under a heading.
const MARGIN: usize = 2;

/// Writes what came of a rehearsal.
pub fn rehearsal(
    out: &mut dyn io::Write,
    rehearsal: &Rehearsal,
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    let mut page = Page { out, layout, rehearsal, view };
    page.head()?;
    page.against()?;
    let several = rehearsal.runs.len() > 1;
    for (at, run) in rehearsal.runs.iter().enumerate() {
        page.run(several.then_some(at + 1), run)?;
    }
    page.afterwards()?;
    page.next()?;
    page.requests()?;
    page.unknown()?;
    page.foot()
}

struct Page<'a> {
    out: &'a mut dyn io::Write,
    layout: Layout,
    rehearsal: &'a Rehearsal,
    view: &'a View<'a>,
}

impl Page<'_> {
    fn row(&mut self, row: &Row, margin: usize) -> io::Result<()> {
        row.write(self.out, self.layout, margin)
    }

    fn heading(&mut self, heading: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.row(&Row::new(0, 4).then(0, Tone::Strong, heading), 0)
    }

    fn line(&mut self, words: &str) -> io::Result<()> {
        self.row(&Row::new(0, 2).words(0, Tone::Plain, words), MARGIN)
    }

    /// What it comes to.
    fn head(&mut self) -> io::Result<()> {
        let Rehearsal { plan, faults, runs, .. } = self.rehearsal;
        let (tone, verdict) = verdict(self.rehearsal);
        let head = Row::new(0, 2).then(0, Tone::Strong, &format!("{}:", plan.account));
        self.row(&head.words(1, tone, &verdict), 0)?;
        if !runs.is_empty() {
            let words = "Nothing was sent to the account but reads: a sandbox was made of what they show, and the plan was carried out there.";
            self.row(&Row::new(0, 2).words(0, Tone::Plain, words), 0)?;
        }
        match faults {
            Some(faults) => self
                .row(&Row::new(0, 2).words(0, Tone::Changed, &format!("Under faults: {}.", faults.words)), 0),
            None => Ok(()),
        }
    }

    /// What keeps an apply from carrying the plan out.
    fn against(&mut self) -> io::Result<()> {
        let plan = &self.rehearsal.plan;
        if !plan.blockers.is_empty() {
            self.heading("NOT REHEARSED")?;
            return text::against(self.out, plan, self.view, self.layout);
        }
        if self.rehearsal.consent == Consent::Given {
            return Ok(());
        }
        self.heading("AN APPLY REFUSES THIS PLAN UNTIL IT IS APPROVED")?;
        text::against(self.out, plan, self.view, self.layout)
    }

    /// What became of a run.
    fn run(&mut self, number: Option<usize>, run: &Rehearsed) -> io::Result<()> {
        let number = number.map_or_else(String::new, |number| format!(" {number}"));
        let under = match (run.under, &self.rehearsal.faults) {
            (Under::Faults, _) => "under faults",
            (Under::Calm, Some(_)) => "without faults",
            (Under::Calm, None) => "",
        };
        writeln!(self.out)?;
        let heading = Row::new(0, 4).then(0, Tone::Strong, &format!("RUN{number}"));
        self.row(&heading.then(3, Tone::Plain, under), 0)?;
        if let Some(before) = run.before {
            self.line(before)?;
        }
        match &run.came {
            Came::Reported(it) => report::report(self.out, &it.0, &it.1, self.view, self.layout),
            Came::Nothing(None) => self.line("There was nothing left to do."),
            Came::Nothing(Some(awaited)) => {
                self.line(&format!("There was nothing left to do but to wait: {awaited}"))
            }
            Came::Blocked(plan) => {
                self.line("Nothing was written: the plan is blocked.")?;
                text::against(self.out, plan, self.view, self.layout)
            }
            Came::Unread(why) => {
                let why = self.view.redaction().words_of_the_account(why).into_owned();
                self.line(&format!("Nothing was written, as no plan could be made: {why}"))
            }
        }
    }

    /// What is different about the account, in the words of a plan.
    fn afterwards(&mut self) -> io::Result<()> {
        let Rehearsal { plan, changes, runs, .. } = self.rehearsal;
        if runs.is_empty() {
            return Ok(());
        }
        if changes.is_empty() {
            self.heading("AFTERWARDS")?;
            return self.line("The account is as it was.");
        }
        let outline = Outline::apart(plan, self.view);
        for heading in KINDS {
            let here: Vec<&Change> =
                changes.iter().filter(|change| kind(&change.object) == heading).collect();
            if here.is_empty() {
                continue;
            }
            self.heading(&format!("AFTERWARDS: {heading}"))?;
            for row in here.into_iter().flat_map(|change| outline.change(change, Safe::Shown)) {
                self.row(&row, MARGIN)?;
            }
        }
        Ok(())
    }

    /// What a run after them would find to do.
    fn next(&mut self) -> io::Result<()> {
        let Some(next) = &self.rehearsal.next else { return Ok(()) };
        self.heading("NEXT PLAN")?;
        if is_empty(next) {
            return self.line("No changes.");
        }
        let line = words::headline(next, None);
        self.row(&Row::new(0, 2).words(0, Tone::Alarm, &line), MARGIN)?;
        let outline = Outline::new(next, self.view);
        for row in next.changes.iter().flat_map(|change| outline.change(change, Safe::Shown)) {
            self.row(&row, MARGIN)?;
        }
        text::against(self.out, next, self.view, self.layout)
    }

    /// What an apply asks for.
    fn requests(&mut self) -> io::Result<()> {
        let Rehearsal { runs, rate, faults, plan, .. } = self.rehearsal;
        let Some(first) = runs.first() else { return Ok(()) };
        self.heading("REQUESTS")?;
        if faults.is_some() {
            let count = |run: &Rehearsed| run.planning.and(&run.applying).total().to_string();
            let each: Vec<String> = runs.iter().map(count).collect();
            return self.line(&format!(
                "{} in the runs; what an apply takes, a rehearsal without faults tells.",
                each.join(", ")
            ));
        }
        let all = first.planning.and(&first.applying);
        let plan_reads = counted(first.planning.reads, "read", "reads");
        self.line(&format!(
            "{}: {plan_reads} for the plan, {}, {} before and after them.",
            counted(all.total(), "request", "requests"),
            writes(&first.applying),
            counted(first.applying.reads, "read", "reads"),
        ))?;
        let known = match rate.known {
            Known::Seen => "the rate that is known of the account",
            Known::Supposed => "a guess, as the account has not said what it takes and no limit is published",
        };
        let time = match rate.time(all.total()).as_secs() {
            0..60 => "less than a minute".to_owned(),
            seconds => {
                counted(usize::try_from(seconds.div_ceil(60)).unwrap_or(usize::MAX), "minute", "minutes")
            }
        };
        self.line(&format!("An apply takes {time} at {} a minute: {known}.", rate.per_minute))?;
        if plan.snapshot.is_some() {
            self.line("Beside that it watches the HR groups before and after the upload (`apply --settle`), and waits until the account shows it.")?;
        }
        Ok(())
    }

    fn unknown(&mut self) -> io::Result<()> {
        let Rehearsal { unknown, runs, .. } = self.rehearsal;
        if runs.is_empty() {
            return Ok(());
        }
        self.heading("WHAT THE SANDBOX DOES NOT KNOW")?;
        for what in unknown {
            let row = Row::new(0, 2).then(0, Tone::Quiet, "·");
            let sentence = self.view.phrase(what, Detail::Full);
            self.row(&row.words(1, Tone::Plain, &sentence), MARGIN)?;
        }
        Ok(())
    }

    fn foot(&mut self) -> io::Result<()> {
        let plan = &self.rehearsal.plan;
        if plan.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        let digest =
            Row::new(0, 4).then(0, Tone::Quiet, "plan").then(1, Tone::Quiet, &plan.digest.to_string());
        self.row(&digest, 0)
    }
}

/// The objects of an account, as they are headed, in this order.
const KINDS: [&str; 4] = ["USERS", "GROUPS", "HR GROUPS", "EXCLUSIONS"];

/// Under which heading an object stands.
const fn kind(object: &Object) -> &'static str {
    match object {
        Object::User(_) => KINDS[0],
        Object::Group { source: GroupSource::Hr, .. } => KINDS[2],
        Object::Group { .. } => KINDS[1],
        Object::Exclusion { .. } => KINDS[3],
    }
}

fn is_empty(plan: &Plan) -> bool {
    plan.is_empty() && plan.blockers.is_empty()
}

/// How it ended, in a sentence.
fn verdict(rehearsal: &Rehearsal) -> (Tone, String) {
    let runs = counted(rehearsal.runs.len(), "run", "runs");
    match rehearsal.outcome() {
        Outcome::Nothing => (Tone::Strong, "nothing to rehearse: no changes.".to_owned()),
        Outcome::Blocked => {
            let by = words::blocked_by(&rehearsal.plan).unwrap_or_default();
            (Tone::Alarm, format!("not rehearsed: the plan is blocked by {by}."))
        }
        Outcome::Settled if rehearsal.faults.is_some() => {
            (Tone::Strong, format!("rehearsed: all is done after {runs}, and the next plan is empty."))
        }
        Outcome::Settled => (Tone::Strong, "rehearsed: all is done, and the next plan is empty.".to_owned()),
        Outcome::Pending => {
            (Tone::Changed, format!("rehearsed: after {runs} the sandbox has yet to show an HR snapshot."))
        }
        Outcome::Unfinished => (Tone::Alarm, format!("rehearsed: NOT ALL IS DONE after {runs}.")),
        Outcome::Stopped(stop) => {
            let by = if stop == Stop::Terminated { "SIGTERM" } else { "SIGINT" };
            (Tone::Alarm, format!("the rehearsal was STOPPED by {by}."))
        }
    }
}

/// `14 writes (10 Identity, 3 Admin, 1 HRDC)`
fn writes(asked: &Asked) -> String {
    let writes = counted(asked.written(), "write", "writes");
    let each: Vec<String> = asked
        .writes
        .iter()
        .map(|(family, count): (&Family, &usize)| format!("{count} {}", api(*family)))
        .collect();
    if each.is_empty() { writes } else { format!("{writes} ({})", each.join(", ")) }
}
