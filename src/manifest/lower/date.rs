//! How does a text become a date?

use jiff::civil::Date;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::yaml::Spanned;
use crate::model::day;

/// Reads `2026-05-02`.
pub(super) fn date(it: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Date> {
    let date = day(&it.value);
    if date.is_none() {
        let message = format!("`{}` is not a date", it.value.trim());
        let help = "write year, month and day: 2026-05-02";
        found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help(help));
    }
    date
}
