//! The way in: manifests of what an account has.

use std::path::Path;

use rollcall::sandbox::{Config, Fault, Settings};
use serde_json::Value;

use super::{Folder, Ran, Remote, faulty};

/// An account with something of everything, and the folder that imports work in.
fn folder() -> Folder {
    let folder = Folder::new("");
    std::fs::remove_file(folder.path().join("rollcall.yaml")).unwrap();
    folder.write(
        "account.json",
        r#"{
  "version": 1,
  "account": { "id": 123456, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada Lovelace", "upns": ["ada@acme.example"], "employeeIds": ["E1"], "groups": [10, 11, 12] },
    { "id": 2, "displayName": "bob stone", "emails": ["bob@acme.example"], "tracked": false, "groups": [10],
      "agents": [{ "id": 7, "username": "bob", "domain": "ACME" }] },
    { "id": 3, "displayName": "Élise Roy", "employeeIds": ["0012"], "deviceLogins": ["ACME\\elise"] },
    { "id": 4, "displayName": "Иван", "upns": ["ivan@acme.example"], "groups": [11] }
  ],
  "groups": [
    { "id": 10, "name": "R&D", "computers": [20] },
    { "id": 11, "name": "Oslo office", "source": "hr" },
    { "id": 12, "name": "Everyone", "source": "azure" }
  ],
  "computers": [{ "id": 20, "name": "LAB-01", "domain": "ACME" }],
  "exclusions": [{ "id": 5, "login": "*\\svc" }, { "id": 6, "login": "*\\ada" }]
}"#,
    );
    folder
}

#[track_caller]
fn import(folder: &Folder, config: Config, args: &[&str]) -> Ran {
    let remote = Remote::of(folder, config);
    let ran = remote.run(folder, &[&["import", "new", "--region", "us"], args].concat());
    assert!(remote.writes().is_empty(), "an import only reads");
    ran
}

/// The files below a folder, sorted.
pub(super) fn files(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            names.extend(files(&entry.path()).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            names.push(name);
        }
    }
    names.sort();
    names
}

fn text(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path().join("new").join(name)).unwrap()
}

#[test]
fn what_a_manifest_can_say_is_written_and_the_rest_is_listed() {
    let folder = folder();
    let ran = import(&folder, Config::default(), &["--name", "acme"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        text(&folder, "rollcall.yaml").lines().skip(2).collect::<Vec<_>>(),
        ["account:", "  name: acme", "  id: 123456", "  platform: activtrak", "  region: us"]
    );
    assert_eq!(
        text(&folder, "users.yaml"),
        "users:
  - displayName: Ada Lovelace
    upn: ada@acme.example
    employeeId: E1
    primaryGroup: R&D
  - displayName: bob stone
    email: bob@acme.example
    tracking: untracked
  - displayName: Élise Roy
    employeeId: \"0012\"
    deviceLogin: 'ACME\\elise'
    tracking: tracked
  - displayName: Иван
    upn: ivan@acme.example
    tracking: tracked
"
    );
    assert_eq!(
        text(&folder, "groups.yaml"),
        "groups:\n  - name: R&D\n    members:\n      - E1\n      - bob@acme.example\n    computers:\n      - 'ACME\\LAB-01'\n"
    );
    assert_eq!(
        text(&folder, "hr-groups.yaml"),
        "groups:\n  - name: Oslo office\n    source: hr\n    members:\n      - E1\n      - ivan@acme.example\n"
    );
    assert_eq!(text(&folder, "exclusions.yaml"), "exclusions:\n  - '*\\ada'\n  - '*\\svc'\n");
    for said in ["the tracking of Ada Lovelace", "Everyone is a directory group of 1 member", "agents (1)"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
}

#[test]
fn users_are_parted_by_letter_or_by_group() {
    let folder = folder();
    import(&folder, Config::default(), &["--split", "letter"]);
    let others = ["exclusions.yaml", "groups.yaml", "hr-groups.yaml", "rollcall.yaml"];
    let users = ["users/a.yaml", "users/b.yaml", "users/e.yaml", "users/other.yaml"];
    assert_eq!(files(&folder.path().join("new")), [&others[..], &users].concat());
    std::fs::remove_dir_all(folder.path().join("new")).unwrap();
    import(&folder, Config::default(), &["--split", "group"]);
    let users = ["users/no-group.yaml", "users/oslo-office.yaml", "users/r-d.yaml"];
    assert_eq!(files(&folder.path().join("new")), [&others[..], &users].concat());
}

#[test]
fn hr_groups_and_primary_groups_are_left_where_that_is_asked() {
    let folder = folder();
    let ran = import(&folder, Config::default(), &["--hr", "carry"]);
    assert!(!files(&folder.path().join("new")).contains(&"hr-groups.yaml".to_owned()));
    assert!(
        ran.out.contains("Oslo office is an HR group of 2 members: every upload carries it over"),
        "{}",
        ran.out
    );
    let account = std::fs::read_to_string(folder.path().join("account.json")).unwrap();
    folder.write(
        "account.json",
        &account.replace("\"groups\": [11]", "\"groups\": [10, 11], \"primaryGroup\": 11"),
    );
    for (how, written) in [("write", true), ("leave", false)] {
        std::fs::remove_dir_all(folder.path().join("new")).unwrap();
        let ran = import(&folder, Config::default(), &["--primary-groups", how]);
        assert_eq!(text(&folder, "users.yaml").contains("primaryGroup: Oslo office"), written, "{}", ran.out);
        assert_eq!(ran.out.contains("primary groups of users in several groups (2)"), written, "{}", ran.out);
    }
}

#[test]
fn a_folder_that_holds_manifests_is_not_written_to_and_the_account_is_not_asked() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("new")).unwrap();
    folder.write("new/users.yml", "users: []\n");
    let remote = Remote::of(&folder, Config::default());
    let ran = remote.run(&folder, &["import", "new", "--region", "us"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("new holds manifests already"), "{}", ran.err);
    assert!(remote.sandbox.requests().is_empty());
    assert_eq!(files(&folder.path().join("new")), ["users.yml"]);
}

#[test]
fn an_import_that_fails_leaves_nothing_behind() {
    let folder = folder();
    let ran = import(&folder, faulty(Fault::DropMembership), &[]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert_eq!(files(folder.path()), ["account.json"]);
    folder.write("account.json", r#"{ "version": 1, "account": { "id": 1, "name": "acme" } }"#);
    let ran = import(&folder, Config::default(), &[]);
    assert!(ran.err.contains("nothing that a manifest can say"), "{}", ran.err);
    assert_eq!((ran.code, files(folder.path())), (1, vec!["account.json".to_owned()]));
}

#[test]
fn the_report_is_json_by_its_schema_and_names_nobody_where_that_is_asked() {
    let folder = folder();
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "import"]).out).unwrap();
    let ran = import(&folder, Config::default(), &["--json", "-", "--redact"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&report), "{report:#}");
    assert_eq!((&report["id"], &report["read"]["users"]), (&123_456.into(), &4.into()));
    let kinds: Vec<_> =
        report["unsaid"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["tracking", "group", "primary-groups", "agents"]);
    assert!(!ran.out.contains("Ada"), "{}", ran.out);
    let first = report["reading"].clone();
    std::fs::remove_dir_all(folder.path().join("new")).unwrap();
    let again: Value =
        serde_json::from_str(&import(&folder, Config::default(), &["--json", "-"]).out).unwrap();
    assert_eq!(again["reading"], first);
}

