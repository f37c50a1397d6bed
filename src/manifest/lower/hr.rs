//! Which HR exports are there, and which members may a snapshot leave out?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::path::relative;
use crate::manifest::lower::text::GROUP;
use crate::manifest::lower::{Declared, items, limit, reference, required};
use crate::manifest::raw;
use crate::manifest::yaml::{Field, Map, Spanned};
use crate::model::LeaveOut;

/// Where a group's name takes the text of a cell.
const CELL: &str = "{}";

/// Lowers `hr`.
pub(super) fn lower(hr: raw::Hr, declared: &mut Declared, found: &mut Diagnostics) {
    let raw::Hr { sources, leave_out } = hr;
    for source in items(sources) {
        declared.hr_sources.push(source.origin());
        check(source, found);
    }
    declared.leave_out = items(leave_out).into_iter().filter_map(|it| leave(it, found)).collect();
}

fn leave(it: Spanned<raw::LeaveOut>, found: &mut Diagnostics) -> Option<LeaveOut> {
    let raw::LeaveOut { group, user } = it.value;
    let group = required(group, "group", it.span, found).and_then(|group| GROUP.one(&group, found));
    let user = required(user, "user", it.span, found).and_then(|user| reference::lower(user, found));
    Some(LeaveOut { group: group?, user: user? })
}

/// Checks a source that this version can't read yet.
fn check(it: Spanned<raw::HrSource>, found: &mut Diagnostics) {
    let span = it.span;
    let raw::HrSource {
        name,
        csv,
        user,
        fields,
        attributes,
        groups,
        only,
        expect,
        dates,
        unmatched: _,
        create: _,
    } = it.value;
    named(required(name, "name", span, found), found);
    named(required(user, "user", span, found), found);
    if let Some(csv) = csv.as_ref() {
        relative(csv, found);
    }
    if let Some(fields) = fields.given() {
        let raw::HrFields { display_name, upn, email, employee_id } = fields.value;
        for column in [display_name, upn, email, employee_id] {
            named(column.given(), found);
        }
    }
    for (_, column) in entries(attributes).into_iter().chain(entries(dates)) {
        named(Some(column), found);
    }
    for (column, values) in entries(only) {
        if values.value.0.is_empty() {
            let message = format!("no row has none of the values of `{}`", column.value);
            found.push(Diagnostic::new(Code::InvalidValue, values.span, message));
        }
    }
    for groups in items(groups) {
        columns(groups.value, groups.span, found);
    }
    if let Some(shrink) = expect.given().and_then(|expect| expect.value.shrink.given()) {
        limit::share(&shrink, found);
    }
}

fn columns(groups: raw::HrGroups, span: Span, found: &mut Diagnostics) {
    let raw::HrGroups { column, name, split } = groups;
    named(required(column, "column", span, found), found);
    if let Some(name) = name.as_ref().filter(|name| !name.value.contains(CELL)) {
        let problem = Diagnostic::new(Code::InvalidValue, name.span, "every cell would name the same group");
        found.push(problem.help(format!("write `{CELL}` where the text of the cell goes")));
    }
    if let Some(split) = split.as_ref().filter(|split| split.value.is_empty()) {
        found.push(Diagnostic::new(Code::InvalidValue, split.span, "nothing parts the names"));
    }
}

/// A name of a source or column is not empty.
fn named(text: Option<Spanned<raw::Text>>, found: &mut Diagnostics) {
    if let Some(text) = text.filter(|text| text.value.0.trim().is_empty()) {
        found.push(Diagnostic::new(Code::InvalidValue, text.span, "it is empty"));
    }
}

fn entries<T>(map: Field<Map<T>>) -> Vec<(Spanned<Box<str>>, Spanned<T>)> {
    map.given().map(|map| map.value.0).unwrap_or_default()
}
