//! How are problems of manifests told?

use std::io;

use crate::cli::args::Manifests;
use crate::diag::{Diagnostic, Severity, Sources};
use crate::render::{Colour, Redaction, diagnostics};

/// All of them as text: with the lines they are about, unless those would name people who are not to be named.
pub(crate) fn text(
    found: &[Diagnostic],
    sources: &Sources,
    manifests: &Manifests,
    colour: Colour,
) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match manifests.redaction() {
        Redaction::Off => diagnostics::excerpts(&mut text, found, sources, colour)?,
        redaction => diagnostics::lines(&mut text, found, sources, redaction)?,
    }
    Ok(text)
}

/// How many there are, in words: `2 errors, 1 warning`.
pub(crate) fn tally(found: &[Diagnostic]) -> String {
    let count = |severity| found.iter().filter(|it| it.severity == severity).count();
    let words = |severity, count: usize| match count {
        0 => None,
        1 => Some(format!("1 {severity}")),
        _ => Some(format!("{count} {severity}s")),
    };
    let all = [Severity::Error, Severity::Warning].map(|severity| words(severity, count(severity)));
    let all: Vec<String> = all.into_iter().flatten().collect();
    if all.is_empty() { "no problems".into() } else { all.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Place};

    #[test]
    fn problems_are_counted_in_words() {
        let one = |code| Diagnostic::new(code, Place::file("a.yaml"), "x");
        assert_eq!(tally(&[]), "no problems");
        assert_eq!(tally(&[one(Code::Syntax)]), "1 error");
        let warning = Diagnostic { severity: Severity::Warning, ..one(Code::Syntax) };
        assert_eq!(tally(&[one(Code::Syntax), one(Code::Tag), warning]), "2 errors, 1 warning");
    }
}
