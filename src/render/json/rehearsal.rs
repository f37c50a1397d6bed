//! What does `rehearsal.v1` look like, and how does a rehearsal become one?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::apply::{self, Came, Consent, Known, Outcome, Rehearsed, Stop, Under};
use crate::model::{self, Family};
use crate::plan::Plan;
use crate::render::json::document::{self, Delta, Object, Severity, Sizes, Verb};
use crate::render::json::harmless::write;
use crate::render::json::lower::{self, Lower};
use crate::render::json::report::{self, Report};
use crate::render::view::{Detail, Redaction, View};

/// What came of a plan in a sandbox that was made of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall rehearsal, version 1")]
pub(super) struct Document {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The account's name in the manifests.
    account: String,
    /// Whether people are pseudonyms here.
    redacted: bool,
    /// How it ended.
    status: Status,
    /// Whether an apply would refuse the plan until somebody approves it.
    needs_approval: bool,
    /// The plan of the account, as `plan --json` writes it.
    plan: document::Document,
    /// How the sandbox misbehaved; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<Faults>,
    /// The runs in the sandbox, in order.
    runs: Vec<Run>,
    /// What is different about the sandbox after them, by object.
    changes: Vec<Different>,
    /// The plan that a run would make after them; absent if none was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Next>,
    /// What an apply of the account asks for, if nothing has to be repeated; absent if none was carried out without faults.
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Effort>,
    /// What the sandbox does not know of the account, in sentences.
    unknown: Vec<String>,
}

/// How a rehearsal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Status {
    /// There is nothing to do (exit code 0).
    Nothing,
    /// Something blocks the plan that nothing approves (exit code 3).
    Blocked,
    /// All is done and the next plan is empty (exit code 0; 3 where the plan needs an approval).
    Settled,
    /// All was written, and the sandbox has yet to show some of it (exit code 6).
    Pending,
    /// Something was not done (exit code 5).
    Unfinished,
    /// SIGINT (exit code 130).
    Interrupted,
    /// SIGTERM (exit code 143).
    Terminated,
}

/// How a sandbox misbehaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Faults {
    /// The number that decides it.
    seed: u64,
    /// What it decides.
    words: String,
}

/// A run in the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Run {
    /// Whether the sandbox misbehaved.
    faults: bool,
    /// What was done right before it, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// What became of it.
    came: Ended,
    /// What was asked until there was a plan.
    planning: Asked,
    /// What was asked to carry it out.
    applying: Asked,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Ended {
    /// A plan was carried out.
    Reported {
        /// What became of it, as `apply --json` writes it.
        report: Box<Report>,
    },
    /// There was nothing left to do.
    Nothing {
        /// An upload of an earlier run that is still awaited.
        #[serde(skip_serializing_if = "Option::is_none")]
        awaited: Option<String>,
    },
    /// Something blocks the plan that there was.
    Blocked {
        /// The plan.
        plan: Box<document::Document>,
    },
    /// No plan could be made.
    Unread {
        /// Why.
        why: String,
    },
}

/// Requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    /// Those that change nothing.
    reads: u64,
    /// Writes by the Identity API.
    identity: u64,
    /// Writes by SCIM.
    scim: u64,
    /// Writes by the Admin API.
    admin: u64,
    /// Uploads of the HR data connector.
    hrdc: u64,
}

/// What is different about one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Different {
    /// What it is.
    object: Object,
    /// Whether it came, goes, or is another.
    verb: Verb,
    /// How much harm it would do.
    severity: Severity,
    /// What is different, one by one.
    facts: Vec<Fact>,
    /// How large the group was and is; absent where its members are the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Sizes>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Fact {
    /// Which field.
    field: String,
    /// What is different.
    delta: Delta,
    /// Whether a line of the plans says it; otherwise it follows in the account, or somebody else did it.
    planned: bool,
    /// A word beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
}

/// The plan after all runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Next {
    /// Whether nothing is left to do.
    empty: bool,
    /// The plan.
    plan: document::Document,
}

