//! `account`: which account the manifests describe, and where it is kept.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
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
    /// Its number at ActivTrak; its name at a learning platform, as `acme` in acme.docebosaas.com, or the whole host where it is
    /// another. A key that opens another account is an error.
    pub id: Field<AccountId>,
    /// Where it is kept.
    pub platform: Field<Platform>,
    /// The region of an ActivTrak account.
    pub region: Field<Region>,
    /// The sandbox's account file, relative to this file.
    pub seed: Field<Box<str>>,
    /// Which identifier is the username, at a learning platform.
    pub username: Field<Username>,
    /// What you allow besides: API calls that are inferred, not documented, and users who are created at a learning platform.
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
    /// At a learning platform, by the API of Docebo; needs `id` and `username`.
    Docebo,
    /// In a sandbox started for the run; needs `seed`.
    Sandbox,
}

/// Which identifier is the username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Username {
    /// The email.
    Email,
    /// The UPN.
    Upn,
    /// The employee ID.
    EmployeeId,
}

/// What tells an account from others, kept as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(in crate::manifest) struct AccountId(pub Box<str>);

impl JsonSchema for AccountId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AccountId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "minimum": 0 })
    }
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

/// Something that has to be allowed.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Allowance {
    /// Moving agents from one user to another, at ActivTrak.
    AgentMoves,
    /// Creating users, at a learning platform.
    CreateUsers,
}
