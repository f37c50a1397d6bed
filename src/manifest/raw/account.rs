//! `account`: which account the manifests describe, and where it is kept.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{EnumAccess, VariantAccess as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::manifest::raw::text::Text;
use crate::manifest::yaml::{Field, List};
use crate::model::{PLATFORM_WORDS, Place, SANDBOX, Service};

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

/// Where an account is kept: at a service, or in a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::manifest) struct Platform(pub Option<Service>);

/// The name of the type in the schema.
const PLATFORM: &str = "Platform";

impl Platform {
    const fn word(self) -> &'static str {
        match self.0 {
            Some(service) => service.word(),
            None => SANDBOX,
        }
    }
}

impl<'de> Deserialize<'de> for Platform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum(PLATFORM, PLATFORM_WORDS, WordOfPlatform)
    }
}

/// Reads one of [`PLATFORM_WORDS`].
struct WordOfPlatform;

impl<'de> Visitor<'de> for WordOfPlatform {
    type Value = Platform;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a platform")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, word: A) -> Result<Platform, A::Error> {
        let (word, value) = word.variant::<Box<str>>()?;
        value.unit_variant()?;
        Ok(Platform(Service::of(&word)))
    }
}

impl Serialize for Platform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl JsonSchema for Platform {
    fn schema_name() -> Cow<'static, str> {
        PLATFORM.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let of = |service: &Service| {
            let needs = match service.place() {
                Place::Region => "`region`",
                Place::Tenant => "`id` and `username`",
            };
            (service.word(), format!("{}; needs {needs}.", service.at()))
        };
        let sandbox = (SANDBOX, "In a sandbox started for the run; needs `seed`.".to_owned());
        let words = Service::ALL.iter().map(of).chain([sandbox]);
        let words: Vec<Schema> = words
            .map(|(word, about)| json_schema!({ "const": word, "description": about, "type": "string" }))
            .collect();
        json_schema!({ "description": "Where an account is kept.", "oneOf": words })
    }
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
