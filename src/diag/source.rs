//! Which file, line and column is a byte offset?

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::diag::Span;
use crate::model::Origin;

/// The text of one manifest and its place among all of them.
#[derive(Debug)]
pub struct Source {
    path: Box<str>,
    text: Box<str>,
    base: u32,
    /// Byte offset in `text` of each line's first byte; built by the first look-up.
    lines: OnceLock<Box<[u32]>>,
}

impl Source {
    /// The path as shown, with `/` on every system; it opens the file from the working directory.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The global span of a byte range of [`text`](Self::text).
    pub fn span(&self, range: Range<usize>) -> Span {
        let global =
            |offset: usize| self.base + u32::try_from(offset.min(self.text.len())).unwrap_or(u32::MAX);
        Span::new(global(range.start), global(range.end))
    }

    /// The part of a global span that lies in this text, as a byte range of it.
    pub fn range(&self, span: Span) -> Range<usize> {
        let local = |offset: u32| (offset.saturating_sub(self.base) as usize).min(self.text.len());
        local(span.start)..local(span.end)
    }

    /// The number of lines; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.lines().len()
    }

    /// The byte range of a line, counted from 1 and without its line break; empty past the last line.
    pub fn line(&self, number: usize) -> Range<usize> {
        let start = |index: usize| self.lines().get(index).map_or(self.text.len(), |&at| at as usize);
        let range = start(number.saturating_sub(1))..start(number);
        let line = self.text.get(range.clone()).unwrap_or_default();
        range.start..range.start + line.trim_end_matches(['\n', '\r']).len()
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let after =
                |(at, byte): (usize, u8)| (byte == b'\n').then(|| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(self.text.bytes().enumerate().filter_map(after)).collect()
        })
    }

    /// Where a global offset in this text is.
    pub fn locate(&self, offset: u32) -> Location<'_> {
        let local = offset.saturating_sub(self.base);
        let line = self.lines().partition_point(|&start| start <= local).max(1);
        let start = self.lines().get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start as usize..local as usize).unwrap_or_default();
        Location { source: self, line, column: before.chars().count() + 1 }
    }
}

/// A place as people read it. `Display` is `path:line:column`.
#[derive(Debug, Clone, Copy)]
pub struct Location<'a> {
    /// The file.
    pub source: &'a Source,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source.path, self.line, self.column)
    }
}

/// All sources together are longer than an [`Origin`] can address (4 GiB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all manifests together are over 4 GiB")]
pub struct TooMuchText;

/// Every manifest that was read, in the order their bytes are numbered.
///
/// One byte lies between two files, so that the end of one is not the start of the next.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds one file behind the others; the caller adds files sorted by path.
    pub fn add(
        &mut self,
        path: impl Into<Box<str>>,
        text: impl Into<Box<str>>,
    ) -> Result<&Source, TooMuchText> {
        let (path, text) = (path.into(), text.into());
        let base = self.files.last().map_or(0, |last| last.base as usize + last.text.len() + 1);
        // `Origin::NONE` is the one number that is no offset.
        if base + text.len() >= u32::MAX as usize {
            return Err(TooMuchText);
        }
        let base = u32::try_from(base).map_err(|_| TooMuchText)?;
        self.files.push(Source { path, text, base, lines: OnceLock::new() });
        self.files.last().ok_or(TooMuchText)
    }

    /// The files in numbering order.
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The file that holds a span's start.
    pub fn file(&self, span: Span) -> Option<&Source> {
        let after = self.files.partition_point(|file| file.base <= span.start);
        let file = self.files.get(after.checked_sub(1)?)?;
        (span.start as usize <= file.base as usize + file.text.len()).then_some(file)
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
