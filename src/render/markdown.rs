//! How does a plan read on a pull request? Complete in what can't be undone, folded in what is safe, within GitHub's limits.

use std::io::{self, Write as _};

use crate::apply::Forecast;
use crate::model::{Change, Severity};
use crate::plan::{Fate, Plan};
use crate::render::count::counted;
use crate::render::escape::{code_span, fence, tame};
use crate::render::layout::Row;
use crate::render::marker::Marker;
use crate::render::outline::{Outline, Safe, Section, set_group, set_heading, tally};
use crate::render::view::{Detail, View};
use crate::render::words;

/// A comment may hold 65,536 characters (GitHub REST API, "Create an issue comment"), and whoever counts bytes is never over that.
pub(crate) const COMMENT: usize = 60_000;
/// An issue may hold as much; some of that is for its marker and for what stands above the plan.
const ISSUE: usize = 45_000;
/// A summary of a step may hold 1,024 KiB (GitHub Docs, "Workflow commands", "Adding a job summary").
pub(crate) const SUMMARY: usize = 900 << 10;
/// The columns of a block of code in a comment.
const WIDTH: usize = 100;
/// What headings, fences, the approval and sentences about what is left out may take of it.
const FRAME: usize = 3_000;

/// Where a plan is shown, and what is known there besides.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// That the account is not what anybody would think.
    pub banner: Option<&'a str>,
    /// What the plan takes.
    pub forecast: Option<&'a Forecast>,
    /// What kind of page.
    pub kind: PageKind<'a>,
    /// Where all of the plan is, for what does not fit.
    pub full: &'a str,
    /// What approves the violations of the plan, in place of a command line.
    pub approval: Option<&'a str>,
}

/// A kind of page.
#[derive(Debug, Clone, Copy)]
pub enum PageKind<'a> {
    /// A comment, which is known again by its marker.
    Comment(&'a Marker),
    /// The summary of a step.
    Summary,
    /// A part of an issue, below what the plan is made for.
    Issue,
}

impl PageKind<'_> {
    /// How many bytes it may have.
    pub const fn room(&self) -> usize {
        match self {
            Self::Comment(_) => COMMENT,
            Self::Summary => SUMMARY,
            Self::Issue => ISSUE,
        }
    }
}

/// Writes a plan for a pull request: at most 60,000 bytes of a comment, 900 KiB of a summary.
///
/// First stands the marker, by which the comment is found again. What comes from manifests or an account stands in code, where it
/// can be neither markup nor HTML, a link or a mention.
///
/// What does not fit is left out from the safe end and said in numbers; irreversible changes go last.
pub fn plan(out: &mut dyn io::Write, plan: &Plan, view: &View<'_>, page: &Page<'_>) -> io::Result<()> {
    let outline = Outline::of_diff(plan, view);
    let head = head(plan, view, page)?;
    // An issue is there because of what differs, safe or not.
    let safe = if matches!(page.kind, PageKind::Issue) { Fold::Open } else { Fold::Closed };
    let mut blocks = blocks(&outline, safe);
    fit(&mut blocks, page.kind.room().saturating_sub(FRAME + head.len()));
    out.write_all(&head)?;
    for block in &blocks {
        block.write(out, page.full)?;
    }
    if !matches!(page.kind, PageKind::Issue) {
        way_past(out, plan, view, page)?;
    }
    if !plan.is_empty() {
        writeln!(out, "<sub>plan <code>{}</code></sub>", plan.digest)?;
    }
    Ok(())
}

/// What a plan comes to, for a page that it shares with those of other accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gist {
    /// In a line.
    pub headline: String,
    /// What stands against it, what can't be undone, and what hurts.
    pub urgent: String,
    /// What else it has.
    pub rest: String,
}

/// So many bytes of a plan are in its gist.
const GIST: usize = 20_000;

/// The gist of a plan, as lines of a block of `diff`. What does not fit is left out from the safe end and said in numbers.
pub fn gist(plan: &Plan, view: &View<'_>, forecast: Option<&Forecast>) -> Gist {
    let outline = Outline::of_diff(plan, view);
    let mut blocks = blocks(&outline, Fold::Closed);
    fit(&mut blocks, GIST);
    let mut gist = Gist { headline: words::headline(plan, forecast), ..Gist::default() };
    let notices = plan.loosened.iter().map(|it| view.phrase(&it.message, Detail::Full));
    let base = plan.base_gap.iter().map(|gap| format!("Base branch: {}\n", view.phrase(gap, Detail::Full)));
    gist.urgent.extend(base.chain(notices.map(|it| format!("Policy loosened: {it}\n"))));
    for block in &blocks {
        let text = if block.rank <= URGENT { &mut gist.urgent } else { &mut gist.rest };
        // As a diff names a part of a file.
        text.extend(["@@ ", block.heading.as_str(), " @@\n"]);
        text.extend(block.entries.iter().take(block.kept).map(|entry| entry.full.as_str()));
        let left = block.entries.len() - block.kept;
        if left > 0 {
            text.extend(["@@ ", &counted(left, block.noun.0, block.noun.1), " left out here @@\n"]);
        }
    }
    gist
}

