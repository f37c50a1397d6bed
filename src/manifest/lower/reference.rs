//! How does a manifest name a user?

use crate::diag::Diagnostics;
use crate::manifest::lower::field::{items, required};
use crate::manifest::lower::text::{DISPLAY_NAME, REFERENCE};
use crate::manifest::raw;
use crate::manifest::yaml::{Either, Field, List, Spanned};
use crate::model::{Located, Reference};

/// Lowers one reference.
pub(super) fn lower(it: Spanned<raw::Reference>, found: &mut Diagnostics) -> Option<Located<Reference>> {
    let (span, written) = (it.span, it.written);
    match it.value {
        Either::Scalar(text) => REFERENCE.one(&Spanned { value: text, span, written }, found),
        Either::Mapping(raw::ByName { name }) => {
            let name = required(name, "name", span, found)?;
            Some(DISPLAY_NAME.one(&name, found)?.map(Reference::Name))
        }
    }
}

/// Lowers a list of references.
pub(super) fn list(field: Field<List<raw::Reference>>, found: &mut Diagnostics) -> Vec<Located<Reference>> {
    let said = items(field);
    let mut references = Vec::with_capacity(said.len());
    references.extend(said.into_iter().filter_map(|it| lower(it, found)));
    references
}
