//! What an account has, listed.

use rollcall::sandbox::{Config, Settings};
use serde_json::Value;

use super::{Folder, Remote};

/// A folder that names an account and declares nothing.
fn folder() -> Folder {
    let folder = Folder::new("");
    folder.write(
        "account.json",
        r#"{
  "version": 1,
  "account": { "id": 1, "name": "acme" },
  "users": [
    { "id": 1, "displayName": { "value": "Ada Lovelace", "source": "Workday" }, "upns": ["ada@acme.example"], "groups": [10],
      "agents": [{ "id": 7, "username": "ada", "domain": "ACME", "lastLog": "2026-05-01T00:00:00Z" }] },
    { "id": 2, "emails": ["bob@acme.example"], "tracked": false,
      "agents": [{ "id": 8, "username": "bob", "domain": "ACME", "lastLog": "2025-05-01T00:00:00Z" }] },
    { "id": 3, "displayName": "Cy Young", "employeeIds": ["E3"], "groups": [10, 11] }
  ],
  "groups": [{ "id": 10, "name": "Engineering" }, { "id": 11, "name": "Oslo office", "source": "hr" }],
  "exclusions": [{ "id": 5, "login": "*\\svc" }]
}"#,
    );
    folder
}

const NOW: [&str; 2] = ["--now", "2026-05-04T09:00:00Z"];

/// The table; whose account it is stands beside it.
#[track_caller]
fn table(args: &[&str]) -> String {
    let ran = folder().run(&[&["list"], args, &NOW].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("SANDBOX: not ActivTrak"), "{}", ran.err);
    ran.out
}

/// The records of the users that filters leave.
fn users(filters: &[&str]) -> Vec<String> {
    let table = table(&[&["users"], filters].concat());
    table.lines().skip(1).map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn users_are_listed_a_line_each_as_the_users_page_shows_them() {
    assert_eq!(
        table(&["users"]),
        "RECORD  NAME          DISPLAY ID        STATUS      TRACKING   LAST SEEN   GROUPS  AGENTS\n\
         1       Ada Lovelace  ada@acme.example  active      tracked    2026-05-01  1       1\n\
         2       -             bob@acme.example  inactive    untracked  2025-05-01  0       1\n\
         3       Cy Young      E3                unlicensed  tracked    -           2       0\n"
    );
}

#[test]
fn users_are_filtered_as_on_the_users_page_and_every_filter_must_hold() {
    assert_eq!(users(&["--status", "active"]), ["1"]);
    assert_eq!(users(&["--status", "inactive"]), ["2"]);
    assert_eq!(users(&["--status", "unlicensed"]), ["3"]);
    assert_eq!(users(&["--tracking", "tracked"]), ["1", "3"]);
    assert_eq!(users(&["--no-group"]), ["2"]);
    assert_eq!(users(&["--no-name"]), ["2"]);
    assert_eq!(users(&["--tracking", "tracked", "--status", "unlicensed"]), ["3"]);
    assert!(users(&["--tracking", "tracked", "--no-name"]).is_empty());
}

#[test]
fn groups_are_listed_with_their_sources_and_sizes_and_exclusions_with_their_logins() {
    assert_eq!(
        table(&["groups"]),
        "GROUP  NAME         SOURCE  MEMBERS\n10     Engineering  app     2\n11     Oslo office  HR      1\n"
    );
    let hr = "GROUP  NAME         SOURCE  MEMBERS\n11     Oslo office  HR      1\n";
    assert_eq!(table(&["groups", "--source", "hr"]), hr);
    assert_eq!(table(&["groups", "--source", "HR"]), hr, "as the table writes it");
    assert_eq!(
        table(&["exclusions"]),
        "RULE  LOGIN               OF\n5     *\\svc               everybody (global)\n\
         -     *\\bob               bob@acme.example (record 2)\n\
         -     *\\bob@acme.example  bob@acme.example (record 2)\n"
    );
}

#[test]
fn a_listing_is_json_by_its_schema_with_who_set_what() {
    let folder = folder();
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "list"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (what, rows) in [("users", 3), ("groups", 2), ("exclusions", 3)] {
        let ran = folder.run(&["list", what, "--json", "-", NOW[0], NOW[1]]);
        let list: Value = serde_json::from_str(&ran.out).unwrap();
        assert!(validator.is_valid(&list), "{list:#}");
        assert_eq!(list[what].as_array().unwrap().len(), rows);
        if what == "users" {
            let ada = &list["users"][0];
            assert_eq!(ada["setBy"][0]["integration"], "Workday");
            assert_eq!(ada["setBy"][0]["field"], "displayName");
            assert_eq!((&ada["status"], &ada["groups"][0]), (&"active".into(), &"Engineering".into()));
        }
    }
}

#[test]
fn rules_that_untracked_users_bring_stand_beside_global_ones_with_whose_they_are() {
    let folder = folder();
    folder.write(
        "account.json",
        r#"{
  "version": 1,
  "account": { "id": 1, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada Lovelace", "upns": ["ada@acme.example"] },
    { "id": 2, "displayName": "Bob Stone", "emails": ["bob@acme.example", "b.stone@acme.example"], "employeeIds": ["E2"],
      "deviceLogins": ["LAB\\bob"], "tracked": false },
    { "id": 3, "employeeIds": ["E3"], "tracked": false },
    { "id": 4, "displayName": "Dee Moss", "upns": ["dee@acme.example"], "emails": ["dee@acme.example"], "tracked": false }
  ],
  "groups": [],
  "exclusions": []
}"#,
    );
    let ran = folder.run(&["list", "exclusions", "--json", "-", NOW[0], NOW[1]]);
    let list: Value = serde_json::from_str(&ran.out).unwrap();
    let rules = list["exclusions"].as_array().unwrap().iter();
    let rules: Vec<_> =
        rules.map(|rule| (rule["login"].as_str().unwrap(), &rule["user"]["record"])).collect();
    // Neither an employee ID nor whoever is tracked is a rule, one text is told once, and an address in both forms it may get.
    let expected = [
        ("*\\b.stone", 2),
        ("*\\b.stone@acme.example", 2),
        ("*\\bob", 2),
        ("*\\bob@acme.example", 2),
        ("LAB\\bob", 2),
        ("*\\dee", 4),
        ("*\\dee@acme.example", 4),
    ];
    let rules: Vec<_> = rules.into_iter().map(|(login, record)| (login, record.as_u64().unwrap())).collect();
    assert_eq!(rules, expected);
    let redacted = folder.run(&["list", "exclusions", "--redact", NOW[0], NOW[1]]).out;
    assert!(!redacted.contains("Bob") && !redacted.contains("bob"), "{redacted}");
}

