//! When are two texts the same, and when do they only look alike?
//!
//! *Who is this* is narrow: NFC, trimmed, simple case folding ([`fold`]), and for addresses one form of the domain
//! ([`fold_address`]). *Does this clash* is wide ([`wide`]): where only that holds, somebody is asked.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;
use idna::uts46::{AsciiDenyList, Hyphens, Uts46};

/// A text as it was said, compared by its folded form.
///
/// `ADA@acme.example` and `ada@acme.example ` are equal; [`Folded::said`] keeps the difference for display.
#[derive(Clone)]
pub struct Folded {
    /// What was said; behind it the folded form and the bytes it came in, each only where it differs. One text, because an
    /// account has a million of them.
    text: Box<str>,
    /// Where what was said ends.
    said: u32,
    /// Where the folded form ends.
    key: u32,
}

impl Folded {
    /// Normalises to NFC, trims, and keeps the folded form beside it where the two differ.
    pub fn new(text: &str) -> Self {
        Self::by(text, fold)
    }

    /// The same of an address, or of a domain: `büro.example` is `xn--bro-hoa.example`.
    pub fn address(text: &str) -> Self {
        Self::by(text, fold_address)
    }

    /// The same of what is compared exactly.
    pub fn exact(text: &str) -> Self {
        Self::by(text, |text| Cow::Borrowed(text))
    }

    fn by(text: &str, fold: fn(&str) -> Cow<'_, str>) -> Self {
        let said = tidy(text);
        let raw = if *said == *text { "" } else { text };
        match fold(&said) {
            Cow::Borrowed(_) => Self::joined(&said, "", raw),
            Cow::Owned(key) => Self::joined(&said, &key, raw),
        }
    }

    /// An empty `key` or `raw` is what was said.
    fn joined(said: &str, key: &str, raw: &str) -> Self {
        let end =
            |length: usize| u32::try_from(length).expect("no text of a manifest or an answer is gigabytes");
        let (said_ends, key_ends) = (end(said.len()), end(said.len() + key.len()));
        let text =
            if key.is_empty() && raw.is_empty() { said.into() } else { [said, key, raw].concat().into() };
        Self { text, said: said_ends, key: key_ends }
    }

    /// The same without the bytes that it came in: what is declared has no other form than it reads.
    #[must_use]
    pub fn as_it_reads(self) -> Self {
        if self.text.len() == self.key as usize {
            return self;
        }
        Self { text: self.text[..self.key as usize].into(), ..self }
    }

    /// As it was said, in NFC and trimmed.
    pub fn as_written(&self) -> &str {
        &self.text[..self.said as usize]
    }

    /// Byte for byte as it came: what names a thing to the account that has it so.
    pub fn verbatim(&self) -> &str {
        self.or_said(&self.text[self.key as usize..])
    }

    /// The form that is compared.
    pub fn key(&self) -> &str {
        self.or_said(&self.text[self.said as usize..self.key as usize])
    }

    fn or_said<'a>(&'a self, other: &'a str) -> &'a str {
        if other.is_empty() { self.as_written() } else { other }
    }
}

/// Whether a character is one that no text of a manifest holds: everything invisible but space, and every kind of line break.
pub fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// A text without the spaces around it. Nearly every text has none, which its ends tell.
pub(crate) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Whether a text has one of some bytes. No byte ends the look, so that the compiler can make it one look at many.
pub(crate) fn has_byte(text: &str, is_one: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |any, byte| any | is_one(byte))
}

/// NFC and trimmed: what is kept of a text that is compared exactly.
pub fn tidy(text: &str) -> Cow<'_, str> {
    let text = trimmed(text);
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizer::new_nfc().normalize(text) }
}

/// The case-folded form of a text that is already tidy, letter by letter: `ß` is not `ss`, and no ligature is its letters.
/// Borrowed if folding changes nothing.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if has_byte(text, |byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let mapper = CaseMapper::new();
    let folded: String = text.chars().map(|letter| mapper.simple_fold(letter)).collect();
    if folded == text { Cow::Borrowed(text) } else { Cow::Owned(tidy(&folded).into_owned()) }
}

/// The folded form of an address or a domain that is already tidy: what stands behind the `@`, or all of it, in the letters
/// that an internationalised domain is written with, whatever form it came in.
pub fn fold_address(text: &str) -> Cow<'_, str> {
    let folded = fold(text);
    if folded.is_ascii() && !folded.contains("xn--") {
        return folded;
    }
    let at = folded.find('@').map_or(0, |at| at + 1);
    let (user, domain) = folded.split_at(at);
    if domain.is_ascii() && !domain.contains("xn--") {
        return folded;
    }
    let (unicode, sound) = Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    if sound.is_err() || unicode == domain { folded } else { Cow::Owned(format!("{user}{unicode}")) }
}

