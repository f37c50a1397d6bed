//! How does a plan become its JSON document?

use crate::apply;
use crate::model::{self, Family, GroupSource, Piece};
use crate::plan::{self, Plan};
use crate::render::json::document::{
    Blocker, Cause, Change, Delta, Document, Export, Fact, Fate, Forecast, Manual, Notice, Object, Origin,
    Reading, SetGroup, Severity, Sizes, Snapshot, Status, Totals, Touched, Value, Verb, Violation,
};
use crate::render::view::{Detail, Redaction, View};

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// The `plan.v1` document of a plan. `forecast` is what it takes to apply it, where that is known.
pub fn document(plan: &Plan, view: &View<'_>, forecast: Option<&apply::Forecast>) -> Document {
    let lower = Lower { view };
    Document {
        digest: plan.digest.to_string(),
        version: VERSION,
        account: plan.account.to_string(),
        redacted: view.redaction() != Redaction::Off,
        status: status(plan),
        totals: totals(plan),
        reading: Reading {
            users: plan.reading.users as u64,
            declared_users: plan.reading.declared as u64,
            groups: plan.reading.groups as u64,
        },
        touched: touched(plan.changed_users),
        requests: forecast.map(|forecast| forecast.total() as u64),
        forecast: forecast.map(shown),
        base_gap: plan.base_gap.as_ref().map(|gap| lower.view.phrase(gap, Detail::Full)),
        loosened: plan.loosened.iter().map(|notice| lower.message(notice)).collect(),
        violations: plan.violations.iter().map(|violation| lower.violation(violation)).collect(),
        blockers: plan.blockers.iter().map(|blocker| lower.blocker(blocker)).collect(),
        changes: plan.changes.iter().map(|change| lower.change(change)).collect(),
        snapshot: plan.snapshot.as_ref().map(snapshot),
        exports: plan.exports.iter().map(|export| lower.export(export)).collect(),
        manual: lower.manual_steps(plan),
        notices: plan.notices.iter().map(|notice| lower.message(notice)).collect(),
        policy: Some(plan.policy.to_string()),
        fingerprints: plan.evidence().iter().map(ToString::to_string).collect(),
    }
}

fn shown(forecast: &apply::Forecast) -> Forecast {
    let writes = |family| forecast.writes.get(&family).map_or(0, |writes| *writes as u64);
    Forecast {
        identity: writes(Family::Identity),
        scim: writes(Family::Scim),
        admin: writes(Family::Admin),
        hrdc: writes(Family::Hrdc),
        learning: forecast.writes.get(&Family::Learning).map(|writes| *writes as u64),
        looks: forecast.looks as u64,
        per_minute: forecast.per_minute,
        seconds: forecast.time().as_secs(),
    }
}

fn status(plan: &Plan) -> Status {
    if !plan.violations.is_empty() || !plan.blockers.is_empty() {
        Status::Blocked
    } else if plan.is_empty() {
        Status::Empty
    } else {
        Status::Changes
    }
}

fn touched(touched: plan::ChangedUsers) -> Option<Touched> {
    (touched.total() > 0).then_some(Touched {
        active: touched.active as u64,
        inactive: touched.inactive as u64,
        unlicensed: touched.unlicensed as u64,
        unknown: touched.unknown as u64,
    })
}

fn totals(plan: &Plan) -> Totals {
    let of = |severity| plan.changes.iter().filter(|change| change.severity == severity).count() as u64;
    Totals {
        changes: plan.changes.len() as u64,
        irreversible: of(model::Severity::Irreversible),
        disruptive: of(model::Severity::Disruptive),
        safe: of(model::Severity::Safe),
        licences_freed: plan.licences as u64,
    }
}

fn snapshot(planned: &plan::PlannedSnapshot) -> Snapshot {
    let sent = &planned.snapshot;
    Snapshot {
        sha256: sent.sha256_hex(),
        bytes: sent.csv.len() as u64,
        rows: planned.rows() as u64,
        rows_before: planned.before().1 as u64,
        groups: planned.groups.iter().map(set_group).collect(),
    }
}

fn set_group(group: &plan::SetGroup) -> SetGroup {
    SetGroup {
        name: group.name.to_string(),
        fate: match group.fate {
            plan::Fate::Added => Fate::Added,
            plan::Fate::Changed => Fate::Changed,
            plan::Fate::Unchanged => Fate::Unchanged,
            plan::Fate::Carried => Fate::Carried,
            plan::Fate::DeletedByAbsence => Fate::DeletedByAbsence,
            plan::Fate::Unread => Fate::Unread,
        },
        before: group.before as u64,
        after: group.after as u64,
        change: group.change.map(|change| change.0),
    }
}

/// A change's object as reports name it too.
pub(super) fn object(object: &model::Object, view: &View<'_>) -> Object {
    match object {
        model::Object::User(label) => Object::User {
            label: view.user(label, Detail::Full),
            record: label.record.map(|record| record.0),
        },
        model::Object::Group { id, name, source } => Object::Group {
            name: name.to_string(),
            source: source_key(source).to_owned(),
            record: id.map(|id| id.0),
        },
        model::Object::Exclusion { id, login } => {
            Object::Exclusion { login: view.login(login), record: id.map(|id| id.0) }
        }
    }
}

/// The word for a source of groups.
pub(super) fn source_key(source: &GroupSource) -> &str {
    match source {
        GroupSource::App => "app",
        GroupSource::Hr => "hr",
        GroupSource::Directory => "directory",
        GroupSource::Scim => "scim",
        GroupSource::Automatic => "automatic",
        GroupSource::Foreign(name) => name,
    }
}

