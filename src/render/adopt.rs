//! How does it read on a terminal what manifests adopt of an account?

use std::io;

use similar::{ChangeTag, TextDiff};

use crate::import::{Adoption, Difference, Revised};
use crate::render::count::{counted, entries};
use crate::render::escape::visible;
use crate::render::layout::{Layout, Row, Tone, styled};
use crate::render::unsaid;
use crate::render::view::{Detail, Redaction, View};
use crate::render::way_back::quoted;

/// The columns before what stands under a heading.
const MARGIN: usize = 2;
/// The column of words beside a sign.
const HANG: usize = 4;
/// So many lines stand around a change in a diff.
const AROUND: usize = 3;

/// What was adopted, and whether it is on the disk.
#[derive(Debug, Clone, Copy)]
pub struct Summary<'a> {
    /// What it is.
    pub adoption: &'a Adoption,
    /// The folder of manifests.
    pub folder: &'a str,
    /// Whether the manifests were written.
    pub is_written: bool,
}

/// Writes a diff of the manifests, and what they adopt and leave.
pub fn report(
    out: &mut dyn io::Write,
    summary: &Summary<'_>,
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    let adoption = summary.adoption;
    Row::new(0, MARGIN).words(0, Tone::Strong, &head(adoption)).write(out, layout, 0)?;
    for file in &adoption.files {
        writeln!(out)?;
        match view.redaction() {
            Redaction::Off => diff(out, file, layout)?,
            Redaction::Addresses | Redaction::On => {
                let withheld = format!("{}: the lines are withheld (--redact)", file.path);
                Row::new(0, MARGIN).words(0, Tone::Plain, &withheld).write(out, layout, 0)?;
            }
        }
    }
    sections(out, adoption, view, layout)?;
    last(out, summary, layout)
}

/// Writes what manifests adopt and leave, a line each.
pub fn sections(
    out: &mut dyn io::Write,
    adoption: &Adoption,
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    differences(out, "ADOPTED", (&adoption.adopted, view), layout)?;
    differences(out, "NOT ADOPTED", (&adoption.left, view), layout)?;
    unsaid::section(out, "NOT IN THE MANIFESTS", (&adoption.unsaid, view), layout)
}

/// How much it is.
fn head(adoption: &Adoption) -> String {
    let Adoption { account, files, adopted, left, added, .. } = adoption;
    let more = entries(*added).map_or_else(String::new, |entries| format!(", {entries} added"));
    let not = if left.is_empty() { String::new() } else { format!(", {} not", left.len()) };
    match files.len() {
        0 if left.is_empty() => {
            format!("{account}: nothing to adopt. The manifests say what the account has.")
        }
        _ => {
            let adopted = counted(adopted.len(), "difference", "differences");
            let files = counted(files.len(), "manifest", "manifests");
            format!("{account}: {adopted} adopted{more}{not}. {files} to edit.")
        }
    }
}

fn heading(out: &mut dyn io::Write, heading: &str, layout: Layout) -> io::Result<()> {
    writeln!(out)?;
    Row::new(0, 0).then(0, Tone::Strong, heading).write(out, layout, 0)
}

fn differences(
    out: &mut dyn io::Write,
    title: &str,
    (all, view): (&[Difference], &View<'_>),
    layout: Layout,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    heading(out, title, layout)?;
    for Difference { place, what, why } in all {
        let row = Row::new(0, MARGIN).then(0, Tone::Quiet, "·");
        let row = row.words(1, Tone::Plain, &view.phrase(what, Detail::Full));
        row.at(place.as_ref().map(|(path, line)| format!("{path}:{line}"))).write(out, layout, MARGIN)?;
        if let Some(why) = why {
            let why = view.phrase(why, Detail::Full);
            Row::new(2, HANG).words(0, Tone::Quiet, &why).write(out, layout, MARGIN)?;
        }
    }
    Ok(())
}

/// The lines of a manifest that differ, as `diff -u` and `git diff` show them.
fn diff(out: &mut dyn io::Write, file: &Revised, layout: Layout) -> io::Result<()> {
    let [before, after] =
        [file.before.as_deref().unwrap_or_default(), &file.after].map(|text| text.replace("\r\n", "\n"));
    let lines = TextDiff::from_lines(before.as_str(), after.as_str());
    let path = visible(&file.path);
    let from = if file.before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    styled(out, layout, Tone::Strong, &format!("--- {from}"))?;
    styled(out, layout, Tone::Strong, &format!("+++ b/{path}"))?;
    for hunk in lines.unified_diff().context_radius(AROUND).iter_hunks() {
        styled(out, layout, Tone::Quiet, &hunk.header().to_string())?;
        for change in hunk.iter_changes() {
            let (sign, tone) = match change.tag() {
                ChangeTag::Equal => (' ', Tone::Plain),
                ChangeTag::Delete => ('-', Tone::Removed),
                ChangeTag::Insert => ('+', Tone::Added),
            };
            let line = change.value().trim_end_matches('\n');
            styled(out, layout, tone, &format!("{sign}{line}"))?;
            if change.missing_newline() {
                styled(out, layout, Tone::Quiet, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// What to do next.
fn last(out: &mut dyn io::Write, summary: &Summary<'_>, layout: Layout) -> io::Result<()> {
    let folder = quoted(summary.folder);
    let words = match (summary.adoption.files.is_empty(), summary.is_written) {
        (true, _) => return Ok(()),
        (false, true) => format!("Written. Look: rollcall plan {folder}"),
        (false, false) => {
            format!("Nothing was written. To write it: rollcall import --into {folder} --write")
        }
    };
    writeln!(out)?;
    Row::new(0, MARGIN).words(0, Tone::Plain, &words).write(out, layout, 0)
}

/// How many lines a manifest gains and loses.
pub(super) fn lines(file: &Revised) -> (usize, usize) {
    let lines = TextDiff::from_lines(file.before.as_deref().unwrap_or_default(), &file.after);
    let count = |tag| lines.iter_all_changes().filter(|change| change.tag() == tag).count();
    (count(ChangeTag::Insert), count(ChangeTag::Delete))
}

/// A manifest's lines that differ, without colour.
pub(super) fn plain(file: &Revised) -> String {
    let path = &file.path;
    let from = if file.before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    let lines = TextDiff::from_lines(file.before.as_deref().unwrap_or_default(), &file.after);
    lines.unified_diff().context_radius(AROUND).header(&from, &format!("b/{path}")).to_string()
}
