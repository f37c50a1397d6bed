//! `account`: which account the manifests describe, and where it is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::manifest::raw::text::Text;
use crate::manifest::yaml::{Field, List};

/// The account that the manifests describe.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["platform"]))]
pub(in crate::manifest) struct Account {
    /// Its name in output, comments and file names.
    pub name: Field<Text>,
    /// Its number. A key that opens another account is an error.
    pub id: Field<u64>,
    /// Where it is kept.
    pub platform: Field<Platform>,
    /// The region of an ActivTrak account.
    pub region: Field<Region>,
    /// The sandbox's account file, relative to this file.
    pub seed: Field<Box<str>>,
    /// API calls that are inferred, not documented, and that you allow.
    pub allow: Field<List<Allowance>>,
    /// The type that the account gives HR-sourced groups; `HRDC` by default.
    pub hr_group_type: Field<Box<str>>,
}

/// Where an account is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Platform {
    /// At ActivTrak; needs `region`.
    Activtrak,
    /// In a sandbox started for the run; needs `seed`.
    Sandbox,
}

/// The region of an ActivTrak account.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Region {
    /// United States.
    Us,
    /// European Union.
    Eu,
    /// United Kingdom.
    Uk,
    /// Canada.
    Ca,
    /// Australia.
    Au,
}

/// An inferred API call.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Allowance {
    /// Moving agents from one user to another.
    AgentMoves,
}
