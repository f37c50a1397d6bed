//! What was merged is applied: the plan that was reviewed, or what is left of it, and no other.

use std::process::Command;
use std::time::Duration;

use rollcall::render::{Marker, Validity};
use rollcall::sandbox::{Config, Fault, Sandbox};
use serde_json::json;

use super::fake::{AUTHOR, BOT};
use super::{CHANGES, OVER_LIMIT, SAME, Step, Workshop, account};
use crate::cli::many;

/// A pull request that was planned and merged.
fn merged(head: &str) -> Workshop {
    let workshop = Workshop::new(SAME, head);
    let step = workshop.run("pull_request");
    assert!(!step.outputs["plan-digest"].is_empty(), "{}", step.err);
    workshop.merge();
    workshop
}

/// Refused, with nothing written, and the reason and what goes on in the last words.
#[track_caller]
fn refused(workshop: &Workshop, code: i32, reason: &str, words: &[&str]) -> Step {
    let step = workshop.run("push");
    step.ends(code, reason);
    let last = step.last_words();
    assert!(last.contains("nothing was written"), "{}", step.err);
    for word in words {
        assert!(last.contains(word), "`{word}`: {}", step.err);
    }
    assert_eq!(workshop.writes(), 0, "{}", step.out);
    step
}

/// Changes the one comment of ours as somebody does who may write to the repository.
fn forge(workshop: &Workshop, change: impl Fn(Marker) -> Marker) {
    let mut hub = workshop.github.hub();
    let comment = hub.comments.iter_mut().find(|it| it["user"]["login"] == BOT).unwrap();
    let body = comment["body"].as_str().unwrap().to_owned();
    let marker = change(Marker::read(&body).unwrap());
    comment["body"] = json!(format!("{}\n{}", marker.line(), body.split_once('\n').unwrap().1));
}

#[test]
fn what_was_reviewed_is_applied_and_its_comment_says_so_and_approves_nothing_any_more() {
    let workshop = merged(CHANGES);
    let step = workshop.run("push");
    step.ends(0, "");
    assert_eq!((step.outputs["command"].as_str(), step.outputs["changes"].as_str()), ("apply", "2"));
    assert!(workshop.writes() > 0);
    let comment = workshop.comment();
    assert_eq!(Marker::read(&comment).unwrap().validity, Validity::Closed);
    assert!(comment.contains("**Applied.** All of it is in [this run](https://github.example/"), "{comment}");
    assert!(
        comment.contains("The plan that was reviewed") && comment.contains("Ada Lovelace → Ada King"),
        "{comment}"
    );
    assert!(step.summary.contains("applied"), "{}", step.summary);

    let writes = workshop.writes();
    let again = workshop.run("push");
    again.ends(0, "");
    assert_eq!((again.outputs["changes"].as_str(), workshop.writes()), ("0", writes), "{}", again.out);
    // Where there is something to do again, the old review does not let it through once more.
    let workshop = merged(CHANGES);
    forge(&workshop, |marker| Marker { validity: Validity::Closed, ..marker });
    refused(&workshop, 3, "unreviewed", &["was applied already", "new pull request"]);
}

#[test]
fn the_pull_request_is_found_although_the_index_lags_or_by_the_title() {
    let workshop = merged(CHANGES);
    workshop.github.hub().lag = 3;
    workshop.run("push").ends(0, "");

    for title in ["Change people (#12)", "Merge pull request #12 from acme/change"] {
        let workshop = merged(CHANGES);
        workshop.github.hub().lag = 1_000;
        let payload = workshop.payload("push").replace("Change people", title);
        workshop.run_with("push", &payload).ends(0, "");
    }
    let workshop = merged(CHANGES);
    workshop.github.hub().lag = 1_000;
    workshop.github.hub().pulls[0]["merged_at"] = json!(null);
    let payload = workshop.payload("push").replace("Change people", "Change people (#12)");
    workshop.run_with("push", &payload).ends(3, "unreviewed");
    assert_eq!(workshop.writes(), 0, "a title proves nothing");
}