/// The marker, what is wrong with the base, and what the plan comes to.
fn head(plan: &Plan, view: &View<'_>, page: &Page<'_>) -> io::Result<Vec<u8>> {
    let mut head: Vec<u8> = Vec::new();
    if let PageKind::Comment(marker) = page.kind {
        writeln!(head, "{}", marker.line())?;
    }
    if let Some(banner) = page.banner {
        writeln!(head, "> {}\n", code_span(banner))?;
    }
    if let Some(gap) = &plan.base_gap {
        writeln!(head, "> **Base branch:** {}\n", code_span(&view.phrase(gap, Detail::Full)))?;
    }
    for notice in &plan.loosened {
        writeln!(
            head,
            "> **Policy loosened:** {}\n",
            code_span(&view.phrase(&notice.message, Detail::Full))
        )?;
    }
    match page.kind {
        PageKind::Comment(_) | PageKind::Summary => {
            writeln!(head, "### Rollcall: {}\n", code_span(&plan.account))?;
        }
        PageKind::Issue => writeln!(head, "#### What an apply would change\n")?,
    }
    writeln!(head, "**{}**\n", words::headline(plan, page.forecast))?;
    Ok(head)
}

/// How a block stands in the comment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fold {
    Open,
    Closed,
}

/// Blocks up to this rank have to be read: what a comment about one account does not fold, but for what is only to know.
const URGENT: u8 = 2;

/// A part of a change list: what it says in full, and the least it can say.
struct Entry {
    full: String,
    short: String,
}

/// Entries under one heading.
struct Block {
    heading: String,
    fold: Fold,
    /// Blocks are filled in this order.
    rank: u8,
    entries: Vec<Entry>,
    /// How many entries are written.
    kept: usize,
    noun: (&'static str, &'static str),
}

fn blocks(outline: &Outline<'_>, folding: Fold) -> Vec<Block> {
    let plan = outline.plan;
    let against = plan.violations.iter().map(|it| entry(&[outline.violation(it)]));
    let against = against.chain(plan.blockers.iter().map(|it| entry(&outline.blocker(it)))).collect();
    let mut blocks = vec![Block::open("Stands against it", 1, against, ("point", "points"))];
    let changes = |wanted: &dyn Fn(&Change) -> bool| -> Vec<&Change> {
        plan.changes.iter().filter(|change| wanted(change)).collect()
    };
    let irreversible = changes(&|change| change.severity == Severity::Irreversible);
    blocks.push(Block::changes(outline, "Irreversible", (0, Fold::Open), &irreversible));
    for section in Section::ALL {
        let heading = section_name(section);
        let of = |severity| changes(&|it| it.severity == severity && Section::of(it) == section);
        blocks.push(Block::changes(outline, heading, (2, Fold::Open), &of(Severity::Disruptive)));
        let safe = of(Severity::Safe);
        let folded =
            format!("{heading}: {} ({})", counted(safe.len(), "safe change", "safe changes"), tally(&safe));
        blocks.push(Block::changes(outline, &folded, (3, folding), &safe));
    }
    blocks.push(set(outline));
    let manual = plan.manual.iter().map(|it| entry(&outline.manual(it))).collect();
    blocks.push(Block::open("By hand", 2, manual, ("step", "steps")));
    let exports = plan.exports.iter().map(|it| entry(&[outline.export(it)])).collect();
    blocks.push(Block::open("HR exports", 4, exports, ("export", "exports")));
    let notices = plan.notices.iter().map(|it| entry(&[outline.notice(it)])).collect();
    blocks.push(Block::open("To know", 4, notices, ("point", "points")));
    blocks.retain(|block| !block.entries.is_empty());
    blocks
}

const fn section_name(section: Section) -> &'static str {
    match section {
        Section::Irreversible => "Irreversible",
        Section::Users => "Users",
        Section::Groups => "Groups",
        Section::Exclusions => "Exclusions",
        Section::HrGroups => "HR groups",
    }
}

