//! How much may a plan do?

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::raw;
use crate::manifest::yaml::{Either, Field, Spanned};
use crate::model::Limit;

/// Lowers a plain number over a default.
pub(super) fn count(field: Field<u64>, into: &mut Limit) {
    if let Some(it) = field.given() {
        *into = Limit { percent: 0, at_least: it.value, origin: it.origin() };
    }
}

/// Lowers a number or a share over a default.
pub(super) fn limit(field: Field<raw::Limit>, into: &mut Limit, found: &mut Diagnostics) {
    let Some(it) = field.given() else { return };
    let (span, origin) = (it.span, it.origin());
    *into = match it.value {
        Either::Scalar(at_least) => Limit { percent: 0, at_least, origin },
        Either::Mapping(value) => share(&Spanned { value, span, written: it.written }, found),
    };
}

/// Lowers `{ percent, atLeast }`.
pub(super) fn share(it: &Spanned<raw::Share>, found: &mut Diagnostics) -> Limit {
    let origin = it.origin();
    let raw::Share { percent, at_least } = &it.value;
    if percent.is_absent() {
        let help = "write a plain number for a limit without a percentage";
        found.push(Diagnostic::new(Code::MissingKey, it.span, "`percent` is missing here").help(help));
    }
    let percent = percent.as_ref().map_or(0, |percent| {
        if percent.value > 100 {
            let message = format!("{} is more than 100 percent", percent.value);
            found.push(Diagnostic::new(Code::InvalidValue, percent.span, message));
        }
        percent.value
    });
    Limit { percent, at_least: at_least.as_ref().map_or(0, |it| it.value), origin }
}
