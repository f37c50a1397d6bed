//! Where each fact about one user, computer or group comes from, and what codes mean.

use rollcall::sandbox::{Config, Settings};
use serde_json::Value;

use super::{Folder, Remote};

const MANIFEST: &str = r"users:
  - displayName: Ada King
    upn: ada@acme.example
    email: [ada@acme.example, ada.l@acme.example]
    tracking: tracked
    groups: [Engineering]
    attributes: { department: Research }
    adopt: [displayName]
    formerly: old@acme.example
  - email: gone@acme.example
    employeeId: E9
    remove: { decided: 2026-05-02, reason: left }
  - { displayName: Grace Hopper, email: grace@acme.example }
groups:
  - name: Engineering
    members: [ada@acme.example]
    computers: ['ACME\LAB-02']
  - name: Oslo office
    source: hr
    members: [E2, ada@acme.example]
policy: { protected: { users: [ada@acme.example] } }
";

fn folder() -> Folder {
    let folder = Folder::new(MANIFEST);
    folder.write(
        "account.json",
        r#"{
  "version": 1,
  "account": { "id": 1, "name": "acme" },
  "users": [
    { "id": 1, "displayName": { "value": "Ada Lovelace", "source": "Workday" }, "upns": ["ada@acme.example"], "emails": ["old@acme.example"],
      "groups": [10, 12], "agents": [{ "id": 7, "username": "ada", "domain": "ACME", "lastLog": "2026-05-01T00:00:00Z" }] },
    { "id": 2, "displayName": "Bob Stone", "employeeIds": ["E2"], "groups": [11] },
    { "id": 3, "displayName": "Bob Stoney", "upns": ["bs@acme.example"] }
  ],
  "groups": [{ "id": 10, "name": "Engineering", "computers": [7] }, { "id": 11, "name": "Oslo office", "source": "hr" },
             { "id": 12, "name": "Chess club", "computers": [7] }],
  "computers": [{ "id": 7, "name": "LAB-01", "domain": "ACME" }, { "id": 8, "name": "LAB-02", "domain": "ACME" }]
}"#,
    );
    folder
}

