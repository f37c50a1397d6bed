//! `policy.require`: one rule of the list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::manifest::raw::rule::Rule;
use crate::manifest::raw::user::{Activation, Tracking};
use crate::manifest::yaml::{Either, Field, List};

/// A rule that must hold after every plan: about `users` (and `tracking`, `status` or `groups`), a `group` (and `within`), or `exclusions`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["name"]))]
pub(in crate::manifest) struct Requirement {
    /// What people call it.
    pub name: Field<Box<str>>,
    /// Whom it is about: `all`, or those who match.
    pub users: Field<Either<Everybody, Matching>>,
    /// The state that each of the users has.
    pub tracking: Field<Tracking>,
    /// Whether each of the users may log in at a learning platform.
    pub status: Field<Activation>,
    /// In how many groups each of the users is.
    pub groups: Field<GroupCount>,
    /// The group that it is about.
    pub group: Field<Box<str>>,
    /// Who may be in the group.
    pub within: Field<Matching>,
    /// What every exclusion must be.
    pub exclusions: Field<Exclusions>,
}

/// Every user of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Everybody {
    /// Every one.
    All,
}

/// Those who match.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["match"]))]
pub(in crate::manifest) struct Matching {
    /// The condition.
    #[serde(rename = "match")]
    pub rule: Field<Rule>,
}

/// In how many groups a user is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct GroupCount {
    /// In so many; 1 by default.
    #[schemars(range(min = 1))]
    pub at_least: Field<u64>,
    /// Of these; of all groups, where it is left out.
    pub of: Field<List<Box<str>>>,
}

/// What every exclusion must be.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["matching"]))]
#[schemars(rename = "RequiredOfExclusions")]
pub(in crate::manifest) struct Exclusions {
    /// Whom it matches.
    pub matching: Field<Someone>,
}

/// Whom an exclusion matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Someone {
    /// A login or an identifier of some user.
    Someone,
}
