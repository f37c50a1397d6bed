//! Which rows do conditions let count? Whom are those about that they leave out, and which of their values does no row have?

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, nearest};
use crate::manifest::export::columns::Finder;
use crate::manifest::export::fillers::{Says, says};
use crate::manifest::export::problems::word;
use crate::manifest::export::reader::{Cell, Only, Reader};
use crate::manifest::export::table::Row;
use crate::manifest::source::{Allowed, Asks};
use crate::model::{Care, LeftOut, Reference, collapse, fold, tidy};

/// So many values of a column are kept that `where` does not ask for: where it has more, it is no column of a few words, and none of
/// them is near.
const KEPT: usize = 500;
/// So many values that rows have are named where none is near.
const SHOWN: usize = 5;
/// A column of more is none of a few words.
const MANY: usize = 20;

impl Only {
    fn note(&mut self, (at, allowed): (usize, &Allowed), folded: &str, text: &str) {
        let said = self.said.entry(at).or_default();
        let has_room = said.len() < KEPT || allowed.contains_key(folded);
        match said.get_mut(folded) {
            // The same one whatever the order of the rows.
            Some(known) if text < &**known => *known = text.into(),
            None if has_room => drop(said.insert(folded.into(), text.into())),
            Some(_) | None => {}
        }
    }

    /// Forgets whom other rows of the export count for.
    pub(super) fn forget(&mut self, counts: impl Fn(&LeftOut) -> bool) {
        self.left.retain(|left| !counts(left));
    }

    /// Whom rows that do not count are about.
    pub(super) fn into_left(self) -> Vec<LeftOut> {
        self.left
    }
}

impl Reader<'_> {
    /// Finds out which conditions hold of a row; what they compare is sound, or a row could be left out unseen.
    pub(super) fn judge(&mut self, row: &Row<'_>) {
        self.only.holds.clear();
        for at in 0..self.columns.conditions.len() {
            let Some(&(column, condition)) = self.columns.conditions.get(at) else { continue };
            let text = collapse(row.cells.get(column).unwrap_or_default());
            let origin = self.numbers.cell(row.line, column);
            let sound = text.is_empty() || self.is_sound(Cell { text: &text, column, origin }, Care::Name);
            let tidied = tidy(&text);
            let folded = fold(&tidied);
            self.only.note((at, &condition.values), &folded, &text);
            self.only.holds.push(sound && condition.values.contains_key(&*folded));
        }
    }

    /// The position of the first condition of a kind that holds, or does not.
    fn first(&self, asks: Asks, holds: Holds) -> Option<usize> {
        let conditions = self.columns.conditions.iter().zip(&self.only.holds);
        let wanted = holds == Holds::Yes;
        conditions.enumerate().find(|(_, ((_, it), is))| it.asks == asks && **is == wanted).map(|(at, _)| at)
    }

    /// Whether `where` and `unless` let a row count.
    pub(super) fn counts(&mut self, row: &Row<'_>) -> bool {
        let failed = self.first(Asks::Where, Holds::No).or_else(|| self.first(Asks::Unless, Holds::Yes));
        let Some(&(column, condition)) = failed.and_then(|at| self.columns.conditions.get(at)) else {
            return true;
        };
        let who = self.who(row);
        if !who.is_empty() {
            let name = self.header.get(column).map_or("", String::as_str);
            let origin = self.numbers.cell(row.line, column);
            let value = collapse(row.cells.get(column).unwrap_or_default()).into();
            let by = condition.asks.key();
            self.only.left.push(LeftOut { origin, who, column: name.into(), value, by });
        }
        false
    }

    /// Whether conditions of a kind mean a row: by the column of the first of them, if all hold.
    pub(super) fn means(&self, asks: Asks) -> Means {
        let mut of_kind = self.columns.conditions.iter().filter(|(_, it)| it.asks == asks);
        match of_kind.next() {
            None => Means::Nothing,
            Some((column, _)) if self.first(asks, Holds::No).is_none() => Means::This(*column),
            Some(_) => Means::Others,
        }
    }

    /// Whether a row is the primary one of its person, where the source says which is.
    pub(super) fn is_primary(&self) -> bool {
        self.first(Asks::Primary, Holds::No).is_none()
    }

    /// Whom a row is about that does not count, what finds its user first: what can't be read is nobody, and no error.
    pub(super) fn who(&self, row: &Row<'_>) -> Vec<Reference> {
        let read = |column: usize, finder: Finder| {
            let text = self.cell(row, Some(column))?.text;
            let filler = self.source.empty.is_none() && says(text) != Says::Something;
            if filler { None } else { finder.read(text).ok() }
        };
        let found = self.columns.user.iter().find_map(|(column, finder)| read(*column, *finder));
        let addresses = [self.columns.upn, self.columns.email].map(|column| (column, Finder::Address));
        let fields = addresses.into_iter().chain([(self.columns.employee_id, Finder::EmployeeId)]);
        let fields = fields.filter_map(|(column, finder)| read(column?, finder));
        let mut who: Vec<Reference> = Vec::new();
        for reference in found.into_iter().chain(fields) {
            if !who.contains(&reference) {
                who.push(reference);
            }
        }
        who
    }

    /// Reports every value of a condition that no row has, with the nearest one that rows do have.
    pub(super) fn report_unmet(&mut self) {
        for (at, (_, condition)) in self.columns.conditions.iter().enumerate() {
            let Some(said) = self.only.said.get(&at) else { continue };
            // Leavers come and go: of values that speak of some people only a slip is told.
            let speaks_of_some = matches!(condition.asks, Asks::Untracked | Asks::Remove | Asks::Erase);
            let is_near = |wanted: &str| nearest(wanted, said.values().map(|text| &**text)).is_some();
            let unmet = condition.values.iter().filter(|(folded, _)| !said.contains_key(*folded));
            for (_, wanted) in unmet.filter(|(_, wanted)| !speaks_of_some || is_near(&wanted.value)) {
                let message =
                    format!("no row says `{}` in column `{}`", wanted.value, condition.column.value);
                let problem = Diagnostic::new(Code::NoSuchCell, wanted.span, message);
                self.problems.push(problem.help(instead(&wanted.value, said)));
            }
        }
    }
}

/// Whether a source means a row by conditions of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// It has none of them.
    Nothing,
    /// It means other rows.
    Others,
    /// It means this row, by this column.
    This(usize),
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Yes,
    No,
}

/// What rows say instead of a value.
fn instead(wanted: &str, said: &BTreeMap<Box<str>, Box<str>>) -> String {
    let words = || said.values().map(|text| &**text).filter(|text| !text.is_empty());
    if let Some(near) = nearest(wanted, words()) {
        return format!("did you mean `{near}`?");
    }
    if words().count() > MANY {
        return "rows say many other things; take the value out if no row is to have it".to_owned();
    }
    let shown: Vec<String> = words().take(SHOWN).map(|text| format!("`{}`", word(text))).collect();
    let more = if words().count() > SHOWN { ", …" } else { "" };
    if shown.is_empty() {
        return "the column is empty in every row".to_owned();
    }
    format!("rows say {}{more}; take the value out if no row is to have it", shown.join(", "))
}
