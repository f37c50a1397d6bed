//! The question at a terminal, on a pseudo-terminal.

use std::time::Duration;

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

use rollcall::sandbox::Config;

use super::{CHANGES, Folder, Remote, SAME};

fn start(folder: &Folder, args: &[&str]) -> PtySession {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command
        .args(args)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .env("ACTIVTRAK_API_KEY", "any");
    spawn_command(command, Some(60_000)).unwrap()
}

/// Answers the question and gives the exit code and what was said after it.
fn answer(folder: &Folder, line: &str) -> (i32, String) {
    let mut session = start(folder, &["apply"]);
    let shown = session.exp_string("Type yes to go on: ").unwrap();
    assert!(shown.contains("Ada King"), "the plan is shown before the question: {shown}");
    let (_, question) = shown.split_once("Apply this to acme?").unwrap();
    let parts: Vec<&str> = question.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(parts, ["2 changes: rename 1, change identifiers of 1"]);
    session.send_line(line).unwrap();
    let rest = session.exp_eof().unwrap();
    (code(&session), rest)
}

fn code(session: &PtySession) -> i32 {
    match session.process().wait().unwrap() {
        WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_question_repeats_what_is_asked_for_in_numbers_and_what_is_lost_first() {
    let folder = Folder::new(
        "policy: { limits: { removeUsers: 1, eraseHistory: 1 } }
users:
  - { email: bob@acme.example, employeeId: E2, remove: { decided: 2026-05-02 } }
  - { email: cy@acme.example, displayName: Cyrus Young, tracking: untracked }
groups:
  - { name: Engineering, members: [E1, E3] }
  - { name: Sales, members: [E3] }
exclusions: ['*\\svc']
",
    );
    let mut session = start(&folder, &["apply", "--now", "2026-05-04T09:00:00Z"]);
    let shown = session.exp_string("Type yes to go on: ").unwrap();
    let (_, question) = shown.split_once("Apply this to acme?").unwrap();
    let parts: Vec<&str> = question.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(
        parts,
        [
            "1 irreversible: remove 1 user",
            "5 changes: untrack 1, rename 1, create 1 group, 1 out of groups, 2 into groups, add 1 exclusion",
        ]
    );
    session.send_line("no").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(code(&session), 7);
}

#[test]
fn yes_applies_the_plan_and_reports() {
    let folder = Folder::new(CHANGES);
    let (code, rest) = answer(&folder, "yes");
    assert_eq!(code, 0, "{rest}");
    assert_eq!(folder.run(&["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn anything_but_yes_declines_and_writes_nothing() {
    for line in ["no", "y", "", "YES"] {
        let folder = Folder::new(CHANGES);
        let (code, rest) = answer(&folder, line);
        assert_eq!(code, 7, "{line:?}: {rest}");
        assert!(!folder.path().join("account.state.json").exists(), "{line:?}");
    }
}

#[test]
fn ctrl_c_at_the_question_is_130_and_writes_nothing() {
    let folder = Folder::new(CHANGES);
    let mut session = start(&folder, &["apply"]);
    session.exp_string("Type yes to go on: ").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("nothing was written").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(code(&session), 130);
    assert!(!folder.path().join("account.state.json").exists());
}

#[test]
fn nothing_is_asked_where_there_is_nothing_to_do() {
    let folder = Folder::new(SAME);
    let mut session = start(&folder, &["apply"]);
    let all = session.exp_eof().unwrap();
    assert!(!all.contains("Type yes"), "{all}");
    assert_eq!(code(&session), 0);
}

/// On this machine a plan is old after a little more than a second at the question.
const OLD: Duration = Duration::from_millis(1_500);

/// Leaves the question open until the plan is old, while the manifests of `other` are applied, if any; then says yes.
fn answer_late(folder: &Folder, remote: &Remote, other: Option<&Folder>) -> (i32, String) {
    let args = ["apply", "--endpoint", &remote.url()];
    let mut session = start(folder, &args);
    session.exp_string("Type yes to go on: ").unwrap();
    if let Some(other) = other {
        let ran = remote.run(other, &["apply", "--yes"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
    std::thread::sleep(OLD);
    session.send_line("yes").unwrap();
    let rest = session.exp_eof().unwrap();
    (code(&session), rest)
}

#[test]
fn a_plan_that_was_looked_at_for_long_is_made_again_and_applied_if_it_is_the_same() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    let (code, rest) = answer_late(&folder, &remote, None);
    assert_eq!(code, 0, "{rest}");
    assert_eq!(remote.run(&folder, &["plan", "--detailed-exitcode"]).code, 0);
}

#[test]
fn an_account_that_changed_while_the_question_was_open_is_not_written() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    let other = Folder::new("users: [{ displayName: Ada Queen, upn: ada@acme.example }]\n");
    let (code, rest) = answer_late(&folder, &remote, Some(&other));
    assert_eq!(code, 4, "{rest}");
    assert!(rest.contains("the account changed while the question was open"), "{rest}");
    assert_eq!(remote.writes().len(), 1, "the other's");
}

#[test]
fn a_plan_that_is_blocked_by_the_time_of_the_answer_is_shown_again_and_not_applied() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    // Cy takes the address that the plan gives to Bob.
    let other = Folder::new("users: [{ email: [cy@acme.example, b.leaver@acme.example], employeeId: E3 }]\n");
    let (code, rest) = answer_late(&folder, &remote, Some(&other));
    assert_eq!(code, 3, "{rest}");
    assert!(rest.contains("BLOCKED"), "{rest}");
    assert_eq!(remote.writes().len(), 1, "the other's");
}
