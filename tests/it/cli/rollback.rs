//! What an apply leaves for going back, and what `rollback` makes of it.

use std::fs;
use std::path::PathBuf;

use rollcall::sandbox::{Config, Seed};

use super::held::At;
use super::ledger::killed;
use super::{CHANGES, Folder, Remote, SAME};

/// A removal, its limits, and an untracking.
const REMOVED: &str = "policy: { limits: { removeUsers: 1, eraseHistory: 1, leaveGroup: 1 } }
users:
  - { email: bob@acme.example, employeeId: E2, remove: { decided: 2026-05-02 } }
  - { email: cy@acme.example, tracking: untracked }
";

/// The addresses of two users change places, one of them is untracked, the group gets another name and one more member.
const SWAP: &str = "users:
  - { email: cy@acme.example, employeeId: E2 }
  - { email: bob@acme.example, employeeId: E3, tracking: untracked }
groups:
  - { name: Builders, formerly: [Engineering], members: [E1, E2] }
";

/// The rollback files of a folder, the oldest first.
fn files(folder: &Folder) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path().join(".rollcall/rollback")).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "yaml"));
    files.sort();
    files
}

/// What can be brought back of an account: not who wrote a value, nor how often.
fn people(seed: &Seed) -> Vec<String> {
    let mut people: Vec<String> = seed
        .users
        .iter()
        .map(|user| {
            let name = user.display_name.as_ref().map(|name| &name.value);
            let emails: Vec<&String> = user.emails.iter().map(|email| &email.value).collect();
            let ids: Vec<&String> = user.employee_ids.iter().map(|id| &id.value).collect();
            format!("{} {name:?} {emails:?} {ids:?} {} {:?}", user.id, user.tracked, user.groups)
        })
        .collect();
    people.extend(seed.groups.iter().map(|group| format!("{} {}", group.id, group.name)));
    people
}

#[test]
fn a_rollback_file_is_for_its_owner_only_and_brings_back_what_the_run_changed() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    let [file] = &files(&folder)[..] else { panic!("one file") };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(file), 0o600);
        assert_eq!(mode(&file.with_extension("json")), 0o600);
        assert_eq!(mode(file.parent().unwrap()), 0o700);
    }
    let stored: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(file.with_extension("json")).unwrap()).unwrap();
    assert_eq!(stored["users"][0]["name"], "Ada Lovelace");
    let state = || Seed::load(&folder.path().join("account.state.json")).unwrap();
    assert_ne!(people(&state()), people(&Seed::load(&folder.path().join("account.json")).unwrap()));
    // From inside its folder too, it belongs to the folder that it was left in.
    let name = file.file_name().unwrap().to_str().unwrap();
    let mut command = folder.command(&["rollback", name, "--yes"]);
    let ran = super::ran(command.current_dir(file.parent().unwrap()).output().unwrap());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(people(&state()), people(&Seed::load(&folder.path().join("account.json")).unwrap()));
    assert_eq!(files(&folder).len(), 2, "the way back from the way back");
    assert!(!file.parent().unwrap().join(".rollcall").exists());
}

#[test]
fn what_a_rollback_file_does_not_mention_is_left_alone() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    let first = files(&folder)[0].display().to_string();
    folder.say("users:\n  - { displayName: Cy Old, email: cy@acme.example }\n");
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    assert_eq!(folder.run(&["rollback", &first, "--yes"]).code, 0);
    let state = people(&Seed::load(&folder.path().join("account.state.json")).unwrap());
    assert!(state.iter().any(|user| user.contains("Cy Old")), "{state:?}");
    assert!(state.iter().any(|user| user.contains("Ada Lovelace")), "{state:?}");
}

#[test]
fn a_rollback_is_asked_for_expected_and_limited_like_an_apply() {
    let folder = Folder::new(&format!("policy: {{ limits: {{ track: 0 }} }}\n{SWAP}"));
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    let file = files(&folder)[0].display().to_string();
    assert_eq!(folder.run(&["rollback", "--yes"]).code, 64);
    let of_folder = folder.run(&["rollback", ".", "--yes"]);
    assert_eq!(of_folder.code, 64);
    assert!(
        of_folder.err.contains("the one that there is: rollcall rollback ./.rollcall/"),
        "{}",
        of_folder.err
    );
    assert_eq!(folder.run(&["rollback", &file]).code, 64);
    let stale = "0".repeat(64);
    assert_eq!(folder.run(&["rollback", &file, "--yes", "--expect", &stale]).code, 4);
    let limited = folder.run(&["rollback", &file, "--yes"]);
    assert_eq!(limited.code, 3, "{}", limited.out);
    assert!(limited.out.contains("track"), "{}", limited.out);
    let plan = folder.run(&["plan", &file, "--json", "-"]);
    let plan: serde_json::Value = serde_json::from_str(&plan.out).unwrap();
    let digest = plan["digest"].as_str().unwrap();
    let back = folder.run(&["rollback", &file, "--yes", "--approve", digest]);
    assert_eq!(back.code, 0);
    assert!(back.err.contains("The manifests still ask for what went back"), "{}", back.err);
    let seed = |name: &str| people(&Seed::load(&folder.path().join(name)).unwrap());
    assert_eq!(seed("account.state.json"), seed("account.json"));
}

