//! What does a manifest say of an export? The columns that mean something, and what the file has to hold.

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::Encoding;
use regex::Regex;

use crate::diag::Span;
use crate::manifest::yaml::Spanned;
use crate::model::{
    self, AttributeName, Bounds, DeclaredSource, Limit, Missing, Order, OrderKind, fold, tidy,
};

/// The values that a row may have in a column, by their folded form.
pub(super) type Allowed = BTreeMap<Box<str>, Spanned<Box<str>>>;

/// Where a group's name takes the text of a cell.
pub(super) const CELL: &str = "{}";

/// A column by its name in the header.
pub(super) type Column = Spanned<Box<str>>;

/// An entry of `hr.sources`.
#[derive(Debug)]
pub(super) struct Source {
    /// The entry.
    pub(super) span: Span,
    /// Its name.
    pub(super) name: Spanned<Box<str>>,
    /// Its file, relative to the manifest.
    pub(super) csv: Option<Spanned<Box<str>>>,
    /// The encoding of its text, where the manifest says it.
    pub(super) encoding: Option<Spanned<&'static Encoding>>,
    /// What parts the cells, where the manifest says it.
    pub(super) delimiter: Option<u8>,
    /// Where the header stands.
    pub(super) header: Header,
    /// The texts that stand for nothing, where the manifest lists them.
    pub(super) empty: Option<Empty>,
    /// How its columns are told apart.
    pub(super) form: Form,
    /// What users are called whose display name another has too.
    pub(super) on_collision: Option<Template>,
    /// Attributes and their columns.
    pub(super) attributes: Vec<Attribute>,
    /// What is asked of rows.
    pub(super) conditions: Vec<Condition>,
    /// What rows order.
    pub(super) orders: Vec<RowOrder>,
    /// What becomes of a row that matches nobody.
    pub(super) missing: Missing,
    /// Where `create: true` is said.
    pub(super) creates: Option<Span>,
    /// What the file must hold.
    pub(super) expect: Expect,
}

impl Source {
    /// What is asked of its file.
    pub(super) fn bounds(&self) -> Bounds {
        let Expect { rows, groups, shrink } = &self.expect;
        let least = |said: &Option<Spanned<u64>>| said.as_ref().map_or(0, |said| said.value);
        let asked = self.conditions.iter().map(|it| {
            let (column, values) = (fold(&it.column.value).into(), it.values.keys().cloned().collect());
            model::Condition { key: it.asks.key(), column, values }
        });
        let mut only: Vec<_> = asked.collect();
        only.sort_unstable();
        Bounds { shrink: *shrink, rows: least(rows), groups: least(groups), missing: self.missing, only }
    }
}

/// Where the header of an export stands.
#[derive(Debug)]
pub(super) enum Header {
    /// In the first line that says something, below so many lines.
    Below(Option<Spanned<u64>>),
    /// In this line.
    At(Spanned<u64>),
    /// In the first line that has all of these cells.
    Contains(Spanned<Vec<Column>>),
}

impl Header {
    /// The key that says it, if one does.
    pub(super) fn span(&self) -> Option<Span> {
        match self {
            Self::Below(skip) => skip.as_ref().map(|skip| skip.span),
            Self::At(line) => Some(line.span),
            Self::Contains(columns) => Some(columns.span),
        }
    }
}

/// What a condition on rows decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asks {
    /// `where`: whether a row counts. All of them have to hold.
    Where,
    /// `unless`: whether it does not. One that holds is enough.
    Unless,
    /// `primary`: which of several rows of a person counts.
    Primary,
    /// `untracked`: whether the user of a row is not tracked. All of them have to hold, as for the next two.
    Untracked,
    /// `remove`: whether a row orders that its user is removed.
    Remove,
    /// `erase`: whether a row orders that the history of its user is erased.
    Erase,
}

impl Asks {
    /// The key that asks it.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Where => "where",
            Self::Unless => "unless",
            Self::Primary => "primary",
            Self::Untracked => "untracked",
            Self::Remove => "remove",
            Self::Erase => "erase",
        }
    }
}

/// What is asked of the rows of an export in one column.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) asks: Asks,
    pub(super) column: Column,
    /// It holds of a row that says one of these.
    pub(super) values: Allowed,
}

/// An order that rows give.
#[derive(Debug)]
pub(super) struct RowOrder {
    /// The conditions that say which rows: `Remove` or `Erase`.
    pub(super) asks: Asks,
    pub(super) kind: OrderKind,
    /// The column that says when it was decided.
    pub(super) decided: Column,
    /// How its days are written.
    pub(super) forms: Vec<Box<str>>,
    pub(super) reason: Option<Box<str>>,
}

