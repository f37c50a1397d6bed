//! Drift is kept in one issue for each account: told when it hurts or was seen twice, and never taken for gone by a check that failed.

use std::fmt::Write as _;

use rollcall::github::{DriftMarker, Last};
use rollcall::sandbox::{Config, Fault};
use serde_json::{Value, json};

use super::fake::{BOT, Mishap, REPOSITORY};
use super::people::{names_nobody, public};
use super::{SAME, Step, Workshop, account};

/// What the default branch says.
pub(super) const DECLARED: &str = "users:
  - { displayName: Ada Lovelace, upn: ada@acme.example }
  - { email: [bob@acme.example, b.leaver@acme.example], employeeId: E2 }
";

/// The account as the manifests have it.
pub(super) fn clean() -> Value {
    let mut account = account();
    account["users"][1]["emails"] = json!(["bob@acme.example", "b.leaver@acme.example"]);
    account
}

/// An email is gone: to bring it back is safe.
pub(super) fn less() -> Value {
    account()
}

/// Somebody has another name: to change it back is disruptive.
pub(super) fn renamed(mut account: Value) -> Value {
    account["users"][0]["displayName"] = json!("Ada Byron");
    account
}

/// A repository whose drift is checked.
pub(super) fn watched() -> Workshop {
    let mut workshop = Workshop::of(&clean(), Config::default(), SAME, DECLARED);
    workshop.set("INPUT_COMMAND", "drift");
    workshop
}

impl Workshop {
    /// A check, of the account as it is by then.
    #[track_caller]
    pub(super) fn checks(&mut self, account: &Value) -> Step {
        self.becomes(account, Config::default());
        let step = self.run("schedule");
        step.ends(0, "");
        assert_eq!(step.outputs["command"], "drift");
        assert_eq!(self.writes(), 0);
        step
    }

    /// The only issue: whether it is open, and what it says.
    #[track_caller]
    pub(super) fn issue(&self) -> (String, String) {
        let hub = self.github.hub();
        assert_eq!(hub.issues.len(), 1, "{:#?}", hub.issues);
        let text = |key: &str| hub.issues[0][key].as_str().unwrap().to_owned();
        (text("state"), text("body"))
    }

    /// How often somebody gets a mail: when an issue is open, and by each comment.
    fn told(&self) -> usize {
        self.github.hub().said.len()
    }
}

#[test]
fn what_comes_and_goes_is_no_alarm_and_what_is_seen_twice_in_a_row_is_told() {
    let mut workshop = watched();
    workshop.checks(&clean());
    let only_read = workshop.github.hub().requests.iter().all(|(method, ..)| method == "GET");
    assert!(only_read && workshop.github.hub().issues.is_empty(), "no issue of nothing");
    for _ in 0..2 {
        workshop.checks(&less());
        let (state, body) = workshop.issue();
        assert_eq!(state, "closed", "{body}");
        assert!(body.contains("**Nothing to do yet.**"), "{body}");
        assert!(body.contains("1 difference below is there for the first time"), "{body}");
        workshop.checks(&clean());
        assert_eq!(workshop.issue().0, "closed");
        assert!(workshop.issue().1.contains("**The account is what the manifests say.**"));
    }
    assert_eq!(workshop.told(), 0, "{:?}", workshop.github.hub().said);

    workshop.checks(&less());
    let step = workshop.checks(&less());
    let (state, body) = workshop.issue();
    assert_eq!(state, "open");
    assert!(body.contains("**The account is other than the manifests say.**"), "{body}");
    assert!(body.contains("+   email         b***@a***.example"), "{body}");
    assert!(body.contains("rollcall import --into manifests --write"), "{body}");
    assert!(body.contains(&format!("/rollcall approve {}", step.outputs["plan-digest"])), "{body}");
    assert_eq!(step.outputs["issue-url"], format!("https://github.example/{REPOSITORY}/issues/1001"));
    assert_eq!(workshop.told(), 1, "opened again");
    for _ in 0..3 {
        workshop.checks(&less());
    }
    assert_eq!((workshop.issue().0.as_str(), workshop.told()), ("open", 1), "the same is not told twice");
    // Without a key nobody can sign what would be applied: it is applied by hand.
    workshop.set("ROLLCALL_REVIEW_KEY", "").checks(&renamed(clean()));
    let by_hand = format!(
        "rollcall apply manifests --expect {}",
        DriftMarker::read(&workshop.issue().1).unwrap().digest.unwrap()
    );
    assert!(workshop.issue().1.contains(&by_hand), "{}", workshop.issue().1);
    assert!(!workshop.issue().1.contains("/rollcall approve"), "{}", workshop.issue().1);
}

