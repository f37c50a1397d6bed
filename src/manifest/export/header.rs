//! Where does the header stand? Where the source says, or else in the first line that says something; exports have titles above it,
//! and spreadsheets keep them.

use std::io::Read;

use crate::diag::{Code, Diagnostic, Span, nearest};
use crate::manifest::export::columns::wanted;
use crate::manifest::export::flaw::Flaw;
use crate::manifest::export::problems::word;
use crate::manifest::export::table::Table;
use crate::manifest::source::{Column, Header, Source};
use crate::manifest::yaml::Spanned;

/// In so many lines a header is looked for.
const MOST: u64 = 50;

/// Why there is no header.
#[derive(Debug)]
pub(super) enum NoHeader {
    /// The file can't be read so far.
    Flaw(Flaw),
    /// It does not stand where the source says.
    Elsewhere(Diagnostic),
}

impl From<Flaw> for NoHeader {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

/// Opens a file where its source says that the header stands. `below` opens it below so many lines.
pub(super) fn open<R: Read>(
    source: &Source,
    file: &str,
    below: impl Fn(u64) -> Result<Table<R>, Flaw>,
) -> Result<Table<R>, NoHeader> {
    let nothing_there = |line: u64, span: Span| {
        let message =
            format!("{file} says nothing in line {line}, where its header is looked for, nor below");
        NoHeader::Elsewhere(Diagnostic::new(Code::UnknownColumn, span, message).help(LOOK))
    };
    match &source.header {
        Header::Below(None) => Ok(below(0)?),
        Header::Below(Some(skip)) => match below(skip.value) {
            Err(Flaw::Empty) if skip.value > 0 => Err(nothing_there(skip.value + 1, skip.span)),
            table => Ok(table?),
        },
        Header::At(line) => match below(line.value - 1) {
            Err(Flaw::Empty) if line.value > 1 => Err(nothing_there(line.value, line.span)),
            Ok(table) if table.first != line.value => {
                let message = format!("line {} of {file} is empty, and no header", line.value);
                let help = format!("the next line that says something is line {}: {LOOK}", table.first);
                let problem = Diagnostic::new(Code::UnknownColumn, line.span, message);
                Err(NoHeader::Elsewhere(problem.help(help)))
            }
            table => Ok(table?),
        },
        Header::Contains(columns) => containing(columns, file, below),
    }
}

const LOOK: &str = "look in which line the columns are named, counted from 1 with the empty ones";

/// The first of the first lines that has all these cells.
fn containing<R: Read>(
    columns: &Spanned<Vec<Column>>,
    file: &str,
    below: impl Fn(u64) -> Result<Table<R>, Flaw>,
) -> Result<Table<R>, NoHeader> {
    let mut above = 0;
    let mut seen: Vec<String> = Vec::new();
    while above < MOST {
        let table = match below(above) {
            Err(Flaw::Empty) if above > 0 => break,
            table => table?,
        };
        let has = |column: &&Column| !table.columns(&column.value).is_empty();
        if columns.value.iter().all(|column| has(&column)) {
            return Ok(table);
        }
        above = table.first;
        seen.extend(table.header);
    }
    let has = |column: &&Column| seen.iter().any(|cell| cell.eq_ignore_ascii_case(&column.value));
    let missing = columns.value.iter().find(|column| !has(column));
    let cells: Vec<String> = columns.value.iter().map(|column| format!("`{}`", column.value)).collect();
    let cells = cells.join(", ");
    let (span, help) = match missing {
        None => (columns.span, "they stand in several lines: name columns of one".to_owned()),
        Some(missing) => match nearest(&missing.value, seen.iter().map(String::as_str)) {
            Some(near) => (missing.span, format!("did you mean `{}`?", word(near))),
            None => (missing.span, "name a column of the header, as the file writes it".to_owned()),
        },
    };
    let message = format!("none of the first {MOST} lines of {file} has {cells}");
    Err(NoHeader::Elsewhere(Diagnostic::new(Code::UnknownColumn, span, message).help(help)))
}

/// The number of lines above the header, if it stands elsewhere than it was looked for: most columns of the source are there, and
/// not all of them here. `below` opens the file below so many lines.
pub(super) fn elsewhere<R: Read>(
    source: &Source,
    here: &Table<R>,
    below: impl Fn(u64) -> Result<Table<R>, Flaw>,
) -> Option<u64> {
    let wanted = wanted(source);
    let has = |table: &Table<R>| wanted.iter().filter(|name| !table.columns(name).is_empty()).count();
    let mut best = has(here);
    if best == wanted.len() {
        return None;
    }
    let (mut above, mut found) = (0, None);
    while above < MOST {
        let Ok(table) = below(above) else { break };
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
    let said = source.header.span();
    let span = said.unwrap_or(source.name.span);
    let help = match above {
        0 => "take this out: nothing stands above the header".to_owned(),
        _ => format!("write `header: {line}` into the source: so its line is called"),
    };
    Diagnostic::new(Code::UnknownColumn, span, message).related(header, "read as the header").help(help)
}