#[test]
fn the_last_rollback_file_is_the_one_that_was_written_last_whatever_the_clock_said() {
    // One clock for both runs; then one that was set back.
    for second in ["2026-05-04T09:00:00Z", "2026-05-03T09:00:00Z"] {
        let folder = Folder::new(CHANGES);
        let at = |now: &str| folder.run(&["apply", "--yes", "--now", now]);
        assert_eq!(at("2026-05-04T09:00:00Z").code, 0);
        let state = || people(&Seed::load(&folder.path().join("account.state.json")).unwrap());
        let between = state();
        let manifests = folder.path().join("rollcall.yaml");
        let text = fs::read_to_string(&manifests).unwrap();
        fs::write(&manifests, text.replace("Ada King", "Ada Byron")).unwrap();
        assert_eq!(at(second).code, 0);
        assert_ne!(state(), between);
        let back = folder.run(&["rollback", "--last", "--yes", "--now", "2026-05-05T09:00:00Z"]);
        assert_eq!(back.code, 0, "{}{}", back.out, back.err);
        assert_eq!(state(), between, "the second run alone went back");
    }
}

#[test]
fn a_run_that_was_killed_at_any_write_is_taken_back_by_the_file_that_it_left() {
    for through in 0..4 {
        for at in [At::Before, At::After] {
            let folder = Folder::new(SWAP);
            let remote = Remote::of(&folder, Config::default());
            killed(&folder, &remote, (through, at), &[]);
            let file = files(&folder)[0].display().to_string();
            let ran = remote.run(&folder, &["rollback", &file, "--yes"]);
            assert_eq!(ran.code, 0, "after {through} writes, {at:?}: {}{}", ran.out, ran.err);
            let before = Seed::load(&folder.path().join("account.json")).unwrap();
            assert_eq!(people(&remote.sandbox.snapshot()), people(&before), "after {through} writes, {at:?}");
        }
    }
}

#[test]
fn where_the_file_can_t_be_written_nothing_is_sent() {
    let folder = Folder::new(CHANGES);
    fs::create_dir(folder.path().join(".rollcall")).unwrap();
    folder.write(".rollcall/rollback", "in the way");
    let remote = Remote::of(&folder, Config::default());
    let ran = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("rollback"), "{}", ran.err);
    assert!(remote.writes().is_empty());
}

#[test]
fn a_run_that_writes_nothing_leaves_no_file() {
    let folder = Folder::new(SAME);
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    assert!(files(&folder).is_empty());
}

