//! `hr`: exports of an HR system, and members that a snapshot may leave out.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::raw::limit::Share;
use crate::manifest::raw::reference::Reference;
use crate::manifest::raw::text::Text;
use crate::manifest::raw::user::Remove;
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
    /// What becomes of a row that matches nobody; `block` by default.
    pub unmatched: Field<Unmatched>,
    /// Whether users that are not in the account are created, which goes before `unmatched`; false by default.
    pub create: Field<bool>,
    /// Less than this, and the file is not the whole picture.
    pub expect: Field<HrExpectation>,
    /// Attribute names and how their dates are written, `%d/%m/%Y`, or `%d/%m/%Y %H:%M` where a time follows, which does not
    /// count; a list where they are written in several ways. Other attributes are texts.
    pub dates: Field<Map<OneOrMany<Text>>>,
    /// In HRDC's own format: when it was decided to remove the users whose rows say `delete_user=y`, for good.
    pub remove: Field<Remove>,
}

/// The columns of a user's fields.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct HrFields {
    /// The display name.
    pub display_name: Field<Text>,
    /// A UPN.
    pub upn: Field<Text>,
    /// An email.
    pub email: Field<Text>,
    /// An employee ID.
    pub employee_id: Field<Text>,
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
