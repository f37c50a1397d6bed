//! Which HR exports are there, and which members may a snapshot leave out?

mod columns;
mod conditions;
mod leavers;
mod names;

use encoding_rs::Encoding;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::declared::Declared;
use crate::manifest::lower::field::{conflict, items, required};
use crate::manifest::lower::hr::columns::{Mapped, mapped, mapping, with_dates};
use crate::manifest::lower::hr::leavers::Given;
use crate::manifest::lower::hr::names::{column, namesake};
use crate::manifest::lower::path::relative;
use crate::manifest::lower::text::NAMED_GROUP;
use crate::manifest::lower::{limit, reference};
use crate::manifest::raw::{self, Unmatched};
use crate::manifest::source::{Empty, Expect, Form, Header, Source, Template};
use crate::manifest::yaml::{Either, Field, Spanned};
use crate::model::{LeaveOut, Missing};

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
        delimiter,
        header,
        skip,
        empty,
        user,
        fields,
        on_collision,
        attributes,
        groups,
        only,
        unless,
        primary,
        unmatched,
        create,
        expect,
        dates,
        untracked,
        remove,
        erase,
    } = it.value;
    let name = column(required(name, "name", span, found), found);
    if let Some(csv) = csv.as_ref() {
        relative(csv, found);
    }
    let [dated, remove] = leavers::parted(remove);
    let form = if user.is_absent() && fields.is_absent() && groups.is_absent() {
        Some(Form::Hrdc(leavers::of_letters(dated, found)))
    } else {
        leavers::refuse(dated, found);
        mapping(Mapped { user, fields, groups, span }, found).map(|mapping| Form::Mapped(Box::new(mapping)))
    };
    let attributes = with_dates(mapped(attributes, found), dates, found);
    let given = Given { only, unless, primary, untracked, remove, erase };
    let (conditions, orders) = leavers::rows(given, found);
    let header = self::header(header, skip, found);
    let (missing, creates) = missing(create, unmatched);
    Some(Source {
        span,
        name: name?,
        csv: csv.given(),
        encoding: encoding.given().and_then(|it| labelled(&it, found)),
        delimiter: delimiter.given().and_then(|it| parts_cells(&it, found)),
        header: header?,
        empty: empty.given().map(|it| Empty::of(it.value.0.iter().map(|text| &*text.value.0))),
        on_collision: on_collision.given().and_then(|it| among_namesakes(&it, form.as_ref(), found)),
        form: form?,
        attributes,
        conditions,
        orders,
        missing,
        creates,
        expect: expectation(expect, found),
    })
}

/// What becomes of a row that matches nobody, and where it is said that users are created.
fn missing(create: Field<bool>, unmatched: Field<Unmatched>) -> (Missing, Option<Span>) {
    let creates = create.as_ref().filter(|create| create.value).map(|create| create.span);
    let missing = match (creates, unmatched.given().map(|it| it.value)) {
        (Some(_), _) => Missing::Create,
        (None, Some(Unmatched::List)) => Missing::List,
        (None, Some(Unmatched::Block) | None) => Missing::Block,
    };
    (missing, creates)
}

/// Where the header stands.
fn header(
    header: Field<Either<u64, raw::HrHeader>>,
    skip: Field<u64>,
    found: &mut Diagnostics,
) -> Option<Header> {
    if let (Some(header), Some(skip)) = (header.as_ref(), skip.as_ref()) {
        let help = "keep `header`: the number of its line, or cells of it";
        found.push(conflict(
            header.span,
            skip.span,
            "`skip` and `header` both say where the header stands",
            help,
        ));
    }
    let Some(it) = header.given() else { return Some(Header::Below(skip.given())) };
    match it.value {
        Either::Scalar(0) => {
            let problem = Diagnostic::new(Code::InvalidValue, it.span, "lines are counted from 1");
            found.push(problem.help("write the number of the header's line"));
            None
        }
        Either::Scalar(line) => Some(Header::At(Spanned { value: line, span: it.span, written: it.written })),
        Either::Mapping(raw::HrHeader { contains }) => {
            let list = required(contains, "contains", it.span, found)?;
            let (span, written) = (list.span, list.written);
            let value: Vec<_> =
                list.value.0.into_iter().filter_map(|text| column(Some(text), found)).collect();
            if value.is_empty() {
                found.push(Diagnostic::new(Code::InvalidValue, span, "no column of the header is named"));
                return None;
            }
            Some(Header::Contains(Spanned { value, span, written }))
        }
    }
}

/// What parts the cells, as a manifest writes it.
fn parts_cells(it: &Spanned<Box<str>>, found: &mut Diagnostics) -> Option<u8> {
    let delimiter = match it.value.as_bytes() {
        _ if it.value.eq_ignore_ascii_case("tab") => Some(b'\t'),
        [one] if (one.is_ascii_punctuation() && *one != b'"') || *one == b'\t' => Some(*one),
        _ => None,
    };
    if delimiter.is_none() {
        let message = format!("`{}` parts no cells", it.value);
        let help = "write one character, as `';'`, `','` or `'|'`, or `tab`";
        found.push(Diagnostic::new(Code::InvalidValue, it.span, message).help(help));
    }
    delimiter
}

/// What users are called whose display name another has.
fn among_namesakes(it: &Spanned<Box<str>>, form: Option<&Form>, found: &mut Diagnostics) -> Option<Template> {
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
    namesake(it, found)
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

fn expectation(expect: Field<raw::HrExpectation>, found: &mut Diagnostics) -> Expect {
    let Some(expect) = expect.given() else { return Expect::default() };
    let raw::HrExpectation { rows, groups, shrink } = expect.value;
    let shrink = shrink.given().map(|shrink| limit::share(&shrink, found));
    let default = Expect::default();
    Expect { rows: rows.given(), groups: groups.given(), shrink: shrink.unwrap_or(default.shrink) }
}
