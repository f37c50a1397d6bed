//! What is in an HR upload: the rows of its CSV ("Update Users via CSV" guide, POST /hrdc/v2/bulk).

/// A file that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HrFile {
    pub(super) rows: Vec<Row>,
    pub(super) groups: Groups,
}

/// Whether the file speaks about groups at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Groups {
    /// It does: what it says is all there is.
    Snapshot,
    /// It does, and the same unless none of its rows match: then it says nothing.
    SnapshotOfMatched,
    /// It does, and is a part of a file: nobody leaves, and no group goes.
    Part,
    /// It has no `group` column.
    NotMentioned,
}

/// What it says about one user; blank cells say nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) lookup: String,
    pub(super) employee_id: Option<String>,
    pub(super) email: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) group: Option<String>,
    pub(super) untrack: bool,
    pub(super) delete_data: bool,
}

/// Why a file was not accepted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HrFileError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// No row can be matched.
    #[error("the file has no user_lookup_id column")]
    NoLookup,
    /// It is no CSV.
    #[error("the file is no CSV: {0}")]
    NoCsv(String),
}

impl HrFile {
    /// Reads a file; columns of other names are ignored.
    ///
    /// # Errors
    /// It is empty, no CSV in UTF-8, or has no `user_lookup_id` column.
    pub(crate) fn read(bytes: &[u8]) -> Result<HrFile, HrFileError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            return Err(HrFileError::Empty);
        }
        let no_csv = |error: csv::Error| HrFileError::NoCsv(error.to_string());
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(no_csv)?.clone();
        let column = |name: &str| header.iter().position(|held| held == name);
        let lookup = column("user_lookup_id").ok_or(HrFileError::NoLookup)?;
        let columns =
            ["employee_id", "email_address", "display_name", "group", "track", "delete_user"].map(column);
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(no_csv)? {
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).filter(|cell| !cell.is_empty());
            let [employee_id, email, display_name, group, track, delete_user] = columns.map(cell);
            rows.push(Row {
                lookup: record.get(lookup).unwrap_or_default().to_owned(),
                employee_id: employee_id.map(str::to_owned),
                email: email.map(str::to_owned),
                display_name: display_name.map(str::to_owned),
                group: group.map(str::to_owned),
                untrack: track.is_some_and(|track| track.eq_ignore_ascii_case("n")),
                delete_data: delete_user.is_some_and(|delete| delete.eq_ignore_ascii_case("y")),
            });
        }
        let groups = if columns[3].is_some() { Groups::Snapshot } else { Groups::NotMentioned };
        Ok(HrFile { rows, groups })
    }

    /// The first half of its rows.
    pub(crate) fn half(&self) -> HrFile {
        let rows = self.rows[..self.rows.len().div_ceil(2)].to_vec();
        let groups = match self.groups {
            Groups::Snapshot | Groups::SnapshotOfMatched => Groups::Part,
            other => other,
        };
        HrFile { rows, groups }
    }

    /// The file with a display name in its first row: what its user is found by.
    pub(crate) fn renaming(mut self) -> HrFile {
        if let Some(row) = self.rows.first_mut() {
            row.display_name = Some(row.lookup.clone());
        }
        self
    }

    /// The file as an account reads it that leaves the HR groups alone where no row matches.
    pub(crate) fn of_matched(mut self) -> HrFile {
        if self.groups == Groups::Snapshot {
            self.groups = Groups::SnapshotOfMatched;
        }
        self
    }

    /// How many rows it has, the header not counted.
    pub(crate) fn lines(&self) -> usize {
        self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_upload_is_refused() {
        for (bytes, expected) in [
            (&b""[..], HrFileError::Empty),
            (b"\xef\xbb\xbf \r\n", HrFileError::Empty),
            (b"employee_id,group\nE1,A\n", HrFileError::NoLookup),
        ] {
            assert_eq!(HrFile::read(bytes), Err(expected));
        }
        for bytes in [&b"user_lookup_id,group\nE1\n"[..], b"user_lookup_id\n\xff\xfe\n"] {
            assert!(matches!(HrFile::read(bytes), Err(HrFileError::NoCsv(_))));
        }
        assert_eq!(HrFile::read(b"user_lookup_id\nE1\nE2\n").map(|file| file.lines()), Ok(2));
    }
}
