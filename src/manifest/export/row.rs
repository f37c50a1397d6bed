//! What does a row say? A user with fields, attributes and groups; or nothing: a blank row, the header again, no user.

use std::borrow::Cow;
use std::cmp::Ordering;

use csv::StringRecord;

use crate::diag::Code;
use crate::manifest::export::columns::{AttributeAt, Finder, GroupsAt};
use crate::manifest::export::dates::{NoDay, day_of};
use crate::manifest::export::fillers::{Says, says};
use crate::manifest::export::letters::{Letter, Letters};
use crate::manifest::export::reader::{Cell, Other, Reader};
use crate::manifest::export::table::Row;
use crate::manifest::source::{Attribute, CELL, Form, GroupColumn};
use crate::model::{
    Care, DeclaredSource, DesiredUser, Email, EmployeeId, GroupName, Located, Malformed, Managed, Members,
    Order, Origin, Tracking, Upn, collapse, tidy,
};

/// What to do about a row with fewer cells than columns.
pub(super) const SHORT: &str = "spreadsheets leave out empty cells at the end of a row: save the file with all of them; if it breaks \
                                off here, export it again; if the row is no user, take it out";

impl Reader<'_> {
    /// The user of a row, if it is one that counts.
    pub(super) fn user(&mut self, row: &Row<'_>) -> Option<(DesiredUser, Letters)> {
        let cells = row.cells;
        self.short = None;
        if cells.iter().all(|cell| cell.trim().is_empty()) || self.is_header(cells) {
            return None;
        }
        if self.is_aside(cells, row.line) || !self.is_whole(row) {
            return None;
        }
        self.judge(row);
        if !self.counts(row) {
            self.rows.left_out += 1;
            return None;
        }
        if !self.is_primary() {
            let holds = self.only.holds.clone();
            self.others.push(Other { line: row.line, cells: cells.clone(), holds });
            return None;
        }
        self.take(row)
    }

    /// The user of a row that counts.
    pub(super) fn take(&mut self, row: &Row<'_>) -> Option<(DesiredUser, Letters)> {
        self.rows.read += 1;
        let end = self.numbers.cell(row.line, self.header.len().saturating_sub(1));
        if self.end == Origin::NONE || self.end < end {
            self.end = end;
        }
        self.read(row)
    }

    /// Whether a row says what the columns are called.
    fn is_header(&self, cells: &StringRecord) -> bool {
        cells.len() == self.header.len()
            && cells.iter().zip(&self.header).all(|(cell, name)| cell.trim() == name)
    }

    /// Whether a row has as many cells as there are columns: of one more or less nobody knows which. Spreadsheets leave empty
    /// last cells out: where nobody reads those columns, they are not missed.
    fn is_whole(&mut self, row: &Row<'_>) -> bool {
        let (cells, columns) = (row.cells.len(), self.header.len());
        let help = match cells.cmp(&columns) {
            Ordering::Equal => return true,
            Ordering::Less if cells >= self.columns.needed() => {
                // Where the last cell that is there is one that is read, it may be cut.
                self.short = (cells == self.columns.needed()).then_some(row.line);
                return true;
            }
            Ordering::Greater => "put quotes around a cell that holds what parts the cells",
            Ordering::Less => SHORT,
        };
        let message = format!("cells in this row: {cells}; columns: {columns}");
        self.problems.at(Code::BrokenRow, self.numbers.row(row.line), message, help);
        false
    }

    fn read(&mut self, row: &Row<'_>) -> Option<(DesiredUser, Letters)> {
        let origin = self.numbers.row(row.line);
        let mut user =
            DesiredUser { row: Some(origin), missing: self.source.missing, ..DesiredUser::new(origin) };
        let Some((lookup, finder)) = self.finder(row) else {
            self.names_nobody(row, origin);
            return None;
        };
        let found = self.parse(lookup, finder.care(lookup.text), |text| finder.read(text));
        user.lookups.extend(found);
        self.name(row, &mut user);
        user.upns = self.identifier(row, self.columns.upn, Care::Address, Upn::parse);
        user.emails = self.identifier(row, self.columns.email, Care::Address, Email::parse);
        user.employee_ids =
            self.identifier(row, self.columns.employee_id, Care::EmployeeId, EmployeeId::parse);
        user.device_logins.extend(self.device_login(row));
        for at in 0..self.columns.attributes.len() {
            self.attribute(row, at, &mut user);
        }
        let (track, delete) = (self.track(row, &mut user), self.delete(row, &mut user));
        let letters = Letters { track, delete, ..self.leaves(row, &mut user) };
        // Whom a row takes away it puts nowhere.
        let goes = user.order.as_ref().is_some_and(|order| order.row.is_some()) && user.only_removes();
        for at in 0..self.columns.groups.len() {
            if !goes {
                self.group(row, at, &mut user);
            }
        }
        if !goes && !self.columns.groups.is_empty() && user.groups.is_empty() {
            self.rows.without_group += 1;
        }
        Some((user, letters))
    }

    /// The cell that finds the user: the first of its columns that says something.
    fn finder<'r>(&mut self, row: &Row<'r>) -> Option<(Cell<'r>, Finder)> {
        for at in 0..self.columns.user.len() {
            let &(column, finder) = self.columns.user.get(at)?;
            if let Some(cell) = self.cell_of_person(row, Some(column)) {
                return Some((cell, finder));
            }
        }
        None
    }

    fn names_nobody(&mut self, row: &Row<'_>, origin: Origin) {
        let said = |column: usize| match row.cells.get(column).unwrap_or_default().trim() {
            "" => format!("`{}` is empty", self.column(column)),
            filler => format!("`{}` says `{filler}`", self.column(column)),
        };
        let said: Vec<String> = self.columns.user.iter().map(|(column, _)| said(*column)).collect();
        let message = format!("this row names no user: {}", said.join(", "));
        let help = match &self.columns.user[..] {
            [(one, _)] => format!(
                "fill the cell; if another column finds such users, name both, `user: [{}, …]`; leave rows that are no users \
                 out with `where` or `unless`, or take them out of the file",
                self.column(*one)
            ),
            _ => "fill one of the cells; leave rows that are no users out with `where`, or take them out of the file".to_owned(),
        };
        self.problems.at(Code::InvalidCell, origin, message, &help);
    }

    /// A cell that identifies or names somebody, if it does. Where the source does not list what stands for nothing, what
    /// everybody writes for it does; what may be somebody's is asked.
    pub(super) fn cell_of_person<'r>(&mut self, row: &Row<'r>, column: Option<usize>) -> Option<Cell<'r>> {
        let cell = self.cell(row, column)?;
        if self.source.empty.is_some() {
            return Some(cell);
        }
        match says(cell.text) {
            Says::Something => Some(cell),
            Says::Nothing => None,
            Says::Doubtful => {
                let help = "say it in the source: `empty` lists the texts that stand for nothing, this one among them or not";
                self.refuse_as(cell, "is nobody's, most often: what is written where nothing is known", help);
                None
            }
        }
    }

    /// Reads a cell that says one thing.
    pub(super) fn parse<T>(
        &mut self,
        cell: Cell<'_>,
        care: Care,
        read: impl FnOnce(&str) -> Result<T, Malformed>,
    ) -> Option<Located<T>> {
        if !self.is_sound(cell, care) {
            return None;
        }
        match read(cell.text) {
            Ok(value) => Some(Located::new(value, cell.origin)),
            Err(why) => {
                let help = "correct the cell, or leave the row out with `where`";
                if is_like_an_address(cell.text) {
                    self.refuse_as(cell, &why.to_string(), help);
                } else {
                    self.refuse(cell, &why.to_string(), help);
                }
                None
            }
        }
    }

    fn identifier<T>(
        &mut self,
        row: &Row<'_>,
        column: Option<usize>,
        care: Care,
        read: fn(&str) -> Result<T, Malformed>,
    ) -> Members<T> {
        let said = self.cell_of_person(row, column).and_then(|cell| self.parse(cell, care, read));
        said.map_or(Members::Leave, |said| Members::AtLeast(vec![said]))
    }

    fn attribute(&mut self, row: &Row<'_>, at: usize, user: &mut DesiredUser) {
        let Some(&AttributeAt { column, attribute, reading }) = self.columns.attributes.get(at) else {
            return;
        };
        let Some(cell) = self.cell(row, Some(column)) else { return };
        let text = collapse(cell.text);
        let Some(text) = self.meant(Cell { text: &text, ..cell }, reading) else { return };
        let text = self.called(&text, reading).map_or(text, |name| Cow::Owned(name.into_string()));
        let cell = Cell { text: &text, ..cell };
        let Some(said) = self.parse(cell, Care::Name, |text| Ok(Box::<str>::from(tidy(text)))) else {
            return;
        };
        let Attribute { name, dates, .. } = attribute;
        let value = match day_of(dates, &text) {
            _ if dates.is_empty() => said,
            Ok(day) => said.map(|_| day.to_string().into()),
            Err(why) => return self.refuse_day(cell, dates, &why, "dates"),
        };
        user.attributes.push((name.clone(), value));
    }

    /// Refuses a cell that says no day; `key` says how days are written.
    pub(super) fn refuse_day(&mut self, cell: Cell<'_>, forms: &[Box<str>], why: &NoDay, key: &str) {
        let forms = forms.join(" or ");
        let (why, help) = match why {
            NoDay::Other => (
                format!("is not a date written as {forms}"),
                format!("correct the cell, or say in `{key}` how they are written"),
            ),
            NoDay::WithTime(form) => (
                format!("is not a date written as {forms}: a time follows it"),
                format!("write `{form}` into `{key}`; the day counts"),
            ),
            NoDay::Two(one, other) => (
                format!("is {one} and {other}, as {forms}"),
                format!("say in `{key}` only how this file writes them"),
            ),
        };
        self.refuse(cell, &why, &help);
    }

    fn group(&mut self, row: &Row<'_>, at: usize, user: &mut DesiredUser) {
        let Some(&GroupsAt { column, mapped, reading }) = self.columns.groups.get(at) else { return };
        let Some(cell) = self.cell(row, Some(column)) else { return };
        let (form, split) = match mapped {
            Some(GroupColumn { name, split, .. }) => (name.as_deref(), split.as_deref()),
            None => (None, None),
        };
        let source = mapped.map_or(DeclaredSource::Hr, |mapped| mapped.source);
        let parts = split.map_or_else(|| vec![cell.text], |split| cell.text.split(split).collect());
        for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
            // Which of several ways to write spaces counts, all rows together say.
            if !self.is_sound(Cell { text: &collapse(part), ..cell }, Care::Name) {
                continue;
            }
            let Some(part) = self.meant(Cell { text: part, ..cell }, reading) else { continue };
            let name = match (self.called(&part, reading), form) {
                (Some(name), _) => name.into_string(),
                (None, Some(form)) => form.replace(CELL, &part),
                (None, None) => part.into_owned(),
            };
            let Some(name) = self.group_name(&name, cell) else { continue };
            self.groups.note(&name, source);
            if !user.groups.iter().any(|known| known.value == name.value) {
                user.groups.push(name);
            }
        }
    }

    fn group_name(&mut self, name: &str, cell: Cell<'_>) -> Option<Located<GroupName>> {
        match GroupName::parse(name) {
            Ok(name) => Some(Located::new(name, cell.origin)),
            Err(why) => {
                let cell = Cell { text: name, ..cell };
                self.refuse(cell, &why.to_string(), "correct the cell, or leave the row out with `where`");
                None
            }
        }
    }

    /// HRDC's `track`: `n` stops tracking, and nothing starts it again.
    fn track(&mut self, row: &Row<'_>, user: &mut DesiredUser) -> Letter {
        let letter = self.letter(row, self.columns.track);
        if let Some(origin) = letter.no {
            user.tracking = Managed::Set(Located::new(Tracking::Untracked, origin));
        }
        letter
    }

    /// HRDC's `delete_user`: `y` is an order, if a manifest dates it; such a row asks for nobody.
    fn delete(&mut self, row: &Row<'_>, user: &mut DesiredUser) -> Letter {
        let letter = self.letter(row, self.columns.delete);
        let Some(origin) = letter.yes else { return letter };
        user.row = None;
        if let Form::Hrdc(Some(order)) = &self.source.form {
            user.order = Some(Order { origin, ..order.clone() });
        } else {
            let message = "this row deletes a user and all history, and no date says when that was decided";
            let help = "write `remove: { decided: … }` into the source: the day on which somebody decided it";
            self.problems.at(Code::UndatedRemoval, origin, message, help);
        }
        letter
    }

    fn letter(&mut self, row: &Row<'_>, column: Option<usize>) -> Letter {
        let Some(cell) = self.cell(row, column) else { return Letter::default() };
        match cell.text {
            "y" | "Y" => Letter { yes: Some(cell.origin), no: None },
            "n" | "N" => Letter { yes: None, no: Some(cell.origin) },
            _ => {
                self.refuse(cell, "is neither `y` nor `n`", "write `y` or `n`, or leave it empty");
                Letter::default()
            }
        }
    }
}

/// Whether a text is an address but for a slip. A link with a password in it is none.
fn is_like_an_address(text: &str) -> bool {
    text.matches('@').count() == 1 && !text.contains([':', '/', '=']) && !text.contains(char::is_whitespace)
}
