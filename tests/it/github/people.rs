//! Nobody is named where a repository is public, or not known to be anything else.

use super::{BLOCKED, CHANGES, OVER_LIMIT, SAME, Step, Workshop};

/// Everything of people that is in the account or in the manifests.
const PEOPLE: [&str; 12] = [
    "Ada", "Lovelace", "King", "Bob", "Leaver", "Cy Young", "ada@", "bob@", "b.leaver", "cy@", "nobody@",
    "E2",
];

/// What a step has shown anywhere, and what stands on the pull request.
fn shown(workshop: &Workshop, step: &Step) -> String {
    let hub = workshop.github.hub();
    let comments = hub.bodies(super::fake::BOT).join("\n");
    let issues = format!("{:?}\n{:?}", hub.issues, hub.said);
    format!("{comments}\n{issues}\n{}\n{}\n{}\n{:?}", step.summary, step.out, step.err, step.outputs)
}

#[track_caller]
pub(super) fn names_nobody(workshop: &Workshop, step: &Step) {
    let shown = shown(workshop, step);
    for person in PEOPLE {
        assert!(!shown.contains(person), "`{person}`:\n{shown}");
    }
}

pub(super) fn public(payload: &str) -> String {
    payload.replace(r#""visibility": "private""#, r#""visibility": "public""#)
}

#[test]
fn in_a_public_repository_no_output_names_anybody() {
    let broken = "users:\n  - { displayName: Ada King, email: ada@acme.example, trackin: x }\n  - { email: bob@acme.example }\n  - { email: bob@acme.example }\n";
    for (head, code) in [(CHANGES, 0), (OVER_LIMIT, 3), (BLOCKED, 3), (broken, 1)] {
        let workshop = Workshop::new(SAME, head);
        let step = workshop.run_with("pull_request", &public(&workshop.payload("pull_request")));
        assert_eq!(step.code, code, "{}", step.err);
        names_nobody(&workshop, &step);
        workshop.merge();
        let step = workshop.run_with("push", &public(&workshop.payload("push")));
        assert_eq!(step.code, code, "{}", step.err);
        names_nobody(&workshop, &step);
        let step = workshop.run_with("pull_request", &public(&workshop.payload("fork")));
        names_nobody(&workshop, &step);
    }
}

#[test]
fn who_can_see_a_repository_decides_unless_the_workflow_says_it() {
    let mut workshop = Workshop::new(SAME, CHANGES);
    let private = workshop.payload("pull_request");
    let unknown = private.replace(r#""visibility": "private", "#, "");
    names_nobody(&workshop, &workshop.run_with("pull_request", &unknown));
    for redact in ["auto", "emails"] {
        let step = workshop.set("INPUT_REDACT", redact).run_with("pull_request", &private);
        let shown = shown(&workshop, &step);
        assert!(shown.contains("Ada King") && shown.contains("a***@a***.example"), "{shown}");
        assert!(!shown.contains("@acme.example"), "{shown}");
    }
    workshop.set("INPUT_REDACT", "full");
    names_nobody(&workshop, &workshop.run_with("pull_request", &private));
    workshop.set("INPUT_REDACT", "none");
    let step = workshop.run_with("pull_request", &unknown);
    assert!(shown(&workshop, &step).contains("Ada Lovelace <ada@acme.example>"), "{}", step.out);
}

#[test]
fn what_the_account_answers_is_withheld_too() {
    let faults = [rollcall::sandbox::Fault::FailWrites].into_iter().collect();
    let config = rollcall::sandbox::Config { faults, ..Default::default() };
    let workshop = Workshop::of(&super::account(), config, SAME, CHANGES);
    workshop.run_with("pull_request", &public(&workshop.payload("pull_request"))).ends(0, "");
    workshop.merge();
    let step = workshop.run_with("push", &public(&workshop.payload("push")));
    assert_ne!(step.code, 0);
    names_nobody(&workshop, &step);
}
