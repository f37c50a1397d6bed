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

/// A number or `{ percent, atLeast }` for every kind of identifier, or one for each.
pub(in crate::manifest) type IdentifierLimits = Either<u64, IdentifierShares>;

/// A percentage, rounded down, that never falls below a number, for every kind of identifier that has none of its own here.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct IdentifierShares {
    /// Of those who have an identifier of that kind.
    #[schemars(range(min = 0, max = 100))]
    pub percent: Field<u32>,
    /// Allowed whatever the percentage comes to; 0 by default.
    pub at_least: Field<u64>,
    /// For UPNs.
    pub upn: Field<Limit>,
    /// For email addresses.
    pub email: Field<Limit>,
    /// For employee IDs.
    pub employee_id: Field<Limit>,
    /// For device logins.
    pub device_login: Field<Limit>,
}