#[test]
fn what_is_disruptive_is_told_at_once_and_the_issue_follows_the_account() {
    let mut workshop = watched();
    let step = workshop.checks(&renamed(clean()));
    let (state, body) = workshop.issue();
    assert_eq!(state, "open");
    assert!(body.contains("Ada Byron → Ada Lovelace"), "{body}");
    assert_eq!(
        (step.outputs["changes"].as_str(), workshop.told()),
        ("1", 0),
        "a new issue is a mail by itself"
    );
    let marker = DriftMarker::read(&body).unwrap();
    assert_eq!(marker.digest.unwrap().to_string(), step.outputs["plan-digest"]);
    assert_eq!(marker.head, Some(workshop.commit_of("HEAD")));
    assert!(marker.mac.is_some());

    workshop.checks(&renamed(less()));
    let (_, body) = workshop.issue();
    assert!(
        body.contains("Ada Byron") && body.contains("1 difference below is there for the first time"),
        "{body}"
    );
    assert_eq!(workshop.told(), 0);
    workshop.checks(&renamed(less()));
    assert_eq!(workshop.told(), 1, "what was there for the first time is told now");

    workshop.checks(&clean());
    let (state, body) = workshop.issue();
    assert_eq!((state.as_str(), workshop.told()), ("closed", 2));
    assert!(!body.contains("Ada Byron"), "{body}");
    assert_eq!(DriftMarker::read(&body).unwrap().digest, None, "a closed issue lets nothing through");
    workshop.checks(&renamed(clean()));
    assert_eq!((workshop.issue().0.as_str(), workshop.told()), ("open", 3), "the same issue, opened again");
}

#[test]
fn an_issue_that_somebody_closed_is_opened_again_while_the_drift_is_there() {
    let mut workshop = watched();
    workshop.checks(&renamed(clean()));
    workshop.github.hub().issues[0]["state"] = json!("closed");
    workshop.checks(&renamed(clean()));
    assert_eq!((workshop.issue().0.as_str(), workshop.told()), ("open", 0));
}

#[test]
fn the_issue_is_found_among_hundreds_with_and_without_its_label_and_by_who_opened_it() {
    for labels in [&["rollcall-drift"][..], &[]] {
        let mut workshop = watched();
        let ours = |account: &str| DriftMarker { account: account.into(), ..DriftMarker::default() }.line();
        {
            let mut hub = workshop.github.hub();
            hub.drops_labels = Some(());
            hub.open("mallory", ("Rollcall: drift of acme", &ours("acme")), &["rollcall-drift"]);
            hub.open(BOT, ("another account", &ours("acme 2")), &["rollcall-drift"]);
            hub.open(
                BOT,
                ("not in the first line", &format!("Look:\n{}", ours("acme"))),
                &["rollcall-drift"],
            );
            hub.open(BOT, ("a pull request", &ours("acme")), &["rollcall-drift"]);
            hub.issues.last_mut().unwrap()["pull_request"] = json!({ "url": "https://x.example" });
            for at in 0..297 {
                hub.open("talker", (&format!("issue {at}"), "words"), &["rollcall-drift"]);
            }
            hub.open(BOT, ("Rollcall: drift of acme", &ours("acme")), labels);
            hub.open(BOT, ("Rollcall: drift of acme", &ours("acme")), labels);
        }
        let before = workshop.github.hub().issues.clone();
        workshop.checks(&renamed(clean()));
        let hub = workshop.github.hub();
        let changed: Vec<u64> = (before.iter().zip(&hub.issues))
            .filter(|(before, after)| before != after)
            .map(|(_, after)| after["number"].as_u64().unwrap())
            .collect();
        assert_eq!((changed, hub.issues.len()), (vec![1302, 1303], 303));
        assert_eq!(
            (&hub.issues[301]["state"], &hub.issues[302]["state"]),
            (&json!("open"), &json!("closed"))
        );
        assert!(hub.issues[302]["body"].as_str().unwrap().contains("#1302"), "{}", hub.issues[302]);
    }
}

