//! Lists come by pages of 200 at most, and say how many there are only if they are asked.

use serde_json::{Value, json};

use super::{Tenant, crowd};
use crate::sandbox::docebo::{Config, Settings};

#[tokio::test]
async fn a_page_has_two_hundred_users_at_most_whatever_is_asked_for() {
    let tenant = Tenant::of(&crowd(450), Config::default()).await;
    for (query, count, more, page, pages) in [
        ("?page_size=500&page=1&sort_attr=username", 200, true, 1, 3),
        ("?page_size=500&page=3&sort_attr=username", 50, false, 3, 3),
        ("?page_size=500&page=4&sort_attr=username", 0, false, 4, 3),
        ("?page_size=150&page=3", 150, false, 3, 3),
        ("?page=0&page_size=10", 10, true, 1, 45),
        ("", 200, true, 1, 3),
    ] {
        let data = tenant.get(&format!("/manage/v1/user{query}")).await.data();
        assert_eq!(data["items"].as_array().map(Vec::len), Some(count), "{query}");
        let told =
            ["count", "has_more_data", "current_page", "total_page_count"].map(|name| data[name].clone());
        assert_eq!(told, [json!(count), json!(more), json!(page), json!(pages)], "{query}");
        assert_eq!(data.get("total_count"), None, "{query}");
    }
    let counted = tenant.get("/manage/v1/user?page_size=1&get_total_count=1").await.data();
    assert_eq!((&counted["total_count"], &counted["current_page_size"]), (&json!(450), &json!(1)));
    for query in ["?page_size=0", "?page=x", "?pagesize=3", "?sort_attr=mood", "?sort_dir=up"] {
        assert_eq!(tenant.get(&format!("/manage/v1/user{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn all_pages_together_are_the_whole_list_in_its_order() {
    let tenant = Tenant::of(&crowd(450), Config::default()).await;
    let mut all: Vec<Value> = Vec::new();
    for page in 1..=3 {
        let path = format!("/manage/v1/user?page_size=200&page={page}&sort_attr=username&sort_dir=desc");
        all.extend(tenant.get(&path).await.every("username"));
    }
    let expected: Vec<Value> = (1..=450).rev().map(|id| json!(format!("user{id:04}"))).collect();
    assert_eq!(all, expected);
}

#[tokio::test]
async fn pages_are_counted_from_one_or_from_zero() {
    let names = async |settings: &[&str], page: usize| {
        let settings = Settings::parse(settings).unwrap();
        let tenant = Tenant::of(&crowd(3), Config { settings, ..Config::default() }).await;
        let reply = tenant.get(&format!("/manage/v1/user?page_size=2&sort_attr=user_id&page={page}")).await;
        (reply.every("user_id"), reply.data()["current_page"].clone())
    };
    let (first, second) = (vec![json!("1"), json!("2")], vec![json!("3")]);
    assert_eq!(names(&[], 0).await, (first.clone(), json!(1)));
    assert_eq!(names(&[], 1).await, (first.clone(), json!(1)));
    assert_eq!(names(&[], 2).await, (second.clone(), json!(2)));
    assert_eq!(names(&["pages-from-zero"], 0).await, (first, json!(0)));
    assert_eq!(names(&["pages-from-zero"], 1).await, (second, json!(1)));
}

#[tokio::test]
async fn groups_fields_branches_and_members_come_by_pages_too() {
    let tenant = Tenant::acme().await;
    for (path, count) in [
        ("/audiences/v1/audience", 2),
        ("/manage/v1/user_fields", 2),
        ("/manage/v1/orgchart", 2),
        ("/manage/v1/orgchart/1/users", 2),
        ("/audiences/v1/audience/g-auto/users", 2),
        ("/learn/v1/courses", 1),
        ("/learn/v1/enrollments", 1),
    ] {
        let data = tenant.get(&format!("{path}?page_size=1&get_total_count=1")).await.data();
        assert_eq!((&data["count"], &data["total_count"]), (&json!(1), &json!(count)), "{path}");
        assert_eq!(data["has_more_data"], count > 1, "{path}");
    }
}
