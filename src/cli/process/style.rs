//! How is the conversation on stderr coloured?

use anstyle::{AnsiColor, Style};

use crate::render::Colour;

/// `error`.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// `warning`.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// `hint`, `answer`.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// A word in its style, where there is colour.
pub(crate) fn word(word: &'static str, style: Style, colour: Colour) -> String {
    match colour {
        Colour::Plain => word.to_owned(),
        Colour::Ansi => format!("{style}{word}{style:#}"),
    }
}
