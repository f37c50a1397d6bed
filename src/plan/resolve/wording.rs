//! How identifiers, keys and records read in questions, and as lines to paste.

use crate::model::{
    AdoptableField, DesiredUser, Identifier, Key, Members, ObservedUser, Phrase, Piece, UserLabel,
};
use crate::phrase;

/// Whether rows of exports say anything of who the user is.
pub(in crate::plan) fn is_of_rows(user: &DesiredUser) -> bool {
    !user.lookups.is_empty()
        || matches!(user.upns, Members::AtLeast(_))
        || matches!(user.emails, Members::AtLeast(_))
        || matches!(user.employee_ids, Members::AtLeast(_))
}

/// A value as a manifest takes it: in quotes where YAML would read something else.
pub(in crate::plan) fn quoted(identifier: &Identifier) -> Piece {
    match identifier {
        Identifier::DeviceLogin(login) => Piece::personal(&format!("'{login}'")),
        other => Piece::personal(other),
    }
}

/// A key of an entry with its value.
pub(in crate::plan) fn line(identifier: &Identifier) -> Phrase {
    phrase![format!("{}: ", AdoptableField::of(identifier).key()), quoted(identifier)]
}

/// A record with all that identifies it.
pub(in crate::plan) fn describe(record: &ObservedUser) -> Phrase {
    let identifiers = record.identifiers().map(|identifier| Piece::personal(&identifier));
    phrase![UserLabel::of(record), " with "].list(identifiers)
}

/// A key as a value a reader may see.
pub(in crate::plan) fn key_piece(key: Key<'_>) -> Piece {
    match key {
        Key::Address(text) | Key::EmployeeId(text) | Key::Name(text) => Piece::Personal(text.into()),
        Key::Login(login) => Piece::personal(login),
    }
}
