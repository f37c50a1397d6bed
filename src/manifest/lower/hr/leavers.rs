//! Which rows count, and what do they mean for their people? Orders that they give are dated by a cell each.

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{conflict, required};
use crate::manifest::lower::hr::columns::forms;
use crate::manifest::lower::hr::conditions::{asked, one_of_several};
use crate::manifest::lower::hr::names::column;
use crate::manifest::lower::order;
use crate::manifest::raw;
use crate::manifest::source::{Asks, Condition, RowOrder};
use crate::manifest::yaml::{Either, Field, Map, OneOrMany, Spanned};
use crate::model::{Afterwards, Order, OrderKind, fold};

/// How days are written where the source does not say it.
const DAY: &str = "%Y-%m-%d";

/// Tells an order that the manifest dates from one whose rows do: those that `where` means.
pub(super) fn parted(remove: Field<raw::HrRemove>) -> [Option<Spanned<raw::HrRemove>>; 2] {
    match remove.given() {
        Some(remove) if remove.value.only.is_absent() => [Some(remove), None],
        remove => [None, remove],
    }
}

/// Rows of a source that maps columns have to say which of them remove a user.
pub(super) fn refuse(dated: Option<Spanned<raw::HrRemove>>, found: &mut Diagnostics) {
    if let Some(dated) = dated {
        let message = "no row of this source says that it removes a user";
        let problem = Diagnostic::new(Code::MissingKey, dated.span, message);
        found.push(problem.help(
            "say which rows do, `where: { Status: [Terminated] }`, and by which column they are dated, `decided: Termination Date`",
        ));
    }
}

/// The order that `delete_user` of HRDC's own format stands for.
pub(super) fn of_letters(dated: Option<Spanned<raw::HrRemove>>, found: &mut Diagnostics) -> Option<Order> {
    let Spanned { value: raw::HrRemove { only: _, decided, reason, unblock }, span, written } = dated?;
    let decided = match decided {
        Field::Given(Spanned { value: Either::Scalar(text), span, written }) => {
            Field::Given(Spanned { value: text.0, span, written })
        }
        Field::Given(Spanned { value: Either::Mapping(_), span, .. }) => {
            let problem = Diagnostic::new(Code::InvalidValue, span, "no row of HRDC's own format is dated");
            found.push(problem.help("write the day on which somebody decided it: 2026-05-02"));
            Field::Broken
        }
        Field::Broken => Field::Broken,
        Field::Absent => Field::Absent,
    };
    let value = raw::Remove { decided, reason, unblock };
    order::removal(Field::Given(Spanned { value, span, written }), found)
}

/// What a source says of its rows.
pub(super) struct Given {
    pub(super) only: Field<Map<OneOrMany<raw::Text>>>,
    pub(super) unless: Field<Map<OneOrMany<raw::Text>>>,
    pub(super) primary: Field<raw::HrPrimary>,
    pub(super) untracked: Field<Map<OneOrMany<raw::Text>>>,
    pub(super) remove: Option<Spanned<raw::HrRemove>>,
    pub(super) erase: Field<raw::HrErase>,
}

/// Which rows count, and what they mean.
pub(super) fn rows(given: Given, found: &mut Diagnostics) -> (Vec<Condition>, Vec<RowOrder>) {
    let Given { only, unless, primary, untracked, remove, erase } = given;
    let mut conditions = asked(Asks::Where, only, found);
    conditions.extend(asked(Asks::Unless, unless, found));
    conditions.extend(primary.given().and_then(|it| one_of_several(it, found)));
    conditions.extend(asked(Asks::Untracked, untracked, found));
    let orders = orders(remove, erase, &mut conditions, found);
    are_possible(&conditions, found);
    (conditions, orders)
}

/// What rows order, and the conditions that say which rows.
fn orders(
    remove: Option<Spanned<raw::HrRemove>>,
    erase: Field<raw::HrErase>,
    conditions: &mut Vec<Condition>,
    found: &mut Diagnostics,
) -> Vec<RowOrder> {
    let mut orders = Vec::new();
    if let Some(Spanned { value, span, .. }) = remove {
        let raw::HrRemove { only, decided, reason, unblock } = value;
        let unblock = unblock.given().is_some_and(|unblock| unblock.value);
        let kind = OrderKind::Remove(if unblock { Afterwards::Unblock } else { Afterwards::StayBlocked });
        let asks = (Asks::Remove, kind, span);
        orders.extend(order(asks, Ordered { only, decided, reason }, conditions, found));
    }
    if let Some(Spanned { value, span, .. }) = erase.given() {
        let raw::HrErase { only, decided, reason } = value;
        let asks = (Asks::Erase, OrderKind::Erase, span);
        orders.extend(order(asks, Ordered { only, decided, reason }, conditions, found));
    }
    orders
}

/// What a source says of an order.
struct Ordered {
    only: Field<Map<OneOrMany<raw::Text>>>,
    decided: Field<Either<raw::Text, raw::HrDay>>,
    reason: Field<Box<str>>,
}

fn order(
    (asks, kind, span): (Asks, OrderKind, Span),
    given: Ordered,
    conditions: &mut Vec<Condition>,
    found: &mut Diagnostics,
) -> Option<RowOrder> {
    let Ordered { only, decided, reason } = given;
    let decided = required(decided, "decided", span, found);
    if let Some(only) = required(only, "where", span, found) {
        if only.value.0.is_empty() {
            let problem = Diagnostic::new(Code::InvalidValue, only.span, "this would mean every row");
            found.push(problem.help("say which rows give the order: `Status: [Terminated]`"));
            return None;
        }
        conditions.extend(asked(asks, Field::Given(only), found));
    }
    let Spanned { value, span, written } = decided?;
    let (of, form) = match value {
        Either::Scalar(text) => (Some(Spanned { value: text, span, written }), Field::Absent),
        Either::Mapping(raw::HrDay { column, form }) => (required(column, "column", span, found), form),
    };
    let decided = column(of, found)?;
    let forms = form.given().map_or_else(|| vec![DAY.into()], |list| forms(list, found));
    Some(RowOrder { asks, kind, decided, forms, reason: reason.given().map(|reason| reason.value) })
}

/// Reports what rows are to mean of which none counts, for `where` or `unless` of the source.
fn are_possible(conditions: &[Condition], found: &mut Diagnostics) {
    let means = |it: &&Condition| matches!(it.asks, Asks::Untracked | Asks::Remove | Asks::Erase);
    for meant in conditions.iter().filter(means) {
        let same = |it: &&Condition| fold(&it.column.value) == fold(&meant.column.value);
        for other in conditions.iter().filter(same) {
            let lets_in = |value: &str| other.values.contains_key(value) == (other.asks == Asks::Where);
            let asks = matches!(other.asks, Asks::Where | Asks::Unless);
            if !asks || meant.values.is_empty() || meant.values.keys().any(|value| lets_in(value)) {
                continue;
            }
            let (key, column) = (meant.asks.key(), &meant.column.value);
            let message =
                format!("`{key}` means no row: `{}` leaves them all out, by `{column}`", other.asks.key());
            let help = "let such rows count there too: a row that does not count means nothing for its user";
            found.push(conflict(other.column.span, meant.column.span, message, help));
        }
    }
}
