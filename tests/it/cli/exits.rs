//! One row of the table of exit codes each.

use std::time::Duration;

use rollcall::sandbox::{Config, Fault};
use serde_json::Value;

use super::{BLOCKED, CHANGES, Folder, OVER_LIMIT, Remote, SAME, UPLOAD, faulty};

/// Commands on one manifest, each with its code.
#[track_caller]
fn table(manifest: &str, rows: &[(&[&str], i32)]) {
    for (args, code) in rows {
        let folder = Folder::new(manifest);
        let ran = folder.run(args);
        assert_eq!(ran.code, *code, "rollcall {}\n{}{}", args.join(" "), ran.out, ran.err);
    }
}

#[test]
fn done_is_0_and_for_plan_also_with_changes() {
    table(
        SAME,
        &[
            (&["validate"], 0),
            (&["plan"], 0),
            (&["plan", "--detailed-exitcode"], 0),
            (&["apply", "--yes"], 0),
        ],
    );
    table(CHANGES, &[(&["plan"], 0), (&["apply", "--yes"], 0), (&["--help"], 0), (&["plan", "--help"], 0)]);
    table(
        CHANGES,
        &[(&["--version"], 0), (&["schema"], 0), (&["schema", "plan"], 0), (&["completions", "bash"], 0)],
    );
}

#[test]
fn changes_are_2_only_for_a_plan_that_is_asked_for_details() {
    table(
        CHANGES,
        &[(&["plan", "--detailed-exitcode"], 2), (&["plan", "--json", "-", "--detailed-exitcode"], 2)],
    );
}

#[test]
fn an_error_before_anything_was_written_is_1() {
    let unknown = "users:\n  - { emial: ada@acme.example }\n";
    table(unknown, &[(&["validate"], 1), (&["plan"], 1), (&["apply", "--yes"], 1)]);
    let half = "policy: { minimum: { users: 30 } }\nusers:\n  - { upn: ada@acme.example }\n";
    table(half, &[(&["plan"], 1), (&["apply", "--yes"], 1)]);
    table(SAME, &[(&["plan", "--out", "no/such/folder/plan.json"], 1), (&["validate", "no/such/folder"], 1)]);
}

#[test]
fn a_reading_that_is_not_proved_complete_is_1() {
    let folder = Folder::new(&format!("{UPLOAD}  - {{ name: Engineering, members: [E1, E2] }}\n"));
    for fault in [Fault::DropMembership, Fault::NoMemberships] {
        let remote = Remote::of(&folder, faulty(fault));
        for args in [&["plan"][..], &["apply", "--yes"]] {
            let ran = remote.run(&folder, args);
            assert_eq!(ran.code, 1, "{fault:?} {args:?}\n{}{}", ran.out, ran.err);
        }
        assert!(remote.writes().is_empty(), "{fault:?}");
    }
}

#[test]
fn violations_and_blockers_are_3_before_2() {
    let rows: &[(&[&str], i32)] =
        &[(&["plan"], 3), (&["plan", "--detailed-exitcode"], 3), (&["apply", "--yes"], 3)];
    table(OVER_LIMIT, rows);
    table(BLOCKED, rows);
}

#[test]
fn another_plan_than_expected_is_4() {
    let zeros = "0".repeat(64);
    table(
        CHANGES,
        &[(&["apply", "--yes", "--expect", &zeros], 4), (&["apply", "--yes", "--approve", &zeros], 4)],
    );
}

#[test]
fn a_write_that_came_to_nothing_is_5() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, faulty(Fault::FailWrites));
    let ran = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(!remote.writes().is_empty());
}

