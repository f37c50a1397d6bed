//! Drift is undone by the plan that its issue shows, once one person approved it and another started the run.

use rollcall::github::DriftMarker;
use rollcall::plan::Digest;
use rollcall::sandbox::{Config, Fault, Sandbox};
use serde_json::{Value, json};

use super::drift::{DECLARED, clean, less, renamed, watched};
use super::fake::{AUTHOR, BOT};
use super::people::{names_nobody, public};
use super::{Step, Workshop};

/// A check has found that somebody has another name, and its issue shows the plan that undoes it.
fn found() -> Workshop {
    let mut workshop = watched();
    workshop.checks(&renamed(clean()));
    workshop.set("INPUT_COMMAND", "apply");
    let permissions =
        vec![("reviewer", "write"), ("reader", "read"), (AUTHOR, "admin"), ("helper[bot]", "write")];
    workshop.github.hub().permissions = permissions;
    workshop
}

impl Workshop {
    /// What approves the plan that the issue shows.
    fn command(&self) -> String {
        let digest = DriftMarker::read(&self.issue().1).unwrap().digest.unwrap();
        format!("/rollcall approve {digest}")
    }

    fn approved_by(&self, login: &str) {
        let command = self.command();
        self.github.hub().say(1001, login, &command);
    }

    /// Nothing is undone, and the last words say why.
    #[track_caller]
    fn refuses(&self, code: i32, reason: &str, words: &str) -> Step {
        let step = self.run("workflow_dispatch");
        step.ends(code, reason);
        assert!(step.last_words().contains(words), "{words}: {}", step.err);
        assert_eq!(self.writes(), 0, "{}", step.out);
        step
    }
}

#[test]
fn what_the_issue_shows_is_undone_once_one_person_approved_it_and_another_started_the_run() {
    let mut workshop = found();
    let (_, before) = workshop.issue();
    assert!(before.contains(&format!("```text\n{}\n```", workshop.command())), "{before}");
    let apply = "https://github.example/acme/accounts/actions/workflows/rollcall-apply.yml";
    assert!(before.contains(&format!("[the apply]({apply})")), "{before}");
    workshop.approved_by("reviewer");
    let step = workshop.run("workflow_dispatch");
    step.ends(0, "");
    assert_eq!((step.outputs["command"].as_str(), step.outputs["changes"].as_str()), ("apply", "1"));
    assert!(step.err.contains("approved by reviewer"), "{}", step.err);
    assert!(workshop.writes() > 0);
    let (state, body) = workshop.issue();
    assert_eq!(state, "closed");
    assert!(body.contains("**Applied.**") && body.contains("Ada Byron → Ada Lovelace"), "{body}");
    let said = workshop.github.hub().said.last().unwrap().1.clone();
    assert!(said["body"].as_str().unwrap().contains("`reviewer` approved it"), "{said}");
    let marker = DriftMarker::read(&body).unwrap();
    assert_eq!((marker.digest, marker.mac, Some(marker.spent)), (None, None, said["id"].as_u64()));

    // Done once, it is done: and an approval is of that time, whatever comes again.
    let writes = workshop.writes();
    let again = workshop.run("workflow_dispatch");
    again.ends(0, "");
    assert_eq!((again.outputs["changes"].as_str(), workshop.writes()), ("0", writes));
    workshop.set("INPUT_COMMAND", "drift").checks(&renamed(clean()));
    assert_eq!(workshop.issue().0, "open");
    workshop.set("INPUT_COMMAND", "apply");
    workshop.refuses(3, "unreviewed", "nobody but octo-author");
    workshop.approved_by("reviewer");
    workshop.run("workflow_dispatch").ends(0, "");
}

