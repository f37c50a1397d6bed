//! Rows become files of CSV, none of them too large: each has the header, rows stay whole and in order.

use csv::{Writer, WriterBuilder};

/// A file, and how many rows it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::export) struct Part {
    pub(in crate::export) rows: usize,
    pub(in crate::export) bytes: Vec<u8>,
}

/// Why there are no files.
#[derive(Debug, thiserror::Error)]
pub(in crate::export) enum NoParts {
    /// A row that fits into no file; its position.
    #[error("row {0} is longer than a file may be")]
    Long(usize),
    /// The CSV writer's; none in memory.
    #[error("the rows can't be written")]
    Csv(#[from] csv::Error),
}

/// Files of at most so many bytes; none where there are no rows.
pub(in crate::export) fn parts<'a>(
    header: &[&str],
    rows: impl Iterator<Item = Vec<&'a str>>,
    most: usize,
) -> Result<Vec<Part>, NoParts> {
    let mut line = Line::default();
    let header = line.of(header)?;
    let mut parts: Vec<Part> = Vec::new();
    for (at, row) in rows.enumerate() {
        let row = line.of(&row)?;
        if header.len() + row.len() > most {
            return Err(NoParts::Long(at));
        }
        match parts.last_mut().filter(|part| part.bytes.len() + row.len() <= most) {
            Some(part) => {
                part.bytes.extend(row);
                part.rows += 1;
            }
            None => parts.push(Part { rows: 1, bytes: [&*header, &*row].concat() }),
        }
    }
    Ok(parts)
}

/// Writes a line at a time.
#[derive(Default)]
struct Line(Vec<u8>);

impl Line {
    fn of(&mut self, cells: &[&str]) -> Result<Vec<u8>, csv::Error> {
        let mut writer: Writer<Vec<u8>> = WriterBuilder::new().from_writer(std::mem::take(&mut self.0));
        writer.write_record(cells)?;
        let line = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(rows: &[String], most: usize) -> Vec<Part> {
        parts(&["username"], rows.iter().map(|it| vec![it.as_str()]), most).unwrap()
    }

    /// Rows of 20 bytes each, and one that makes the file as long as it is to be: the header has 9.
    fn sized(bytes: usize) -> Vec<String> {
        let rest = bytes - 9;
        let (count, odd) = (rest / 20 - 1, rest % 20);
        let mut rows: Vec<String> = (0..count).map(|n| format!("{n:019}")).collect();
        rows.push("x".repeat(19 + odd));
        rows
    }

    #[test]
    fn a_file_is_split_where_it_would_be_a_byte_too_large() {
        for (bytes, files) in [(2_000_000, 1), (3_000_000, 1), (3_000_001, 2)] {
            let parts = of(&sized(bytes), 3_000_000);
            assert_eq!(parts.len(), files, "{bytes}");
            let headers = 9 * (files - 1);
            assert_eq!(parts.iter().map(|part| part.bytes.len()).sum::<usize>(), bytes + headers);
            assert!(parts.iter().all(|part| part.bytes.len() <= 3_000_000));
        }
    }

    #[test]
    fn without_rows_there_is_no_file_and_a_row_that_fits_into_none_is_an_error() {
        assert_eq!(of(&[], 100), []);
        let long = parts(&["username"], [vec!["a"], vec![&*"x".repeat(100)]].into_iter(), 100);
        assert!(matches!(long, Err(NoParts::Long(1))));
    }

    #[test]
    fn what_parts_cells_is_quoted_and_what_looks_like_a_formula_is_not_changed() {
        let rows = [vec!["=1+1", "a,b"], vec!["@x", "say \"no\""]];
        let parts = parts(&["username", "email"], rows.into_iter(), 1000).unwrap();
        let text = String::from_utf8(parts[0].bytes.clone()).unwrap();
        assert_eq!(text, "username,email\n=1+1,\"a,b\"\n@x,\"say \"\"no\"\"\"\n");
    }

    proptest! {
        #[test]
        fn the_parts_together_are_the_whole_and_none_is_too_large(
            rows in prop::collection::vec("[a-zé,\"=;@. ]{1,12}", 0..200),
            most in 40usize..400,
        ) {
            let (whole, parts) = (of(&rows, usize::MAX), of(&rows, most));
            prop_assert!(parts.iter().all(|part| part.bytes.len() <= most));
            let headless = |parts: &[Part]| -> Vec<u8> {
                parts.iter().flat_map(|part| part.bytes[9..].to_vec()).collect()
            };
            prop_assert_eq!(headless(&whole), headless(&parts));
            prop_assert_eq!(parts.iter().map(|part| part.rows).sum::<usize>(), rows.len());
            for part in &parts {
                let mut reader = csv::Reader::from_reader(&*part.bytes);
                prop_assert_eq!(reader.records().flatten().count(), part.rows, "rows are whole");
            }
        }
    }
}
