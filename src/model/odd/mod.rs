//! What in a text would deceive its reader, or belongs to where it was copied from? The one check of everything that becomes an
//! identifier, a name or a compared value, whatever it was read from.
//!
//! `glyph` knows characters that nobody sees or takes for others, `copied` what stands around an address that was copied, and
//! `sheet` what spreadsheets make of numbers.

mod copied;
mod glyph;
mod sheet;
mod what;

use std::borrow::Cow;
use std::fmt;

use crate::model::odd::sheet::reads_otherwise;
use crate::model::text::{has_byte, trimmed};
pub use glyph::{is_hidden, is_odd_space, strange_in};
pub use sheet::{is_long, is_zeroed};
pub use what::Care;
use what::What;

/// What is odd about a text, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    what: What,
    /// The text without what is odd, where that is certain enough to be pasted.
    pub meant: Option<String>,
}

impl Odd {
    /// The first odd thing about a text.
    pub fn of(text: &str, care: Care) -> Option<Self> {
        let text = trimmed(text);
        let care = care.of(text);
        let what = find(text, care)?;
        Some(Self::with(what, text, care))
    }

    /// The first odd thing about a text in which everything that nobody sees is written out, and meant.
    pub fn of_written_out(text: &str, care: Care) -> Option<Self> {
        let text = trimmed(text);
        let care = care.of(text);
        let what = copied::find(text, care).filter(|_| care != Care::Name)?;
        Some(Self::with(what, text, care))
    }

    /// A long number that ends in zeros where a spreadsheet makes zeros of digits: some numbers do end so.
    pub fn of_zeros(text: &str, care: Care) -> Option<Self> {
        let text = trimmed(text);
        let zeroed = is_zeroed(text) && care.of(text) == Care::EmployeeId;
        zeroed.then_some(Self { what: What::Rounded, meant: None })
    }

    /// An employee ID that is another number to other programs where it stands without quotes.
    pub fn of_unquoted(text: &str, care: Care) -> Option<Self> {
        let other = reads_otherwise(text) && care.of(text) == Care::EmployeeId;
        other.then(|| Self { what: What::Unquoted, meant: Some(text.to_owned()) })
    }

    fn with(what: What, text: &str, care: Care) -> Self {
        let meant = match what {
            What::Lost | What::Failed | What::Rounded | What::Date => None,
            _ => Some(clean(text, care))
                .filter(|meant| meant.contains(char::is_alphanumeric) && find(meant, care).is_none()),
        };
        Self { what, meant }
    }
}

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)
    }
}

fn find(text: &str, care: Care) -> Option<What> {
    if is_ordinary(text, care) {
        return None;
    }
    if sheet::has_failed(text) {
        return Some(What::Failed);
    }
    glyph::find(text, care).or_else(|| copied::find(text, care)).or_else(|| match care {
        Care::EmployeeId => sheet::find(text),
        _ => None,
    })
}

/// Whether a text is of plain letters and digits, with single marks between them: most are, and nothing below finds anything in them.
/// An employee ID with a mark may be a number or a date.
fn is_ordinary(text: &str, care: Care) -> bool {
    if care == Care::EmployeeId {
        return !text.is_empty() && !has_byte(text, |byte| !byte.is_ascii_alphanumeric());
    }
    let (mut is_after_letter, mut is_other) = (false, false);
    for byte in text.bytes() {
        let is_letter = IN_WORDS[usize::from(byte)] == InWords::Letter;
        is_other |= !is_letter && (!is_after_letter || IN_WORDS[usize::from(byte)] == InWords::Nowhere);
        is_after_letter = is_letter;
    }
    is_after_letter && !is_other
}

/// Where a character of ASCII stands in ordinary texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InWords {
    Nowhere,
    /// A letter or digit.
    Letter,
    /// Between letters.
    Between,
}

const IN_WORDS: [InWords; 256] = {
    let mut table = [InWords::Nowhere; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => InWords::Letter,
            b' ' | b'-' | b'_' | b'.' | b'@' | b'\\' => InWords::Between,
            _ => InWords::Nowhere,
        };
        byte += 1;
    }
    table
};

fn clean(text: &str, care: Care) -> String {
    let text = glyph::clean(text, care);
    // What follows may uncover more of the same: `<“ada@acme.example”>`.
    let mut text = collapse(&text).into_owned();
    for _ in 0..3 {
        text = copied::clean(&text, care);
        if care == Care::EmployeeId {
            text = sheet::clean(&text);
        }
    }
    text
}

