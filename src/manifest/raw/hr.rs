//! `hr`: exports of an HR system, and members that a snapshot may leave out.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::raw::limit::Share;
use crate::manifest::raw::reference::Reference;
use crate::manifest::raw::text::Text;
use crate::manifest::yaml::{Either, Field, List, Map, OneOrMany};

/// Exports of an HR system, and members that a snapshot may leave out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct Hr {
    /// CSV exports that say users and HR groups.
    pub sources: Field<List<HrSource>>,
    /// Members without a usable identifier that the snapshot leaves out of a group it carries.
    pub leave_out: Field<List<LeaveOut>>,
}

/// A member that the snapshot leaves out of a group it carries.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["group", "user"]))]
pub(in crate::manifest) struct LeaveOut {
    /// The HR group, which no manifest declares.
    pub group: Field<Box<str>>,
    /// Its member.
    pub user: Field<Reference>,
}

/// A CSV export of an HR system and what its columns are. Without `user`, `fields` and `groups` it is read in HRDC's own format.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["name"]))]
pub(in crate::manifest) struct HrSource {
    /// Its name in plans and on the command line (`--hr NAME=FILE`).
    pub name: Field<Text>,
    /// The file, relative to this one; `--hr NAME=FILE` stands for it.
    pub csv: Field<Box<str>>,
    /// The encoding of the file, where it is neither UTF-8 nor UTF-16 with its mark: `windows-1250`, `iso-8859-2`, `shift_jis`.
    pub encoding: Field<Box<str>>,
    /// What parts the cells, where the header does not show it: `;`, or `tab`.
    pub delimiter: Field<Box<str>>,
    /// Where the header stands: the number of its line, or `{ contains: Work Email }`, the first line that has these cells. What
    /// stands above it is not read.
    pub header: Field<Either<u64, HrHeader>>,
    /// So many lines stand above the header, titles for example, and are not read.
    pub skip: Field<u64>,
    /// The texts that stand for nothing in a cell, in upper or lower case: the whole list. Without it, `NULL`, `n/a`, `-` and the
    /// like stand for nothing where somebody is identified or named, and `0`, `99999` and the like are refused there.
    pub empty: Field<OneOrMany<Text>>,
    /// The column that finds the user: an email, UPN or employee ID. Of several the first that says something. Every row needs
    /// one.
    pub user: Field<OneOrMany<Text>>,
    /// The columns of a user's fields.
    pub fields: Field<HrFields>,
    /// What users are called whose display name another has too: a text with columns in braces, `{Name} ({Badge})`. Whoever has
    /// the name in the account keeps it.
    pub on_collision: Field<Box<str>>,
    /// Attribute names and their columns.
    pub attributes: Field<Map<Either<Text, HrAttribute>>>,
    /// The columns that name HR groups.
    pub groups: Field<List<HrGroups>>,
    /// Columns and the values that a row must have to count, in upper or lower case.
    #[serde(rename = "where")]
    pub only: Field<Map<OneOrMany<Text>>>,
    /// Columns and the values for which a row does not count, in upper or lower case: one of them is enough.
    pub unless: Field<Map<OneOrMany<Text>>>,
    /// Which of several rows of a person counts: the one whose column says so.
    pub primary: Field<HrPrimary>,
    /// What becomes of a row that matches nobody; `block` by default.
    pub unmatched: Field<Unmatched>,
    /// Whether users that are not in the account are created, which goes before `unmatched`; false by default.
    pub create: Field<bool>,
    /// Less than this, and the file is not the whole picture.
    pub expect: Field<HrExpectation>,
    /// Attribute names and how their dates are written, `%d/%m/%Y`, or `%d/%m/%Y %H:%M` where a time follows, which does not
    /// count; a list where they are written in several ways. Other attributes are texts.
    pub dates: Field<Map<OneOrMany<Text>>>,
    /// Columns and the values for which the user of a row is not tracked: the row has to have all of them.
    pub untracked: Field<Map<OneOrMany<Text>>>,
    /// An order to remove the users of the rows that `where` means, for good, each dated by a cell of its row. In HRDC's own format,
    /// without `where`: when it was decided to remove the users whose rows say `delete_user=y`.
    pub remove: Field<HrRemove>,
    /// An order to erase the history of the users of the rows that `where` means, each dated by a cell of its row.
    pub erase: Field<HrErase>,
}

/// An order to remove users, for good.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["decided"]))]
pub(in crate::manifest) struct HrRemove {
    /// Columns and the values for which a row orders it, in upper or lower case: the row has to have all of them.
    #[serde(rename = "where")]
    pub only: Field<Map<OneOrMany<Text>>>,
    /// The column that says when it was decided; the record must be older. Without `where` the day itself, `2026-05-02`.
    pub decided: Field<Either<Text, HrDay>>,
    /// Why, in your words.
    pub reason: Field<Box<str>>,
    /// Whether the Do Not Track rules that the users leave behind are removed too; false by default.
    pub unblock: Field<bool>,
}

