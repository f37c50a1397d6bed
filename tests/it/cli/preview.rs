//! `rollcall hr preview`: the file that an apply would send, or why there is none.

use rollcall::sandbox::Config;

use super::{BLOCKED, Folder, Remote, SAME, UPLOAD};

const UPLOADED: &str = "user_lookup_id,group\nE1,Oslo office\nE2,Oslo office\nE3,Oslo office\n";

#[test]
fn the_preview_is_the_file_that_apply_sends_byte_for_byte() {
    let folder = Folder::new(UPLOAD);
    let remote = Remote::of(&folder, Config::default());
    let shown = remote.run(&folder, &["hr", "preview", "--out-snapshot", "hr.csv"]);
    assert_eq!((shown.code, &*shown.out), (0, UPLOADED), "{}", shown.err);
    assert!(remote.writes().is_empty());
    assert_eq!(std::fs::read_to_string(folder.path().join("hr.csv")).unwrap(), shown.out);
    assert_eq!(remote.run(&folder, &["hr", "preview"]).out, shown.out);
    assert_eq!(remote.run(&folder, &["apply", "--yes", "--out-snapshot", "sent.csv"]).code, 0);
    let sent = remote.writes();
    assert!(sent[0].body.contains(&format!("\r\n\r\n{UPLOADED}\r\n--")), "{}", sent[0].body);
    assert_eq!(std::fs::read_to_string(folder.path().join("sent.csv")).unwrap(), shown.out);
}

#[test]
fn a_file_that_commands_whoever_shows_it_is_only_written_to_a_file() {
    let folder = Folder::new(&UPLOAD.replace("Oslo office", "'##[add-mask]Oslo'"));
    let shown = folder.run(&["hr", "preview"]);
    assert_eq!((shown.code, &*shown.out), (1, ""), "{}", shown.err);
    assert!(
        shown.err.contains("the file is not printed") && shown.err.contains("--out-snapshot FILE"),
        "{}",
        shown.err
    );
    assert!(!shown.err.contains("##["), "{}", shown.err);
    let kept = folder.run(&["hr", "preview", "--out-snapshot", "hr.csv"]);
    assert_eq!((kept.code, &*kept.out), (0, ""), "{}", kept.err);
    let file = std::fs::read_to_string(folder.path().join("hr.csv")).unwrap();
    assert!(file.contains("\nE1,##[add-mask]Oslo\n"), "{file}");
}

#[test]
fn a_set_that_would_not_change_is_printed_as_it_is_and_said_not_to_be_sent() {
    let folder = Folder::new(SAME);
    let shown = folder.run(&["hr", "preview"]);
    let out = "user_lookup_id,group\nE1,Oslo office\nE2,Oslo office\n";
    assert_eq!((shown.code, &*shown.out), (0, out), "{}", shown.err);
    assert!(shown.err.contains("nothing would be sent"), "{}", shown.err);
}

#[test]
fn a_plan_with_blockers_has_no_file_and_says_what_stands_against_it() {
    let folder = Folder::new(&format!("{BLOCKED}  - {{ name: Oslo office, source: hr, members: [E1] }}\n"));
    for args in [&["hr", "preview", "--out-snapshot", "hr.csv"][..], &["plan", "--out-snapshot", "hr.csv"]] {
        let ran = folder.run(args);
        assert_eq!(ran.code, 3, "{args:?}");
        assert!(!folder.path().join("hr.csv").exists(), "{args:?}");
        assert!(ran.err.contains("with blockers"), "{}", ran.err);
    }
    let shown = folder.run(&["hr", "preview"]);
    assert_eq!(shown.out, "");
    assert!(shown.err.contains("unknown-reference"), "{}", shown.err);
}

#[test]
fn what_a_limit_stands_against_is_printed_and_exits_with_3() {
    let limited = "policy: { limits: { leaveGroup: 0 } }
users:
  - { upn: ada@acme.example }
groups:
  - { name: Oslo office, source: hr, members: [E1] }
";
    let shown = Folder::new(limited).run(&["hr", "preview"]);
    assert_eq!((shown.code, &*shown.out), (3, "user_lookup_id,group\nE1,Oslo office\n"));
    assert!(shown.err.contains("leaveGroup"), "{}", shown.err);
}

#[test]
fn a_file_of_pseudonyms_is_never_made() {
    let folder = Folder::new(UPLOAD);
    for args in [&["hr", "preview", "--redact"][..], &["plan", "--redact", "--out-snapshot", "hr.csv"]] {
        let ran = folder.run(args);
        assert_eq!((ran.code, &*ran.out), (64, ""), "{args:?}");
    }
    assert!(!folder.path().join("hr.csv").exists());
}

#[test]
fn an_account_without_hr_groups_has_no_file() {
    let folder = Folder::new(SAME);
    let without =
        super::ACCOUNT.replace(", { \"id\": 11, \"name\": \"Oslo office\", \"source\": \"hr\" }", "");
    folder.write("account.json", &without.replace("[10, 11]", "[10]").replace(", \"groups\": [11]", ""));
    let shown = folder.run(&["hr", "preview"]);
    assert_eq!((shown.code, &*shown.out), (0, ""), "{}", shown.err);
    assert!(shown.err.contains("no HR group"), "{}", shown.err);
}
