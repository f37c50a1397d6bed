//! What does `test.v1` look like?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{Counts, Judged};
use crate::render::json::document::{Origin, Value};
use crate::render::json::harmless::write;
use crate::render::json::lower::Lower;
use crate::render::requirements::{Over, Requirements};
use crate::render::view::{Detail, Redaction, View};

/// What became of the rules of `policy.require`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall test, version 1")]
pub(super) struct Document<'a> {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The account's name in the manifests.
    account: &'a str,
    /// Whether people are pseudonyms here.
    redacted: bool,
    /// What they were held against.
    over: Against,
    /// How many users there are.
    users: usize,
    /// How many references mean nobody of the manifests; 0 over the account.
    unknown_references: usize,
    /// Each, in the order of the manifests.
    requirements: Vec<Requirement<'a>>,
}

/// What requirements were held against.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Against {
    /// An account that is what manifests say.
    Manifests,
    /// The account as it was read.
    Account,
}

/// A rule of `policy.require`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Requirement<'a> {
    /// Its name.
    name: &'a str,
    /// What became of it.
    status: Status,
    /// What it counts.
    counts: Counted,
    /// How many it is about.
    asked: usize,
    /// Everybody who breaks it.
    broken_by: Vec<Breach>,
    /// Users whom no manifest mentions, and who may be among those it is about.
    unseen: usize,
    /// Why nobody can tell; absent if it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<String>,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
}

/// What became of a requirement.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Status {
    /// It holds.
    Holds,
    /// Somebody breaks it.
    Broken,
    /// Nobody can tell.
    Unclear,
}

/// What a requirement counts.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Counted {
    /// Users.
    Users,
    /// Members of a group.
    Members,
    /// Exclusions.
    Exclusions,
}

/// Somebody who breaks a requirement.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Breach {
    /// Who.
    who: Value,
    /// Why.
    why: String,
    /// Where a manifest says the user, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
}

/// Writes what became of requirements as `test.v1`.
pub fn requirements(out: &mut dyn io::Write, all: &Requirements<'_>, view: &View<'_>) -> io::Result<()> {
    let lower = Lower { view };
    let document = Document {
        version: 1,
        account: all.account,
        redacted: view.redaction() != Redaction::Off,
        over: match all.over {
            Over::Manifests => Against::Manifests,
            Over::Account => Against::Account,
        },
        users: all.users,
        unknown_references: all.unknown,
        requirements: all.judged.iter().map(|it| requirement(it, &lower)).collect(),
    };
    write(out, &document)
}

fn requirement<'a>(judged: &'a Judged, lower: &Lower<'_>) -> Requirement<'a> {
    let breaches = judged.breaches.iter().map(|it| Breach {
        who: lower.value(&it.who),
        why: lower.view.phrase(&it.why, Detail::Full),
        origin: lower.origin(it.origin),
    });
    Requirement {
        name: &judged.name,
        status: match (judged.holds(), &judged.doubt) {
            (true, _) => Status::Holds,
            (false, Some(_)) => Status::Unclear,
            (false, None) => Status::Broken,
        },
        counts: match judged.counts {
            Counts::Users => Counted::Users,
            Counts::Members => Counted::Members,
            Counts::Exclusions => Counted::Exclusions,
        },
        asked: judged.asked,
        broken_by: breaches.collect(),
        unseen: judged.unseen,
        doubt: judged.doubt.as_ref().map(|doubt| lower.view.phrase(doubt, Detail::Full)),
        origin: lower.origin(judged.origin),
    }
}
