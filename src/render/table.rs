//! How do rows stand in columns? One line each, never wrapped: as a table that fits a terminal, or as CSV.

use std::borrow::Cow;
use std::io;

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::render::escape::visible;
use crate::render::layout::Colour;

/// The columns between two columns.
const GAP: usize = 2;
/// A column is not made narrower than this for the sake of a terminal.
const NARROWEST: usize = 8;
/// The end of a cell that was shortened.
const CUT: char = '…';

/// What a table is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableForm {
    /// Columns for people; where there is a width, the longest cells are shortened until a row fits.
    Columns(Option<usize>, Colour),
    /// Comma-separated values, every cell whole.
    Csv,
}

/// Writes a table. Rows are asked for twice, for their widths and for their words, and are never kept: there may be 100,000.
pub(crate) fn write<'a, const N: usize, I: Iterator<Item = [Cow<'a, str>; N]>>(
    out: &mut dyn io::Write,
    form: TableForm,
    head: [&'static str; N],
    rows: impl Fn() -> I,
) -> io::Result<()> {
    match form {
        TableForm::Columns(room, colour) => {
            let mut widths = head.map(UnicodeWidthStr::width);
            for row in rows() {
                for (width, cell) in widths.iter_mut().zip(&row) {
                    *width = (*width).max(visible(cell).width());
                }
            }
            if let Some(room) = room {
                fit(&mut widths, head.map(UnicodeWidthStr::width), room);
            }
            let strong = if colour == Colour::Ansi { Style::new().bold() } else { Style::new() };
            line(out, strong, widths, &head)?;
            rows().try_for_each(|row| line(out, Style::new(), widths, &row))
        }
        TableForm::Csv => {
            let mut csv = csv::Writer::from_writer(out);
            csv.write_record(head.map(str::to_lowercase))?;
            rows().try_for_each(|row| csv.write_record(row.iter().map(|cell| cell.as_bytes())))?;
            csv.flush()
        }
    }
}

/// Makes the widest columns narrower until all of them fit, if they can: each keeps room for its heading.
fn fit<const N: usize>(widths: &mut [usize; N], heads: [usize; N], room: usize) {
    let room = room.saturating_sub(GAP * N.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let can_give = |at: &usize| widths[*at] > heads[*at].max(NARROWEST);
        let Some(widest) = (0..N).filter(can_give).max_by_key(|at| widths[*at]) else { return };
        widths[widest] -= 1;
    }
}

fn line<const N: usize>(
    out: &mut dyn io::Write,
    style: Style,
    widths: [usize; N],
    cells: &[impl AsRef<str>; N],
) -> io::Result<()> {
    let last = cells.iter().rposition(|cell| !cell.as_ref().is_empty()).unwrap_or(0);
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate().take(last + 1) {
        let cell = shortened(visible(cell.as_ref()), width);
        let fill = if at == last { 0 } else { width.saturating_sub(cell.width()) + GAP };
        write!(out, "{style}{cell}{style:#}{:fill$}", "")?;
    }
    writeln!(out)
}

/// A cell of at most so many columns; what is cut off leaves a sign.
fn shortened(cell: Cow<'_, str>, width: usize) -> Cow<'_, str> {
    if cell.width() <= width {
        return cell;
    }
    let room = width.saturating_sub(CUT.width().unwrap_or(1));
    let mut column = 0;
    let kept = cell.char_indices().find(|(_, c)| {
        column += c.width().unwrap_or(0);
        column > room
    });
    let end = kept.map_or(cell.len(), |(at, _)| at);
    Cow::Owned(format!("{}{CUT}", cell[..end].trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table<const N: usize>(form: TableForm, head: [&'static str; N], rows: &[[&str; N]]) -> String {
        let mut out = Vec::new();
        write(&mut out, form, head, || rows.iter().map(|row| row.map(Cow::Borrowed))).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them_and_nothing_follows_the_last_word() {
        let form = TableForm::Columns(None, Colour::Plain);
        let text = table(form, ["NO", "NAME", "SIGN"], &[["1", "李", "x"], ["10", "\u{202e}", ""]]);
        assert_eq!(text, "NO  NAME      SIGN\n1   李        x\n10  \\u{202e}\n");
    }

    #[test]
    fn the_longest_cells_are_shortened_until_every_row_fits() {
        let form = TableForm::Columns(Some(40), Colour::Plain);
        let long = "Wolfeschlegelsteinhausenbergerdorff";
        let rows =
            [["1", long, "ada@acme.example", "tracked"], ["2", "李李李李李李李李李李", "b", "tracked"]];
        let text = table(form, ["NO", "NAME", "ID", "TRACKING"], &rows);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert_eq!(text.lines().filter(|line| line.contains('…')).count(), 2, "{text}");
        assert!(text.lines().all(|line| !line.starts_with('1') || line.ends_with("tracked")), "{text}");
    }

    #[test]
    fn where_nothing_can_be_shortened_any_more_rows_are_as_wide_as_they_are() {
        let form = TableForm::Columns(Some(10), Colour::Plain);
        let text = table(form, ["ABCDEFGHIJKL", "NAME"], &[["1", "a name that is long"]]);
        assert_eq!(text, "ABCDEFGHIJKL  NAME\n1             a name…\n");
    }

    #[test]
    fn comma_separated_values_are_whole_and_quoted_where_they_have_to_be() {
        let text = table(TableForm::Csv, ["NO", "LAST SEEN"], &[["1", "a \"b\", c"], ["2", "two\nlines"]]);
        assert_eq!(text, "no,last seen\n1,\"a \"\"b\"\", c\"\n2,\"two\nlines\"\n");
    }
}
