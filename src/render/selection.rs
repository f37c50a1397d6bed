//! How are entries of a part of an account shown: YAML to take over, and below it, as comments, what is not in it?

use std::io;

use crate::import::Selection;
use crate::render::escape::visible;
use crate::render::view::{Detail, View};

/// Writes what stands beside the entries: each line a comment, so that all of it can be put into a file.
pub fn remarks(out: &mut dyn io::Write, selection: &Selection, view: &View<'_>) -> io::Result<()> {
    if !selection.declared.is_empty() {
        writeln!(out, "# Declared already, and so not above: change the entry there.")?;
    }
    for (origin, what) in &selection.declared {
        let place = view.place(*origin).unwrap_or_default();
        writeln!(out, "#   {}  {}", visible(&place), visible(&view.phrase(what, Detail::Full)))?;
    }
    if !selection.unsaid.is_empty() {
        writeln!(out, "# Not above, because no manifest can say it:")?;
    }
    for unsaid in &selection.unsaid {
        writeln!(out, "#   {}", visible(&view.phrase(&unsaid.sentence, Detail::Full)))?;
    }
    Ok(())
}
