//! What is read of the account, for a plan that depends on it.

use super::Folder;

/// A lab with two computers, declared as `group` says.
fn plan(group: &str) -> String {
    let folder = Folder::new(&format!("users:\n  - {{ upn: ada@acme.example }}\ngroups:\n  - {group}\n"));
    let computers = r#""computers": [{ "id": 7, "name": "LAB-01", "domain": "ACME" }, { "id": 8, "name": "LAB-02", "domain": "ACME" }],
  "groups": [{ "id": 20, "name": "Lab", "computers": [7, 8] }, "#;
    folder.write(
        "account.json",
        &super::ACCOUNT.replace(r#""groups": [{ "id": 10"#, &format!("{computers}{{ \"id\": 10")),
    );
    let ran = folder.run(&["plan"]);
    assert!(ran.out.contains("Read 3 users"), "{}{}", ran.out, ran.err);
    ran.out
}

#[test]
fn computers_are_read_where_an_empty_list_says_there_are_none() {
    let shown = plan("{ name: Lab, computers: [] }");
    assert!(shown.contains("LAB-01") && shown.contains("LAB-02"), "{shown}");
}

#[test]
fn computers_are_read_of_a_group_under_its_former_name() {
    let shown = plan(r"{ name: Workshop, formerly: [Lab], computers: ['ACME\LAB-01'] }");
    assert!(!shown.contains("LAB-01") && shown.contains("LAB-02"), "{shown}");
}

#[test]
fn computers_that_no_manifest_speaks_of_stay() {
    let shown = plan("{ name: Lab }");
    assert!(!shown.contains("LAB-0"), "{shown}");
}

#[test]
fn a_protected_group_that_the_account_has_is_a_warning_of_validate_and_not_of_plan() {
    let folder = Folder::new(
        "policy: { protected: { groups: [Oslo office] } }\nusers:\n  - { upn: ada@acme.example }\n",
    );
    assert!(folder.run(&["validate"]).out.contains("unknown-protected"));
    let plan = folder.run(&["plan"]);
    assert_eq!((plan.code, plan.err.as_str()), (0, ""));
}

#[test]
fn a_protected_group_that_nobody_has_is_an_error_of_plan() {
    let folder = Folder::new(
        "policy: { protected: { groups: [Olso office] } }\nusers:\n  - { upn: ada@acme.example }\n",
    );
    let plan = folder.run(&["plan"]);
    assert_eq!(plan.code, 1);
    assert!(plan.err.contains("rollcall.yaml:2"), "{}", plan.err);
}
