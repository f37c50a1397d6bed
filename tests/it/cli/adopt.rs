//! Into manifests that are there: what somebody changed in the account is adopted, and all else in the files stays.

use std::fs;

use rollcall::sandbox::Config;
use serde_json::Value;

use super::{ACCOUNT, Folder, Ran, Remote};

/// Manifests as people write them, of an account that is otherwise in five places.
const TEXT: &str = "# Acme, kept by IT.
account: { name: acme, platform: activtrak, region: us }   # the only one
users:
  # The first programmer.
  - displayName: 'Ada King'        # she married
    upn: ada@acme.example
    employeeId: E1

  - { displayName: Bob Leaver, email: [bob@acme.example, b@acme.example], employeeId: E2 } # soon gone
  - email: new@acme.example        # starts in May
    displayName: New Hire
groups:
  - name: Engineering
    members:
      # leads
      - ada@acme.example  # since 1843
      - bob@acme.example  # helps out
      - new@acme.example
";

/// The same once it says what the account has.
const ADOPTED: &str = "# Acme, kept by IT.
account: { name: acme, platform: activtrak, region: us }   # the only one
users:
  # The first programmer.
  - displayName: 'Ada Lovelace'        # she married
    upn: ada@acme.example
    employeeId: E1

  - { displayName: Bob Leaver, email: [bob@acme.example], employeeId: E2 } # soon gone
groups:
  - name: Engineering
    members:
      # leads
      - ada@acme.example  # since 1843
";

fn folder(text: &str) -> Folder {
    let folder = Folder::new("");
    folder.write("rollcall.yaml", text);
    folder
}

#[track_caller]
fn adopt(folder: &Folder, args: &[&str]) -> Ran {
    let remote = Remote::of(folder, Config::default());
    let ran = remote.run(folder, &[&["import", "--into", "."], args].concat());
    assert!(remote.writes().is_empty(), "it only reads");
    ran
}

fn text(folder: &Folder) -> String {
    fs::read_to_string(folder.path().join("rollcall.yaml")).unwrap()
}

#[test]
fn what_differs_is_shown_and_written_only_on_request() {
    let folder = folder(TEXT);
    let shown = adopt(&folder, &[]);
    assert_eq!((shown.code, text(&folder).as_str()), (0, TEXT), "{}", shown.err);
    for line in [
        "-  - displayName: 'Ada King'        # she married",
        "+  - displayName: 'Ada Lovelace'        # she married",
        "-      - bob@acme.example  # helps out",
        "New Hire <new@acme.example>: in the manifests, and not in the account",
        "Nothing was written.",
    ] {
        assert!(shown.out.contains(line), "{line}: {}", shown.out);
    }
    let written = adopt(&folder, &["--write", "--json", "adopted.json"]);
    assert_eq!((written.code, text(&folder).as_str()), (0, ADOPTED), "{}", written.err);
    let report: Value =
        serde_json::from_slice(&fs::read(folder.path().join("adopted.json")).unwrap()).unwrap();
    assert_eq!((&report["written"], &report["files"][0]["path"]), (&true.into(), &"rollcall.yaml".into()));
    let again = adopt(&folder, &["--write"]);
    assert!(again.out.contains("nothing to adopt"), "{}", again.out);
    assert_eq!(text(&folder), ADOPTED);
}

#[test]
fn one_user_group_or_exclusion_is_adopted_alone() {
    for (only, code, stays, goes) in [
        ("E1", 0, "b@acme.example", "Ada King"),
        ("bob leaver", 0, "Ada King", ", b@acme.example"),
        // Its new member is still to be created.
        ("Engineering", 3, "new@acme.example\n", "helps out"),
    ] {
        let folder = folder(TEXT);
        let ran = adopt(&folder, &["--only", only, "--write"]);
        assert_eq!(ran.code, code, "{only}: {}{}", ran.out, ran.err);
        let text = text(&folder);
        assert!(text.contains(stays) && !text.contains(goes), "{only}: {text}");
    }
    let folder = folder(TEXT);
    let ran = adopt(&folder, &["--only", "nobody@acme.example", "--write"]);
    assert_eq!((ran.code, text(&folder).as_str()), (64, TEXT), "{}", ran.err);
    assert!(ran.err.contains("called nobody@acme.example"), "{}", ran.err);
}