/// The whole HR set: what is sent.
fn set(outline: &Outline<'_>) -> Block {
    let Some(planned) = &outline.plan.snapshot else {
        return Block::open("", 4, Vec::new(), ("group", "groups"));
    };
    let still = planned.groups.iter().filter(|group| matches!(group.fate, Fate::Carried | Fate::Unchanged));
    let heading = format!(
        "HR snapshot: {}; {} sent again; sha256 {}",
        set_heading(planned),
        counted(still.count(), "group as it is", "groups as they are"),
        planned.snapshot.sha256_hex()
    );
    let entries = planned.groups.iter().map(|group| entry(&[set_group(group)])).collect();
    Block { heading, fold: Fold::Closed, rank: 4, entries, kept: 0, noun: ("group", "groups") }
}

fn entry(rows: &[Row]) -> Entry {
    Entry { full: lines(rows), short: lines(rows.get(..1).unwrap_or_default()) }
}

/// Rows as they stand in a code block: there no name can be markup, HTML, a link or a mention.
fn lines(rows: &[Row]) -> String {
    let mut out = Vec::new();
    // Writing to a Vec cannot fail, and rows are text.
    let _ = rows.iter().try_for_each(|row| row.write_diff(&mut out, WIDTH));
    tame(&String::from_utf8_lossy(&out)).into_owned()
}

impl Block {
    fn open(heading: &str, rank: u8, entries: Vec<Entry>, noun: (&'static str, &'static str)) -> Self {
        Self { heading: heading.to_owned(), fold: Fold::Open, rank, entries, kept: 0, noun }
    }

    fn changes(outline: &Outline<'_>, heading: &str, (rank, fold): (u8, Fold), changes: &[&Change]) -> Self {
        let entry = |change: &&Change| {
            let full = lines(&outline.change(change, Safe::Shown));
            let facts = counted(change.facts.len(), "fact", "facts");
            let short = format!("{}    ({facts} left out here)\n", lines(&[outline.title(change)]));
            Entry { full, short }
        };
        let entries = changes.iter().map(entry).collect();
        Self { heading: heading.to_owned(), fold, rank, entries, kept: 0, noun: ("change", "changes") }
    }

    /// Takes entries in order while they fit, shortened where only that fits; gives back the room that is left.
    fn fill(&mut self, mut room: usize) -> usize {
        for entry in &mut self.entries {
            if entry.full.len() > room {
                std::mem::swap(&mut entry.full, &mut entry.short);
            }
            let size = entry.full.len();
            if size > room {
                return 0;
            }
            room -= size;
            self.kept += 1;
        }
        room
    }

    fn write(&self, out: &mut dyn io::Write, full: &str) -> io::Result<()> {
        let text: String = self.entries.iter().take(self.kept).map(|entry| entry.full.as_str()).collect();
        let fence = fence(&text);
        match self.fold {
            Fold::Open => writeln!(out, "#### {}\n", self.heading)?,
            Fold::Closed => writeln!(out, "<details><summary>{}</summary>\n", self.heading)?,
        }
        if self.kept > 0 {
            writeln!(out, "{fence}diff\n{text}{fence}\n")?;
        }
        let left = self.entries.len() - self.kept;
        if left > 0 {
            let (one, many) = self.noun;
            let (noun, do_not) = if left == 1 { (one, "does not") } else { (many, "do not") };
            writeln!(out, "**{left} more {noun} {do_not} fit here.** The full plan is in {full}.\n")?;
        }
        match self.fold {
            Fold::Open => Ok(()),
            Fold::Closed => writeln!(out, "</details>\n"),
        }
    }
}

/// Gives the room to the blocks by rank.
fn fit(blocks: &mut [Block], mut room: usize) {
    let mut order: Vec<&mut Block> = blocks.iter_mut().collect();
    order.sort_by_key(|block| block.rank);
    for block in order {
        room = block.fill(room);
    }
}

fn way_past(out: &mut dyn io::Write, plan: &Plan, view: &View<'_>, page: &Page<'_>) -> io::Result<()> {
    if !plan.blockers.is_empty() {
        writeln!(out, "Nothing approves a blocker: settle it, and the plan is made again.\n")
    } else if !plan.violations.is_empty() {
        let command = page.approval.map_or_else(|| view.approval(&plan.digest), str::to_owned);
        let fence = fence(&command);
        let how =
            if page.approval.is_some() { ", in a comment here of somebody else who may write" } else { "" };
        writeln!(out, "To approve this plan and no other{how}:\n\n{fence}\n{command}\n{fence}\n")
    } else {
        Ok(())
    }
}