#[test]
fn no_mishap_leaves_two_issues() {
    for mishap in [Mishap::Unwritten, Mishap::WrittenUnsaid, Mishap::Overtaken] {
        let mut workshop = watched();
        workshop.github.hub().mishap = Some(mishap);
        workshop.checks(&renamed(clean()));
        workshop.checks(&renamed(clean()));
        let hub = workshop.github.hub();
        let open: Vec<&Value> = hub.issues.iter().filter(|it| it["state"] == "open").collect();
        assert_eq!(open.len(), 1, "{mishap:?}");
        assert_eq!(open[0]["number"], 1001, "{mishap:?}: the older one stays");
        assert!(open[0]["body"].as_str().unwrap().contains("Ada Byron"), "{mishap:?}");
    }
}

#[test]
fn a_check_that_failed_is_red_says_so_in_the_issue_and_closes_nothing() {
    let failing = |fault| Config { faults: [fault].into_iter().collect(), ..Config::default() };
    let mut workshop = watched();
    workshop.becomes(&clean(), failing(Fault::NoMemberships));
    workshop.run("schedule").ends(1, "error");
    assert_eq!(workshop.github.hub().issues.len(), 0, "the red job says it");

    workshop.checks(&renamed(clean()));
    let (_, before) = workshop.issue();
    for (fault, key) in [(Fault::NoMemberships, "k3y-of-acme"), (Fault::FailWrites, "")] {
        workshop.becomes(&clean(), failing(fault));
        workshop.set("ACTIVTRAK_API_KEY", key);
        let step = workshop.run("schedule");
        step.ends(1, "error");
        let (state, body) = workshop.issue();
        assert_eq!(state, "open", "{fault:?}");
        assert!(body.contains("**The account could not be compared.**"), "{body}");
        assert!(body.contains("What the last comparison found"), "{body}");
        assert!(body.contains("Ada Byron → Ada Lovelace"), "what was known is still there: {body}");
        let (now, was) = (DriftMarker::read(&body).unwrap(), DriftMarker::read(&before).unwrap());
        assert_eq!(now, DriftMarker { last: Last::Failed, ..was });
        assert_eq!(body.matches("could not be compared").count(), 1, "{body}");
    }
    assert_eq!(workshop.told(), 1, "said once, not each night");
    workshop.set("ACTIVTRAK_API_KEY", "k3y-of-acme").checks(&renamed(clean()));
    assert_eq!((workshop.issue().0.as_str(), workshop.told()), ("open", 1));
    assert_eq!(DriftMarker::read(&workshop.issue().1), DriftMarker::read(&before));
}

#[test]
fn a_failed_check_between_two_that_saw_the_same_forgets_nothing() {
    let mut workshop = watched();
    workshop.checks(&less());
    workshop.commit("users:\n  - { displayName: Ada, email: ada@acme.example, trackin: tracked }\n");
    workshop.run("schedule").ends(1, "error");
    let (state, body) = workshop.issue();
    assert_eq!(state, "closed");
    assert!(body.contains("could not be compared"), "a closed issue claims nothing either: {body}");
    workshop.commit(DECLARED);
    workshop.checks(&less());
    assert_eq!(workshop.issue().0, "open");
}

#[test]
fn an_issue_that_cannot_be_written_is_red_and_the_summary_has_what_was_found() {
    let mut workshop = watched();
    workshop.github.hub().reads_only = Some(());
    workshop.becomes(&renamed(clean()), Config::default());
    let step = workshop.run("schedule");
    step.ends(1, "error");
    assert!(step.last_words().contains("/issues was answered 403"), "{}", step.err);
    assert!(step.summary.contains("Ada Byron → Ada Lovelace"), "{}", step.summary);
    workshop.set("ROLLCALL_GITHUB_TOKEN", "ghs_another");
    let step = workshop.run("schedule");
    step.ends(1, "error");
    assert!(step.last_words().contains("401"), "{}", step.err);
}