pub(super) const fn severity(severity: model::Severity) -> Severity {
    match severity {
        model::Severity::Safe => Severity::Safe,
        model::Severity::Disruptive => Severity::Disruptive,
        model::Severity::Irreversible => Severity::Irreversible,
    }
}

pub(super) const fn verb(verb: model::Verb) -> Verb {
    match verb {
        model::Verb::Create => Verb::Create,
        model::Verb::Update => Verb::Update,
        model::Verb::Delete => Verb::Delete,
    }
}

const fn cause(cause: model::Cause) -> Cause {
    match cause {
        model::Cause::Declared => Cause::Declared,
        model::Cause::Rule => Cause::Rule,
        model::Cause::Policy => Cause::Policy,
        model::Cause::Consequence => Cause::Consequence,
        model::Cause::Absence => Cause::Absence,
    }
}

/// What needs the view: words about people, and places.
pub(super) struct Lower<'a> {
    pub(super) view: &'a View<'a>,
}

impl Lower<'_> {
    pub(super) fn origin(&self, origin: model::Origin) -> Option<Origin> {
        self.view.locate(origin).map(|at| Origin {
            file: at.source.path().to_owned(),
            line: at.line as u64,
            column: at.column as u64,
        })
    }

    fn export(&self, export: &model::Export) -> Export {
        Export {
            name: export.name.to_string(),
            file: export.file.to_string(),
            sha256: model::hex(&export.sha256),
            rows: export.rows.read,
            rows_without_group: export.rows.without_group,
            rows_left_out: export.rows.left_out,
            rows_not_primary: export.rows.not_primary,
            subtotals: export.rows.subtotals,
            names_cut: export.rows.cut_names,
            rows_untracked: export.rows.untracked,
            rows_removing: export.rows.removing,
            rows_erasing: export.rows.erasing,
            footers: export.rows.footers,
            groups: export.groups.len() as u64,
            origin: self.origin(export.origin),
        }
    }

    pub(super) fn message(&self, notice: &plan::Notice) -> Notice {
        Notice {
            message: self.view.phrase(&notice.message, Detail::Full),
            about: notice.about.iter().map(|piece| self.view.piece(piece, Detail::Full).into()).collect(),
            origin: self.origin(notice.origin),
        }
    }

    pub(super) fn manual_steps(&self, plan: &Plan) -> Vec<Manual> {
        plan.manual.iter().map(|manual| self.manual(manual)).collect()
    }

    pub(super) fn manual(&self, manual: &plan::Manual) -> Manual {
        Manual {
            what: self.view.phrase(&manual.what, Detail::Full),
            place: manual.place.to_string(),
            why: self.view.phrase(&manual.why, Detail::Full),
            origin: self.origin(manual.origin),
        }
    }

    pub(super) fn violation(&self, violation: &plan::Violation) -> Violation {
        let origin = self.origin(violation.origin);
        match &violation.kind {
            plan::ViolationKind::Limit { limit, of, planned, allowed } => Violation::Limit {
                limit: limit.key().to_owned(),
                of: of.as_ref().map(|of| self.view.phrase(of, Detail::Full)),
                planned: *planned,
                allowed: *allowed,
                origin,
            },
            plan::ViolationKind::Protected { object, change } => Violation::Protected {
                object: self.view.phrase(object, Detail::Full),
                change: change.0,
                origin,
            },
            plan::ViolationKind::Unproved => Violation::Unproved,
        }
    }

    pub(super) fn blocker(&self, blocker: &plan::Blocker) -> Blocker {
        let all = |phrases: &[model::Phrase], detail| {
            phrases.iter().map(|phrase| self.view.phrase(phrase, detail)).collect()
        };
        Blocker {
            code: blocker.code.name().to_owned(),
            message: self.view.phrase(&blocker.message, Detail::Full),
            candidates: all(&blocker.candidates, Detail::Record),
            ways_out: all(&blocker.ways_out, Detail::Full),
            origin: self.origin(blocker.origin),
        }
    }

    pub(super) fn change(&self, change: &model::Change) -> Change {
        Change {
            id: change.id.0,
            object: object(&change.object, self.view),
            verb: verb(change.verb),
            severity: severity(change.severity),
            facts: change.facts.iter().map(|fact| self.fact(fact)).collect(),
            members: change
                .members
                .map(|members| Sizes { before: members.before as u64, after: members.after as u64 }),
            notes: change.notes.iter().map(|note| self.view.phrase(&note.sentence(), Detail::Full)).collect(),
            origin: self.origin(change.origin),
        }
    }

    pub(super) fn fact(&self, fact: &model::Fact) -> Fact {
        Fact {
            field: fact.field.word().to_owned(),
            delta: match &fact.delta {
                model::Delta::Add(value) => Delta::Add { value: self.value(value) },
                model::Delta::Remove(value) => Delta::Remove { value: self.value(value) },
                model::Delta::Set { from, to } => {
                    Delta::Set { from: from.as_ref().map(|from| self.value(from)), to: self.value(to) }
                }
            },
            severity: severity(fact.severity),
            cause: cause(fact.cause),
            remark: fact.remark.as_ref().map(|remark| self.view.phrase(remark, Detail::Full)),
            origin: self.origin(fact.origin),
        }
    }

    pub(super) fn value(&self, piece: &Piece) -> Value {
        let record = match piece {
            Piece::User(label) => label.record.map(|record| record.0),
            Piece::Plain(_) | Piece::Personal(_) => None,
        };
        Value { text: self.view.piece(piece, Detail::Full).into_owned(), record }
    }
}
