//! The audit log: what a seed says of the time before, and what happened since.

use serde_json::{Value, json};

use super::{ACME, Account};

/// The account, with what happened to it before, in no order.
async fn before() -> Account {
    let log = r#""auditLog":[
      {"id":9,"time":"2026-01-09T08:00:00Z","user":"root@corp.example","event":"Login"},
      {"id":7,"time":"2026-01-10T08:00:00Z","user":"amy@corp.example","event":"GroupEdited",
       "description":"Finance","guid":"5b"}]}"#;
    let seed = format!("{},{log}", ACME.trim_end().trim_end_matches('}'));
    Account::of(&seed, &[], std::time::Duration::ZERO).await
}

fn ids(page: &Value) -> (Option<u64>, Vec<u64>) {
    let data = page["data"].as_array().cloned().unwrap_or_default();
    (page["totalCount"].as_u64(), data.iter().filter_map(|entry| entry["auditid"].as_u64()).collect())
}

async fn found(account: &Account, query: &str) -> (Option<u64>, Vec<u64>) {
    ids(&account.get(&format!("/admin/v1/auditlog{query}")).await.json())
}

#[tokio::test]
async fn the_log_is_paged_sorted_and_bounded_by_dates() {
    let account = before().await;
    let page = account.get("/admin/v1/auditlog?Page=1&PageSize=1").await.json();
    assert_eq!(
        page,
        json!({ "totalCount": 2, "data": [{
            "auditid": 7, "eventname": "GroupEdited", "user": "amy@corp.example", "time": "2026-01-10T08:00:00Z",
            "description": "Finance", "guid": "5b",
        }] })
    );
    for (query, (total, wanted)) in [
        ("?page=2&pageSize=1", (2, vec![9])),
        ("?page=3&pageSize=1", (2, vec![])),
        ("?SortColumn=time", (2, vec![9, 7])),
        ("?SortColumn=time&SortDescending=true", (2, vec![7, 9])),
        ("?SortColumn=user", (2, vec![7, 9])),
        ("?FromDate=2026-01-10T08:00:00Z", (1, vec![7])),
        ("?FromDate=2026-01-10T08:00:01", (0, vec![])),
        ("?ToDate=2026-01-10T10:00:00%2B03:00", (1, vec![9])),
    ] {
        assert_eq!(found(&account, query).await, (Some(total), wanted), "{query}");
    }
    for query in
        ["?FromDate=yesterday", "?Page=0", "?PageSize=1001", "?SortColumn=guid", "?Filters=a", "?Since=1"]
    {
        let answer = account.get(&format!("/admin/v1/auditlog{query}")).await;
        assert_eq!((answer.status, &answer.json()["success"]), (400, &json!(false)), "{query}");
    }
}

#[tokio::test]
async fn every_kind_of_change_is_noted_with_what_it_was_done_to() {
    let account = before().await;
    for (method, path, body) in [
        ("POST", "/admin/v1/groups", r#"{"names":["Legal"]}"#),
        ("PUT", "/admin/v1/groups/9001", r#"{"name":"Money"}"#),
        ("POST", "/admin/v1/groups/9002/devices", r#"{"deviceIds":[7]}"#),
        ("POST", "/identity/v1/groups/9002/entities", r#"{"entities":[{"entityId":350,"revision":1}]}"#),
        ("DELETE", "/admin/v1/groups", r#"{"parentIds":[9007]}"#),
    ] {
        let answer = account.send(method, path, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text);
    }
    let page = account.get("/admin/v1/auditlog?FromDate=2026-02-01T00:00:00Z").await.json();
    let said: Vec<[&str; 3]> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| ["eventname", "user", "description"].map(|key| entry[key].as_str().unwrap()))
        .collect();
    let key = "key.owner@sandbox.example";
    assert_eq!(
        said,
        [
            ["GroupCreated", key, r#"group "Legal" created"#],
            ["GroupRenamed", key, r#"group "Finance" renamed to "Money""#],
            ["GroupComputerAdded", key, r#"computer "CORP\PC-0007" added to group "Empty Group""#],
            ["GroupMemberAdded", key, r#"user "Bob" added to group "Empty Group""#],
            ["GroupDeleted", key, r#"group "Legal" deleted"#],
        ]
    );
    assert_eq!(found(&account, "").await.1, [7, 9, 10, 11, 12, 13, 14], "no number is given twice");
    let saved = account.sandbox.snapshot();
    assert_eq!(saved.audit_log.len(), 2, "a file says what the account is, not what a run did");
}

#[tokio::test]
async fn what_somebody_else_does_is_noted_as_theirs_and_a_refused_change_not_at_all() {
    let account = Account::acme(&[]).await;
    assert_eq!(account.send("PUT", "/admin/v1/groups/9001", r#"{"name":"Oslo"}"#).await.status, 400);
    assert_eq!(account.send("PUT", "/admin/v1/groups/77", r#"{"name":"New"}"#).await.status, 400);
    assert_eq!(found(&account, "").await, (Some(0), vec![]));
    let deeds: Vec<String> = (0..40).filter_map(|number| account.sandbox.meddle(number)).collect();
    let page = account.get("/admin/v1/auditlog?PageSize=1000").await.json();
    let entries = page["data"].as_array().unwrap();
    assert!(entries.len() >= deeds.len(), "{page}");
    assert!(entries.iter().all(|it| it["user"] == "somebody@sandbox.example"), "{page}");
    for event in ["TrackingChanged", "GroupMemberRemoved", "ExclusionAdded", "UserUpdated"] {
        assert!(entries.iter().any(|it| it["eventname"] == event), "{event}: {page}");
    }
}

#[tokio::test]
async fn an_account_may_have_no_log_or_show_the_least_of_it() {
    let account = Account::set_up(&["no-audit-log"], &[]).await;
    assert_eq!(account.get("/admin/v1/auditlog").await.status, 403);
    assert_eq!(account.get("/admin/v1/groups/list").await.status, 200);
    let account = Account::set_up(&["declared-only"], &[]).await;
    account.send("POST", "/admin/v1/groups", r#"{"names":["Legal"]}"#).await;
    let entry = account.get("/admin/v1/auditlog").await.json()["data"][0].clone();
    assert_eq!(entry["time"], "2026-02-02T02:40:00", "no offset: {entry}");
    assert!(entry.get("guid").is_none(), "{entry}");
}
