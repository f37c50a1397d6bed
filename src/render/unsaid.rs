//! How is it listed what manifests don't say of an account?

use std::io;

use crate::import::Unsaid;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::view::{Detail, View};

/// The columns before what stands under the heading.
const MARGIN: usize = 2;

/// Writes a section of it, unless there is nothing.
pub(crate) fn section(
    out: &mut dyn io::Write,
    heading: &str,
    (unsaid, view): (&[Unsaid], &View<'_>),
    layout: Layout,
) -> io::Result<()> {
    if unsaid.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    Row::new(0, 0).then(0, Tone::Strong, heading).write(out, layout, 0)?;
    for unsaid in unsaid {
        let row = Row::new(0, MARGIN).then(0, Tone::Quiet, "·");
        let sentence = view.phrase(&unsaid.sentence, Detail::Full);
        row.words(1, Tone::Plain, &sentence).write(out, layout, MARGIN)?;
    }
    Ok(())
}
