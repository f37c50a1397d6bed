//! Each fault does what it says, and only that.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Account, groups, ids};

async fn page(account: &Account, number: usize) -> Value {
    account.get(&format!("/identity/v1/entities?IncludeGroupData=true&PageSize=2&Page={number}")).await.json()
}

#[tokio::test]
async fn fail_writes_lets_only_reads_through() {
    let account = Account::acme(&["fail-writes"]).await;
    let before = account.sandbox.snapshot();
    for (method, path, body, status) in [
        ("GET", "/identity/v1/entities", "", 200),
        ("GET", "/admin/v1/groups/members/bulk", "", 200),
        ("POST", "/identity/v2/entities/search", r#"{"upns":["x"]}"#, 200),
        ("POST", "/admin/v1/groups/New", "", 500),
        ("PATCH", "/identity/v2/entities/349/revision/5", "{}", 500),
        ("DELETE", "/identity/v1/dnt", r#"{"ids":[231]}"#, 500),
        ("POST", "/hrdc/v2/bulk", "", 500),
    ] {
        assert_eq!(account.send(method, path, body).await.status, status, "{method} {path}");
    }
    assert_eq!(account.sandbox.snapshot(), before);
}

#[tokio::test]
async fn short_page_takes_one_element_of_that_page() {
    let account = Account::acme(&["short-page=2"]).await;
    assert_eq!((ids(&page(&account, 1).await), ids(&page(&account, 2).await)), (vec![349, 350], vec![]));
    assert_eq!(page(&account, 2).await["totalCount"], 3);
    let summary = account.get("/admin/v1/groups/summary?page=2&pageSize=2").await.json();
    assert_eq!((summary["groups"].as_array().map(Vec::len), &summary["totalCount"]), (Some(1), &json!(4)));
    let rules = account.get("/identity/v1/dnt?page=2&pageSize=1").await.json();
    assert_eq!((&rules["results"], &rules["totalCount"]), (&json!([]), &json!(2)));
}

#[tokio::test]
async fn duplicate_page_repeats_the_first_page() {
    let account = Account::acme(&["duplicate-page"]).await;
    assert_eq!(page(&account, 1).await, page(&account, 2).await);
}

#[tokio::test]
async fn unstable_total_differs_between_pages() {
    let account = Account::acme(&["unstable-total"]).await;
    let totals =
        [page(&account, 1).await["totalCount"].clone(), page(&account, 2).await["totalCount"].clone()];
    assert_eq!(totals, [json!(3), json!(4)]);
}

#[tokio::test]
async fn no_memberships_leaves_group_data_out_though_asked_for() {
    let account = Account::acme(&["no-memberships"]).await;
    assert_eq!(page(&account, 1).await["results"][0]["groups"], json!(null));
    assert_eq!(account.get("/identity/v1/entities/349").await.json()["primaryGroupId"], json!(null));
    assert_eq!(account.get("/identity/v1/entities?Type=groupid&Term=9001").await.json()["totalCount"], 2);
}

#[tokio::test]
async fn drop_membership_hides_one_group_of_one_user_from_the_list() {
    let account = Account::acme(&["drop-membership"]).await;
    let list = page(&account, 1).await;
    assert_eq!((groups(&list["results"][0]), groups(&list["results"][1])), (vec![9005], vec![9001]));
    assert_eq!(account.get("/identity/v1/entities?Type=groupid&Term=9001").await.json()["totalCount"], 2);
    assert_eq!(groups(&account.get("/identity/v1/entities/349").await.json()), [9001, 9005]);
}

#[tokio::test]
async fn slow_hr_keeps_an_upload_waiting() {
    let account = Account::of(super::ACME, &["slow-hr=60"], Duration::ZERO).await;
    account.upload("/hrdc/v2/bulk", "File", "user_lookup_id,group\n").await;
    assert_eq!(groups(&account.get("/identity/v1/entities/349").await.json()), [9001, 9005]);
}

#[tokio::test]
async fn drop_hr_answers_an_upload_and_forgets_it() {
    let account = Account::acme(&["drop-hr"]).await;
    let before = account.sandbox.snapshot();
    assert_eq!(
        account.upload("/hrdc/v2/bulk", "File", "user_lookup_id,group\nE3,Bergen\n").await.status,
        200
    );
    assert_eq!(account.sandbox.snapshot(), before);
}

#[tokio::test]
async fn partial_hr_carries_half_of_an_upload_out_and_the_whole_later() {
    let account = Account::acme(&["partial-hr=60"]).await;
    let csv = "user_lookup_id,group\nbob@corp.example,Bergen\nE3,Oslo\n";
    account.upload("/hrdc/v2/bulk", "File", csv).await;
    let seed = account.sandbox.snapshot();
    let names: Vec<&str> = seed.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["Finance", "Empty Group", "Oslo", "Staff", "Bergen"]);
}

#[tokio::test]
async fn hr_renames_gives_the_first_user_a_name_that_nobody_asked_for() {
    let account = Account::acme(&["hr-renames"]).await;
    account.upload("/hrdc/v2/bulk", "File", "user_lookup_id,group\nbob@corp.example,Bergen\n").await;
    let bob = account.get("/identity/v1/entities/350").await.json();
    assert_eq!(bob["displayName"], json!({"value": "bob@corp.example", "id": null, "source": "HRDC"}));
}

#[tokio::test]
async fn a_rate_limit_turns_away_in_the_form_that_was_asked_for() {
    for (fault, seconds, date) in [
        ("rate-limit=2", Some("1"), None),
        ("rate-limit-date=2", Some("Mon, 02 Feb 2026 02:40:01 GMT"), Some("Mon, 02 Feb 2026 02:40:00 GMT")),
        ("rate-limit-bare=2", None, None),
    ] {
        let account = Account::acme(&[fault]).await;
        for status in [200, 200, 429] {
            let answer = account.get("/identity/v1/entities").await;
            assert_eq!(answer.status, status, "{fault}");
            let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
            if status == 429 {
                assert_eq!(header("retry-after"), seconds, "{fault}");
                assert!(date.is_none_or(|date| header("date") == Some(date)), "{fault}");
            }
        }
        assert_eq!(account.sandbox.turned_away(), [3], "{fault}");
    }
}

#[tokio::test]
async fn lag_shows_an_api_as_the_account_was_and_writes_what_it_is() {
    let account = Account::acme(&["lag-identity=60000"]).await;
    let path = "/identity/v2/entities/349/revision/5";
    let body = r#"{"displayName":{"value":"Ana Maria"}}"#;
    assert_eq!(account.send("PATCH", path, body).await.json()["revision"], 6);
    assert_eq!(account.get("/identity/v1/entities/349").await.json()["revision"], 5);
    assert_eq!(account.send("PATCH", path, body).await.status, 409, "a write meets the account itself");
    assert_eq!(account.send("POST", "/admin/v1/groups/New", "").await.status, 200);
    let groups = account.get("/admin/v1/groups/list").await.json();
    assert!(groups.to_string().contains("New"), "the Admin API has a copy of its own: {groups}");
}

#[tokio::test]
async fn lag_is_over_when_its_time_is() {
    let account = Account::acme(&["lag=200"]).await;
    let path = "/identity/v2/entities/349/revision/5";
    account.send("PATCH", path, r#"{"displayName":{"value":"Ana Maria"}}"#).await;
    assert_eq!(account.get("/identity/v1/entities/349").await.json()["revision"], 5);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(account.get("/identity/v1/entities/349").await.json()["revision"], 6);
}

#[tokio::test]
async fn what_is_done_besides_is_what_the_fault_says() {
    let tracked = |user: Value| user["tracked"].clone();
    let account = Account::acme(&["edit-untracks"]).await;
    let before = tracked(account.get("/identity/v1/entities/349").await.json());
    let body = r#"{"displayName":{"value":"Ana Maria"}}"#;
    let answer = account.send("PATCH", "/identity/v2/entities/349/revision/5", body).await.json();
    assert_eq!(tracked(answer), before, "it is answered as asked");
    assert_ne!(tracked(account.get("/identity/v1/entities/349").await.json()), before);
    let account = Account::acme(&["rename-empties"]).await;
    let members = "/identity/v1/entities?Page=1&PageSize=10&Type=groupid&Term=9001";
    assert_ne!(account.get(members).await.json()["totalCount"], 0);
    account.send("PUT", "/admin/v1/groups/9001", r#"{"name":"Money"}"#).await;
    assert_eq!(account.get(members).await.json()["totalCount"], 0);
}
