//! Which columns of a file are those that a manifest means?

use std::borrow::Cow;

use crate::diag::{Code, Diagnostic, Diagnostics, Severity, Span, Table as Numbers, nearest};
use crate::manifest::export::problems::{name, span};
use crate::manifest::export::table::Table;
use crate::manifest::source::{
    Allowed, Attribute, Column, Form, GroupColumn, Mapping, Part, Source, Template,
};
use crate::model::{Care, EmployeeId, Malformed, Missing, Reference, fold};

/// The columns of HRDC's own format.
/// Source: "Setup Guide: Update Users via CSV", "Exporting data from the source application".
const LOOKUP: &str = "user_lookup_id";
const EMPLOYEE_ID: &str = "employee_id";
const EMAIL: &str = "email_address";
const NAME: &str = "display_name";
const GROUP: &str = "group";
const TRACK: &str = "track";
const DELETE: &str = "delete_user";
/// So many columns are named where none is near.
const SHOWN: usize = 20;
const HRDC: [&str; 7] = [LOOKUP, EMPLOYEE_ID, EMAIL, NAME, GROUP, TRACK, DELETE];

/// The names of the columns that a source reads.
pub(super) fn wanted(source: &Source) -> Vec<&str> {
    let more =
        source.attributes.iter().map(|it| &it.column).chain(source.only.iter().map(|(column, _)| column));
    let more = more.chain(source.on_collision.iter().flat_map(Template::columns));
    let more = more.map(|column| &*column.value);
    match &source.form {
        Form::Hrdc(_) => std::iter::once(LOOKUP).chain(more).collect(),
        Form::Mapped(mapping) => {
            let Mapping { user, display_name, upn, email, employee_id, groups } = &**mapping;
            let fields = [display_name, upn, email, employee_id].into_iter().flatten();
            let columns = user.iter().chain(fields).chain(groups.iter().map(|it| &it.column));
            columns.map(|column| &*column.value).chain(more).collect()
        }
    }
}

/// What a column that finds users holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finder {
    /// UPNs, emails or employee IDs, by their shape.
    Any,
    /// UPNs or emails: `fields` says so.
    Address,
    /// Employee IDs: `fields` says so.
    EmployeeId,
}

/// The columns that mean something, by their places.
#[derive(Debug, Default)]
pub(super) struct Columns<'s> {
    /// What finds the user, the first that says something.
    pub(super) user: Vec<(usize, Finder)>,
    pub(super) display_name: Option<usize>,
    pub(super) upn: Option<usize>,
    pub(super) email: Option<usize>,
    pub(super) employee_id: Option<usize>,
    pub(super) groups: Vec<(usize, Option<&'s GroupColumn>)>,
    pub(super) attributes: Vec<(usize, &'s Attribute)>,
    pub(super) only: Vec<(usize, &'s Allowed)>,
    /// What a user is called whose display name another has, in parts.
    pub(super) namesake: Vec<Part<usize>>,
    pub(super) track: Option<usize>,
    pub(super) delete: Option<usize>,
}

impl<'s> Columns<'s> {
    /// How many cells a row needs: the columns behind them mean nothing.
    pub(super) fn needed(&self) -> usize {
        let fields = [self.display_name, self.upn, self.email, self.employee_id, self.track, self.delete];
        let users = self.user.iter().map(|(at, _)| *at);
        let groups = self.groups.iter().map(|(at, _)| *at);
        let attributes = self.attributes.iter().map(|(at, _)| *at);
        let only = self.only.iter().map(|(at, _)| *at);
        let namesake = self.namesake.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Cell(at) => Some(*at),
        });
        let all = fields.into_iter().flatten().chain(users).chain(groups).chain(attributes).chain(only);
        let all = all.chain(namesake);
        all.max().map_or(0, |last| last + 1)
    }

    /// What a column that finds users holds.
    fn holds(&self, column: usize) -> Finder {
        let is = |field: Option<usize>| field == Some(column);
        match (is(self.upn) || is(self.email), is(self.employee_id)) {
            (true, false) => Finder::Address,
            (false, true) => Finder::EmployeeId,
            (true, true) | (false, false) => Finder::Any,
        }
    }

    /// Finds every column that a source needs; none if one is missing, which is reported.
    pub(super) fn find<R: std::io::Read>(
        source: &'s Source,
        table: &Table<R>,
        numbers: Numbers,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let before = found.count(Severity::Error);
        let mut search = Search { table, numbers, found };
        let mut columns = match &source.form {
            Form::Mapped(mapping) => search.mapped(mapping),
            Form::Hrdc(_) => search.hrdc(source),
        };
        for part in source.on_collision.iter().flat_map(|template| &template.0) {
            columns.namesake.extend(match part {
                Part::Text(text) => Some(Part::Text(text.clone())),
                Part::Cell(column) => search.named(column).map(Part::Cell),
            });
        }
        for attribute in &source.attributes {
            columns.attributes.extend(search.named(&attribute.column).map(|at| (at, attribute)));
        }
        for (column, values) in &source.only {
            columns.only.extend(search.named(column).map(|at| (at, values)));
        }
        if let Some(creates) = source.creates.filter(|_| source.missing == Missing::Create)
            && columns.upn.or(columns.email).or(columns.employee_id).is_none()
        {
            let message = "nobody can be created: no column says a UPN, an email or an employee ID";
            let help = "name one of them in `fields`: what finds a user may be any of the three";
            found.push(Diagnostic::new(Code::MissingKey, creates, message).help(help));
        }
        (found.count(Severity::Error) == before).then_some(columns)
    }
}

