//! `--observed FILE`: HR groups where nothing shows users, over a download that the app made.

use std::fs::File;
use std::time::Duration;

use jiff::Timestamp;
use rollcall::sandbox::{Config, Setting};

use super::{Folder, Ran, Remote};

const GROUPS: &str = "users:
  - { displayName: Ada Lovelace, upn: ada@acme.example, employeeId: E1 }
  - { email: cy@acme.example, employeeId: E3 }
groups:
  - { name: Oslo office, source: hr, members: [ada@acme.example, E3] }
  - { name: Bergen office, source: hr, members: [cy@acme.example] }
";

/// The account as it starts, and as the snapshot leaves it; `7` is its number.
const BEFORE: &str =
    "group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias
10,Engineering,ActivTrak,,,,,
11,Oslo office,HRDC,,,,,
";

fn closed(folder: &Folder) -> Remote {
    let settings = [Setting::IdentityClosed, Setting::AdminClosed].into_iter().collect();
    Remote::of(folder, Config { settings, ..Config::default() })
}

/// Writes a download that was made at a time.
fn download(folder: &Folder, name: &str, text: &str, made: &str) {
    folder.write(name, text);
    let made: Timestamp = made.parse().unwrap();
    File::options().write(true).open(folder.path().join(name)).unwrap().set_modified(made.into()).unwrap();
}

fn run(remote: &Remote, folder: &Folder, now: &str, args: &[&str]) -> Ran {
    remote.run(folder, &[args, &["--observed", "groups_7.csv", "--now", now]].concat())
}

fn digest(plan: &Ran) -> String {
    plan.out.lines().rev().find_map(|line| line.strip_prefix("plan ")).unwrap().to_owned()
}

#[test]
fn an_upload_over_a_download_is_settled_by_a_newer_one_and_not_sent_again() {
    let folder = Folder::new(GROUPS);
    let remote = closed(&folder);
    download(&folder, "groups_7.csv", BEFORE, "2026-05-04T08:50:00Z");
    let at_nine = "2026-05-04T09:00:00Z";
    let plan = run(&remote, &folder, at_nine, &["plan"]);
    assert_eq!(plan.code, 3, "{}", plan.err);
    assert!(plan.out.contains("unproved"), "{}", plan.out);
    assert_eq!(run(&remote, &folder, at_nine, &["apply", "--yes"]).code, 3);
    assert!(remote.writes().is_empty());

    let approved = digest(&plan);
    let applied = run(&remote, &folder, at_nine, &["apply", "--yes", "--approve", &approved]);
    assert_eq!(applied.code, 6, "{}{}", applied.out, applied.err);
    assert!(applied.out.contains("applied, not proved"), "{}", applied.out);
    assert_eq!(remote.writes().len(), 1);
    let sent = "user_lookup_id,employee_id,display_name,group\ncy@acme.example,E3,,Bergen office\n\
                ada@acme.example,E1,Ada Lovelace,Oslo office\ncy@acme.example,E3,,Oslo office\n";
    assert!(
        remote.writes()[0].body.contains(&format!("\r\n\r\n{sent}\r\n--")),
        "{}",
        remote.writes()[0].body
    );

    let again = run(&remote, &folder, at_nine, &["apply", "--yes", "--approve", &approved]);
    assert_eq!(again.code, 3, "{}", again.err);
    assert!(again.out.contains("unsettled-upload"), "{}", again.out);

    // Ten minutes later the file is not processed, twenty minutes later it is.
    download(&folder, "groups_7.csv", BEFORE, "2026-05-04T09:10:00Z");
    let early = run(&remote, &folder, "2026-05-04T09:11:00Z", &["plan"]);
    assert!(early.code == 3 && early.out.contains("unsettled-upload"), "{}", early.out);
    let after = format!("{BEFORE}12,Bergen office,HRDC,Client,3,ACME,cy,\n");
    download(&folder, "groups_7.csv", &after, "2026-05-04T09:20:00Z");
    let settled = run(&remote, &folder, "2026-05-04T09:21:00Z", &["apply", "--yes"]);
    assert_eq!(settled.code, 0, "{}{}", settled.out, settled.err);
    assert!(settled.out.contains("is settled"), "{}", settled.out);
    let shown = run(&remote, &folder, "2026-05-04T09:21:00Z", &["hr", "preview"]);
    assert_eq!((shown.code, &*shown.out), (0, sent), "{}", shown.err);
    assert_eq!(remote.writes().len(), 1);

    // Other manifests are another file.
    folder.say(&GROUPS.replace("[ada@acme.example, E3]", "[ada@acme.example]"));
    let other = run(&remote, &folder, "2026-05-04T09:21:00Z", &["plan"]);
    assert!(other.code == 3 && other.out.contains("unproved"), "{}", other.out);
}

