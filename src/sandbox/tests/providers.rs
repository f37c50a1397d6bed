//! What identity providers and other people's clients send, in their own shapes.

use serde_json::{Value, json};

use super::{Account, Reply, reply};

const AT: &str = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User";
const HR: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Ana after a PATCH.
async fn patched(operations: &Value) -> (Reply, Value) {
    let account = Account::acme(&[]).await;
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations,
    });
    let reply = account.scim("PATCH", "/scim/v1/Users/349", &body.to_string()).await;
    (reply, account.scim("GET", "/scim/v1/users/349", "").await.json())
}

#[tokio::test]
async fn routes_do_not_mind_case_nor_a_slash_at_the_end() {
    let account = Account::acme(&[]).await;
    for path in ["/scim/v1/Users", "/SCIM/V1/USERS/", "/scim/v1/Groups?count=1", "/scim/v1/Users/349"] {
        assert_eq!(account.scim("GET", path, "").await.status, 200, "{path}");
    }
    assert_eq!(account.get("/Admin/V1/Groups/List").await.status, 200);
    assert_eq!(account.get("/Identity/V1/Entities?page=1").await.status, 200);
    let made = account.send("POST", "/Admin/v1/Groups/Night%20Shift", "").await;
    assert_eq!(made.status, 200);
    let list = account.get("/admin/v1/groups/list/night").await.json();
    assert_eq!(list[0]["groupname"], "Night Shift", "a name keeps its letters");
    let requests = account.sandbox.requests();
    assert_eq!(requests[0].path, "/scim/v1/Users", "a request is on the record as it was sent");
    let nowhere = account.get("/Identity/V9/nothing").await;
    assert_eq!((nowhere.status, &nowhere.json()["statusCode"]), (404, &json!(404)));
}

#[tokio::test]
async fn parameters_that_clients_send_beyond_the_documents_are_taken() {
    let account = Account::acme(&[]).await;
    for path in ["groups/list", "clients", "devices"] {
        let whole = account.get(&format!("/admin/v1/{path}")).await.json();
        let page = account.get(&format!("/admin/v1/{path}?Page=2&PageSize=1")).await;
        assert_eq!((page.status, page.json()), (200, whole), "{path}: there is no second page");
    }
    for query in ["attributes=userName", "excludedAttributes=members&count=1"] {
        assert_eq!(account.scim("GET", &format!("/scim/v1/Groups?{query}"), "").await.status, 200, "{query}");
        assert_eq!(account.scim("GET", &format!("/scim/v1/Users?{query}"), "").await.status, 200, "{query}");
    }
    let bearer = account.request("GET", "/admin/v1/accounts/ping").header("authorization", "bearer secret");
    assert_eq!(reply(bearer).await.status, 200);
}

#[tokio::test]
async fn the_summary_can_be_that_of_one_member() {
    let account = Account::acme(&[]).await;
    let ids = |summary: Value| -> Vec<u64> {
        let groups = summary["groups"].as_array().cloned().unwrap_or_default();
        groups.iter().filter_map(|group| group["groupId"].as_u64()).collect()
    };
    for (query, expected) in [
        ("ClientId=142", vec![9001, 9005]),
        ("ClientId=143", vec![]),
        ("DeviceId=7", vec![9001]),
        ("ClientId=142&DeviceId=7", vec![9001]),
        ("ClientId=142&Search=osl", vec![9005]),
        ("DeviceId=99", vec![]),
    ] {
        let summary = account.get(&format!("/admin/v1/groups/summary?{query}")).await.json();
        assert_eq!(ids(summary), expected, "{query}");
    }
}

#[tokio::test]
async fn a_read_of_scim_needs_a_content_type_only_where_the_account_is_set_up_so() {
    for (settings, expected) in [(&[][..], 200), (&["scim-typed"], 400)] {
        let account = Account::set_up(settings, &[]).await;
        for path in ["users", "users/349", "groups", "groups/9001", "schemas"] {
            let untyped = account.request("GET", &format!("/scim/v1/{path}"));
            let reply = reply(untyped.header("x-api-key", "scim-secret")).await;
            assert_eq!(reply.status, expected, "{settings:?} {path}");
        }
    }
}

