//! Diagnostics as text: with excerpts as rustc prints them, or one line each.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::diag::{Code, Diagnostic, Place, Severity, Source, Sources, Span};
use crate::render::escape::visible;
use crate::render::layout::Colour;
use crate::render::view::{Redaction, masked};

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
///
/// Lines and messages name people; where they must not be named, write [`lines`] redacted.
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
            writeln!(out, "{}\n", arrows(&renderer.render(&[group(it, sources)])))?;
        }
    }
    for (code, count) in seen.into_iter().filter(|&(_, count)| count > EXCERPTS) {
        let more = count - EXCERPTS;
        writeln!(out, "… and {more} more of [{code}]\n")?;
    }
    Ok(())
}

/// The sign before a second file is `:::`, and a line that begins so is a command to runners of CI.
fn arrows(rendered: &str) -> String {
    let mut lines = Vec::new();
    for line in rendered.lines() {
        let blank = |c: char| c == ' ' || "\u{1b}[;m".contains(c) || c.is_ascii_digit();
        match line.split_once("::: ") {
            Some((margin, file)) if margin.chars().all(blank) => lines.push(format!("{margin}--> {file}")),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// Writes `path:line:column: severity[code]: message`, one line for each diagnostic.
///
/// Redacted, the message is what the code means: it names nobody.
pub fn lines(
    out: &mut impl Write,
    found: &[Diagnostic],
    sources: &Sources,
    redaction: Redaction,
) -> io::Result<()> {
    for it in found {
        let place = match &it.place {
            Place::File(path) => path.to_string(),
            Place::Span(span) => sources.locate(*span).map_or_else(String::new, |at| at.to_string()),
        };
        let message = match redaction {
            Redaction::Off => Cow::Borrowed(&*it.message),
            Redaction::Addresses => masked(&it.message),
            Redaction::On => Cow::Borrowed(it.code.summary()),
        };
        writeln!(out, "{}: {}[{}]: {}", visible(&place), it.severity, it.code, visible(&message))?;
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
    title.elements(places(it, sources)).elements(in_tables(it, sources)).elements(help)
}

/// The places in tables that belong to a diagnostic, as notes: there are no lines to show.
fn in_tables<'a>(it: &'a Diagnostic, sources: &'a Sources) -> impl Iterator<Item = Element<'a>> {
    it.related.iter().filter_map(|(span, what)| {
        let at = sources.locate(*span).filter(|at| at.source.is_table())?;
        let note = format!("{what}: {}:{}", at.source.path(), at.line);
        Some(Level::NOTE.message(visible(&note).into_owned()).into())
    })
}

/// The excerpts of a diagnostic, the one it is about first.
fn places<'a>(it: &'a Diagnostic, sources: &'a Sources) -> Vec<Element<'a>> {
    let span = match &it.place {
        Place::File(path) => return vec![Origin::path(visible(path)).into()],
        Place::Span(span) => *span,
    };
    let primary = Mark { span, kind: AnnotationKind::Primary, label: it.label.as_deref() };
    let in_text = |(span, _): &&(Span, String)| sources.file(*span).is_some_and(|file| !file.is_table());
    let related = it.related.iter().filter(in_text).map(|(span, what)| Mark {
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
        if self.source.is_table() {
            let path = visible(self.source.path());
            return Origin::path(path).line(*self.lines.start()).into();
        }
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
    fn place_only(&self, path: Cow<'a, str>) -> Element<'a> {
        let origin = Origin::path(path).line(*self.lines.start());
        let column = self.marks.first().map(|mark| self.source.locate(mark.span.start).column);
        match column {
            Some(column) => origin.char_column(column).into(),
            None => origin.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "users:\n- name: Ada\n  mail: a\n  name: Bob\ngroups:\n- x\n- y\n- z\n- \u{1b}[31mA\u{202e}B\n";

    fn sources() -> Sources {
        let mut sources = Sources::default();
        sources.add("a.yaml", TEXT).unwrap();
        sources.add("b.yaml", "users: []\n").unwrap();
        sources
    }

    /// The span of a text in the first file.
    fn span(sources: &Sources, text: &str) -> Span {
        let start = TEXT.find(text).unwrap();
        sources.files()[0].span(start..start + text.len())
    }

    fn shown(found: &[Diagnostic]) -> String {
        let (sources, mut out) = (sources(), Vec::new());
        excerpts(&mut out, found, &sources, Colour::Plain).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_problem_is_shown_with_its_lines_related_place_and_way_out() {
        let sources = sources();
        let twice =
            Diagnostic::new(Code::DuplicateKey, span(&sources, "name: Bob"), "`name` stands here twice")
                .label("again")
                .related(span(&sources, "name: Ada"), "first written here")
                .help("keep one of them");
        let expected = "\
error[duplicate-key]: `name` stands here twice
 --> a.yaml:4:3
  |
1 | users:
2 | - name: Ada
  |   --------- first written here
3 |   mail: a
4 |   name: Bob
  |   ^^^^^^^^^ again
5 | groups:
  |
  = help: keep one of them

";
        assert_eq!(shown(&[twice]), expected);
    }

    #[test]
    fn a_related_place_far_away_gets_an_excerpt_of_its_own() {
        let sources = sources();
        let other = sources.files()[1].span(0..5);
        let it =
            Diagnostic::new(Code::DuplicateKey, span(&sources, "users"), "m").related(other, "also here");
        let text = shown(&[it]);
        assert!(text.contains(" --> a.yaml:1:1\n") && text.contains("--> b.yaml:1:1\n"), "{text}");
    }

    #[test]
    fn a_file_that_is_no_text_is_named() {
        let it = Diagnostic::new(Code::NotUtf8, Place::file("c.yaml"), "not UTF-8 at byte 3").help("save it");
        let expected = "error[not-utf8]: not UTF-8 at byte 3\n--> c.yaml\n = help: save it\n\n";
        assert_eq!(shown(&[it]), expected);
    }

    #[test]
    fn nothing_in_a_manifest_reaches_the_terminal_as_a_command() {
        let it = Diagnostic::new(Code::UnknownKey, span(&sources(), "\u{1b}[31mA"), "no `\u{1b}[2J`")
            .label("\u{202e}")
            .help("\u{7}");
        let text = shown(&[it]);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
    }

    #[test]
    fn a_row_of_a_table_is_named_but_not_shown() {
        let mut sources = Sources::default();
        let table = sources.add_table("hr/a.csv", 9, 2).unwrap();
        let at = |line| Span::at(table.cell(line, 1)).unwrap();
        let it = Diagnostic::new(Code::UnknownKey, at(7), "m").related(at(3), "first said here").help("h");
        let mut out = Vec::new();
        excerpts(&mut out, &[it], &sources, Colour::Plain).unwrap();
        let expected =
            "error[unknown-key]: m\n--> hr/a.csv:7\n = note: first said here: hr/a.csv:3\n = help: h\n\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_line_without_end_is_named_but_not_shown() {
        let mut sources = Sources::default();
        let text = format!("a: {}", "x".repeat(100_000));
        let span = sources.add("a.yaml", text).unwrap().span(3..100_003);
        let it = Diagnostic::new(Code::TooLong, span, "too long");
        let mut out = Vec::new();
        excerpts(&mut out, &[it], &sources, Colour::Plain).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "error[too-long]: too long\n--> a.yaml:1:4\n\n");
    }

    #[test]
    fn many_of_one_code_are_folded_and_counted() {
        let it = Diagnostic::new(Code::UnknownKey, span(&sources(), "mail"), "m");
        let text = shown(&vec![it; 203]);
        assert_eq!(text.matches("error[unknown-key]").count(), 200);
        assert!(text.ends_with("… and 3 more of [unknown-key]\n\n"));
    }

    fn in_lines(found: &[Diagnostic], redaction: Redaction) -> String {
        let (sources, mut out) = (sources(), Vec::new());
        lines(&mut out, found, &sources, redaction).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn redacted_there_are_places_and_codes_but_nobody() {
        let it =
            Diagnostic::new(Code::UnknownKey, span(&sources(), "name: Ada"), "Ada").help("Ada").label("Ada");
        let expected = "a.yaml:2:3: error[unknown-key]: there is no such key here\n";
        assert_eq!(in_lines(&[it], Redaction::On), expected);
    }

    #[test]
    fn one_line_each_is_for_editors_and_scripts() {
        let found = [
            Diagnostic::new(Code::NotUtf8, Place::file("c.yaml"), "m"),
            Diagnostic::new(Code::UnknownKey, span(&sources(), "mail"), "no `mail`"),
        ];
        let expected = "c.yaml: error[not-utf8]: m\na.yaml:3:3: error[unknown-key]: no `mail`\n";
        assert_eq!(in_lines(&found, Redaction::Off), expected);
    }
}