#[test]
fn a_plan_passes_where_every_write_fails_and_sends_none() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, faulty(Fault::FailWrites));
    let ran = remote.run(&folder, &["plan", "--detailed-exitcode"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert_eq!(remote.writes(), []);
}

#[test]
fn the_report_of_an_earlier_run_is_none_of_one_that_is_refused() {
    let folder = Folder::new(CHANGES);
    let report = folder.path().join("report.json");
    assert_eq!(folder.run(&["apply", "--yes", "--json", "report.json"]).code, 0);
    assert!(report.exists());
    folder.say(OVER_LIMIT);
    assert_eq!(folder.run(&["apply", "--yes", "--json", "report.json"]).code, 3);
    assert!(!report.exists(), "it would say that this plan was carried out");
    assert_eq!(folder.run(&["plan", "--out", "report.json"]).code, 3);
    assert_eq!(folder.run(&["apply", "--yes", "--plan", "report.json", "--json", "report.json"]).code, 3);
    assert!(report.exists(), "a plan that was reviewed is no report");
    folder.say(CHANGES);
    let ran = folder.run(&["apply", "--yes", "--fresh", "--json", "nowhere/report.json"]);
    assert_eq!(ran.code, 1, "before anything is written: {}{}", ran.out, ran.err);
}

#[test]
fn without_a_terminal_it_is_said_what_is_missing() {
    let folder = Folder::new(CHANGES);
    assert_eq!(folder.run(&["plan", "--out", "plan.json"]).code, 0);
    for (args, missing) in [
        (&["apply"][..], "add --yes --expect DIGEST"),
        (&["apply", "--plan", "plan.json"], "add --yes"),
        (&["apply", "--expect", "plan.json"], "add --yes"),
    ] {
        let ran = folder.run(args);
        assert_eq!(ran.code, 64, "{}", ran.err);
        assert!(ran.err.trim_end().ends_with(missing), "{args:?}: {}", ran.err);
    }
}

#[test]
fn an_upload_that_is_not_to_be_seen_yet_is_6() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::from_mins(1))));
    let ran = remote.run(&folder, &["apply", "--yes", "--wait", "50ms"]);
    assert_eq!(ran.code, 6, "{}{}", ran.out, ran.err);
    let again = remote.run(&folder, &["apply", "--yes", "--wait", "50ms"]);
    assert_eq!(again.code, 6, "{}{}", again.out, again.err);
    assert_eq!(remote.writes().len(), 1, "a second file is never sent over one that is still to be seen");
}

#[test]
fn nothing_to_do_is_6_while_an_upload_may_still_change_the_account() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::from_secs(20))));
    assert_eq!(remote.run(&folder, &["apply", "--yes", "--settle", "0s", "--wait", "10ms"]).code, 6);
    folder.say(&UPLOAD.replace(", E3]", "]"));
    for (command, code) in [(&["apply", "--yes", "--json", "report.json"][..], 6), (&["plan"], 0)] {
        let ran = remote.run(&folder, command);
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("No changes"), "{}", ran.out);
        assert!(ran.err.contains("may still be being processed"), "{}", ran.err);
    }
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["status"], "pending", "{report}");
    assert!(report["awaited"].as_str().unwrap().contains("may still be being processed"), "{report}");
    let newcomer = "users:\n  - { displayName: New, email: new@acme.example }\n";
    folder.say(&UPLOAD.replace(", E3]", "]").replace("users:\n", newcomer));
    let ran = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!(ran.code, 6, "the upload is in no plan of this run either: {}{}", ran.out, ran.err);
    assert!(ran.out.contains("1 of 1 change done") && ran.out.contains("may still be being"), "{}", ran.out);
    folder.forget_upload();
    let ran = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!((ran.code, ran.err.contains("processed")), (0, false), "{}", ran.err);
}

#[test]
fn an_upload_that_was_dropped_is_not_said_to_be_accepted_and_there_is_a_way_on() {
    let folder = Folder::new(UPLOAD);
    let failing = Remote::of(&folder, faulty(Fault::FailWrites));
    let dropped = failing.run(&folder, &["apply", "--yes", "--wait", "50ms"]);
    assert_eq!(dropped.code, 5, "{}{}", dropped.out, dropped.err);
    let remote = Remote::of(&folder, Config::default());
    let later = remote.run(&folder, &["apply", "--yes", "--wait", "50ms"]);
    assert_eq!(later.code, 6, "{}{}", later.out, later.err);
    assert!(!later.out.contains("accepted"), "{}", later.out);
    assert!(later.out.contains("an earlier run sent it"), "{}", later.out);
    assert!(later.out.contains("delete ./.rollcall/upload-"), "{}", later.out);
    assert_eq!(remote.writes(), []);
    folder.forget_upload();
    let sent = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!(sent.code, 0, "{}{}", sent.out, sent.err);
}

#[test]
fn groups_that_change_while_they_are_watched_keep_a_snapshot_from_being_sent() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::from_secs(4))));
    let other = Folder::new(&UPLOAD.replace("[E1, E2, E3]", "[E1]"));
    let sent = remote.run(&other, &["apply", "--yes", "--wait", "0s", "--settle", "0s"]);
    assert_eq!(sent.code, 6, "{}{}", sent.out, sent.err);
    // On this machine a fiftieth of the time is waited.
    let ran = remote.run(&folder, &["apply", "--yes", "--settle", "250s"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("the HR groups are changing"), "{}", ran.out);
    assert_eq!(remote.writes().len(), 1, "the other's");
    let again = remote.run(&folder, &["apply", "--yes", "--settle", "1s"]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
}

#[test]
fn where_the_last_upload_was_verified_from_here_nothing_is_watched() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::ZERO)));
    for (members, watched) in [("[E1, E2, E3]", true), ("[E1, E3]", false)] {
        folder.say(&UPLOAD.replace("[E1, E2, E3]", members));
        let ran = remote.run(&folder, &["apply", "--yes", "--settle", "1s"]);
        assert_eq!((ran.code, ran.err.contains("watching")), (0, watched), "{}{}", ran.out, ran.err);
    }
}

