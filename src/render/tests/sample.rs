//! The sample plan, and how it reads in every format.

use std::sync::Arc;

use crate::diag::Sources;
use crate::model::{
    Bounds, Cause, Change, ChangeId, Delta, ExclusionId, Export, Fact, Field, GroupId, GroupName,
    GroupSource, HrGroup, Limit, Located, Login, Missing, Note, Object, Origin, Phrase, Piece, Rows,
    Severity, Snapshot, UserId, UserLabel, UserRef, Verb,
};
use crate::phrase;
use crate::plan::{
    Blocker, BlockerCode, ChangedUsers, Digest, Fate, Fingerprint, LimitKind, Manual, Notice, Plan,
    PlannedSnapshot, Reading, SetGroup, Violation, ViolationKind,
};
use crate::render::tests::{PAPER, as_json, as_markdown, as_text, check};
use crate::render::{Redaction, View, difference, json};

/// Two manifests: a line a byte, so that the origin at offset n is line n + 1.
pub(super) fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add("groups.yaml", "\n".repeat(99)).unwrap();
    sources.add("users/engineering.yaml", "\n".repeat(99)).unwrap();
    sources
}

fn group_line(line: u32) -> Origin {
    Origin::at(line - 1)
}

fn user_line(line: u32) -> Origin {
    Origin::at(100 + line - 1)
}

pub(super) fn user(name: &str, id: &str, record: Option<u64>) -> UserLabel {
    UserLabel { name: Some(name.into()), display_id: Some(id.into()), record: record.map(UserId) }
}

pub(super) fn fact(field: Field, delta: Delta, severity: Severity, origin: Origin) -> Fact {
    Fact { field, delta, severity, cause: Cause::Declared, origin, remark: None }
}

pub(super) fn change(object: Object, verb: Verb, origin: Origin, facts: Vec<Fact>) -> Change {
    let severity = facts.iter().map(|fact| fact.severity).max().unwrap_or(Severity::Safe);
    Change { id: ChangeId(0), object, verb, severity, origin, facts, members: None, notes: Vec::new() }
}

fn group(name: &str, source: GroupSource, id: Option<u64>) -> Object {
    Object::Group { id: id.map(GroupId), name: GroupName::observed(name), source }
}

/// A plan of these changes, numbered.
pub(super) fn plan(changes: Vec<Change>) -> Plan {
    let changes: Vec<Change> =
        (0..).zip(changes).map(|(id, change)| Change { id: ChangeId(id), ..change }).collect();
    Plan {
        reading: Reading { users: 41, declared: 38, groups: 8 },
        changed_users: ChangedUsers { active: 4, inactive: 1, unlicensed: 1, unknown: 0 },
        changes,
        policy: Digest([6; 32]),
        fingerprints: vec![Fingerprint([1; 32]), Fingerprint([2; 32])],
        leaves: vec![Fingerprint([3; 32])],
        broken: Vec::new(),
        digest: Digest([0x7f; 32]),
        ..crate::plan::sample::empty()
    }
}

fn new_user() -> Change {
    let added = |field, value: &str, line| {
        fact(field, Delta::Add(Piece::personal(&value)), Severity::Safe, user_line(line))
    };
    let mut tracking = fact(Field::Tracking, Delta::Add("tracked".into()), Severity::Safe, user_line(14));
    tracking.remark = Some(Phrase::words("the account's default, not declared"));
    let facts = vec![
        added(Field::Name, "Grace Hopper", 14),
        added(Field::Upn, "grace@acme.example", 15),
        added(Field::EmployeeId, "E0007", 16),
        tracking,
    ];
    change(Object::User(user("Grace Hopper", "grace@acme.example", None)), Verb::Create, user_line(14), facts)
}