#[test]
fn who_was_removed_is_listed_and_the_rest_comes_back() {
    let folder = Folder::new(REMOVED);
    let ran = folder.run(&["apply", "--yes", "--now", "2026-05-04T09:00:00Z", "--json", "report.json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let file = files(&folder)[0].clone();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("# - Bob Leaver <bob@acme.example> is removed"), "{text}");
    assert!(!text.contains("remove: {") && !text.contains("erase:"), "{text}");
    let report = fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["rollback"]["lost"], 1, "{report}");
    assert!(
        file.ends_with(report["rollback"]["file"].as_str().unwrap().trim_start_matches("./")),
        "{report}"
    );
    assert_eq!(folder.run(&["rollback", &file.display().to_string(), "--yes"]).code, 0);
    let state = people(&Seed::load(&folder.path().join("account.state.json")).unwrap());
    assert!(state.iter().any(|user| user.contains("Cy Young") && user.contains("true")), "{state:?}");
}

/// A rollback file of a folder with one run, as it was written.
fn text(folder: &Folder) -> String {
    let [file] = &files(folder)[..] else { panic!("one file") };
    fs::read_to_string(file).unwrap()
}

/// The account with more on Bob, and after its groups.
fn with(folder: &Folder, bob: &str, more: &str) {
    let account = super::ACCOUNT.replace(r#""id": 2, "#, &format!(r#""id": 2, {bob}, "#));
    let end = account.rfind('}').unwrap();
    folder.write("account.json", &format!("{}, {more} }}", &account[..end]));
}

const ON_BOB: &str = r#""exclusions": [{ "id": 40, "login": "*\\bob" }]"#;
const AGENT: &str =
    r#""deviceLogins": ["*\\bob"], "agents": [{ "id": 50, "username": "bob", "domain": "ACME" }]"#;

#[test]
fn who_goes_back_to_untracked_is_blocked_by_that_and_no_exclusion_erases_their_history() {
    let folder = Folder::new("users:\n  - { email: bob@acme.example, employeeId: E2, tracking: tracked }\n");
    with(&folder, &format!(r#"{AGENT}, "tracked": false"#), ON_BOB);
    let ran = folder.run(&["apply", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let written = text(&folder);
    assert!(written.contains("tracking: untracked") && !written.contains("exclusions:"), "{written}");
    let file = files(&folder)[0].display().to_string();
    let plan = folder.run(&["plan", &file]);
    assert!(!plan.out.contains("erases") && plan.out.contains("blocks"), "{}{}", plan.out, plan.err);
    assert_eq!(folder.run(&["rollback", &file, "--yes"]).code, 0);
}

#[test]
fn an_exclusion_over_what_was_collected_is_listed_and_never_put_back() {
    for (tracked, why) in [(false, "putting it back would erase what"), (true, "it would stop Bob")] {
        let said = if tracked { "tracking: tracked, groups: [Engineering]" } else { "groups: [Engineering]" };
        let rule = if tracked { "[]" } else { r"[{ login: '*\bob', state: absent }]" };
        let folder = Folder::new(&format!(
            "policy: {{ limits: {{ removeExclusions: 1 }} }}
users: [{{ email: bob@acme.example, employeeId: E2, {said} }}]
groups: [{{ name: Engineering }}]
exclusions: {rule}
"
        ));
        with(&folder, &format!(r#"{AGENT}, "tracked": {tracked}"#), ON_BOB);
        let ran = folder.run(&["apply", "--yes"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let written = text(&folder);
        assert!(written.contains(why) && !written.contains("exclusions:"), "{written}");
        let file = files(&folder)[0].display().to_string();
        let back = folder.run(&["rollback", &file, "--yes"]);
        assert_eq!(back.code, 0, "{}{}", back.out, back.err);
    }
}

#[test]
fn a_group_that_the_run_makes_is_an_entry_that_a_person_can_take_in() {
    let folder = Folder::new(
        "users:\n  - { email: bob@acme.example, employeeId: E2 }
groups:
  - { name: Platform, members: [E2] }
  - { name: Lund, source: hr, members: [E2] }
",
    );
    let ran = folder.run(&["apply", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let written = text(&folder);
    assert!(!written.lines().any(|line| !line.starts_with('#') && line.contains("deleted")), "{written}");
    assert!(!written.contains("rollcall rollback FILE"), "nothing comes back: {written}");
    let lines: Vec<&str> =
        written.lines().skip_while(|line| !line.contains("take in below `groups:`")).skip(1).collect();
    let entries =
        lines.iter().take_while(|line| line.starts_with("# ")).map(|line| format!("{}\n", &line[2..]));
    let taken = format!("{written}groups:\n{}", entries.collect::<String>());
    let file = files(&folder)[0].clone();
    fs::write(&file, taken).unwrap();
    let plan = folder.run(&["plan", &file.display().to_string()]);
    assert!(plan.out.contains("- Platform") && plan.out.contains("- Lund"), "{}{}", plan.out, plan.err);
}

#[test]
fn the_computers_of_a_deleted_group_come_back() {
    let folder = Folder::new(
        "users:\n  - { email: bob@acme.example, employeeId: E2 }\ngroups:\n  - { name: Lab, state: deleted }\n",
    );
    let lab = r#""computers": [{ "id": 7, "name": "LAB-01", "domain": "ACME" }], "groups": [{ "id": 20, "name": "Lab", "computers": [7] }, { "id": 10"#;
    folder.write("account.json", &super::ACCOUNT.replace(r#""groups": [{ "id": 10"#, lab));
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    let written = text(&folder);
    assert!(written.contains("computers:\n      - 'ACME\\LAB-01'"), "{written}");
}

#[test]
fn who_can_t_be_put_back_into_a_group_gets_no_primary_group_there() {
    let folder = Folder::new(
        "users:
  - { email: bob@acme.example, employeeId: E2 }
  - { email: cy@acme.example, employeeId: E3 }
groups:
  - { name: Paris, source: hr, members: [E2, E3] }
hr: { leaveOut: [{ group: Oslo office, user: 'ACME\\kiosk' }] }
",
    );
    let kiosk =
        r#"{ "id": 4, "displayName": "Kiosk", "deviceLogins": ["ACME\\kiosk"], "groups": [11, 12] }, "#;
    let account = super::ACCOUNT.replace(r#"{ "id": 3"#, &format!("{kiosk}{{ \"id\": 3"));
    let account =
        account.replace(r#"{ "id": 11"#, r#"{ "id": 12, "name": "Paris", "source": "hr" }, { "id": 11"#);
    folder.write(
        "account.json",
        &account.replace(r#""employeeIds": ["E3"]"#, r#""employeeIds": ["E3"], "groups": [11, 12]"#),
    );
    let ran = folder.run(&["apply", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let file = files(&folder)[0].display().to_string();
    let back = folder.run(&["rollback", &file, "--yes"]);
    assert_eq!(back.code, 0, "{}{}{}", text(&folder), back.out, back.err);
}

#[test]
fn a_blocked_rollback_says_how_it_is_approved() {
    let folder = Folder::new(&format!("policy: {{ limits: {{ track: 0 }} }}\n{SWAP}"));
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    let file = files(&folder)[0].display().to_string();
    let limited = folder.run(&["rollback", &file, "--yes"]);
    assert_eq!(limited.code, 3, "{}", limited.out);
    let said = limited.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("rollcall rollback") && !said.contains("rollcall apply"), "{}", limited.out);
}
