//! One apply at a time from one checkout.

use std::fs;
use std::process::Stdio;

use rollcall::sandbox::Config;

use super::held::{At, Held};
use super::{CHANGES, Folder, Remote};

#[test]
fn a_second_apply_refuses_at_once_and_one_after_a_crash_breaks_the_lock() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    let held = Held::new(remote.url(), 0, At::Before);
    let mut first = folder.command(&["apply", "--yes", "--endpoint", held.url()]);
    first.env("ACTIVTRAK_API_KEY", "any").env("USER", "ann").stdout(Stdio::null()).stderr(Stdio::null());
    let mut first = first.spawn().unwrap();
    held.wait();

    let second = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!((second.code, second.out.as_str()), (1, ""), "{}", second.err);
    let said = format!("error: another apply is under way from here: process {}", first.id());
    assert!(second.err.starts_with(&said), "{}", second.err);
    assert!(second.err.contains("(ann), applying to acme, since "), "{}", second.err);
    assert!(second.err.contains("hint: wait until it ends"), "{}", second.err);
    assert_eq!(remote.run(&folder, &["plan", "--detailed-exitcode"]).code, 2, "plans are made all the same");
    let elsewhere = Folder::new(CHANGES);
    assert_eq!(elsewhere.run(&["apply", "--yes"]).code, 0, "another checkout has a lock of its own");
    assert_eq!(remote.writes().len(), 0);

    first.kill().unwrap();
    first.wait().unwrap();
    let third = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!(third.code, 0, "{}", third.err);
    let said = format!("the lock of process {}", first.id());
    assert!(third.err.starts_with(&said), "{}", third.err);
    assert!(third.err.contains("is broken: it ended without letting go of it"), "{}", third.err);
    assert_eq!(fs::read(folder.path().join(".rollcall/lock")).unwrap(), b"");
    assert_eq!(remote.run(&folder, &["apply", "--yes"]).err, "");
}

#[test]
fn a_lock_names_nobody_where_nobody_is_to_be_named() {
    let folder = Folder::new(CHANGES);
    let remote = Remote::of(&folder, Config::default());
    let held = Held::new(remote.url(), 0, At::Before);
    let mut apply = folder.command(&["apply", "--yes", "--redact", "--endpoint", held.url()]);
    apply.env("ACTIVTRAK_API_KEY", "any").env("USER", "ann").stdout(Stdio::null()).stderr(Stdio::null());
    let mut apply = apply.spawn().unwrap();
    held.wait();
    let text = fs::read_to_string(folder.path().join(".rollcall/lock")).unwrap();
    apply.kill().unwrap();
    apply.wait().unwrap();
    let owner: serde_json::Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<&String> = owner.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["account", "process", "started"]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_lock_is_not_followed() {
    let folder = Folder::new(CHANGES);
    let elsewhere = tempfile::tempdir().unwrap();
    folder.run(&["plan"]);
    std::os::unix::fs::symlink(elsewhere.path().join("lock"), folder.path().join(".rollcall/lock")).unwrap();
    let ran = folder.run(&["apply", "--yes"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("lock could not be locked: it is there and is no file"), "{}", ran.err);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}
