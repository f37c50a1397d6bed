//! What does `report.v1` look like, and how does a run become one?
//!
//! A change begins here as in `plan.v1` and goes on otherwise: twins on purpose, as either format may grow without the other.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::apply::{self, Ending};
use crate::model::{Act, Outcome, Piece, UserLabel};
use crate::plan::Plan;
use crate::render::json::document::{Manual, Object, Severity, Value, Verb};
use crate::render::json::harmless::write;
use crate::render::json::lower::{self, Lower};
use crate::render::late::seconds;
use crate::render::meaning;
use crate::render::verdict::{Standing, Verdict, act, because, verdicts};
use crate::render::view::{Redaction, View};
use crate::render::way_back::WayBack;

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall report, version 1")]
pub struct Report {
    /// The digest of the plan that was carried out.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub digest: String,
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The account's name in the manifests.
    pub account: String,
    /// Whether people are pseudonyms here.
    pub redacted: bool,
    /// How the run ended.
    pub status: Status,
    /// Why it ended early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// Writes that were sent: requests, not steps; without those that the account certainly did not take.
    pub writes: u64,
    /// How late the account showed what was written, at most, by API; absent where it showed everything at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Late>,
    /// An HR upload of an earlier run that the account may still be processing; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaited: Option<String>,
    /// One for every change of the plan.
    pub changes: Vec<Change>,
    /// What is left to be done by hand.
    pub manual: Vec<Manual>,
    /// How to go back; absent if nothing was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<Rollback>,
    /// The HR upload, if one was planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
}

/// How late an API showed what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Late {
    /// Which.
    pub api: String,
    /// In full seconds, rounded up.
    pub seconds: u64,
}

/// How to go back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rollback {
    /// The manifest that `rollcall rollback` takes.
    pub file: String,
    /// How much it can't bring back; its comments say what.
    pub lost: u64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Everything holds (exit code 0).
    Done,
    /// Everything was written, and the account has yet to show some of it (exit code 6).
    Pending,
    /// Something was not done (exit code 5; 1 where no write was taken).
    Unfinished,
}

/// Why a run ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Stopped {
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// A write was accepted and does not read back as asked.
    Mismatched,
    /// What is sent could no longer be noted in the ledger.
    Unnoted,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// Its number in the plan.
    pub id: u32,
    /// What it is about.
    pub object: Object,
    /// What was to be done.
    pub verb: Verb,
    /// How much harm it can do.
    pub severity: Severity,
    /// What became of it: as badly as the worst of its steps.
    pub outcome: State,
    /// Its steps; the upload is a step of every change of the HR set.
    pub steps: Vec<Step>,
    /// The change from which it follows, where that is not done and so leaves it worse than its own steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows_from: Option<u32>,
}

/// What became of a change, a step or the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Written, and read back as asked.
    Applied,
    /// The account was so already.
    AlreadyTrue,
    /// Sent and not yet to be seen, or waiting for what is.
    Pending,
    /// Refused.
    Failed,
    /// Not tried, because of a step that was not done.
    Skipped,
    /// Not tried, because the run was stopped.
    NotAttempted,
    /// Sent, answer lost, and no reading could tell.
    Unknown,
    /// Accepted, but it does not read back as asked.
    Mismatched,
    /// It has no write of its own: it follows from other changes.
    Follows,
}

/// What became of one write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// What it does.
    pub act: String,
    /// What became of it.
    pub outcome: State,
    /// Why it failed or is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The `id` of the change that it was skipped for; absent for the upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<u32>,
    /// What was asked for, where it does not read back so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// What the account has instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<String>,
    /// What that means for the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<String>,
}

/// What became of the HR upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// SHA-256 of the exact file.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// `applied` is verified: the account shows the whole set, and its users as they were.
    pub outcome: State,
    /// What the account shows of a set that was sent, group by group; empty where it shows all of it, or none was sent.
    pub groups: Vec<Group>,
    /// What the upload altered about its users, that it should not.
    pub altered: Vec<Altered>,
}

/// What the account shows of a group of the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Whether it is there.
    pub presence: Presence,
    /// Members that the file gives it.
    pub sent: u64,
    /// Of these, members that are in it.
    pub seen: u64,
    /// Members that the file gives it and that are not in it.
    pub missing: Vec<Value>,
    /// Members that are in it and not in the file.
    pub surplus: Vec<Value>,
}

/// Whether a group is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    /// It is, and is to be.
    There,
    /// It is not there yet.
    Absent,
    /// It is still there, and is to be gone.
    StillThere,
}

/// Something about a user of the set that is not as the run left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Altered {
    /// The user.
    pub user: Value,
    /// What about them; `existence` if the record is gone.
    pub field: String,
    /// What it was; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// What it is; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<Value>,
}

/// Writes what became of a plan as `report.v1`.
pub fn report(
    out: &mut dyn io::Write,
    (plan, report): (&Plan, &apply::Report),
    way_back: Option<&WayBack>,
    view: &View<'_>,
) -> io::Result<()> {
    write(out, &document((plan, report), way_back, view))
}

