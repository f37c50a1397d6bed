//! A limit: a number, or a percentage that never falls below a number.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::yaml::{Either, Field};

/// A number, or `{ percent, atLeast }`.
pub(in crate::manifest) type Limit = Either<u64, Share>;

/// A percentage, rounded down, that never falls below a number.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["percent"]))]
pub(in crate::manifest) struct Share {
    /// Of what there is.
    #[schemars(range(min = 0, max = 100))]
    pub percent: Field<u32>,
    /// Allowed whatever the percentage comes to; 0 by default.
    pub at_least: Field<u64>,
}
