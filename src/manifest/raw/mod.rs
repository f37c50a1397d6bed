//! What a manifest can say, key by key: the serde types, which are also the JSON Schema. One file per noun.
//!
//! Shapes and words are checked here, by reading; meaning is checked in [`lower`](crate::manifest::lower). The doc comments
//! are what editors show.

mod account;
mod exclusion;
mod group;
mod hr;
mod limit;
mod policy;
mod reference;
mod requirement;
mod rule;
mod text;
mod tracking;
mod user;

pub(super) use account::{Account, AccountId, Allowance, Platform, Region, Username};
pub(super) use exclusion::{Exclusion, ExclusionEntry, ExclusionState};
pub(super) use group::{Group, GroupState, Membership, Population, Source};
pub(super) use hr::{
    Hr, HrAttribute, HrDay, HrErase, HrExpectation, HrFields, HrGroupSource, HrGroups, HrHeader, HrLookup,
    HrName, HrPrimary, HrRemove, HrSource, LeaveOut, NameOrder, Unmatched,
};
pub(super) use limit::{IdentifierLimits, IdentifierShares, Limit, Share};
pub(super) use policy::{
    AutoEmails, Limits, Minimum, Policy, Protected, Unmanaged, UnmanagedGroups, UnmanagedHrGroups,
    UnmanagedPolicy,
};
pub(super) use reference::{ByName, Reference};
pub(super) use requirement::{Everybody, Exclusions, GroupCount, Matching, Requirement, Someone};
pub(super) use rule::{Asked, Condition, Enrolled, FieldOf, HowFar, Rule, Term, Tests};
pub(super) use text::Text;
pub(super) use tracking::TrackingRule;
pub(super) use user::{Activation, Adoptable, Erase, Remove, Tracking, User};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::yaml::{Field, List};

/// Rollcall manifest
///
/// A part of what an account should be, at ActivTrak or at a learning platform. All manifests in a folder are merged: `account` stands in exactly one of
/// them and `policy` in at most one; lists are joined.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Manifest<Users: Default = List<User>> {
    /// The account that the manifests describe. In exactly one manifest.
    pub account: Field<Account>,
    /// Folders of shared manifests, relative to this file. Beside `account`.
    pub include: Field<List<Box<str>>>,
    /// Limits, protections, and what becomes of what no manifest mentions. In at most one manifest.
    pub policy: Field<Policy>,
    /// Users. One that is left out is left as it is.
    pub users: Field<Users>,
    /// Groups.
    pub groups: Field<List<Group>>,
    /// Who is tracked by what they are: rules that set it of everybody who matches.
    pub tracking: Field<List<TrackingRule>>,
    /// Global Do Not Track rules: `DOMAIN\user`, or `*\user` for any domain.
    pub exclusions: Field<List<Exclusion>>,
    /// HR exports, and members that the HR snapshot may leave out.
    pub hr: Field<Hr>,
}
