//! One problem: what, where, and the way out.

use crate::diag::code::{Code, Severity};
use crate::diag::span::Span;

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A file or folder as a whole, by its path as shown: it could not be read as text.
    File(Box<str>),
    /// A stretch of a manifest.
    Span(Span),
}

impl Place {
    /// The file or folder at a path as shown.
    pub fn file(path: impl Into<Box<str>>) -> Self {
        Self::File(path.into())
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

/// Something wrong in a manifest, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which problem.
    pub code: Code,
    /// How bad; the code's own unless raised by [`as_error`](Self::as_error).
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, a lower-case fragment that names what was found.
    pub message: String,
    /// A word or two under the marked text; nothing where the message says it all.
    pub label: Option<String>,
    /// Other places that belong to it, each with what it is ("also claimed here").
    pub related: Vec<(Span, String)>,
    /// The way out.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem of this code at this place.
    pub fn new(code: Code, place: impl Into<Place>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            place: place.into(),
            message: message.into(),
            label: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// With a word or two under the marked text.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    /// With one more place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: Span, what: impl Into<String>) -> Self {
        self.related.push((span, what.into()));
        self
    }

    /// With the way out.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// As a warning, where the code alone would be an error.
    #[must_use]
    pub fn as_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// As an error, where the code alone would only warn.
    #[must_use]
    pub fn as_error(self) -> Self {
        Self { severity: Severity::Error, ..self }
    }
}
