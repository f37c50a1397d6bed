//! What is a cell taken for? Texts with columns in them, names and how they are written, and what cells stand for.

use std::collections::BTreeMap;

use regex::Regex;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::required;
use crate::manifest::lower::text::VALUE;
use crate::manifest::raw;
use crate::manifest::source::{Called, Column, Meaning, NameForm, NameOrder, Part, RowLookup, Template};
use crate::manifest::yaml::{Either, Field, Map, Spanned};
use crate::model::{fold, tidy};

/// What Workday adds to the names of who is away or has left.
/// Source: Workday's help on worker names, "(On Leave)" and "(Terminated)" behind the name of a worker.
const CUT: [&str; 2] = ["(On Leave)", "(Terminated)"];

/// A name of a source or column, which is not empty.
pub(super) fn column(text: Option<Spanned<raw::Text>>, found: &mut Diagnostics) -> Option<Column> {
    named(&text?.map(|text| text.0), found)
}

/// The same, as it is written.
pub(super) fn named(text: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Column> {
    let value = VALUE.one(text, found)?.value;
    let name = Spanned { value, span: text.span, written: text.written };
    if name.value.is_empty() {
        found.push(Diagnostic::new(Code::InvalidValue, name.span, "it is empty"));
    }
    (!name.value.is_empty()).then_some(name)
}

/// The entries of a mapping that may not be there.
pub(super) fn entries<T>(map: Field<Map<T>>) -> Vec<(Spanned<Box<str>>, Spanned<T>)> {
    map.given().map(|map| map.value.0).unwrap_or_default()
}

/// Reads what tells namesakes apart: `{Name} ({Badge})`, where `{}` is the display name as it is read.
pub(super) fn namesake(it: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Template> {
    let template = template(it, Some(Part::Name));
    let tells = |template: &Template| template.columns().next().is_some();
    if template.as_ref().is_some_and(tells) {
        return template;
    }
    let message = format!("`{}` does not say how to tell namesakes apart", it.value);
    let help = "put a column in braces that they do not share: `{Name} ({Badge})`";
    found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help(help));
    None
}

/// Reads a text with columns in braces; `{}` is what `empty` says, if it may be there.
fn template(it: &Spanned<Box<str>>, empty: Option<Part<Column>>) -> Option<Template> {
    let (mut parts, mut rest, mut empty) = (Vec::new(), &*it.value, empty);
    while let Some((text, more)) = rest.split_once('{') {
        let (column, after) = more.split_once('}')?;
        let column = tidy(column);
        if text.contains('}') || column.contains('{') {
            return None;
        }
        if !text.is_empty() {
            parts.push(Part::Text(text.into()));
        }
        parts.push(match &*column {
            "" => empty.take()?,
            column => Part::Cell(Spanned { value: column.into(), span: it.span, written: it.written }),
        });
        rest = after;
    }
    if rest.contains('}') {
        return None;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.into()));
    }
    Some(Template(parts))
}

/// A column, or a text with columns in braces.
pub(super) fn text(said: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Template> {
    if !said.value.contains(['{', '}']) {
        return Some(Template(vec![Part::Cell(named(said, found)?)]));
    }
    let read = template(said, None).filter(|it| it.columns().next().is_some());
    if read.is_none() {
        let message = format!("`{}` is no text with columns in braces", said.value);
        let help = "write one as `{First} {Last}`: every column between `{` and `}`";
        found.push(Diagnostic::new(Code::InvalidValue, said.span, message).help(help));
    }
    read
}

/// A name: a column, a text with columns in it, or one of them and how it is written.
pub(super) fn name(it: Spanned<Either<raw::Text, raw::HrName>>, found: &mut Diagnostics) -> Option<NameForm> {
    let Spanned { value, span, written } = it;
    let (said, order, cut) = match value {
        Either::Scalar(text) => (Some(Spanned { value: text, span, written }), Field::Absent, Field::Absent),
        Either::Mapping(raw::HrName { column, order, cut }) => {
            (required(column, "column", span, found), order, cut)
        }
    };
    let said = said?.map(|text| text.0);
    let template = text(&said, found)?;
    let order = match order.given() {
        Some(Spanned { value: raw::NameOrder::LastFirst, .. }) => NameOrder::LastFirst,
        Some(Spanned { value: raw::NameOrder::FirstLast, .. }) | None => NameOrder::FirstLast,
    };
    let cut: Vec<Box<str>> = match cut.given() {
        Some(list) => list.value.0.iter().map(|text| fold(&tidy(&text.value.0)).into()).collect(),
        None => CUT.iter().map(|text| fold(text).into()).collect(),
    };
    let cut = cut.into_iter().filter(|text| !text.is_empty()).collect();
    Some(NameForm { template, said, order, cut })
}

/// What cells are taken for.
pub(super) struct Taken {
    pub(super) pattern: Field<Box<str>>,
    pub(super) lookup: Field<raw::HrLookup>,
    pub(super) names: Field<Map<raw::Text>>,
}

/// Lowers what cells stand for.
pub(super) fn meaning(it: Taken, found: &mut Diagnostics) -> Meaning {
    let Taken { pattern, lookup, names } = it;
    let mut known: BTreeMap<Box<str>, Called> = BTreeMap::new();
    for (key, value) in entries(names) {
        let value = value.map(|text| text.0);
        let (Some(from), Some(to)) = (VALUE.one(&key, found), VALUE.one(&value, found)) else { continue };
        if to.value.is_empty() {
            found.push(Diagnostic::new(Code::InvalidValue, value.span, "it is empty"));
            continue;
        }
        let folded: Box<str> = fold(&from.value).into();
        if let Some(Called { text: first, .. }) = known.get(&folded) {
            let message = format!("`{}` is named twice: case does not count", key.value);
            let problem = Diagnostic::new(Code::DuplicateKey, key.span, message);
            found.push(problem.related(first.span, "first written here").help("keep one of them"));
            continue;
        }
        known.insert(folded, Called { text: key, name: to.value });
    }
    Meaning {
        pattern: pattern.given().and_then(|it| regular(&it, found)),
        lookup: lookup.given().and_then(|it| row(it.value, it.span, found)),
        names: known,
    }
}

/// Reads a regular expression.
fn regular(it: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<Spanned<Regex>> {
    match Regex::new(&it.value) {
        Ok(regex) => Some(it.clone().map(|_| regex)),
        Err(error) => {
            // The last line of the message says what is wrong; those above it draw the pattern.
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            let message = format!("`{}` is no regular expression: {why}", it.value);
            let help =
                "in single quotes a backslash is a backslash: '^\\(\\d+\\) (.*)$' takes `(1200) R&D` apart";
            found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help(help));
            None
        }
    }
}

fn row(it: raw::HrLookup, span: Span, found: &mut Diagnostics) -> Option<RowLookup> {
    let raw::HrLookup { column: of, value } = it;
    let of = column(required(of, "column", span, found), found);
    let value = required(value, "value", span, found).and_then(|it| name(it, found));
    Some(RowLookup { column: of?, value: value? })
}
