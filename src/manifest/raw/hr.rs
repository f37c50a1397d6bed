//! `hr`: exports of an HR system, and members that a snapshot may leave out.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::raw::{Reference, Share, Text};
use crate::manifest::yaml::{Field, List, Map, OneOrMany};

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

/// A CSV export of an HR system and what its columns are.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["name", "user"]))]
pub(in crate::manifest) struct HrSource {
    /// Its name in plans and on the command line (`--hr NAME=FILE`).
    pub name: Field<Text>,
    /// The file, relative to this one.
    pub csv: Field<Box<str>>,
    /// The column that finds the user: an email, UPN or employee ID.
    pub user: Field<Text>,
    /// The columns of a user's fields.
    pub fields: Field<HrFields>,
    /// Attribute names and their columns.
    pub attributes: Field<Map<Text>>,
    /// The columns that name groups.
    pub groups: Field<List<HrGroups>>,
    /// Columns and the values that a row must have to count.
    #[serde(rename = "where")]
    pub only: Field<Map<OneOrMany<Text>>>,
    /// What becomes of a row whose user is not found; `block` by default.
    pub unmatched: Field<Unmatched>,
    /// Whether users that are not in the account are created; false by default.
    pub create: Field<bool>,
    /// Less than this, and the file is not the whole picture.
    pub expect: Field<HrExpectation>,
    /// Attribute names and how their dates are written, `%d/%m/%Y`; ISO 8601 by default.
    pub dates: Field<Map<Text>>,
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
    /// Rows, at least.
    pub rows: Field<u64>,
    /// Groups, at least.
    pub groups: Field<u64>,
    /// How much smaller than the account's set it may be.
    pub shrink: Field<Share>,
}