/// The form of a text that an account may take for another's, whatever it holds unique: full case folding.
pub fn fold_fully(text: &str) -> Cow<'_, str> {
    let text = trimmed(text);
    if text.is_ascii() {
        return fold(text);
    }
    let folded = CaseMapper::new().fold_string(&tidy(text)).into_owned();
    Cow::Owned(tidy(&folded).into_owned())
}

/// The form in which two texts clash, though they may be two: full case folding, without inner spaces and without zeros in
/// front.
pub fn wide(text: &str) -> Cow<'_, str> {
    // Nearly every text is in this form already, and is seen to be at one look.
    if is_plainly_wide(text) {
        return Cow::Borrowed(text);
    }
    let folded = fold_fully(text);
    if !folded.starts_with('0') && !folded.contains(char::is_whitespace) {
        return folded;
    }
    let mut spaceless = folded.into_owned();
    spaceless.retain(|letter| !letter.is_whitespace());
    let zeros = spaceless.len() - spaceless.trim_start_matches('0').len();
    // Of nothing but zeros one is left.
    spaceless.drain(..zeros.min(spaceless.len().saturating_sub(1)));
    Cow::Owned(spaceless)
}

/// Whether a text is of ASCII, without capitals, spaces and zeros in front.
fn is_plainly_wide(text: &str) -> bool {
    !text.starts_with('0') && !has_byte(text, |byte| !byte.is_ascii_graphic() | byte.is_ascii_uppercase())
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
        fmt::Debug::fmt(self.as_written(), f)
    }
}

impl fmt::Display for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_written())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_composition_do_not_make_two_texts() {
        for (left, right) in [
            ("Ada", " ada "),
            ("ẞ", "ß"),
            ("Zoe\u{308}", "zoë"),
            ("Ἀθῆναι", "ἀθῆναι"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ] {
            assert_eq!(Folded::new(left), Folded::new(right), "{left} and {right}");
        }
        assert_ne!(Folded::new("ada"), Folded::new("ada.l"));
    }

    #[test]
    fn spaces_around_a_text_are_none_of_it_whatever_their_width() {
        for inside in ["", "a", "ab", "é", "aé", "éa", "a b"] {
            for around in ["", " ", "\t", "\u{a0}", "\u{2028}", "\u{85}", "\u{3000} "] {
                for text in [
                    format!("{around}{inside}"),
                    format!("{inside}{around}"),
                    format!("{around}{inside}{around}"),
                ] {
                    assert_eq!(trimmed(&text), inside, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn two_spellings_are_two_texts_that_clash() {
        for (left, right) in [
            ("Groß", "gross"),
            ("ﬁsher", "Fisher"),
            ("0012", "12"),
            ("000", "0"),
            ("Ada  Lovelace", "AdaLovelace"),
            ("ŉ", "ʼn"),
            ("n0000", "N0000"),
        ] {
            assert_eq!(wide(left), wide(right), "{left} and {right}");
        }
        for (left, right) in [("Groß", "gross"), ("ﬁsher", "Fisher"), ("0012", "12"), ("Ada  L", "Ada L")]
        {
            assert_ne!(Folded::new(left), Folded::new(right), "{left} and {right}");
        }
        for (left, right) in [("120", "12"), ("ada", "adam"), ("Jörg", "Joerg"), ("0", "1")] {
            assert_ne!(wide(left), wide(right), "{left} and {right}");
        }
    }

    #[test]
    fn a_domain_has_one_form_and_the_user_before_it_is_only_folded() {
        for (left, right) in [
            ("ada@büro.example", "ADA@xn--bro-hoa.example"),
            ("ada@BÜRO.example", "ada@XN--BRO-HOA.EXAMPLE"),
            ("ada@mail.büro.example", "ada@mail.xn--bro-hoa.example"),
            ("büro.example", "xn--bro-hoa.example"),
            ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ] {
            assert_eq!(Folded::address(left), Folded::address(right), "{left} and {right}");
        }
        for (left, right) in [
            ("xn--bro-hoa@acme.example", "büro@acme.example"),
            ("ada@straße.example", "ada@strasse.example"),
            ("ada@büro.example", "ada@buro.example"),
            ("ada@xn--.example", "ada@.example"),
        ] {
            assert_ne!(Folded::address(left), Folded::address(right), "{left} and {right}");
        }
        assert_eq!(Folded::address("ada@lab_01.example").key(), "ada@lab_01.example");
    }

    #[test]
    fn what_was_said_is_kept() {
        assert_eq!(Folded::new(" Ada Lovelace ").as_written(), "Ada Lovelace");
        assert_eq!(Folded::new("Ada").key(), "ada");
    }
}