/// A name that columns of a row make.
#[derive(Debug)]
pub(super) struct NameForm {
    pub(super) template: Template,
    /// The text of it, as the manifest writes it.
    pub(super) said: Spanned<Box<str>>,
    pub(super) order: NameOrder,
    /// What is cut off at its end: folded.
    pub(super) cut: Vec<Box<str>>,
}

/// What comes first in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameOrder {
    /// `Ada Lovelace`.
    FirstLast,
    /// `Lovelace, Ada`.
    LastFirst,
}

/// What a cell says that is not taken as it stands.
#[derive(Debug, Default)]
pub(super) struct Meaning {
    /// What takes it apart.
    pub(super) pattern: Option<Spanned<Regex>>,
    /// The row that it names, and what is taken from there.
    pub(super) lookup: Option<RowLookup>,
    /// What texts stand for, by their folded form.
    pub(super) names: BTreeMap<Box<str>, Called>,
}

/// What a text of a cell stands for.
#[derive(Debug)]
pub(super) struct Called {
    /// The text, as the manifest writes it.
    pub(super) text: Spanned<Box<str>>,
    /// What it is.
    pub(super) name: Box<str>,
}

/// Another row of the same file.
#[derive(Debug)]
pub(super) struct RowLookup {
    /// The column that holds what the cell says.
    pub(super) column: Column,
    /// What is taken from it.
    pub(super) value: NameForm,
}

impl Meaning {
    /// Whether a cell is taken as it stands.
    pub(super) fn is_plain(&self) -> bool {
        self.pattern.is_none() && self.lookup.is_none() && self.names.is_empty()
    }
}

/// A text with columns in it.
#[derive(Debug)]
pub(super) struct Template(pub(super) Vec<Part<Column>>);

/// A part of it.
#[derive(Debug)]
pub(super) enum Part<C> {
    /// As it stands.
    Text(Box<str>),
    /// What a row says in a column.
    Cell(C),
    /// The display name of the row, as it is read.
    Name,
}

impl Template {
    /// Its columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) | Part::Name => None,
            Part::Cell(column) => Some(column),
        })
    }
}

/// Texts that stand for nothing: folded.
#[derive(Debug, Default)]
pub(super) struct Empty {
    texts: BTreeSet<Box<str>>,
    longest: usize,
}

impl Empty {
    /// These texts, in upper or lower case.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let texts: BTreeSet<Box<str>> = texts.map(|text| fold(&tidy(text)).into()).collect();
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or_default();
        Self { texts, longest }
    }

    /// Whether a cell says one of them.
    pub(super) fn holds(&self, text: &str) -> bool {
        // Folding makes no text of this length so much shorter.
        text.len() <= self.longest * 2 && self.texts.contains(&*fold(&tidy(text)))
    }
}

/// How the columns of an export are told apart.
#[derive(Debug)]
pub(super) enum Form {
    /// The manifest names them.
    Mapped(Box<Mapping>),
    /// They have the names of HRDC's own format; with the order that `delete_user` stands for, if one is dated.
    Hrdc(Option<Order>),
}

/// The columns of a mapped export.
#[derive(Debug)]
pub(super) struct Mapping {
    /// What finds the user: the first that says something.
    pub(super) user: Vec<Column>,
    pub(super) display_name: Option<NameForm>,
    pub(super) upn: Option<Column>,
    pub(super) email: Option<Column>,
    pub(super) employee_id: Option<Column>,
    pub(super) device_login: Option<Template>,
    pub(super) groups: Vec<GroupColumn>,
}

/// A column that names groups.
#[derive(Debug)]
pub(super) struct GroupColumn {
    pub(super) column: Column,
    /// The group's name, with `{}` where the cell goes.
    pub(super) name: Option<Box<str>>,
    /// What parts the names in a cell.
    pub(super) split: Option<Box<str>>,
    /// What a name in a cell stands for.
    pub(super) meaning: Meaning,
    /// Where the groups are.
    pub(super) source: DeclaredSource,
}

/// A column of an attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: AttributeName,
    pub(super) column: Column,
    /// How its dates are written, if it holds dates.
    pub(super) dates: Vec<Box<str>>,
    /// How many values a user may have.
    pub(super) values: Values,
    /// What a cell stands for.
    pub(super) meaning: Meaning,
}

/// How many values of an attribute the rows of one user may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// One.
    One,
    /// Several: a rule matches if any does.
    Many,
}

/// What an export must hold to be the whole picture.
#[derive(Debug)]
pub(super) struct Expect {
    /// Rows, at least.
    pub(super) rows: Option<Spanned<u64>>,
    /// Groups, at least.
    pub(super) groups: Option<Spanned<u64>>,
    /// How many members its groups may lose.
    pub(super) shrink: Limit,
}

impl Default for Expect {
    fn default() -> Self {
        Self { rows: None, groups: None, shrink: Limit::share(5, 3) }
    }
}