#[test]
fn nothing_is_undone_that_no_second_person_approved_as_it_is_shown() {
    let nobody = "nobody but octo-author, who started this run, has approved on #1001";
    let workshop = found();
    let step = workshop.refuses(3, "unreviewed", nobody);
    assert!(step.last_words().contains(&workshop.command()), "{}", step.err);
    for login in [AUTHOR, "reader", "helper[bot]", "stranger", BOT] {
        let workshop = found();
        workshop.approved_by(login);
        workshop.refuses(3, "unreviewed", nobody);
    }
    let edits: [Edit; 3] = [
        |comment| comment["updated_at"] = json!("2026-05-04T09:00:01Z"),
        |comment| comment["body"] = json!(format!("/rollcall approve {}", "ab".repeat(32))),
        |comment| comment["body"] = json!(format!("> {}", comment["body"].as_str().unwrap())),
    ];
    for edit in edits {
        let workshop = found();
        workshop.approved_by("reviewer");
        edit(&mut workshop.github.hub().said.last_mut().unwrap().1);
        workshop.refuses(3, "unreviewed", nobody);
    }
}

/// What somebody does to a comment or an issue.
type Edit = fn(&mut Value);
/// What somebody writes into a marker.
type Forgery = fn(DriftMarker) -> DriftMarker;

#[test]
fn an_issue_that_was_forged_or_is_of_another_commit_lets_nothing_through() {
    let changes: [(&str, Forgery); 6] = [
        ("is not signed", |marker| DriftMarker { digest: Some(Digest([7; 32])), ..marker }),
        ("is not signed", |marker| DriftMarker { mac: None, ..marker }),
        ("is not signed", |marker| DriftMarker { spent: 1, ..marker }),
        ("another commit", |marker| DriftMarker { head: Some("ab".repeat(20)), ..marker }),
        ("shows no plan", |marker| DriftMarker { digest: None, ..marker }),
        ("no open issue of drift of acme", |marker| DriftMarker { account: "other".into(), ..marker }),
    ];
    for (words, change) in changes {
        let workshop = found();
        workshop.approved_by("reviewer");
        {
            let mut hub = workshop.github.hub();
            let body = hub.issues[0]["body"].as_str().unwrap().to_owned();
            let marker = change(DriftMarker::read(&body).unwrap());
            hub.issues[0]["body"] = json!(format!("{}\n{}", marker.line(), body.split_once('\n').unwrap().1));
        }
        workshop.refuses(3, "unreviewed", words);
    }
    let edits: [(&str, Edit); 3] = [
        ("no open issue", |issue| issue["state"] = json!("closed")),
        ("no open issue", |issue| issue["user"]["login"] = json!("mallory")),
        // The same words in another issue.
        ("is not signed", |issue| issue["number"] = json!(1002)),
    ];
    for (words, edit) in edits {
        let workshop = found();
        workshop.approved_by("reviewer");
        workshop.github.hub().said.last_mut().unwrap().0 = 1002;
        edit(&mut workshop.github.hub().issues[0]);
        workshop.refuses(3, "unreviewed", words);
    }
    let mut workshop = found();
    workshop.approved_by("reviewer");
    workshop.set("ROLLCALL_REVIEW_KEY", &"another-key-of-the-same-length".repeat(2));
    workshop.refuses(3, "unreviewed", "is not signed, or not with the key that this job has");
    workshop.set("ROLLCALL_REVIEW_KEY", "").refuses(3, "unreviewed", "there is no ROLLCALL_REVIEW_KEY");
    // Whatever a workflow says of merges, drift is undone by an approval.
    workshop.set("INPUT_REVIEW", "none").refuses(3, "unreviewed", "there is no ROLLCALL_REVIEW_KEY");

    let workshop = found();
    workshop.approved_by("reviewer");
    workshop.commit(&format!("{DECLARED}exclusions: ['*\\svc']\n"));
    let step = workshop.refuses(3, "unreviewed", "with another commit than this one");
    assert!(step.last_words().contains("run the drift check"), "{}", step.err);
}

