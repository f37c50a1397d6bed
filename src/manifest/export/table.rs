//! Which rows does an export have? Its header, then a row at a time with its line.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord, Terminator};

use crate::manifest::export::flaw::Flaw;
use crate::manifest::export::text::{Shape, Text};
use crate::model::{fold, tidy};

/// More columns are no table.
const MOST_COLUMNS: usize = 16_384;

/// An export that is being read.
pub(super) struct Table<R> {
    reader: csv::Reader<Text<R>>,
    /// The names of the columns, without the spaces around them.
    pub(super) header: Vec<String>,
    /// The line of the header.
    pub(super) first: u64,
    record: StringRecord,
}

/// A row: the line it begins in, and its cells.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) cells: &'a StringRecord,
}

/// How the last line of a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLine {
    /// With a line break.
    Ended,
    /// Without: the file may break off in it.
    Open,
}

impl<R: Read> Table<R> {
    /// Reads the header of a file that is read from its start again: the first row below so many lines. What parts the cells is seen,
    /// unless it is given.
    pub(super) fn open(file: R, shape: Shape, skip: u64, delimiter: Option<u8>) -> Result<Self, Flaw> {
        let mut text = Text::new(file, shape);
        let delimiter = text.begin(skip, delimiter)?;
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(64 << 10)
            .from_reader(text);
        let mut table = Self { reader, header: Vec::new(), first: 1, record: StringRecord::new() };
        // Rows of nothing before the header are no header.
        while let Some(row) = table.next()? {
            if row.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let (line, columns) = (row.line, row.cells.len());
            if columns > MOST_COLUMNS {
                return Err(Flaw::LongCell { line });
            }
            let header = row.cells.iter().map(|name| tidy(name).into_owned()).collect();
            (table.first, table.header) = (line, header);
            return Ok(table);
        }
        Err(Flaw::Empty)
    }

    /// The next row, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, Flaw> {
        match self.reader.read_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(error) => {
                let flaw = self.reader.get_mut().flaw();
                return Err(flaw.unwrap_or_else(|| Flaw::Io(error.into())));
            }
        }
        // Every row ends with a line break, and so does every line that a cell spreads over.
        let within = self.record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        let line = self.reader.position().line().saturating_sub(1 + within).max(1);
        Ok(Some(Row { line, cells: &self.record }))
    }

    /// The column of a name; every column, where several have it.
    pub(super) fn columns(&self, name: &str) -> Vec<usize> {
        let wanted = tidy(name);
        let wanted = fold(&wanted);
        let named = self.header.iter().enumerate().filter(|(_, column)| fold(column) == wanted);
        named.map(|(at, _)| at).collect()
    }

    /// How the last line ends, once all rows are read.
    pub(super) fn last_line(&self) -> LastLine {
        if self.reader.get_ref().is_open() { LastLine::Open } else { LastLine::Ended }
    }

    /// SHA-256 of the file, once all rows are read.
    pub(super) fn sha256(self) -> [u8; 32] {
        self.reader.into_inner().sha256()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
        let shape = Shape::of(&mut text.as_bytes(), None).unwrap();
        let mut table = Table::open(text.as_bytes(), shape, 0, None).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = table.next().unwrap() {
            rows.push((row.line, row.cells.iter().map(str::to_owned).collect()));
        }
        (table.header, rows)
    }

    #[test]
    fn a_row_knows_its_line_whatever_stands_above_it() {
        let (header, rows) = rows("\n;\n Name ;Note\r\n\r\nAda;\"one\r\ntwo\"\r\n\r\n\r\nBob;x");
        assert_eq!(header, ["Name", "Note"]);
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!((lines, rows[0].1[1].as_str()), (vec![5, 9], "one\ntwo"));
    }

    #[test]
    fn a_column_is_found_by_its_name_without_case_or_spaces() {
        let text = "Work Email , name,Name\n";
        let table =
            Table::open(text.as_bytes(), Shape::of(&mut text.as_bytes(), None).unwrap(), 0, None).unwrap();
        assert_eq!((table.columns("work email"), table.columns(" NAME")), (vec![0], vec![1, 2]));
        assert!(table.columns("Email").is_empty());
    }
}
