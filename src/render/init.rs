//! How does the start of a repository read on a terminal?

use std::io;

use crate::init::{Handed, Kept, Report, Stored};
use crate::render::count::counted;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::view::{Detail, View};
use crate::render::way_back::quoted;

/// The columns before what stands under a heading.
const MARGIN: usize = 2;
/// The column of words beside a sign.
const HANG: usize = 4;
/// The width of file names before what they are for.
const NAMES: usize = 24;
/// Writes which files were written, which were there, and what to do next.
pub fn report(out: &mut dyn io::Write, report: &Report, view: &View<'_>, layout: Layout) -> io::Result<()> {
    let id = report.id.map_or_else(String::new, |id| format!(" ({id})"));
    let written = match report.written.len() {
        0 => format!("nothing written to {}: every file is there.", report.folder),
        files => format!("{} written to {}:", counted(files, "file", "files"), report.folder),
    };
    let head = format!("{}{id}: {written}", report.account);
    Row::new(0, MARGIN).words(0, Tone::Strong, &head).write(out, layout, 0)?;
    for file in &report.written {
        let row = Row::new(0, HANG).column(NAMES, Tone::Plain, &file.path);
        row.words(1, Tone::Quiet, file.purpose).write(out, layout, MARGIN)?;
    }
    let kept: Vec<String> = report.kept.iter().map(was_there).collect();
    listed(out, ("LEFT AS THEY ARE", &kept), layout)?;
    let unnumbered: Vec<String> =
        report.unnumbered.iter().map(|why| view.phrase(why, Detail::Full)).collect();
    listed(out, ("NOT IN THE MANIFESTS", &unnumbered), layout)?;
    let no_workflows: Vec<String> =
        report.no_workflows.iter().map(|why| view.phrase(why, Detail::Full)).collect();
    listed(out, ("NOT WRITTEN", &no_workflows), layout)?;
    writeln!(out)?;
    let next = match &report.served {
        Some(seed) => format!("Rehearse: rollcall sandbox --seed {}", quoted(seed)),
        None => format!("Look: rollcall plan {}", quoted(&report.folder)),
    };
    Row::new(0, MARGIN).words(0, Tone::Plain, &next).write(out, layout, 0)?;
    if report.no_workflows.is_some() {
        return Ok(());
    }
    Row::new(0, MARGIN).words(0, Tone::Plain, &settings(&report.handed)).write(out, layout, 0)
}

/// What the settings of the repository are to have, for its workflows.
fn settings(handed: &[Handed]) -> String {
    let named = |stored, (one, more): (&str, &str)| {
        let names: Vec<&str> = handed.iter().filter(|it| it.stored == stored).map(|it| it.name).collect();
        match &*names {
            [] => None,
            [name] => Some(format!("the {one} {name}")),
            [names @ .., last] => Some(format!("the {more} {} and {last}", names.join(", "))),
        }
    };
    let named =
        [named(Stored::Variable, ("variable", "variables")), named(Stored::Secret, ("secret", "secrets"))];
    let named: Vec<String> = named.into_iter().flatten().collect();
    format!("On GitHub: give the repository {} (Settings, Secrets and variables, Actions)", named.join(", "))
}

/// A file that was there, and what it should have.
fn was_there(file: &Kept) -> String {
    let Kept { path, lacks } = file;
    if lacks.is_empty() { path.to_string() } else { format!("{path}: add the lines {}", lacks.join(", ")) }
}

/// Sentences under a heading; nothing without any.
fn listed(
    out: &mut dyn io::Write,
    (heading, sentences): (&str, &[String]),
    layout: Layout,
) -> io::Result<()> {
    if sentences.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    Row::new(0, 0).then(0, Tone::Strong, heading).write(out, layout, 0)?;
    for sentence in sentences {
        let row = Row::new(0, 2).then(0, Tone::Quiet, "·");
        row.words(1, Tone::Plain, sentence).write(out, layout, MARGIN)?;
    }
    Ok(())
}
