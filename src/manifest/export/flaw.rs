//! What can end the reading of an export, and how is it said?

use std::io;

use crate::diag::{Code, Diagnostic, Place, Span, Table as Numbers};
use crate::manifest::source::Source;

/// What ends the reading of an export.
#[derive(Debug)]
pub(super) enum Flaw {
    /// It could not be read.
    Io(io::Error),
    /// There is nothing in it.
    Empty,
    /// It is a Git LFS pointer.
    LfsPointer,
    /// It is in no encoding that is known, or not in the one that is declared.
    Encoding { line: u64 },
    /// It is UTF-8, and another encoding is declared.
    IsUtf8,
    /// It holds a NUL.
    Nul { line: u64 },
    /// Text follows a closing quote.
    Quote { line: u64 },
    /// A quote is never closed: where it was opened.
    Unclosed { line: u64 },
    /// A cell is longer than any cell.
    LongCell { line: u64 },
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What ended the reading, in words; with the source that names the file, if one does, and the numbers of places, once there are any.
pub(super) fn flaw_diagnostic(
    flaw: Flaw,
    source: Option<&Source>,
    file: &str,
    numbers: Option<Numbers>,
) -> Diagnostic {
    let encoding = source.and_then(|source| source.encoding.as_ref());
    let of_file = |code: Code, message: String| Diagnostic::new(code, Place::file(file), message);
    let in_line = |code: Code, line: u64, message: &str| {
        let span = numbers.and_then(|numbers| Span::at(numbers.row(line)));
        match span {
            Some(span) => Diagnostic::new(code, span, message),
            None => of_file(code, format!("line {line}: {message}")),
        }
    };
    match flaw {
        Flaw::Io(error) => of_file(Code::Unreadable, format!("could not be read: {error}")),
        Flaw::Empty => {
            of_file(Code::EmptyExport, "there is nothing in this file".into()).help("export it again")
        }
        Flaw::LfsPointer => {
            of_file(Code::LfsPointer, "this is a Git LFS pointer, not the file it stands for".into())
                .help("run `git lfs pull`, or take the file out of LFS")
        }
        Flaw::Encoding { line } => {
            let message = match encoding {
                Some(declared) => format!("the text is not all {}, or breaks off", declared.value.name()),
                None => "the text is neither all UTF-8 nor all Windows-1252, or breaks off".to_owned(),
            };
            in_line(Code::NotUtf8, line, &message)
                .help("export it again, as UTF-8, or say in the source what it is in: `encoding: …`")
        }
        Flaw::IsUtf8 => {
            let message = format!("{file} is UTF-8, which this does not say");
            let place = encoding.map_or_else(|| Place::file(file), |declared| declared.span.into());
            Diagnostic::new(Code::NotUtf8, place, message).help("take `encoding` out")
        }
        Flaw::Nul { line } => {
            in_line(Code::NotUtf8, line, "the text holds a NUL, as UTF-16 without its mark does")
                .help("export it again, as UTF-8")
        }
        Flaw::Quote { line } => in_line(
            Code::BrokenRow,
            line,
            "text follows the quote that ends a cell: which rows there are can't be told",
        )
        .help("a quote within a quoted cell is doubled: \"the \"\"best\"\" team\""),
        Flaw::Unclosed { line } => in_line(
            Code::BrokenRow,
            line,
            "a quote is opened here and never closed: the file breaks off, or rows are swallowed",
        )
        .help("export it again"),
        Flaw::LongCell { line } => in_line(
            Code::BrokenRow,
            line,
            "a cell or row is longer than any can be: a quote that is never closed?",
        )
        .help("export it again"),
    }
}