fn untracked_user() -> Change {
    let to = Delta::Set { from: Some("tracked".into()), to: "untracked".into() };
    let mut tracking = fact(Field::Tracking, to, Severity::Disruptive, user_line(7));
    tracking.remark = Some(Phrase::words("collection stops at once"));
    let email = Delta::Add(Piece::personal(&"ada.l@acme.example"));
    let mut change = change(
        Object::User(user("Ada Lovelace", "ada@acme.example", Some(77))),
        Verb::Update,
        user_line(3),
        vec![fact(Field::Email, email, Severity::Safe, user_line(5)), tracking],
    );
    let blocked = phrase![
        Piece::personal(&"ada"),
        ", ",
        Piece::personal(&"ada.l"),
        " on every domain; also hits ",
        Piece::personal(&"OTHER\\ada"),
        " of ",
        user("Ada Byron", "byron@acme.example", Some(78)),
        " (tracked)"
    ];
    change.notes.push(Note::labelled("blocks", blocked));
    change
}

fn renamed_group() -> Change {
    let to = Delta::Set { from: Some(Piece::plain(&"Eng")), to: Piece::plain(&"Engineering") };
    let grace = Piece::User(user("Grace Hopper", "grace@acme.example", None));
    let bob = Piece::User(user("Bob Leaver", "bob@acme.example", Some(12)));
    let mut leaves = fact(Field::Member, Delta::Remove(bob), Severity::Disruptive, group_line(3));
    leaves.remark = Some(Phrase::words("removed"));
    let computer = Delta::Add(Piece::personal(&"ACME\\LAB-01"));
    let facts = vec![
        fact(Field::Name, to, Severity::Disruptive, group_line(2)),
        fact(Field::Member, Delta::Add(grace), Severity::Safe, user_line(17)),
        leaves,
        fact(Field::Computer, computer, Severity::Safe, group_line(5)),
    ];
    change(group("Eng", GroupSource::App, Some(3)), Verb::Update, group_line(2), facts)
}

fn deleted_hr_group() -> Change {
    let gone = Delta::Remove(Piece::plain(&"Paris office"));
    let facts = vec![Fact {
        cause: Cause::Absence,
        ..fact(Field::Existence, gone, Severity::Irreversible, group_line(22))
    }];
    let object = group("Paris office", GroupSource::Hr, Some(5));
    let mut deleted = change(object, Verb::Delete, group_line(22), facts);
    deleted.notes.push(Phrase::words("4 users leave; alarms and goals on it are lost").into());
    deleted
}

fn changed_hr_group() -> Change {
    let ada = Delta::Add(Piece::User(user("Ada Lovelace", "ada@acme.example", Some(77))));
    let facts = vec![fact(Field::Member, ada, Severity::Safe, group_line(16))];
    change(group("London office", GroupSource::Hr, Some(4)), Verb::Update, group_line(15), facts)
}

fn removed_exclusion() -> Change {
    let login = Login::parse("*\\bob").unwrap();
    let gone =
        fact(Field::Existence, Delta::Remove(Piece::personal(&login)), Severity::Disruptive, group_line(40));
    let object = Object::Exclusion { id: Some(ExclusionId(9)), login };
    change(object, Verb::Delete, group_line(40), vec![gone])
}

fn hr_set() -> PlannedSnapshot {
    let of = |name: &str, members: u64| HrGroup {
        name: GroupName::observed(name),
        members: (0..members).map(|id| UserRef::Known(UserId(id))).collect(),
    };
    let row = |name, fate, (before, after), change: Option<u32>| SetGroup {
        name: GroupName::observed(name),
        fate,
        before,
        after,
        change: change.map(ChangeId),
    };
    PlannedSnapshot {
        snapshot: Arc::new(Snapshot {
            csv: Arc::from([b'x'; 412]),
            sha256: [0x9c; 32],
            before: vec![of("London office", 12), of("Oslo office", 7), of("Paris office", 4)],
            after: vec![of("London office", 13), of("Oslo office", 7)],
        }),
        groups: vec![
            row("London office", Fate::Changed, (12, 13), Some(4)),
            row("Oslo office", Fate::Carried, (7, 7), None),
            row("Paris office", Fate::DeletedByAbsence, (4, 0), Some(3)),
        ],
    }
}

