//! Which columns has a file for an upload, and what stands in them?

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What a cell says of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The username.
    Username,
    /// All of the name but its last word.
    FirstName,
    /// The last word of the name.
    LastName,
    /// The email address.
    Email,
}

impl Cell {
    const ALL: [Self; 4] = [Self::Username, Self::FirstName, Self::LastName, Self::Email];

    /// Its word on the command line, which is what its column is called unless something else is said.
    const fn word(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::FirstName => "firstname",
            Self::LastName => "lastname",
            Self::Email => "email",
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it is called.
    pub(in crate::export) header: Box<str>,
    /// What stands in it.
    pub(in crate::export) cell: Cell,
}

/// What is no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadColumn {
    /// Nothing that is known of somebody.
    #[error(
        "expected username, firstname, lastname or email, or one of them behind the name of its column: Login=username"
    )]
    Unknown,
    /// The name of a column that no file can have.
    #[error("the name of a column can't be empty or hold a control character")]
    Header,
}

impl FromStr for Column {
    type Err = BadColumn;

    fn from_str(text: &str) -> Result<Self, BadColumn> {
        let (header, word) = text.rsplit_once('=').unwrap_or((text, text));
        let (header, word) = (header.trim(), word.trim());
        let cell = Cell::ALL.into_iter().find(|cell| cell.word().eq_ignore_ascii_case(word));
        let cell = cell.ok_or(BadColumn::Unknown)?;
        if header.is_empty() || header.contains(char::is_control) {
            return Err(BadColumn::Header);
        }
        Ok(Self { header: header.into(), cell })
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.header, self.cell.word())
    }
}

impl From<Cell> for Column {
    fn from(cell: Cell) -> Self {
        Self { header: cell.word().into(), cell }
    }
}

/// The columns of a file that puts users into a group, unless others are asked for: the username finds them.
pub fn of_associations() -> Vec<Column> {
    vec![Cell::Username.into()]
}

/// The columns of a file that makes users.
pub fn of_users() -> Vec<Column> {
    Cell::ALL.map(Column::from).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_called_as_what_it_holds_unless_it_is_said_otherwise() {
        for (text, header, cell) in [
            ("username", "username", Cell::Username),
            ("Email", "Email", Cell::Email),
            ("User Name=username", "User Name", Cell::Username),
            ("A=B = lastname", "A=B", Cell::LastName),
        ] {
            assert_eq!(text.parse(), Ok(Column { header: header.into(), cell }), "{text}");
        }
        assert_eq!("department".parse::<Column>(), Err(BadColumn::Unknown));
        assert_eq!("=username".parse::<Column>(), Err(BadColumn::Header));
        assert_eq!("a\nb=username".parse::<Column>(), Err(BadColumn::Header));
    }
}
