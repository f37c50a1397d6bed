//! How do words become lines? Width, wrapping, the column of places, and colour.

use std::io;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::render::escape::visible;

/// Whether lines carry colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// None.
    #[default]
    Plain,
    /// ANSI escapes.
    Ansi,
}

/// What lines are written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Columns; text wraps between its parts and is never cut.
    pub width: usize,
    /// Whether lines carry colour.
    pub colour: Colour,
}

impl Default for Layout {
    /// No terminal: 100 columns, no colour.
    fn default() -> Self {
        Self { width: 100, colour: Colour::Plain }
    }
}

/// What a part of a line says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Quiet,
    Strong,
    Added,
    Changed,
    Removed,
    Alarm,
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Quiet => Style::new().dimmed(),
            Self::Strong => Style::new().bold(),
            Self::Added => AnsiColor::Green.on_default(),
            Self::Changed => AnsiColor::Yellow.on_default(),
            Self::Removed => AnsiColor::Red.on_default(),
            Self::Alarm => AnsiColor::Red.on_default().bold(),
        }
    }

    /// The character that begins a line of a `diff`, if the tone has one there.
    const fn mark(self) -> Option<char> {
        match self {
            Self::Added => Some('+'),
            Self::Removed => Some('-'),
            Self::Changed | Self::Alarm => Some('!'),
            Self::Plain | Self::Quiet | Self::Strong => None,
        }
    }
}

/// Wider than this and an eye loses the way from a change to its place.
const WIDEST: usize = 120;
/// Narrower than this and a place no longer takes room from the text.
const NARROWEST: usize = 40;

/// How a line says what comes, goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    /// By the sign of its row.
    Own,
    /// As a block of `diff` on GitHub, which colours a line by its first character: `+`, `-` or `!`.
    Diff,
}

/// A part of a row that is never broken.
#[derive(Debug, Clone)]
struct Part {
    gap: usize,
    tone: Tone,
    text: String,
    /// Columns between it and what follows in the same line, beside the gap.
    fill: usize,
}

/// The place that asks for something.
#[derive(Debug, Clone)]
struct Spot {
    text: String,
    /// The part in whose line it stands.
    part: usize,
}

/// One line of output, or several if it is too long for one: parts, and the place that asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    indent: usize,
    hang: usize,
    /// What the row as a whole says, and the sign for it.
    sign: Option<(Tone, &'static str)>,
    parts: Vec<Part>,
    place: Option<Spot>,
}

impl Row {
    /// A row that starts at `indent` and goes on at `hang` where it wraps.
    pub(crate) const fn new(indent: usize, hang: usize) -> Self {
        Self { indent, hang, sign: None, parts: Vec::new(), place: None }
    }

    /// With one more part, `gap` columns after the last. What would act on a terminal is made visible here, so that no
    /// row can hold it.
    pub(crate) fn then(mut self, gap: usize, tone: Tone, text: &str) -> Self {
        if !text.is_empty() {
            let gap = if self.parts.is_empty() { 0 } else { gap };
            self.parts.push(Part { gap, tone, text: visible(text).into_owned(), fill: 0 });
        }
        self
    }

    /// With a sign before the first part.
    pub(crate) fn signed(self, tone: Tone, sign: &'static str) -> Self {
        Self { sign: Some((tone, sign)), ..self }
    }

    /// With a tone that only a `diff` shows: elsewhere the parts say it.
    pub(crate) fn marked(self, tone: Tone) -> Self {
        self.signed(tone, "")
    }

    /// With one more part, also if it is empty, that is filled up to `columns`.
    pub(crate) fn column(mut self, columns: usize, tone: Tone, text: &str) -> Self {
        let (gap, text) = (usize::from(!self.parts.is_empty()), visible(text).into_owned());
        let fill = columns.saturating_sub(text.width());
        self.parts.push(Part { gap, tone, text, fill });
        self
    }

    /// With words that wrap one by one, the first `gap` columns after the last part.
    pub(crate) fn words(mut self, gap: usize, tone: Tone, text: &str) -> Self {
        for (at, word) in visible(text).split(' ').enumerate() {
            self = self.then(if at == 0 { gap } else { 1 }, tone, word);
        }
        self
    }

    /// With the place that asks for it, in the first line.
    pub(crate) fn at(self, place: Option<String>) -> Self {
        self.spot(0, place)
    }

    /// With the place that asks for what comes next, in the line where that begins.
    pub(crate) fn next_at(self, place: Option<String>) -> Self {
        let part = self.parts.len();
        self.spot(part, place)
    }

