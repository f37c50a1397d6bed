//! Which columns of a file are those that a manifest means?

use std::borrow::Cow;

use crate::diag::{Code, Diagnostic, Diagnostics, Severity, Span, Table as Numbers, nearest};
use crate::manifest::export::problems::{name, span};
use crate::manifest::export::table::Table;
use crate::manifest::source::{
    Attribute, Column, Condition, Form, GroupColumn, Mapping, Meaning, NameForm, Part, RowOrder, Source,
    Template,
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
    let mut columns: Vec<&Column> = Vec::new();
    if let Form::Mapped(mapping) = &source.form {
        let Mapping { user, display_name, upn, email, employee_id, device_login, groups } = &**mapping;
        columns.extend(user);
        columns.extend(display_name.iter().flat_map(|name| name.template.columns()));
        columns.extend([upn, email, employee_id].into_iter().flatten());
        columns.extend(device_login.iter().flat_map(Template::columns));
        columns.extend(groups.iter().map(|it| &it.column));
        columns.extend(groups.iter().flat_map(|it| looked_up(&it.meaning)));
    }
    columns.extend(source.attributes.iter().map(|it| &it.column));
    columns.extend(source.attributes.iter().flat_map(|it| looked_up(&it.meaning)));
    columns.extend(source.conditions.iter().map(|it| &it.column));
    columns.extend(source.orders.iter().map(|it| &it.decided));
    columns.extend(source.on_collision.iter().flat_map(Template::columns));
    let own = matches!(source.form, Form::Hrdc(_)).then_some(LOOKUP);
    own.into_iter().chain(columns.into_iter().map(|column| &*column.value)).collect()
}

/// The columns by which other rows are found and read.
fn looked_up(meaning: &Meaning) -> impl Iterator<Item = &Column> {
    let lookup = meaning.lookup.iter();
    lookup.flat_map(|it| std::iter::once(&it.column).chain(it.value.template.columns()))
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

/// A name, by the places of its columns.
#[derive(Debug)]
pub(super) struct Name<'s> {
    pub(super) parts: Vec<Part<usize>>,
    /// How it is written, where the manifest says it.
    pub(super) form: Option<&'s NameForm>,
}

/// What a cell is taken for that is not taken as it stands.
#[derive(Debug)]
pub(super) struct Reading<'s> {
    /// The column of the cells.
    pub(super) column: usize,
    pub(super) meaning: &'s Meaning,
    /// The column by which other rows are found, and what is taken from them.
    pub(super) lookup: Option<(usize, Name<'s>)>,
}

/// A column that names groups.
#[derive(Debug)]
pub(super) struct GroupsAt<'s> {
    pub(super) column: usize,
    pub(super) mapped: Option<&'s GroupColumn>,
    /// The position of its reading, if it has one.
    pub(super) reading: Option<usize>,
}

/// A column of an attribute.
#[derive(Debug)]
pub(super) struct AttributeAt<'s> {
    pub(super) column: usize,
    pub(super) attribute: &'s Attribute,
    /// The position of its reading, if it has one.
    pub(super) reading: Option<usize>,
}