/// Looks for columns in a header.
struct Search<'f, R> {
    table: &'f Table<R>,
    numbers: Numbers,
    found: &'f mut Diagnostics,
}

impl<R: std::io::Read> Search<'_, R> {
    fn mapped<'s>(&mut self, mapping: &'s Mapping) -> Columns<'s> {
        let user: Vec<usize> = mapping.user.iter().filter_map(|column| self.named(column)).collect();
        let mut optional = |column: &Option<Column>| column.as_ref().and_then(|column| self.named(column));
        let (display_name, upn) = (optional(&mapping.display_name), optional(&mapping.upn));
        let (email, employee_id) = (optional(&mapping.email), optional(&mapping.employee_id));
        let groups = mapping.groups.iter().filter_map(|it| Some((self.named(&it.column)?, Some(it))));
        let groups = groups.collect();
        let mut columns = Columns { display_name, upn, email, employee_id, groups, ..Columns::default() };
        columns.user = user.into_iter().map(|at| (at, columns.holds(at))).collect();
        columns
    }

    /// A column that the manifest names.
    fn named(&mut self, column: &Column) -> Option<usize> {
        match self.table.columns(&column.value)[..] {
            [at] => Some(at),
            [] => {
                let message = format!("the file has no column `{}`", column.value);
                let problem = Diagnostic::new(Code::UnknownColumn, column.span, message);
                self.found.push(
                    problem.related(self.header(0), "its columns").help(self.suggestion(&column.value)),
                );
                None
            }
            [first, second, ..] => {
                let message = format!("the file has more than one column `{}`", column.value);
                let problem = Diagnostic::new(Code::UnknownColumn, column.span, message);
                let problem =
                    problem.related(self.header(first), "one").related(self.header(second), "another");
                self.found.push(problem.help("give the columns of the file different names"));
                None
            }
        }
    }

    fn hrdc<'s>(&mut self, source: &Source) -> Columns<'s> {
        let extra = |name: &str| {
            let only = source.only.iter().map(|(column, _)| column);
            let mut mapped = source.attributes.iter().map(|it| &it.column).chain(only);
            mapped.any(|column| fold(&column.value) == fold(name))
        };
        for (at, name) in self.table.header.iter().enumerate() {
            if !HRDC.contains(&&*fold(name)) && !extra(name) {
                self.unknown(name, at);
            }
        }
        let mut column = |name: &str| match self.table.columns(name)[..] {
            [] => None,
            [at] => Some(at),
            [at, again, ..] => {
                let message = format!("a second column `{name}`");
                let problem = Diagnostic::new(Code::UnknownColumn, self.header(again), message);
                self.found.push(problem.help("leave one of them in the file"));
                Some(at)
            }
        };
        let (display_name, email, employee_id) = (column(NAME), column(EMAIL), column(EMPLOYEE_ID));
        let (group, track, delete) = (column(GROUP), column(TRACK), column(DELETE));
        let user = column(LOOKUP);
        if user.is_none() {
            let message = format!("the file has no column `{LOOKUP}`, which finds the user");
            let help = "this source maps no columns, so its file is read in HRDC's own format; for another one write `user: …`";
            let problem = Diagnostic::new(Code::UnknownColumn, source.span, message);
            self.found.push(problem.related(self.header(0), "its columns").help(help));
        }
        let groups = group.into_iter().map(|at| (at, None)).collect();
        let user = user.into_iter().map(|at| (at, Finder::Any)).collect();
        Columns { user, display_name, email, employee_id, groups, track, delete, ..Columns::default() }
    }

    fn unknown(&mut self, text: &str, at: usize) {
        let message = format!("HRDC's own format has no column `{}`", name(text));
        let problem = Diagnostic::new(Code::UnknownColumn, self.header(at), message);
        self.found.push(problem.help(match nearest(text, HRDC) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("its columns are {}; a source of other columns maps them: `user: …`", HRDC.join(", "))
            }
        }));
    }

    fn suggestion(&self, wanted: &str) -> String {
        let columns = self.table.header.iter().map(String::as_str).filter(|name| !name.is_empty());
        if let Some(near) = nearest(wanted, columns.clone()) {
            return format!("did you mean `{near}`?");
        }
        // The one column of a file that is no table is a line of it.
        let count = columns.clone().count();
        if count < 2 {
            return "it has one column: is it the export, and parted by `,`, `;` or tabs?".to_owned();
        }
        let more = count.saturating_sub(SHOWN);
        let shown: Vec<Cow<'_, str>> = columns.take(SHOWN).map(name).collect();
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        format!("its columns are: {}{more}", shown.join(", "))
    }

    fn header(&self, column: usize) -> Span {
        span(self.numbers.cell(self.table.first, column))
    }
}

impl Finder {
    /// What is made sure of a cell that finds a user.
    pub(super) fn care(self, text: &str) -> Care {
        match self {
            Self::Any if text.contains('@') => Care::Address,
            Self::Address => Care::Address,
            Self::Any | Self::EmployeeId => Care::EmployeeId,
        }
    }

    /// Reads what finds a user, by what the column holds.
    pub(super) fn read(self, text: &str) -> Result<Reference, Malformed> {
        match self.care(text) {
            Care::Address => address(text),
            _ => EmployeeId::parse(text).map(Reference::EmployeeId),
        }
    }
}

fn address(text: &str) -> Result<Reference, Malformed> {
    match Reference::parse(text)? {
        address @ Reference::Address(_) => Ok(address),
        _ => Err(Malformed::NotAnAddress),
    }
}
