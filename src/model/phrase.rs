//! Sentences whose personal parts stay typed, so that redaction is one rule and not a search through text.

use std::borrow::Cow;

use crate::model::id::UserId;
use crate::model::record::ObservedUser;

/// How a user is shown: name and Display ID, as the app does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UserLabel {
    /// The display name.
    pub name: Option<Box<str>>,
    /// The identifier that the app shows it by, as manifests say it: UPN, else email, employee ID, device login.
    pub display_id: Option<Box<str>>,
    /// The record; none for a user that is to be created.
    pub record: Option<UserId>,
}

impl UserLabel {
    /// The label of a record.
    pub fn of(user: &ObservedUser) -> Self {
        Self {
            name: user.display_name.as_ref().map(|name| name.as_written().into()),
            display_id: user.identifiers().next().map(|shown| shown.to_string().into()),
            record: Some(user.id),
        }
    }
}

/// One part of a sentence, or one value of a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// Words, group names, numbers: shown as they are.
    Plain(Cow<'static, str>),
    /// An identifier, a name or a login of a person: redacted on demand.
    Personal(Box<str>),
    /// A user.
    User(UserLabel),
}

impl From<&'static str> for Piece {
    fn from(words: &'static str) -> Self {
        Self::Plain(Cow::Borrowed(words))
    }
}

impl From<String> for Piece {
    fn from(words: String) -> Self {
        Self::Plain(Cow::Owned(words))
    }
}

impl From<UserLabel> for Piece {
    fn from(label: UserLabel) -> Self {
        Self::User(label)
    }
}

impl Piece {
    /// A person's identifier, name or login.
    pub fn personal(text: &impl ToString) -> Self {
        Self::Personal(text.to_string().into())
    }

    /// The text, if it is one of a person.
    pub fn as_personal(&self) -> Option<&str> {
        match self {
            Self::Personal(text) => Some(text),
            Self::Plain(_) | Self::User(_) => None,
        }
    }

    /// A group's name, a number or another thing that is not personal.
    pub fn plain(text: &impl ToString) -> Self {
        Self::Plain(Cow::Owned(text.to_string()))
    }
}

/// A sentence in pieces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Phrase(pub Vec<Piece>);

impl Phrase {
    /// A sentence of words only.
    pub fn words(words: &'static str) -> Self {
        Self(vec![words.into()])
    }

    /// The same sentence with one more piece.
    #[must_use]
    pub fn then(mut self, piece: impl Into<Piece>) -> Self {
        self.0.push(piece.into());
        self
    }

    /// The same sentence with another after it.
    #[must_use]
    pub fn joined(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// All of it but users as one text, for where a sentence is a value of somebody.
    pub fn text(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Plain(words) => words.to_string(),
            Piece::Personal(text) => text.to_string(),
            Piece::User(_) => String::new(),
        };
        self.0.iter().map(text).collect()
    }

    /// The same sentence with a list, parted by commas.
    #[must_use]
    pub fn list<P: Into<Piece>>(mut self, pieces: impl IntoIterator<Item = P>) -> Self {
        for (at, piece) in pieces.into_iter().enumerate() {
            if at > 0 {
                self.0.push(", ".into());
            }
            self.0.push(piece.into());
        }
        self
    }
}

/// Builds a [`Phrase`] from pieces: string literals, [`Piece`]s, labels.
#[macro_export]
macro_rules! phrase {
    ($($piece:expr),+ $(,)?) => {
        $crate::model::phrase::Phrase(vec![$($crate::model::phrase::Piece::from($piece)),+])
    };
}
