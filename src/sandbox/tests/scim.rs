//! Users and groups as SCIM writes them, and how its lists are counted.

use serde_json::{Value, json};

use super::Account;

fn ids(list: &Value) -> Vec<String> {
    let resources = list["resources"].as_array().or(list["Resources"].as_array()).cloned();
    let id = |resource: &Value| resource["id"].as_str().map(str::to_owned);
    resources.unwrap_or_default().iter().filter_map(id).collect()
}

#[tokio::test]
async fn a_user_and_a_group_are_written_as_the_portal_shows_them() {
    let account = Account::acme(&[]).await;
    let ping = account.scim("GET", "/scim/v1/ping", "").await;
    assert_eq!((ping.status, ping.text.as_str()), (200, "Pong"));
    let user = account.scim("GET", "/scim/v1/users/349", "").await;
    let at = format!("{}/scim/v1", account.sandbox.url());
    assert_eq!(
        user.json(),
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User"],
            "id": "349", "userName": "ana@corp.example",
            "name": {},
            "displayName": "Ana Ruiz",
            "emails": [{"primary": true, "value": "ana.ruiz@corp.example"}],
            "active": true,
            "groups": [{"value": "9001", "display": "Finance", "$ref": format!("{at}/groups/9001"), "type": "direct"},
                {"value": "9005", "display": "Oslo", "$ref": format!("{at}/groups/9005"), "type": "direct"}],
            "meta": {"resourceType": "User", "created": "2026-01-05T10:00:00Z", "lastModified": "2026-02-01T09:00:00Z",
                "location": format!("{at}/users/349")},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "E1001"},
            "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User":
                {"tracking": true, "userPrincipalNames": ["ana@corp.example"]},
        })
    );
    let group = account.scim("GET", "/scim/v1/groups/9001", "").await.json();
    assert_eq!((&group["id"], &group["displayName"]), (&json!("9001"), &json!("Finance")));
    let ana =
        json!({"value": "349", "display": "Ana Ruiz", "$ref": format!("{at}/users/349"), "type": "User"});
    assert_eq!(group["members"][0], ana);
    assert_eq!(group["urn:ietf:params:scim:schemas:extension:activtrak:2.0:Group"]["sourceType"], 1);
}

#[tokio::test]
async fn lists_are_counted_in_pages_or_in_places() {
    let account = Account::acme(&[]).await;
    for (query, expected) in [
        ("", vec!["349", "350", "351"]),
        ("?count=2&startIndex=1", vec!["349", "350"]),
        ("?count=2&startIndex=2", vec!["351"]),
        ("?count=2&startIndex=3", vec![]),
    ] {
        let list = account.scim("GET", &format!("/scim/v1/users{query}"), "").await.json();
        assert_eq!(
            (ids(&list), &list["totalResults"]),
            (expected.into_iter().map(str::to_owned).collect(), &json!(3))
        );
    }
    let account = Account::set_up(&["scim-offset", "scim-page=2", "scim-capitals"], &[]).await;
    let list = account.scim("GET", "/scim/v1/users?startIndex=2", "").await.json();
    assert_eq!(ids(&list), ["350", "351"]);
    assert!(list["Resources"].is_array(), "{list}");
    let account = Account::set_up(&["scim-own-groups"], &[]).await;
    assert_eq!(account.scim("GET", "/scim/v1/groups", "").await.json()["totalResults"], 0);
    assert_eq!(account.scim("GET", "/scim/v1/groups/9001", "").await.status, 404);
}

#[tokio::test]
async fn a_filter_finds_a_user_by_any_address_and_a_group_by_its_name() {
    let account = Account::acme(&[]).await;
    for (query, expected) in [
        ("users?filter=userName%20eq%20%22ANA.ruiz@corp.example%22", vec!["349"]),
        ("users?filter=userName%20eq%20%22ana@corp.example%22", vec!["349"]),
        ("users?filter=userName%20eq%20%22nobody@corp.example%22", vec![]),
        ("groups?filter=displayName%20eq%20%22finance%22", vec!["9001"]),
    ] {
        let list = account.scim("GET", &format!("/scim/v1/{query}"), "").await.json();
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(
            (list["totalResults"].as_u64(), ids(&list)),
            (Some(expected.len() as u64), expected),
            "{query}"
        );
    }
    let bad = account.scim("GET", "/scim/v1/users?filter=userName%20co%20%22a%22", "").await;
    assert_eq!((bad.status, &bad.json()["status"]), (400, &json!("400")));
}