/// What the command says, without the line that says whose account it is and the last, which is about the whole plan.
#[track_caller]
fn explained(args: &[&str]) -> String {
    let ran = folder().run(&[&["explain", "--now", "2026-05-04T09:00:00Z"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (_, text) = ran.out.split_once('\n').unwrap();
    let (text, whole) = text.split_once("\nThe whole plan: ").unwrap();
    assert!(whole.starts_with("BLOCKED by 2 protections"), "{whole}");
    text.to_owned()
}

#[test]
fn a_user_is_explained_by_what_both_sides_say_and_what_would_happen() {
    let text = explained(&["ada@acme.example"]);
    assert_eq!(
        text,
        r"Ada Lovelace <ada@acme.example>                                                      rollcall.yaml:3
  matched       record 1, by ada@acme.example, old@acme.example
  account       active, 1 agent: ACME\ada

FIELDS
  + display name  Ada King                                                           rollcall.yaml:3
  · display name  Ada Lovelace (last set by Workday)
  = upn           ada@acme.example                                                   rollcall.yaml:4
  + email         ada@acme.example                                                   rollcall.yaml:5
  + email         ada.l@acme.example                                                 rollcall.yaml:5
  · email         old@acme.example
  = tracking      tracked                                                            rollcall.yaml:6
    attribute     department: Research                                               rollcall.yaml:8
    formerly      old@acme.example                                                  rollcall.yaml:10
    adopt         displayName                                                        rollcall.yaml:9

GROUPS
  · Chess club (app group)   nothing in the manifests asks for it
  = Engineering (app group)   by its own entry, by the list of the group             rollcall.yaml:7
      (rollcall.yaml:17)
  + Oslo office (HR group)   by the list of the group                               rollcall.yaml:21

WHAT WOULD HAPPEN
  ~ Ada Lovelace <ada@acme.example>                                                  rollcall.yaml:3
      name          Ada Lovelace → Ada King: last set by Workday
      email         + ada@acme.example   + ada.l@acme.example   - old@acme.example
  ~ Oslo office   1 → 2 members                                                     rollcall.yaml:19
      members       + Ada Lovelace

STANDS AGAINST IT
  ✗ protected        Ada Lovelace <ada@acme.example>                                rollcall.yaml:22
  ✗ protected        Ada Lovelace <ada@acme.example> by the change of Oslo office   rollcall.yaml:22
"
    );
    for other in ["LAB-0", "Grace", "gone@"] {
        assert!(!text.contains(other), "{other} is nobody's business here: {text}");
    }
}

#[test]
fn a_user_is_found_by_every_shape_of_reference_declared_or_not() {
    assert!(explained(&["E2"]).contains("no manifest declares it"));
    assert!(explained(&["--name", "Ada King"]).contains("record 1, by ada@acme.example"));
    assert!(explained(&["--name", "Bob Stone", "."]).contains("Bob Stone <E2>"));
    assert!(explained(&["grace@acme.example"]).contains("it would be created"));
    assert!(explained(&["gone@acme.example"]).contains("what it asks for is done"));
}

#[test]
fn a_rule_is_a_reason_with_what_makes_it_hold_unless_it_leaves_the_user_out() {
    let folder = folder();
    let rules = "groups:
  - { name: Chess club, match: { department: Research }, except: [E2] }
  - { name: Go club, match: { department: Research }, except: [ada@acme.example] }
";
    folder.write("rules.yaml", rules);
    let text = folder.run(&["explain", "ada@acme.example", "--now", "2026-05-04T09:00:00Z"]).out;
    for line in [
        "  = Chess club (app group)   by the rule of the group: department is Research           rules.yaml:2\n",
        "    Go club   kept out by `except`                                                      rules.yaml:3\n",
    ] {
        assert!(text.contains(line), "{line:?}: {text}");
    }
}

#[test]
fn a_rule_that_sets_the_tracking_is_named_with_what_makes_it_hold() {
    let folder = folder();
    let rule = |name: &str| {
        format!("tracking:\n  - {{ match: {{ displayName: {name} }}, state: untracked, because: guest }}\n")
    };
    folder.write("rules.yaml", &rule("Bob Stone"));
    let text = folder.run(&["explain", "E2", "--now", "2026-05-04T09:00:00Z"]).out;
    for words in [
        "+ tracking untracked rules.yaml:2",
        "· tracking tracked",
        "tracking by rule (guest), as display name is Bob Stone rules.yaml:2",
        "tracking tracked → untracked: collection stops at once; by rule (guest), as display name",
    ] {
        let words: Vec<&str> = words.split_whitespace().collect();
        let found = text.lines().any(|line| line.split_whitespace().collect::<Vec<_>>() == words);
        assert!(found, "{words:?}: {text}");
    }
    // What an entry says counts more, and what the rule says is to be known.
    folder.write("rules.yaml", &rule("Ada King"));
    let text = folder.run(&["explain", "ada@acme.example", "--now", "2026-05-04T09:00:00Z"]).out;
    assert!(!text.contains("tracking by"), "{text}");
    assert!(text.contains("this rule says untracked, but these users' own entries say tracked"), "{text}");
}

#[test]
fn a_computer_is_explained_by_its_groups_in_manifests_or_not() {
    let text = explained(&["--computer", r"ACME\LAB-01"]);
    assert!(text.contains("· Chess club (app group)   nothing in the manifests asks for it"), "{text}");
    assert!(text.contains("~ Engineering") && text.contains(r"computers     - ACME\LAB-01"), "{text}");
    let text = explained(&["--computer", r"*\lab-02", "."]);
    assert!(text.contains("+ Engineering (app group)   by the list of the group"), "{text}");
    assert!(!text.contains("LAB-01"), "{text}");
}

#[test]
fn an_explanation_is_json_by_its_schema() {
    let folder = folder();
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "explain"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for whom in [&["ada@acme.example"][..], &["E2"], &["grace@acme.example"], &["--computer", r"ACME\LAB-02"]]
    {
        let ran = folder.run(&[&["explain", "--json", "-"], whom].concat());
        let explained: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
        assert!(validator.is_valid(&explained), "{explained:#}");
    }
    let ran = folder.run(&["explain", "ada@acme.example", "--json", "-"]);
    let ada: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&ada["matched"], &ada["matchedBy"][0]), (&"record".into(), &"ada@acme.example".into()));
    assert_eq!(
        (&ada["fields"][0]["origin"]["line"], &ada["fields"][1]["setBy"]),
        (&3.into(), &"Workday".into())
    );
    assert_eq!(ada["groups"][1]["reasons"][1]["origin"]["line"], 17);
}

#[test]
fn whoever_is_nobody_is_an_error_with_suggestions() {
    let ran = folder().run(&["explain", "adda@acme.example"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("did you mean ada@acme.example?"), "{}", ran.err);
    let ran = folder().run(&["explain", "--computer", r"ACME\LAB-0l"]);
    assert!(ran.code == 1 && ran.err.contains(r"did you mean ACME\LAB-01?"), "{}", ran.err);
}

#[test]
fn a_question_that_can_not_be_followed_is_a_usage_error() {
    for args in [
        &["explain"][..],
        &["explain", "ada@"],
        &["explain", "--name", "Ada", "--computer", r"ACME\LAB-01"],
        &["explain", "--computer", "LAB-01"],
    ] {
        assert_eq!(folder().run(args).code, 64, "{args:?}");
    }
}

#[test]
fn a_redacted_explanation_names_nobody_but_groups() {
    let ran = folder().run(&["explain", "ada@acme.example", "--redact"]);
    assert_eq!(ran.code, 0);
    for secret in ["Ada", "Lovelace", "ada", "ACME", "Research"] {
        assert!(!ran.out.contains(secret), "{secret}: {}", ran.out);
    }
    assert!(ran.out.contains("Chess club"), "{}", ran.out);
}

#[test]
fn an_explanation_writes_nothing() {
    let folder = folder();
    folder.run(&["explain", "ada@acme.example"]);
    assert!(!folder.path().join(".rollcall").exists());
}

#[test]
fn what_the_keys_do_not_show_is_neither_there_nor_missing() {
    let folder = Folder::new(
        "users:
  - { upn: ada@acme.example, displayName: Ada Lovelace, deviceLogin: 'ACME\\ada', agents: ['ACME\\ada'], groups: [Chess club] }
",
    );
    let settings = Settings::parse(["identity-closed", "admin-closed"]).unwrap();
    let remote = Remote::of(&folder, Config { settings, ..Config::default() });
    let url = remote.url();
    let explain = |more: &[&str]| {
        let args = [&["explain", "ada@acme.example", "--endpoint", &url], more].concat();
        let ran = super::ran(folder.command(&args).env("ACTIVTRAK_SCIM_KEY", "any").output().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    let text = explain(&[]);
    for line in ["= display name", "? device login", "? agent", "? Chess club"] {
        assert!(text.lines().any(|shown| shown.trim_start().starts_with(line)), "{line}: {text}");
    }
    let explained: Value = serde_json::from_str(&explain(&["--json", "-"])).unwrap();
    let club = explained["groups"].as_array().unwrap().iter().find(|group| group["group"] == "Chess club");
    assert_eq!(club.unwrap().get("member"), None, "{explained:#}");
}

#[test]
fn a_group_is_explained_by_everybody_who_is_in_it_or_is_to_be() {
    let text = explained(&["--group", "engineering"]);
    let members: Vec<&str> =
        text.split("MEMBERS\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(members.len(), 4, "{text}");
    assert!(members[0].contains("+ ACME\\LAB-02") && members[0].contains("rollcall.yaml:"), "{text}");
    assert!(members[1].contains("· ACME\\LAB-01") && members[1].contains("nothing"), "{text}");
    assert!(members[2].contains("= Ada Lovelace") && members[2].contains("by its own entry"), "{text}");
    assert!(text.starts_with("Engineering (app group)"), "{text}");
    assert!(text.contains("WHAT WOULD HAPPEN"), "{text}");
}

#[test]
fn why_somebody_is_in_a_group_or_not_is_answered_alone() {
    let text = explained(&["E2", "--group", "Oslo office"]);
    assert!(text.contains("= Oslo office (HR group)   by the list of the group"), "{text}");
    let text = explained(&["E2", "--group", "Engineering", "--width", "200"]);
    assert!(text.contains("Engineering (app group)") && !text.contains("Oslo office (HR"), "{text}");
    assert!(text.contains("(no list, no entry and no row"), "{text}");
    let text = explained(&["E2", "--group", "Chess club", "--width", "200"]);
    assert!(text.contains("no manifest declares the group"), "{text}");
}

/// The words of a text, wherever its lines end.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_rule_that_does_not_hold_says_which_condition_fails_on_which_value() {
    let folder = folder();
    folder.say(
        "users:\n  - upn: ada@acme.example\n    displayName: Ada Lovelace\n    adopt: [displayName]\n    attributes: { department: Sales, site: Oslo }\n\
         groups:\n  - name: Chess club\n    match: { all: [{ department: Research }, { site: Oslo }] }\n",
    );
    let ran = folder.run(&["explain", "ada@acme.example", "--group", "Chess club", "--width", "200"]);
    assert!(
        one_line(&ran.out).contains("hold: department is Sales, not Research)"),
        "{}{}",
        ran.out,
        ran.err
    );
}

#[test]
fn a_user_is_found_by_an_agent_an_alias_a_former_value_and_never_by_a_part_alone() {
    for reference in ["ACME\\ada", "ada"] {
        assert!(explained(&[reference]).starts_with("Ada Lovelace"), "{reference}");
    }
    assert!(explained(&["OLD@acme.example"]).starts_with("Ada Lovelace"));
    let ran = folder().run(&["explain", "stone", "--now", "2026-05-04T09:00:00Z"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    for name in ["Bob Stone <E2>", "Bob Stoney <bs@acme.example>"] {
        assert!(ran.err.contains(&format!("did you mean {name}")), "{}", ran.err);
    }
}

#[test]
fn a_group_that_is_nowhere_is_an_error_with_suggestions() {
    let ran = folder().run(&["explain", "--group", "Enginering"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("neither the manifests nor the account have the group Enginering"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("did you mean Engineering?"), "{}", ran.err);
}

#[test]
fn with_a_group_an_argument_that_is_a_folder_is_the_path() {
    let folder = folder();
    let path = folder.path().to_str().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let mut command = folder.command(&["explain", "--group", "Engineering", path]);
    let ran = super::ran(command.current_dir(outside.path()).output().unwrap());
    assert!(ran.code == 0 && ran.out.contains("MEMBERS"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_code_of_validate_or_of_a_plan_is_explained() {
    let ran = Folder::new("").run(&["explain", "duplicate-name"]);
    assert!(
        ran.code == 0 && ran.out.contains("an error of `validate`: ") && ran.out.contains("Tell them apart"),
        "{}",
        ran.out
    );
    let ran = Folder::new("").run(&["explain", "value-taken"]);
    assert!(
        ran.code == 0 && ran.out.contains("a blocker of a plan: ") && ran.out.contains("releases"),
        "{}",
        ran.out
    );
    // Some names are both.
    let both = Folder::new("").run(&["explain", "no-identifier"]).out;
    assert!(both.contains("`validate`") && both.contains("a blocker"), "{both}");
}

#[test]
fn an_explanation_of_a_group_is_json_by_its_schema() {
    let folder = folder();
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "explain"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for args in [&["--group", "Engineering"][..], &["E2", "--group", "Engineering"]] {
        let ran = folder.run(&[&["explain", "--json", "-"], args].concat());
        let json: Value = serde_json::from_str(&ran.out).unwrap();
        assert!(validator.is_valid(&json), "{json:#}");
    }
}
