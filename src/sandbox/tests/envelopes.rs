//! Each family tells its problems in its own envelope, and nothing is served without a key.

use serde_json::json;

use super::{Account, reply};

#[tokio::test]
async fn a_problem_is_told_in_the_envelope_of_its_family() {
    let account = Account::acme(&[]).await;
    for (method, path, body, status) in [
        ("GET", "/identity/v1/entities/99", "", 404),
        ("GET", "/identity/v1/entities/ana", "", 400),
        ("GET", "/identity/v1/entities?Pagesize=x", "", 400),
        ("GET", "/identity/v1/entities?PageSiz=5", "", 400),
        ("GET", "/identity/v1/nothing", "", 404),
        ("DELETE", "/identity/v1/entities", "", 405),
        ("POST", "/identity/v2/entities", "{\"emials\":[]}", 400),
        ("PATCH", "/identity/v2/entities/349/revision/4", "{}", 409),
        ("POST", "/identity/v1/entities/bulk", "{\"actions\":[\"Explode\"],\"data\":[]}", 400),
    ] {
        let reply = account.send(method, path, body).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text);
        assert_eq!(reply.json()["statusCode"], status, "{method} {path}");
        assert!(reply.json()["message"].is_string(), "{method} {path}");
    }
    for (method, path, body, status) in [
        ("POST", "/admin/v1/groups/Finance", "", 400),
        ("PUT", "/admin/v1/groups/9005", "{\"name\":\"Bergen\"}", 400),
        ("DELETE", "/admin/v1/groups", "{\"parentIds\":[9006]}", 400),
        ("GET", "/admin/v1/groups/99/members", "", 400),
        ("POST", "/admin/v1/groups/members", "{}", 501),
        ("POST", "/admin/v1/clients", "{}", 405),
        ("POST", "/hrdc/v2/bulk", "{}", 400),
        ("GET", "/internal/v1/anything", "", 404),
    ] {
        let reply = account.send(method, path, body).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text);
        assert_eq!(reply.json()["success"], false, "{method} {path}");
        assert!(reply.json()["messages"][0].is_string(), "{method} {path}");
    }
}

#[tokio::test]
async fn a_bad_do_not_track_request_is_told_by_a_plain_json_string() {
    let account = Account::acme(&[]).await;
    for (method, path, body) in [
        ("POST", "/identity/v1/dnt", r#"{"rules":[]}"#),
        ("POST", "/identity/v1/dnt", r#"{"rules":[{"user":"a"}]}"#),
        ("PUT", "/identity/v1/dnt", r#"{"rules":[{"id":9,"username":"a","domain":null,"anyDomain":true}]}"#),
        ("DELETE", "/identity/v1/dnt", "{}"),
        ("GET", "/identity/v1/dnt?filter=none", ""),
    ] {
        let reply = account.send(method, path, body).await;
        assert_eq!(reply.status, 400, "{method} {body}");
        assert!(reply.json().is_string(), "{method} {body}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_fault_on_the_identity_api_is_no_json() {
    let account = Account::acme(&["fail-writes"]).await;
    for path in ["/identity/v2/entities", "/identity/v1/dnt"] {
        let reply = account.send("POST", path, "{}").await;
        assert_eq!((reply.status, reply.content_type.as_str()), (500, "application/octet-stream"));
    }
}

#[tokio::test]
async fn nothing_is_served_without_the_key() {
    let account = Account::acme(&[]).await;
    for path in ["/identity/v1/entities", "/identity/v1/dnt", "/identity/v1/nothing"] {
        let reply = reply(account.request("GET", path)).await;
        assert_eq!((reply.status, reply.json()["statusCode"].clone()), (401, json!(401)), "{path}");
    }
    for path in ["/admin/v1/accounts/ping", "/hrdc/ping", "/internal/x"] {
        let reply = reply(account.request("GET", path).header("x-api-key", "other")).await;
        assert_eq!((reply.status, reply.json()["success"].clone()), (401, json!(false)), "{path}");
    }
    for path in ["/admin/v1/accounts/ping", "/hrdc/ping"] {
        let reply = reply(account.request("GET", path).header("authorization", "Bearer secret")).await;
        assert_eq!((reply.status, reply.json()["success"].clone()), (200, json!(true)), "{path}");
    }
}

#[tokio::test]
async fn every_request_is_on_the_record_in_order() {
    let account = Account::acme(&[]).await;
    reply(account.request("GET", "/admin/v1/accounts/ping")).await;
    account.get("/identity/v1/entities?Page=1&PageSize=1").await;
    account.send("POST", "/identity/v2/entities/search", r#"{"upns":["x"]}"#).await;
    account.send("DELETE", "/admin/v1/groups", r#"{"parentIds":[9002]}"#).await;
    let lines: Vec<String> = account
        .sandbox
        .requests()
        .iter()
        .map(|request| format!("{} {} {} {}", request.method, request.path, request.body, request.is_write()))
        .collect();
    assert_eq!(
        lines,
        [
            "GET /admin/v1/accounts/ping  false",
            "GET /identity/v1/entities?Page=1&PageSize=1  false",
            r#"POST /identity/v2/entities/search {"upns":["x"]} false"#,
            r#"DELETE /admin/v1/groups {"parentIds":[9002]} true"#,
        ]
    );
}
