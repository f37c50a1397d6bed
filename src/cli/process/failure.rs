//! Why does a run end without doing what it was asked to?

use std::error::Error;
use std::io::{self, Write};

use crate::cli::process::exit::Exit;
use crate::cli::process::style;
use crate::render::{Colour, Redaction, visible};
use crate::run::FileError;

/// The one way out of a command that is not a result: how it exits, what is wrong, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the run ends.
    pub(crate) kind: Exit,
    /// What is wrong; causes in `source`.
    pub(crate) error: Box<dyn Error + Send + Sync>,
    /// What it is in full, a line each.
    pub(crate) points: Vec<String>,
    /// What the account said, in words that may name anybody.
    pub(crate) said: Option<String>,
    /// Ways out, a sentence each.
    pub(crate) hints: Vec<String>,
}

impl Failure {
    /// A failure without a hint.
    pub(crate) fn new(kind: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, error: error.into(), points: Vec::new(), said: None, hints: Vec::new() }
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

    /// The same with what the account said and the first way out, where it is no more than a part of what is said.
    pub(crate) fn in_short(&self, redaction: Redaction) -> String {
        let said = self.said.as_deref().map(|said| format!(" ({})", redaction.words_of_the_account(said)));
        let hint = self.hints.first().map(|hint| format!("; {hint}"));
        format!("{}{}{}", self.sentence(), said.unwrap_or_default(), hint.unwrap_or_default())
    }

    /// Says it, with its causes, what the account said, and ways out. Errors hold what accounts, manifests and other files hold;
    /// here all of it becomes text.
    pub(crate) fn print(&self, to: &mut dyn Write, redaction: Redaction, colour: Colour) -> io::Result<()> {
        // An answer is no error.
        if self.kind != Exit::Declined {
            write!(to, "{}: ", style::word("error", style::ERROR, colour))?;
        }
        writeln!(to, "{}", visible(&self.sentence()))?;
        for point in &self.points {
            writeln!(to, "  {}", visible(point))?;
        }
        if let Some(said) = &self.said {
            let said = redaction.words_of_the_account(said);
            writeln!(to, "  {}: {}", style::word("answer", style::HINT, colour), visible(&said))?;
        }
        for hint in &self.hints {
            writeln!(to, "  {}: {}", style::word("hint", style::HINT, colour), visible(hint))?;
        }
        Ok(())
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::error(error)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::Sanitizer;

    /// An error that says what somebody else wrote, with causes that do.
    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Located {
        words: String,
        source: Option<Box<Located>>,
    }

    fn hostile() -> impl Strategy<Value = String> {
        "(\\PC|[\u{0}-\u{1f}\u{7f}-\u{9f}\u{200b}-\u{202e}\u{feff}]|\n::error::|##\\[add-mask\\]|\u{1b}\\[31m|\u{1b}\\]0;){1,20}"
    }

    proptest! {
        #[test]
        fn whatever_an_error_says_it_is_lines_of_ours_that_command_nothing(
            texts in prop::array::uniform6(hostile()),
            kind in prop::sample::select(vec![Exit::Error, Exit::Declined]),
            colour in prop::sample::select(vec![Colour::Plain, Colour::Ansi]),
        ) {
            let [words, cause, point, said, hint, other] = texts;
            let source = Located { words: cause, source: Some(Box::new(Located { words: other, source: None })) };
            let failure = Failure {
                points: vec![point],
                said: Some(said),
                hints: vec![hint],
                ..Failure::new(kind, Located { words, source: Some(Box::new(source)) })
            };
            let mut out = Vec::new();
            let mut door = Sanitizer::new(&mut out, colour);
            failure.print(&mut door, Redaction::Off, colour).unwrap();
            door.flush().unwrap();
            let text = String::from_utf8(out).unwrap();
            let colours = if colour == Colour::Plain { 0 } else if kind == Exit::Declined { 6 } else { 9 };
            prop_assert_eq!(text.matches('\u{1b}').count(), colours, "only our own: {:?}", text);
            prop_assert_eq!(text.lines().count(), 4, "{:?}", text);
            prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\u{1b}'), "{:?}", text);
            prop_assert!(!text.contains("##["), "{}", text);
            prop_assert!(!text.lines().any(|line| line.trim().starts_with("::")), "{}", text);
        }
    }
}
