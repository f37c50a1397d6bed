//! Whatever is sent is answered in the platform's own way, and changes nothing that it should not.

use serde_json::{Value, json};

use super::{Tenant, reply};

const GROUPS: &str = "/audiences/v1/audience";

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let tenant = Tenant::acme().await;
    let before = tenant.docebo.snapshot();
    let deep = "[".repeat(100_000);
    let json = "application/json";
    for (method, path, media, body, status) in [
        ("POST", GROUPS, json, "", 400),
        ("POST", GROUPS, json, "{", 400),
        ("POST", GROUPS, json, "[]", 400),
        ("POST", GROUPS, json, deep.as_str(), 400),
        ("POST", GROUPS, json, r#"{"name":"A","description":"","type":"dynamic"}"#, 400),
        ("POST", GROUPS, json, r#"{"name":"A","description":"","type":"manual","mood":1}"#, 400),
        ("POST", GROUPS, "text/plain", r#"{"name":"A","description":"","type":"manual"}"#, 415),
        ("POST", GROUPS, "", r#"{"name":"A","description":"","type":"manual"}"#, 415),
        ("GET", "/audiences/v1/audience/%ff", json, "", 400),
        ("GET", "/audiences/v1/audience/..%2f..%2fmanage", json, "", 404),
        ("GET", "/manage/v1/user/18446744073709551616", json, "", 400),
        ("GET", "/manage/v1/user?page=18446744073709551615&page_size=200", json, "", 200),
        ("GET", "/manage/v1/user?page_size=18446744073709551615", json, "", 200),
        ("GET", "/manage/v1/user?page=-1", json, "", 400),
        ("PUT", "/manage/v1/user/change_status", json, r#"{"user_ids":["x"],"status":"0"}"#, 400),
        ("PATCH", "/manage/v1/user/101", json, "{}", 404),
    ] {
        let request =
            tenant.client.request(method.parse().unwrap(), format!("{}{path}", tenant.docebo.url()));
        let request = request.bearer_auth(&tenant.token).body(body.to_owned());
        let request = if media.is_empty() { request } else { request.header("content-type", media) };
        let answer = reply(request).await;
        assert_eq!(answer.status, status, "{method} {path} {:.80}: {:.300}", body, answer.text);
        if status != 200 {
            assert_eq!(answer.json()["status"], status, "{method} {path}: {:.300}", answer.text);
        }
    }
    assert_eq!(tenant.docebo.snapshot(), before);
}

#[tokio::test]
async fn a_name_is_kept_as_it_is_written() {
    let tenant = Tenant::acme().await;
    for name in ["=cmd()", "a\"b\\c", "<b>", "\u{202e}abc", "Zo\u{eb} \u{1f600}", "'; DROP TABLE"] {
        let group = json!({ "name": name, "description": name, "type": "manual" });
        let made = tenant.send("POST", GROUPS, &group).await.data();
        let path = format!("{GROUPS}/{}", made["uuid"].as_str().unwrap_or_default());
        assert_eq!(tenant.get(&path).await.data()["name"], name);
        assert_eq!(tenant.send("DELETE", &path, &Value::Null).await.status, 200);
    }
}