    fn spot(self, part: usize, place: Option<String>) -> Self {
        Self { place: place.map(|place| Spot { text: visible(&place).into_owned(), part }), ..self }
    }

    /// The row without its sign and its place, as one line.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            if !text.is_empty() && part.gap > 0 {
                text.push(' ');
            }
            text.push_str(part.text.trim_end());
        }
        text
    }

    /// Writes the row, `margin` columns from the left.
    pub(crate) fn write(&self, out: &mut dyn io::Write, layout: Layout, margin: usize) -> io::Result<()> {
        self.lines(out, (layout, Signs::Own), margin)
    }

    /// Writes the row for a block of `diff`.
    pub(crate) fn write_diff(&self, out: &mut dyn io::Write, width: usize) -> io::Result<()> {
        self.lines(out, (Layout { width, colour: Colour::Plain }, Signs::Diff), 0)
    }

    fn lines(
        &self,
        out: &mut dyn io::Write,
        (layout, signs): (Layout, Signs),
        margin: usize,
    ) -> io::Result<()> {
        let width = layout.width.min(WIDEST);
        // In a `diff` a mark begins each line, in the columns of the sign or of the indent.
        let mark = self.sign.filter(|_| signs == Signs::Diff).and_then(|(tone, _)| tone.mark());
        let begin = mark.map(String::from).unwrap_or_default();
        let mut edge = Edge { layout, width, begin: &begin, place: self.place.as_ref() };
        let mut column = margin + self.indent;
        if mark.is_some() {
            column = column.max(MARK);
        }
        write!(out, "{begin:column$}")?;
        if let Some((tone, sign)) = self.sign.filter(|(_, sign)| mark.is_none() && !sign.is_empty()) {
            paint(out, layout.colour, tone, sign)?;
            write!(out, " ")?;
            column += sign.width() + 1;
        }
        let mut fill = 0;
        for (at, part) in self.parts.iter().enumerate() {
            let (gap, wide) = (fill + part.gap, part.text.width());
            // A line that would begin no further left has no more room.
            let is_over = column + gap + wide > edge.limit() && column + gap > margin + self.hang;
            if at > 0 && is_over {
                edge.end(out, (at, column))?;
                column = margin + self.hang;
                write!(out, "{begin:column$}")?;
            } else {
                write!(out, "{:gap$}", "")?;
                column += gap;
            }
            paint(out, layout.colour, part.tone, &part.text)?;
            column += wide;
            fill = part.fill;
        }
        edge.end(out, (usize::MAX, column))
    }
}

/// The right edge of a row's lines.
struct Edge<'r> {
    layout: Layout,
    width: usize,
    /// What begins each line.
    begin: &'r str,
    /// The place, until it is written.
    place: Option<&'r Spot>,
}

impl Edge<'_> {
    /// Up to which column a line may go.
    fn limit(&self) -> usize {
        let beside = self.place.map_or(0, |place| place.text.width() + 2);
        if self.width >= beside + NARROWEST { self.width - beside } else { self.width }
    }

    /// Ends a line that reached `column` and holds the parts before one, with the place at the right edge if one of them is
    /// its own: below, where there is no room beside them.
    fn end(&mut self, out: &mut dyn io::Write, (part, column): (usize, usize)) -> io::Result<()> {
        if let Some(place) = self.place.take_if(|place| place.part < part) {
            let start = self.width.saturating_sub(place.text.width());
            let is_beside = column + 2 <= start;
            if is_beside {
                write!(out, "{:gap$}", "", gap = start - column)?;
            } else {
                write!(out, "\n{:start$}", self.begin)?;
            }
            paint(out, self.layout.colour, Tone::Quiet, &place.text)?;
        }
        writeln!(out)
    }
}

/// The columns of a mark, and of the space behind it.
const MARK: usize = 2;

/// Writes a line as it is, whatever its length: one of a file that is shown.
pub(crate) fn styled(out: &mut dyn io::Write, layout: Layout, tone: Tone, line: &str) -> io::Result<()> {
    paint(out, layout.colour, tone, line)?;
    writeln!(out)
}

