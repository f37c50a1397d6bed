//! Being told to end: in order, with a report.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rollcall::sandbox::{Config, Fault};

use super::{Folder, Ran, Remote, SAME, UPLOAD, faulty, many, ran};

fn start(folder: &Folder, args: &[&str]) -> Child {
    let mut command = folder.command(args);
    command.env("ACTIVTRAK_API_KEY", "any").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn tell(child: Child, signal: &str) -> Ran {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    ran(child.wait_with_output().unwrap())
}

#[test]
fn a_run_that_waits_for_an_upload_ends_when_it_is_told_to_and_reports() {
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let folder = Folder::new(UPLOAD);
        let remote = Remote::of(&folder, faulty(Fault::SlowHr(Duration::from_mins(1))));
        let child = start(&folder, &["apply", "--yes", "--json", "report.json", "--endpoint", &remote.url()]);
        remote.wait_for_a_write();
        let ran = tell(child, signal);
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
        assert!(report.contains("pending"), "{report}");
    }
}

#[test]
fn a_run_that_writes_finishes_what_is_under_way_and_the_next_does_the_rest() {
    // Writes that wait for their turn are not under way.
    for pace in [["--concurrency", "1"], ["--max-rate", "4"]] {
        let folder = Folder::new(&many(100));
        let remote = Remote::of(&folder, Config::default());
        let child = start(&folder, &[&["apply", "--yes", "--endpoint", &remote.url()], &pace[..]].concat());
        remote.wait_for_a_write();
        let ran = tell(child, "-TERM");
        assert_eq!(ran.code, 143, "{}{}", ran.out, ran.err);
        let said = [
            "STOPPED by SIGTERM",
            "not tried: the run was stopped",
            "stopping: what is under way is waited for",
        ];
        let is_said = |words: &&str| ran.out.contains(words) || ran.err.contains(words);
        assert!(said.iter().all(is_said), "{}{}", ran.out, ran.err);
        assert!(!ran.out.contains("unknown"), "what was under way was waited for: {}", ran.out);
        assert!(!ran.out.contains("failed"), "what did not leave was not tried: {}", ran.out);
        let sent = remote.writes().len();
        assert!(ran.out.contains(&format!("{sent} write")) && sent < 100, "{sent} of 100: {}", ran.out);
        assert_eq!(remote.run(&folder, &["apply", "--yes"]).code, 0);
        assert_eq!(remote.writes().len(), 100, "nobody is created twice");
    }
}

#[test]
fn a_run_that_watches_before_an_upload_ends_when_it_is_told_to_and_sends_nothing() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, Config::default());
    // On this machine a fiftieth of the time is waited: five minutes.
    let mut child = start(&folder, &["apply", "--yes", "--settle", "250m", "--endpoint", &remote.url()]);
    let mut heard = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(heard.any(|line| line.unwrap().contains("watching")), "the groups are watched");
    let ran = tell(child, "-INT");
    assert_eq!(ran.code, 130, "{}", ran.out);
    assert!(ran.out.contains("STOPPED by SIGINT"), "{}", ran.out);
    assert_eq!(remote.writes(), []);
}

#[test]
fn a_run_that_still_reads_ends_at_once_and_says_that_nothing_was_written() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = Folder::new(SAME);
    let child = start(&folder, &["plan", "--endpoint", &format!("http://{}", silent.local_addr().unwrap())]);
    // The connection is made, so the signals are listened for.
    drop(silent.accept().unwrap());
    let ran = tell(child, "-TERM");
    assert_eq!(ran.code, 143, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("nothing was written"), "{}", ran.err);
}

#[test]
fn a_sandbox_ends_on_a_signal_and_saves_what_it_holds() {
    let folder = Folder::new(SAME);
    let mut child = start(&folder, &["sandbox", "--seed", "account.json", "--save"]);
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("SANDBOX"), "{first}");
    let ran = tell(child, "-INT");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let saved = std::fs::read_to_string(folder.path().join("account.json")).unwrap();
    assert_ne!(saved, super::ACCOUNT, "one record a line");
    assert!(saved.contains("Ada Lovelace"));
}