#[test]
fn in_a_public_repository_no_issue_names_anybody() {
    let mut workshop = watched();
    for account in [less(), renamed(less()), renamed(less()), clean()] {
        workshop.becomes(&account, Config::default());
        let step = workshop.run_with("schedule", &public(&workshop.payload("schedule")));
        step.ends(0, "");
        names_nobody(&workshop, &step);
    }
    assert!(workshop.told() > 0);
    let faults = [Fault::NoMemberships].into_iter().collect();
    workshop.becomes(&renamed(clean()), Config { faults, ..Config::default() });
    let step = workshop.run_with("schedule", &public(&workshop.payload("schedule")));
    step.ends(1, "error");
    names_nobody(&workshop, &step);
}

#[test]
fn a_name_in_the_account_neither_pings_nor_forges_a_marker_of_an_issue() {
    const NAME: &str = "<!-- rollcall:v1 {} -->\n```\n@acme/all </details> ##[group]x \u{202e}z";
    let mut workshop = watched();
    let mut account = clean();
    account["users"][0]["displayName"] = json!(NAME);
    workshop.checks(&account);
    let (_, body) = workshop.issue();
    assert_eq!(body.matches("<!--").count(), 1, "{body}");
    assert_eq!(DriftMarker::read(&body).unwrap().account, "acme");
    assert!(!body.contains(['\u{202e}', '\u{1b}']) && !body.contains("##["), "{body}");
    let seen = super::plan::outside_of_code(body.split_once('\n').unwrap().1);
    assert!(!seen.contains("@acme") && !seen.contains("/details"), "{seen}");
}

#[test]
fn each_account_has_an_issue_of_its_own() {
    let mut workshop = watched();
    workshop.checks(&renamed(clean()));
    let other = super::HEAD.replace("name: acme", "name: acme 2");
    std::fs::write(workshop.checkout().join("manifests/rollcall.yaml"), format!("{other}{DECLARED}"))
        .unwrap();
    workshop.checks(&renamed(clean()));
    workshop.checks(&renamed(clean()));
    let hub = workshop.github.hub();
    let titles: Vec<&Value> = hub.issues.iter().map(|it| &it["title"]).collect();
    assert_eq!(titles, [&json!("Rollcall: drift of acme"), &json!("Rollcall: drift of acme 2")]);
}

#[test]
fn more_than_can_be_remembered_is_told_at_once() {
    for (count, state) in [(500, "closed"), (501, "open")] {
        let (mut account, mut manifest) = (clean(), DECLARED.to_owned());
        for at in 0..count {
            let email = format!("person.{at}@acme.example");
            let user = json!({ "id": 1000 + at, "displayName": format!("Person {at}"), "emails": [email] });
            account["users"].as_array_mut().unwrap().push(user);
            writeln!(manifest, "  - {{ email: [{email}, more.{at}@acme.example] }}").unwrap();
        }
        let policy = "policy: { limits: { identifiers: { email: 1000 } } }\n";
        let mut workshop = Workshop::of(&account, Config::default(), SAME, &format!("{policy}{manifest}"));
        workshop.set("INPUT_COMMAND", "drift").checks(&account);
        let (now, body) = workshop.issue();
        assert_eq!(now, state, "{count}: {}", &body[..4_500]);
        assert!(body.len() < 60_000, "{}", body.len());
        assert_eq!(DriftMarker::read(&body).unwrap().seen.len(), 500);
    }
}

#[test]
fn what_stands_against_undoing_it_is_told_at_once() {
    let mut workshop = watched();
    // Somebody else has the employee ID: which of the two is Bob is for a human to say.
    let mut account = clean();
    account["users"][1]["employeeIds"] = json!([]);
    account["users"][2]["employeeIds"] = json!(["E2"]);
    workshop.checks(&account);
    let (state, body) = workshop.issue();
    assert_eq!(state, "open", "{body}");
    assert!(body.contains("settle first what is in the way: 1 blocker"), "{body}");
    assert_eq!(DriftMarker::read(&body).unwrap().digest, None, "nothing of it can be applied");
    let over = format!("policy: {{ limits: {{ renames: 0 }} }}\n{DECLARED}");
    workshop.commit(&over);
    workshop.checks(&renamed(clean()));
    let (_, body) = workshop.issue();
    assert!(body.contains("BLOCKED by 1 limit") && body.contains("Stands against it"), "{body}");
}

