//! What does `explain.v1` look like, and how does an explanation become one?

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::{self, About, Held, Matched, Now, Plan, Reason};
use crate::render::json::document::{Blocker, Change, Fact, Manual, Notice, Origin, Violation};
use crate::render::json::harmless::write;
use crate::render::json::lower::{Lower, source_key};
use crate::render::view::{Detail, Redaction, View};

/// Where each fact about one user, computer or group comes from, and what a plan would do about it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall explanation, version 1")]
pub(super) struct Explanation {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// The account's name in the manifests.
    account: String,
    /// Whether people are pseudonyms here.
    redacted: bool,
    /// The user, computer or group, as the account shows it now, else as the manifests do.
    label: String,
    /// `record`, `undeclared`, `new`, `gone` or `blocked`; absent for a computer and a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<&'static str>,
    /// The record's number, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    /// The identifiers by which the entry is known to be the record.
    matched_by: Vec<String>,
    /// `active`, `inactive` or `unlicensed`; absent if the account does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// Agents of the record: username and logon domain.
    agents: Vec<String>,
    /// Where the entry starts; absent if no manifest declares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    /// What is declared and what the account has, value by value.
    fields: Vec<FieldValue>,
    /// Groups that it is in, or should be.
    groups: Vec<Belongs>,
    /// Of a group: who and what is in it, or should be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<GroupMember>,
    /// The digest of the whole plan.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    plan: String,
    /// Its own changes in the plan.
    changes: Vec<Change>,
    /// What changes of other objects say of it.
    elsewhere: Vec<Elsewhere>,
    /// Protections that its changes break.
    violations: Vec<Violation>,
    /// What is unknown or impossible about it.
    blockers: Vec<Blocker>,
    /// What somebody has to do by hand.
    manual: Vec<Manual>,
    /// What to know besides.
    notices: Vec<Notice>,
}

/// One value of a field.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FieldValue {
    /// Which field.
    field: &'static str,
    /// The value.
    value: String,
    /// `both`; `declared`: the account does not have it; `account`: no manifest says it; `said`: it is never sent;
    /// `unseen`: it is declared, and the keys don't show whether the account has it.
    held: &'static str,
    /// The integration that set it last; absent if none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_by: Option<String>,
    /// Where it is declared; absent if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
}

/// A group and why somebody is in it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Belongs {
    /// The group.
    group: String,
    /// Its source; absent if it is not in the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Whether it is a member now; absent where the keys don't show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<bool>,
    /// What asks for it.
    reasons: Vec<Why>,
    /// Why nothing does; absent where something does, or it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<Why>,
}

/// A user or computer that is in a group, or should be.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct GroupMember {
    /// The user as plans name them, or the computer.
    label: String,
    /// The record's number; absent for a computer, and for a user who is not in the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    /// Whether it is in the group now; absent where the keys don't show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<bool>,
    /// What asks for it.
    reasons: Vec<Why>,
}

/// What puts somebody into a group, or keeps them out.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Why {
    /// `ownEntry`, `list`, `also`, `rule`, `membersOf`, or `except`, which keeps out of the last two. Where nothing asks for it:
    /// `rule`, which does not hold, `membersOf`, where the user is in none of the groups, `notNamed`, `removed` by an order, or
    /// `undeclared`, of a group that no manifest declares.
    by: &'static str,
    /// What makes the rule hold or fail, or the groups; absent for other reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    /// Where it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
}

/// What a change of another object says of it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Elsewhere {
    /// The object of the change.
    object: crate::render::json::document::Object,
    /// The facts that name it.
    facts: Vec<Fact>,
    /// The sentences that name it.
    notes: Vec<String>,
}

/// Writes an explanation as `explain.v1`.
pub fn explain(
    out: &mut dyn io::Write,
    explanation: &plan::Explanation,
    plan: &Plan,
    view: &View<'_>,
) -> io::Result<()> {
    write(out, &document(explanation, plan, view))
}

fn document(explanation: &plan::Explanation, plan: &Plan, view: &View<'_>) -> Explanation {
    let lower = Lower { view };
    let part = &explanation.part;
    let about = Described::of(&explanation.about, view);
    Explanation {
        version: 1,
        account: plan.account.to_string(),
        redacted: view.redaction() != Redaction::Off,
        label: about.label,
        matched: about.matched,
        record: about.record,
        matched_by: about.by,
        status: about.status,
        agents: about.agents,
        origin: lower.origin(explanation.origin),
        fields: explanation.values.iter().map(|it| value(it, &lower)).collect(),
        groups: explanation.groups.iter().map(|it| belongs(it, &lower)).collect(),
        members: explanation.members.iter().map(|it| member(it, &lower)).collect(),
        plan: plan.digest.to_string(),
        changes: part.changes.iter().map(|id| lower.change(plan.change(*id))).collect(),
        elsewhere: part.elsewhere.iter().map(|it| elsewhere(it, plan, &lower)).collect(),
        violations: part.violations.iter().map(|at| lower.violation(&plan.violations[*at])).collect(),
        blockers: part.blockers.iter().map(|at| lower.blocker(&plan.blockers[*at])).collect(),
        manual: part.manual.iter().map(|at| lower.manual(&plan.manual[*at])).collect(),
        notices: part.notices.iter().map(|at| lower.message(&plan.notices[*at])).collect(),
    }
}

