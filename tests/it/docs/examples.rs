//! Every folder of `examples/` that holds manifests: no complaint, and one apply is enough.

use std::path::{Path, PathBuf};

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

#[test]
fn every_example_is_valid_applies_and_settles() {
    let examples: Vec<PathBuf> = files().into_iter().filter(|file| file.ends_with("rollcall.yaml")).collect();
    let examples =
        examples.iter().filter(|file| file.starts_with("examples")).map(|file| file.parent().unwrap());
    let mut seen = 0;
    for example in examples {
        let copy = copy(example);
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