/// An export that was read for it.
fn export() -> Export {
    Export {
        origin: group_line(95),
        name: "payroll".into(),
        file: "hr/payroll.csv".into(),
        sha256: [0x5a; 32],
        rows: Rows {
            read: 214,
            without_group: 3,
            left_out: 17,
            not_primary: 2,
            subtotals: 4,
            cut_names: 1,
            untracked: 0,
            removing: 0,
            erasing: 0,
            footers: 1,
        },
        attributes: Vec::new(),
        groups: ["London office", "Oslo office"]
            .map(|name| Located::new(GroupName::observed(name), group_line(96)))
            .to_vec(),
        left_out: Vec::new(),
        bounds: Bounds {
            shrink: Limit::share(5, 3),
            rows: 0,
            groups: 0,
            missing: Missing::Block,
            only: Vec::new(),
        },
    }
}

/// One change of every kind that this version carries out, over a limit.
pub(super) fn sample() -> Plan {
    let changes = vec![
        untracked_user(),
        new_user(),
        renamed_group(),
        deleted_hr_group(),
        changed_hr_group(),
        removed_exclusion(),
    ];
    let limit = |limit, of, planned| Violation {
        kind: ViolationKind::Limit { limit, of, planned, allowed: 0 },
        origin: group_line(90),
    };
    let object = phrase![user("Ada Lovelace", "ada@acme.example", Some(77))];
    Plan {
        snapshot: Some(hr_set()),
        violations: vec![
            limit(LimitKind::RemoveExclusions, None, 1),
            limit(LimitKind::DeleteGroups, Some(Phrase::words("HR groups")), 1),
            Violation {
                kind: ViolationKind::Protected { object, change: ChangeId(0) },
                origin: Origin::NONE,
            },
        ],
        exports: vec![export()],
        manual: vec![Manual {
            origin: user_line(12),
            what: phrase![
                "make Engineering the primary group of ",
                user("Ada Lovelace", "ada@acme.example", Some(77))
            ],
            place: "Settings > Users & Groups > Users > the user".into(),
            why: Phrase::words("this account's plan does not show primary groups"),
        }],
        notices: vec![
            Notice {
                origin: user_line(31),
                message: phrase![
                    "the order to remove ",
                    Piece::personal(&"bob@acme.example"),
                    " is done: remove it from the manifest"
                ],
                about: Vec::new(),
            },
            Notice {
                origin: group_line(92),
                message: Phrase::words("10 app groups are in no manifest"),
                about: (1..=10).map(|number| Piece::plain(&format!("Club {number}"))).collect(),
            },
        ],
        ..plan(changes)
    }
}

/// A plan that nothing approves.
fn blocked() -> Plan {
    let (one, two) =
        (user("Ada Lovelace", "ada@acme.example", Some(77)), user("A. Lovelace", "E0001", Some(91)));
    Plan {
        loosened: vec![Notice {
            origin: group_line(91),
            message: Phrase::words("policy.limits.untrack.percent 10 → 50"),
            about: Vec::new(),
        }],
        blockers: vec![Blocker {
            origin: user_line(3),
            code: BlockerCode::TwoRecords,
            message: phrase![one.clone(), " holds identifiers of two records"],
            candidates: vec![phrase![one], phrase![two]],
            ways_out: vec![Phrase::words(
                "merge the two in the app, or take the identifier of the other out",
            )],
        }],
        ..plan(vec![removed_exclusion()])
    }
}

#[test]
fn the_sample_reads_on_a_terminal_as_reviewed() {
    check("sample.txt", &as_text(&sample(), &sources(), Redaction::Off));
    check("redacted.txt", &as_text(&sample(), &sources(), Redaction::On));
}

#[test]
fn the_sample_reads_on_a_pull_request_as_reviewed() {
    check("sample.md", &as_markdown(&sample(), &sources(), Redaction::Off));
}

#[test]
fn the_sample_is_json_as_reviewed() {
    check("sample.json", &as_json(&sample(), &sources(), Redaction::Off));
}

