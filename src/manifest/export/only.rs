//! Which rows does `where` let count? Whom are those about that it leaves out, and which of its values does no row have?

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, nearest};
use crate::manifest::export::columns::Finder;
use crate::manifest::export::fillers::{Says, says};
use crate::manifest::export::problems::word;
use crate::manifest::export::reader::{Cell, Only, Reader};
use crate::manifest::export::table::Row;
use crate::manifest::source::Allowed;
use crate::model::{Care, LeftOut, Reference, collapse, fold, tidy};

/// So many values of a column are kept that `where` does not ask for: where it has more, it is no column of a few words, and none of
/// them is near.
const KEPT: usize = 500;
/// So many values that rows have are named where none is near.
const SHOWN: usize = 5;
/// A column of more is none of a few words.
const MANY: usize = 20;

impl Only {
    fn note(&mut self, (column, allowed): (usize, &Allowed), folded: &str, text: &str) {
        let said = self.said.entry(column).or_default();
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

/// The column of `where` that a row fails, and what it says there.
struct Failed {
    column: usize,
    value: Box<str>,
}

impl Reader<'_> {
    /// Whether `where` lets a row count; what it compares is sound, or the row could be left out unseen.
    pub(super) fn counts(&mut self, row: &Row<'_>) -> bool {
        let mut failed = None;
        for at in 0..self.columns.only.len() {
            let Some(&(column, allowed)) = self.columns.only.get(at) else { continue };
            let text = collapse(row.cells.get(column).unwrap_or_default());
            let origin = self.numbers.cell(row.line, column);
            let sound = text.is_empty() || self.is_sound(Cell { text: &text, column, origin }, Care::Name);
            let tidied = tidy(&text);
            let folded = fold(&tidied);
            self.only.note((at, allowed), &folded, &text);
            if !(sound && allowed.contains_key(&*folded)) && failed.is_none() {
                failed = Some(Failed { column, value: text.into() });
            }
        }
        let Some(Failed { column, value }) = failed else { return true };
        let who = self.who(row);
        if !who.is_empty() {
            let name = self.header.get(column).map_or("", String::as_str);
            let origin = self.numbers.cell(row.line, column);
            self.only.left.push(LeftOut { origin, who, column: name.into(), value });
        }
        false
    }

    /// Whom a row is about that does not count, what finds its user first: what can't be read is nobody, and no error.
    fn who(&self, row: &Row<'_>) -> Vec<Reference> {
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

    /// Reports every value of `where` that no row has, with the nearest one that rows do have.
    pub(super) fn report_unmet(&mut self) {
        for (at, (_, allowed)) in self.columns.only.iter().enumerate() {
            let Some(said) = self.only.said.get(&at) else { continue };
            let unmet = allowed.iter().filter(|(folded, _)| !said.contains_key(*folded));
            let column = self.source.only.get(at).map_or("", |(column, _)| &*column.value);
            for (_, wanted) in unmet {
                let message = format!("no row says `{}` in column `{column}`", wanted.value);
                let problem = Diagnostic::new(Code::NoSuchCell, wanted.span, message);
                self.problems.push(problem.help(instead(&wanted.value, said)));
            }
        }
    }
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
