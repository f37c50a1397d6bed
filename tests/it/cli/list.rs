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

/// The table without the line that says whose account it is.
#[track_caller]
fn table(args: &[&str]) -> String {
    let ran = folder().run(&[&["list"], args, &NOW].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (banner, table) = ran.out.split_once('\n').unwrap();
    assert!(banner.starts_with("SANDBOX"), "{banner}");
    table.to_owned()
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
        "RECORD  NAME          DISPLAY ID        STATUS      TRACKING   GROUPS  AGENTS\n\
         1       Ada Lovelace  ada@acme.example  active      tracked    1       1\n\
         2       -             bob@acme.example  inactive    untracked  0       1\n\
         3       Cy Young      E3                unlicensed  tracked    2       0\n"
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
