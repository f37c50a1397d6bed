//! What does a key hold, and what is wrong with keys that are missing, contradict each other or say nothing?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::yaml::{Field, List, Spanned};

/// The items of a list that may not be there.
pub(super) fn items<T>(list: Field<List<T>>) -> Vec<Spanned<T>> {
    list.given().map(|list| list.value.0).unwrap_or_default()
}

/// What a key says, which must be there; `owner` is marked if it is not.
pub(super) fn required<T>(
    field: Field<T>,
    key: &str,
    owner: Span,
    found: &mut Diagnostics,
) -> Option<Spanned<T>> {
    if field.is_absent() {
        found.push(Diagnostic::new(Code::MissingKey, owner, format!("`{key}` is missing here")));
    }
    field.given()
}

/// Two keys that contradict each other.
pub(super) fn conflict(first: Span, second: Span, message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::new(Code::ConflictingKeys, second, message).related(first, "because of this").help(help)
}

/// A list that only adds and holds nothing.
pub(super) fn adds_nothing(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(Code::AddsNothing, span, format!("an empty `{key}` adds nothing and takes nothing away"))
        .help("take the key out")
}
