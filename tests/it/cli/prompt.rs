//! The question at a terminal, on a pseudo-terminal.

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

use super::{CHANGES, Folder, SAME};

fn start(folder: &Folder, args: &[&str]) -> PtySession {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(args).current_dir(folder.path()).env("NO_COLOR", "1").env("TERM", "dumb");
    spawn_command(command, Some(60_000)).unwrap()
}

/// Answers the question and gives the exit code and what was said after it.
fn answer(folder: &Folder, line: &str) -> (i32, String) {
    let mut session = start(folder, &["apply"]);
    let shown = session.exp_string("Type yes to go on: ").unwrap();
    assert!(shown.contains("Ada King"), "the plan is shown before the question: {shown}");
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