fn paint(out: &mut dyn io::Write, colour: Colour, tone: Tone, text: &str) -> io::Result<()> {
    let style = match colour {
        Colour::Plain => Style::new(),
        Colour::Ansi => tone.style(),
    };
    write!(out, "{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(row: &Row, width: usize) -> String {
        let mut out = Vec::new();
        row.write(&mut out, Layout { width, colour: Colour::Plain }, 2).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_place_stands_at_the_right_edge() {
        let row = Row::new(0, 4).then(0, Tone::Plain, "李").at(Some("a.yaml:3".into()));
        assert_eq!(shown(&row, 50), format!("  李{}a.yaml:3\n", " ".repeat(38)));
    }

    #[test]
    fn in_a_diff_a_mark_begins_every_line_of_what_comes_or_goes() {
        let shown = |row: &Row| {
            let mut out = Vec::new();
            row.write_diff(&mut out, 30).unwrap();
            String::from_utf8(out).unwrap()
        };
        let title = Row::new(0, 4)
            .signed(Tone::Changed, "~")
            .then(0, Tone::Strong, "Ada")
            .at(Some("a.yaml:3".into()));
        assert_eq!(shown(&title), "! Ada                 a.yaml:3\n");
        assert_eq!(self::shown(&title, 30), "  ~ Ada               a.yaml:3\n");
        let fact = Row::new(4, 6).marked(Tone::Removed).words(0, Tone::Removed, &"word ".repeat(8));
        assert_eq!(shown(&fact), "-   word word word word word\n-     word word word\n");
        let quiet = Row::new(0, 4).signed(Tone::Quiet, "·").words(0, Tone::Plain, "to know");
        assert_eq!(shown(&quiet), "· to know\n");
    }

    #[test]
    fn a_long_row_wraps_between_parts_and_loses_nothing() {
        let row = Row::new(0, 4).words(0, Tone::Plain, "word ".repeat(20).trim_end()).at(Some("a:1".into()));
        let text = shown(&row, 50);
        assert_eq!(text.matches("word").count(), 20);
        assert!(text.lines().all(|line| line.len() <= 50), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("      word")), "{text}");
        assert!(text.lines().next().is_some_and(|line| line.ends_with("a:1")), "{text}");
    }

    #[test]
    fn a_place_stands_in_the_line_of_what_it_is_about() {
        let row = |width| {
            let row = Row::new(0, 9).column(7, Tone::Plain, "members").then(1, Tone::Plain, "5 → 8");
            let row = row.next_at(Some("users.yaml:19".into()));
            shown(&row.then(3, Tone::Added, "+ Wilhelmina Featherstonehaugh"), width)
        };
        let wide =
            format!("  members 5 → 8   + Wilhelmina Featherstonehaugh{}users.yaml:19\n", " ".repeat(9));
        assert_eq!(row(70), wide);
        let narrow =
            format!("  members 5 → 8\n{}+ Wilhelmina Featherstonehaugh  users.yaml:19\n", " ".repeat(11));
        assert_eq!(row(56), narrow);
    }

    #[test]
    fn a_place_without_room_beside_the_text_stands_below_at_the_edge() {
        let row = Row::new(0, 4).then(0, Tone::Plain, &"x".repeat(30)).at(Some("a.yaml:3".into()));
        assert_eq!(shown(&row, 36), format!("  {}\n{}a.yaml:3\n", "x".repeat(30), " ".repeat(28)));
        let wide = Row::new(0, 4).then(0, Tone::Plain, "x").at(Some("long/".repeat(9)));
        assert_eq!(shown(&wide, 30), format!("  x\n{}\n", "long/".repeat(9)));
    }

    #[test]
    fn a_column_leaves_no_blanks_before_a_break_and_none_is_made_that_gains_no_room() {
        let row = |value: &str| {
            let row = Row::new(0, 11).column(10, Tone::Plain, "email").then(1, Tone::Plain, value);
            shown(&row.then(1, Tone::Plain, "(a remark)"), 30)
        };
        let long = "a".repeat(40);
        assert_eq!(row(&long), format!("  email      {long}\n{}(a remark)\n", " ".repeat(13)));
        let row = Row::new(0, 4).column(10, Tone::Plain, "email").then(1, Tone::Plain, &long);
        assert_eq!(shown(&row, 30), format!("  email\n      {long}\n"));
    }

    #[test]
    fn a_part_longer_than_a_line_is_kept_whole() {
        let long = "x".repeat(10_000);
        assert!(shown(&Row::new(0, 4).then(0, Tone::Plain, &long), 80).contains(&long));
    }

    #[test]
    fn colour_is_only_where_it_is_asked_for() {
        let row = Row::new(0, 4).then(0, Tone::Removed, "gone");
        assert!(!shown(&row, 80).contains('\u{1b}'));
        let mut out = Vec::new();
        row.write(&mut out, Layout { width: 80, colour: Colour::Ansi }, 0).unwrap();
        assert!(out.contains(&0x1b));
    }
}
