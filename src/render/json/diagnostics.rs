//! How do the problems of manifests become JSON?

use std::io;

use serde::Serialize;

use crate::diag::{self, Location, Place, Sources, Span};
use crate::render::json::harmless::write;
use crate::render::view::Redaction;

/// The version of the format.
const VERSION: u32 = 1;

/// All problems that were found.
#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    diagnostics: Vec<Diagnostic<'a>>,
}

/// One problem.
#[derive(Debug, Serialize)]
struct Diagnostic<'a> {
    code: &'static str,
    severity: String,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(flatten)]
    at: At<'a>,
    related: Vec<Related<'a>>,
}

/// Another place that belongs to a problem.
#[derive(Debug, Serialize)]
struct Related<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(flatten)]
    at: At<'a>,
}

/// A file, and where in it, from 1; a file as a whole has no line.
#[derive(Debug, Default, Serialize)]
struct At<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

/// Writes problems as JSON, one object each. With redaction only what their codes say is said of them.
pub fn diagnostics(
    out: &mut dyn io::Write,
    found: &[diag::Diagnostic],
    sources: &Sources,
    redaction: Redaction,
) -> io::Result<()> {
    let diagnostics = found.iter().map(|it| lower(it, sources, redaction)).collect();
    write(out, &Document { version: VERSION, diagnostics })
}

fn lower<'a>(it: &'a diag::Diagnostic, sources: &'a Sources, redaction: Redaction) -> Diagnostic<'a> {
    let personal = |text: &'a str| (redaction == Redaction::Off).then_some(text);
    let related =
        |(span, what): &'a (Span, String)| Related { message: personal(what), at: at(*span, sources) };
    Diagnostic {
        code: it.code.name(),
        severity: it.severity.to_string(),
        message: personal(&it.message).unwrap_or(it.code.summary()),
        help: it.help.as_deref().and_then(personal),
        at: match &it.place {
            Place::File(path) => At { file: path, ..At::default() },
            Place::Span(span) => at(*span, sources),
        },
        related: it.related.iter().map(related).collect(),
    }
}

fn at(span: Span, sources: &Sources) -> At<'_> {
    let place = |at: Location<'_>| (at.line, at.column);
    let (line, column) = sources.locate(span).map(place).unzip();
    At { file: sources.file(span).map_or("", |file| file.path()), line, column }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;

    fn written(redaction: Redaction) -> String {
        let mut sources = Sources::default();
        let span = sources.add("users.yaml", "users:\n  - emial: ada@acme.example\n").unwrap().span(11..16);
        let found = diag::Diagnostic::new(Code::UnknownKey, span, "`emial` of ada@acme.example")
            .related(span, "ada is here")
            .help("ask ada");
        let mut out = Vec::new();
        diagnostics(&mut out, &[found], &sources, redaction).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_problem_has_its_code_and_place() {
        let value: serde_json::Value = serde_json::from_str(&written(Redaction::Off)).unwrap();
        let it = &value["diagnostics"][0];
        assert_eq!(it["code"], "unknown-key");
        assert_eq!(
            (it["file"].as_str(), it["line"].as_u64(), it["column"].as_u64()),
            (Some("users.yaml"), Some(2), Some(5))
        );
        assert_eq!(it["help"], "ask ada");
    }

    #[test]
    fn a_redacted_problem_names_nobody() {
        assert!(!written(Redaction::On).contains("ada"));
    }
}
