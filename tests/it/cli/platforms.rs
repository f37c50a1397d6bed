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
fn what_has_no_place_at_a_learning_platform_is_listed_as_nothing() {
    let repository = repository();
    let ran = repository.run(&["list", "agents", "learning"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("the learning platform has no place for agents"), "{}", ran.err);
    let ran = repository.run(&["list", "users", "learning", "--json", "-"]);
    assert!(ran.code == 0 && !ran.out.contains("tracked"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_learning_platform_is_rehearsed_in_a_sandbox_made_of_its_reading_and_left_as_it_is() {
    let repository = repository();
    for faults in [&[][..], &["--faults", "7"], &["--faults", "23"]] {
        let ran = repository.run(&[&["rehearse", "learning"], faults].concat());
        assert_eq!(ran.code, 0, "{faults:?}: {}{}", ran.out, ran.err);
        for said in
            ["the next plan is empty", "members       0 → 2   + Ada Lovelace   + Bo Nilsen", "No changes."]
        {
            assert!(ran.out.contains(said), "{said}: {}", ran.out);
        }
        assert!(!ran.out.contains("ActivTrak") && !ran.out.contains("HR upload"), "{}", ran.out);
        assert!(!repository.path().join("learning/account.state.json").exists());
        assert!(!repository.path().join("learning/.rollcall").exists());
    }
}

#[test]
fn a_repository_of_a_learning_platform_starts_with_its_own_words_and_the_secrets_of_its_app() {
    let folder = Folder::new("");
    let init = ["--platform", "docebo", "--username", "email"];
    let ran = folder.run(&[&["init", "trial", "--sandbox"], &init[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(folder.run(&["plan", "trial"]).code, 0);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    assert!(read("trial/rollcall.yaml").contains("username: email"), "{}", read("trial/rollcall.yaml"));
    assert!(!folder.path().join("trial/exclusions.yaml").exists());
    assert!(!read("trial/users.yaml").contains("tracked"), "{}", read("trial/users.yaml"));

    // Once users are declared, they are who the sandbox begins with; who left is not there.
    let users = "users:\n  - { displayName: Ada King Lovelace, email: ada@acme.example }\n  - { email: bo@acme.example, status: deactivated }\n";
    folder.write("trial/users.yaml", users);
    std::fs::remove_file(folder.path().join("trial/account.json")).unwrap();
    let ran = folder.run(&[&["init", "trial", "--sandbox"], &init[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let seed = read("trial/account.json");
    assert!(
        seed.contains(r#""firstName":"Ada King","lastName":"Lovelace""#) && !seed.contains("bo@"),
        "{seed}"
    );
    let ran = folder.run(&["plan", "trial", "--fresh"]);
    assert!(ran.code == 0 && ran.out.contains("No changes."), "{}{}", ran.out, ran.err);

    let action = format!("acme-it/rollcall@{}", "8f1e3c5a".repeat(5));
    let more = ["--action", &action];
    let mut command = folder.command(&[&["init", "real"], &init[..], &more[..]].concat());
    let ran = super::ran(command.env("DOCEBO_URL", "https://acme.docebosaas.com").output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(read("real/rollcall.yaml").contains("id: acme\n"), "{}", read("real/rollcall.yaml"));
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let settings = "the variable DOCEBO_URL, the secrets DOCEBO_CLIENT_ID and DOCEBO_CLIENT_SECRET";
    assert!(said.contains(&format!("give the repository {settings} (Settings")), "{}", ran.out);
    for workflow in ["plan", "apply", "drift"] {
        let text = read(&format!("real/.github/workflows/rollcall-{workflow}.yml"));
        assert!(text.contains("DOCEBO_CLIENT_SECRET: ${{ secrets.DOCEBO_CLIENT_SECRET }}"), "{text}");
        assert!(!text.contains("ACTIVTRAK_API_KEY"), "{text}");
    }
}

#[test]
fn the_way_in_of_a_learning_platform_takes_its_address_from_the_environment_alone() {
    let folder = Folder::new("");
    let ran = folder.run(&["import", "new", "--platform", "docebo", "--username", "email"]);
    assert!(ran.code == 1 && ran.err.contains("the environment has no DOCEBO_URL"), "{}", ran.err);
    for wrong in [
        &["--platform", "docebo"][..],
        &["--username", "email"],
        &["--platform", "docebo", "--username", "email", "--region", "us"],
        &["--platform", "moodle", "--username", "email"],
    ] {
        let ran = folder.run(&[&["import", "new"], wrong].concat());
        assert_eq!(ran.code, 64, "{wrong:?}: {}", ran.err);
    }
    assert!(!folder.path().join("new").exists());
}

#[test]
fn a_rehearsal_knows_the_fields_branches_and_courses_that_manifests_look_at() {
    let folder = Folder::new("");
    folder.write(
        "account.json",
        r#"{"version": 1, "platform": "docebo", "tenant": "acme",
"users": [
  {"id": 11, "username": "ada@acme.example", "fields": {"1": 21, "2": "2026-01-05", "3": 1}, "branches": [5],
   "enrollments": [{"course": 7, "status": "in_progress"}]},
  {"id": 12, "username": "bo@acme.example", "fields": {"1": 22, "3": 2}}],
"fields": [
  {"id": 1, "title": "Department", "type": "dropdown", "options": [{"id": 21, "title": "R&D"}, {"id": 22, "title": "Sales"}]},
  {"id": 2, "title": "Start", "type": "date"}, {"id": 3, "title": "Staff", "type": "yesno"}],
"branches": [{"id": 4, "code": "HQ", "title": "Head office"}, {"id": 5, "code": "OSL", "title": "Oslo", "parent": 4}],
"courses": [{"id": 7, "code": "DRV", "title": "Driving"}],
"groups": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}"#,
    );
    folder.write(
        "rollcall.yaml",
        "account: { platform: sandbox, seed: account.json, username: email }
users: [{ email: ada@acme.example }, { email: bo@acme.example }]
groups:
  - { name: A, match: { field: { Department: R&D } } }
  - { name: B, match: { any: [{ field: { Staff: 'no' } }, { enrolled: { course: DRV, status: inProgress } }] } }
  - { name: C, branch: HQ, descendants: true }
",
    );
    let ran = folder.run(&["rehearse"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("the next plan is empty"), "{}", ran.out);
}

/// A learning platform that knows more of its users.
const KNOWING: &str = r#"{"version": 1, "platform": "docebo", "tenant": "acme",
"users": [
  {"id": 11, "username": "ada@acme.example", "firstName": "Ada", "lastName": "Lovelace", "fields": {"2": 21},
   "branches": [32], "enrollments": [{"course": 5, "status": "completed"}]},
  {"id": 12, "username": "bo@acme.example", "firstName": "Bo", "lastName": "Nilsen", "fields": {"2": 22}, "branches": [31]}],
"fields": [{"id": 2, "title": "Department", "type": "dropdown", "options": [{"id": 21, "title": "R&D"}, {"id": 22, "title": "Sales"}]}],
"branches": [{"id": 31, "code": "NO", "title": "Norway"}, {"id": 32, "code": "OSL", "title": "Oslo", "parent": 31}],
"courses": [{"id": 5, "code": "DRV-101", "title": "Driver Safety"}],
"groups": [{"name": "Engineering"}, {"name": "Drivers", "members": [12]}]}"#;

const RULED: &str = "groups:
  - name: Drivers
    description: May drive
    match:
      all:
        - field: { Department: R&D }
        - enrolled: { course: DRV-101, status: completed }
  - { name: Norway, branch: NO }
  - { name: All of Norway, branch: NO, descendants: true, except: [bo@acme.example] }
";

#[test]
fn what_a_platform_knows_of_users_is_rehearsed_as_well_and_a_rule_is_asked_for_in_words() {
    let repository = repository();
    repository.write("learning/account.json", KNOWING);
    repository.write("learning/groups.yaml", RULED);
    let ran = repository.run(&["rehearse", "learning"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains("unknown-label"), "{}", ran.out);

    let ran = repository.run(&["request", "Drivers", "learning"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for said in [
        "Please set up this automatic group at learning.\n\nName: Drivers\nDescription: May drive\n",
        "  all of these:\n    the user field \"Department\" is \"R&D\"\n",
        "    the enrollment in the course with the code DRV-101 is completed\n",
        "Today that is 1 user:\n  Ada Lovelace <ada@acme.example>: Department is R&D, course DRV-101 is completed\n",
    ] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
    let ran = repository.run(&["request", "All of Norway", "learning", "--json", "-"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let words = "the user is in the branch with the code NO or in one below it";
    assert_eq!(json["conditions"][0], serde_json::json!({ "depth": 0, "text": words, "known": true }));
    assert_eq!((json["members"].as_array().unwrap().len(), json["but"].as_array().unwrap().len()), (1, 1));
    for (group, said) in
        [("Driver", "did you mean Drivers?"), ("Engineering", "has no `match` and no `branch`")]
    {
        let ran = repository.run(&["request", group, "learning"]);
        assert!(ran.code == 1 && ran.err.contains(said), "{}{}", ran.out, ran.err);
    }
    let settled = settles(&repository, "learning");
    assert!(settled.out.contains("All of Norway"), "{}", settled.out);
}
