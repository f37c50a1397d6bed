//! Which irreversible thing is ordered, and since when?

use crate::diag::{Diagnostics, Span};
use crate::manifest::lower::date::date;
use crate::manifest::lower::field::{conflict, required};
use crate::manifest::raw;
use crate::manifest::yaml::{Field, Spanned};
use crate::model::{Afterwards, Order, OrderKind};

/// Lowers `remove` and `erase`, of which a user has at most one.
pub(super) fn lower(
    remove: Field<raw::Remove>,
    erase: Field<raw::Erase>,
    found: &mut Diagnostics,
) -> Option<Order> {
    if let (Some(remove), Some(erase)) = (remove.as_ref(), erase.as_ref()) {
        let help = "keep one: `remove` erases all history too";
        found.push(conflict(remove.span, erase.span, "a user has `remove` and `erase`", help));
    }
    let removal = removal(remove, found);
    let erasure = erase.given().and_then(|it| {
        let raw::Erase { decided, reason } = it.value;
        order(OrderKind::Erase, Dated { decided, reason, span: it.span }, found)
    });
    removal.or(erasure)
}

/// Lowers `remove`.
pub(super) fn removal(remove: Field<raw::Remove>, found: &mut Diagnostics) -> Option<Order> {
    let it = remove.given()?;
    let raw::Remove { decided, reason, unblock } = it.value;
    let unblock = unblock.given().is_some_and(|unblock| unblock.value);
    let afterwards = if unblock { Afterwards::Unblock } else { Afterwards::StayBlocked };
    order(OrderKind::Remove(afterwards), Dated { decided, reason, span: it.span }, found)
}

/// What every order has.
struct Dated {
    decided: Field<Box<str>>,
    reason: Field<Box<str>>,
    span: Span,
}

fn order(kind: OrderKind, dated: Dated, found: &mut Diagnostics) -> Option<Order> {
    let decided = required(dated.decided, "decided", dated.span, found)?;
    let origin = decided.origin();
    let reason = dated.reason.given().map(|Spanned { value, .. }| value);
    Some(Order { kind, decided: date(&decided, found)?, reason, origin, row: None })
}