#[test]
fn every_document_keeps_to_the_schema() {
    let schema = serde_json::from_str(&json::plan_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for plan in [sample(), blocked(), plan(Vec::new())] {
        for redaction in [Redaction::Off, Redaction::On] {
            let document = serde_json::from_str(&as_json(&plan, &sources(), redaction)).unwrap();
            assert!(validator.validate(&document).is_ok(), "{:?}", validator.validate(&document));
        }
    }
    assert!(!validator.is_valid(&serde_json::json!({ "version": 2 })));
}

#[test]
fn a_loosened_policy_is_the_first_line_and_a_blocker_can_not_be_approved() {
    let text = as_text(&blocked(), &sources(), Redaction::Off);
    assert!(text.starts_with("POLICY LOOSENED"), "{text}");
    assert!(!text.contains("--approve"), "{text}");
    check("blocked.txt", &text);
}

#[test]
fn a_yes_is_asked_for_in_numbers_and_what_can_not_be_undone_first() {
    assert_eq!(
        crate::render::asked(&sample()),
        [
            "1 irreversible: delete 1 HR group",
            "5 changes: untrack 1, change identifiers of 1, create 1 user, rename 1 group, 1 out of groups, 2 into groups, \
         1 computer in or out of groups, remove 1 exclusion",
        ]
    );
    let safe = plan(vec![new_user(), untracked_user(), renamed_group()]);
    assert_eq!(
        crate::render::asked(&safe),
        [
            "3 changes: untrack 1, change identifiers of 1, create 1 user, rename 1 group, 1 out of groups, 1 into groups, 1 computer in or out of groups",
        ]
    );
    assert!(crate::render::asked(&plan(vec![])).is_empty());
}

#[test]
fn an_empty_plan_says_what_was_read() {
    let empty = Plan { changed_users: ChangedUsers::default(), ..plan(Vec::new()) };
    let text = as_text(&empty, &sources(), Redaction::Off);
    assert_eq!(text, "acme: No changes. Read 41 users and 8 groups; the manifests declare 38 users.\n");
}

#[test]
fn a_saved_plan_reads_back_and_a_redacted_one_does_not() {
    let saved = json::read(as_json(&sample(), &sources(), Redaction::Off).as_bytes()).unwrap();
    assert_eq!((saved.digest, saved.fingerprints), (sample().digest, sample().evidence()));
    let redacted = as_json(&sample(), &sources(), Redaction::On);
    assert!(matches!(json::read(redacted.as_bytes()), Err(json::Unreadable::Redacted)));
    assert!(matches!(json::read(b"{\"version\": 2}"), Err(json::Unreadable::Version { found: 2 })));
    assert!(matches!(json::read(b"key: value"), Err(json::Unreadable::NotAPlan(_))));
}

#[test]
fn the_difference_of_two_plans_names_the_facts_of_one_only() {
    let saved = json::read(as_json(&sample(), &sources(), Redaction::Off).as_bytes()).unwrap();
    let now = sample_changed();
    check("difference.txt", &differing(&[&saved], &now, Redaction::Off));
    let redacted = differing(&[&saved], &now, Redaction::On);
    assert!(!redacted.contains("Ada"), "{redacted}");
}

#[test]
fn the_difference_from_several_plans_says_which_of_them_holds_what() {
    let saved = |plan: &Plan| json::read(as_json(plan, &sources(), Redaction::Off).as_bytes()).unwrap();
    let mut half = sample();
    half.changes.truncate(2);
    let shown = differing(&[&saved(&sample()), &saved(&half)], &sample_changed(), Redaction::Off);
    check("differences.txt", &shown);
    assert_eq!(shown.matches("hopper@acme.example").count(), 1, "each fact once: {shown}");
}

/// The sample with one fact less and another instead of one.
fn sample_changed() -> Plan {
    let mut now = sample();
    now.changes[0].facts.remove(1);
    now.changes[1].facts[1].delta = Delta::Add(Piece::personal(&"hopper@acme.example"));
    now
}

fn differing(expected: &[&json::SavedPlan], now: &Plan, redaction: Redaction) -> String {
    let names = ["12.json", "15.json"];
    let expected: Vec<_> =
        expected.iter().zip(names).map(|(saved, name)| difference::Named { name, saved }).collect();
    let mut out = Vec::new();
    difference::difference(&mut out, &expected, now, &View::new(&sources(), redaction), PAPER).unwrap();
    String::from_utf8(out).unwrap()
}
