//! What does a manifest say of an export? The columns that mean something, and what the file has to hold.

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::Encoding;

use crate::diag::Span;
use crate::manifest::yaml::Spanned;
use crate::model::{AttributeName, Bounds, Limit, Missing, Order, fold, tidy};

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
    /// Lines above the header.
    pub(super) skip: Option<Spanned<u64>>,
    /// The texts that stand for nothing, where the manifest lists them.
    pub(super) empty: Option<Empty>,
    /// How its columns are told apart.
    pub(super) form: Form,
    /// What users are called whose display name another has too.
    pub(super) on_collision: Option<Template>,
    /// Attributes and their columns.
    pub(super) attributes: Vec<Attribute>,
    /// Columns and the values that a row must have to count.
    pub(super) only: Vec<(Column, Allowed)>,
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
        let only = self.only.iter().map(|(column, values)| {
            (Box::from(fold(&column.value)), values.keys().cloned().collect::<Vec<Box<str>>>())
        });
        let mut only: Vec<_> = only.collect();
        only.sort_unstable();
        Bounds { shrink: *shrink, rows: least(rows), groups: least(groups), missing: self.missing, only }
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
}

impl Template {
    /// Its columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
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
    pub(super) display_name: Option<Column>,
    pub(super) upn: Option<Column>,
    pub(super) email: Option<Column>,
    pub(super) employee_id: Option<Column>,
    pub(super) groups: Vec<GroupColumn>,
}

/// A column that names groups.
#[derive(Debug, Clone)]
pub(super) struct GroupColumn {
    pub(super) column: Column,
    /// The group's name, with `{}` where the cell goes.
    pub(super) name: Option<Box<str>>,
    /// What parts the names in a cell.
    pub(super) split: Option<Box<str>>,
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
