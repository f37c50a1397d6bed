//! Which file, line and column is a number of [`Origin`]?

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::diag::span::Span;
use crate::model::Origin;

/// One file that was read and its place among all of them: the text of a manifest, or the shape of a table, of which no text is
/// kept.
#[derive(Debug)]
pub struct Source {
    path: Box<str>,
    base: u32,
    /// How many numbers its places take.
    places: u32,
    body: Body,
}

/// What is kept of a file to find its places.
#[derive(Debug)]
enum Body {
    /// A number for each byte.
    Text {
        text: Box<str>,
        /// Byte offset in `text` of each line's first byte; built by the first look-up.
        lines: OnceLock<Box<[u32]>>,
    },
    /// A number for each line, and one for each cell that stands in it.
    Table { columns: u32 },
}

impl Source {
    /// The path as shown, with `/` on every system; it opens the file from the working directory.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text, without a byte order mark; empty for a table.
    pub fn text(&self) -> &str {
        match &self.body {
            Body::Text { text, .. } => text,
            Body::Table { .. } => "",
        }
    }

    /// Whether it is a table, whose lines can't be shown.
    pub fn is_table(&self) -> bool {
        matches!(self.body, Body::Table { .. })
    }

    /// The global span of a byte range of [`text`](Self::text).
    pub fn span(&self, range: Range<usize>) -> Span {
        let most = self.text().len();
        let global = |offset: usize| self.base + u32::try_from(offset.min(most)).unwrap_or(u32::MAX);
        Span::new(global(range.start), global(range.end))
    }

    /// The part of a global span that lies in this text, as a byte range of it.
    pub fn range(&self, span: Span) -> Range<usize> {
        let local = |offset: u32| (offset.saturating_sub(self.base) as usize).min(self.text().len());
        local(span.start)..local(span.end)
    }

    /// The number of lines of a text; an empty one has one.
    pub fn line_count(&self) -> usize {
        self.lines().len()
    }

    /// The byte range of a line of a text, counted from 1 and without its line break; empty past the last line.
    pub fn line(&self, number: usize) -> Range<usize> {
        let text = self.text();
        let start = |index: usize| self.lines().get(index).map_or(text.len(), |&at| at as usize);
        let range = start(number.saturating_sub(1))..start(number);
        let line = text.get(range.clone()).unwrap_or_default();
        range.start..range.start + line.trim_end_matches(['\n', '\r']).len()
    }

    fn lines(&self) -> &[u32] {
        let Body::Text { text, lines } = &self.body else { return &[0] };
        lines.get_or_init(|| {
            let after =
                |(at, byte): (usize, u8)| (byte == b'\n').then(|| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(text.bytes().enumerate().filter_map(after)).collect()
        })
    }

    /// Where a global number of this file is.
    pub fn locate(&self, offset: u32) -> Location<'_> {
        let local = offset.saturating_sub(self.base);
        if let Body::Table { columns } = self.body {
            let (line, cell) = (local / (columns + 1), local % (columns + 1));
            return Location { source: self, line: line as usize + 1, column: cell.max(1) as usize };
        }
        let line = self.lines().partition_point(|&start| start <= local).max(1);
        let start = self.lines().get(line - 1).copied().unwrap_or_default();
        let before = self.text().get(start as usize..local as usize).unwrap_or_default();
        Location { source: self, line, column: before.chars().count() + 1 }
    }
}

/// The numbers of a table's places.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    base: u32,
    places: u32,
    columns: u32,
}

impl Table {
    /// A line, counted from 1.
    pub fn row(self, line: u64) -> Origin {
        self.at(line, 0)
    }

    /// A cell of a line, counted from 0 as the columns are.
    pub fn cell(self, line: u64, column: usize) -> Origin {
        self.at(line, u32::try_from(column).map_or(self.columns, |column| (column + 1).min(self.columns)))
    }

    fn at(self, line: u64, cell: u32) -> Origin {
        let local = line.saturating_sub(1).saturating_mul(u64::from(self.columns) + 1) + u64::from(cell);
        let last = self.places.saturating_sub(1);
        Origin::at(self.base + u32::try_from(local).map_or(last, |local| local.min(last)))
    }
}

/// A place as people read it. `Display` is `path:line:column`; the columns of a table are its cells.
#[derive(Debug, Clone, Copy)]
pub struct Location<'a> {
    /// The file.
    pub source: &'a Source,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1; in a table, the cell.
    pub column: usize,
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source.path, self.line, self.column)
    }
}

/// All sources together have more places than an [`Origin`] can number (4 Gi).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all manifests together are over 4 GiB")]
pub struct TooMuchText;

