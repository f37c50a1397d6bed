//! Every folder of `examples/` that holds manifests: no complaint, and one apply is enough.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::docs::repository::{copy, files, program};

/// Runs `rollcall` in a folder; what it said, if it ended with `exit` and complained of nothing.
#[track_caller]
fn rollcall(folder: &Path, args: &[&str], exit: i32) -> String {
    let output = program(env!("CARGO_BIN_EXE_rollcall"), folder).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let aside = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{args:?} in {}:\n{said}{aside}", folder.display());
    assert!(!aside.contains("warning") && !aside.contains("error"), "{args:?} complains:\n{aside}");
    said.into_owned()
}

/// A repository with an example, and with the folders beside it that its manifests include.
fn repository_with(example: &Path) -> TempDir {
    let whole: PathBuf = example.components().take(2).collect();
    let copy = copy(&whole);
    std::fs::create_dir(copy.path().join(".git")).unwrap();
    copy
}

#[test]
fn every_example_is_valid_applies_and_settles() {
    let examples: Vec<PathBuf> = files().into_iter().filter(|file| file.ends_with("rollcall.yaml")).collect();
    let examples =
        examples.iter().filter(|file| file.starts_with("examples")).map(|file| file.parent().unwrap());
    let mut seen = 0;
    for example in examples {
        let copy = repository_with(example);
        let folder = copy.path().join(example);
        rollcall(&folder, &["validate"], 0);
        // The jobs of docs/everyday.md start where nothing is left to do.
        let at_first = if example.ends_with("everyday") { 0 } else { 2 };
        rollcall(&folder, &["plan", "--detailed-exitcode"], at_first);
        rollcall(&folder, &["apply", "--yes"], 0);
        rollcall(&folder, &["plan", "--detailed-exitcode"], 0);
        rollcall(&folder, &["plan", "--detailed-exitcode", "--fresh"], at_first);
        seen += 1;
    }
    assert!(seen > 0, "no example holds a rollcall.yaml");
}

/// Two systems, one set of people: what one pull request changes is planned in both.
#[test]
fn one_reorganisation_is_planned_in_both_systems() {
    let copy = repository_with(Path::new("examples/two-systems"));
    let listed = rollcall(copy.path(), &["accounts", "examples/two-systems", "--json", "-"], 0);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let accounts = listed["accounts"].as_array().unwrap();
    let names: Vec<&str> = accounts.iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["acme", "acme-learning"]);
    let plans = accounts.iter().map(|it| rollcall(copy.path(), &["plan", it["path"].as_str().unwrap()], 0));
    let [tracked, learning] = plans.collect::<Vec<_>>().try_into().unwrap();
    for plan in [&tracked, &learning] {
        for said in ["Field service → Customer engineering", "+ Lena Vogel", "- Lena Vogel", "~ Peter Novák"]
        {
            assert!(plan.contains(said), "{said}: {plan}");
        }
    }
    assert!(
        tracked.contains("tracked → untracked") && !tracked.contains("active → deactivated"),
        "{tracked}"
    );
    assert!(learning.contains("active → deactivated") && !learning.contains("→ untracked"), "{learning}");
}

/// The part of a manifest that names the account of an example.
const ACCOUNT: &str = "account: { name: acme, platform: sandbox, seed: account.json }\n";

#[test]
fn what_hr_map_proposes_for_each_system_is_valid() {
    let systems: Vec<PathBuf> = files()
        .into_iter()
        .filter(|file| file.starts_with("examples/hr-systems") && file.ends_with("account.json"))
        .collect();
    assert_eq!(systems.len(), 8);
    for system in systems.iter().map(|file| file.parent().unwrap()) {
        let copy = copy(system);
        let folder = copy.path().join(system);
        let is_export = |path: &PathBuf| path.extension().is_some_and(|it| it == "csv");
        let export =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).find(is_export).unwrap();
        let name = export.file_name().unwrap().to_str().unwrap();
        let proposal = rollcall(&folder, &["hr", "map", name], 0);
        let written = format!("{ACCOUNT}{proposal}");
        std::fs::write(folder.join("rollcall.yaml"), &written).unwrap();
        rollcall(&folder, &["validate"], 0);
        // What is asked is right too, once somebody has decided it.
        assert!(proposal.contains("      # "), "nothing is asked of {name}:\n{proposal}");
    }
}