#[test]
fn what_no_manifest_mentions_is_added_on_request_where_its_kind_stands() {
    let folder = folder(TEXT);
    let ran = adopt(&folder, &["--all", "--write"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let all = text(&folder);
    assert!(all.contains("# soon gone\n  - displayName: Cy Young\n    email: cy@acme.example\n"), "{all}");
    assert!(
        all.ends_with(
            "# since 1843\n  - name: Oslo office\n    source: hr\n    members:\n      - E1\n      - E2\n"
        ),
        "{all}"
    );
    assert!(adopt(&folder, &["--all"]).out.contains("nothing to adopt"));
}

#[test]
fn what_has_no_file_of_its_kind_gets_one() {
    let folder = folder(
        "account: { name: acme, platform: activtrak, region: us }\nusers: [{ upn: ada@acme.example }]\n",
    );
    let ran = adopt(&folder, &["--all", "--write"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("--- /dev/null\n+++ b/users.yaml\n"), "{}", ran.out);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("users.yaml").starts_with("users:\n  - displayName: Bob Leaver\n"));
    assert!(read("groups.yaml").contains("name: Engineering"));
    assert!(read("hr-groups.yaml").contains("name: Oslo office"));
}

#[test]
fn what_cannot_be_adopted_is_listed_with_both_sides_and_the_exit_code_says_so() {
    let order = "users:\n  - email: bob@acme.example\n    remove: { decided: 2026-05-02, reason: left }\n";
    let head = "account: { name: acme, platform: activtrak, region: us }\n";
    let folder = folder(&format!("{head}{order}  - {{ upn: ada@acme.example, displayName: Ada King }}\n"));
    let ran = adopt(&folder, &["--write", "--now", "2026-05-04T09:00:00Z"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("NOT ADOPTED\n  · Bob Leaver <bob@acme.example>"), "{}", ran.out);
    assert!(ran.out.contains("its order is due"), "{}", ran.out);
    assert_eq!(
        text(&folder),
        format!("{head}{order}  - {{ upn: ada@acme.example, displayName: Ada Lovelace }}\n")
    );
}

#[test]
fn people_are_pseudonyms_in_the_report_and_never_in_the_manifests() {
    let folder = folder(TEXT);
    let ran = adopt(&folder, &["--redact", "--write", "--json", "adopted.json"]);
    let json = fs::read_to_string(folder.path().join("adopted.json")).unwrap();
    for shown in [&ran.out, &json] {
        assert!(!shown.contains("Ada") && !shown.contains("bob@"), "{shown}");
    }
    assert_eq!((ran.code, text(&folder).as_str()), (0, ADOPTED));
}

#[test]
fn line_breaks_marks_and_a_missing_last_one_stay() {
    let bare = format!("\u{feff}{}", TEXT.replace('\n', "\r\n").trim_end());
    let folder = folder(&bare);
    let ran = adopt(&folder, &["--only", "E1", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(text(&folder), bare.replace("'Ada King'", "'Ada Lovelace'"));
}

#[test]
fn a_group_with_the_users_of_others_follows_what_is_adopted_of_them() {
    let says = "account: { name: acme, platform: activtrak, region: us }
users:
  - { displayName: Ada Lovelace, upn: ada@acme.example }
groups:
  - { name: Engineering, members: [ada@acme.example, bob@acme.example] }
  - { name: Gone, members: [bob@acme.example] }
  - name: All
    membersOf: [Engineering, Gone]
  - name: More
    membersOf: Gone
    except: [cy@acme.example]
";
    let folder = folder(says);
    let has = ACCOUNT
        .replace("\"groups\": [10, 11]", "\"groups\": [10, 11, 12]")
        .replace("\"E3\"] }", "\"E3\"], \"groups\": [12] }");
    let more = "{ \"id\": 12, \"name\": \"All\" }, { \"id\": 13, \"name\": \"More\" }]";
    folder.write(
        "account.json",
        &has.replace("\"source\": \"hr\" }]", &format!("\"source\": \"hr\" }}, {more}")),
    );
    let ran = adopt(&folder, &["--write"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    // Bob leaves Engineering, and by that what has its users: no exception is made of him.
    let adopted = "account: { name: acme, platform: activtrak, region: us }
users:
  - { displayName: Ada Lovelace, upn: ada@acme.example }
groups:
  - { name: Engineering, members: [ada@acme.example] }
  - name: All
    membersOf: [Engineering]
    also: [E3]
  - name: More
";
    assert_eq!(text(&folder), adopted, "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_a_folder_that_cannot_be_written_is_left_whole() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("account: { name: acme, platform: activtrak, region: us }\n");
    fs::create_dir(folder.path().join("kept")).unwrap();
    folder.write("kept/users.yaml", "users:\n  - { upn: ada@acme.example, displayName: Ada King } # a\n");
    fs::rename(folder.path().join("kept/users.yaml"), folder.path().join("kept/users.txt")).unwrap();
    symlink("kept/users.txt", folder.path().join("users.yaml")).unwrap();
    let ran = adopt(&folder, &["--write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let kept = folder.path().join("kept/users.txt");
    assert!(fs::symlink_metadata(folder.path().join("users.yaml")).unwrap().is_symlink());
    assert!(fs::read_to_string(&kept).unwrap().contains("displayName: Ada Lovelace } # a\n"));
    folder.write("account.json", &ACCOUNT.replace("Ada Lovelace", "Ada Byron"));
    let closed = fs::Permissions::from_mode(0o555);
    fs::set_permissions(folder.path().join("kept"), closed).unwrap();
    // Whoever may do everything may write there, too.
    let is_closed = fs::write(folder.path().join("kept/probe"), "").is_err();
    let ran = adopt(&folder, &["--write"]);
    fs::set_permissions(folder.path().join("kept"), fs::Permissions::from_mode(0o755)).unwrap();
    let says = fs::read_to_string(&kept).unwrap();
    assert_eq!(
        (ran.code, says.contains("Byron")),
        if is_closed { (1, false) } else { (0, true) },
        "{}",
        ran.err
    );
}

#[test]
fn a_folder_and_another_and_what_belongs_to_an_import_are_refused_together() {
    let folder = folder(TEXT);
    for args in [
        &["import", "new", "--into", "."][..],
        &["import", "--into", ".", "--region", "us"],
        &["import", "new", "--region", "us", "--write"],
        &["import", "new"],
    ] {
        assert_eq!(folder.run(args).code, 64, "{args:?}");
    }
}
