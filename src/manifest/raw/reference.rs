//! How a manifest names a user.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::raw::text::Text;
use crate::manifest::yaml::{Either, Field};

/// A user by an identifier, whose shape says which kind it is, or by display name.
pub(in crate::manifest) type Reference = Either<Text, ByName>;

/// A user by display name.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["name"]))]
pub(in crate::manifest) struct ByName {
    /// The display name.
    pub name: Field<Box<str>>,
}
