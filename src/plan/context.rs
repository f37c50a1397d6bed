//! What a plan is computed with besides its two sides.

use jiff::Timestamp;

use crate::model::{Allowance, Bounds, Located, Phrase, Policy};
use crate::plan::attempt::Attempts;

/// What a plan is computed with besides its two sides.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The clock: orders expire by it.
    pub now: Timestamp,
    /// The base branch's policy, where one is compared (`--base`): the stricter of both holds.
    pub base: Option<&'a Base>,
    /// What earlier runs tried to make and were cut off, where a ledger tells.
    pub attempts: Option<&'a Attempts>,
    /// The account's number, where the keys show it and nobody asked whether it is the one that manifests name.
    pub number: Option<u64>,
}

/// What the base branch says about the plan's bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// What of it could not be read, and what holds in its place; none where all of it could.
    pub gap: Option<Phrase>,
    /// Its policy.
    pub policy: Policy,
    /// Its `account.allow`.
    pub allow: Vec<Located<Allowance>>,
    /// Its `account.hrGroupType`.
    pub hr_group_type: Box<str>,
    /// Its HR sources by name, with what it asks of their exports.
    pub exports: Vec<(Box<str>, Bounds)>,
}