#[test]
fn an_hour_after_an_upload_a_download_is_believed_and_what_is_missing_is_sent_again() {
    let folder = Folder::new(GROUPS);
    let remote = closed(&folder);
    download(&folder, "groups_7.csv", BEFORE, "2026-05-04T08:50:00Z");
    let plan = run(&remote, &folder, "2026-05-04T09:00:00Z", &["plan"]);
    let approve = ["apply", "--yes", "--approve", &digest(&plan)];
    assert_eq!(run(&remote, &folder, "2026-05-04T09:00:00Z", &approve).code, 6);
    download(&folder, "groups_7.csv", BEFORE, "2026-05-04T10:00:00Z");
    let again = run(&remote, &folder, "2026-05-04T10:01:00Z", &approve);
    assert_eq!(again.code, 6, "{}", again.out);
    assert!(again.out.contains("did not wholly come about"), "{}", again.out);
    assert_eq!(remote.writes().len(), 2);
}

#[test]
fn a_download_that_is_old_strange_or_not_needed_is_refused_before_anything_is_sent() {
    let folder = Folder::new(GROUPS);
    let remote = closed(&folder);
    let refused = |now: &str| {
        let ran = run(&remote, &folder, now, &["apply", "--yes"]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        ran.err
    };
    download(&folder, "groups_7.csv", BEFORE, "2026-05-04T08:00:00Z");
    assert!(refused("2026-05-04T09:00:01Z").contains("60 minutes ago"));
    assert!(refused("2026-05-04T07:59:59Z").contains("in the future"));
    assert_eq!(run(&remote, &folder, "2026-05-04T09:00:00Z", &["plan"]).code, 3, "an hour is not too old");
    download(&folder, "groups_7.csv", "<html>sign in</html>\n", "2026-05-04T08:00:00Z");
    assert!(refused("2026-05-04T08:10:00Z").contains("`group_id` is missing"));
    std::fs::remove_file(folder.path().join("groups_7.csv")).unwrap();
    std::fs::create_dir(folder.path().join("groups_7.csv")).unwrap();
    assert!(refused("2026-05-04T08:10:00Z").contains("is no file"));
    assert!(remote.writes().is_empty());

    let folder = Folder::new(&format!("{GROUPS}---\n").replace("---\n", ""));
    download(&folder, "groups_7.csv", BEFORE, "2026-05-04T08:50:00Z");
    let open = Remote::of(&folder, Config::default());
    let ran = run(&open, &folder, "2026-05-04T09:00:00Z", &["plan"]);
    assert!(ran.code == 1 && ran.err.contains("take --observed out"), "{}", ran.err);
}

#[test]
fn a_download_of_another_account_than_the_key_opens_is_refused_where_the_account_tells() {
    let folder = Folder::new(GROUPS);
    let settings = std::iter::once(Setting::IdentityClosed).collect();
    let remote = Remote::of(&folder, Config { settings, hr_delay: Duration::ZERO, ..Config::default() });
    download(&folder, "groups_7.csv", BEFORE, "2026-05-04T08:50:00Z");
    assert_eq!(run(&remote, &folder, "2026-05-04T09:00:00Z", &["plan"]).code, 3);
    let other = BEFORE.replace("11,Oslo", "77,Oslo");
    download(&folder, "groups_7.csv", &other, "2026-05-04T08:50:00Z");
    let ran = run(&remote, &folder, "2026-05-04T09:00:00Z", &["plan"]);
    assert!(ran.code == 1 && ran.err.contains("do not agree on HR groups"), "{}", ran.err);
}
