//! Which HR exports are there, and which members may a snapshot leave out?

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::export::{
    Attribute, CELL, Column, Expect, Form, GroupColumn, Mapping, Source, is_form_of_dates,
};
use crate::manifest::lower::path::relative;
use crate::manifest::lower::text::{ATTRIBUTE, NAMED_GROUP, VALUE};
use crate::manifest::lower::user::RESERVED;
use crate::manifest::lower::{Declared, items, limit, order, reference, required};
use crate::manifest::raw::{self, Unmatched};
use crate::manifest::yaml::{Field, List, Map, OneOrMany, Spanned};
use crate::model::{AttributeName, LeaveOut, Missing, fold};

/// Lowers `hr`.
pub(super) fn lower(hr: raw::Hr, declared: &mut Declared, found: &mut Diagnostics) {
    let raw::Hr { sources, leave_out } = hr;
    declared.sources = items(sources).into_iter().filter_map(|it| source(it, found)).collect();
    declared.leave_out = items(leave_out).into_iter().filter_map(|it| leave(it, found)).collect();
}

fn leave(it: Spanned<raw::LeaveOut>, found: &mut Diagnostics) -> Option<LeaveOut> {
    let raw::LeaveOut { group, user } = it.value;
    let group = required(group, "group", it.span, found).and_then(|group| NAMED_GROUP.one(&group, found));
    let user = required(user, "user", it.span, found).and_then(|user| reference::lower(user, found));
    Some(LeaveOut { group: group?, user: user? })
}

/// Lowers one source; none if it can't be said what it is called or how its columns are told apart.
fn source(it: Spanned<raw::HrSource>, found: &mut Diagnostics) -> Option<Source> {
    let span = it.span;
    let raw::HrSource {
        name,
        csv,
        user,
        fields,
        attributes,
        groups,
        only,
        unmatched,
        create,
        expect,
        dates,
        remove,
    } = it.value;
    let name = column(required(name, "name", span, found), found);
    if let Some(csv) = csv.as_ref() {
        relative(csv, found);
    }
    let form = if user.is_absent() && fields.is_absent() && groups.is_absent() {
        Some(Form::Hrdc(order::removal(remove, found)))
    } else {
        undated(remove.as_ref(), found);
        mapping(Mapped { user, fields, groups, span }, found).map(|mapping| Form::Mapped(Box::new(mapping)))
    };
    let attributes = with_dates(mapped(attributes, found), dates, found);
    let only = entries(only)
        .into_iter()
        .filter_map(|(column, values)| Some((named(&column, found)?, any(&values, found))));
    let only = only.collect();
    let creates = create.as_ref().filter(|create| create.value).map(|create| create.span);
    let missing = match (creates, unmatched.given().map(|it| it.value)) {
        (Some(_), _) => Missing::Create,
        (None, Some(Unmatched::List)) => Missing::List,
        (None, Some(Unmatched::Block) | None) => Missing::Block,
    };
    let expect = expectation(expect, found);
    Some(Source {
        span,
        name: name?,
        csv: csv.given(),
        form: form?,
        attributes,
        only,
        missing,
        creates,
        expect,
    })
}

/// Only HRDC's own format has rows that remove users.
fn undated(remove: Option<&Spanned<raw::Remove>>, found: &mut Diagnostics) {
    if let Some(remove) = remove {
        let message = "no row of a source with columns of its own removes a user";
        let problem = Diagnostic::new(Code::ConflictingKeys, remove.span, message);
        found.push(problem.help("write `remove` into the user's entry in `users`"));
    }
}

/// What maps columns.
struct Mapped {
    user: Field<raw::Text>,
    fields: Field<raw::HrFields>,
    groups: Field<List<raw::HrGroups>>,
    span: Span,
}

fn mapping(it: Mapped, found: &mut Diagnostics) -> Option<Mapping> {
    let user = column(required(it.user, "user", it.span, found), found);
    let raw::HrFields { display_name, upn, email, employee_id } =
        it.fields.given().map(|fields| fields.value).unwrap_or_default();
    let mut field = |field: Field<raw::Text>| column(field.given(), found);
    let (display_name, upn) = (field(display_name), field(upn));
    let (email, employee_id) = (field(email), field(employee_id));
    let groups = items(it.groups).into_iter().filter_map(|it| group(it.value, it.span, found)).collect();
    Some(Mapping { user: user?, display_name, upn, email, employee_id, groups })
}

