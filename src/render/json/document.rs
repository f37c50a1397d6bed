//! What does `plan.v1` look like? The types are the format; `schemas/plan.v1.json` is generated from them.
//!
//! Most of them are twins of the model's, on purpose: what is renamed or added there changes no format.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A plan of Rollcall. Evidence to read, to expect and to approve; it is never executed: `rollcall apply` computes the plan
/// anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall plan, version 1")]
pub struct Document {
    /// What `--expect` and `--approve` take: 64 hexadecimal digits, equal for equal doings.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub digest: String,
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The account's name in the manifests.
    pub account: String,
    /// Whether people are pseudonyms here. A redacted plan can't be expected, approved or applied.
    pub redacted: bool,
    /// What the plan comes to.
    pub status: Status,
    /// Changes by severity.
    pub totals: Totals,
    /// How much was read.
    pub reading: Reading,
    /// How many users it changes, or the groups of, by the status of the Users page; absent if it changes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touched: Option<Touched>,
    /// About how many writes an apply would send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// What these and the reads beside them come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
    /// What of the base branch could not be read, and what holds in its place; absent if all of it could, or there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_gap: Option<String>,
    /// Bounds that these manifests loosen against the base branch.
    pub loosened: Vec<Notice>,
    /// Limits and protections that the plan breaks; `--approve` lets exactly this plan through them.
    pub violations: Vec<Violation>,
    /// What is unknown or impossible; nothing approves it.
    pub blockers: Vec<Blocker>,
    /// What would be done, by object.
    pub changes: Vec<Change>,
    /// The HR upload, if the set would change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
    /// The HR exports that were read for it; absent if there is none. Which file said what is not in the digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exports: Vec<Export>,
    /// What somebody has to do by hand: no changes, not in the digest, and no reason for another status.
    pub manual: Vec<Manual>,
    /// What to know besides.
    pub notices: Vec<Notice>,
    /// SHA-256 of what the policy comes to that the plan was made under: under another one it is another plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub policy: Option<String>,
    /// One for every changed fact, and for every group of the HR set before and after, sorted; what is left of this plan has
    /// fingerprints that are all among them.
    #[schemars(inner(regex(pattern = "^[0-9a-f]{64}$")))]
    pub fingerprints: Vec<String>,
}

/// An HR export that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Export {
    /// The name of its source.
    pub name: String,
    /// The file.
    pub file: String,
    /// SHA-256 of the file's bytes.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// Rows that name a user and count.
    pub rows: u64,
    /// Of these, rows that name no group.
    pub rows_without_group: u64,
    /// Rows that `where` or `unless` leaves out.
    pub rows_left_out: u64,
    /// Rows of people another row of whom is their primary one.
    #[serde(default)]
    pub rows_not_primary: u64,
    /// Rows between those of users that sum up or head others.
    #[serde(default)]
    pub subtotals: u64,
    /// Names that something is cut off of.
    #[serde(default)]
    pub names_cut: u64,
    /// Rows that say that their user is not tracked.
    #[serde(default)]
    pub rows_untracked: u64,
    /// Rows that order that their user is removed.
    #[serde(default)]
    pub rows_removing: u64,
    /// Rows that order that the history of their user is erased.
    #[serde(default)]
    pub rows_erasing: u64,
    /// Rows below the last user that can be none.
    pub footers: u64,
    /// Groups that the rows name.
    pub groups: u64,
    /// Where the source is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Nothing to do.
    Empty,
    /// There are changes.
    Changes,
    /// Violations or blockers stand against it (exit code 3).
    Blocked,
}

/// Changes by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Totals {
    /// All of them.
    pub changes: u64,
    /// Those that can't be undone.
    pub irreversible: u64,
    /// Those that stop or move something.
    pub disruptive: u64,
    /// Those in which nothing is lost.
    pub safe: u64,
    /// Licences that orders free: one an agent.
    pub licences_freed: u64,
}

/// How much was read for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    /// Users in the account; 0 where nothing shows users.
    pub users: u64,
    /// Users in the manifests.
    pub declared_users: u64,
    /// Groups in the account.
    pub groups: u64,
}

/// How many users a plan changes, each counted once, by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Touched {
    /// An agent of theirs reported lately.
    pub active: u64,
    /// They have agents, and none reported lately.
    pub inactive: u64,
    /// They have no agent.
    pub unlicensed: u64,
    /// The account shows no status that is known.
    pub unknown: u64,
}

/// The place in a manifest that asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Origin {
    /// The file, with `/` on every system.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
}

/// A sentence and the place it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    /// The sentence.
    pub message: String,
    /// The users or groups it is about, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// The place; absent if no manifest says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// A limit or protection that the plan breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Violation {
    /// More of a kind than a limit allows.
    Limit {
        /// The key in `policy.limits`; `shrink` is that of an HR source.
        limit: String,
        /// The group or source it is counted in, where there are several counts.
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// How many the plan holds.
        planned: u64,
        /// How many are allowed.
        allowed: u64,
        /// Where the limit is set; absent if it is the default.
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<Origin>,
    },
    /// A protected user or group would change.
    Protected {
        /// The protected object.
        object: String,
        /// The `id` of the change that touches it.
        change: u32,
        /// Where it is protected.
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<Origin>,
    },
    /// Users were not read: what the plan does to them is not shown, in no limit and in no protection.
    Unproved,
}