/// The columns that mean something, by their places.
#[derive(Debug, Default)]
pub(super) struct Columns<'s> {
    /// What finds the user, the first that says something.
    pub(super) user: Vec<(usize, Finder)>,
    pub(super) display_name: Option<Name<'s>>,
    pub(super) upn: Option<usize>,
    pub(super) email: Option<usize>,
    pub(super) employee_id: Option<usize>,
    /// A device login, in parts.
    pub(super) device_login: Vec<Part<usize>>,
    pub(super) groups: Vec<GroupsAt<'s>>,
    pub(super) attributes: Vec<AttributeAt<'s>>,
    pub(super) conditions: Vec<(usize, &'s Condition)>,
    /// What rows order, by the column that dates it.
    pub(super) orders: Vec<(usize, &'s RowOrder)>,
    /// What a user is called whose display name another has, in parts.
    pub(super) namesake: Vec<Part<usize>>,
    pub(super) track: Option<usize>,
    pub(super) delete: Option<usize>,
    /// What cells are taken for, of groups and of attributes.
    pub(super) readings: Vec<Reading<'s>>,
}

/// The columns of a text.
fn cells(parts: &[Part<usize>]) -> impl Iterator<Item = usize> {
    parts.iter().filter_map(|part| match part {
        Part::Text(_) | Part::Name => None,
        Part::Cell(at) => Some(*at),
    })
}

impl<'s> Columns<'s> {
    /// How many cells a row needs: the columns behind them mean nothing.
    pub(super) fn needed(&self) -> usize {
        self.all().max().map_or(0, |last| last + 1)
    }

    /// Whether a column means anything.
    pub(super) fn reads(&self, column: usize) -> bool {
        self.all().any(|at| at == column)
    }

    /// Every column that means something.
    fn all(&self) -> impl Iterator<Item = usize> + '_ {
        let fields = [self.upn, self.email, self.employee_id, self.track, self.delete];
        let all = fields.into_iter().flatten();
        let all = all.chain(self.user.iter().map(|(at, _)| *at));
        let all = all.chain(self.display_name.iter().flat_map(|name| cells(&name.parts)));
        let all = all.chain(cells(&self.device_login));
        let all = all.chain(self.groups.iter().map(|it| it.column));
        let all = all.chain(self.attributes.iter().map(|it| it.column));
        let all = all.chain(self.conditions.iter().map(|(at, _)| *at));
        let all = all.chain(self.orders.iter().map(|(at, _)| *at));
        let lookups = self.readings.iter().filter_map(|reading| reading.lookup.as_ref());
        let all = all.chain(lookups.flat_map(|(key, name)| cells(&name.parts).chain([*key])));
        all.chain(cells(&self.namesake))
    }

    /// The columns that say who somebody is: no user is without all of them.
    pub(super) fn identifying(&self) -> impl Iterator<Item = usize> + '_ {
        let fields = [self.upn, self.email, self.employee_id].into_iter().flatten();
        let names = self.display_name.iter().flat_map(|name| cells(&name.parts));
        self.user.iter().map(|(at, _)| *at).chain(fields).chain(names).chain(cells(&self.device_login))
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
        columns.namesake = source.on_collision.iter().flat_map(|template| search.parts(template)).collect();
        for attribute in &source.attributes {
            let Some(column) = search.named(&attribute.column) else { continue };
            let reading = search.reading(column, &attribute.meaning, &mut columns.readings);
            columns.attributes.push(AttributeAt { column, attribute, reading });
        }
        for condition in &source.conditions {
            columns.conditions.extend(search.named(&condition.column).map(|at| (at, condition)));
        }
        for order in &source.orders {
            columns.orders.extend(search.named(&order.decided).map(|at| (at, order)));
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
        let display_name = mapping.display_name.as_ref().map(|form| self.name(form));
        let device_login = mapping.device_login.iter().flat_map(|template| self.parts(template)).collect();
        let mut optional = |column: &Option<Column>| column.as_ref().and_then(|column| self.named(column));
        let (upn, email) = (optional(&mapping.upn), optional(&mapping.email));
        let employee_id = optional(&mapping.employee_id);
        let mut columns =
            Columns { display_name, upn, email, employee_id, device_login, ..Columns::default() };
        for mapped in &mapping.groups {
            let Some(column) = self.named(&mapped.column) else { continue };
            let reading = self.reading(column, &mapped.meaning, &mut columns.readings);
            columns.groups.push(GroupsAt { column, mapped: Some(mapped), reading });
        }
        columns.user = user.into_iter().map(|at| (at, columns.holds(at))).collect();
        columns
    }

    /// The places of a text's columns.
    fn parts(&mut self, template: &Template) -> Vec<Part<usize>> {
        let part = |part: &Part<Column>| match part {
            Part::Text(text) => Some(Part::Text(text.clone())),
            Part::Cell(column) => self.named(column).map(Part::Cell),
            Part::Name => Some(Part::Name),
        };
        template.0.iter().filter_map(part).collect()
    }

    fn name<'s>(&mut self, form: &'s NameForm) -> Name<'s> {
        Name { parts: self.parts(&form.template), form: Some(form) }
    }

    /// Notes what cells of a column are taken for; its position among the readings, unless they are taken as they stand.
    fn reading<'s>(
        &mut self,
        column: usize,
        meaning: &'s Meaning,
        readings: &mut Vec<Reading<'s>>,
    ) -> Option<usize> {
        if meaning.is_plain() {
            return None;
        }
        let lookup = meaning.lookup.as_ref().and_then(|it| {
            let value = self.name(&it.value);
            Some((self.named(&it.column)?, value))
        });
        readings.push(Reading { column, meaning, lookup });
        Some(readings.len() - 1)
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
            let asked = source.conditions.iter().map(|it| &it.column);
            let asked = asked.chain(source.orders.iter().map(|it| &it.decided));
            let looked_up = source.attributes.iter().flat_map(|it| looked_up(&it.meaning));
            let mut mapped = source.attributes.iter().map(|it| &it.column).chain(asked).chain(looked_up);
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
        let groups =
            group.into_iter().map(|column| GroupsAt { column, mapped: None, reading: None }).collect();
        let display_name = display_name.map(|at| Name { parts: vec![Part::Cell(at)], form: None });
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
