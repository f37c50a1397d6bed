//! Facts that a manifest asks for.

use crate::model::{Cause, Delta, Description, Fact, Field, Origin, Piece, Severity};

/// A fact that a manifest asks for.
pub(super) fn declared_fact(field: Field, delta: Delta, severity: Severity, origin: Origin) -> Fact {
    Fact { field, delta, severity, cause: Cause::Declared, origin, remark: None }
}

/// A personal value that is added; nothing is lost.
pub(super) fn added(field: Field, value: &impl ToString, origin: Origin) -> Fact {
    declared_fact(field, Delta::Add(Piece::personal(value)), Severity::Safe, origin)
}

/// A personal value that is removed: disruptive.
pub(super) fn removed(field: Field, value: &impl ToString, origin: Origin) -> Fact {
    declared_fact(field, Delta::Remove(Piece::personal(value)), Severity::Disruptive, origin)
}

/// What becomes of what a group says of itself, and what is lost by it; nothing where both are the same.
pub(super) fn describing(from: &Description, to: &Description) -> Option<(Delta, Severity)> {
    let piece = |text: &Description| Piece::plain(text);
    match (from.is_empty(), to.is_empty()) {
        _ if from == to => None,
        (true, _) => Some((Delta::Add(piece(to)), Severity::Safe)),
        (false, true) => Some((Delta::Remove(piece(from)), Severity::Disruptive)),
        (false, false) => Some((Delta::Set { from: Some(piece(from)), to: piece(to) }, Severity::Disruptive)),
    }
}
