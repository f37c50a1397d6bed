//! What does `result.v1` look like: what became of one account of many, for the job that puts all of them together?

use std::io;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::json::harmless::write;

/// The version of this format.
pub const RESULT_VERSION: u32 = 1;

/// What became of one account of many. People are shown in it as in the log of the run that wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall result, version 1")]
pub struct AccountResult {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The repository, `owner/name`.
    pub repository: String,
    /// The commit that the event is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The key of the account, as `accounts.v1` has it.
    pub key: String,
    /// The account's name in the manifests; absent where that could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What was done: `validate`, `plan` or `apply`.
    pub command: String,
    /// The exit code, as the table of the README has it.
    pub exit_code: u8,
    /// Why it is red, as the output `failure-reason` says it; empty where it is green.
    pub failure_reason: String,
    /// What the plan has; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// The plan's digest, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The signature of the review, 64 hexadecimal digits, where there is a key for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// What the plan comes to, in a line.
    pub headline: String,
    /// What has to be read: what stands against the plan, what can't be undone, what hurts, why it is red.
    pub urgent: String,
    /// What else changes.
    pub rest: String,
}

/// What a plan has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counts {
    /// Changes.
    pub changes: usize,
    /// Those that make something.
    pub to_add: usize,
    /// Those that change something.
    pub to_change: usize,
    /// Those that remove something.
    pub to_remove: usize,
    /// Those that can't be undone.
    pub irreversible: usize,
}

/// Writes `result.v1`.
pub fn result(out: &mut dyn io::Write, result: &AccountResult) -> io::Result<()> {
    write(out, result)
}
