//! One set of people in two accounts: at ActivTrak and at a learning platform, each taking what it has a place for.

use std::path::Path;

use super::{Folder, Ran};

/// Who works there: a folder that both accounts include.
const PEOPLE: &str = "users:
  - displayName: Ada Lovelace
    email: ada@acme.example
    employeeId: E1
    tracking: untracked
    groups: [Engineering]
  - displayName: Bo Nilsen
    email: bo@acme.example
    employeeId: E2
groups:
  - name: Engineering
    members: [E2]
";

/// The account at ActivTrak.
const TRACKED: &str = r#"{"version": 1, "account": {"name": "acme"},
"users": [
  {"id": 1, "displayName": "Ada Lovelace", "emails": ["ada@acme.example"], "employeeIds": ["E1"]},
  {"id": 2, "displayName": "Bo Nilsen", "emails": ["bo@acme.example"], "employeeIds": ["E2"]}],
"groups": [{"id": 100, "name": "Engineering"}]}"#;

/// The learning platform.
const LEARNING: &str = r#"{"version": 1, "platform": "docebo", "tenant": "acme",
"users": [
  {"id": 11, "username": "ada@acme.example", "firstName": "Ada", "lastName": "Lovelace"},
  {"id": 12, "username": "bo@acme.example", "firstName": "Bo", "lastName": "Nilsen"}],
"groups": [{"name": "Engineering"}]}"#;

/// A repository with both accounts.
fn repository() -> Folder {
    let repository = Folder::new("");
    std::fs::remove_file(repository.path().join("rollcall.yaml")).unwrap();
    for folder in [".git", "people", "tracked", "learning"] {
        std::fs::create_dir(repository.path().join(folder)).unwrap();
    }
    repository.write("people/people.yaml", PEOPLE);
    for (folder, more, account) in [("tracked", "", TRACKED), ("learning", ", username: email", LEARNING)] {
        let main = format!(
            "account: {{ name: {folder}, platform: sandbox, seed: account.json{more} }}\ninclude: [../people]\n"
        );
        repository.write(&format!("{folder}/rollcall.yaml"), &main);
        repository.write(&format!("{folder}/account.json"), account);
    }
    repository
}

fn settles(repository: &Folder, folder: &str) -> Ran {
    let planned = repository.run(&["plan", folder]);
    assert_eq!(planned.code, 0, "{}{}", planned.out, planned.err);
    let applied = repository.run(&["apply", folder, "--yes"]);
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
    let again = repository.run(&["plan", folder, "--detailed-exitcode"]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    planned
}

#[test]
fn one_set_of_people_serves_an_account_and_a_learning_platform_by_include() {
    let repository = repository();
    let tracked = settles(&repository, "tracked");
    assert!(
        tracked.out.contains("tracked → untracked") && !tracked.out.contains("no place"),
        "{}",
        tracked.out
    );
    let learning = settles(&repository, "learning");
    assert!(!learning.out.contains("untracked"), "{}", learning.out);
    for said in [
        "members       0 → 2   + Ada Lovelace   + Bo Nilsen",
        "the learning platform has no place for employee IDs: said 2 times, and left out",
        "the learning platform has no place for tracking: said once, and left out",
    ] {
        let words = learning.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let place = |word: &str| word.contains("people.yaml");
        let words: Vec<&str> = words.split(' ').filter(|word| !place(word)).collect();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.join(" ").contains(&said), "{said}\n{}", learning.out);
    }
    assert!(repository.path().join(Path::new("learning/account.state.json")).exists());
}

#[test]
fn a_seed_of_one_platform_is_not_taken_for_one_of_another() {
    let repository = repository();
    let main = |more: &str| {
        format!("account: {{ platform: sandbox, seed: account.json{more} }}\ninclude: [../people]\n")
    };
    repository.write("learning/rollcall.yaml", &main(""));
    let ran = repository.run(&["plan", "learning"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("no manifest says what its usernames are") && ran.err.contains("username: email"),
        "{}",
        ran.err
    );
    repository.write("tracked/rollcall.yaml", &main(", username: upn"));
    let ran = repository.run(&["plan", "tracked"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("whose users have no `username`"), "{}", ran.err);
}

#[test]
fn what_does_not_work_for_a_learning_platform_yet_says_so() {
    let repository = repository();
    let ran = repository.run(&["rehearse", "learning"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("a learning platform is not rehearsed yet"), "{}", ran.err);
    let ran = repository.run(&["list", "agents", "learning"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("the learning platform has no place for agents"), "{}", ran.err);
    let ran = repository.run(&["list", "users", "learning", "--json", "-"]);
    assert!(ran.code == 0 && !ran.out.contains("tracked"), "{}{}", ran.out, ran.err);
}
