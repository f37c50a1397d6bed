//! What a run finds around it: limits, variables of other programs, streams that nobody has open.

use std::process::Command;

use super::{CHANGES, Folder, Ran, ran};

/// Runs `rollcall ARGS` as a shell does after `before`, with `after` behind it.
fn in_a_shell(folder: &Folder, before: &str, args: &str, after: &str) -> Ran {
    let line = format!("{before} '{}' {args} {after}", env!("CARGO_BIN_EXE_rollcall"));
    let mut command = Command::new("sh");
    command.args(["-c", &line]).current_dir(folder.path()).env_clear();
    ran(command.output().unwrap())
}

#[test]
fn the_number_of_threads_of_another_program_is_nothing_to_this_one() {
    let folder = Folder::new(CHANGES);
    for threads in ["0", "many"] {
        let ran = in_a_shell(&folder, &format!("TOKIO_WORKER_THREADS={threads}"), "plan", "");
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
}

#[test]
fn a_plan_that_nobody_can_have_seen_is_not_applied() {
    let folder = Folder::new(CHANGES);
    let closed = in_a_shell(&folder, "", "apply --yes", ">&-");
    assert_eq!(closed.code, 64, "{}", closed.err);
    assert!(closed.err.contains("nobody reads standard output"), "{}", closed.err);
    assert!(!folder.path().join("account.state.json").exists(), "nothing was written");
    let thrown_away = in_a_shell(&folder, "", "apply --yes", ">/dev/null");
    assert_eq!(thrown_away.code, 0, "{}", thrown_away.err);
}

#[test]
fn a_reviewed_plan_is_applied_whoever_listens() {
    let folder = Folder::new(CHANGES);
    let digest = folder.digest();
    let ran = in_a_shell(&folder, "", &format!("apply --yes --expect {digest}"), ">&-");
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn a_file_that_may_not_grow_is_an_error_and_no_sudden_end() {
    let folder = Folder::new(CHANGES);
    let ran = in_a_shell(&folder, "ulimit -f 0;", "apply --yes", "");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("File too large"), "{}", ran.err);
}
