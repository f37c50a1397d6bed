//! What can be odd about a text, and what is the text for?

use crate::model::text::has_byte;

/// What a text is for: names may hold more than identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// A name, or a value that is compared: `O’Brien` and `営業部（東京）` are fine.
    Name,
    /// A UPN or email.
    Address,
    /// A device login, exclusion, agent or computer.
    Login,
    /// An employee ID.
    EmployeeId,
    /// An identifier whose shape says which kind it is.
    Shape,
}

impl Care {
    /// What an identifier may be for: an address may have the shape of a login, and so may an employee ID.
    pub fn of_identifier(text: &str) -> impl Iterator<Item = Self> {
        let address = text.contains('@').then_some(Self::Address);
        let id = text.contains('/').then_some(Self::EmployeeId);
        std::iter::once(Self::Shape.of(text)).chain(address).chain(id)
    }

    /// What a text is for, where its shape says so.
    pub(super) fn of(self, text: &str) -> Self {
        match self {
            Self::Shape if has_byte(text, |byte| matches!(byte, b'\\' | b'/')) && !text.contains("://") => {
                Self::Login
            }
            Self::Shape if has_byte(text, |byte| byte == b'@') => Self::Address,
            Self::Shape if !text.is_ascii() && text.contains('\u{ff20}') => Self::Address,
            Self::Shape => Self::EmployeeId,
            care => care,
        }
    }
}

/// An odd thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum What {
    #[error("holds a character that was lost when the file was converted")]
    Lost,
    #[error("is what a spreadsheet writes for a formula that failed")]
    Failed,
    #[error("holds {}", control(*.0))]
    Control(char),
    #[error("holds a character that nobody sees ({}), as copied texts do", number(*.0))]
    Invisible(char),
    #[error("holds {} ({}) in the place of a space", space(*.0), number(*.0))]
    Space(char),
    #[error("holds two spaces in a row")]
    Spaces,
    #[error("holds `{}` ({}), another form of a plain character", .0, number(*.0))]
    Form(char),
    #[error("holds a word whose letters are of two alphabets and look alike: `{}` is {}", .0, number(*.0))]
    Scripts(char),
    #[error("stands in quotes that are part of it")]
    Quoted,
    #[error("holds `{0}`, a quote that is no part of it")]
    Quote(char),
    #[error("holds `{0}`, as an address does that was copied with its name")]
    Bracket(char),
    #[error("begins with `{0}`, as a link does")]
    Scheme(&'static str),
    #[error("begins or ends with `{0}`, or holds it where it can't stand")]
    Punctuation(char),
    #[error("is a formula of a spreadsheet")]
    Formula,
    #[error("begins or ends with an apostrophe, by which spreadsheets mark texts")]
    Apostrophe,
    #[error("is what a spreadsheet makes of a whole number")]
    Decimal,
    #[error("is a number with separators of thousands, as spreadsheets show it")]
    Thousands,
    #[error("is what a spreadsheet makes of a long number: its last digits are lost")]
    Rounded,
    #[error("is another number to other programs where it stands without quotes")]
    Unquoted,
    #[error("is a date, as spreadsheets make of texts that look like one")]
    Date,
}

fn number(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn control(control: char) -> String {
    match control {
        '\t' => "a tab".to_owned(),
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break".to_owned(),
        _ => format!("a control character ({})", number(control)),
    }
}

/// What people call a space that is none.
fn space(c: char) -> &'static str {
    match c {
        '\u{a0}' | '\u{202f}' | '\u{2007}' => "a no-break space",
        '\u{3000}' => "a wide space",
        _ => "a space of another width",
    }
}
