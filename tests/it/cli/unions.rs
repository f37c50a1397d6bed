//! Several plans that were reviewed, and merged together.

use super::{Folder, Ran};

/// Two HR groups that two pull requests change, one that neither does, and an app group.
const ACCOUNT: &str = r#"{
  "version": 1,
  "account": { "id": 7, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada Lovelace", "upns": ["ada@acme.example"], "employeeIds": ["E1"], "groups": [10, 11, 12, 13] },
    { "id": 2, "displayName": "Bob Stone", "emails": ["bob@acme.example"], "employeeIds": ["E2"], "groups": [11, 13] },
    { "id": 3, "displayName": "Cy Young", "emails": ["cy@acme.example"], "employeeIds": ["E3"] },
    { "id": 4, "displayName": "Di Prince", "emails": ["di@acme.example"], "employeeIds": ["E4"] }
  ],
  "groups": [
    { "id": 10, "name": "Engineering" },
    { "id": 11, "name": "Oslo office", "source": "hr" },
    { "id": 12, "name": "Rome office", "source": "hr" },
    { "id": 13, "name": "Lima office", "source": "hr" }
  ]
}"#;

/// Manifests in which each of two pull requests may have been merged.
struct Merged {
    /// Cy joins Oslo and Ada is renamed.
    first: bool,
    /// Di joins Oslo and Rome.
    second: bool,
}

const NEITHER: Merged = Merged { first: false, second: false };
const FIRST: Merged = Merged { first: true, second: false };
const SECOND: Merged = Merged { first: false, second: true };
const BOTH: Merged = Merged { first: true, second: true };

impl Merged {
    fn manifest(&self) -> String {
        let joined = |it: bool, who: &str| if it { format!(", {who}") } else { String::new() };
        format!(
            "users:
  - {{ displayName: Ada {}, upn: ada@acme.example, employeeId: E1 }}
  - {{ email: bob@acme.example, employeeId: E2 }}
  - {{ email: cy@acme.example, employeeId: E3 }}
  - {{ email: di@acme.example, employeeId: E4 }}
groups:
  - {{ name: Oslo office, source: hr, members: [E1, E2{}{}] }}
  - {{ name: Rome office, source: hr, members: [E1{}] }}
",
            if self.first { "King" } else { "Lovelace" },
            joined(self.first, "E3"),
            joined(self.second, "E4"),
            joined(self.second, "E4"),
        )
    }
}

/// A folder in which both pull requests were planned, each for itself, over the account as it is.
fn reviewed() -> Folder {
    let folder = Folder::new("");
    folder.write("account.json", ACCOUNT);
    for (merged, file) in [(FIRST, "first.json"), (SECOND, "second.json")] {
        folder.say(&merged.manifest());
        let planned = folder.run(&["plan", "--out", file]);
        assert_eq!(planned.code, 0, "{}{}", planned.out, planned.err);
    }
    std::fs::remove_dir_all(folder.path().join(".rollcall")).unwrap();
    folder.say(&BOTH.manifest());
    folder
}

fn apply(folder: &Folder, expected: &[&str]) -> Ran {
    let mut args = vec!["apply", "--yes", "--settle", "0s"];
    args.extend(expected.iter().flat_map(|file| ["--expect", file]));
    folder.run(&args)
}

#[test]
fn two_reviewed_plans_that_were_merged_together_are_carried_out() {
    let folder = reviewed();
    let alone = apply(&folder, &["first.json"]);
    assert_eq!(alone.code, 4, "the other plan's facts were not expected: {}{}", alone.out, alone.err);
    let ran = apply(&folder, &["first.json", "second.json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(folder.run(&["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn one_of_several_reviewed_plans_is_a_part_of_them() {
    for merged in [FIRST, SECOND, NEITHER] {
        let folder = reviewed();
        folder.say(&merged.manifest());
        let ran = apply(&folder, &["first.json", "second.json"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
}

#[test]
fn the_second_of_two_plans_is_carried_out_where_the_first_was_before() {
    let folder = reviewed();
    folder.say(&FIRST.manifest());
    assert_eq!(apply(&folder, &["first.json"]).code, 0);
    folder.say(&BOTH.manifest());
    let alone = apply(&folder, &["second.json"]);
    assert_eq!(alone.code, 4, "its set was reviewed with others in it: {}", alone.err);
    let said = "HR groups whose members are others than the review found or leaves there: Oslo office";
    assert!(alone.err.contains(said), "{}", alone.err);
    let ran = apply(&folder, &["first.json", "second.json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn a_group_that_somebody_else_changed_is_in_no_reviewed_set() {
    let folder = reviewed();
    // Bob left Lima, which both plans carry.
    folder.write("account.json", &ACCOUNT.replace(r#""groups": [11, 13] }"#, r#""groups": [11] }"#));
    let stale = apply(&folder, &["first.json", "second.json"]);
    assert_eq!(stale.code, 4, "{}", stale.err);
    assert!(stale.err.contains("leaves there: Lima office"), "{}", stale.err);
}

#[test]
fn an_approval_that_is_combined_with_another_plan_is_told_apart() {
    let folder = reviewed();
    folder.say(&BOTH.manifest());
    let ran = folder.run(&["apply", "--yes", "--expect", "first.json", "--approve", "second.json"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("an approval is of one whole plan"), "{}", ran.err);
}

#[test]
fn what_is_in_none_of_several_plans_is_told_apart_from_what_is_in_which() {
    let folder = reviewed();
    folder.say(&BOTH.manifest().replace("cy@acme.example", "[cy@acme.example, young@acme.example]"));
    let stale = apply(&folder, &["first.json", "second.json"]);
    assert_eq!(stale.code, 4, "{}", stale.err);
    for line in [
        "1 is first.json",
        "2 is second.json",
        "+ none     user Cy Young",
        "= 1        user Ada Lovelace",
        "= 1        hr group Oslo office (record 11): 1 fact",
        "= 2        hr group Oslo office (record 11): 1 fact",
    ] {
        assert!(stale.err.contains(line), "{line}: {}", stale.err);
    }
    assert_eq!(stale.err.matches("young@acme.example").count(), 1, "{}", stale.err);
}

#[test]
fn a_plan_under_a_policy_that_another_pull_request_changed_counts_for_nothing() {
    let folder = reviewed();
    folder.say(&format!("policy: {{ limits: {{ untrack: 0 }} }}\n{}", SECOND.manifest()));
    assert_eq!(folder.run(&["plan", "--out", "stricter.json"]).code, 0);
    folder.say(&format!("policy: {{ limits: {{ untrack: 0 }} }}\n{}", BOTH.manifest()));
    let stale = apply(&folder, &["first.json", "stricter.json"]);
    assert_eq!(stale.code, 4, "{}", stale.err);
    assert!(stale.err.contains("first.json was made under another policy"), "{}", stale.err);
    assert!(!stale.err.contains("stricter.json was"), "{}", stale.err);
}

#[test]
fn a_digest_without_its_facts_adds_nothing_to_several() {
    let folder = reviewed();
    let plan = std::fs::read_to_string(folder.path().join("second.json")).unwrap();
    let digest = plan.lines().find_map(|line| line.trim().strip_prefix("\"digest\": \"")).unwrap();
    let stale = apply(&folder, &["first.json", digest.trim_end_matches("\",")]);
    assert_eq!(stale.code, 4, "{}", stale.err);
    assert!(stale.err.contains("only the digest is known here"), "{}", stale.err);
}