#[test]
fn what_the_keys_do_not_show_is_named_and_the_rest_is_written() {
    let folder = folder();
    let settings = Settings::parse(["identity-closed", "admin-closed"]).unwrap();
    let remote = Remote::of(&folder, Config { settings, ..Config::default() });
    let mut command = folder.command(&["import", "new", "--region", "us", "--endpoint", &remote.url()]);
    let ran = super::ran(command.env("ACTIVTRAK_SCIM_KEY", "any").output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    for said in ["`account.id`: these keys don't show it", "not seen: exclusions", "not seen: app groups"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(!text(&folder, "rollcall.yaml").contains("id:"));
}

/// A group download as the app writes it.
const DOWNLOAD: &str =
    "group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias\r
10,R&D,ActivTrak,Client,142,ACME,elise,Élise Roy\r
10,R&D,ActivTrak,Device,20,ACME,LAB-01,\r
11,Oslo office,HRDC,Client,142,ACME,elise,Élise Roy\r
12,Everyone,AzureAD,Client,143,ACME,bob,\r
13,Empty,ActivTrak,,,,,\r
,,,Client,144,WORKGROUP,guest,\r
,,,Device,21,ACME,LAB-02,\r
";

#[test]
fn a_group_download_becomes_group_manifests_without_any_account() {
    let folder = folder();
    folder.write("groups_123456.csv", DOWNLOAD);
    let ran = folder.run(&["import", "new", "--region", "us", "--from", "groups_123456.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(files(&folder.path().join("new")), ["groups.yaml", "rollcall.yaml"]);
    assert_eq!(
        text(&folder, "groups.yaml"),
        "groups:\n  - name: Empty\n    members: []\n  - name: R&D\n    members:\n      - 'ACME\\elise'\n    computers:\n      - 'ACME\\LAB-01'\n"
    );
    assert!(text(&folder, "rollcall.yaml").contains("id: 123456"));
    for said in [
        "read 3 agents, 4 groups, 0 exclusions, 2 computers from groups_123456.csv",
        "Oslo office is an HR group of 1 member: every upload carries it over",
        "Everyone is a directory group of 1 member",
        "agents in no group (1): WORKGROUP\\guest",
        "computers in no group (1): ACME\\LAB-02",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    // A key finds by the device login who that is.
    let remote = Remote::of(&folder, Config::default());
    let plan = remote.run(&folder, &["plan", "new", "--json", "-"]);
    let plan: Value = serde_json::from_str(&plan.out).unwrap();
    assert!(plan["blockers"].as_array().unwrap().is_empty(), "{plan:#}");
}

#[test]
fn a_file_that_is_no_download_is_told_by_line_and_options_of_an_account_are_refused_beside_it() {
    let folder = folder();
    folder.write("groups.csv", &DOWNLOAD.replace("Device,20", "Printer,20"));
    let ran = folder.run(&["import", "new", "--region", "us", "--from", "groups.csv"]);
    assert_eq!((ran.code, files(folder.path()).len()), (1, 2));
    assert!(ran.err.contains("line 3, column `member_type`: neither Client nor Device"), "{}", ran.err);
    let ran = folder.run(&["import", "new", "--region", "us", "--from", "groups.csv", "--hr", "declare"]);
    assert_eq!(ran.code, 64, "{}", ran.err);
}

#[test]
fn an_account_is_saved_for_a_sandbox_and_with_pseudonyms_it_names_nobody() {
    let folder = folder();
    let remote = Remote::of(&folder, Config::default());
    for (file, more) in [("saved.json", &[][..]), ("shared.json", &["--pseudonyms"])] {
        let ran = remote.run(&folder, &[&["import", "--sandbox", file, "--region", "us"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains(&format!("rollcall sandbox --seed {file}")), "{}", ran.out);
        let saved = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert_eq!(saved.contains("Ada Lovelace") && saved.contains("123456"), more.is_empty(), "{saved}");
        rollcall::sandbox::Seed::load(&folder.path().join(file)).unwrap().check().unwrap();
        let names: Vec<_> =
            ["Ada", "bob", "elise", "acme", "ACME", "R&D", "Oslo", "0012", "LAB"].into_iter().collect();
        assert_eq!(names.iter().any(|name| saved.contains(name)), more.is_empty(), "{saved}");
    }
    let again = remote.run(&folder, &["import", "--sandbox", "saved.json", "--region", "us"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("saved.json is there already"), "{}", again.err);
    let alone = remote.run(&folder, &["import", "new", "--pseudonyms", "--region", "us"]);
    assert_eq!(alone.code, 64, "{}", alone.err);
}

/// How an export parts users in these tests.
const BY_TEAM: [&str; 8] =
    ["--split", "export", "--split-file", "people.csv", "--split-user", "Who", "--split-column", "Team"];

#[test]
fn an_hr_export_says_into_which_file_a_user_goes() {
    let folder = folder();
    // Found by a UPN in another case, by an employee ID and by an email; one with two teams, one without, and one who is not there.
    folder.write(
        "people.csv",
        "Who,Team\nADA@acme.example,R&D\nbob@acme.example,Sales\nbob@acme.example,Support\n0012,r d\nzoe@acme.example,Sales\nivan@acme.example,\n",
    );
    let ran = import(&folder, Config::default(), &BY_TEAM);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("people.csv: 1 of its users are not in the account"), "{}", ran.err);
    let mut names = files(&folder.path().join("new/users"));
    assert_eq!(names.pop().as_deref(), Some("several-team.yaml"));
    assert!(text(&folder, "users/several-team.yaml").contains("bob@acme.example"));
    // Two values that make one name keep a name of their own.
    assert_eq!((names.len(), &*names[0]), (3, "no-team.yaml"), "{names:?}");
    assert!(names[1..].iter().all(|name| name.starts_with("r-d-")), "{names:?}");
    assert!(text(&folder, "users/no-team.yaml").contains("ivan@acme.example"));
}

#[test]
fn an_export_that_says_nothing_of_the_account_is_no_way_to_split_it() {
    let refused = |csv: &str, args: &[&str]| {
        let folder = folder();
        folder.write("people.csv", csv);
        let ran = import(&folder, Config::default(), args);
        assert!(!folder.path().join("new").exists(), "nothing is written");
        ran
    };
    let strangers = refused("Who,Team\nzoe@acme.example,Sales\n", &BY_TEAM);
    assert_eq!(strangers.code, 1);
    assert!(
        strangers.err.contains("no row of people.csv is about a user of the account"),
        "{}",
        strangers.err
    );
    let misspelt = refused("Who,Taem\nada@acme.example,Sales\n", &BY_TEAM);
    assert_eq!(misspelt.code, 1);
    assert!(
        misspelt.err.contains("Taem") && misspelt.err.contains("people.csv can't be read"),
        "{}",
        misspelt.err
    );
    // An option that would do nothing is refused, and so is one that lacks the others.
    assert_eq!(refused("Who,Team\n", &["--split", "letter", "--split-column", "Team"]).code, 64);
    assert_eq!(refused("Who,Team\n", &BY_TEAM[..6]).code, 64);
}
