//! `tracking`: one rule of the list.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::raw::rule::Rule;
use crate::manifest::raw::user::Tracking;
use crate::manifest::yaml::Field;

/// Sets whether everybody who matches is tracked. What a user's own entry says counts more.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["match", "state"]))]
pub(in crate::manifest) struct TrackingRule {
    /// Whom it is about.
    #[serde(rename = "match")]
    pub rule: Field<Rule>,
    /// Whether they are tracked.
    pub state: Field<Tracking>,
    /// Why, for those who read the plan.
    pub because: Field<Box<str>>,
}