/// Whom it is about, in words.
#[derive(Default)]
struct Described {
    label: String,
    matched: Option<&'static str>,
    record: Option<u64>,
    by: Vec<String>,
    status: Option<&'static str>,
    agents: Vec<String>,
}

impl Described {
    fn of(about: &About, view: &View<'_>) -> Self {
        let (label, matched, record) = match about {
            About::Computer(login) => return Self { label: view.login(login), ..Self::default() },
            About::Group { name, .. } => return Self { label: name.to_string(), ..Self::default() },
            About::User { label, matched, record } => (label, matched, record),
        };
        let (word, by) = match matched {
            Matched::Record(_, by) => ("record", &by[..]),
            Matched::Undeclared => ("undeclared", &[][..]),
            Matched::New => ("new", &[][..]),
            Matched::ByHand => ("byHand", &[][..]),
            Matched::Gone => ("gone", &[][..]),
            Matched::LeftOut => ("leftOut", &[][..]),
            Matched::Blocked => ("blocked", &[][..]),
        };
        let agents = record.iter().flat_map(|record| &record.agents);
        Self {
            label: view.user(label, Detail::Full),
            matched: Some(word),
            record: label.record.map(|record| record.0),
            by: by.iter().map(|piece| view.piece(piece, Detail::Name).into_owned()).collect(),
            status: record.as_ref().and_then(|record| record.status).map(crate::model::Status::word),
            agents: agents.map(|agent| view.login(agent)).collect(),
        }
    }
}

fn value(value: &plan::Value, lower: &Lower<'_>) -> FieldValue {
    FieldValue {
        field: value.field,
        value: lower.view.piece(&value.value, Detail::Full).into_owned(),
        held: match value.held {
            Held::Both => "both",
            Held::Declared => "declared",
            Held::Account => "account",
            Held::Located => "said",
            Held::Unseen => "unseen",
        },
        set_by: value.set_by.as_ref().map(ToString::to_string),
        origin: lower.origin(value.origin),
    }
}

fn why((reason, origin): &(Reason, crate::model::Origin), lower: &Lower<'_>) -> Why {
    Why {
        by: match reason {
            Reason::OwnEntry => "ownEntry",
            Reason::List => "list",
            Reason::Also => "also",
            Reason::Rule(_) => "rule",
            Reason::Copied(_) => "membersOf",
            Reason::Except => "except",
        },
        because: match reason {
            Reason::Rule(because) | Reason::Copied(because) => Some(lower.view.phrase(because, Detail::Full)),
            Reason::OwnEntry | Reason::List | Reason::Also | Reason::Except => None,
        },
        origin: lower.origin(*origin),
    }
}

fn why_not((why, origin): &(plan::WhyNot, crate::model::Origin), lower: &Lower<'_>) -> Why {
    let (by, because) = match why {
        plan::WhyNot::NotNamed => ("notNamed", None),
        plan::WhyNot::Rule(because) => ("rule", Some(lower.view.phrase(because, Detail::Full))),
        plan::WhyNot::Copied(because) => ("membersOf", Some(lower.view.phrase(because, Detail::Full))),
        plan::WhyNot::Removed => ("removed", None),
        plan::WhyNot::Undeclared => ("undeclared", None),
    };
    Why { by, because, origin: lower.origin(*origin) }
}

/// Whether somebody is in a group now, where that is seen.
const fn is_member(now: Now) -> Option<bool> {
    match now {
        Now::Inside => Some(true),
        Now::Outside => Some(false),
        Now::Unseen => None,
    }
}

fn belongs(group: &plan::Belongs, lower: &Lower<'_>) -> Belongs {
    Belongs {
        group: group.group.to_string(),
        source: group.source.as_ref().map(|source| source_key(source).to_owned()),
        member: is_member(group.now),
        reasons: group.reasons.iter().map(|it| why(it, lower)).collect(),
        why_not: group.why_not.as_ref().map(|it| why_not(it, lower)),
    }
}

fn member(member: &plan::Member, lower: &Lower<'_>) -> GroupMember {
    GroupMember {
        label: lower.view.piece(&member.who, Detail::Full).into_owned(),
        record: match &member.who {
            crate::model::Piece::User(label) => label.record.map(|id| id.0),
            _ => None,
        },
        member: is_member(member.now),
        reasons: member.reasons.iter().map(|it| why(it, lower)).collect(),
    }
}

fn elsewhere(elsewhere: &plan::Elsewhere, plan: &Plan, lower: &Lower<'_>) -> Elsewhere {
    let change = plan.change(elsewhere.change);
    let note = |at: &usize| lower.view.phrase(&change.notes[*at].sentence(), Detail::Full);
    Elsewhere {
        object: crate::render::json::lower::object(&change.object, lower.view),
        facts: elsewhere.facts.iter().map(|at| lower.fact(&change.facts[*at])).collect(),
        notes: elsewhere.notes.iter().map(note).collect(),
    }
}
