//! Which HR exports are there, and which members may a snapshot leave out?

use encoding_rs::Encoding;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::declared::Declared;
use crate::manifest::export::is_form_of_dates;
use crate::manifest::lower::field::{items, required};
use crate::manifest::lower::path::relative;
use crate::manifest::lower::text::{ATTRIBUTE, NAMED_GROUP, VALUE};
use crate::manifest::lower::user::RESERVED;
use crate::manifest::lower::{limit, order, reference};
use crate::manifest::raw::{self, Unmatched};
use crate::manifest::source::{
    Allowed, Attribute, CELL, Column, Empty, Expect, Form, GroupColumn, Mapping, Part, Source, Template,
    Values,
};
use crate::manifest::yaml::{Either, Field, List, Map, OneOrMany, Spanned};
use crate::model::{AttributeName, LeaveOut, Missing, fold, tidy};

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
        encoding,
        skip,
        empty,
        user,
        fields,
        on_collision,
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
        encoding: encoding.given().and_then(|it| labelled(&it, found)),
        skip: skip.given(),
        empty: empty.given().map(|it| Empty::of(it.value.0.iter().map(|text| &*text.value.0))),
        on_collision: on_collision.given().and_then(|it| template(&it, form.as_ref(), found)),
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

/// Reads `{Name} ({Badge})`.
fn template(it: &Spanned<Box<str>>, form: Option<&Form>, found: &mut Diagnostics) -> Option<Template> {
    let named = |form: &Form| match form {
        Form::Mapped(mapping) => mapping.display_name.is_some(),
        Form::Hrdc(_) => true,
    };
    if form.is_some_and(|form| !named(form)) {
        let problem =
            Diagnostic::new(Code::MissingKey, it.span, "no column of this source says a display name");
        found.push(problem.help("name it in `fields`: `displayName: …`"));
        return None;
    }
    let (mut parts, mut rest) = (Vec::new(), &*it.value);
    while let Some((text, more)) = rest.split_once('{') {
        let (column, after) = more.split_once('}').unwrap_or((" {", more));
        parts.push(Part::Text(text.into()));
        parts.push(Part::Cell(it.clone().map(|_| Box::<str>::from(tidy(column)))));
        rest = after;
    }
    parts.push(Part::Text(rest.into()));
    let is_column = |part: &Part<Column>| match part {
        Part::Text(text) => !text.contains('}'),
        Part::Cell(column) => !column.value.is_empty() && !column.value.contains('{'),
    };
    let template = Template(parts);
    if template.0.iter().all(is_column) && template.0.len() > 1 {
        return Some(template);
    }
    let message = format!("`{}` does not say how to tell namesakes apart", it.value);
    let help = "put a column in braces that they do not share: `{Name} ({Badge})`";
    found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help(help));
    None
}

/// The encoding of a label.
fn labelled(label: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Spanned<&'static Encoding>> {
    let encoding = Encoding::for_label_no_replacement(label.value.as_bytes());
    if encoding.is_none() {
        let message = format!("`{}` is no encoding that is known", label.value);
        let help = "write one as web pages do: `windows-1250`, `iso-8859-2`, `shift_jis`, `utf-16le`";
        found.push(Diagnostic::new(Code::InvalidValue, label.span, message).help(help));
    }
    let encoding = encoding?;
    Some(label.clone().map(|_| encoding))
}

/// What maps columns.
struct Mapped {
    user: Field<OneOrMany<raw::Text>>,
    fields: Field<raw::HrFields>,
    groups: Field<List<raw::HrGroups>>,
    span: Span,
}

fn mapping(it: Mapped, found: &mut Diagnostics) -> Option<Mapping> {
    let user = finders(required(it.user, "user", it.span, found)?, found);
    let raw::HrFields { display_name, upn, email, employee_id } =
        it.fields.given().map(|fields| fields.value).unwrap_or_default();
    let mut field = |field: Field<raw::Text>| column(field.given(), found);
    let (display_name, upn) = (field(display_name), field(upn));
    let (email, employee_id) = (field(email), field(employee_id));
    let groups = items(it.groups).into_iter().filter_map(|it| group(it.value, it.span, found)).collect();
    (!user.is_empty()).then_some(Mapping { user, display_name, upn, email, employee_id, groups })
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
fn mapped(
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
        let (from, values) = attribute(from, found);
        let (name, from) = (ATTRIBUTE.one(&key, found), column(from, found));
        let (Some(name), Some(column)) = (name, from) else { continue };
        if lowered.iter().any(|known| known.name == name.value) {
            let message = format!("`{}` is mapped twice: case does not count", name.value);
            found.push(Diagnostic::new(Code::DuplicateKey, key.span, message).help("keep one of them"));
        } else {
            lowered.push(Attribute { name: name.value, column, dates: Vec::new(), values });
        }
    }
    lowered
}

/// The column of an attribute, and how many values it has.
fn attribute(
    it: Spanned<Either<raw::Text, raw::HrAttribute>>,
    found: &mut Diagnostics,
) -> (Option<Spanned<raw::Text>>, Values) {
    let Spanned { value, span, written } = it;
    match value {
        Either::Scalar(text) => (Some(Spanned { value: text, span, written }), Values::One),
        Either::Mapping(raw::HrAttribute { column, many }) => {
            let many = many.given().is_some_and(|many| many.value);
            (required(column, "column", span, found), if many { Values::Many } else { Values::One })
        }
    }
}

/// Says of attributes how their dates are written.
fn with_dates(
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
        if forms.value.0.is_empty() {
            let problem = Diagnostic::new(Code::InvalidValue, forms.span, "no form of a date is listed");
            found.push(problem.help("list how the file writes dates, or take the attribute out here"));
        }
        for form in forms.value.0 {
            if is_form_of_dates(&form.value.0) {
                attribute.dates.push(form.value.0.clone());
                continue;
            }
            let message = format!("`{}` does not say how a date is written", form.value.0);
            let help = "`%d`, `%m` and `%Y` stand for day, month and year, `%H`, `%M` and `%S` for a time that follows: \
                        `%d/%m/%Y %H:%M`";
            found.push(Diagnostic::new(Code::InvalidValue, form.span, message).help(help));
        }
    }
    attributes
}

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