#[tokio::test]
async fn what_entra_patches_is_understood() {
    for (operations, at, expected) in [
        (
            json!([{"op":"Replace","path":"emails[type eq \"work\"].value","value":"ana@new.example"}]),
            "/emails",
            json!([{"primary": true, "value": "ana@new.example"}]),
        ),
        (
            json!([{"op":"Add","path":"emails[type eq \"work\"].value","value":"second@corp.example"}]),
            "/emails/1/value",
            json!("second@corp.example"),
        ),
        (json!([{"op":"Remove","path":"emails[type eq \"work\"].value"}]), "/emails", json!([])),
        (json!([{"op":"Add","path":"name.givenName","value":"Ana"}]), "/name/givenName", json!("Ana")),
        (
            json!([{"op":"Replace","path":"name.familyName","value":"Ruiz"}]),
            "/name/familyName",
            json!("Ruiz"),
        ),
        (
            json!([{"op":"Replace","path":"userName","value":"other@corp.example"}]),
            "/userName",
            json!("ana@corp.example"),
        ),
        (json!([{"op":"Add","path":"externalId","value":"7a"}]), "/displayName", json!("Ana Ruiz")),
        (json!([{"op":"Add","path":"title","value":"Head"}]), "/displayName", json!("Ana Ruiz")),
        (
            json!([{"op":"Add","path":format!("{HR}:department"),"value":"Sales"}]),
            "/displayName",
            json!("Ana Ruiz"),
        ),
        (json!([{"op":"Replace","path":"active","value":"False"}]), "/active", json!(false)),
    ] {
        let (reply, user) = patched(&operations).await;
        assert_eq!(reply.status, 204, "{operations}: {}", reply.text);
        assert_eq!(user.pointer(at), Some(&expected), "{operations}: {user}");
    }
}

#[tokio::test]
async fn what_okta_patches_without_a_path_is_understood() {
    for (operations, at, expected) in [
        (
            json!([{"op":"replace","value":{"displayName":"Ana R.","name":{"givenName":"Ana","familyName":"R."},
                "title":"Head","userName":"x"}}]),
            "/name",
            json!({"givenName": "Ana", "familyName": "R."}),
        ),
        (json!([{"op":"replace","value":{"active":false}}]), "/active", json!(false)),
        (json!([{"op":"remove","path":HR}]), &*format!("/{HR}"), json!({})),
        (json!([{"op":"remove","path":AT}]), &*format!("/{AT}/userPrincipalNames"), json!([])),
        (
            json!([{"op":"replace","value":{"emails":[{"value":"b@corp.example"},{"value":"a@corp.example","primary":true}]}}]),
            "/emails",
            json!([{"primary": true, "value": "a@corp.example"}, {"primary": false, "value": "b@corp.example"}]),
        ),
        (
            json!([{"op":"add","value":{HR:{"employeeNumber":"E7"}}}]),
            &*format!("/{HR}/employeeNumber"),
            json!("E7"),
        ),
        (
            json!([{"op":"replace","path":AT,"value":{"tracking":false}}]),
            &*format!("/{AT}/tracking"),
            json!(false),
        ),
        (
            json!([{"op":"add","path":"emails","value":[{"value":"new@corp.example","primary":true,"type":"work"}]}]),
            "/emails/0/value",
            json!("new@corp.example"),
        ),
        (
            json!([{"op":"replace","path":"emails[value eq \"ana.ruiz@corp.example\"].value","value":"n@corp.example"}]),
            "/emails/0/value",
            json!("n@corp.example"),
        ),
    ] {
        let (reply, user) = patched(&operations).await;
        assert_eq!(reply.status, 204, "{operations}: {}", reply.text);
        assert_eq!(user.pointer(at), Some(&expected), "{operations}: {user}");
    }
}