#[test]
fn what_nobody_reviewed_is_not_applied() {
    let direct = Workshop::new(SAME, CHANGES);
    let step = refused(&direct, 3, "unreviewed", &["is the merge of no pull request", "new pull request"]);
    let by_hand = format!("rollcall apply manifests --expect {}", step.outputs["plan-digest"]);
    assert!(step.last_words().contains(&by_hand), "{}", step.err);

    let unplanned = Workshop::new(SAME, CHANGES);
    unplanned.merge();
    refused(&unplanned, 3, "unreviewed", &["#12 has no comment with a plan for acme"]);

    let nothing = Workshop::new(SAME, SAME);
    nothing.run("push").ends(0, "");
}

/// What somebody writes into a marker.
type Forgery = fn(Marker) -> Marker;

#[test]
fn a_comment_that_was_forged_or_is_of_another_commit_lets_nothing_through() {
    let other = rollcall::plan::Digest([7; 32]);
    let changes: [(&str, Forgery); 5] = [
        ("is not signed", |marker| Marker { digest: Some(rollcall::plan::Digest([7; 32])), ..marker }),
        ("is not signed", |marker| Marker { mac: None, ..marker }),
        ("is not signed", |marker| Marker { mac: Some([0; 32]), ..marker }),
        ("another commit", |marker| Marker { head: Some("ab".repeat(20)), ..marker }),
        ("no comment with a plan", |marker| Marker { account: "other".into(), ..marker }),
    ];
    for (words, change) in changes {
        let workshop = merged(CHANGES);
        forge(&workshop, change);
        let step = refused(&workshop, 3, "unreviewed", &[words]);
        assert_ne!(step.outputs["plan-digest"], other.to_string());
    }
    let mut workshop = merged(CHANGES);
    workshop.set("ROLLCALL_REVIEW_KEY", &"another key of the same length...".replace(' ', "-"));
    refused(&workshop, 3, "unreviewed", &["is not signed, or not with the key that this job has"]);

    // Commits that came after the plan.
    let workshop = merged(CHANGES);
    workshop.github.hub().pulls[0]["head"]["sha"] = json!("cd".repeat(20));
    refused(&workshop, 3, "unreviewed", &["another commit"]);

    // The comment of somebody else.
    let workshop = merged(CHANGES);
    workshop.github.hub().comments[0]["user"]["login"] = json!("mallory");
    refused(&workshop, 3, "unreviewed", &["no comment with a plan"]);
}

#[test]
fn without_a_key_nothing_is_applied_unless_the_workflow_asks_for_no_review() {
    let mut workshop = merged(CHANGES);
    workshop.set("ROLLCALL_REVIEW_KEY", "");
    // The key of the account is too short to make one of.
    refused(&workshop, 3, "unreviewed", &["there is no ROLLCALL_REVIEW_KEY", "openssl rand -hex 32"]);
    workshop.set("INPUT_REVIEW", "none");
    workshop.run("push").ends(0, "");
    assert!(workshop.writes() > 0);

    let mut both = merged(CHANGES);
    let step = both.set("INPUT_REVIEW", "none").run("push");
    step.ends(64, "usage");
    assert_eq!(both.writes(), 0);
    let mut over = Workshop::new(SAME, OVER_LIMIT);
    over.set("ROLLCALL_REVIEW_KEY", "").set("INPUT_REVIEW", "none");
    refused(&over, 3, "blocked", &["blocked by 1 limit"]);
}

#[test]
fn a_job_that_is_cancelled_finishes_what_is_under_way_and_its_comment_says_that_a_run_goes_on() {
    let workshop = merged(&many(400));
    let step = workshop.starts("push", &workshop.payload("push"));
    while workshop.writes() == 0 {
        std::thread::sleep(Duration::from_millis(2));
    }
    // What a runner sends when somebody cancels the job.
    assert!(Command::new("kill").args(["-TERM", &step.id().to_string()]).status().unwrap().success());
    let step = workshop.ended(step);
    assert_eq!(step.code, 143, "{}{}", step.out, step.err);
    assert!(workshop.writes() < 400, "it was stopped in the middle");
    assert!(workshop.comment().contains("Stopped: run the job again"), "{}", workshop.comment());
    workshop.run("push").ends(0, "");
    assert_eq!(workshop.writes(), 400, "nobody is created twice");
    assert!(workshop.comment().contains("Applied."), "{}", workshop.comment());
}

