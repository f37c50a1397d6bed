//! Files for uploads in the app.

use super::Folder;

const DOWNLOAD: &str =
    "group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias
10,Old name,ActivTrak,Client,142,ACME,ada,
11,Sales,ActivTrak,Client,143,ACME,bob,
12,Leaving,ActivTrak,,,,,
,,,Client,144,LAB,ada,
,,,Device,20,ACME,PC-1,
";

const MANIFEST: &str = "account: { name: acme, id: 123456, platform: activtrak, region: us }
users:
  - { displayName: Ada Lovelace, employeeId: E1, email: ada@acme.example, deviceLogin: ['ACME\\ada', 'LAB\\ada'] }
  - { displayName: Bob Stone, email: bob@acme.example, groups: [Fresh] }
groups:
  - { name: Fresh, members: [E1], computers: ['ACME\\PC-1'] }
  - { name: Bare, members: [] }
  - { name: New name, formerly: [Old name] }
  - { name: Sales, members: [E1] }
  - { name: Leaving, state: deleted }
  - { name: Gone, state: deleted }
  - { name: Oslo, source: hr, members: [E1] }
";

fn folder() -> Folder {
    let folder = Folder::new("");
    folder.write("rollcall.yaml", MANIFEST);
    folder.write("groups_123456.csv", DOWNLOAD);
    folder
}

#[test]
fn groups_that_the_account_lacks_are_written_for_the_upload_and_what_it_can_not_do_is_listed() {
    let folder = folder();
    let ran =
        folder.run(&["export", "groups", "--new", "--observed", "groups_123456.csv", "--out", "new.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("new.csv")).unwrap(),
        "group_name,member_type,member_id\nBare,,\nFresh,Client,142\nFresh,Client,144\nFresh,Device,20\n"
    );
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [
        "2 new groups, 4 rows written to new.csv.",
        "bob@acme.example in Fresh: the download has no agent of theirs",
        "New name is to be another group's new name: the upload renames none",
        "Sales is there already, and the upload changes none: 2 agents to join, 1 to leave",
        "Leaving is to be deleted: the upload deletes none",
        "Oslo is an HR group: HR uploads make it",
        "an older one has group_name and user_id",
    ] {
        assert!(said.contains(sentence), "{sentence}: {}", ran.out);
    }
    assert!(!said.contains("Gone"), "{}", ran.out);
}

#[test]
fn a_download_of_another_account_is_refused_and_without_new_groups_nothing_is_written() {
    let folder = folder();
    folder.write("groups_7.csv", DOWNLOAD);
    let export = |file| folder.run(&["export", "groups", "--new", "--observed", file, "--out", "new.csv"]);
    let ran = export("groups_7.csv");
    assert!(ran.code == 1 && ran.err.contains("does not have account 123456 in its name"), "{}", ran.err);
    folder.write(
        "rollcall.yaml",
        &MANIFEST
            .replace("name: Fresh", "name: Sales ")
            .replace("groups: [Fresh]", "tracking: tracked")
            .replace("  - { name: Bare, members: [] }\n", "")
            .replace("  - { name: Sales, members: [E1] }\n", ""),
    );
    let ran = export("groups_123456.csv");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("nothing was written"), "{}", ran.out);
    assert!(!folder.path().join("new.csv").exists());
    assert_eq!(folder.run(&["export", "groups", "--observed", "x.csv", "--out", "y.csv"]).code, 64);
}

#[test]
fn an_hr_export_makes_the_upload_too() {
    let folder = Folder::new("");
    folder.write(
        "rollcall.yaml",
        "account: { name: acme, id: 123456, platform: activtrak, region: us }
hr:
  sources:
    - name: workday
      csv: workers.csv
      user: Work Email
      fields: { deviceLogin: 'ACME\\{Username}' }
      groups: [{ column: Team, source: app }]
",
    );
    folder.write(
        "workers.csv",
        "Work Email,Username,Team\nada@acme.example,ada,Fresh\nbob@acme.example,bob,Sales\ncy@acme.example,,Fresh\n",
    );
    folder.write("groups_123456.csv", DOWNLOAD);
    let ran =
        folder.run(&["export", "groups", "--new", "--observed", "groups_123456.csv", "--out", "new.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("new.csv")).unwrap(),
        "group_name,member_type,member_id\nFresh,Client,142\n"
    );
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("in Fresh: the download has no agent of theirs"), "{}", ran.out);
}
