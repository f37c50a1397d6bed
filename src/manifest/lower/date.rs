//! How does a text become a date?

use jiff::civil::Date;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::yaml::Spanned;

/// Reads `2026-05-02`.
pub(super) fn date(it: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Date> {
    let text = it.value.trim();
    let date = text.parse().ok().filter(|_| text.len() == "2026-05-02".len());
    if date.is_none() {
        let message = format!("`{text}` is not a date");
        let help = "write year, month and day: 2026-05-02";
        found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help(help));
    }
    date
}