/// An order to erase the history of users up to now; their records stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["where", "decided"]))]
pub(in crate::manifest) struct HrErase {
    /// Columns and the values for which a row orders it, in upper or lower case: the row has to have all of them.
    #[serde(rename = "where")]
    pub only: Field<Map<OneOrMany<Text>>>,
    /// The column that says when it was decided; the record must be older.
    pub decided: Field<Either<Text, HrDay>>,
    /// Why, in your words.
    pub reason: Field<Box<str>>,
}

/// A column of days.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["column"]))]
pub(in crate::manifest) struct HrDay {
    /// The column.
    pub column: Field<Text>,
    /// How its days are written, `%m/%d/%Y`, or a list of ways; `%Y-%m-%d` by default.
    pub form: Field<OneOrMany<Text>>,
}

/// The columns of a user's fields.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct HrFields {
    /// The display name: a column, a text with columns in braces, `{First} {Last}`, or a column and how it is written.
    pub display_name: Field<Either<Text, HrName>>,
    /// A UPN.
    pub upn: Field<Text>,
    /// An email.
    pub email: Field<Text>,
    /// An employee ID.
    pub employee_id: Field<Text>,
    /// A device login: a column, or a text with columns in braces, `'ACME\\{Username}'`.
    pub device_login: Field<Text>,
}

/// Where the header stands.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["contains"]))]
pub(in crate::manifest) struct HrHeader {
    /// Columns of it: the first line that has them all is the header.
    pub contains: Field<OneOrMany<Text>>,
}

/// A name, and how it is written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["column"]))]
pub(in crate::manifest) struct HrName {
    /// The column, or a text with columns in braces: `{First} {Last}`.
    pub column: Field<Text>,
    /// What comes first in the cell; `first-last` by default.
    pub order: Field<NameOrder>,
    /// What is cut off at the end of a name, in upper or lower case: the whole list. `(On Leave)` and `(Terminated)` by default, which
    /// Workday adds.
    pub cut: Field<OneOrMany<Text>>,
}

/// What comes first in a name.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::manifest) enum NameOrder {
    /// `Ada Lovelace`.
    FirstLast,
    /// `Lovelace, Ada`.
    LastFirst,
}

/// Which of several rows of a person counts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["column", "is"]))]
pub(in crate::manifest) struct HrPrimary {
    /// The column that says it.
    pub column: Field<Text>,
    /// What it says there, in upper or lower case.
    pub is: Field<OneOrMany<Text>>,
}

/// Another row of the same file, which a cell names.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["column", "value"]))]
pub(in crate::manifest) struct HrLookup {
    /// The column that holds what the cell says.
    pub column: Field<Text>,
    /// What is taken from that row in place of the cell: a column, a text with columns in braces, or a column and how it is written.
    pub value: Field<Either<Text, HrName>>,
}

/// The column of an attribute.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["column"]))]
pub(in crate::manifest) struct HrAttribute {
    /// The column.
    pub column: Field<Text>,
    /// Whether the rows of one user may say several values, as of somebody with two positions: a rule matches if any does; false
    /// by default.
    pub many: Field<bool>,
    /// A regular expression that takes a cell apart: what its first group holds counts, or all that it matches.
    pub pattern: Field<Box<str>>,
    /// The row of this file that the cell names, and what is taken from it.
    pub lookup: Field<HrLookup>,
    /// What cells stand for: `{ '1200': R&D }`. Others stay as they are.
    pub names: Field<Map<Text>>,
}

/// A column that names groups.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["column"]))]
pub(in crate::manifest) struct HrGroups {
    /// The column.
    pub column: Field<Text>,
    /// The group's name, with `{}` where the cell goes.
    pub name: Field<Box<str>>,
    /// What parts the names in a cell that holds several.
    pub split: Field<Box<str>>,
    /// A regular expression that takes a name apart: what its first group holds counts, or all that it matches.
    pub pattern: Field<Box<str>>,
    /// The row of this file that the cell names, and what is taken from it.
    pub lookup: Field<HrLookup>,
    /// Where the groups are: `hr` by default; `app` for groups of the app.
    pub source: Field<HrGroupSource>,
    /// What groups are called that cells name otherwise: `{ '1200': R&D }`. Others are called as `name` says.
    pub names: Field<Map<Text>>,
}

/// Where groups that rows name are.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum HrGroupSource {
    /// HR groups, which uploads make.
    Hr,
    /// Groups of the app.
    App,
}

/// What becomes of a row whose user is not found.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Unmatched {
    /// It blocks the plan.
    Block,
    /// It is named in the plan and left out.
    List,
}

/// What an export must hold to be the whole picture.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct HrExpectation {
    /// Rows that count, at least.
    pub rows: Field<u64>,
    /// Groups, at least.
    pub groups: Field<u64>,
    /// How many members each of its groups, and all of them together, may lose by no row naming them; 5 percent, and at least
    /// 3, by default. More is a violation.
    pub shrink: Field<Share>,
}
