//! What is the user of a row called, and by which login known? And what is to be said of names that lack something?

use std::borrow::Cow;

use crate::diag::{Code, Diagnostic};
use crate::manifest::export::names::{Remark, spell};
use crate::manifest::export::problems::{span, word};
use crate::manifest::export::reader::{Cell, Reader, Remarked};
use crate::manifest::export::table::Row;
use crate::manifest::source::Part;
use crate::model::{Care, DesiredUser, DisplayName, Located, Login, Managed, collapse};

/// So many names are shown of those that something is to be said of.
const SHOWN: usize = 3;

impl Reader<'_> {
    /// The display name, and what the user is called where another has it.
    pub(super) fn name(&mut self, row: &Row<'_>, user: &mut DesiredUser) {
        let Some(name) = self.columns.display_name.take() else { return };
        let mut first = None;
        let spelt = spell(&name, |column| {
            let cell = self.cell_of_person(row, Some(column))?;
            first.get_or_insert(cell);
            Some(Cow::Borrowed(cell.text))
        });
        self.columns.display_name = Some(name);
        let origin = first.map_or(self.numbers.row(row.line), |cell: Cell<'_>| cell.origin);
        self.rows.cut_names += u64::from(spelt.is_cut);
        if let Some(remark) = spelt.remark {
            let Remarked { count, shown } = self.remarks.entry(remark).or_default();
            *count += 1;
            if shown.len() < SHOWN {
                shown.push((spelt.text.as_str().into(), origin));
            }
        }
        let Some(cell) = first.filter(|_| !spelt.text.is_empty()) else { return };
        let cell = Cell { text: &spelt.text, ..cell };
        if spelt.remark == Some(Remark::Commas) {
            let help = "`last-first` reads `Lovelace, Ada`, and `King, Martin, Jr.`: correct the cell";
            return self.refuse(cell, "has more commas than a last name and a first name", help);
        }
        if let Some(name) = self.parse(cell, Care::Name, DisplayName::parse) {
            user.namesake = self.namesake(row, cell).filter(|other| other.value != name.value);
            user.display_name = Managed::Set(name);
        }
    }

    /// What tells a namesake apart; nothing where a cell of it says nothing.
    fn namesake(&mut self, row: &Row<'_>, name: Cell<'_>) -> Option<Located<DisplayName>> {
        let mut text = String::new();
        for part in &self.columns.namesake {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Cell(column) => text.push_str(&collapse(self.cell(row, Some(*column))?.text)),
                Part::Name => text.push_str(name.text),
            }
        }
        if text.is_empty() {
            None
        } else {
            self.parse(Cell { text: &text, ..name }, Care::Name, DisplayName::parse)
        }
    }

    /// Reports names that lack something, each kind once.
    pub(super) fn report_names(&mut self) {
        let form = self.columns.display_name.as_ref().and_then(|name| name.form);
        let Some(said) = form.map(|form| &form.said) else { return };
        for (remark, Remarked { count, shown }) in std::mem::take(&mut self.remarks) {
            let why = match remark {
                Remark::Empty => "all columns of it are empty, and say no name",
                Remark::Partial => "a column of it is empty, and the others are the name",
                Remark::NoComma => "no comma parts the last name from the first, and the name stays as it is",
                // Each is an error of its own.
                Remark::Commas => continue,
            };
            let Some((_, first)) = shown.first() else { continue };
            let names: Vec<String> = shown
                .iter()
                .filter(|(text, _)| !text.is_empty())
                .map(|(text, _)| format!("`{}`", word(text)))
                .collect();
            let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
            let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
            let message = format!("in {rows} {why}{names}");
            let problem = Diagnostic::new(Code::IncompleteName, said.span, message);
            let problem = problem.related(span(*first), "the first of them");
            self.problems
                .push(problem.help("correct the cells; if these are their names, the warning may stand"));
        }
    }

    /// A device login; none where a cell of it says nothing.
    pub(super) fn device_login(&mut self, row: &Row<'_>) -> Option<Located<Login>> {
        let (mut text, mut first) = (String::new(), None);
        for at in 0..self.columns.device_login.len() {
            match self.columns.device_login.get(at)? {
                Part::Text(part) => text.push_str(part),
                &Part::Cell(column) => {
                    let cell = self.cell_of_person(row, Some(column))?;
                    text.push_str(cell.text);
                    first.get_or_insert(cell);
                }
                Part::Name => {}
            }
        }
        self.parse(Cell { text: &text, ..first? }, Care::Login, Login::parse)
    }
}
