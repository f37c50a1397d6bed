//! Facts that a manifest asks for.

use crate::model::{Cause, Delta, Fact, Field, Origin, Piece, Severity};

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