#[test]
fn once_an_upload_is_to_be_seen_there_is_nothing_to_do() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::from_secs(1))));
    remote.run(&folder, &["apply", "--yes", "--wait", "10ms"]);
    let done = || remote.run(&folder, &["plan", "--detailed-exitcode"]).code == 0;
    assert!((0..100).any(|_| done() || {
        std::thread::sleep(Duration::from_millis(100));
        false
    }));
    assert_eq!(remote.writes().len(), 1);
}

#[test]
fn an_upload_is_waited_for_by_default() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::from_millis(300))));
    assert_eq!(remote.run(&folder, &["apply", "--yes"]).code, 0);
}

#[test]
fn what_can_not_be_asked_for_is_64() {
    table(
        CHANGES,
        &[
            (&[], 64),
            (&["plan", "--no-such-option"], 64),
            (&["apply"], 64),
            (&["apply", "--yes", "--expect", "7f3a91c2"], 64),
            (&["apply", "--yes", "--wait", "soon"], 64),
            (&["plan", "--json", "-", "--markdown", "-"], 64),
            (&["plan", "--redact", "--out-snapshot", "hr.csv"], 64),
            (&["plan", "--endpoint", "http://activtrak.example"], 64),
            (&["plan", "--concurrency", "0"], 64),
            (&["sandbox", "--seed", "account.json", "--fault", "earthquake"], 64),
        ],
    );
}

#[test]
fn the_clock_of_an_apply_is_set_on_this_machine_only() {
    let folder = Folder::new(CHANGES);
    let now = ["apply", "--yes", "--now", "2026-05-02T00:00:00Z"];
    let mut elsewhere = folder.command(&now);
    elsewhere.args(["--endpoint", "https://activtrak.invalid"]).env("ACTIVTRAK_API_KEY", "any");
    assert_eq!(super::ran(elsewhere.output().unwrap()).code, 64);
    assert_eq!(folder.run(&now).code, 0);
}

#[test]
fn without_a_terminal_nothing_is_a_yes() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    let mut command = folder.command(&["apply", "--endpoint", &remote.url()]);
    let mut child = command
        .env("ACTIVTRAK_API_KEY", "any")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The command may have ended before it is told.
    let _closed = std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"yes\n");
    assert_eq!(super::ran(child.wait_with_output().unwrap()).code, 64);
    assert!(remote.sandbox.requests().is_empty());
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let folder = Folder::new(CHANGES);
    for (args, code) in [(&["plan", "--detailed-exitcode"][..], 2), (&["schema"], 0)] {
        let mut child = folder.command(args).stdout(std::process::Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}");
    }
}

#[test]
fn a_refused_apply_ends_with_why_that_nothing_was_written_and_what_to_do() {
    let other = "1111111111111111111111111111111111111111111111111111111111111111";
    for (manifest, args, why, what_to_do) in [
        (OVER_LIMIT, &["apply", "--yes"][..], "blocked by 1 limit", "--approve "),
        (BLOCKED, &["apply", "--yes"], "blocked by 1 blocker", "settle every blocker"),
        (CHANGES, &["apply", "--yes", "--expect", other], "not the plan that was expected", "review"),
        (OVER_LIMIT, &["apply", "--yes", "--json", "-"], "blocked by 1 limit", "--approve "),
        (OVER_LIMIT, &["apply", "--yes", "--approve", other], "not the plan that was expected", "review"),
    ] {
        let ran = Folder::new(manifest).run(args);
        let last = ran.err.rsplit_once("error: ").map(|(_, last)| last).unwrap_or_default();
        assert!(last.starts_with("nothing was written: ") && last.contains(why), "{args:?}: {}", ran.err);
        assert!(last.contains("hint: ") && last.contains(what_to_do), "{args:?}: {}", ran.err);
    }
    let plan = Folder::new(OVER_LIMIT).run(&["plan"]);
    assert!(!plan.err.contains("nothing was written"), "a plan writes nothing anyway: {}", plan.err);
}