#[tokio::test]
async fn a_patch_answers_with_nothing_and_a_post_with_the_resource() {
    let account = Account::acme(&[]).await;
    let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"operations":[
        {"op":"replace","path":"urn:ietf:params:scim:schemas:extension:activtrak:2.0:User:tracking","value":"false"}]}"#;
    let patched = account.scim("PATCH", "/scim/v1/users/350", body).await;
    assert_eq!((patched.status, patched.text.as_str()), (204, ""));
    let shown = account.scim("GET", "/scim/v1/users/350", "").await.json();
    assert_eq!(shown["urn:ietf:params:scim:schemas:extension:activtrak:2.0:User"]["tracking"], false);
    assert_eq!(shown["active"], true, "untracking is not deactivating");
    let body = r#"{"displayName":"New","emails":[{"primary":true,"value":"new@corp.example"}]}"#;
    let made = account.scim("POST", "/scim/v1/users", body).await;
    assert_eq!((made.status, &made.json()["id"]), (201, &json!("352")));
    let made = account.scim("POST", "/scim/v1/groups", r#"{"displayName":"Okta"}"#).await;
    assert_eq!((made.status, &made.json()["members"]), (201, &json!([])));
    let path = "/scim/v1/groups/9007";
    let body = r#"{"Operations":[{"op":"add","path":"members","value":[{"value":"352"}]}]}"#;
    assert_eq!(account.scim("PATCH", path, body).await.status, 204);
    let body = r#"{"Operations":[{"op":"remove","path":"members[value eq \"352\"]"}]}"#;
    assert_eq!(account.scim("PATCH", path, body).await.status, 204);
    assert_eq!(account.scim("DELETE", path, "").await.status, 204);
    assert_eq!(account.scim("DELETE", path, "").await.status, 404);
    assert_eq!(account.scim("DELETE", "/scim/v1/users/349", "").await.status, 204);
    assert_eq!(account.scim("GET", "/scim/v1/users/349", "").await.json()["active"], false);
}

#[tokio::test]
async fn scim_has_a_key_of_its_own_and_accounts_close_what_they_like() {
    let account = Account::acme(&[]).await;
    let with_other = account.send("GET", "/scim/v1/ping", "").await;
    assert_eq!((with_other.status, &with_other.json()["status"]), (401, &json!("401")));
    assert_eq!(account.scim("GET", "/admin/v1/groups/list", "").await.status, 401);
    let account = Account::set_up(&["identity-closed", "admin-closed"], &[]).await;
    for path in ["/identity/v1/entities", "/identity/v1/dnt", "/admin/v1/groups/list"] {
        assert_eq!(account.get(path).await.status, 403, "{path}");
    }
    assert_eq!(account.get("/hrdc/ping").await.status, 200);
    assert_eq!(account.scim("GET", "/scim/v1/users", "").await.status, 200);
}

#[tokio::test]
async fn a_fault_breaks_lists_of_scim_too() {
    let account = Account::set_up(&[], &["drop-membership"]).await;
    let group = account.scim("GET", "/scim/v1/groups/9001", "").await.json();
    assert_eq!(group["members"].as_array().map(Vec::len), Some(1), "{group}");
    let account = Account::set_up(&[], &["no-memberships", "short-page"]).await;
    let list = account.scim("GET", "/scim/v1/groups", "").await.json();
    assert_eq!((&list["totalResults"], ids(&list).len()), (&json!(4), 3));
    assert_eq!(list["resources"][0]["members"], json!(null));
}
