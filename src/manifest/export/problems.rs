//! The problems of one export: the first of each kind, and how many more there are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Severity, Span};
use crate::model::{Located, Origin};

/// So many problems of one kind are shown; a thousand wrong rows are one mistake.
const SHOWN: usize = 20;

/// What is wrong with an export.
pub(super) struct Problems {
    /// The file, as shown.
    file: Box<str>,
    found: Diagnostics,
    seen: BTreeMap<Code, usize>,
}

impl Problems {
    pub(super) fn of(file: &str) -> Self {
        Self { file: file.into(), found: Diagnostics::default(), seen: BTreeMap::new() }
    }

    /// Adds a problem, unless enough of its kind are shown.
    pub(super) fn push(&mut self, problem: Diagnostic) {
        let seen = self.seen.entry(problem.code).or_default();
        *seen += 1;
        if *seen <= SHOWN {
            self.found.push(problem);
        }
    }

    /// A problem of a row or cell.
    pub(super) fn at(&mut self, code: Code, origin: Origin, message: impl Into<String>, help: &str) {
        self.push(problem(code, origin, message).help(help));
    }

    /// Everything, with the number of what is not shown.
    pub(super) fn into_found(mut self) -> Diagnostics {
        for (code, seen) in self.seen {
            if let Some(more) = seen.checked_sub(SHOWN).filter(|more| *more > 0) {
                let message = format!("{more} more of [{code}] in this file");
                let all = Diagnostic::new(Code::TooManyProblems, Place::File(self.file.clone()), message);
                // Many warnings are no error.
                let is_error = code.severity() == Severity::Error;
                self.found.push(if is_error { all } else { all.as_warning() });
            }
        }
        self.found
    }
}

/// So many characters of a text are shown whole, whatever it is.
const SHORT: usize = 8;
/// So many of a longer one.
const FEW: usize = 4;
/// Numbers and days are longer,
const NUMBER: usize = 20;
/// words too,
const WORD: usize = 24;
/// and names of columns.
const NAME: usize = 40;

/// A few characters of a text that is not of the kind that its column holds: it may be anything, a key among them. Numbers and
/// days of whatever form are shown whole.
pub(super) fn few(text: &str) -> Cow<'_, str> {
    let counts = |c: char| c.is_ascii_digit() || "-/.:, TZE+".contains(c);
    cut(text, if text.chars().all(counts) { NUMBER } else { SHORT }, FEW)
}

/// A word of a column of few words.
pub(super) fn word(text: &str) -> Cow<'_, str> {
    cut(text, WORD, FEW)
}

/// The name of a column, unless it is longer than any.
pub(super) fn name(text: &str) -> Cow<'_, str> {
    cut(text, NAME, FEW)
}

fn cut(text: &str, most: usize, few: usize) -> Cow<'_, str> {
    if text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(few).chain(['…']).collect())
}

/// A problem of a row or cell.
pub(super) fn problem(code: Code, origin: Origin, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(code, span(origin), message)
}

/// The place of a row or cell.
pub(super) fn span(origin: Origin) -> Span {
    Span::at(origin).unwrap_or(Span::new(0, 0))
}

/// The way out of most contradictions.
pub(super) const CORRECT: &str =
    "correct one of the two; if they are two users, give each an identifier of their own";

pub(super) fn contradiction<T: std::fmt::Display>(
    what: &str,
    said: &Located<T>,
    known: &Located<T>,
    help: &str,
) -> Diagnostic {
    let message =
        format!("the {what} `{}` contradicts `{}`, which is said of the same user", said.value, known.value);
    problem(Code::ConflictingRows, said.origin, message).related(span(known.origin), "said here").help(help)
}
