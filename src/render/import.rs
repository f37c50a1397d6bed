//! How does an import read on a terminal?

use std::io;

use crate::import::{Read, Report};
use crate::render::count::{counted, entries};
use crate::render::layout::{Layout, Row, Tone};
use crate::render::unsaid;
use crate::render::view::View;
use crate::render::way_back::quoted;

/// The columns before what stands under a heading.
const MARGIN: usize = 2;
/// The column of words beside a sign.
const HANG: usize = 4;
/// The width of file names before counts.
const NAMES: usize = 24;

/// Writes what an import read, wrote, and could not say.
pub fn report(out: &mut dyn io::Write, report: &Report, view: &View<'_>, layout: Layout) -> io::Result<()> {
    top(out, report, layout)?;
    let written = format!("{} written to {}:", counted(report.files.len(), "file", "files"), report.folder);
    Row::new(0, MARGIN).words(0, Tone::Plain, &written).write(out, layout, 0)?;
    for file in &report.files {
        let row = Row::new(0, HANG).column(NAMES, Tone::Plain, &file.path);
        let entries = entries(file.entries).unwrap_or_else(|| "the account".to_owned());
        row.words(1, Tone::Quiet, &entries).write(out, layout, MARGIN)?;
    }
    unsaid::section(out, "NOT IN THE MANIFESTS", (&report.unsaid, view), layout)?;
    writeln!(out)?;
    let plan = format!("rollcall plan {}", quoted(&report.folder));
    let checked = format!("Planned against this reading, there is nothing to do. Look: {plan}");
    Row::new(0, MARGIN).words(0, Tone::Plain, &checked).write(out, layout, 0)?;
    writeln!(out, "\nreading {}", report.reading)
}

/// Writes what an import saved as the seed of a sandbox.
pub fn saved(out: &mut dyn io::Write, report: &Report, view: &View<'_>, layout: Layout) -> io::Result<()> {
    top(out, report, layout)?;
    let words = format!("Saved to {} as the seed of a sandbox.", report.folder);
    Row::new(0, MARGIN).words(0, Tone::Plain, &words).write(out, layout, 0)?;
    unsaid::section(out, "NOT AS IN THE ACCOUNT", (&report.unsaid, view), layout)?;
    writeln!(out)?;
    let serve = format!("Serve it: rollcall sandbox --seed {}", quoted(&report.folder));
    Row::new(0, MARGIN).words(0, Tone::Plain, &serve).write(out, layout, 0)?;
    writeln!(out, "\nreading {}", report.reading)
}

/// How much was read of what.
fn top(out: &mut dyn io::Write, report: &Report, layout: Layout) -> io::Result<()> {
    let Read { users, groups, exclusions, computers } = report.read;
    let (one, many) = if report.from.is_some() { ("agent", "agents") } else { ("user", "users") };
    let read = [
        counted(users, one, many),
        counted(groups, "group", "groups"),
        counted(exclusions, "exclusion", "exclusions"),
        counted(computers, "computer", "computers"),
    ];
    let id = report.id.map_or_else(String::new, |id| format!(" ({id})"));
    let from = report.from.as_ref().map_or_else(String::new, |file| format!(" from {file}"));
    let head = format!("{}{id}: read {}{from}.", report.account, read.join(", "));
    Row::new(0, MARGIN).words(0, Tone::Strong, &head).write(out, layout, 0)
}
