//! Does the header stand where it is looked for? Exports have titles above it, and spreadsheets keep them.

use std::io::Read;

use crate::diag::{Code, Diagnostic, Span};
use crate::manifest::export::columns::wanted;
use crate::manifest::export::table::Table;
use crate::manifest::source::Source;

/// In so many lines a header is looked for.
const MOST: u64 = 50;

/// The number of lines above the header, if it stands elsewhere than it was looked for: most columns of the source are there, and
/// not all of them here. `below` opens the file below so many lines.
pub(super) fn elsewhere<R: Read>(
    source: &Source,
    here: &Table<R>,
    below: impl Fn(u64) -> Option<Table<R>>,
) -> Option<u64> {
    let wanted = wanted(source);
    let has = |table: &Table<R>| wanted.iter().filter(|name| !table.columns(name).is_empty()).count();
    let mut best = has(here);
    if best == wanted.len() {
        return None;
    }
    let (mut above, mut found) = (0, None);
    while above < MOST {
        let Some(table) = below(above) else { break };
        let there = has(&table);
        if there > best && there * 2 > wanted.len() {
            (best, found) = (there, Some(table.first - 1));
        }
        above = table.first;
    }
    found
}

/// Says where it stands instead.
pub(super) fn misplaced_columns(source: &Source, header: Span, above: u64) -> Diagnostic {
    let line = above + 1;
    let message = format!(
        "the columns of this source stand in line {line} of its file, not in the one read as the header"
    );
    let span = source.skip.as_ref().map_or(source.name.span, |skip| skip.span);
    let help = match above {
        0 => "take `skip` out: nothing stands above it".to_owned(),
        above => format!("write `skip: {above}` into the source: so many lines stand above it"),
    };
    Diagnostic::new(Code::UnknownColumn, span, message).related(header, "read as the header").help(help)
}
