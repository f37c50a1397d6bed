//! `exclusions`: one entry of the list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::manifest::yaml::{Either, Field};

/// A login, or a login with its state.
pub(in crate::manifest) type Exclusion = Either<Box<str>, ExclusionEntry>;

/// A global Do Not Track rule with its state.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["login"]))]
#[schemars(rename = "Exclusion")]
pub(in crate::manifest) struct ExclusionEntry {
    /// `DOMAIN\user`, or `*\user` for any domain.
    pub login: Field<Box<str>>,
    /// Whether the rule is to be there; `present` by default.
    pub state: Field<ExclusionState>,
}

/// Whether a rule is to be there.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum ExclusionState {
    /// It is.
    Present,
    /// It is not.
    Absent,
}