/// What an apply asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Effort {
    /// All requests: those of the plan, the writes, and the reads around them.
    total: u64,
    /// Requests per minute.
    per_minute: u64,
    /// Whether the account showed the rate, or the command line bounds it; otherwise it is a guess.
    known: bool,
    /// How long they take at that rate.
    seconds: u64,
}

/// Writes a rehearsal as `rehearsal.v1`.
pub fn rehearsal(
    out: &mut dyn io::Write,
    rehearsal: &apply::Rehearsal,
    forecast: &apply::Forecast,
    view: &View<'_>,
) -> io::Result<()> {
    let whole = |plan: &Plan| lower::document(plan, view, None);
    let next = rehearsal
        .next
        .as_ref()
        .map(|plan| Next { empty: plan.is_empty() && plan.blockers.is_empty(), plan: whole(plan) });
    let requests = rehearsal.asked().map(|asked| Effort {
        total: asked.total() as u64,
        per_minute: rehearsal.rate.per_minute,
        known: rehearsal.rate.known == Known::Seen,
        seconds: rehearsal.rate.time(asked.total()).as_secs(),
    });
    let faults = rehearsal.faults.as_ref();
    let document = Document {
        version: 1,
        account: rehearsal.plan.account.to_string(),
        redacted: view.redaction() != Redaction::Off,
        status: status(rehearsal.outcome()),
        needs_approval: rehearsal.consent == Consent::Missing,
        plan: lower::document(&rehearsal.plan, view, Some(forecast)),
        faults: faults.map(|it| Faults { seed: it.seed, words: it.words.clone() }),
        runs: rehearsal.runs.iter().map(|run| lowered(run, view)).collect(),
        changes: rehearsal.changes.iter().map(|change| different(change, view)).collect(),
        next,
        requests,
        unknown: rehearsal.unknown.iter().map(|what| view.phrase(what, Detail::Full)).collect(),
    };
    write(out, &document)
}

const fn status(outcome: Outcome) -> Status {
    match outcome {
        Outcome::Nothing => Status::Nothing,
        Outcome::Blocked => Status::Blocked,
        Outcome::Settled => Status::Settled,
        Outcome::Pending => Status::Pending,
        Outcome::Stopped(Stop::Interrupted) => Status::Interrupted,
        Outcome::Stopped(Stop::Terminated) => Status::Terminated,
        Outcome::Unfinished | Outcome::Stopped(Stop::Mismatched(_) | Stop::Unnoted) => Status::Unfinished,
    }
}

fn lowered(run: &Rehearsed, view: &View<'_>) -> Run {
    let said = |words: &str| view.redaction().words_of_the_account(words).into_owned();
    let came = match &run.came {
        Came::Reported(it) => {
            Ended::Reported { report: Box::new(report::document((&it.0, &it.1), None, view)) }
        }
        Came::Nothing(awaited) => Ended::Nothing { awaited: awaited.clone() },
        Came::Blocked(plan) => Ended::Blocked { plan: Box::new(lower::document(plan, view, None)) },
        Came::Unread(why) => Ended::Unread { why: said(why) },
    };
    Run {
        faults: run.under == Under::Faults,
        before: run.before.map(str::to_owned),
        came,
        planning: asked(&run.planning),
        applying: asked(&run.applying),
    }
}

fn asked(asked: &apply::Asked) -> Asked {
    let writes = |family| asked.writes.get(&family).map_or(0, |writes| *writes as u64);
    Asked {
        reads: asked.reads as u64,
        identity: writes(Family::Identity),
        scim: writes(Family::Scim),
        admin: writes(Family::Admin),
        hrdc: writes(Family::Hrdc),
    }
}

fn different(change: &model::Change, view: &View<'_>) -> Different {
    let change = Lower { view }.change(change);
    let fact = |fact: document::Fact| Fact {
        field: fact.field,
        delta: fact.delta,
        planned: fact.cause != document::Cause::Consequence,
        remark: fact.remark,
    };
    Different {
        object: change.object,
        verb: change.verb,
        severity: change.severity,
        facts: change.facts.into_iter().map(fact).collect(),
        members: change.members,
    }
}
