//! How do rows stand in columns? One line each, never wrapped, so that other tools can take them apart.

use std::borrow::Cow;
use std::io;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::render::escape::visible;
use crate::render::layout::Colour;

/// The columns between two columns.
const GAP: usize = 2;

/// Writes a table. Rows are asked for twice, for their widths and for their words, and are never kept: there may be 100,000.
pub(crate) fn write<'a, const N: usize, I: Iterator<Item = [Cow<'a, str>; N]>>(
    out: &mut dyn io::Write,
    colour: Colour,
    head: [&'static str; N],
    rows: impl Fn() -> I,
) -> io::Result<()> {
    let mut widths = head.map(UnicodeWidthStr::width);
    for row in rows() {
        for (width, cell) in widths.iter_mut().zip(&row) {
            *width = (*width).max(visible(cell).width());
        }
    }
    let strong = if colour == Colour::Ansi { Style::new().bold() } else { Style::new() };
    line(out, strong, widths, &head)?;
    rows().try_for_each(|row| line(out, Style::new(), widths, &row))
}

fn line<const N: usize>(
    out: &mut dyn io::Write,
    style: Style,
    widths: [usize; N],
    cells: &[impl AsRef<str>; N],
) -> io::Result<()> {
    let last = cells.iter().rposition(|cell| !cell.as_ref().is_empty()).unwrap_or(0);
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate().take(last + 1) {
        let cell = visible(cell.as_ref());
        let fill = if at == last { 0 } else { width.saturating_sub(cell.width()) + GAP };
        write!(out, "{style}{cell}{style:#}{:fill$}", "")?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them_and_nothing_follows_the_last_word() {
        let rows = [["1", "李", "x"], ["10", "\u{202e}", ""]];
        let mut out = Vec::new();
        write(&mut out, Colour::Plain, ["NO", "NAME", "SIGN"], || {
            rows.iter().map(|row| row.map(Cow::Borrowed))
        })
        .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "NO  NAME      SIGN\n1   李        x\n10  \\u{202e}\n");
    }
}
