//! What is asked of the rows of an export? Columns, and the values that they have to have.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::lower::field::required;
use crate::manifest::lower::hr::names::{column, entries, named};
use crate::manifest::lower::text::VALUE;
use crate::manifest::raw;
use crate::manifest::source::{Allowed, Asks, Condition};
use crate::manifest::yaml::{Field, Map, OneOrMany, Spanned};
use crate::model::fold;

/// What is asked of rows.
pub(super) fn asked(
    asks: Asks,
    asked: Field<Map<OneOrMany<raw::Text>>>,
    found: &mut Diagnostics,
) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (column, values) in entries(asked) {
        let Some(column) = named(&column, found) else { continue };
        conditions.push(Condition { asks, column, values: any(&values, found) });
    }
    conditions
}

/// Which of several rows of a person counts.
pub(super) fn one_of_several(it: Spanned<raw::HrPrimary>, found: &mut Diagnostics) -> Option<Condition> {
    let raw::HrPrimary { column: of, is } = it.value;
    let of = column(required(of, "column", it.span, found), found);
    let is = required(is, "is", it.span, found);
    Some(Condition { asks: Asks::Primary, column: of?, values: any(&is?, found) })
}

/// Values, any of which is enough.
fn any(values: &Spanned<OneOrMany<raw::Text>>, found: &mut Diagnostics) -> Allowed {
    if values.value.0.is_empty() {
        let problem = Diagnostic::new(Code::InvalidValue, values.span, "no row has none of the values");
        found.push(problem.help("list the values that a row may have, or take the column out"));
    }
    let allowed = values.value.0.iter().filter_map(|text| {
        let value = VALUE.one(text, found)?.value;
        Some((fold(&value).into(), Spanned { value, span: text.span, written: text.written }))
    });
    allowed.collect()
}