/// A text with each run of spaces, tabs and line breaks made one space: how cells are read that people compare or see.
pub fn collapse(text: &str) -> Cow<'_, str> {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let text = text.trim_matches(blank);
    let mut after = false;
    let single = |c: char| {
        let twice = blank(c) && (after || c != ' ');
        after = blank(c);
        !twice
    };
    if text.chars().all(single) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split(blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was meant by a text that is odd.
    fn meant(text: &str, care: Care) -> Option<String> {
        Odd::of(text, care).unwrap_or_else(|| panic!("{text:?} is fine")).meant
    }

    #[test]
    fn what_nobody_sees_is_odd_in_every_text_and_cleaned() {
        for (text, clean) in [
            ("active\u{200b}", "active"),
            ("R&\u{ad}D", "R&D"),
            ("ada\u{202c}", "ada"),
            ("\u{feff}ada", "ada"),
            ("London\u{a0}office", "London office"),
            ("London\u{2009}office", "London office"),
            ("London\u{3000}office", "London office"),
            ("London  office", "London office"),
            ("London\toffice", "London office"),
            ("Smith\u{2011}Jones", "Smith-Jones"),
            ("Ｌｏｎｄｏｎ", "London"),
            ("R＆D", "R&D"),
            ("ﬁnance", "finance"),
            ("𝐋ondon", "London"),
            ("L\u{43e}ndon", "London"),
            ("М\u{6f}сква", "Москва"),
            ("“London office”", "London office"),
            ("'Ada'", "Ada"),
            ("«Ada»", "Ada"),
            ("a\u{200d}da", "ada"),
            ("London\u{fe0f}", "London"),
        ] {
            assert_eq!(meant(text, Care::Name).as_deref(), Some(clean), "{text:?}");
        }
        for lost in ["Zo\u{fffd}", "#N/A", "#REF!", "#BEZUG!"] {
            assert_eq!(meant(lost, Care::Name), None, "{lost}");
        }
    }

    #[test]
    fn names_of_the_world_are_fine() {
        for text in [
            "O’Brien",
            "Anne-Marie d'Arc",
            "Robert “Bob” Smith",
            "‘Abd al-Rahman",
            "R&D, London (HQ) – Süd.",
            "Martin Luther King Jr.",
            "Москва HQ",
            "Отдел №5",
            "Ω team",
            "Ελλάδα",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "山田\u{3000}太郎",
            "営業部（東京）",
            "株式会社ＡＢＣ",
            "葛\u{e0100}城",
            "👩\u{200d}💻 Team",
            "❤\u{fe0f} Sales",
            "5 µm lab",
            "Team \"A\" and \"B\"",
            "1001.0",
            "#1",
            "Zoe\u{308}",
        ] {
            assert_eq!(Odd::of(text, Care::Name), None, "{text:?}");
        }
    }

    #[test]
    fn what_an_address_was_copied_with_is_odd() {
        for (text, clean) in [
            ("bob@acme.example\u{200b}", "bob@acme.example"),
            ("“ada@acme.example”", "ada@acme.example"),
            ("cyd@acme.example,", "cyd@acme.example"),
            ("<dee@acme.example>", "dee@acme.example"),
            ("Dee Doe <dee@acme.example>", "dee@acme.example"),
            ("<“dee@acme.example”>;", "dee@acme.example"),
            ("mailto:eve@acme.example", "eve@acme.example"),
            ("MAILTO:eve@acme.example?subject=Hi", "eve@acme.example"),
            ("SMTP:eve@acme.example", "eve@acme.example"),
            ("fay@acme.example.", "fay@acme.example"),
            ("g\u{443}s@acme.example", "gys@acme.example"),
            ("\u{441}\u{435}\u{43e}@acme.example", "ceo@acme.example"),
            ("o’brien@acme.example", "o'brien@acme.example"),
            ("'ada@acme.example'", "ada@acme.example"),
            ("(ada@acme.example)", "ada@acme.example"),
            ("ada＠acme.example", "ada@acme.example"),
            ("ada\u{2011}l@acme.example", "ada-l@acme.example"),
            ("ada–l@acme.example", "ada-l@acme.example"),
        ] {
            for care in [Care::Address, Care::Shape] {
                assert_eq!(meant(text, care).as_deref(), Some(clean), "{text:?}");
            }
        }
        for text in ["ada@acme..example", "ada@acme.example:", "a,da@acme.example", "ada@.example"] {
            assert!(Odd::of(text, Care::Address).is_some(), "{text}");
        }
        for text in
            ["o'brien@acme.example", "ada+x@acme.example", "иван@acme.example", "zoë@bücher.example", "ada"]
        {
            assert_eq!(Odd::of(text, Care::Address), None, "{text}");
        }
    }

    #[test]
    fn what_a_spreadsheet_makes_of_an_employee_id_is_odd() {
        for (text, clean) in [
            ("=\"1001\"", "1001"),
            ("=1001", "1001"),
            ("=T(\"0042\")", "0042"),
            ("1002.0", "1002"),
            ("1002,00", "1002"),
            ("'1003", "1003"),
            ("’1003", "1003"),
            ("1,001", "1001"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1'001", "1001"),
            ("1,001.00", "1001"),
            ("１００１", "1001"),
            ("١٠٠١", "1001"),
            ("E\u{2011}1001", "E-1001"),
            ("\u{415}1001", "E1001"),
            ("E1001,", "E1001"),
            ("\"E1001\"", "E1001"),
        ] {
            for care in [Care::EmployeeId, Care::Shape] {
                assert_eq!(meant(text, care).as_deref(), Some(clean), "{text:?}");
            }
        }
    }

    #[test]
    fn what_a_spreadsheet_lost_of_an_employee_id_is_odd_and_the_rest_is_fine() {
        for lost in [
            "1.234E+15",
            "1,2E+5",
            "1E+15",
            "1.2e+5",
            "1.23E15",
            "1-Mar",
            "Mar-01",
            "01-Mar-2026",
            "3. Mrz",
            "2026-05-02",
            "03/01/2026",
            "1.3.2026",
            "2026-05-02 00:00:00",
            "########",
        ] {
            let odd = Odd::of(lost, Care::EmployeeId);
            assert!(odd.as_ref().is_some_and(|odd| odd.meant.is_none()), "{lost}: {odd:?}");
        }
        for text in [
            "1001",
            "0012",
            "E1001",
            "1E5",
            "A1.2E+4",
            "12.3E+4",
            "1.23",
            "E+11",
            "1.2E+",
            "10.001",
            "HR:1001",
            "A-123",
            "1001-Mar-7",
            "May",
            "O'1",
            "ЖК-12",
            "Müller 7",
            "12/7",
            "1-2",
            "0x10",
        ] {
            assert_eq!(Odd::of(text, Care::EmployeeId), None, "{text}");
        }
    }

    #[test]
    fn logins_keep_what_they_may_hold() {
        for text in [
            "*\\ada",
            "ACME\\Müller",
            "ACME\\IT admin",
            "ACME/svc-backup$",
            "NT AUTHORITY\\o'neil",
            "PC-1\\a.b.",
        ] {
            assert_eq!(Odd::of(text, Care::Shape), None, "{text}");
        }
        for (text, clean) in
            [("ACME\\ada,", "ACME\\ada"), ("“ACME\\ada”", "ACME\\ada"), ("ACME\\a\u{200b}da", "ACME\\ada")]
        {
            assert_eq!(meant(text, Care::Login).as_deref(), Some(clean), "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_never_odd_itself() {
        for text in ["\u{200b}", "“”", "<>", "mailto:", "=\"\"", "'", "a\u{fffd}\u{200b}"] {
            let odd = Odd::of(text, Care::Address).or_else(|| Odd::of(text, Care::EmployeeId));
            assert_eq!(odd.and_then(|odd| odd.meant), None, "{text:?}");
        }
    }

    /// Every text of up to four of these pieces.
    #[test]
    fn nothing_is_odd_about_what_is_ordinary() {
        let pieces = ["a", "Mar", "E", "0", "12", "000", " ", ".", "-", "_", "@", "\\", "+", "'", ",", ":"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = texts.iter().flat_map(|text| pieces.map(|piece| format!("{text}{piece}")));
            texts = std::iter::once(String::new()).chain(longer).collect();
        }
        let mut ordinary = 0;
        for text in &texts {
            for care in [Care::Name, Care::Address, Care::Login, Care::EmployeeId, Care::Shape] {
                if is_ordinary(text, care) {
                    ordinary += 1;
                    assert_eq!(glyph::find(text, care), None, "{text:?}");
                    assert_eq!(copied::find(text, care), None, "{text:?}");
                    assert!(!sheet::has_failed(text), "{text:?}");
                    assert!(care != Care::EmployeeId || sheet::find(text).is_none(), "{text:?}");
                }
            }
        }
        assert!(ordinary > 5_000, "{ordinary}");
    }

    #[test]
    fn runs_of_blanks_become_one_space() {
        for (text, one) in
            [("a  b", "a b"), (" a\tb\r\nc ", "a b c"), ("a b", "a b"), ("a\u{a0}b", "a\u{a0}b")]
        {
            assert_eq!(collapse(text), one);
        }
    }
}