#[test]
fn a_redacted_listing_names_nobody() {
    for args in [&["list", "users", "--redact"][..], &["list", "users", "--redact", "--json", "-"]] {
        let ran = folder().run(args);
        for secret in ["Ada", "Young", "ada", "bob@", "E3", "ACME"] {
            assert!(!ran.out.contains(secret), "{secret}: {}", ran.out);
        }
        assert!(ran.out.contains("user-") && ran.out.contains("id-"), "{}", ran.out);
    }
}

#[test]
fn only_the_account_of_the_manifests_counts() {
    let folder = folder();
    folder.write("broken.yaml", "users:\n  - { nonsense: 1 }\n");
    assert_eq!(folder.run(&["list", "groups"]).code, 0);
    folder.write("second.yaml", "account: { name: other, platform: activtrak, region: us }\n");
    let ran = folder.run(&["list", "groups"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("said-twice") && ran.err.contains("no account can be read"), "{}", ran.err);
}

#[test]
fn filters_of_one_kind_are_none_of_another() {
    assert_eq!(folder().run(&["list", "groups", "--status", "active"]).code, 64);
    assert_eq!(folder().run(&["list"]).code, 64);
}

#[test]
fn what_the_keys_do_not_show_is_said_beside_a_listing() {
    let folder = folder();
    let settings = Settings::parse(["identity-closed", "admin-closed"]).unwrap();
    let remote = Remote::of(&folder, Config { settings, ..Config::default() });
    for (what, said) in [
        (&["groups"][..], "app groups are not all seen: the Admin API is closed"),
        (&["users", "--no-group"], "the members of app groups are not all seen"),
        (&["exclusions"], "exclusions are not all seen: the Identity API is closed"),
        (&["users"], ""),
    ] {
        let mut command = folder.command(&[&["list"], what, &["--endpoint", &remote.url()]].concat());
        let ran = super::ran(command.env("ACTIVTRAK_SCIM_KEY", "any").output().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.err.contains("not all seen"), !said.is_empty(), "{}", ran.err);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}

#[test]
fn filters_of_users_combine() {
    assert_eq!(users(&["--group", "engineering"]), ["1", "3"]);
    assert_eq!(users(&["--group", "Oslo office", "--group", "Engineering", "--status", "active"]), ["1"]);
    assert_eq!(users(&["--with", "LOVE"]), ["1"]);
    assert_eq!(users(&["--with", "acme.example", "--tracking", "untracked"]), ["2"]);
    // Who never sent anything is as inactive as the record is old.
    assert_eq!(users(&["--inactive-for", "90d"]), ["2", "3"]);
    assert_eq!(users(&["--inactive-for", "90d", "--status", "inactive"]), ["2"]);
    assert_eq!(users(&["--inactive-for", "1d", "--group", "Engineering", "--status", "active"]), ["1"]);
    let ran = folder().run(&["list", "users", "--inactive-for", "3 months"]);
    assert!(ran.code == 64 && ran.err.contains("90d, 12w"), "{}", ran.err);
}

#[test]
fn a_group_that_is_not_there_is_an_error_and_not_an_empty_list() {
    for what in ["users", "groups", "computers"] {
        let ran = folder().run(&["list", what, "--group", "Enginering"]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.err.contains("did you mean \"Engineering\"?"), "{}", ran.err);
        assert!(ran.out.is_empty(), "{}", ran.out);
    }
}

/// An account with agents of every kind, and computers.
fn machines() -> Folder {
    let folder = Folder::new("");
    folder.write(
        "account.json",
        r#"{
  "version": 1,
  "account": { "id": 1, "name": "acme" },
  "users": [
    { "id": 1, "displayName": "Ada Lovelace", "upns": ["ada@acme.example"], "groups": [10],
      "agents": [{ "id": 7, "username": "ada", "domain": "ACME", "alias": "Ada at work", "lastLog": "2026-05-01T00:00:00Z" },
                 { "id": 9, "username": "ada2", "domain": "ACME", "lastLog": "2025-05-01T00:00:00Z" }],
      "deletedAgents": [{ "id": 6, "username": "old", "domain": "ACME", "deleted": "2026-01-15T00:00:00Z" }] }
  ],
  "groups": [{ "id": 10, "name": "Lab", "computers": [20] }, { "id": 11, "name": "Reception" }],
  "computers": [{ "id": 20, "name": "LAB-01", "domain": "ACME" }, { "id": 21, "name": "DESK-7", "domain": "ACME" }],
  "exclusions": []
}"#,
    );
    folder
}

#[test]
fn agents_are_listed_with_whose_they_are_and_when_they_were_last_seen_or_deleted() {
    let list = |filters: &[&str]| machines().run(&[&["list", "agents"], filters, &NOW].concat()).out;
    assert_eq!(
        list(&[]),
        "AGENT  LOGIN      ALIAS        LAST SEEN   STATE               USER\n\
         7      ACME\\ada   Ada at work  2026-05-01  live                Ada Lovelace <ada@acme.example>\n\
         9      ACME\\ada2  -            2025-05-01  live                Ada Lovelace <ada@acme.example>\n\
         6      -          -            -           deleted 2026-01-15  Ada Lovelace <ada@acme.example>\n"
    );
    let agents = |filters: &[&str]| -> Vec<String> {
        let table = list(filters);
        table.lines().skip(1).map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(agents(&["--inactive-for", "90d"]), ["9"]);
    assert_eq!(agents(&["--deleted"]), ["6"]);
    assert_eq!(agents(&["--with", "at work"]), ["7"]);
}

#[test]
fn computers_are_listed_with_their_groups_and_groups_with_their_members() {
    let list = |args: &[&str]| machines().run(&[&["list"], args, &NOW].concat()).out;
    assert_eq!(
        list(&["computers"]),
        "COMPUTER  NAME         GROUPS\n20        ACME\\LAB-01  Lab\n21        ACME\\DESK-7  -\n"
    );
    assert_eq!(
        list(&["computers", "--no-group"]),
        "COMPUTER  NAME         GROUPS\n21        ACME\\DESK-7  -\n"
    );
    assert_eq!(
        list(&["computers", "--with", "lab", "--group", "lab"]),
        "COMPUTER  NAME         GROUPS\n20        ACME\\LAB-01  Lab\n"
    );
    assert_eq!(
        list(&["groups", "--members"]),
        "GROUP  RECORD  MEMBER        DISPLAY ID\n\
         Lab    1       Ada Lovelace  ada@acme.example\n\
         Lab    20      ACME\\LAB-01   (computer)\n"
    );
    assert_eq!(list(&["groups", "--group", "Reception", "--members"]), "GROUP  RECORD  MEMBER  DISPLAY ID\n");
}

#[test]
fn listings_of_machines_and_members_are_json_by_the_schema() {
    let folder = machines();
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "list"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let list = |args: &[&str]| -> Value {
        let ran = folder.run(&[&["list"], args, &["--json", "-"], &NOW].concat());
        let list = serde_json::from_str(&ran.out).unwrap();
        assert!(validator.is_valid(&list), "{list:#}");
        list
    };
    let agents = list(&["agents"]);
    assert_eq!(agents["agents"][0]["user"]["record"], 1);
    assert_eq!(agents["agents"][2]["deletedAt"], "2026-01-15T00:00:00Z");
    assert_eq!(list(&["computers"])["computers"][0]["groups"][0], "Lab");
    let members = list(&["groups", "--members"]);
    assert_eq!(members["groups"][0]["users"][0]["displayId"], "ada@acme.example");
    assert_eq!(members["groups"][0]["computers"][0], "ACME\\LAB-01");
}

#[test]
fn a_table_fits_the_width_that_is_asked_for_and_csv_is_whole() {
    let folder = folder();
    let seed = std::fs::read_to_string(folder.path().join("account.json")).unwrap();
    let seed = seed.replace("Cy Young", &"Cyprian ".repeat(20));
    folder.write("account.json", &seed);
    let wide = folder.run(&["list", "users", NOW[0], NOW[1]]).out;
    assert!(wide.lines().any(|line| line.len() > 160), "a pipe gets whole cells: {wide}");
    let by_option = folder.run(&["list", "users", "--width", "100", NOW[0], NOW[1]]).out;
    assert!(by_option.lines().all(|line| line.chars().count() <= 100), "{by_option}");
    assert!(by_option.contains('…') && by_option.contains("ada@acme.example"), "{by_option}");
    let mut command = folder.command(&["list", "users", NOW[0], NOW[1]]);
    let by_shell = super::ran(command.env("COLUMNS", "100").output().unwrap());
    assert_eq!(by_shell.out, by_option);
    let csv = folder.run(&["list", "users", "--csv", "-", "--width", "60", NOW[0], NOW[1]]).out;
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(rows.headers().unwrap().iter().nth(1), Some("name"));
    let names: Vec<String> = rows.records().map(|row| row.unwrap()[1].trim().to_owned()).collect();
    assert_eq!(names[2], "Cyprian ".repeat(20).trim());
    assert_eq!(folder.run(&["list", "users", "--csv", "-", "--json", "-"]).code, 64);
}

#[test]
fn a_list_becomes_manifest_entries_of_which_those_that_are_declared_are_left_out() {
    let folder = folder();
    folder.write("users.yaml", "users:\n  - upn: ada@acme.example\n    displayName: Ada Lovelace\n");
    let ran = folder.run(&["list", "users", "--yaml", "untrack", NOW[0], NOW[1]]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "users:\n  - email: bob@acme.example\n    tracking: untracked\n  - employeeId: E3\n    tracking: untracked\n\
         # Declared already, and so not above: change the entry there.\n\
         #   users.yaml:2  Ada Lovelace <ada@acme.example>\n"
    );
    // What it prints is a manifest.
    folder.write("leave.yaml", &ran.out);
    let plan = folder.run(&["plan", NOW[0], NOW[1]]);
    assert!(plan.out.contains("Cy Young") && !plan.out.contains("~ bob@"), "{}\n{}", plan.out, plan.err);
    // Twice is nothing new.
    let again = folder.run(&["list", "users", "--yaml", NOW[0], NOW[1]]);
    assert!(again.out.starts_with("# Declared already"), "{}", again.out);
}

#[test]
fn who_is_declared_by_a_former_identifier_or_by_name_alone_gets_no_second_entry() {
    let folder = folder();
    folder.write(
        "users.yaml",
        "users:\n  - { email: b.new@acme.example, formerly: [bob@acme.example] }\n  - { displayName: cy young, email: cy2@acme.example, matchName: true }\n",
    );
    let ran = folder.run(&["list", "users", "--yaml", NOW[0], NOW[1]]);
    assert!(ran.out.starts_with("users:\n  - displayName: Ada Lovelace\n"), "{}{}", ran.out, ran.err);
    let (entries, declared) = ran.out.split_once("# Declared already").unwrap();
    assert_eq!(entries.matches("\n  - ").count(), 1, "{}", ran.out);
    assert!(declared.contains("users.yaml:2  ") && declared.contains("users.yaml:3  Cy Young"), "{declared}");
    // A name says nothing of who somebody is, unless the manifests say that it does.
    folder.write("users.yaml", "users:\n  - { displayName: cy young, email: cy2@acme.example }\n");
    let ran = folder.run(&["list", "users", "--yaml", NOW[0], NOW[1]]);
    assert!(ran.out.contains("employeeId: E3") && !ran.out.contains("Declared"), "{}", ran.out);
}

#[test]
fn groups_and_exclusions_become_entries_too() {
    let ran = folder().run(&["list", "groups", "--yaml", "--source", "app", NOW[0], NOW[1]]);
    assert_eq!(
        ran.out, "groups:\n  - name: Engineering\n    members:\n      - E3\n      - ada@acme.example\n",
        "{}",
        ran.err
    );
    let ran = folder().run(&["list", "exclusions", "--yaml", NOW[0], NOW[1]]);
    assert_eq!(ran.out, "exclusions:\n  - '*\\svc'\n", "{}", ran.err);
    for refused in ["--json", "--csv"] {
        assert_eq!(folder().run(&["list", "groups", "--yaml", refused, "-"]).code, 64);
    }
    assert_eq!(folder().run(&["list", "groups", "--yaml", "--redact"]).code, 64);
}

#[test]
fn no_entries_are_printed_where_nobody_can_tell_what_is_declared_already() {
    let folder = folder();
    assert_eq!(folder.run(&["list", "users", "--yaml", NOW[0], NOW[1]]).code, 0);
    folder.write("broken.yaml", "users:\n  - { nonsense: 1 }\n");
    let broken = folder.run(&["list", "users", "--yaml", NOW[0], NOW[1]]);
    assert!(broken.code == 1 && broken.out.is_empty(), "{}", broken.out);
    assert!(broken.err.contains("can't be told") && broken.err.contains("--out"), "{}", broken.err);
}

#[test]
fn entries_are_written_into_a_file_that_is_not_there_yet() {
    let folder = folder();
    folder.write("users.yaml", "users:\n  - upn: ada@acme.example\n");
    let args = ["list", "users", "--yaml", "untrack", "--out", "leave.yaml", NOW[0], NOW[1]];
    let ran = folder.run(&args);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(folder.run(&["validate"]).code, 0);
    let again = folder.run(&args);
    assert!(again.code == 1 && again.err.contains("is there already"), "{}", again.err);
    assert_eq!(folder.run(&["list", "users", "--out", "x.yaml"]).code, 64);
}

#[test]
fn who_is_in_rows_of_an_export_alone_has_no_entry_yet() {
    let folder = folder();
    folder.say("hr: { sources: [{ name: people, csv: people.csv }] }\n");
    folder.write("users.yaml", "users:\n  - upn: ada@acme.example\n");
    folder.write("people.csv", "user_lookup_id,group\nada@acme.example,Oslo office\nE3,Oslo office\n");
    let ran = folder.run(&["list", "users", "--yaml", "untrack", NOW[0], NOW[1]]);
    assert!(
        ran.out.contains("- employeeId: E3") && ran.out.contains("users.yaml:2  Ada"),
        "{}{}",
        ran.out,
        ran.err
    );
}

#[test]
fn colour_can_be_asked_for_off_a_terminal() {
    let folder = folder();
    let run = |variables: &[(&str, &str)]| {
        let mut command = folder.command(&["list", "groups", NOW[0], NOW[1]]);
        super::ran(command.envs(variables.iter().copied()).output().unwrap()).out
    };
    assert!(!run(&[]).contains('\u{1b}'));
    assert!(run(&[("FORCE_COLOR", "1")]).contains('\u{1b}'));
    assert!(!run(&[("FORCE_COLOR", "0")]).contains('\u{1b}'));
    assert!(!run(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}
