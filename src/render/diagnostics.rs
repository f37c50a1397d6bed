//! Diagnostics as text: with excerpts as rustc prints them, or one line each.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::diag::{Code, Diagnostic, Place, Severity, Source, Sources, Span};
use crate::render::{Colour, Redaction};

/// Lines shown before and after a marked one.
const BEFORE: usize = 2;
const AFTER: usize = 1;
/// Two marks of one file at most so many lines apart share an excerpt.
const NEAR: usize = 6;
/// An excerpt with more bytes is left out: it would be one endless line.
const LONGEST: usize = 4096;
/// So many problems of one code get an excerpt; the others are only counted on a terminal.
const EXCERPTS: usize = 200;

/// Writes each diagnostic with the lines it is about. Beyond 200 of one code only their number is written, which is said.
pub fn excerpts(
    out: &mut impl Write,
    found: &[Diagnostic],
    sources: &Sources,
    colour: Colour,
) -> io::Result<()> {
    let renderer = match colour {
        Colour::Ansi => Renderer::styled(),
        Colour::Plain => Renderer::plain(),
    }
    .decor_style(DecorStyle::Ascii);
    let mut seen: BTreeMap<Code, usize> = BTreeMap::new();
    for it in found {
        let of_code = seen.entry(it.code).or_default();
        *of_code += 1;
        if *of_code <= EXCERPTS {
            writeln!(out, "{}\n", renderer.render(&[group(it, sources)]))?;
        }
    }
    for (code, count) in seen.into_iter().filter(|&(_, count)| count > EXCERPTS) {
        let more = count - EXCERPTS;
        writeln!(out, "… and {more} more of [{code}]\n")?;
    }
    Ok(())
}

/// Writes `path:line:column: severity[code]: message`, one line for each diagnostic. With redaction the message is what the
/// code says of every such problem.
pub fn lines(
    out: &mut impl Write,
    found: &[Diagnostic],
    sources: &Sources,
    redaction: Redaction,
) -> io::Result<()> {
    for it in found {
        let message = match redaction {
            Redaction::Off => visible(&it.message),
            Redaction::On => it.code.summary().into(),
        };
        let (severity, code) = (it.severity, it.code);
        match &it.place {
            Place::File(path) => write!(out, "{}", visible(path))?,
            Place::Span(span) => match sources.locate(*span) {
                Some(location) => write!(out, "{}", visible(&location.to_string()))?,
                None => write!(out, "?")?,
            },
        }
        writeln!(out, ": {severity}[{code}]: {message}")?;
    }
    Ok(())
}

/// One diagnostic: title, excerpts, help.
fn group<'a>(it: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match it.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&it.message)).id(it.code.name());
    let help = it.help.as_ref().map(|help| Level::HELP.message(visible(help)));
    title.elements(places(it, sources)).elements(help)
}

/// The excerpts of a diagnostic, the one it is about first.
fn places<'a>(it: &'a Diagnostic, sources: &'a Sources) -> Vec<Element<'a>> {
    let span = match &it.place {
        Place::File(path) => return vec![Origin::path(visible(path)).into()],
        Place::Span(span) => *span,
    };
    let primary = Mark { span, kind: AnnotationKind::Primary, label: it.label.as_deref() };
    let related = it.related.iter().map(|(span, what)| Mark {
        span: *span,
        kind: AnnotationKind::Context,
        label: Some(what),
    });
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    for mark in std::iter::once(primary).chain(related) {
        let Some(at) = sources.locate(mark.span) else { continue };
        match excerpts.iter_mut().find(|excerpt| excerpt.takes(at.source, at.line)) {
            Some(excerpt) => excerpt.add(at.line, mark),
            None => excerpts.push(Excerpt { source: at.source, lines: at.line..=at.line, marks: vec![mark] }),
        }
    }
    excerpts.into_iter().map(Excerpt::element).collect()
}

/// A marked place.
struct Mark<'a> {
    span: Span,
    kind: AnnotationKind,
    label: Option<&'a str>,
}

/// Marks of one file that are near each other.
struct Excerpt<'a> {
    source: &'a Source,
    /// The lines that hold a mark, from the first to the last.
    lines: RangeInclusive<usize>,
    marks: Vec<Mark<'a>>,
}

impl<'a> Excerpt<'a> {
    fn takes(&self, source: &Source, line: usize) -> bool {
        std::ptr::eq(self.source, source)
            && line + NEAR >= *self.lines.start()
            && line <= *self.lines.end() + NEAR
    }

    fn add(&mut self, line: usize, mark: Mark<'a>) {
        self.lines = line.min(*self.lines.start())..=line.max(*self.lines.end());
        self.marks.push(mark);
    }

    fn element(self) -> Element<'a> {
        let first = self.lines.start().saturating_sub(BEFORE).max(1);
        let last = (self.lines.end() + AFTER).min(self.source.line_count());
        let window = self.source.line(first).start..self.source.line(last).end;
        let path = visible(self.source.path());
        if window.len() > LONGEST {
            return self.place_only(path);
        }
        let marks = self.marks.iter().map(|mark| {
            let range = self.source.range(mark.span);
            let start = range.start.clamp(window.start, window.end) - window.start;
            let end = range.end.clamp(window.start, window.end) - window.start;
            mark.kind.span(start..end).label(mark.label.map(visible))
        });
        let text = self.source.text().get(window.clone()).unwrap_or_default();
        let snippet = Snippet::<Annotation<'_>>::source(text).line_start(first).path(path).fold(false);
        snippet.annotations(marks).into()
    }

    /// File, line and column of the first mark, without the text.
    fn place_only(&self, path: String) -> Element<'a> {
        let origin = Origin::path(path).line(*self.lines.start());
        let column = self.marks.first().map(|mark| self.source.locate(mark.span.start).column);
        match column {
            Some(column) => origin.char_column(column).into(),
            None => origin.into(),
        }
    }
}

/// Text without characters that could move a terminal's cursor or hide what follows.
fn visible(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(text)
}
