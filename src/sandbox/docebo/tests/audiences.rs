//! Groups: found, made at either path, written whole, deleted.

use serde_json::{Value, json};

use super::{Tenant, pairs};

const PATH: &str = "/audiences/v1/audience";

/// A group as it is written.
fn group(name: &str, kind: &str, sets: &Value) -> Value {
    let ruleset = json!({ "operator": "OR", "sets": sets });
    json!({
        "name": name, "description": "", "type": kind, "exclude_deactivated_users": false,
        "ruleset": if kind == "automatic" { ruleset } else { Value::Null },
    })
}

/// A set of one rule: the users of a branch.
fn of_branch(id: u64) -> Value {
    let payload = json!({ "branch_ids": [], "branch_ids_descendants": [{ "id": id }] });
    json!([{ "rules_operator": "AND", "rules": [{ "type": "BranchMembership", "payload": payload }] }])
}

#[tokio::test]
async fn groups_are_listed_without_their_rules_and_shown_with_them() {
    let tenant = Tenant::acme().await;
    let list = tenant.get(&format!("{PATH}?sort_attr=name&sort_dir=desc")).await;
    assert_eq!(list.every("uuid"), ["g-manual", "g-auto"]);
    let auto = &list.data()["items"][1];
    assert_eq!(
        (&auto["type"], &auto["slug"], &auto["updated_at"]),
        (&json!("automatic"), &json!("approved-drivers"), &json!("2026-02-01 09:00:00"))
    );
    assert_eq!(auto.get("ruleset"), None);
    assert_eq!(tenant.get(&format!("{PATH}?search_text=SING")).await.every("uuid"), ["g-manual"]);
    let whole = tenant.get(&format!("{PATH}/g-auto")).await.data();
    let rules = &whole["ruleset"];
    assert_eq!((&rules["operator"], &rules["status"]), (&json!("OR"), &json!("READY")));
    assert_eq!(
        rules["sets"][1]["rules"][0],
        json!({ "type": "UserAdditionalField", "payload": { "field": "2", "operator": "equals", "value": ["12"] } })
    );
    assert_eq!(tenant.get(&format!("{PATH}/g-manual")).await.data()["ruleset"], Value::Null);
}

#[tokio::test]
async fn a_group_is_made_at_one_of_two_paths() {
    for (settings, made, nothing) in
        [(&[][..], "audience", "audiences"), (&["plural-create"], "audiences", "audience")]
    {
        let tenant = Tenant::set_up(settings, &[]).await;
        let body = group("Choir", "manual", &json!([]));
        assert_eq!(tenant.send("POST", &format!("/audiences/v1/{nothing}"), &body).await.status, 404);
        let first = tenant.send("POST", &format!("/audiences/v1/{made}"), &body).await.data();
        let second = tenant.send("POST", &format!("/audiences/v1/{made}"), &body).await.data();
        assert_ne!(first["uuid"], second["uuid"], "names are nobody's alone");
        let found = tenant.get(&format!("{PATH}?search_text=choir")).await;
        assert_eq!(found.every("name"), ["Choir", "Choir", "Choir"]);
    }
}

#[tokio::test]
async fn an_automatic_group_holds_whom_its_rules_match() {
    let tenant = Tenant::acme().await;
    let made = tenant.send("POST", PATH, &group("Head office", "automatic", &of_branch(1))).await.data();
    let uuid = made["uuid"].as_str().unwrap().to_owned();
    let automatic =
        |ids: &[&'static str]| pairs(&ids.iter().map(|id| (*id, "automatic")).collect::<Vec<_>>());
    assert_eq!(tenant.members(&uuid).await, automatic(&["101", "102"]));
    let mut written = tenant.get(&format!("{PATH}/{uuid}")).await.data();
    written["exclude_deactivated_users"] = true.into();
    tenant.send("PUT", &format!("{PATH}/{uuid}"), &written).await.data();
    assert_eq!(tenant.members(&uuid).await, automatic(&["101"]));
}

#[tokio::test]
async fn what_is_left_out_of_a_group_that_is_written_is_gone() {
    let tenant = Tenant::acme().await;
    let path = format!("{PATH}/g-auto");
    let name = json!({ "name": "Drivers", "description": "", "type": "automatic" });
    let written = tenant.send("PUT", &path, &name).await.data();
    assert_eq!((&written["name"], &written["ruleset"]["sets"]), (&json!("Drivers"), &json!([])));
    assert_eq!(tenant.members("g-auto").await, pairs(&[("102", "manual")]));
    for (body, message) in [
        (json!({ "name": "Drivers", "description": "", "type": "manual" }), "chosen when it is made"),
        (json!({ "name": "Drivers", "type": "automatic" }), "description is required"),
        (json!({ "description": "", "type": "automatic" }), "missing field `name`"),
        (group("Drivers", "automatic", &of_branch(9)), "there is no branch 9"),
        (group("Drivers", "automatic", &json!([{ "rules_operator": "OR", "rules": [] }])), "is not AND"),
    ] {
        let reply = tenant.send("PUT", &path, &body).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(reply.text.contains(message), "{}", reply.text);
    }
}

#[tokio::test]
async fn what_was_read_can_be_written_as_it_is_in_either_form_of_rules() {
    for settings in [&[][..], &["other-rules"]] {
        let tenant = Tenant::set_up(settings, &[]).await;
        let before = tenant.docebo.snapshot().groups;
        let read = tenant.get(&format!("{PATH}/g-auto")).await.data();
        tenant.send("PUT", &format!("{PATH}/g-auto"), &read).await.data();
        let after = tenant.docebo.snapshot().groups;
        assert_eq!((&after[0].ruleset, &after[0].computed), (&before[0].ruleset, &before[0].computed));
        let other = Tenant::set_up(if settings.is_empty() { &["other-rules"] } else { &[] }, &[]).await;
        let refused = other.send("PUT", &format!("{PATH}/g-auto"), &read).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
    }
}

#[tokio::test]
async fn a_deleted_group_is_gone_and_its_users_stay() {
    let tenant = Tenant::acme().await;
    let path = format!("{PATH}/g-manual");
    assert_eq!(tenant.send("DELETE", &path, &Value::Null).await.status, 200);
    assert_eq!(tenant.get(&path).await.status, 404);
    assert_eq!(tenant.send("DELETE", &path, &Value::Null).await.status, 404);
    assert_eq!(tenant.docebo.stop().await.users.len(), 3);
}
