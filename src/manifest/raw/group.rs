//! `groups`: one entry of the list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::manifest::raw::reference::Reference;
use crate::manifest::raw::rule::Rule;
use crate::manifest::raw::text::Text;
use crate::manifest::yaml::{Field, List, OneOrMany};

/// A group.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["name"]))]
pub(in crate::manifest) struct Group {
    /// Its name, at most 65 characters.
    #[schemars(length(max = 65))]
    pub name: Field<Box<str>>,
    /// Names it had: a rename, not delete and create.
    pub formerly: Field<OneOrMany<Box<str>>>,
    /// Who keeps it; `app` by default.
    pub source: Field<Source>,
    /// What it says of itself, on a learning platform; empty where it is to say nothing.
    pub description: Field<Box<str>>,
    /// What fills it: manifests, or, on a learning platform, the platform itself by `match` and `branch`; `manual` by default.
    pub population: Field<Population>,
    /// Whether it is to be there; `present` by default.
    pub state: Field<GroupState>,
    /// Whether an HR group may be deleted and made anew, as a rename needs.
    pub recreate: Field<bool>,
    /// Its users: with those who name the group, the whole list.
    pub members: Field<List<Reference>>,
    /// Whether `members` is the whole list or only adds; `whole` by default.
    pub membership: Field<Membership>,
    /// Users enter and leave as they match.
    #[serde(rename = "match")]
    pub rule: Field<Rule>,
    /// Branches of a learning platform, by code: whoever is in one of them is in this group, as long as that is so.
    pub branch: Field<OneOrMany<Text>>,
    /// Whether `branch` means the branches below as well; `false` by default.
    pub descendants: Field<bool>,
    /// Other groups: whoever is in one of them is in this group, as long as that is so.
    pub members_of: Field<OneOrMany<Box<str>>>,
    /// Members whatever `match`, `branch` and `membersOf` say.
    pub also: Field<List<Reference>>,
    /// Never members by `match`, `branch` or `membersOf`.
    pub except: Field<List<Reference>>,
    /// Its computers, `DOMAIN\NAME`: the whole list.
    pub computers: Field<List<Box<str>>>,
}

/// Who keeps a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "GroupSource")]
pub(in crate::manifest) enum Source {
    /// The app.
    App,
    /// HR snapshots.
    Hr,
    /// The identity provider's side of the account, by SCIM.
    Scim,
}

/// What fills a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Population {
    /// Manifests: whoever belongs to it is put in.
    Manual,
    /// The learning platform, by conditions that it keeps.
    Automatic,
}

/// Whether a group is to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum GroupState {
    /// It is.
    Present,
    /// It is not.
    Deleted,
}

/// What a list of members means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Membership {
    /// The whole list.
    Whole,
    /// At least these.
    Additive,
}