fn group(groups: raw::HrGroups, span: Span, found: &mut Diagnostics) -> Option<GroupColumn> {
    let raw::HrGroups { column: from, name, split } = groups;
    let from = column(required(from, "column", span, found), found);
    if let Some(name) = name.as_ref() {
        VALUE.one(name, found);
    }
    if let Some(name) = name.as_ref().filter(|name| !name.value.contains(CELL)) {
        let problem = Diagnostic::new(Code::InvalidValue, name.span, "every cell would name the same group");
        found.push(problem.help(format!("write `{CELL}` where the text of the cell goes")));
    }
    if let Some(split) = split.as_ref().filter(|split| split.value.is_empty()) {
        found.push(Diagnostic::new(Code::InvalidValue, split.span, "nothing parts the names"));
    }
    let text = |field: Field<Box<str>>| field.given().map(|it| it.value).filter(|text| !text.is_empty());
    Some(GroupColumn { column: from?, name: text(name), split: text(split) })
}

/// The attributes that have columns.
fn mapped(attributes: Field<Map<raw::Text>>, found: &mut Diagnostics) -> Vec<Attribute> {
    let mut lowered: Vec<Attribute> = Vec::new();
    for (key, from) in entries(attributes) {
        if RESERVED.contains(&&*key.value) {
            let message = format!("`{}` can't be an attribute: rules read it as something else", key.value);
            found.push(Diagnostic::new(Code::InvalidValue, key.span, message).help("give it another name"));
            continue;
        }
        let (name, from) = (ATTRIBUTE.one(&key, found), column(Some(from), found));
        let (Some(name), Some(column)) = (name, from) else { continue };
        if lowered.iter().any(|known| known.name == name.value) {
            let message = format!("`{}` is mapped twice: case does not count", name.value);
            found.push(Diagnostic::new(Code::DuplicateKey, key.span, message).help("keep one of them"));
        } else {
            lowered.push(Attribute { name: name.value, column, date: None });
        }
    }
    lowered
}

/// Says of attributes how their dates are written.
fn with_dates(
    mut attributes: Vec<Attribute>,
    dates: Field<Map<raw::Text>>,
    found: &mut Diagnostics,
) -> Vec<Attribute> {
    for (key, form) in entries(dates) {
        let Some(attribute) = attributes.iter_mut().find(|it| it.name == AttributeName::observed(&key.value))
        else {
            let message = format!("`{}` is none of the `attributes` of this source", key.value);
            found.push(
                Diagnostic::new(Code::InvalidValue, key.span, message)
                    .help("map it there, or take it out here"),
            );
            continue;
        };
        if is_form_of_dates(&form.value.0) {
            attribute.date = Some(form.value.0.clone());
        } else {
            let message = format!("`{}` does not say how a date is written", form.value.0);
            let help = "`%d`, `%m` and `%Y` stand for day, month and year: `%d/%m/%Y`";
            found.push(Diagnostic::new(Code::InvalidValue, form.span, message).help(help));
        }
    }
    attributes
}

fn any(values: &Spanned<OneOrMany<raw::Text>>, found: &mut Diagnostics) -> BTreeSet<Box<str>> {
    if values.value.0.is_empty() {
        let problem = Diagnostic::new(Code::InvalidValue, values.span, "no row has none of the values");
        found.push(problem.help("list the values that a row may have, or take the column out"));
    }
    let values = values.value.0.iter().filter_map(|value| VALUE.one(value, found));
    values.map(|value| fold(&value.value).into()).collect()
}

fn expectation(expect: Field<raw::HrExpectation>, found: &mut Diagnostics) -> Expect {
    let Some(expect) = expect.given() else { return Expect::default() };
    let raw::HrExpectation { rows, groups, shrink } = expect.value;
    let shrink = shrink.given().map(|shrink| limit::share(&shrink, found));
    let default = Expect::default();
    Expect { rows: rows.given(), groups: groups.given(), shrink: shrink.unwrap_or(default.shrink) }
}

/// A name of a source or column, which is not empty.
fn column(text: Option<Spanned<raw::Text>>, found: &mut Diagnostics) -> Option<Column> {
    named(&text?.map(|text| text.0), found)
}

fn named(text: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Column> {
    let value = VALUE.one(text, found)?.value;
    let name = Spanned { value, span: text.span, written: text.written };
    if name.value.is_empty() {
        found.push(Diagnostic::new(Code::InvalidValue, name.span, "it is empty"));
    }
    (!name.value.is_empty()).then_some(name)
}

fn entries<T>(map: Field<Map<T>>) -> Vec<(Spanned<Box<str>>, Spanned<T>)> {
    map.given().map(|map| map.value.0).unwrap_or_default()
}
