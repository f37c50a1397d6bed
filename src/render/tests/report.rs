//! The sample plan carried out, well and badly, and how that reads.

use std::sync::Arc;

use crate::apply::{Altered, GroupShown, Presence, Report, Stop};
use crate::model::{
    Act, ChangeId, Edit, Email, ExclusionId, Field, GroupId, GroupName, GroupRef, Identifier, Keeper, Login,
    NewUser, Outcome, Piece, Step, StepId, Tracking, UserId, UserLabel, UserRef,
};
use crate::plan::{Phase, PhaseKind, Plan};
use crate::render::tests::sample::{plan, sample, sources, user};
use crate::render::tests::{PAPER, check};
use crate::render::{Redaction, View, json, report};

/// The sample with the steps that carry it out.
fn with_steps() -> Plan {
    let sample = sample();
    let upload = sample.snapshot.as_ref().map(|planned| Arc::clone(&planned.snapshot)).unwrap();
    let new = NewUser { display_name: None, identifiers: Vec::new(), tracking: None };
    let email = Identifier::Email(Email::parse("ada.l@acme.example").unwrap());
    let login = Login::parse("*\\bob").unwrap();
    let name = GroupName::observed;
    let acts = [
        (PhaseKind::Users, Some(0), Act::EditUser { user: UserId(77), edits: vec![Edit::Add(email)] }),
        (PhaseKind::Users, Some(1), Act::CreateUser(new)),
        (PhaseKind::Tracking, Some(0), Act::Track { user: UserId(77), to: Tracking::Untracked }),
        (PhaseKind::Exclusions, Some(5), Act::RemoveExclusion { id: ExclusionId(9), login }),
        (
            PhaseKind::Groups,
            Some(2),
            Act::RenameGroup { keeper: Keeper::App, group: GroupId(3), from: name("Eng"), to: name("E") },
        ),
        (
            PhaseKind::Members,
            Some(2),
            Act::Join {
                keeper: Keeper::App,
                group: GroupRef::Known(GroupId(3)),
                user: UserRef::New(ChangeId(1)),
            },
        ),
        (
            PhaseKind::Members,
            Some(2),
            Act::Leave { keeper: Keeper::App, group: GroupId(3), user: UserId(12) },
        ),
        (PhaseKind::Snapshot, None, Act::Upload(upload)),
    ];
    let mut phases: Vec<Phase> = Vec::new();
    for (id, (kind, change, act)) in (0..).zip(acts) {
        let step = Step { id: StepId(id), change: change.map(ChangeId), act, needs: Vec::new() };
        match phases.last_mut().filter(|phase| phase.kind == kind) {
            Some(phase) => phase.steps.push(step),
            None => phases.push(Phase { kind, steps: vec![step] }),
        }
    }
    Plan { phases, ..sample }
}

fn ended(outcomes: [Outcome; 8], stopped: Option<Stop>) -> Report {
    Report { outcomes: (0..).map(StepId).zip(outcomes).collect(), stopped, sent: 7, ..Report::default() }
}

fn shown(plan: &Plan, ended: &Report, redaction: Redaction) -> String {
    let mut out = Vec::new();
    report::report(&mut out, plan, ended, &View::new(&sources(), redaction), PAPER).unwrap();
    String::from_utf8(out).unwrap()
}

fn as_json(plan: &Plan, ended: &Report, redaction: Redaction) -> String {
    let mut out = Vec::new();
    json::report(&mut out, (plan, ended), None, &View::new(&sources(), redaction)).unwrap();
    String::from_utf8(out).unwrap()
}

/// Everything that can go wrong at once.
fn badly() -> Report {
    let outcomes = [
        Outcome::Applied,
        Outcome::Failed("409: grace@acme.example is in use".into()),
        Outcome::Mismatched { asked: "untracked".into(), answered: "tracked".into() },
        Outcome::AlreadyTrue,
        Outcome::Applied,
        Outcome::Skipped(StepId(1)),
        Outcome::Unknown("no answer in 30 s about Bob".into()),
        Outcome::NotAttempted,
    ];
    ended(outcomes, Some(Stop::Mismatched(StepId(2))))
}

#[test]
fn what_was_not_done_comes_first_with_its_reason() {
    check("report.txt", &shown(&with_steps(), &badly(), Redaction::Off));
}

#[test]
fn a_run_that_did_everything_says_so() {
    let well = ended([const { Outcome::Applied }; 8], None);
    let text = shown(&with_steps(), &well, Redaction::Off);
    assert!(text.starts_with("acme: 6 of 6 changes done. 7 writes sent.\n"), "{text}");
    assert!(!text.contains("NOT DONE") && text.contains("verified"), "{text}");
    let empty = Report::default();
    assert_eq!(shown(&plan(Vec::new()), &empty, Redaction::Off), "acme: nothing to do. 0 writes sent.\n");
    let by_hand = Plan { manual: with_steps().manual, ..plan(Vec::new()) };
    let text = shown(&by_hand, &empty, Redaction::Off);
    assert!(text.starts_with("acme: no changes; 1 step by hand. 0 writes sent.\n"), "{text}");
}

