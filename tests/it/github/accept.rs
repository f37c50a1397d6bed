//! Drift is accepted by a draft of a pull request, on a branch that is nobody's but Rollcall's.

use std::fs;

use rollcall::sandbox::Config;
use serde_json::{Value, json};

use super::drift::{DECLARED, clean, less, renamed, watched};
use super::people::{names_nobody, public};
use super::{Step, Workshop};

const BRANCH: &str = "rollcall/drift-acme";

/// A repository whose drift checks propose to accept it.
fn proposing() -> Workshop {
    let mut workshop = watched();
    workshop.set("INPUT_ACCEPT", "draft");
    workshop
}

impl Workshop {
    /// What the branch says, as files of the repository.
    fn branch(&self) -> Vec<(String, String)> {
        let hub = self.github.hub();
        let commit = &hub.git.commits[&hub.git.branches[BRANCH]];
        assert_eq!(commit["parents"], json!([{ "sha": self.commit_of("HEAD") }]));
        hub.git.trees[commit["tree"]["sha"].as_str().unwrap()].clone()
    }

    /// How many requests there were that write below a path.
    fn sent(&self, below: &str) -> usize {
        let hub = self.github.hub();
        hub.requests.iter().filter(|(method, path, _)| method != "GET" && path.contains(below)).count()
    }
}

/// The notice that there is no draft, and why.
#[track_caller]
fn no_draft(step: &Step, why: &str) {
    let told = step.told("notice");
    assert!(told.iter().any(|it| it.contains("there is no draft") && it.contains(why)), "{why}: {told:?}");
}

#[test]
fn a_draft_would_make_the_manifests_say_what_the_account_has() {
    let mut workshop = proposing();
    let before = fs::read_to_string(workshop.checkout().join("manifests/rollcall.yaml")).unwrap();
    workshop.checks(&renamed(less()));
    let reads = workshop.sandbox.requests();
    let reads = reads.iter().filter(|it| it.path.starts_with("/identity/v1/entities?Page=1"));
    assert_eq!(reads.count(), 1, "the account is read once");
    let files = workshop.branch();
    let [(path, text)] = &files[..] else { panic!("{files:?}") };
    assert_eq!(path, "manifests/rollcall.yaml");
    assert_eq!(
        *text,
        before
            .replace("Ada Lovelace", "Ada Byron")
            .replace("[bob@acme.example, b.leaver@acme.example]", "[bob@acme.example]")
    );
    let pull = workshop.github.hub().pulls[0].clone();
    assert_eq!(
        (&pull["draft"], &pull["base"]["ref"], &pull["title"]),
        (&json!(true), &json!("main"), &json!("Accept drift of acme"))
    );
    let said = pull["body"].as_str().unwrap();
    assert!(said.contains("Ada Byron") && !said.contains("bob@acme.example"), "addresses are masked: {said}");
    let (_, body) = workshop.issue();
    let link = "review [#2001, a draft](https://github.example/acme/accounts/pull/2001), and merge it.";
    assert!(body.contains(link), "{body}");
    assert_eq!(
        fs::read_to_string(workshop.checkout().join(path)).unwrap(),
        before,
        "the checkout stays as it was"
    );

    // The same drift of the same commit is the same branch.
    workshop.checks(&renamed(less()));
    assert_eq!(
        (workshop.sent("/git/commits"), workshop.sent("/git/refs"), workshop.sent("/pulls")),
        (1, 1, 2)
    );
    // Another drift, or another commit, moves it.
    workshop.checks(&renamed(clean()));
    workshop.commit(&format!("# more\n{DECLARED}"));
    workshop.checks(&renamed(clean()));
    assert!(workshop.branch()[0].1.contains("# more"));
    let pulls = workshop.github.hub().pulls.len();
    assert_eq!((pulls, workshop.sent("/git/commits")), (1, 3));

    // Once it is merged there is no drift, and the branch goes.
    fs::write(workshop.checkout().join(path), &workshop.branch()[0].1).unwrap();
    workshop.checks(&renamed(clean()));
    assert_eq!(workshop.issue().0, "closed");
    let hub = workshop.github.hub();
    assert!(hub.git.branches.is_empty(), "{:?}", hub.git.branches);
    assert_eq!(hub.pulls[0]["state"], "closed");
}

