//! How is the conversation on stderr coloured?

use anstyle::{AnsiColor, Style};

/// `error`.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// `warning`.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// `hint`, `answer`.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();