#[test]
fn what_waits_for_a_snapshot_that_is_processed_is_pending_and_not_failed() {
    let mut outcomes = [const { Outcome::Applied }; 8];
    outcomes[7] = Outcome::Pending;
    outcomes[3] = Outcome::Skipped(StepId(7));
    let text = shown(&with_steps(), &ended(outcomes, None), Redaction::Off);
    assert!(text.contains("3 applied, 3 pending"), "{text}");
    assert!(!text.contains("NOT DONE"), "{text}");
}

/// A text without its layout.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_follows_from_a_step_that_is_not_done_is_not_done_and_says_from_which() {
    let follows = |changes: &[u32], step| changes.iter().map(|it| (ChangeId(*it), StepId(step))).collect();
    let after = |changes: &[u32], step: u32, outcome: Outcome| {
        let mut outcomes = [const { Outcome::Applied }; 8];
        outcomes[step as usize] = outcome;
        let plan = Plan { follows: follows(changes, step), ..with_steps() };
        one_line(&shown(&plan, &ended(outcomes, None), Redaction::Off))
    };
    let refused = || Outcome::Failed("400: no".into());
    let text = after(&[2], 0, refused());
    assert!(text.contains("4 of 6 changes done (4 applied, 1 skipped, 1 failed)"), "{text}");
    assert!(text.contains("3 of 3 steps done; the rest is not done: it follows from Ada"), "{text}");
    let text = after(&[0], 5, Outcome::Unknown("lost".into()));
    assert!(text.contains("unknown: it follows from Eng → Engineering, of which nobody knows"), "{text}");
    let text = after(&[0], 7, Outcome::Pending);
    assert!(text.contains("as it follows from the"), "{text}");
    let text = after(&[2], 0, Outcome::Applied);
    assert!(text.contains("6 of 6 changes done"), "{text}");
    let without_writes =
        Plan { phases: with_steps().phases.split_off(1), follows: follows(&[1], 3), ..with_steps() };
    let mut outcomes = [const { Outcome::Applied }; 8];
    outcomes[3] = refused();
    let text = one_line(&shown(&without_writes, &ended(outcomes, None), Redaction::Off));
    assert!(text.contains("Grace Hopper <grace@acme.example> not done: it follows from"), "{text}");
}

/// A set of which the account shows a part, and a user whom the upload renamed.
fn partly() -> Report {
    let mut outcomes = [const { Outcome::Applied }; 8];
    outcomes[7] = Outcome::Pending;
    let group = |name: &str, presence, sent, missing: &[UserLabel], surplus: &[UserLabel]| GroupShown {
        name: GroupName::observed(name),
        presence,
        sent,
        missing: missing.to_vec(),
        surplus: surplus.to_vec(),
    };
    let [ada, bob] = [("Ada Lovelace", "ada@acme.example"), ("Bob Leaver", "bob@acme.example")]
        .map(|(name, id)| user(name, id, Some(77)));
    let many: Vec<UserLabel> =
        (0..12).map(|number| user(&format!("User {number}"), "u@acme.example", Some(number))).collect();
    Report {
        set: vec![
            group("Lisbon office", Presence::Absent, 4, &many[..4], &[]),
            group("London office", Presence::There, 13, std::slice::from_ref(&ada), &[bob]),
            group("Madrid office", Presence::There, 30, &many, &[]),
            group("Oslo office", Presence::There, 7, &[], &[]),
            group("Paris office", Presence::StillThere, 0, &[], &many[..4]),
        ],
        altered: vec![
            Altered {
                user: ada.clone(),
                field: Field::Name,
                expected: Some(Piece::personal(&"Ada Lovelace")),
                found: Some(Piece::personal(&"A. L.")),
            },
            Altered {
                user: ada,
                field: Field::Agent,
                expected: Some(Piece::personal(&"ACME\\ada")),
                found: None,
            },
        ],
        ..ended(outcomes, None)
    }
}

#[test]
fn a_part_of_a_set_is_shown_group_by_group_and_what_was_altered_value_by_value() {
    check("partly.txt", &shown(&with_steps(), &partly(), Redaction::Off));
    let json: serde_json::Value =
        serde_json::from_str(&as_json(&with_steps(), &partly(), Redaction::Off)).unwrap();
    let snapshot = &json["snapshot"];
    assert_eq!(snapshot["groups"][2]["missing"].as_array().map(Vec::len), Some(12), "all of them");
    assert_eq!(
        (&snapshot["groups"][4]["presence"], &snapshot["groups"][1]["seen"]),
        (&"stillThere".into(), &12.into())
    );
    assert_eq!(snapshot["altered"][1]["field"], "agent");
}

#[test]
fn a_report_keeps_to_its_schema_and_to_redaction() {
    let schema = serde_json::from_str(&json::report_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [badly(), partly()] {
        for redaction in [Redaction::Off, Redaction::On] {
            let document = serde_json::from_str(&as_json(&with_steps(), &report, redaction)).unwrap();
            assert!(validator.validate(&document).is_ok(), "{:?}", validator.validate(&document));
        }
        for text in [shown, as_json].map(|show| show(&with_steps(), &report, Redaction::On)) {
            for person in ["Ada", "A. L.", "Grace", "grace@", "Bob", "bob", "ACME", "User 3"] {
                assert!(!text.contains(person), "{person} leaks: {text}");
            }
        }
    }
}
