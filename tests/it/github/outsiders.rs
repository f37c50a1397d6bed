//! Pull requests of strangers, events that run with secrets on their behalf, and where secrets go.

use super::fake::TOKEN;
use super::{BLOCKED, CHANGES, KEY, SAME, Workshop};

#[test]
fn a_fork_and_dependabot_are_validated_green_whatever_the_workflow_holds_or_says() {
    for (event, why) in [("fork", "comes from a fork"), ("dependabot", "Dependabot")] {
        let mut workshop = Workshop::new(SAME, CHANGES);
        for (keys, command) in [("", "auto"), ("", "plan"), ("k3y-of-acme", "plan")] {
            let step = workshop.set("ACTIVTRAK_API_KEY", keys).set("INPUT_COMMAND", command).run(event);
            step.ends(0, "");
            assert_eq!(step.outputs["command"], "validate");
            assert!(step.summary.contains(why), "{}", step.summary);
            assert!(step.summary.contains("Manifests: no problems"), "{}", step.summary);
        }
        assert_eq!(workshop.github.hub().requests.len(), 0, "no comment is attempted");
        assert_eq!(workshop.sandbox.requests().len(), 0, "the account is not asked");
        workshop.set("INPUT_COMMAND", "apply").run(event).ends(64, "usage");
        assert_eq!(workshop.sandbox.requests().len(), 0);
    }
}

#[test]
fn what_is_wrong_in_a_fork_is_said_beside_its_lines() {
    let workshop =
        Workshop::new(SAME, "users:\n  - { displayName: Ada, email: ada@acme.example, trackin: x }\n");
    let step = workshop.run("fork");
    step.ends(1, "error");
    assert!(
        step.told("error")[0].contains("file=manifests/rollcall.yaml,line=3,title=unknown-key::"),
        "{}",
        step.out
    );
    assert!(!step.out.contains("ada@acme.example"), "the repository is public");
}

#[test]
fn an_event_that_may_run_with_secrets_for_a_stranger_does_nothing() {
    let workshop = Workshop::new(SAME, CHANGES);
    for event in ["pull_request_target", "workflow_run", "issue_comment", "fork"] {
        let step = workshop.run_with(event, &workshop.payload("pull_request"));
        step.ends(64, "usage");
        assert!(step.last_words().contains("on: pull_request"), "{}", step.err);
    }
    assert_eq!((workshop.github.hub().requests.len(), workshop.sandbox.requests().len()), (0, 0));
}

#[test]
fn without_an_event_nothing_is_done() {
    let mut workshop = Workshop::new(SAME, BLOCKED);
    workshop.run_with("pull_request", "").ends(64, "usage");
    workshop.run_with("pull_request", "{}").ends(64, "usage");
    workshop.set("GITHUB_EVENT_PATH", "/nowhere/event.json").run("pull_request").ends(1, "error");
    workshop.set("GITHUB_EVENT_NAME", "").run("pull_request").ends(64, "usage");
    assert_eq!(workshop.sandbox.requests().len(), 0);
}

#[test]
fn no_secret_of_a_step_is_in_an_output_and_each_goes_to_one_place() {
    let mut workshop = Workshop::new(SAME, CHANGES);
    workshop.flags = &["-vv"];
    let planned = workshop.run("pull_request");
    planned.ends(0, "");
    assert!(planned.err.contains("/issues/12/comments"), "requests are shown: {}", planned.err);
    workshop.merge();
    let applied = workshop.run("push");
    applied.ends(0, "");
    let shown = format!("{planned:?}{applied:?}{}", workshop.comment());
    let to_github = format!("{:?}", workshop.github.hub().requests);
    let to_the_account = format!("{:?}", workshop.sandbox.requests());
    for secret in [TOKEN, KEY, "k3y-of-acme"] {
        for (at, text) in [("output", &shown), ("GitHub", &to_github), ("the account", &to_the_account)] {
            assert!(!text.contains(secret), "{secret} is in what goes to {at}");
        }
    }
}
