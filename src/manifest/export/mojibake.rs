//! Was a text read in the encoding that it is in? Not where `MÃ¼ller` was `Müller` once, and `£ucja` is `Łucja` in its own.

use encoding_rs::WINDOWS_1252;

use crate::diag::{Code, Diagnostic, Severity};
use crate::manifest::export::problems::{problem, word};
use crate::model::Origin;

/// What a file that is taken for Windows-1252 says where encodings differ: the first such cell, or the first that hardly anybody
/// would write.
#[derive(Debug, Default)]
pub(super) struct Sample {
    cell: Option<(Box<str>, Origin)>,
    is_odd: bool,
}

impl Sample {
    /// Looks at a cell.
    pub(super) fn note(&mut self, text: &str, origin: Origin) {
        if text.is_ascii() || self.is_odd {
            return;
        }
        self.is_odd = is_odd(text);
        if self.is_odd || self.cell.is_none() {
            self.cell = Some((text.into(), origin));
        }
    }

    /// What is neither UTF-8 nor UTF-16 is taken for what is most frequent among the rest; in another encoding a cell says
    /// something else. Where nobody writes what it says, it is no guess any more.
    pub(super) fn guess(self) -> Option<Diagnostic> {
        let (text, origin) = self.cell?;
        // The words that hang on it: the rest of the cell says nothing more.
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_ascii()).take(3).collect();
        let message = format!(
            "this file is not UTF-8, and taken for Windows-1252: then this cell says `{}`",
            word(&words.join(" "))
        );
        let help = "if that is right, write `encoding: windows-1252` into the source; if not, its own: `windows-1250`, \
                    `iso-8859-2`, `shift_jis`; or export it as UTF-8";
        let guess = problem(Code::GuessedEncoding, origin, message).help(help);
        let severity = if self.is_odd { Severity::Error } else { guess.severity };
        Some(Diagnostic { severity, ..guess })
    }
}

/// Whether a sign stands in a word: `£ucja`, `Ho³da`.
fn is_odd(text: &str) -> bool {
    let pairs = text.chars().zip(text.chars().skip(1));
    let odd = |(one, next): (char, char)| {
        let begins = is_sign(one) && !matches!(one, '¡' | '¿') && next.is_alphabetic();
        begins || (one.is_alphabetic() && is_sign(next))
    };
    pairs.into_iter().any(odd)
}

/// What Windows-1252 has where other encodings have letters, and no word.
fn is_sign(character: char) -> bool {
    matches!(
        character,
        '¡'..='¦' | '¨' | '©' | '¬' | '¯' | '±'..='³' | '¶' | '¸' | '¹' | '¼'..='¿' | '×' | '÷'
    ) || matches!(character, '€' | '‚' | '…' | '†' | '‡' | '‰' | '‹' | '›' | '\u{80}'..='\u{9f}')
}

/// The text as it was, if a text is what becomes of UTF-8 that is taken for Windows-1252.
pub(super) fn undone(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let (bytes, _, unmapped) = WINDOWS_1252.encode(text);
    if unmapped {
        return None;
    }
    let before = String::from_utf8(bytes.into_owned()).ok()?;
    // Taken for it twice, it is undone twice.
    Some(undone(&before).unwrap_or(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_for_another_encoding_is_undone() {
        for text in ["Müller", "Zoë", "Łukasz", "Søren", "東京", "5 €", "O’Neil", "Ærø"] {
            let (once, _, _) = WINDOWS_1252.decode(text.as_bytes());
            let (twice, _, _) = WINDOWS_1252.decode(once.as_bytes());
            for wrong in [&once, &twice] {
                assert_eq!(undone(wrong).as_deref(), Some(text), "{wrong}");
            }
        }
    }

    #[test]
    fn a_sign_in_a_word_is_no_letter_of_this_encoding() {
        for (label, text) in [
            ("windows-1250", "Łucja"),
            ("windows-1250", "Żak"),
            ("iso-8859-2", "Wałęsa"),
            ("windows-1251", "Ёлкин Іван"),
            ("shift_jis", "東京"),
        ] {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, _) = encoding.encode(text);
            let (wrong, _, _) = WINDOWS_1252.decode(&bytes);
            assert!(is_odd(&wrong), "{wrong}");
        }
        for text in
            ["Zoë", "5 €", "© Acme", "O’Neil", "Smith – Jones", "L·L", "«Acme»", "1º", "Ñuñoa", "¿Qué?"]
        {
            assert!(!is_odd(text), "{text}");
        }
    }

    #[test]
    fn texts_of_many_languages_are_as_they_are() {
        for text in [
            "Müller",
            "São Paulo",
            "SÃO PAULO",
            "Ångström",
            "Łukasz",
            "Ñuñoa",
            "Âge",
            "Îles",
            "Nguyễn Văn Ân",
            "Ada",
            "Москва",
            "Groß",
            "Ève Â",
            "Ærø",
            "Žižek",
            "東京",
            "Ã",
            "déjà vu",
            "À côté",
            "Þór",
        ] {
            assert_eq!(undone(text), None, "{text}");
        }
    }
}
