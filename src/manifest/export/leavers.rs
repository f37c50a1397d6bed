//! What does a row mean for its user? That they are not tracked, or an order, dated by a cell of the row.

use crate::diag::Code;
use crate::manifest::export::dates::day_of;
use crate::manifest::export::letters::{Letter, Letters};
use crate::manifest::export::only::Means;
use crate::manifest::export::problems::{problem, span};
use crate::manifest::export::reader::Reader;
use crate::manifest::export::table::Row;
use crate::manifest::source::{Asks, RowOrder};
use crate::model::{DesiredUser, Located, Managed, Order, OrderKind, OrderRow, Said, Tracking, collapse};

impl Reader<'_> {
    /// What conditions say of the user of a row.
    pub(super) fn leaves(&mut self, row: &Row<'_>, user: &mut DesiredUser) -> Letters {
        let untracked = self.letter_of(row, Asks::Untracked, |reader, said| {
            reader.rows.untracked += 1;
            user.tracking = Managed::Set(Located::new(Tracking::Untracked, said.origin));
            user.untracked_by = Some(Box::new(said));
        });
        let mut letters = Letters { untracked, ..Letters::default() };
        for at in 0..self.columns.orders.len() {
            let Some(&(column, order)) = self.columns.orders.get(at) else { continue };
            let letter = self.letter_of(row, order.asks, |reader, said| {
                reader.order(row, user, (column, order), said);
            });
            match order.asks {
                Asks::Erase => letters.erase = letter,
                _ => letters.remove = letter,
            }
        }
        letters
    }

    /// Does something with a row that conditions of a kind mean; whether they do.
    fn letter_of(&mut self, row: &Row<'_>, asks: Asks, does: impl FnOnce(&mut Self, Said)) -> Letter {
        match self.means(asks) {
            Means::Nothing => Letter::default(),
            Means::Others => Letter { yes: None, no: Some(self.numbers.row(row.line)) },
            Means::This(column) => {
                let origin = self.numbers.cell(row.line, column);
                let value = collapse(row.cells.get(column).unwrap_or_default()).into();
                does(self, Said { origin, column: self.column(column).into(), value });
                Letter { yes: Some(origin), no: None }
            }
        }
    }

    /// An order, as if somebody had written it on the day that the row says. A row that removes its user asks for nobody.
    fn order(
        &mut self,
        row: &Row<'_>,
        user: &mut DesiredUser,
        (column, order): (usize, &RowOrder),
        said: Said,
    ) {
        let RowOrder { kind, decided, forms, reason, .. } = order;
        let (count, what) = match kind {
            OrderKind::Erase => (&mut self.rows.erasing, "erases the history of a user"),
            OrderKind::Remove(_) => (&mut self.rows.removing, "removes a user and all history"),
        };
        *count += 1;
        let Some(cell) = self.cell(row, Some(column)) else {
            let message =
                format!("this row {what}, and `{}` does not say when that was decided", decided.value);
            let help = "fill the cell, or leave such rows out with `unless`: an order without a day is none";
            let at = self.numbers.cell(row.line, column);
            return self.problems.at(Code::UndatedRemoval, at, message, help);
        };
        let day = match day_of(forms, cell.text) {
            Ok(day) => day,
            Err(why) => return self.refuse_day(cell, forms, &why, "form"),
        };
        if let Some(other) = &user.order {
            let message = "`remove` and `erase` both mean this row";
            let problem =
                problem(Code::ConflictingRows, said.origin, message).related(span(other.origin), "the other");
            return self
                .problems
                .push(problem.help("let one of them mean it: `remove` erases all history too"));
        }
        if matches!(kind, OrderKind::Remove(_)) {
            user.row = None;
        }
        let (origin, export) = (said.origin, self.source.name.value.clone());
        let by = OrderRow { export, cell: said, dated_by: self.column(column).into() };
        let (kind, reason) = (*kind, reason.clone());
        user.order = Some(Order { kind, decided: day, reason, origin, row: Some(Box::new(by)) });
    }
}
