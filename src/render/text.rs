//! How does a plan read on a terminal?

use std::io;
use std::path::Path;

use crate::apply::Forecast;
use crate::model::{Change, Severity};
use crate::plan::{Fate, Plan, PlannedSnapshot};
use crate::render::count::counted;
use crate::render::escape::visible;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::outline::{Outline, Safe, Section, set_group, set_heading, tally, way_past};
use crate::render::view::View;
use crate::render::words;

/// Plans with more changes show safe facts in numbers only,
const MANY: usize = 200;
/// and so do plans with more facts: a group that is new may have a member a line.
const MANY_FACTS: usize = 2_000;

/// The columns before changes.
const MARGIN: usize = 2;

/// Writes a plan. `forecast` is what it takes to apply it, where that is known.
///
/// Every disruptive and irreversible fact is written out, however many there are; safe ones are only counted once there
/// are more than 200 changes or 2,000 facts.
pub fn plan(
    out: &mut dyn io::Write,
    plan: &Plan,
    view: &View<'_>,
    layout: Layout,
    forecast: Option<&Forecast>,
) -> io::Result<()> {
    let outline = Outline::new(plan, view);
    let facts: usize = plan.changes.iter().map(|change| change.facts.len()).sum();
    let many = plan.changes.len() > MANY || facts > MANY_FACTS;
    let safe = if many { Safe::Counted } else { Safe::Shown };
    let mut page = Page { out, layout, outline: &outline, safe };
    page.head(forecast)?;
    for section in Section::ALL {
        page.section(section)?;
    }
    page.foot()
}

/// Writes a plan that is the one of a file, which was read already: all but its changes, as the report says what became of each.
pub fn reviewed(
    out: &mut dyn io::Write,
    plan: &Plan,
    view: &View<'_>,
    layout: Layout,
    file: &Path,
) -> io::Result<()> {
    let outline = Outline::new(plan, view);
    let mut page = Page { out, layout, outline: &outline, safe: Safe::Counted };
    page.head(None)?;
    let file = file.display().to_string();
    let line = format!("The changes are those of {}: the report says what became of each.", visible(&file));
    page.row(&Row::new(0, 0).words(0, Tone::Quiet, &line), MARGIN)?;
    page.foot()
}

/// Writes only what speaks against a plan: its violations and blockers.
pub fn against(out: &mut dyn io::Write, plan: &Plan, view: &View<'_>, layout: Layout) -> io::Result<()> {
    let outline = Outline::new(plan, view);
    Page { out, layout, outline: &outline, safe: Safe::Shown }.against()
}

struct Page<'a> {
    out: &'a mut dyn io::Write,
    layout: Layout,
    outline: &'a Outline<'a>,
    safe: Safe,
}

