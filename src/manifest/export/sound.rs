//! Did nothing happen to a cell on its way?

use crate::manifest::export::mojibake;
use crate::manifest::export::reader::{Cell, Reader};
use crate::model::{Care, Odd, is_long, is_zeroed};

/// So many zeroed numbers of a column are kept: more are not shown.
const MOST_ZEROED: usize = 1000;

impl Reader<'_> {
    /// Whether nothing happened to a cell on its way.
    pub(super) fn is_sound(&mut self, cell: Cell<'_>, care: Care) -> bool {
        self.sample.note(cell.text, cell.origin);
        if let Some(before) = mojibake::undone(cell.text) {
            let why = format!("is UTF-8 that was taken for Windows-1252 on its way: `{before}`");
            self.refuse_as(cell, &why, "export it again, as UTF-8, without a spreadsheet in between");
            return false;
        }
        let Some(odd) = Odd::of(cell.text, care) else {
            self.note_long(cell, care);
            return true;
        };
        match &odd.meant {
            Some(meant) => {
                let help = format!("write `{meant}` where the file is made");
                self.refuse_as(cell, &odd.to_string(), &help);
            }
            None => self.refuse(cell, &odd.to_string(), "correct it where the file is made"),
        }
        false
    }

    /// Notes a long number. A spreadsheet makes zeros of the last digits of all of a column, or of none.
    fn note_long(&mut self, cell: Cell<'_>, care: Care) {
        if matches!(care, Care::EmployeeId | Care::Shape) && is_long(cell.text) {
            let long = self.long.entry(cell.column).or_default();
            if !is_zeroed(cell.text) {
                long.whole += 1;
            } else if long.zeroed.len() < MOST_ZEROED {
                long.zeroed.push((cell.text.into(), cell.origin));
            }
        }
    }

    /// Refuses the long numbers of a column all of which end in zeros.
    pub(super) fn report_zeroed(&mut self) {
        for (column, long) in std::mem::take(&mut self.long) {
            let zeroed = if long.whole == 0 { long.zeroed } else { Vec::new() };
            for (text, origin) in zeroed {
                let why = "is what a spreadsheet makes of a long number: its last digits are lost";
                let help = "export the file again, and open it in no spreadsheet";
                self.refuse_as(Cell { text: &text, column, origin }, why, help);
            }
        }
    }
}
