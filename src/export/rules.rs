//! What may a file hold that somebody uploads to a learning platform?

use crate::model::{Phrase, Piece};
use crate::phrase;

/// The rules of the platform's import, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Bytes of one file, its header among them.
    pub most_bytes: usize,
    /// Characters of an email address before the `@`, and behind it.
    pub email_part: usize,
}

impl Rules {
    /// What is wrong with an email address besides.
    pub(in crate::export) fn flaw_of_email(&self, text: &str) -> Option<Phrase> {
        let (before, behind) = text.split_once('@').unwrap_or((text, ""));
        let is_long = |part: &str| part.chars().count() > self.email_part;
        let most = self.email_part;
        (is_long(before) || is_long(behind)).then(|| {
            let words = format!(" is too long: at most {most} characters before the @, and {most} behind it");
            phrase![Piece::personal(&text), words]
        })
    }
}

/// What is wrong with a cell, whatever it says.
pub(in crate::export) fn flaw(text: &str) -> Option<Phrase> {
    let shown = Piece::Personal(text.escape_debug().to_string().into());
    if text.contains(char::is_control) {
        return Some(phrase![shown, " holds a control character"]);
    }
    (text.trim() != text).then(|| phrase![shown, " begins or ends with blanks, which the platform takes off"])
}

/// Whether a spreadsheet takes a cell for a formula. It is written all the same: a file that is uploaded says what is so.
pub(in crate::export) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@'])
}