#[test]
fn the_key_of_the_account_signs_where_the_plan_and_the_apply_have_the_same() {
    let (key, other) = ("k3y-of-acme".repeat(4), "another-key".repeat(4));
    for (at_apply, is_same) in [(&key, true), (&other, false)] {
        let mut workshop = Workshop::new(SAME, CHANGES);
        workshop
            .set("ROLLCALL_REVIEW_KEY", "")
            .set("ACTIVTRAK_API_KEY", &key)
            .run("pull_request")
            .ends(0, "");
        workshop.merge();
        workshop.set("ACTIVTRAK_API_KEY", at_apply);
        if is_same {
            workshop.run("push").ends(0, "");
            assert!(workshop.writes() > 0);
        } else {
            let words = ["not with the key that this job has", "don't have the same ACTIVTRAK_API_KEY"];
            refused(&workshop, 3, "unreviewed", &words);
        }
        let comment = workshop.comment();
        assert!(!comment.contains(&key), "{comment}");
    }
}

#[test]
fn the_client_secret_of_a_learning_platform_signs_as_the_key_of_an_account_does() {
    let (secret, other) = ("s3cret-of-acme".repeat(3), "another-secret".repeat(3));
    for (at_apply, is_same) in [(&*secret, true), (&*other, false), ("too-short", false)] {
        let mut workshop = Workshop::learning();
        // What opens an account at ActivTrak says nothing here.
        workshop
            .set("ROLLCALL_REVIEW_KEY", "")
            .set("ACTIVTRAK_API_KEY", &"k3y-of-acme".repeat(4))
            .set("DOCEBO_CLIENT_SECRET", &secret)
            .run("pull_request")
            .ends(0, "");
        workshop.merge();
        let step = workshop.set("DOCEBO_CLIENT_SECRET", at_apply).run("push");
        if is_same {
            step.ends(0, "");
            assert!(workshop.comment().contains("Applied."), "{}", workshop.comment());
        } else {
            step.ends(3, "unreviewed");
            let why = if at_apply == other {
                "not with the key that this job has"
            } else {
                "no DOCEBO_CLIENT_SECRET"
            };
            for words in [why, "don't have the same DOCEBO_CLIENT_SECRET"] {
                assert!(step.last_words().contains(words), "{words}: {}", step.err);
            }
        }
        assert!(!workshop.comment().contains(&secret), "{}", workshop.comment());
    }
}

#[test]
fn a_plan_that_is_another_by_now_is_not_applied_and_the_difference_is_told() {
    let mut before = account();
    before["users"][0]["displayName"] = json!("Ada Byron");
    let base = "users:\n  - { displayName: Ada Byron, upn: ada@acme.example }\n";
    let planned = Workshop::of(&before, Config::default(), base, CHANGES);
    planned.run("pull_request").ends(0, "");
    // The account is another since: the plan of the same manifests renames somebody of another name.
    let workshop = Workshop::new(base, CHANGES);
    let mut comment = planned.github.hub().comments[0].clone();
    let (head, body) = (workshop.commit_of("HEAD"), comment["body"].as_str().unwrap().to_owned());
    assert_ne!(head, "");
    let key = rollcall::github::ReviewKey::new(&rollcall::http::Secret::parse(super::KEY).unwrap()).unwrap();
    let marker = Marker::read(&body).unwrap();
    let reviewed = rollcall::github::Reviewed {
        repository: super::fake::REPOSITORY,
        number: 12,
        head: &head,
        account: "acme",
        spent: 0,
        digest: marker.digest.unwrap(),
    };
    let marker = Marker { mac: Some(key.sign(&reviewed)), head: Some(head.clone()), ..marker };
    comment["body"] = json!(format!("{}\n{}", marker.line(), body.split_once('\n').unwrap().1));
    workshop.github.hub().comments.push(comment);
    workshop.merge();
    let step = refused(&workshop, 4, "plan-changed", &["not the plan that was expected", "new pull request"]);
    let told = step.err.lines().filter(|line| line.starts_with(['+', '-'])).collect::<Vec<_>>().join("\n");
    assert!(told.contains("- ! Ada Byron") && told.contains("+ ! Ada Lovelace"), "{}", step.err);
    assert!(
        workshop.comment().contains("**Not applied: the account or the manifests changed"),
        "{}",
        workshop.comment()
    );
    assert_eq!(Marker::read(&workshop.comment()).unwrap().validity, Validity::Open);
}

