//! What did the cells of a column come to that are not taken as they stand? And what do the rows say that they name?

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use crate::manifest::export::columns::Reading;
use crate::manifest::export::flaw::Flaw;
use crate::manifest::export::names::spell;
use crate::manifest::export::problems::word;
use crate::manifest::export::table::Table;
use crate::model::{Origin, fold, tidy};

/// So many cells are shown of those that stand for nothing.
const SHOWN: usize = 3;

/// What cells of one column came to.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// What other rows say, by what finds them, if they are looked up.
    pub(super) rows: BTreeMap<Box<str>, Found>,
    pub(super) pattern: Missed,
    pub(super) lookup: Missed,
    /// The texts of `names` that cells have, folded.
    pub(super) named: BTreeSet<Box<str>>,
    /// Texts that `names` does not have.
    pub(super) others: BTreeSet<Box<str>>,
}

/// What another row says.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) text: Box<str>,
    pub(super) line: u64,
    /// The line of a row that says something else.
    pub(super) other: Option<u64>,
}

/// Cells that came to something, and those that did not.
#[derive(Debug, Default)]
pub(super) struct Missed {
    pub(super) met: u64,
    pub(super) not_met: u64,
    pub(super) examples: Vec<(Box<str>, Origin)>,
}

impl Missed {
    pub(super) fn miss(&mut self, origin: Origin, text: &str) {
        self.not_met += 1;
        if self.examples.len() < SHOWN && self.examples.iter().all(|(known, _)| **known != *text) {
            self.examples.push((text.into(), origin));
        }
    }

    /// The first examples, as words.
    pub(super) fn shown(&self) -> String {
        let shown: Vec<String> = self.examples.iter().map(|(text, _)| format!("`{}`", word(text))).collect();
        shown.join(", ")
    }
}

impl Met {
    /// Looks through a file for what its rows say of others.
    pub(super) fn of<R: Read>(reading: &Reading<'_>, table: &mut Table<R>) -> Result<Self, Flaw> {
        let mut met = Self::default();
        let Some((key, value)) = &reading.lookup else { return Ok(met) };
        while let Some(row) = table.next()? {
            let cell = |at: usize| row.cells.get(at).map(str::trim).filter(|cell| !cell.is_empty());
            let Some(found) = cell(*key) else { continue };
            let text = spell(value, |at| cell(at).map(Cow::Borrowed)).text;
            if text.is_empty() {
                continue;
            }
            let key: Box<str> = fold(&tidy(found)).into();
            let line = row.line;
            match met.rows.get_mut(&key) {
                None => drop(met.rows.insert(key, Found { text: text.into(), line, other: None })),
                Some(known) if *known.text != *text => drop(known.other.get_or_insert(line)),
                Some(_) => {}
            }
        }
        Ok(met)
    }
}