/// What became of a plan, as `report.v1` has it.
pub(super) fn document(
    (plan, report): (&Plan, &apply::Report),
    way_back: Option<&WayBack>,
    view: &View<'_>,
) -> Report {
    let upload = plan.steps().find(|step| matches!(step.act, Act::Upload(_)));
    let lower = Lower { view };
    let snapshot = plan.snapshot.as_ref().zip(upload).map(|(planned, step)| Snapshot {
        sha256: planned.snapshot.sha256_hex(),
        outcome: report.outcome(step.id).map_or(State::NotAttempted, |it| state(Standing::of(it, report))),
        groups: report.set.iter().map(|group| shown(group, &lower)).collect(),
        altered: report.altered.iter().map(|it| altered(it, &lower)).collect(),
    });
    Report {
        digest: plan.digest.to_string(),
        version: lower::VERSION,
        account: plan.account.to_string(),
        redacted: view.redaction() != Redaction::Off,
        status: match report.ending() {
            Ending::Done => Status::Done,
            Ending::Pending => Status::Pending,
            Ending::Unfinished => Status::Unfinished,
        },
        stopped: report.stopped.map(|stop| match stop {
            apply::Stop::Interrupted => Stopped::Interrupted,
            apply::Stop::Terminated => Stopped::Terminated,
            apply::Stop::Mismatched(_) => Stopped::Mismatched,
            apply::Stop::Unnoted => Stopped::Unnoted,
        }),
        writes: report.sent as u64,
        late: report
            .late
            .iter()
            .map(|late| Late { api: late.0.to_string(), seconds: seconds(late.1) })
            .collect(),
        awaited: report.awaited.clone(),
        changes: verdicts(plan, report).iter().map(|it| change(it, plan, report, view)).collect(),
        manual: lower.manual_steps(plan),
        rollback: way_back
            .map(|way_back| Rollback { file: way_back.file.clone(), lost: way_back.lost as u64 }),
        snapshot,
    }
}

fn shown(group: &apply::GroupShown, lower: &Lower<'_>) -> Group {
    let users = |users: &[UserLabel]| users.iter().map(|user| lower.value(&user.clone().into())).collect();
    Group {
        name: group.name.to_string(),
        presence: match group.presence {
            apply::Presence::There => Presence::There,
            apply::Presence::Absent => Presence::Absent,
            apply::Presence::StillThere => Presence::StillThere,
        },
        sent: group.sent as u64,
        seen: group.seen() as u64,
        missing: users(&group.missing),
        surplus: users(&group.surplus),
    }
}

fn altered(altered: &apply::Altered, lower: &Lower<'_>) -> Altered {
    let value = |piece: &Option<Piece>| piece.as_ref().map(|piece| lower.value(piece));
    Altered {
        user: lower.value(&altered.user.clone().into()),
        field: altered.field.word().to_owned(),
        expected: value(&altered.expected),
        found: value(&altered.found),
    }
}

fn change(verdict: &Verdict<'_>, plan: &Plan, report: &apply::Report, view: &View<'_>) -> Change {
    let step = |(step, outcome): &(&crate::model::Step, &Outcome)| {
        let quoted = |words: &str| Some(view.redaction().words_of_the_account(words).into_owned());
        let said = Step {
            act: act(step, verdict, plan, view),
            outcome: state(Standing::of(outcome, report)),
            why: None,
            because: None,
            asked: None,
            answered: None,
            means: None,
        };
        match outcome {
            Outcome::Failed(why) | Outcome::Unknown(why) => Step { why: quoted(why), ..said },
            Outcome::Skipped(cause) => {
                Step { because: because(*cause, plan).map(|change| change.id.0), ..said }
            }
            Outcome::Mismatched { asked, answered } => {
                let means = Some(meaning::of_mismatch(&step.act).to_owned());
                Step { asked: quoted(asked), answered: quoted(answered), means, ..said }
            }
            Outcome::Overdone { asked, besides } => {
                let means = Some(meaning::OVERDONE.to_owned());
                let besides = format!("that, and besides {besides}");
                Step { asked: quoted(asked), answered: quoted(&besides), means, ..said }
            }
            Outcome::Applied
            | Outcome::AlreadyTrue
            | Outcome::Pending
            | Outcome::Unseen
            | Outcome::NotAttempted => said,
        }
    };
    Change {
        id: verdict.change.id.0,
        object: lower::object(&verdict.change.object, view),
        verb: lower::verb(verdict.change.verb),
        severity: lower::severity(verdict.change.severity),
        outcome: state(verdict.standing),
        steps: verdict.steps.iter().map(step).collect(),
        follows_from: verdict.cause.and_then(|step| because(step.id, plan)).map(|change| change.id.0),
    }
}

const fn state(standing: Standing) -> State {
    match standing {
        Standing::Applied => State::Applied,
        Standing::AlreadyTrue => State::AlreadyTrue,
        Standing::Pending => State::Pending,
        Standing::Failed => State::Failed,
        Standing::Skipped => State::Skipped,
        Standing::NotAttempted => State::NotAttempted,
        Standing::Unknown => State::Unknown,
        Standing::Mismatched => State::Mismatched,
        Standing::Follows => State::Follows,
    }
}
