//! How much may a plan do?

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::raw;
use crate::manifest::yaml::{Either, Field, Spanned};
use crate::model::{IdentifierLimits, Limit};

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

/// Lowers a number or a share for every kind of identifier, and what a kind has of its own.
pub(super) fn identifiers(
    field: Field<raw::IdentifierLimits>,
    into: &mut IdentifierLimits,
    found: &mut Diagnostics,
) {
    let Some(it) = field.given() else { return };
    let (span, origin) = (it.span, it.origin());
    let raw::IdentifierShares { percent, at_least, upn, email, employee_id, device_login } = match it.value {
        Either::Scalar(at_least) => {
            *into = IdentifierLimits::all(Limit { percent: 0, at_least, origin });
            return;
        }
        Either::Mapping(shares) => shares,
    };
    let of_one = [&upn, &email, &employee_id, &device_login].iter().any(|kind| !kind.is_absent());
    if !(percent.is_absent() && at_least.is_absent() && of_one) {
        let of_all = Spanned { value: raw::Share { percent, at_least }, span, written: it.written };
        *into = IdentifierLimits::all(share(&of_all, found));
    }
    limit(upn, &mut into.upn, found);
    limit(email, &mut into.email, found);
    limit(employee_id, &mut into.employee_id, found);
    limit(device_login, &mut into.device_login, found);
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