#[test]
fn only_a_person_on_the_default_branch_starts_it() {
    let mut workshop = found();
    workshop.approved_by("reviewer");
    let payload = workshop.payload("workflow_dispatch");
    for other in [
        payload.replace("refs/heads/main", "refs/heads/mine"),
        payload.replace(r#""type": "User""#, r#""type": "Bot""#),
    ] {
        workshop.run_with("workflow_dispatch", &other).ends(64, "usage");
    }
    for event in ["schedule", "pull_request", "merge_group"] {
        workshop.run(event).ends(64, "usage");
    }
    workshop.set("INPUT_COMMAND", "auto").run("workflow_dispatch").ends(0, "");
    assert_eq!(workshop.writes(), 0, "`auto` plans");
}

#[test]
fn what_is_another_plan_by_now_is_not_undone_and_the_difference_is_told() {
    let mut workshop = found();
    workshop.approved_by("reviewer");
    workshop.becomes(&renamed(less()), Config::default());
    let step = workshop.refuses(4, "plan-changed", "not the plan that was expected");
    assert!(step.last_words().contains("run the drift check again"), "{}", step.err);
    assert!(step.err.lines().any(|line| line.starts_with("+ ! Bob Leaver")), "{}", step.err);
    let (state, body) = workshop.issue();
    assert_eq!(state, "open");
    assert!(body.contains("**Not applied: the account or the manifests changed"), "{body}");
}

#[test]
fn violations_are_undone_by_two_people_as_well_and_blockers_by_nobody() {
    let mut workshop = found();
    workshop.commit(&format!("policy: {{ limits: {{ renames: 0 }} }}\n{DECLARED}"));
    workshop.set("INPUT_COMMAND", "drift").checks(&renamed(clean()));
    workshop.set("INPUT_COMMAND", "apply");
    workshop.refuses(3, "unreviewed", "nobody but octo-author");
    workshop.approved_by(AUTHOR);
    workshop.refuses(3, "unreviewed", "nobody but octo-author");
    workshop.approved_by("reviewer");
    workshop.run("workflow_dispatch").ends(0, "");
    assert!(workshop.writes() > 0);
}

#[test]
fn an_undoing_that_got_half_way_is_finished_by_running_it_again() {
    let mut workshop = found();
    workshop.commit(&format!("{DECLARED}exclusions: ['*\\svc-backup']\n"));
    workshop.set("INPUT_COMMAND", "drift").checks(&renamed(clean()));
    workshop.approved_by("reviewer");
    let faults = [Fault::FailWritesAfter(1)].into_iter().collect();
    workshop.becomes(&renamed(clean()), Config { faults, ..Config::default() });
    workshop.set("INPUT_COMMAND", "apply").run("workflow_dispatch").ends(5, "unfinished");
    assert_eq!(workshop.issue().0, "open");
    assert!(workshop.issue().1.contains("**Applied in part: run the job again"), "{}", workshop.issue().1);
    let seed = workshop.sandbox.snapshot();
    let healthy = workshop.runtime.block_on(Sandbox::start(seed, Config::default(), 0)).unwrap();
    let rest = workshop.set("INPUT_ENDPOINT", &healthy.url()).run("workflow_dispatch");
    rest.ends(0, "");
    assert_eq!(
        (rest.outputs["changes"].as_str(), workshop.issue().0.as_str()),
        ("1", "closed"),
        "{}",
        rest.out
    );
    let _in_runtime = workshop.runtime.enter();
    drop(healthy);
}

#[test]
fn an_issue_that_cannot_be_written_undoes_nothing_of_what_was_applied_and_nobody_is_named() {
    let workshop = found();
    workshop.approved_by("reviewer");
    workshop.github.hub().reads_only = Some(());
    let step = workshop.run("workflow_dispatch");
    step.ends(0, "");
    assert!(
        step.told("notice").iter().any(|it| it.contains("the issue does not say what became of it")),
        "{}",
        step.out
    );

    let mut workshop = watched();
    workshop.becomes(&renamed(clean()), Config::default());
    workshop.run_with("schedule", &public(&workshop.payload("schedule"))).ends(0, "");
    workshop.github.hub().permissions = vec![("reviewer", "write")];
    workshop.approved_by("reviewer");
    workshop.set("INPUT_COMMAND", "apply");
    let step = workshop.run_with("workflow_dispatch", &public(&workshop.payload("workflow_dispatch")));
    step.ends(0, "");
    names_nobody(&workshop, &step);
}