/// Something unknown or impossible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Blocker {
    /// What kind it is, by a stable name.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The records or groups in question.
    pub candidates: Vec<String>,
    /// What to do about it.
    pub ways_out: Vec<String>,
    /// Where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// Something to be done by hand, as no call carries it out that may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manual {
    /// What is to be done.
    pub what: String,
    /// Where to click.
    pub place: String,
    /// Why it isn't done by an apply.
    pub why: String,
    /// Where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What would be done to one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// Its number in this plan.
    pub id: u32,
    /// What it is about.
    pub object: Object,
    /// What is done.
    pub verb: Verb,
    /// The greatest severity of its facts.
    pub severity: Severity,
    /// What changes, one by one.
    pub facts: Vec<Fact>,
    /// How large the group is before and after; absent where no member of a group that stays joins or leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Sizes>,
    /// What follows from it.
    pub notes: Vec<String>,
    /// Where it is asked for; absent if a policy's default asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// How large a group is before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// Members now.
    pub before: u64,
    /// Members once the plan is carried out.
    pub after: u64,
}

/// What is done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Verb {
    /// It is not there and will be.
    Create,
    /// It is there and will differ.
    Update,
    /// It is there and will not be.
    Delete,
}

/// How much harm something can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Nothing is lost.
    Safe,
    /// Something stops or moves, and can be put back.
    Disruptive,
    /// It can't be put back.
    Irreversible,
}

impl Severity {
    /// The word for it, as it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Disruptive => "disruptive",
            Self::Irreversible => "irreversible",
        }
    }
}

/// The thing a change is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Object {
    /// A user record.
    User {
        /// Name and Display ID, as the app shows them, or a pseudonym.
        label: String,
        /// The record's number; absent for a user that is to be created.
        #[serde(skip_serializing_if = "Option::is_none")]
        record: Option<u64>,
    },
    /// A group.
    Group {
        /// Its name before; for a new one, its name.
        name: String,
        /// `app`, `hr`, `directory`, `scim`, or the account's name for another source.
        source: String,
        /// Its number; absent for a group that is to be created.
        #[serde(skip_serializing_if = "Option::is_none")]
        record: Option<u64>,
    },
    /// A global Do Not Track rule.
    Exclusion {
        /// Who, and where; `*` is any domain.
        login: String,
        /// Its number; absent for a rule that is to be created.
        #[serde(skip_serializing_if = "Option::is_none")]
        record: Option<u64>,
    },
}

/// One changed fact of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fact {
    /// Which field.
    pub field: String,
    /// What changes.
    pub delta: Delta,
    /// How much harm it can do.
    pub severity: Severity,
    /// What brings it about.
    pub cause: Cause,
    /// A word beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Where it is asked for; absent if no manifest says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What brings a fact about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// A manifest asks for it.
    Declared,
    /// A rule of a manifest asks for it of everybody who matches.
    Rule,
    /// A policy asks for it.
    Policy,
    /// Something else in the plan brings it about.
    Consequence,
    /// A snapshot leaves it out.
    Absence,
}

impl Cause {
    /// The word for it, as it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Consequence => "consequence",
            Self::Absence => "absence",
        }
    }
}

/// What changes about a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Delta {
    /// A value is added to a list, or the object is made.
    Add {
        /// The value.
        value: Value,
    },
    /// A value is removed from a list, or the object goes.
    Remove {
        /// The value.
        value: Value,
    },
    /// A scalar changes.
    Set {
        /// Before; absent if there was none.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<Value>,
        /// After.
        to: Value,
    },
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Value {
    /// As it is shown.
    pub text: String,
    /// The record's number, where the value is a user that is in the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
}

/// The HR upload: one CSV that is the whole truth about every HR-sourced group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// SHA-256 of the exact file.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its rows without the header: one for every membership.
    pub rows: u64,
    /// Memberships before.
    pub rows_before: u64,
    /// Every group of the set, and every group that leaves it, by name.
    pub groups: Vec<SetGroup>,
}

/// A group of the HR set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetGroup {
    /// Its name after, or before if it goes.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
    /// Members before.
    pub before: u64,
    /// Members after.
    pub after: u64,
    /// The `id` of its change; absent if it is as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<u32>,
}

/// What a snapshot makes of an HR group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// Created.
    Added,
    /// Members or name differ.
    Changed,
    /// Declared, and as it is.
    Unchanged,
    /// In no manifest: sent again with its present members.
    Carried,
    /// Left out of the set, and so deleted.
    DeletedByAbsence,
    /// Declared, and sent without knowing who is in it: `before` counts agents.
    Unread,
}

/// What an apply sends if nothing has to be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Forecast {
    /// Writes by the Identity API.
    pub identity: u64,
    /// Writes by SCIM.
    pub scim: u64,
    /// Writes by the Admin API.
    pub admin: u64,
    /// Uploads of the HR data connector.
    pub hrdc: u64,
    /// Writes to a learning platform, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<u64>,
    /// Reads before and after the writes; a list of several pages counts once.
    pub looks: u64,
    /// The rate, in requests per minute: what the account was seen to take, `--max-rate`, or a guess.
    pub per_minute: u64,
    /// How long all of it takes at that rate.
    pub seconds: u64,
}