#[test]
fn who_wrote_a_value_last_is_said_where_the_account_says_it() {
    let mut workshop = watched();
    workshop.commit(
        "users:
  - { displayName: Ada Lovelace, upn: ada@acme.example, adopt: [displayName] }
  - { email: [bob@acme.example, b.leaver@acme.example], employeeId: E2 }
",
    );
    let mut account = clean();
    account["users"][0]["displayName"] = json!({ "value": "Ada Byron", "source": "Workday" });
    workshop.checks(&account);
    let (_, body) = workshop.issue();
    assert!(body.contains("Ada Byron → Ada Lovelace: last set by Workday"), "{body}");
    let mut account = renamed(clean());
    account["users"][1]["emails"] = json!([
        "bob@acme.example", "b.leaver@acme.example", { "value": "bob@home.example", "source": "AdminAPI" },
    ]);
    let step = workshop.checks(&account);
    let (_, body) = workshop.issue();
    assert!(body.contains("Ada Byron → Ada Lovelace: last set by somebody in the app"), "{body}");
    assert!(body.contains("-   email         b***@h***.example (last set with an API key)"), "{body}");
    let plan = workshop.set("INPUT_COMMAND", "plan").run("schedule");
    assert_eq!(
        plan.outputs["plan-digest"], step.outputs["plan-digest"],
        "who wrote it is no part of the plan"
    );
    assert!(!plan.out.contains("last set by somebody"), "{}", plan.out);
}

/// The account with an HR group of two.
fn with_office() -> Value {
    let mut account = clean();
    let office = json!({ "id": 11, "name": "Oslo office", "source": "hr" });
    account["groups"].as_array_mut().unwrap().push(office);
    for user in account["users"].as_array_mut().unwrap().iter_mut().take(2) {
        let groups = user["groups"].as_array().cloned().unwrap_or_default();
        user["groups"] = json!([&groups[..], &[json!(11)]].concat());
    }
    account
}

#[test]
fn an_hr_upload_that_is_under_way_is_no_drift_and_does_not_close_the_issue() {
    let mut workshop = watched();
    let office =
        format!("{DECLARED}groups:\n  - {{ name: Oslo office, source: hr, members: [E1, E2, E3] }}\n");
    workshop.commit(&office);
    workshop.checks(&renamed(with_office()));
    assert_eq!(workshop.issue().0, "open");
    // An apply has uploaded the set, and undone the rest.
    let faults = [Fault::SlowHr(std::time::Duration::from_mins(5))].into_iter().collect();
    workshop.becomes(&with_office(), Config { faults, ..Config::default() });
    let applied = std::process::Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args([
            "apply",
            "manifests",
            "--yes",
            "--settle",
            "0s",
            "--wait",
            "10ms",
            "--endpoint",
            &workshop.sandbox.url(),
        ])
        .current_dir(workshop.checkout())
        .env("ACTIVTRAK_API_KEY", "k3y-of-acme")
        .output()
        .unwrap();
    assert_eq!(applied.status.code(), Some(6), "{}", String::from_utf8_lossy(&applied.stderr));
    for _ in 0..2 {
        workshop.run("schedule").ends(0, "");
        let (state, body) = workshop.issue();
        assert_eq!(state, "open", "what HR groups are like is not known: {body}");
        assert!(body.contains("**Nothing to do while an HR upload is under way.**"), "{body}");
        assert!(body.contains("HR groups are not compared: `the HR upload of "), "{body}");
        assert!(!body.contains("To undo it") && !body.contains("To accept it"), "{body}");
        assert_eq!(DriftMarker::read(&body).unwrap().digest, None, "nothing is applied meanwhile");
    }
    assert_eq!(workshop.told(), 0, "{:?}", workshop.github.hub().said);
}

#[test]
fn drift_is_checked_on_a_schedule_or_by_hand_and_for_nobody_else() {
    let mut workshop = watched();
    workshop.becomes(&renamed(clean()), Config::default());
    for event in ["pull_request", "fork", "dependabot", "push", "merge_group"] {
        let step = workshop.run(event);
        step.ends(64, "usage");
        assert!(step.last_words().contains("on: schedule"), "{event}: {}", step.err);
    }
    let branch = workshop.payload("workflow_dispatch").replace("refs/heads/main", "refs/heads/mine");
    workshop.run_with("workflow_dispatch", &branch).ends(64, "usage");
    assert_eq!((workshop.github.hub().requests.len(), workshop.sandbox.requests().len()), (0, 0));
    workshop.run("workflow_dispatch").ends(0, "");
    assert_eq!(workshop.issue().0, "open");
}