#[test]
fn the_bytes_around_what_is_edited_stay() {
    let mut workshop = proposing();
    let manifests = workshop.checkout().join("manifests/rollcall.yaml");
    let text = format!("\u{feff}{}", fs::read_to_string(&manifests).unwrap().replace('\n', "\r\n"));
    fs::write(&manifests, &text).unwrap();
    workshop.checks(&renamed(clean()));
    assert_eq!(workshop.branch()[0].1, text.replace("Ada Lovelace", "Ada Byron"));
}

#[test]
fn where_no_pull_request_may_be_opened_the_issue_leads_to_where_somebody_opens_it() {
    for refusal in [
        (403, "GitHub Actions is not permitted to create or approve pull requests."),
        (422, "Draft pull requests are not supported in this repository."),
    ] {
        let mut workshop = proposing();
        workshop.github.hub().git.no_pulls = Some(refusal);
        workshop.checks(&renamed(clean()));
        let (_, body) = workshop.issue();
        let link = format!(
            "[a pull request](https://github.example/acme/accounts/compare/main...{BRANCH}?expand=1)"
        );
        assert!(body.contains(&link), "{body}");
    }
}

#[test]
fn a_branch_that_somebody_else_wrote_to_is_left_alone() {
    let mut workshop = proposing();
    workshop.checks(&renamed(clean()));
    let theirs = {
        let mut hub = workshop.github.hub();
        let ours = hub.git.commits[&hub.git.branches[BRANCH]].clone();
        let commit =
            json!({ "sha": "ab".repeat(20), "message": "Mine\n", "tree": ours["tree"], "parents": [] });
        hub.git.commits.insert("ab".repeat(20), commit);
        hub.git.branches.insert(BRANCH.to_owned(), "ab".repeat(20));
        hub.git.branches.clone()
    };
    let step = workshop.checks(&renamed(less()));
    no_draft(
        &step,
        "somebody else wrote the last commit of rollcall/drift-acme; merge that branch, or delete it",
    );
    assert!(
        workshop.issue().1.contains("rollcall import --into manifests --write"),
        "by hand: {}",
        workshop.issue().1
    );
    workshop.checks(&clean());
    assert_eq!(workshop.github.hub().git.branches, theirs);
}

#[test]
fn a_draft_that_cannot_be_made_is_a_notice_and_the_issue_is_kept() {
    let mut workshop = proposing();
    workshop.github.hub().git.is_closed = Some(());
    let step = workshop.checks(&renamed(clean()));
    no_draft(&step, "/git/trees was answered 403");
    assert_eq!(workshop.issue().0, "open");
    assert!(workshop.issue().1.contains("rollcall import --into manifests --write"));
}

#[test]
fn nothing_is_pushed_unless_the_workflow_asks_for_it_nor_where_people_are_pseudonyms() {
    let mut workshop = watched();
    workshop.checks(&renamed(clean()));
    assert_eq!(workshop.sent("/git/"), 0);
    workshop.set("INPUT_ACCEPT", "draft");
    let step = workshop.run_with("schedule", &public(&workshop.payload("schedule")));
    step.ends(0, "");
    no_draft(&step, "people are pseudonyms here");
    assert_eq!((workshop.sent("/git/"), workshop.sent("/pulls")), (0, 0));

    let mut workshop = proposing();
    workshop.becomes(&renamed(clean()), Config::default());
    let step = workshop.run_with("schedule", &public(&workshop.payload("schedule")));
    names_nobody(&workshop, &step);
    // What was seen once is proposed to nobody.
    let mut workshop = proposing();
    workshop.checks(&less());
    assert_eq!(workshop.sent("/git/"), 0);
}

#[test]
fn what_no_edit_can_say_is_named_in_the_issue() {
    let mut workshop = proposing();
    let mut account = clean();
    account["users"][1]["employeeIds"] = json!([]);
    account["users"][2]["employeeIds"] = json!(["E2"]);
    workshop.checks(&account);
    let (_, body) = workshop.issue();
    let accept: Vec<&str> = body.lines().filter(|line| line.starts_with("**To accept it**")).collect();
    assert!(accept[0].contains("there is nothing that an edit of the manifests could do"), "{body}");
    let pulls: Vec<Value> = workshop.github.hub().pulls.clone();
    assert_eq!((pulls.len(), workshop.sent("/git/")), (0, 0));
}