#[test]
fn violations_are_approved_on_the_pull_request_by_somebody_else_who_may() {
    let approved = |login: &str, permission: &'static str, edit: fn(&mut serde_json::Value)| {
        let workshop = merged(OVER_LIMIT);
        let digest = workshop.run("pull_request").outputs["plan-digest"].clone();
        let mut hub = workshop.github.hub();
        hub.permissions = vec![("reviewer", permission), (AUTHOR, "admin")];
        hub.comment(login, &format!("/rollcall approve {digest}"));
        edit(hub.comments.last_mut().unwrap());
        drop(hub);
        workshop
    };
    let workshop = approved("reviewer", "write", |_| ());
    let step = workshop.run("push");
    step.ends(0, "");
    assert!(step.err.contains("approved by reviewer"), "{}", step.err);
    assert!(workshop.writes() > 0);
    let edited = |comment: &mut serde_json::Value| comment["updated_at"] = json!("2026-05-04T09:00:01Z");
    let other = |comment: &mut serde_json::Value| {
        comment["body"] = json!(format!("/rollcall approve {}", "ab".repeat(32)));
    };
    for (login, permission, edit) in [
        ("reviewer", "read", (|_| ()) as fn(&mut serde_json::Value)),
        (AUTHOR, "write", |_| ()),
        ("reviewer", "write", edited),
        ("reviewer", "write", other),
        ("helper[bot]", "write", |_| ()),
    ] {
        refused(
            &approved(login, permission, edit),
            3,
            "blocked",
            &["blocked by 1 limit", "/rollcall approve "],
        );
    }
}

/// A rename, and an exclusion that is written after it.
const TWO_WRITES: &str = "users:
  - { displayName: Ada King, upn: ada@acme.example }
exclusions:
  - '*\\svc-backup'
";

#[test]
fn a_run_that_got_half_way_is_finished_by_running_it_again() {
    // With names the rest is known from the plan that is kept, with pseudonyms from the ledger.
    for redact in ["none", "full"] {
        let faults = [Fault::FailWritesAfter(1)].into_iter().collect();
        let mut workshop = Workshop::of(&account(), Config { faults, ..Config::default() }, SAME, TWO_WRITES);
        workshop.set("INPUT_REDACT", redact).run("pull_request").ends(0, "");
        workshop.merge();
        let half = workshop.run("push");
        half.ends(5, "unfinished");
        let comment = workshop.comment();
        assert_eq!(Marker::read(&comment).unwrap().validity, Validity::Open, "{comment}");
        assert!(comment.contains("**Applied in part: run the job again"), "{comment}");

        let seed = workshop.sandbox.snapshot();
        let healthy = workshop.runtime.block_on(Sandbox::start(seed, Config::default(), 0)).unwrap();
        let rest = workshop.set("INPUT_ENDPOINT", &healthy.url()).run("push");
        rest.ends(0, "");
        assert_eq!(rest.outputs["changes"], "1", "{}", rest.out);
        assert_ne!(rest.outputs["plan-digest"], half.outputs["plan-digest"]);
        let comment = workshop.comment();
        assert_eq!(Marker::read(&comment).unwrap().validity, Validity::Closed);
        assert_eq!(comment.matches("The plan that was reviewed").count(), 1, "{comment}");
        let _in_runtime = workshop.runtime.enter();
        drop(healthy);
    }
}

#[test]
fn only_a_push_to_the_default_branch_applies() {
    let mut workshop = merged(CHANGES);
    let branch = workshop.payload("push").replace("refs/heads/main", "refs/heads/mine");
    let step = workshop.run_with("push", &branch);
    step.ends(0, "");
    assert_eq!(step.outputs["command"], "validate");
    workshop.set("INPUT_COMMAND", "apply");
    for event in ["pull_request", "schedule", "merge_group"] {
        workshop.run(event).ends(64, "usage");
    }
    // By hand, only what the issue of drift shows is applied, and there is none.
    workshop.run("workflow_dispatch").ends(3, "unreviewed");
    workshop.run_with("push", &branch).ends(64, "usage");
    assert_eq!(workshop.writes(), 0);
}