impl Page<'_> {
    fn row(&mut self, row: &Row, margin: usize) -> io::Result<()> {
        row.write(self.out, self.layout, margin)
    }

    fn rows(&mut self, rows: &[Row]) -> io::Result<()> {
        rows.iter().try_for_each(|row| self.row(row, MARGIN))
    }

    /// What was loosened, what it comes to, what speaks against it.
    fn head(&mut self, forecast: Option<&Forecast>) -> io::Result<()> {
        let outline = self.outline;
        let plan = outline.plan;
        if let Some(gap) = &plan.base_gap {
            let text = outline.view.phrase(gap, crate::render::view::Detail::Full);
            self.row(&Row::new(0, 4).then(0, Tone::Alarm, "BASE").words(1, Tone::Plain, &text), 0)?;
        }
        for notice in &plan.loosened {
            let text = outline.view.phrase(&notice.message, crate::render::view::Detail::Full);
            let row = Row::new(0, 4).then(0, Tone::Alarm, "POLICY LOOSENED").words(1, Tone::Plain, &text);
            self.row(&row.at(outline.view.place(notice.origin)), 0)?;
        }
        let head = Row::new(0, MARGIN).then(0, Tone::Strong, &format!("{}:", plan.account));
        let headline = words::headline(plan, forecast);
        let head = match headline.strip_prefix(words::BLOCKED) {
            Some(rest) => head.then(1, Tone::Alarm, words::BLOCKED).words(1, Tone::Strong, rest.trim_start()),
            None => head.words(1, Tone::Strong, &headline),
        };
        self.row(&head, 0)?;
        self.against()
    }

    /// What speaks against it.
    fn against(&mut self) -> io::Result<()> {
        let outline = self.outline;
        let plan = outline.plan;
        for violation in &plan.violations {
            self.row(&outline.violation(violation), MARGIN)?;
        }
        for blocker in &plan.blockers {
            self.rows(&outline.blocker(blocker))?;
        }
        if plan.violations.is_empty() && plan.blockers.is_empty() {
            return Ok(());
        }
        self.row(&way_past(plan, self.outline.view), MARGIN)
    }

    fn section(&mut self, section: Section) -> io::Result<()> {
        let outline = self.outline;
        let changes: Vec<&Change> =
            outline.plan.changes.iter().filter(|change| Section::of(change) == section).collect();
        let set = outline.plan.snapshot.as_ref().filter(|_| section == Section::HrGroups);
        if changes.is_empty() && set.is_none() {
            return Ok(());
        }
        writeln!(self.out)?;
        let mut heading = Row::new(0, 4).then(0, Tone::Strong, section.heading());
        if let Some(planned) = set {
            heading = heading.then(3, Tone::Plain, &set_heading(planned)).then(
                3,
                Tone::Quiet,
                &format!("sha256 {}", planned.snapshot.sha256_hex()),
            );
        }
        self.row(&heading, 0)?;
        self.changes(&changes)?;
        set.map_or(Ok(()), |planned| self.rest_of_set(planned))
    }

    fn changes(&mut self, changes: &[&Change]) -> io::Result<()> {
        let shown = |change: &&&Change| self.safe == Safe::Shown || change.severity != Severity::Safe;
        let (shown, counted_only): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(shown);
        for change in shown {
            self.rows(&self.outline.change(change, self.safe))?;
        }
        if counted_only.is_empty() {
            return Ok(());
        }
        let safe = counted(counted_only.len(), "safe change", "safe changes");
        let line = format!("… and {safe} not shown: {}; `--json FILE` lists them", tally(&counted_only));
        self.row(&Row::new(0, 2).words(0, Tone::Quiet, &line), MARGIN)
    }

    /// The groups of the HR set that have no change in this section.
    fn rest_of_set(&mut self, planned: &PlannedSnapshot) -> io::Result<()> {
        let (mut quiet, mut rows) = (0, 0);
        for group in &planned.groups {
            match (group.fate, self.safe) {
                (Fate::Carried | Fate::Unchanged, Safe::Counted) => {
                    quiet += 1;
                    rows += group.after;
                }
                (Fate::DeletedByAbsence, _) => self.row(&set_group(group), MARGIN)?,
                _ if group.change.is_none() => self.row(&set_group(group), MARGIN)?,
                _ => {}
            }
        }
        if quiet == 0 {
            return Ok(());
        }
        let (groups, rows) = (counted(quiet, "group", "groups"), counted(rows, "row", "rows"));
        let line = format!("= {groups} as they are, {rows} sent again; `--json FILE` lists them");
        self.row(&Row::new(0, 2).words(0, Tone::Quiet, &line), MARGIN)
    }

    fn heading(&mut self, heading: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.row(&Row::new(0, 0).then(0, Tone::Strong, heading), 0)
    }

    /// What is to be done by hand, what to know besides, and the plan's digest.
    fn foot(&mut self) -> io::Result<()> {
        let plan = self.outline.plan;
        if !plan.manual.is_empty() {
            self.heading(MANUAL)?;
        }
        for manual in &plan.manual {
            self.rows(&self.outline.manual(manual))?;
        }
        if !plan.exports.is_empty() {
            self.heading("HR EXPORTS")?;
        }
        for export in &plan.exports {
            self.row(&self.outline.export(export), MARGIN)?;
        }
        if !plan.notices.is_empty() {
            self.heading("TO KNOW")?;
        }
        for notice in &plan.notices {
            self.row(&self.outline.notice(notice), MARGIN)?;
        }
        if plan.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        let digest =
            Row::new(0, 4).then(0, Tone::Quiet, "plan").then(1, Tone::Quiet, &plan.digest.to_string());
        self.row(&digest, 0)
    }
}

/// The heading of what somebody has to do by hand.
pub(crate) const MANUAL: &str = "BY HAND";
