//! A learning platform without its API: exported lists in the repository give the plan on the pull request, and the files to upload once
//! it is merged.

use std::fs;

use super::Workshop;

/// The head of every manifest.
const HEAD: &str = "account: { name: acme, platform: docebo, id: acme, username: email }
users:
  - { displayName: Ada Lovelace, email: ada@acme.example }
  - { displayName: Bo Nilsen, email: bo@acme.example }
";
/// What the pull request adds.
const GROUPS: &str = "groups:
  - { name: Drivers, members: [ada@acme.example, bo@acme.example] }
";

/// A repository with lists of the platform, whose pull request puts somebody into a group who is not there yet.
fn workshop(groups: &str) -> Workshop {
    let mut workshop = Workshop::new("", "");
    fs::create_dir(workshop.checkout().join("lists")).unwrap();
    workshop.holds("lists/Drivers.csv", "Login,Status\nada@acme.example,Active\n");
    workshop.holds("everybody.csv", "Login,First name,Last name\nada@acme.example,Ada,Lovelace\n");
    for groups in ["", groups] {
        workshop.holds("manifests/rollcall.yaml", &format!("{HEAD}{groups}"));
        workshop.git(&["add", "-A"]);
        workshop.git(&["commit", "-q", "-m", "a change"]);
    }
    workshop.set("INPUT_ENDPOINT", "").set("ACTIVTRAK_API_KEY", "").set("ROLLCALL_REVIEW_KEY", "");
    workshop.set("INPUT_OBSERVED", "lists\n").set("INPUT_OBSERVED_USERS", "everybody.csv");
    workshop.set("INPUT_USERNAME_COLUMN", "Login").set("INPUT_UPLOADS", "uploads");
    workshop
}

impl Workshop {
    /// Writes a file of the checkout.
    fn holds(&self, file: &str, text: &str) {
        fs::write(self.checkout().join(file), text).unwrap();
    }

    /// A file that was written for somebody to upload.
    fn upload(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.checkout().join("uploads").join(file)).ok()
    }
}

#[test]
fn a_pull_request_shows_the_plan_over_lists_with_no_key() {
    let workshop = workshop(GROUPS);
    let step = workshop.run("pull_request");
    step.ends(0, "");
    assert_eq!((step.outputs["command"].as_str(), step.outputs["changes"].as_str()), ("plan", "2"));
    let comment = workshop.comment();
    for said in ["1 → 2", "Bo Nilsen", "upload associations/Drivers.csv", "upload users.csv, 1 row"] {
        assert!(comment.contains(said), "{said}: {comment}");
    }
    assert!(!comment.contains("bo@acme.example"), "addresses are withheld: {comment}");
    assert!(!step.out.contains("No review"), "nobody has to sign what is not applied: {}", step.out);
    assert_eq!(workshop.upload("users.csv"), None, "nobody agreed yet");
}

#[test]
fn a_merge_over_lists_writes_the_files_to_upload_and_applies_nothing() {
    let workshop = workshop(GROUPS);
    let step = workshop.run("push");
    step.ends(0, "");
    assert_eq!(step.outputs["command"], "plan");
    let users = "username,firstname,lastname,email\nbo@acme.example,Bo,Nilsen,bo@acme.example\n";
    assert_eq!(workshop.upload("users.csv").as_deref(), Some(users));
    assert_eq!(workshop.upload("associations/Drivers.csv").as_deref(), Some("username\nbo@acme.example\n"));
    for said in ["TO UPLOAD", "+ uploads/users.csv", "+ uploads/associations/Drivers.csv   into Drivers"] {
        assert!(step.summary.contains(said), "{said}: {}", step.summary);
    }
    assert!(!step.summary.contains("bo@acme.example"), "{}", step.summary);

    // Uploaded, exported again, and merged: nothing is left.
    fs::remove_dir_all(workshop.checkout().join("uploads")).unwrap();
    workshop.holds("lists/Drivers.csv", "Login\nada@acme.example\nbo@acme.example\n");
    workshop.holds(
        "everybody.csv",
        "Login,First name,Last name\nada@acme.example,Ada,Lovelace\nbo@acme.example,Bo,Nilsen\n",
    );
    let again = workshop.run("push");
    again.ends(0, "");
    assert_eq!(again.outputs["changes"], "0");
    assert!(again.summary.contains("No file is needed"), "{}", again.summary);
    assert_eq!(workshop.upload("users.csv"), None);
}

#[test]
fn no_file_names_people_where_they_are_pseudonyms() {
    let mut workshop = workshop(GROUPS);
    workshop.set("INPUT_REDACT", "full");
    let step = workshop.run("push");
    step.ends(0, "");
    assert_eq!(step.outputs["changes"], "2");
    assert!(step.told("notice").iter().any(|it| it.contains("would name them")), "{}", step.out);
    assert!(!workshop.checkout().join("uploads").exists());
}

#[test]
fn a_plan_over_lists_that_something_stands_against_makes_no_file() {
    let workshop = workshop(
        "policy: { limits: { leaveGroup: 0 } }\ngroups:\n  - { name: Drivers, members: [bo@acme.example] }\n",
    );
    let step = workshop.run("push");
    step.ends(3, "blocked");
    let by_hand = format!("`rollcall export users` with --approve {}", step.outputs["plan-digest"]);
    assert!(step.last_words().contains(&by_hand), "{}", step.err);
    assert!(!workshop.checkout().join("uploads").exists());
}

#[test]
fn lists_are_neither_applied_to_nor_checked_for_drift_and_are_for_a_learning_platform() {
    let mut lists = workshop(GROUPS);
    for (command, event, why) in [
        ("apply", "push", "nothing can be applied to them"),
        ("apply", "workflow_dispatch", "nothing can be applied to them"),
        ("drift", "schedule", "a drift check looks at the account itself"),
    ] {
        let step = lists.set("INPUT_COMMAND", command).run(event);
        step.ends(64, "usage");
        assert!(step.last_words().contains(why), "{command}: {}", step.err);
    }
    lists.set("INPUT_COMMAND", "").set("INPUT_OBSERVED", "").set("INPUT_OBSERVED_USERS", "");
    let step = lists.run("push");
    step.ends(64, "usage");
    assert!(step.last_words().contains("the input `username-column` says nothing"), "{}", step.err);

    let mut elsewhere = Workshop::new(super::SAME, super::CHANGES);
    elsewhere.set("INPUT_OBSERVED", "groups.csv");
    let step = elsewhere.run("pull_request");
    step.ends(64, "usage");
    assert!(step.last_words().contains("exported lists are for a learning platform"), "{}", step.err);
}
