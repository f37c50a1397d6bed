//! The sample plan carried out, well and badly, and how that reads.

use std::sync::Arc;

use crate::apply::{Report, Stop};
use crate::model::{
    Act, ChangeId, Edit, Email, ExclusionId, GroupId, GroupName, GroupRef, Identifier, Keeper, Login,
    NewUser, Outcome, Step, StepId, Tracking, UserId, UserRef,
};
use crate::plan::{Phase, PhaseKind, Plan};
use crate::render::tests::sample::{plan, sample, sources};
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
    Report { outcomes: (0..).map(StepId).zip(outcomes).collect(), stopped, sent: 7 }
}

fn shown(plan: &Plan, ended: &Report, redaction: Redaction) -> String {
    let mut out = Vec::new();
    report::report(&mut out, plan, ended, &View::new(&sources(), redaction), PAPER).unwrap();
    String::from_utf8(out).unwrap()
}

fn as_json(plan: &Plan, ended: &Report, redaction: Redaction) -> String {
    let mut out = Vec::new();
    json::report(&mut out, plan, ended, &View::new(&sources(), redaction)).unwrap();
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
    assert!(text.starts_with("acme: 6 of 6 changes done (6 applied). 7 writes sent.\n"), "{text}");
    assert!(!text.contains("NOT DONE") && text.contains("verified"), "{text}");
    let empty = Report { outcomes: Vec::new(), stopped: None, sent: 0 };
    assert_eq!(shown(&plan(Vec::new()), &empty, Redaction::Off), "acme: nothing to do. 0 writes sent.\n");
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

#[test]
fn a_report_keeps_to_its_schema_and_to_redaction() {
    let schema = serde_json::from_str(&json::report_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for redaction in [Redaction::Off, Redaction::On] {
        let document = serde_json::from_str(&as_json(&with_steps(), &badly(), redaction)).unwrap();
        assert!(validator.validate(&document).is_ok(), "{:?}", validator.validate(&document));
    }
    for text in [shown, as_json].map(|show| show(&with_steps(), &badly(), Redaction::On)) {
        for person in ["Ada", "Grace", "grace@", "Bob", "bob"] {
            assert!(!text.contains(person), "{person} leaks: {text}");
        }
    }
}
