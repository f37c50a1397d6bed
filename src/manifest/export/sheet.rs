//! What does a file of rows hold that no source maps? Its header and every row as it is: who asks for it knows the columns.

use std::fs::File;
use std::path::Path;

use crate::diag::{Code, Diagnostic, Place};
use crate::manifest::export::flaw::{Flaw, flaw_diagnostic};
use crate::manifest::export::table::Table;
use crate::manifest::export::text::Shape;
use crate::manifest::files::{self, Limits};

/// A file of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns, without the spaces around them.
    pub header: Vec<String>,
    /// Every row that says anything, each with as many cells as the header.
    pub rows: Vec<SheetRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The line that it begins in, counted from 1.
    pub line: u64,
    /// Its cells, in the order of the header.
    pub cells: Vec<String>,
}

/// Reads a file of rows whole: in whatever encoding and with whatever separator HR exports are read in.
///
/// # Errors
/// It can't be read, or it breaks off: a row has more cells than the header, or fewer.
pub fn sheet(path: &Path) -> Result<Sheet, Diagnostic> {
    let file = files::at_hand(path)?;
    let of_file = |flaw: Flaw| flaw_diagnostic(flaw, None, &file.shown, None);
    let open = || File::open(&file.file).map_err(|error| of_file(error.into()));
    let bytes = open()?.metadata().map_err(|error| of_file(error.into()))?.len();
    let most = Limits::default().export;
    if bytes > most {
        let message = format!("this file has {bytes} bytes, at most {most} are read");
        return Err(Diagnostic::new(Code::TooLarge, Place::file(&*file.shown), message));
    }
    let shape = Shape::of(&mut open()?, None).map_err(of_file)?;
    let mut table = Table::open(open()?, shape, 0, None).map_err(of_file)?;
    let (header, mut rows) = (table.header.clone(), Vec::new());
    while let Some(row) = table.next().map_err(of_file)? {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if row.cells.len() != header.len() {
            let (line, cells, columns) = (row.line, row.cells.len(), header.len());
            let message = format!(
                "line {line} has {cells} cells, and the header {columns}: the file breaks off here, or was edited"
            );
            let problem = Diagnostic::new(Code::BrokenRow, Place::file(&*file.shown), message);
            return Err(problem.help("export it again"));
        }
        rows.push(SheetRow { line: row.line, cells: row.cells.iter().map(str::to_owned).collect() });
    }
    Ok(Sheet { header, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Sheet, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.csv");
        std::fs::write(&path, bytes).unwrap();
        sheet(&path).map_err(|problem| problem.message)
    }

    fn cells(sheet: &Sheet) -> Vec<Vec<&str>> {
        sheet.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn a_list_is_read_whatever_parts_its_cells_and_whichever_encoding_it_is_in() {
        for bytes in [
            "Username,Name\nada@acme.example,\"Łovelace, \"\"Ada\"\"\"\n".as_bytes().to_vec(),
            "\u{feff}Username;Name\r\nada@acme.example;\"Łovelace, \"\"Ada\"\"\"\r\n\r\n".as_bytes().to_vec(),
            "Username\tName\nada@acme.example\t\"Łovelace, \"\"Ada\"\"\"".as_bytes().to_vec(),
        ] {
            let sheet = read(&bytes).unwrap();
            assert_eq!(sheet.header, ["Username", "Name"]);
            assert_eq!(cells(&sheet), [["ada@acme.example", "Łovelace, \"Ada\""]]);
        }
        let western = read(b"Username;Name\nzo\xeb@acme.example;Zo\xeb\n").unwrap();
        assert_eq!(cells(&western), [["zoë@acme.example", "Zoë"]]);
    }

    #[test]
    fn a_header_alone_is_a_list_of_nobody_and_nothing_is_no_list() {
        assert_eq!(read(b"Username,Name\n").unwrap().rows, []);
        assert_eq!(read(b"").unwrap_err(), "there is nothing in this file");
        assert_eq!(read(b"\n\n").unwrap_err(), "there is nothing in this file");
    }

    #[test]
    fn a_list_that_breaks_off_is_none() {
        for bytes in [
            &b"Username,Name\nada@acme.example,Ada\nbob@acm"[..],
            b"Username,Name\nada@acme.example,Ada,Lovelace\n",
            b"Username,Name\nada@acme.example,\"Ada\nbob@acme.example,Bob\n",
            b"Username\n\"ada@acme.example",
        ] {
            assert!(read(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
    }
}
