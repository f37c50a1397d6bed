//! What is at hand while the rows of an export are read, and what is known by then?

use std::collections::BTreeMap;

use csv::StringRecord;

use crate::diag::{Code, Table as Numbers};
use crate::manifest::export::columns::Columns;
use crate::manifest::export::groups::Named;
use crate::manifest::export::met::Met;
use crate::manifest::export::mojibake::Sample;
use crate::manifest::export::names::Remark;
use crate::manifest::export::problems::{Problems, few, name};
use crate::manifest::export::table::Row;
use crate::manifest::source::Source;
use crate::model::{LeftOut, Origin, Rows};

/// Reads the rows of one export.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) columns: Columns<'a>,
    pub(super) header: Vec<String>,
    pub(super) numbers: Numbers,
    pub(super) problems: Problems,
    pub(super) rows: Rows,
    pub(super) groups: Named,
    /// The last cell of the last row that counts.
    pub(super) end: Origin,
    /// The lines of rows that are no users, below the last one so far.
    pub(super) asides: Vec<(u64, Aside)>,
    /// The line of the last row, if cells are left out at its end and the last one that is there is read.
    pub(super) short: Option<u64>,
    /// What cells say that hangs on the encoding.
    pub(super) sample: Sample,
    /// By column, numbers with more digits than a spreadsheet keeps.
    pub(super) long: BTreeMap<usize, Long>,
    /// What conditions come to.
    pub(super) only: Only,
    /// Rows that are not the primary ones of their people, as far as is known.
    pub(super) others: Vec<Other>,
    /// What cells came to that are not taken as they stand, by position of the reading.
    pub(super) met: Vec<Met>,
    /// Names that something is to be said of.
    pub(super) remarks: BTreeMap<Remark, Remarked>,
}

/// Names that one thing is to be said of.
#[derive(Default)]
pub(super) struct Remarked {
    pub(super) count: u64,
    /// The first of them.
    pub(super) shown: Vec<(Box<str>, Origin)>,
}

/// A row that is no user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    /// It sums up others, or heads them.
    Subtotal,
    /// It ends an export.
    End,
}

/// A row that waits for the primary one of its person.
pub(super) struct Other {
    pub(super) line: u64,
    pub(super) cells: StringRecord,
    /// Which conditions hold of it, by position.
    pub(super) holds: Vec<bool>,
}

/// A cell that is not empty.
#[derive(Clone, Copy)]
pub(super) struct Cell<'r> {
    pub(super) text: &'r str,
    pub(super) column: usize,
    pub(super) origin: Origin,
}

/// What conditions come to, row by row.
#[derive(Default)]
pub(super) struct Only {
    /// By position of the condition: the values that rows have, folded, each as it is written.
    pub(super) said: BTreeMap<usize, BTreeMap<Box<str>, Box<str>>>,
    /// The rows that do not count.
    pub(super) left: Vec<LeftOut>,
    /// Which conditions hold of the row at hand, by position.
    pub(super) holds: Vec<bool>,
}

/// Numbers of one column that have more digits than a spreadsheet keeps.
#[derive(Debug, Default)]
pub(super) struct Long {
    /// How many don't end in zeros.
    pub(super) whole: u64,
    /// Those that do, the first of them.
    pub(super) zeroed: Vec<(Box<str>, Origin)>,
}

impl Reader<'_> {
    pub(super) fn column(&self, column: usize) -> &str {
        self.header.get(column).map_or("", String::as_str)
    }

    /// A cell, if the column is there and the cell says something.
    pub(super) fn cell<'r>(&self, row: &Row<'r>, column: Option<usize>) -> Option<Cell<'r>> {
        let column = column?;
        let text = row.cells.get(column)?.trim();
        let is_empty = text.is_empty() || self.source.empty.as_ref().is_some_and(|empty| empty.holds(text));
        (!is_empty).then(|| Cell { text, column, origin: self.numbers.cell(row.line, column) })
    }

    /// Refuses a cell whose text is not of the kind that its column holds: no more than a few characters of it are shown.
    pub(super) fn refuse(&mut self, cell: Cell<'_>, why: &str, help: &str) {
        let text = few(cell.text);
        self.refuse_as(Cell { text: &text, ..cell }, why, help);
    }

    /// Refuses a cell whose text is of the kind that its column holds, but for what is wrong with it.
    pub(super) fn refuse_as(&mut self, cell: Cell<'_>, why: &str, help: &str) {
        let message = format!("`{}` in column `{}` {why}", cell.text, name(self.column(cell.column)));
        self.problems.at(Code::InvalidCell, cell.origin, message, help);
    }
}
