//! Operations that the documents have, one by one.

use serde_json::json;

use super::{Account, ids, reply};

#[tokio::test]
async fn an_entity_is_deleted_by_number_and_its_identifiers_stay_blocked() {
    for version in ["v1", "v2"] {
        let account = Account::acme(&[]).await;
        let path = format!("/identity/{version}/entities/349");
        let gone = account.send("DELETE", &path, "").await;
        assert_eq!((gone.status, gone.text.as_str()), (200, ""));
        assert_eq!(account.send("DELETE", &path, "").await.status, 404);
        assert_eq!(account.get("/identity/v1/entities/349").await.status, 404);
        let rules = account.get("/identity/v1/dnt?filter=global").await.json();
        assert_eq!(rules["totalCount"], 4, "{rules}");
        let left: Vec<&str> = ["ana.ruiz@corp.example", "ana@corp.example", "aruiz"]
            .into_iter()
            .filter(|name| rules.to_string().contains(&format!("\"username\":\"{name}\"")))
            .collect();
        assert_eq!(left.len(), 3, "{rules}");
    }
}

#[tokio::test]
async fn one_entity_is_untracked_and_tracked_at_its_revision() {
    let account = Account::acme(&[]).await;
    let at = |revision: u64| format!("/identity/v1/entities/349/revision/{revision}/doNotTrack");
    let untracked = account.send("POST", &at(5), r#"{"tracking":false}"#).await;
    assert_eq!((untracked.status, &untracked.json()["tracked"]), (200, &json!(false)));
    assert_eq!(
        (&untracked.json()["revision"], untracked.json()["agents"].as_array().map(Vec::len)),
        (&json!(6), Some(1))
    );
    assert_eq!(account.send("POST", &at(5), r#"{"tracking":true}"#).await.status, 409);
    assert_eq!(account.send("POST", &at(6), r#"{"tracking":true}"#).await.json()["tracked"], true);
    for body in ["{}", r#"{"tracking":false,"displayName":{"value":"X"}}"#] {
        assert_eq!(account.send("POST", &at(7), body).await.status, 400, "{body}");
    }
    let unknown =
        account.send("POST", "/identity/v1/entities/9/revision/1/doNotTrack", r#"{"tracking":false}"#);
    assert_eq!(unknown.await.status, 404);
}

#[tokio::test]
async fn the_agents_of_one_entity_are_deleted_at_its_revision() {
    let account = Account::acme(&[]).await;
    let path = "/identity/v1/entities/349/revision/5/deleteClients";
    let deleted = account.send("POST", path, "").await;
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    assert_eq!((&deleted.json()["agents"], &deleted.json()["tracked"]), (&json!([]), &json!(true)));
    assert_eq!(deleted.json()["deletedAgents"][0]["userId"], 142);
    assert_eq!(account.send("POST", path, "").await.status, 409);
    assert_eq!(
        account.send("POST", "/identity/v1/entities/9/revision/1/deleteClients", "").await.status,
        404
    );
    let clients = account.get("/admin/v1/clients").await.json();
    assert_eq!(clients.as_array().map(Vec::len), Some(1));
    let clients = account.get("/admin/v1/clients?includeRestorable=true").await.json();
    assert_eq!(clients[0]["id"], 142, "what can be brought back is shown where it is asked for: {clients}");
    assert!(clients[0]["deletedate"].is_string(), "{clients}");
}

#[tokio::test]
async fn entities_are_listed_under_agents_too_and_names_are_edited() {
    let account = Account::acme(&[]).await;
    assert_eq!(ids(&account.get("/identity/v1/agents?Term=ruiz").await.json()), [349]);
    let body = r#"{"firstName":{"value":"Ana"},"lastName":{"value":"Ruiz"},"middleName":{"value":null}}"#;
    let edited = account.send("PATCH", "/identity/v2/entities/349/revision/5", body).await.json();
    assert_eq!(edited["firstName"], json!({"value": "Ana", "id": null, "source": "AdminAPI"}));
    assert_eq!((&edited["lastName"]["value"], &edited["middleName"]), (&json!("Ruiz"), &json!(null)));
    assert_eq!(account.scim("GET", "/scim/v1/users/349", "").await.json()["name"]["familyName"], "Ruiz");
}

#[tokio::test]
async fn one_agent_and_one_computer_are_shown_by_number() {
    let account = Account::acme(&[]).await;
    let agent = json!({"id": 143, "domain": "WORKGROUP", "name": "cy", "alias": null});
    for path in ["143", "cy", "CY"] {
        assert_eq!(account.get(&format!("/admin/v1/clients/{path}")).await.json(), agent, "{path}");
    }
    for path in ["99", "nobody"] {
        let none = account.get(&format!("/admin/v1/clients/{path}")).await;
        assert_eq!((none.status, &none.json()["success"]), (404, &json!(false)), "{path}");
    }
    let computer = json!({"id": 7, "domain": "CORP", "name": "PC-0007", "alias": null});
    assert_eq!(account.get("/admin/v1/devices/7?includeRestorable=true").await.json(), computer);
    assert_eq!(account.get("/admin/v1/devices/99").await.status, 400, "no 404 is declared");
}

#[tokio::test]
async fn the_older_list_of_who_is_not_tracked_has_rules_and_untracked_users() {
    let account = Account::acme(&[]).await;
    let global = json!({"id": 231, "logondomain": "bgrove.com", "username": "abell", "globaluser": false});
    let derived = json!({"id": null, "logondomain": "", "username": "cy", "globaluser": true});
    for (query, expected) in [
        ("", json!([global, derived])),
        ("?onlyGlobalTrackingExclusions=true", json!([derived])),
        ("?filter=BGROVE", json!([global])),
        ("?skip=1&pageSize=5&sort=username", json!([derived])),
        ("?pageSize=1", json!([global])),
    ] {
        let reply = account.get(&format!("/admin/v1/clients/donottrack{query}")).await;
        assert_eq!(reply.json(), json!({ "records": expected }), "{query}");
    }
}

#[tokio::test]
async fn the_groups_file_of_the_app_makes_groups_and_fills_them() {
    let account = Account::acme(&[]).await;
    let csv = "group_name,member_type,member_id\nLab,Client,143\nLab,Device,8\nFinance,Client,142\n";
    let reply = account.upload("/admin/v1/groups/members/bulk", "anything", csv).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(
        (
            &reply.json()["NewGroupsTotal"],
            &reply.json()["SuccessfulAssignments"],
            &reply.json()["DuplicateAssignmentsInDB"]
        ),
        (&json!(1), &json!(2), &json!(1))
    );
    let lab = account.get("/admin/v1/groups/9007/members").await.json();
    assert_eq!((&lab["clients"][0]["memberId"], &lab["devices"][0]["memberId"]), (&json!(143), &json!(8)));
    let wrong = account.upload("/admin/v1/groups/members/bulk", "File", "name\nLab\n").await;
    assert_eq!((wrong.status, &wrong.json()["success"]), (400, &json!(false)));
}

#[tokio::test]
async fn the_schemas_of_scim_name_what_its_resources_hold() {
    let account = Account::acme(&[]).await;
    let list = account.scim("GET", "/scim/v1/Schemas", "").await.json();
    assert_eq!(list["totalResults"], 5);
    let names: Vec<&str> =
        list["resources"].as_array().into_iter().flatten().filter_map(|it| it["id"].as_str()).collect();
    let user = account.scim("GET", "/scim/v1/users/349", "").await.json();
    for schema in user["schemas"].as_array().into_iter().flatten() {
        assert!(names.contains(&schema.as_str().unwrap()), "{schema}");
    }
    let core =
        account.scim("GET", "/scim/v1/schemas/urn:ietf:params:scim:schemas:core:2.0:User", "").await.json();
    let attributes: Vec<&str> =
        core["attributes"].as_array().into_iter().flatten().filter_map(|it| it["name"].as_str()).collect();
    let held = user.as_object().unwrap().keys().filter(|name| !name.starts_with("urn:"));
    let held: Vec<&String> =
        held.filter(|name| !["schemas", "id", "meta"].contains(&name.as_str())).collect();
    assert!(held.iter().all(|name| attributes.contains(&name.as_str())), "{held:?}, {attributes:?}");
    assert_eq!(account.scim("GET", "/scim/v1/schemas/urn:none", "").await.status, 404);
}

#[tokio::test]
async fn what_is_not_there_is_told_as_the_documents_have_it() {
    let account = Account::acme(&[]).await;
    for (method, path, body, expected) in [
        ("PATCH", "/identity/v1/entities/9/revision/1", "{}", 400),
        ("PATCH", "/identity/v2/entities/9/revision/1", "{}", 404),
        ("POST", "/identity/v1/entities/9/groups", r#"{"groupIds":[9001],"revision":1}"#, 400),
        ("POST", "/identity/v1/entities/9/groups/9001", r#"{"revision":1}"#, 404),
        ("GET", "/identity/v1/dnt/csv", "", 405),
        ("POST", "/identity/v1/dnt/csv", "", 501),
        ("PUT", "/identity/v1/entities", "", 405),
        ("POST", "/identity/v1/entities/merge", "{}", 501),
        ("GET", "/admin/v1/groups/9001", "", 405),
        ("POST", "/admin/v1/groups/members", "{}", 501),
        ("DELETE", "/admin/v1/clients", "{}", 501),
        ("GET", "/admin/v1/nothing", "", 404),
        ("GET", "/reports/v2/activitylog", "", 501),
        ("GET", "/internal/v1/queue/status", "", 404),
    ] {
        let reply = account.send(method, path, body).await;
        assert_eq!(reply.status, expected, "{method} {path}: {}", reply.text);
    }
    for (method, path, body, expected) in [
        ("GET", "/scim/v1/users/99", "", 404),
        ("GET", "/scim/v1/users/nobody", "", 404),
        ("PUT", "/scim/v1/users/99", "{}", 400),
        ("PATCH", "/scim/v1/users/99", r#"{"Operations":[]}"#, 404),
        ("DELETE", "/scim/v1/groups/99", "", 404),
        ("GET", "/scim/v1/ServiceProviderConfig", "", 404),
    ] {
        let reply = account.scim(method, path, body).await;
        assert_eq!(
            (reply.status, &reply.json()["status"]),
            (expected, &json!(expected.to_string())),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_path_that_is_no_text_is_told_in_the_envelope_of_its_family() {
    let account = Account::acme(&[]).await;
    for path in ["/identity/v1/entities/%ff", "/identity/v1/nothing/%C3%28"] {
        let reply = account.get(path).await;
        assert_eq!((reply.status, &reply.json()["statusCode"]), (400, &json!(400)), "{path}");
    }
    let dnt = account.get("/identity/v1/dnt/%ff").await;
    assert!(dnt.status == 400 && dnt.json().is_string(), "{}", dnt.text);
    let admin = account.send("POST", "/admin/v1/groups/%ff%fe", "").await;
    assert_eq!((admin.status, &admin.json()["success"]), (400, &json!(false)));
    let scim = account.scim("GET", "/scim/v1/users/%ff", "").await;
    assert_eq!((scim.status, &scim.json()["status"]), (400, &json!("400")));
    let odd = account.get("/admin/v1/groups/list/100%25").await;
    assert_eq!(odd.status, 200, "{}", odd.text);
}

#[tokio::test]
async fn a_group_name_with_a_control_character_is_refused_by_every_api() {
    let account = Account::acme(&[]).await;
    assert_eq!(account.send("POST", "/admin/v1/groups/a%09b", "").await.status, 400);
    let made = account.send("POST", "/admin/v1/groups", r#"{"names":["a\u0007b"]}"#).await.json();
    assert_eq!((made["added"].clone(), made["errors"].as_array().map(Vec::len)), (json!([]), Some(1)));
    assert_eq!(account.send("PUT", "/admin/v1/groups/9001", r#"{"name":"a\nb"}"#).await.status, 400);
    assert_eq!(account.scim("POST", "/scim/v1/groups", r#"{"displayName":"a\u0000b"}"#).await.status, 400);
    account.upload("/hrdc/v2/bulk", "File", "user_lookup_id,group\nE1001,\"a\tb\"\nE1001,Oslo\n").await;
    let groups = account.get("/admin/v1/groups/list").await.json();
    assert_eq!(groups.as_array().map(Vec::len), Some(4), "{groups}");
}

#[tokio::test]
async fn nothing_is_told_of_what_is_missing_without_the_key() {
    let account = Account::acme(&[]).await;
    assert_eq!(reply(account.request("POST", "/identity/v1/entities/merge")).await.status, 401);
}
