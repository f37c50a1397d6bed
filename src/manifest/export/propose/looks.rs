//! What do the cells of a column look like?

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use regex::Regex;

use crate::manifest::export::dates::day_of;
use crate::manifest::export::flaw::Flaw;
use crate::manifest::export::table::Table;
use crate::model::{collapse, fold};

/// So many different cells of a column are kept: of one that has more it is known that it has many.
const KEPT: usize = 200_000;
/// So many rows are looked at for what cells look like.
const ROWS: u64 = 1_000_000;
/// How dates are written.
const FORMS: [&str; 9] = [
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%d-%b-%Y",
];
/// How names of teams stand in cells beside something else.
const PATTERNS: [&str; 4] =
    [r"^\([\w-]+\) (.+)$", r"^[\d.]+ - (.+)$", r"^(.+) \([^()]*\)$", r"^/(?:.*/)?([^/]+)$"];

/// What the cells of one column look like.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Cells that say something.
    pub(super) filled: u64,
    /// Different cells, folded, each as it is written first and how often.
    pub(super) values: BTreeMap<Box<str>, (Box<str>, u64)>,
    /// Cells with one `@`.
    pub(super) addresses: u64,
    /// Cells with one comma.
    pub(super) commas: u64,
    /// Ways to write dates that all cells are written in so far.
    forms: BTreeSet<usize>,
    /// Cells that each pattern matches.
    patterns: [u64; PATTERNS.len()],
}

impl Looks {
    fn note(&mut self, cell: &str, patterns: &[Regex]) {
        if self.filled == 0 {
            self.forms = (0..FORMS.len()).collect();
        }
        self.filled += 1;
        self.addresses += u64::from(cell.matches('@').count() == 1 && !cell.contains(char::is_whitespace));
        self.commas += u64::from(cell.matches(',').count() == 1);
        self.forms
            .retain(|form| FORMS.get(*form).is_some_and(|form| day_of(&[(*form).into()], cell).is_ok()));
        for (count, pattern) in self.patterns.iter_mut().zip(patterns) {
            *count += u64::from(pattern.is_match(cell));
        }
        let folded = fold(cell);
        let has_room = self.values.len() < KEPT;
        match self.values.get_mut(&*folded) {
            Some((_, count)) => *count += 1,
            None if has_room => drop(self.values.insert(folded.into(), (cell.into(), 1))),
            None => {}
        }
    }

    /// Whether so many of a hundred cells are.
    pub(super) fn are(&self, count: u64, percent: u64) -> bool {
        self.filled > 0 && count * 100 >= self.filled * percent
    }

    /// Whether no cell says what another does.
    pub(super) fn is_unique(&self) -> bool {
        self.values.values().all(|(_, count)| *count == 1)
    }

    /// The ways in which all dates may be written.
    pub(super) fn forms(&self) -> Vec<&'static str> {
        self.forms.iter().filter_map(|form| FORMS.get(*form).copied()).collect()
    }

    /// A pattern that matches every cell.
    pub(super) fn pattern(&self) -> Option<&'static str> {
        let found = self.patterns.iter().position(|count| self.are(*count, 100))?;
        PATTERNS.get(found).copied()
    }

    /// How many of its cells another column has.
    pub(super) fn found_in(&self, other: &Self) -> u64 {
        let found = self.values.iter().filter(|(folded, _)| other.values.contains_key(*folded));
        found.map(|(_, (_, count))| count).sum()
    }

    /// The different cells with how often they are, the most frequent first.
    pub(super) fn counted(&self) -> Vec<(&str, u64)> {
        let mut values: Vec<(&str, u64)> =
            self.values.values().map(|(text, count)| (&**text, *count)).collect();
        values.sort_by_key(|(text, count)| (u64::MAX - count, *text));
        values
    }
}

/// Looks through the rows of a file; every column, and how many rows say anything.
pub(super) fn look<R: Read>(table: &mut Table<R>) -> Result<(Vec<Looks>, u64), Flaw> {
    let patterns: Vec<Regex> = PATTERNS.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect();
    let mut looks: Vec<Looks> = table.header.iter().map(|_| Looks::default()).collect();
    let mut rows = 0;
    while let Some(row) = table.next()?.filter(|_| rows < ROWS) {
        // Subtotals and titles within the file would be no help.
        let said = row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        if said <= 2 && looks.len() > 3 {
            continue;
        }
        rows += 1;
        for (cell, looks) in row.cells.iter().zip(&mut looks) {
            let cell = collapse(cell.trim());
            if !cell.is_empty() {
                looks.note(&cell, &patterns);
            }
        }
    }
    Ok((looks, rows))
}
