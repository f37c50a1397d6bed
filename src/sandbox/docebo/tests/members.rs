//! Who is in groups: by hand, by rules, and since when.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};

use super::{ACME, Tenant, pairs};
use crate::sandbox::Clock;
use crate::sandbox::docebo::{Config, Settings};

const MANUAL: &str = "/audiences/v1/audience/g-manual";
const AUTO: &str = "/audiences/v1/audience/g-auto";

#[tokio::test]
async fn users_are_assigned_at_either_path_and_taken_out_again() {
    let tenant = Tenant::acme().await;
    let ids = |ids: &[u64]| json!({ "user_ids": ids });
    assert_eq!(tenant.send("POST", &format!("{MANUAL}/users"), &ids(&[102, 999])).await.status, 200);
    let body = json!({ "user_ids": [103], "user_all": false, "user_filters": {} });
    assert_eq!(tenant.send("PUT", &format!("{MANUAL}/assign_users"), &body).await.status, 200);
    let all = [("101", "manual"), ("102", "manual"), ("103", "manual")];
    assert_eq!(tenant.members("g-manual").await, pairs(&all));
    assert_eq!(tenant.send("DELETE", &format!("{MANUAL}/users"), &ids(&[101, 103])).await.status, 200);
    assert_eq!(tenant.members("g-manual").await, pairs(&[("102", "manual")]));
    for body in [
        ids(&[]),
        json!({ "user_ids": ["101"] }),
        json!({ "users": [101] }),
        ids(&(1..=101).collect::<Vec<_>>()),
    ] {
        assert_eq!(tenant.send("POST", &format!("{MANUAL}/users"), &body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn user_all_is_everybody_or_whom_the_filter_finds() {
    for (filters, expected) in [(json!({ "search": "fleet" }), 2), (json!({}), 3)] {
        let tenant = Tenant::acme().await;
        let body = json!({ "user_all": true, "user_filters": filters });
        tenant.send("PUT", &format!("{MANUAL}/assign_users"), &body).await.data();
        assert_eq!(tenant.members("g-manual").await.len(), expected, "{filters}");
    }
}

#[tokio::test]
async fn whom_rules_match_comes_back_and_who_was_assigned_stays_out() {
    let tenant = Tenant::acme().await;
    let both = pairs(&[("101", "automatic"), ("102", "manual")]);
    assert_eq!(tenant.members("g-auto").await, both);
    let body = json!({ "user_ids": [101, 102] });
    tenant.send("DELETE", &format!("{AUTO}/users"), &body).await.data();
    assert_eq!(tenant.members("g-auto").await, pairs(&[("101", "automatic")]));
    tenant.send("POST", &format!("{AUTO}/users"), &json!({ "user_ids": [101] })).await.data();
    assert_eq!(tenant.members("g-auto").await, pairs(&[("101", "manual")]));
}

#[tokio::test]
async fn rules_are_looked_at_some_time_after_what_they_are_about_has_changed() {
    static NOW: AtomicI64 = AtomicI64::new(1_770_000_000);
    let clock = Clock::Live(|| jiff::Timestamp::from_second(NOW.load(Ordering::SeqCst)).unwrap_or_default());
    let settings = Settings::parse(["recompute=1800"]).unwrap();
    let mut tenant = Tenant::of(ACME, Config { settings, clock, ..Config::default() }).await;
    let batch =
        json!({ "items": [{ "username": "cy", "field_2": 12 }], "options": { "update_user_info": 1 } });
    assert_eq!(tenant.send("POST", "/manage/v1/user/batch", &batch).await.data()[0]["success"], true);
    let before = pairs(&[("101", "automatic"), ("102", "manual")]);
    for later in [0, 1799] {
        NOW.fetch_add(later, Ordering::SeqCst);
        assert_eq!(tenant.members("g-auto").await, before);
    }
    NOW.fetch_add(1, Ordering::SeqCst);
    let after = pairs(&[("101", "automatic"), ("102", "manual"), ("103", "automatic")]);
    assert_eq!(tenant.members("g-auto").await, after);
    tenant.renew().await;
    let mut group = tenant.get(AUTO).await.data();
    group["ruleset"]["sets"].as_array_mut().unwrap().remove(0);
    let written = tenant.send("PUT", AUTO, &group).await.data();
    assert_eq!(written["ruleset"]["status"], "PROCESSING");
    assert_eq!(tenant.members("g-auto").await, pairs(&[("102", "manual")]), "it is filled from scratch");
    NOW.fetch_add(1740, Ordering::SeqCst);
    assert_eq!(tenant.get(AUTO).await.data()["ruleset"]["status"], "PROCESSING");
    NOW.fetch_add(60, Ordering::SeqCst);
    assert_eq!(tenant.get(AUTO).await.data()["ruleset"]["status"], "READY");
    assert_eq!(tenant.members("g-auto").await, pairs(&[("102", "manual"), ("103", "automatic")]));
}

#[tokio::test]
async fn the_users_of_a_group_come_as_a_file_too() {
    let tenant = Tenant::acme().await;
    let reply = tenant.send("GET", &format!("{AUTO}/export-users"), &Value::Null).await;
    assert_eq!(reply.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        reply.text,
        "Username,First name,Last name,Email,Status,Assignment method\n\
         Bob,,,bob@acme.example,Deactivated,Manual\n\
         ada,Ada,Lovelace,ada@fleet.acme.example,Active,Automatic\n"
    );
}
