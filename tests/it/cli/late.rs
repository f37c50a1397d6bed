//! Accounts whose reads lag behind their writes, from run to run.

use std::process::Stdio;
use std::time::{Duration, Instant};

use rollcall::sandbox::{Config, Faults, Settings};

use super::{CHANGES, Folder, Ran, Remote, SAME, ran};

/// An account whose reads are so late, and that only SCIM opens if it is said.
fn late(folder: &Folder, fault: &str, settings: &[&str]) -> Remote {
    let settings = Settings::parse(settings).unwrap();
    let faults = Faults::parse([fault]).unwrap();
    Remote::of(folder, Config { faults, settings, hr_delay: Duration::ZERO, ..Config::default() })
}

fn run(remote: &Remote, folder: &Folder, args: &[&str]) -> Ran {
    let mut command = folder.command(args);
    command.args(["--endpoint", &remote.url()]);
    command.env("ACTIVTRAK_API_KEY", "any").env("ACTIVTRAK_SCIM_KEY", "any");
    ran(command.output().unwrap())
}

#[test]
fn what_the_last_run_wrote_and_the_reading_does_not_show_yet_is_said_and_not_planned_again() {
    let with_a_group = format!("{CHANGES}groups:\n  - {{ name: Fresh, members: [ada@acme.example] }}\n");
    for (fault, settings, manifests) in [
        ("lag=2500", &[][..], with_a_group.as_str()),
        ("lag-identity=2500", &[], &with_a_group),
        ("lag-admin=2500", &[], &with_a_group),
        ("lag-scim=2500", &["identity-closed"], CHANGES),
    ] {
        let folder = Folder::new(manifests);
        let remote = late(&folder, fault, settings);
        let first = run(&remote, &folder, &["apply", "--yes"]);
        assert_eq!(first.code, 0, "{fault}: {}{}", first.out, first.err);
        assert!(first.out.contains("The account showed what was written late"), "{fault}: {}", first.out);
        let sent = remote.writes().len();
        let again = run(&remote, &folder, &["apply", "--yes"]);
        assert_eq!(again.code, 0, "{fault}: {}{}", again.out, again.err);
        assert_eq!(remote.writes().len(), sent, "{fault}: {}{}", again.out, again.err);
    }
}

#[test]
fn a_plan_after_a_write_that_is_not_shown_is_made_of_a_reading_that_shows_it() {
    let folder =
        Folder::new("users:\n  - { email: bob@acme.example, employeeId: E2, tracking: untracked }\n");
    let remote = late(&folder, "lag=3000", &[]);
    // Nobody waits for the reading, and so what was written is not seen.
    let first = run(&remote, &folder, &["apply", "--yes", "--read-back", "0s"]);
    assert_eq!(first.code, 5, "{}{}", first.out, first.err);
    assert!(first.out.contains("asked for untracked, reads back as tracked"), "{}", first.out);
    std::thread::sleep(Duration::from_millis(3200));
    // Now it is, and this run undoes it.
    folder.say("users:\n  - { email: bob@acme.example, employeeId: E2, tracking: tracked }\n");
    let second = run(&remote, &folder, &["apply", "--yes"]);
    assert_eq!(second.code, 0, "{}{}", second.out, second.err);
}

#[test]
fn what_somebody_else_undid_is_planned_again_once_it_can_not_be_late_any_more() {
    let folder = Folder::new(CHANGES);
    let one = Remote::of(&folder, Config { hr_delay: Duration::ZERO, ..Config::default() });
    assert_eq!(one.run(&folder, &["apply", "--yes"]).code, 0);
    // An account that has nothing of it, under the same name.
    let other = Remote::of(&folder, Config { hr_delay: Duration::ZERO, ..Config::default() });
    let again = other.run(&folder, &["apply", "--yes", "--read-back", "2s"]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    assert!(again.err.contains("the account does not show yet all that the apply of"), "{}", again.err);
    assert!(again.err.contains("are planned again"), "{}", again.err);
    assert!(!other.writes().is_empty());
    let third = other.run(&folder, &["apply", "--yes"]);
    assert!(third.code == 0 && !third.err.contains("does not show yet"), "{}", third.err);
}

#[test]
fn a_run_that_waits_for_a_reading_ends_when_it_is_told_to_and_says_what_it_does_not_know() {
    let folder =
        Folder::new("users:\n  - { email: bob@acme.example, employeeId: E2, tracking: untracked }\n");
    let remote = late(&folder, "lag=120000", &[]);
    let mut command = folder.command(&["apply", "--yes", "--read-back", "2m", "--endpoint", &remote.url()]);
    let command = command.env("ACTIVTRAK_API_KEY", "any").stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    remote.wait_for_a_write();
    std::thread::sleep(Duration::from_millis(500));
    let told = Instant::now();
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let ran = ran(child.wait_with_output().unwrap());
    assert!(told.elapsed() < Duration::from_secs(30), "{:?}", told.elapsed());
    assert_eq!(ran.code, 130, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("unknown: accepted, and not to be seen"), "{}", ran.out);
    folder.say(SAME);
}
