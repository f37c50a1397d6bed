//! Tables of what SCIM operations do.

use jiff::SignedDuration;

use super::*;
use crate::sandbox::rules::testing::{NOW, state, user};
use crate::sandbox::seed::GroupId;

const TWO: &str = r#""users":[{"id":1,"displayName":"Ana","upns":["ana@x"],"emails":["ana@x","a@x"],"employeeIds":["E1","E0"],
    "deviceLogins":["CORP\\ana"],"agents":[{"id":7,"username":"ana","domain":"CORP"}],"groups":[3]},
    {"id":2,"displayName":"Bob","emails":["bob@x"],"employeeIds":["E2"]}],
    "groups":[{"id":3,"name":"Okta","source":"scim"},{"id":4,"name":"Sales"}]"#;

fn patch(operations: &str) -> PatchOp {
    serde_json::from_str(operations).unwrap_or_else(|error| panic!("{operations}: {error}"))
}

fn patched(operation: &str) -> Result<State, Refusal> {
    let mut state = state(TWO);
    let ops = patch(&format!(r#"{{"Operations":[{operation}]}}"#)).for_user(Paths::Filtered)?;
    state.patch_user(UserId(1), &ops, NOW).map(|()| state)
}

#[test]
fn every_variant_of_a_patch_does_what_it_says() {
    const AT: &str = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User";
    const HR: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for (operation, expected) in [
        (r#"{"op":"replace","path":"displayName","value":"Ana R."}"#.to_owned(), r#""value":"Ana R.""#),
        (
            r#"{"op":"Add","path":"emails","value":[{"value":"n@x","primary":false}]}"#.to_owned(),
            r#""emails":["ana@x","a@x",{"value":"n@x","#,
        ),
        (r#"{"op":"remove","path":"emails[value eq \"A@x\"]"}"#.to_owned(), r#""emails":["ana@x"],"#),
        (r#"{"op":"remove","path":"emails","value":[{"value":"a@x"}]}"#.to_owned(), r#""emails":["ana@x"],"#),
        (r#"{"op":"remove","path":"emails","value":["z@x"]}"#.to_owned(), r#""emails":["ana@x","a@x"]"#),
        (r#"{"op":"remove","path":"emails"}"#.to_owned(), r#""upns":["ana@x"],"employeeIds""#),
        (
            format!(r#"{{"op":"add","path":"{AT}:userPrincipalNames","value":["n@x"]}}"#),
            r#""upns":["ana@x",{"value":"n@x","#,
        ),
        (
            format!(r#"{{"op":"remove","path":"{AT}:userPrincipalNames[value eq \"ana@x\"]"}}"#),
            r#""displayName":"Ana","emails""#,
        ),
        (
            format!(r#"{{"op":"replace","path":"{HR}:employeeNumber","value":"E7"}}"#),
            r#""employeeIds":[{"value":"E7","source":"AdminAPI"}],"#,
        ),
        (
            format!(r#"{{"op":"add","path":"{HR}:employeeNumber","value":"E7"}}"#),
            r#""employeeIds":[{"value":"E7","source":"AdminAPI"},"E1","E0"]"#,
        ),
        (format!(r#"{{"op":"add","path":"{HR}:employeeNumber","value":"E0"}}"#), r#"["E0","E1"]"#),
        (format!(r#"{{"op":"remove","path":"{HR}:employeeNumber"}}"#), r#""employeeIds":["E0"]"#),
        (
            format!(r#"{{"op":"REPLACE","path":"{AT}:tracking","value":"False"}}"#),
            r#""tracked":false,"groups":[3],"agents""#,
        ),
        (r#"{"op":"replace","path":"active","value":false}"#.to_owned(), r#""deletedAgents":[{"id":7,"#),
    ] {
        let state = patched(&operation).unwrap_or_else(|error| panic!("{operation}: {error}"));
        let saved = user(&state, 1);
        assert!(saved.contains(expected), "{operation}: {saved}");
        assert!(saved.contains(r#""revision":2"#), "{operation}: not one revision more");
        assert!(saved.contains(r#""deviceLogins":["CORP\\ana"]"#), "{operation}: a device login is gone");
    }
}

#[test]
fn a_patch_that_breaks_a_rule_changes_nothing() {
    for (operation, message) in [
        (r#"{"op":"replace","path":"displayName","value":"BOB"}"#, "belongs to entity 2"),
        (r#"{"op":"add","path":"emails","value":["bob@x"]}"#, "belongs to entity 2"),
        (r#"{"op":"replace","path":"employeeNumber","value":"E2"}"#, "belongs to entity 2"),
        (r#"{"op":"replace","path":"colour","value":"A"}"#, "no operation"),
        (r#"{"op":"replace","path":"emails","value":[7]}"#, "no operation"),
        (r#"{"op":"replace","path":"active","value":"maybe"}"#, "no operation"),
        (r#"{"op":"remove","path":"emails[type ne \"work\"]"}"#, "is no path"),
        (r#"{"op":"remove","value":{"active":false}}"#, "needs a path"),
    ] {
        let error = patched(operation).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(message), "{operation}: {error:?}");
    }
    let filtered = patch(r#"{"operations":[{"op":"remove","path":"emails[value eq \"a@x\"]"}]}"#);
    assert!(filtered.for_user(Paths::Plain).is_err());
}

#[test]
fn a_user_without_an_identifier_is_refused() {
    let mut state = state(TWO);
    let ops = [UserOp::Emails(Listed::Remove(None)), UserOp::EmployeeId(Ids::Remove)];
    assert!(state.patch_user(UserId(2), &ops, NOW).is_err());
    assert!(user(&state, 2).contains(r#""revision":1"#));
    assert!(matches!(state.patch_user(UserId(9), &[], NOW), Err(Refusal::NotFound(_))));
}

fn upsert(body: &str) -> (Result<UserId, Refusal>, State) {
    let mut state = state(TWO);
    (state.upsert(&serde_json::from_str(body).unwrap(), NOW), state)
}

#[test]
fn a_post_creates_updates_or_conflicts_by_whose_identifiers_it_holds() {
    let (made, state) = upsert(
        r#"{"displayName":"Cy","emails":[{"value":"cy@x","primary":true}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"E3"},
        "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User":{"userPrincipalNames":["cy@x"]}}"#,
    );
    assert_eq!(made, Ok(UserId(3)));
    assert!(user(&state, 3).contains(r#""revision":1"#), "{}", user(&state, 3));
    let (made, state) = upsert(r#"{"emails":[{"value":"new@x"},{"value":"BOB@x"}]}"#);
    assert_eq!(made, Ok(UserId(2)));
    assert!(user(&state, 2).contains(r#""emails":["bob@x",{"value":"new@x""#), "{}", user(&state, 2));
    let (made, _) = upsert(r#"{"emails":[{"value":"ana@x"},{"value":"bob@x"}]}"#);
    assert!(matches!(made, Err(Refusal::Conflict(_))), "{made:?}");
    let (made, _) = upsert(r#"{"displayName":"Bob","emails":[{"value":"cy@x"}]}"#);
    assert!(matches!(made, Err(Refusal::Conflict(_))), "{made:?}");
    let (made, _) = upsert(r#"{"displayName":"Cy"}"#);
    assert!(matches!(made, Err(Refusal::Invalid(_))), "{made:?}");
}

#[test]
fn a_put_takes_what_it_leaves_out() {
    let mut state = state(TWO);
    let body = serde_json::from_str(r#"{"displayName":"Ana","emails":[{"value":"a@x"}]}"#).unwrap();
    state.replace(UserId(1), &body, NOW).unwrap();
    let saved = user(&state, 1);
    assert!(saved.contains(r#""emails":[{"value":"a@x","source":"AdminAPI"}],"deviceLogins""#), "{saved}");
    assert!(!saved.contains("upns") && !saved.contains("employeeIds"), "{saved}");
}

#[test]
fn what_active_false_took_active_true_brings_back() {
    let mut state = state(TWO);
    state.deactivate(UserId(1), NOW).unwrap();
    state.patch_user(UserId(1), &[UserOp::Active(true)], NOW + SignedDuration::from_hours(24)).unwrap();
    assert!(user(&state, 1).contains(r#""agents":[{"id":7,"#), "{}", user(&state, 1));
    state.deactivate(UserId(1), NOW).unwrap();
    state.patch_user(UserId(1), &[UserOp::Active(true)], NOW + SignedDuration::from_hours(31 * 24)).unwrap();
    assert!(user(&state, 1).contains(r#""deletedAgents":[{"id":7,"#), "{}", user(&state, 1));
}

#[test]
fn scim_changes_the_groups_it_made_and_no_other() {
    let group = |operation: &str, id| {
        let mut state = state(TWO);
        let ops = patch(&format!(r#"{{"Operations":[{operation}]}}"#)).for_group(Paths::Filtered)?;
        state.scim_patch_group(GroupId(id), &ops, NOW)?;
        Ok::<_, Refusal>(state)
    };
    let members = |state: &State| state.group(GroupId(3)).map(|entry| entry.members.clone()).unwrap();
    let joined = group(r#"{"op":"add","path":"members","value":[{"value":"2"},{"value":"1"}]}"#, 3).unwrap();
    assert_eq!(members(&joined), [UserId(1), UserId(2)]);
    assert!(user(&joined, 1).contains(r#""revision":1"#), "a member already is written again");
    let left = group(r#"{"op":"remove","path":"members[value eq \"1\"]"}"#, 3).unwrap();
    assert_eq!(members(&left), []);
    let renamed = group(r#"{"op":"replace","path":"displayName","value":"Entra"}"#, 3).unwrap();
    assert_eq!(renamed.group(GroupId(3)).map(|entry| entry.group.name.as_str()), Some("Entra"));
    for (operation, id, message) in [
        (r#"{"op":"replace","path":"displayName","value":"sales"}"#, 3, "is called"),
        (r#"{"op":"add","path":"members","value":[{"value":"99"}]}"#, 3, "no user"),
        (r#"{"op":"add","path":"members","value":[{"value":"1"}]}"#, 4, "managed by ActivTrak"),
        (r#"{"op":"add","path":"members","value":[{"value":"1"}]}"#, 9, "not found"),
    ] {
        let error = group(operation, id).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(message), "{operation}: {error:?}");
    }
    let mut state = state(TWO);
    let body = |text: &str| serde_json::from_str::<GroupBody>(text).unwrap();
    assert_eq!(state.scim_create_group(&body(r#"{"displayName":"New"}"#)), Ok(GroupId(5)));
    let taken = state.scim_create_group(&body(r#"{"displayName":"sales"}"#));
    assert!(matches!(taken, Err(Refusal::Conflict(_))), "{taken:?}");
    let full = body(r#"{"displayName":"X","members":[{"value":"1"}]}"#);
    assert!(matches!(state.scim_create_group(&full), Err(Refusal::Invalid(_))));
    state.scim_replace_group(GroupId(3), &body(r#"{"displayName":"Okta"}"#), NOW).unwrap();
    assert_eq!(members(&state), []);
    assert!(state.scim_delete_group(GroupId(4)).is_err());
    state.scim_delete_group(GroupId(3)).unwrap();
}
