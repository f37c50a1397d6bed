//! What runs leave on the disk, and what their first line says.

use rollcall::sandbox::Config;

use super::{CHANGES, Folder, Remote, SAME, UPLOAD};

#[test]
fn a_run_against_a_sandbox_says_so_in_its_first_line() {
    let folder = Folder::new(CHANGES);
    for args in [&["plan"][..], &["apply", "--yes"]] {
        let ran = folder.run(args);
        assert!(ran.out.starts_with("SANDBOX"), "{}", ran.out);
    }
}

#[test]
fn an_endpoint_is_named_in_the_first_line() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    let first = remote.run(&folder, &["plan"]).out;
    assert!(first.lines().next().unwrap().contains(&remote.url()), "{first}");
}

#[test]
fn the_state_of_a_sandbox_lies_beside_its_seed_and_a_fresh_start_ignores_it() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["apply", "--yes"]).code, 0);
    assert_eq!(std::fs::read_to_string(folder.path().join("account.json")).unwrap(), super::ACCOUNT);
    assert_eq!(folder.run(&["plan", "--detailed-exitcode"]).code, 0);
    let started = std::time::Instant::now();
    let fresh = folder.run(&["plan", "--detailed-exitcode", "--fresh"]);
    assert_eq!(fresh.code, 2, "{}", fresh.err);
    // What the apply wrote is not waited for: it will never be there.
    assert!(!fresh.err.contains("does not show"), "{}", fresh.err);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn the_saved_snapshot_is_the_file_that_the_plan_names() {
    let folder = Folder::new(UPLOAD);
    let ran = folder.run(&["plan", "--out-snapshot", "hr.csv", "--json", "plan.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let bytes = std::fs::read(folder.path().join("hr.csv")).unwrap();
    let plan = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["snapshot"]["bytes"].as_u64().unwrap(), bytes.len() as u64);
    assert!(ran.out.contains(plan["snapshot"]["sha256"].as_str().unwrap()), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn files_with_people_in_them_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(UPLOAD);
    let args = ["plan", "--out", "plan.json", "--markdown", "plan.md", "--out-snapshot", "hr.csv"];
    assert_eq!(folder.run(&args).code, 0);
    let kept = format!(".rollcall/plans/{}.json", folder.digest());
    for name in ["plan.json", "plan.md", "hr.csv", &kept] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn stdout_is_json_and_nothing_else_where_json_is_asked_for() {
    let folder = Folder::new(CHANGES);
    for args in
        [&["plan", "-v", "--json", "-"][..], &["validate", "--json", "-"], &["apply", "--yes", "--json", "-"]]
    {
        let ran = folder.run(args);
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&ran.out);
        assert!(parsed.is_ok(), "{args:?}: {}", ran.out);
    }
}

#[test]
fn an_apply_of_nothing_reports_nothing_and_still_writes_the_report_that_was_asked_for() {
    let folder = Folder::new(super::SAME);
    let ran = folder.run(&["apply", "--yes", "--json", "report.json"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2), "{}", ran.out);
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&report).is_ok(), "{report}");
}

#[test]
fn a_single_manifest_can_be_given_in_the_place_of_its_folder() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["plan", "rollcall.yaml", "--detailed-exitcode"]).code, 2);
    assert!(folder.path().join(".rollcall/plans").is_dir());
}

#[test]
fn a_single_manifest_that_lacks_what_others_say_leads_to_their_folder() {
    let folder = Folder::new("");
    let hint = |path: &str| folder.run(&["validate", path]).out.contains("give their folder, `.`");
    assert!(!hint("rollcall.yaml"), "there is no other");
    folder.write("users.yaml", SAME);
    assert!(hint("rollcall.yaml"), "nothing is declared");
    assert!(hint("users.yaml"), "no account is named");
    assert!(!hint("."));
    assert_eq!(folder.run(&["validate"]).code, 0);
}

#[test]
fn a_single_manifest_of_a_hidden_folder_stands_for_itself() {
    let folder = Folder::new(SAME);
    std::fs::create_dir(folder.path().join(".kept")).unwrap();
    for name in [".kept/a.yaml", ".kept/b.yaml"] {
        folder.write(name, super::HEAD);
    }
    let said = folder.run(&["validate", ".kept/a.yaml"]).out;
    assert!(said.contains("nothing-declared") && !said.contains("give their folder"), "{said}");
}
