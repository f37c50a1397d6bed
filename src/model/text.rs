//! When two texts are the same: NFC, trimmed, Unicode case folding.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;

/// A text as it was said, compared by its folded form.
///
/// `ADA@acme.example` and `ada@acme.example ` are equal; [`Folded::said`] keeps the difference for display.
#[derive(Clone)]
pub struct Folded {
    said: Box<str>,
    /// The folded form, kept only where it differs from what was said.
    key: Option<Box<str>>,
    /// Byte for byte, kept only where tidying changed it.
    raw: Option<Box<str>>,
}

impl Folded {
    /// Normalises to NFC, trims, and keeps the folded form beside it where the two differ.
    pub fn new(text: &str) -> Self {
        let said = tidy(text);
        let key = match fold(&said) {
            Cow::Borrowed(_) => None,
            Cow::Owned(key) => Some(key.into()),
        };
        let raw = (*said != *text).then(|| text.into());
        Self { said: said.into(), key, raw }
    }

    /// As it was said, in NFC and trimmed.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Byte for byte as it came: what names a thing to the account that has it so.
    pub fn verbatim(&self) -> &str {
        self.raw.as_deref().unwrap_or(&self.said)
    }

    /// The form that is compared.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.said)
    }
}

/// Whether a character is one that no text of a manifest holds: everything invisible but space, and every kind of line break.
pub fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// NFC and trimmed: what is kept of a text that is compared exactly.
pub fn tidy(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizer::new_nfc().normalize(text) }
}

/// The case-folded form of a text that is already tidy; borrowed if folding changes nothing.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let folded = CaseMapper::new().fold_string(text);
    if folded == text { Cow::Borrowed(text) } else { Cow::Owned(tidy(&folded).into_owned()) }
}

impl PartialEq for Folded {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Folded {}

impl PartialOrd for Folded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Folded {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(other.key())
    }
}

impl Hash for Folded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.said(), f)
    }
}

impl fmt::Display for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_composition_do_not_make_two_texts() {
        for (left, right) in
            [("Ada", " ada "), ("STRASSE", "straße"), ("Zoe\u{308}", "zoë"), ("Ἀθῆναι", "ἀθῆναι")]
        {
            assert_eq!(Folded::new(left), Folded::new(right), "{left} and {right}");
        }
        assert_ne!(Folded::new("ada"), Folded::new("ada.l"));
    }

    #[test]
    fn what_was_said_is_kept() {
        assert_eq!(Folded::new(" Ada Lovelace ").said(), "Ada Lovelace");
        assert_eq!(Folded::new("Ada").key(), "ada");
    }
}