#[tokio::test]
async fn what_no_patch_can_mean_is_refused_and_nothing_is_changed() {
    let account = Account::acme(&[]).await;
    let before = account.scim("GET", "/scim/v1/users/349", "").await.json();
    for operations in [
        json!([{"op":"replace","path":"displayName","value":"Other"}, {"op":"replace","path":"colour","value":"red"}]),
        json!([{"op":"move","path":"displayName","value":"Other"}]),
        json!([{"op":"remove"}]),
        json!([{"op":"replace","value":"Other"}]),
        json!([{"op":"replace","path":"displayName","value":7}]),
        json!([{"op":"replace","path":"groups","value":[]}]),
        json!([{"op":"replace","path":"emails[value eq \"nobody@x\"].value","value":"n@x"}]),
        json!([{"op":"add","path":"emails[type eq \"work\"","value":"n@x"}]),
    ] {
        let body = json!({ "Operations": operations }).to_string();
        let reply = account.scim("PATCH", "/scim/v1/users/349", &body).await;
        assert_eq!((reply.status, &reply.json()["status"]), (400, &json!("400")), "{operations}");
    }
    assert_eq!(account.scim("GET", "/scim/v1/users/349", "").await.json(), before);
}

#[tokio::test]
async fn what_entra_and_okta_patch_of_a_group_is_understood() {
    let account = Account::acme(&[]).await;
    let made =
        account.scim("POST", "/scim/v1/Groups", r#"{"displayName":"Okta","externalId":"x"}"#).await.json();
    let path = format!("/scim/v1/Groups/{}", made["id"].as_str().unwrap());
    for (operation, expected) in [
        (
            json!({"op":"Add","path":"members","value":[{"$ref":null,"value":"349"},{"value":"350"}]}),
            json!(["349", "350"]),
        ),
        (json!({"op":"Remove","path":"members","value":[{"$ref":null,"value":"349"}]}), json!(["350"])),
        (json!({"op":"replace","value":{"id":"9007","displayName":"Okta 2"}}), json!(["350"])),
        (json!({"op":"replace","path":"members","value":[{"value":"349"}]}), json!(["349"])),
        (json!({"op":"Replace","path":"externalId","value":"y"}), json!(["349"])),
        (json!({"op":"remove","path":"members"}), json!([])),
    ] {
        let body = json!({ "Operations": [operation] }).to_string();
        assert_eq!(account.scim("PATCH", &path, &body).await.status, 204, "{operation}");
        let group = account.scim("GET", &path, "").await.json();
        let members = group["members"].as_array().cloned().unwrap_or_default();
        let members: Value = members.into_iter().map(|member| member["value"].clone()).collect();
        assert_eq!(members, expected, "{operation}");
    }
    assert_eq!(account.scim("GET", &path, "").await.json()["displayName"], "Okta 2");
}

#[tokio::test]
async fn a_user_who_is_made_is_found_by_the_name_it_was_made_with() {
    let account = Account::acme(&[]).await;
    let body = json!({
        "userName": "new@corp.example", "active": true,
        "name": { "givenName": "New", "familyName": "User" },
        "emails": [{ "value": "second@corp.example" }, { "value": "first@corp.example", "primary": true, "type": "work" }],
    });
    let made = account.scim("POST", "/scim/v1/Users", &body.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let user = made.json();
    assert_eq!(user["userName"], "new@corp.example");
    assert_eq!(user[AT]["userPrincipalNames"], json!(["new@corp.example"]));
    assert_eq!(user["name"], json!({"givenName": "New", "familyName": "User"}));
    assert_eq!(user["emails"][0], json!({"primary": true, "value": "first@corp.example"}));
    let at = format!("{}/scim/v1/users/352", account.sandbox.url());
    assert_eq!(user["meta"]["location"], json!(at));
    assert_eq!(made.headers.get("location").and_then(|it| it.to_str().ok()), Some(&*at));
    let found =
        account.scim("GET", "/scim/v1/Users?filter=userName%20eq%20%22NEW@corp.example%22", "").await.json();
    assert_eq!(found["totalResults"], 1, "the next cycle would make the user again");
    let entity = account.get("/identity/v1/entities/352").await.json();
    assert_eq!(
        (&entity["firstName"]["value"], &entity["lastName"]["value"]),
        (&json!("New"), &json!("User"))
    );
    let again = account.scim("POST", "/scim/v1/Users", &body.to_string()).await;
    assert_eq!((again.status, &again.json()["id"]), (201, &json!("352")));
}

#[tokio::test]
async fn a_resource_that_is_put_back_as_it_was_read_is_as_it_was() {
    let account = Account::acme(&[]).await;
    for id in [349, 350] {
        let path = format!("/scim/v1/users/{id}");
        let mut before = account.scim("GET", &path, "").await.json();
        let put = account.scim("PUT", &path, &before.to_string()).await;
        assert_eq!(put.status, 200, "{}", put.text);
        let mut after = put.json();
        for user in [&mut before, &mut after] {
            user["meta"]["lastModified"] = Value::Null;
        }
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn what_only_a_patch_may_change_is_not_dropped_in_silence_elsewhere() {
    let account = Account::acme(&[]).await;
    let with = |member: &str| {
        format!(r#"{{"displayName":"Bob","emails":[{{"value":"bob@corp.example"}}],{member}}}"#)
    };
    let off = with(r#""active":false"#);
    let untracked = with(&format!(r#""{AT}":{{"tracking":false}}"#));
    for body in [&off, &untracked] {
        for (method, path) in [("PUT", "/scim/v1/users/350"), ("POST", "/scim/v1/users")] {
            let reply = account.scim(method, path, body).await;
            assert_eq!(reply.status, 400, "{method} {body}");
        }
    }
    let body = r#"{"Operations":[{"op":"replace","path":"active","value":false}]}"#;
    assert_eq!(account.scim("PATCH", "/scim/v1/users/350", body).await.status, 204);
    let bob = account.scim("GET", "/scim/v1/users/350", "").await.json();
    assert_eq!(bob["active"], false, "a user without agents is out of service all the same");
    assert_eq!(account.scim("PUT", "/scim/v1/users/350", &off).await.status, 200, "as it is already");
    let body = r#"{"Operations":[{"op":"replace","path":"active","value":true}]}"#;
    account.scim("PATCH", "/scim/v1/users/350", body).await;
    assert_eq!(account.scim("GET", "/scim/v1/users/350", "").await.json()["active"], true);
}

#[tokio::test]
async fn a_body_that_does_not_say_it_is_json_is_refused() {
    let account = Account::acme(&[]).await;
    let body = r#"{"names":["Legal"]}"#;
    for (media, expected) in [
        ("application/x-www-form-urlencoded", 415),
        ("text/plain", 415),
        ("", 415),
        ("application/json; charset=utf-8", 200),
        ("application/merge-patch+json", 200),
        ("Text/JSON", 200),
    ] {
        let mut request = account.request("POST", "/admin/v1/groups").header("x-api-key", "secret");
        if !media.is_empty() {
            request = request.header("content-type", media);
        }
        let reply = reply(request.body(body)).await;
        assert_eq!(reply.status, expected, "{media}: {}", reply.text);
        if expected == 415 {
            assert_eq!(reply.json()["success"], false, "{media}");
        }
    }
    let patch = account.request("PATCH", "/scim/v1/users/349").header("x-api-key", "scim-secret");
    let refused = reply(patch.header("content-type", "text/plain").body(r#"{"Operations":[]}"#)).await;
    assert_eq!((refused.status, &refused.json()["status"]), (415, &json!("415")));
}
