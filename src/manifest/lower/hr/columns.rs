//! Which columns of an export are what? Whom they find, and what they say of them.

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::export::is_form_of_dates;
use crate::manifest::lower::field::{items, required};
use crate::manifest::lower::hr::names::{Taken, column, entries, meaning, name, text};
use crate::manifest::lower::text::{ATTRIBUTE, VALUE};
use crate::manifest::lower::user::RESERVED;
use crate::manifest::raw;
use crate::manifest::source::{Attribute, CELL, Column, GroupColumn, Mapping, Meaning, Values};
use crate::manifest::yaml::{Either, Field, List, Map, OneOrMany, Spanned};
use crate::model::{AttributeName, DeclaredSource, fold};

/// What maps columns.
pub(super) struct Mapped {
    pub(super) user: Field<OneOrMany<raw::Text>>,
    pub(super) fields: Field<raw::HrFields>,
    pub(super) groups: Field<List<raw::HrGroups>>,
    pub(super) span: Span,
}

/// Lowers what columns are.
pub(super) fn mapping(it: Mapped, found: &mut Diagnostics) -> Option<Mapping> {
    let user = finders(required(it.user, "user", it.span, found)?, found);
    let raw::HrFields { display_name, upn, email, employee_id, device_login } =
        it.fields.given().map(|fields| fields.value).unwrap_or_default();
    let display_name = display_name.given().and_then(|it| name(it, found));
    let device_login = device_login.given().and_then(|it| text(&it.map(|text| text.0), found));
    let mut field = |field: Field<raw::Text>| column(field.given(), found);
    let upn = field(upn);
    let (email, employee_id) = (field(email), field(employee_id));
    let groups = items(it.groups).into_iter().filter_map(|it| group(it.value, it.span, found)).collect();
    (!user.is_empty()).then_some(Mapping {
        user,
        display_name,
        upn,
        email,
        employee_id,
        device_login,
        groups,
    })
}

/// The columns that find the user.
fn finders(user: Spanned<OneOrMany<raw::Text>>, found: &mut Diagnostics) -> Vec<Column> {
    if user.value.0.is_empty() {
        let problem = Diagnostic::new(Code::InvalidValue, user.span, "no column finds the users");
        found.push(problem.help("name the column that holds an email, a UPN or an employee ID"));
    }
    let mut finders: Vec<Column> = Vec::new();
    for text in user.value.0 {
        let Some(finder) = column(Some(text), found) else { continue };
        if let Some(first) = finders.iter().find(|known| fold(&known.value) == fold(&finder.value)) {
            let problem = Diagnostic::new(Code::ListedTwice, finder.span, "this column is named twice");
            found.push(problem.related(first.span, "first written here").help("take one out"));
        } else {
            finders.push(finder);
        }
    }
    finders
}

fn group(groups: raw::HrGroups, span: Span, found: &mut Diagnostics) -> Option<GroupColumn> {
    let raw::HrGroups { column: from, name, split, pattern, lookup, source, names } = groups;
    let meaning = meaning(Taken { pattern, lookup, names }, found);
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
    let source = match source.given().map(|it| it.value) {
        Some(raw::HrGroupSource::App) => DeclaredSource::App,
        Some(raw::HrGroupSource::Hr) | None => DeclaredSource::Hr,
    };
    let said = |field: Field<Box<str>>| field.given().map(|it| it.value).filter(|text| !text.is_empty());
    Some(GroupColumn { column: from?, name: said(name), split: said(split), meaning, source })
}

/// The attributes that have columns.
pub(super) fn mapped(
    attributes: Field<Map<Either<raw::Text, raw::HrAttribute>>>,
    found: &mut Diagnostics,
) -> Vec<Attribute> {
    let mut lowered: Vec<Attribute> = Vec::new();
    for (key, from) in entries(attributes) {
        if RESERVED.contains(&&*key.value) {
            let message = format!("`{}` can't be an attribute: rules read it as something else", key.value);
            found.push(Diagnostic::new(Code::InvalidValue, key.span, message).help("give it another name"));
            continue;
        }
        let (from, values, meaning) = attribute(from, found);
        let (name, from) = (ATTRIBUTE.one(&key, found), column(from, found));
        let (Some(name), Some(column)) = (name, from) else { continue };
        if lowered.iter().any(|known| known.name == name.value) {
            let message = format!("`{}` is mapped twice: case does not count", name.value);
            found.push(Diagnostic::new(Code::DuplicateKey, key.span, message).help("keep one of them"));
        } else {
            lowered.push(Attribute { name: name.value, column, dates: Vec::new(), values, meaning });
        }
    }
    lowered
}

/// The column of an attribute, how many values it has, and what they stand for.
fn attribute(
    it: Spanned<Either<raw::Text, raw::HrAttribute>>,
    found: &mut Diagnostics,
) -> (Option<Spanned<raw::Text>>, Values, Meaning) {
    let Spanned { value, span, written } = it;
    match value {
        Either::Scalar(text) => {
            (Some(Spanned { value: text, span, written }), Values::One, Meaning::default())
        }
        Either::Mapping(raw::HrAttribute { column, many, pattern, lookup, names }) => {
            let many = many.given().is_some_and(|many| many.value);
            let values = if many { Values::Many } else { Values::One };
            let meaning = meaning(Taken { pattern, lookup, names }, found);
            (required(column, "column", span, found), values, meaning)
        }
    }
}

/// Says of attributes how their dates are written.
pub(super) fn with_dates(
    mut attributes: Vec<Attribute>,
    dates: Field<Map<OneOrMany<raw::Text>>>,
    found: &mut Diagnostics,
) -> Vec<Attribute> {
    for (key, forms) in entries(dates) {
        let Some(attribute) = attributes.iter_mut().find(|it| it.name == AttributeName::observed(&key.value))
        else {
            let message = format!("`{}` is none of the `attributes` of this source", key.value);
            found.push(
                Diagnostic::new(Code::InvalidValue, key.span, message)
                    .help("map it there, or take it out here"),
            );
            continue;
        };
        attribute.dates = self::forms(forms, found);
    }
    attributes
}

/// How dates are written.
pub(super) fn forms(forms: Spanned<OneOrMany<raw::Text>>, found: &mut Diagnostics) -> Vec<Box<str>> {
    if forms.value.0.is_empty() {
        let problem = Diagnostic::new(Code::InvalidValue, forms.span, "no form of a date is listed");
        found.push(problem.help("list how the file writes dates, or take the key out"));
    }
    let mut lowered = Vec::new();
    for form in forms.value.0 {
        if is_form_of_dates(&form.value.0) {
            lowered.push(form.value.0);
            continue;
        }
        let message = format!("`{}` does not say how a date is written", form.value.0);
        let help = "`%d`, `%m` and `%Y` stand for day, month and year, `%H`, `%M` and `%S` for a time that follows: \
                    `%d/%m/%Y %H:%M`";
        found.push(Diagnostic::new(Code::InvalidValue, form.span, message).help(help));
    }
    lowered
}