/// Every file that was read, in the order their places are numbered.
///
/// One number lies between two files, so that the end of one is not the start of the next.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds one text behind the others; the caller adds files sorted by path.
    pub fn add(
        &mut self,
        path: impl Into<Box<str>>,
        text: impl Into<Box<str>>,
    ) -> Result<&Source, TooMuchText> {
        let text = text.into();
        let places = text.len() as u64;
        self.push(path.into(), places, Body::Text { text, lines: OnceLock::new() })
    }

    /// Adds a table behind the others: so many lines at most, of so many columns.
    pub fn add_table(
        &mut self,
        path: impl Into<Box<str>>,
        lines: u64,
        columns: usize,
    ) -> Result<Table, TooMuchText> {
        let columns = u32::try_from(columns).map_err(|_| TooMuchText)?;
        let places = lines.saturating_mul(u64::from(columns) + 1);
        let &Source { base, places, .. } = self.push(path.into(), places, Body::Table { columns })?;
        Ok(Table { base, places, columns })
    }

    fn push(&mut self, path: Box<str>, places: u64, body: Body) -> Result<&Source, TooMuchText> {
        let base = self.files.last().map_or(0, |last| u64::from(last.base) + u64::from(last.places) + 1);
        // `Origin::NONE` is the one number that is no place.
        if base.saturating_add(places) >= u64::from(u32::MAX) {
            return Err(TooMuchText);
        }
        let (base, places) =
            (base.try_into().map_err(|_| TooMuchText)?, places.try_into().map_err(|_| TooMuchText)?);
        self.files.push(Source { path, base, places, body });
        self.files.last().ok_or(TooMuchText)
    }

    /// The manifests among the files.
    pub fn texts(&self) -> impl Iterator<Item = &Source> {
        self.files.iter().filter(|file| !file.is_table())
    }

    /// The files in numbering order.
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The file that holds a span's start.
    pub fn file(&self, span: Span) -> Option<&Source> {
        let after = self.files.partition_point(|file| file.base <= span.start);
        let file = self.files.get(after.checked_sub(1)?)?;
        (u64::from(span.start) <= u64::from(file.base) + u64::from(file.places)).then_some(file)
    }

    /// Where a span starts.
    pub fn locate(&self, span: Span) -> Option<Location<'_>> {
        self.file(span).map(|file| file.locate(span.start))
    }

    /// Where a fact was said, unless no manifest says it.
    pub fn locate_origin(&self, origin: Origin) -> Option<Location<'_>> {
        self.locate(Span::at(origin)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_files() -> Sources {
        let mut sources = Sources::default();
        sources.add("a.yaml", "ä: b\nc: d").unwrap();
        sources.add("b.yaml", "x\r\ny").unwrap();
        sources
    }

    #[test]
    fn a_column_counts_characters_and_a_line_counts_from_one() {
        let sources = two_files();
        let shown = |offset| sources.locate(Span::new(offset, offset)).map(|it| it.to_string());
        assert_eq!(shown(0).as_deref(), Some("a.yaml:1:1"));
        assert_eq!(shown(2).as_deref(), Some("a.yaml:1:2"));
        assert_eq!(shown(6).as_deref(), Some("a.yaml:2:1"));
    }

    #[test]
    fn the_end_of_a_file_is_not_the_start_of_the_next() {
        let sources = two_files();
        let shown = |offset| sources.locate(Span::new(offset, offset)).map(|it| it.to_string());
        assert_eq!(shown(10).as_deref(), Some("a.yaml:2:5"));
        assert_eq!(shown(11).as_deref(), Some("b.yaml:1:1"));
        assert_eq!(shown(15).as_deref(), Some("b.yaml:2:2"));
        assert_eq!(shown(16), None);
    }

    #[test]
    fn a_line_leaves_its_break_out() {
        let sources = two_files();
        let file = &sources.files()[1];
        assert_eq!(file.line_count(), 2);
        assert_eq!(&file.text()[file.line(1)], "x");
        assert_eq!(&file.text()[file.line(2)], "y");
        assert_eq!(file.line(3), 4..4);
    }

    #[test]
    fn a_table_numbers_its_rows_and_cells_without_its_text() {
        let mut sources = two_files();
        let table = sources.add_table("hr/a.csv", 1_000_000, 3).unwrap();
        sources.add("z.yaml", "z").unwrap();
        let shown = |origin| sources.locate_origin(origin).map(|it| it.to_string());
        assert_eq!(shown(table.row(1)).as_deref(), Some("hr/a.csv:1:1"));
        assert_eq!(shown(table.cell(1204, 0)).as_deref(), Some("hr/a.csv:1204:1"));
        assert_eq!(shown(table.cell(1_000_000, 2)).as_deref(), Some("hr/a.csv:1000000:3"));
        assert_eq!(shown(table.cell(1, 9)).as_deref(), Some("hr/a.csv:1:3"), "no cell is in the next line");
        assert_eq!(shown(table.row(u64::MAX)).as_deref(), Some("hr/a.csv:1000000:3"), "nor in the next file");
        assert_eq!(shown(sources.files()[3].span(0..1).origin()).as_deref(), Some("z.yaml:1:1"));
    }

    #[test]
    fn more_places_than_there_are_numbers_are_refused() {
        assert!(Sources::default().add_table("a.csv", 1 << 30, 7).is_err());
        assert!(Sources::default().add_table("a.csv", u64::MAX, 7).is_err());
    }

    #[test]
    fn what_no_manifest_says_has_no_location() {
        assert!(two_files().locate_origin(Origin::NONE).is_none());
        assert!(Sources::default().locate_origin(Origin::at(0)).is_none());
    }

    #[test]
    fn a_span_and_a_range_are_the_same_place() {
        let sources = two_files();
        let file = &sources.files()[1];
        assert_eq!(file.range(file.span(0..1)), 0..1);
        assert_eq!(file.span(0..1), Span::new(11, 12));
    }
}
