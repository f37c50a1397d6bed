//! Why does a run end without doing what it was asked to?

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::style;
use crate::render::Redaction;

/// The one way out of a command that is not a result: how it exits, what is wrong, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the run ends.
    pub(crate) kind: Exit,
    /// What is wrong; causes in `source`.
    pub(crate) error: Box<dyn Error + Send + Sync>,
    /// What the account said, in words that may name anybody.
    pub(crate) said: Option<String>,
    /// Ways out, a sentence each.
    pub(crate) hints: Vec<String>,
}

impl Failure {
    /// A failure without a hint.
    pub(crate) fn new(kind: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, error: error.into(), said: None, hints: Vec::new() }
    }

    /// An error before anything was written.
    pub(crate) fn error(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Exit::Error, error)
    }

    /// A command line that can't be followed.
    pub(crate) fn usage(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// The same with one more way out.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// What is wrong and why, in one sentence.
    pub(crate) fn sentence(&self) -> String {
        let mut sentence = self.error.to_string();
        let mut cause = self.error.source();
        while let Some(error) = cause {
            sentence.push_str(": ");
            sentence.push_str(&error.to_string());
            cause = error.source();
        }
        sentence
    }

    /// Says it, with its causes, what the account said, and ways out.
    pub(crate) fn print(&self, to: &mut dyn Write, redaction: Redaction) -> io::Result<()> {
        // An answer is no error.
        if self.kind != Exit::Declined {
            write!(to, "{}error{:#}: ", style::ERROR, style::ERROR)?;
        }
        writeln!(to, "{}", self.sentence())?;
        if let Some(said) = &self.said {
            let said = redaction.words_of_the_account(said);
            writeln!(to, "  {}answer{:#}: {said}", style::HINT, style::HINT)?;
        }
        for hint in &self.hints {
            writeln!(to, "  {}hint{:#}: {hint}", style::HINT, style::HINT)?;
        }
        Ok(())
    }
}

/// A file or stream that could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{path} could not be {verb}")]
pub(crate) struct FileError {
    /// The file.
    pub(crate) path: Shown,
    /// What was tried, as a participle: `read`, `written`.
    pub(crate) verb: &'static str,
    /// What the system says.
    pub(crate) source: io::Error,
}

/// A path as errors name it.
#[derive(Debug)]
pub(crate) struct Shown(PathBuf);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.display())
    }
}

impl FileError {
    /// `verb` is a participle: `read`, `written`.
    pub(crate) fn new(path: impl Into<PathBuf>, verb: &'static str, source: io::Error) -> Self {
        Self { path: Shown(path.into()), verb, source }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::error(error)
    }
}
