//! Users, fields and branches, as they are shown, found, made and changed.

use serde_json::{Value, json};

use super::{ACME, Tenant};
use crate::sandbox::docebo::Config;

#[tokio::test]
async fn a_user_is_shown_with_texts_for_numbers_and_zeros_for_no_date() {
    let tenant = Tenant::acme().await;
    let list = tenant.get("/manage/v1/user?sort_attr=user_id").await.data();
    let (ada, bob) = (&list["items"][0], &list["items"][1]);
    for (name, value) in [
        ("user_id", "101"),
        ("username", "ada"),
        ("first_name", "Ada"),
        ("email", "ada@fleet.acme.example"),
        ("status", "1"),
        ("level", "user"),
        ("creation_date", "2026-01-05 10:00:00"),
        ("last_access_date", "2026-02-01 09:00:00"),
        ("expiration_date", "0000-00-00 00:00:00"),
        ("field_1", "E-17"),
        ("field_2", "11"),
        ("fullname", "Ada Lovelace"),
    ] {
        assert_eq!(ada[name], value, "{name}");
    }
    assert_eq!(
        (&bob["status"], &bob["field_2"], &bob["last_access_date"]),
        (&json!("0"), &json!(""), &json!("0000-00-00 00:00:00"))
    );
    let one = tenant.get("/manage/v1/user/101").await.data();
    assert_eq!(one["user_data"]["username"], "ada");
    assert_eq!(one["user_data"].get("field_1"), None);
    let department = &one["additional_fields"][0];
    assert_eq!((&department["id"], &department["value"]), (&json!("2"), &json!("11")));
    assert_eq!(one["branches"], json!([{ "id": "2", "code": "OSL", "name": "Oslo" }]));
    assert_eq!(tenant.get("/manage/v1/user/999").await.status, 404);
}

#[tokio::test]
async fn users_are_found_by_text_and_by_branch() {
    let tenant = Tenant::acme().await;
    for (query, expected) in [
        ("search_text=FLEET", &["101", "103"][..]),
        ("search_text=lovelace", &["101"]),
        ("branch_id=1", &["102"]),
        ("branch_id=1&selection_status=2", &["101", "102"]),
        ("branch_id=0&selection_status=2", &["101", "102", "103"]),
        ("branch_id=3&selection_status=2", &[]),
    ] {
        let found = tenant.get(&format!("/manage/v1/user?sort_attr=user_id&{query}")).await.every("user_id");
        assert_eq!(found, expected, "{query}");
    }
    assert_eq!(tenant.get("/manage/v1/user?branch_id=9").await.status, 404);
    let newest = tenant.get("/manage/v1/user").await.every("user_id");
    assert_eq!(newest, ["103", "102", "101"], "nobody asked for an order");
}

#[tokio::test]
async fn a_user_is_made_or_a_200_says_why_not() {
    let tenant = Tenant::acme().await;
    let user = json!({
        "userid": "dee", "password": "x", "firstname": "Dee", "email": "dee@acme.example", "valid": "0",
        "additional_fields": [{ "id": "2", "value": "12" }], "select_orgchart": { "3": 1, "1": 0 },
    });
    let made = tenant.send("POST", "/manage/v1/user", &user).await.data();
    assert_eq!(made, json!({ "success": true, "user_id": "104" }));
    let shown = tenant.get("/manage/v1/user/104").await.data();
    assert_eq!((&shown["user_data"]["status"], &shown["branches"][0]["code"]), (&json!("0"), &json!("ROM")));
    for (user, said) in [
        (json!({ "userid": "DEE", "password": "x" }), "userid"),
        (json!({ "userid": "eve" }), "password"),
        (
            json!({ "userid": "eve", "password": "x", "additional_fields": [{ "id": 2, "value": 13 }] }),
            "field_2",
        ),
    ] {
        let told = tenant.send("POST", "/manage/v1/user", &user).await.data();
        assert_eq!((&told["success"], &told["message"][0]["id"]), (&json!(false), &json!(said)), "{told}");
        assert!(told["message"][0]["message"].is_string());
    }
    assert_eq!(tenant.send("POST", "/manage/v1/user", &json!({ "username": "eve" })).await.status, 400);
    assert_eq!(tenant.docebo.snapshot().users.len(), 4);
}

#[tokio::test]
async fn rows_of_a_batch_are_answered_one_by_one() {
    let tenant = Tenant::acme().await;
    let batch = json!({
        "items": [
            { "username": "ADA", "email": "ada@acme.example" },
            { "username": "dee", "firstname": "Dee", "branch_code": "OSL", "field_1": "E-18", "active": 1 },
            { "username": "eve", "branch_code": "NOWHERE" },
        ],
        "options": { "update_user_info": true },
    });
    let told = tenant.send("POST", "/manage/v1/user/batch", &batch).await.data();
    let success: Vec<Value> = told.as_array().unwrap().iter().map(|row| row["success"].clone()).collect();
    assert_eq!(success, [json!(true), json!(true), json!(false)], "{told}");
    assert_eq!((&told[2]["row_index"], &told[0]["message"]), (&json!(2), &json!("")));
    let seed = tenant.docebo.snapshot();
    assert_eq!((seed.users[0].email.as_str(), seed.users.len()), ("ada@acme.example", 4));
    let left =
        tenant.send("POST", "/manage/v1/user/batch", &json!({ "items": [{ "username": "ada" }] })).await;
    assert_eq!(left.data()[0]["success"], false, "nobody asked for changes");
    for body in [
        json!({ "items": [] }),
        json!({ "items": [{ "username": "x", "mood": "y" }] }),
        json!({ "items": [{ "username": "x" }], "options": { "branch_option": "autocreate" } }),
    ] {
        assert_eq!(tenant.send("POST", "/manage/v1/user/batch", &body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn two_batches_at_once_are_one_too_many() {
    let config = Config { batch_time: std::time::Duration::from_millis(300), ..Config::default() };
    let tenant = Tenant::of(ACME, config).await;
    let send = async |name: &str| {
        let batch = json!({ "items": [{ "username": name }] });
        tenant.send("POST", "/manage/v1/user/batch", &batch).await.status
    };
    let (one, other) = tokio::join!(send("dee"), send("eve"));
    let mut statuses = [one, other];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(send("gus").await, 200, "the next one is taken");
}

#[tokio::test]
async fn a_status_is_changed_for_those_who_are_there() {
    let tenant = Tenant::acme().await;
    let body = json!({ "user_ids": [101, 999], "status": "0" });
    let told = tenant.send("PUT", "/manage/v1/user/change_status", &body).await.data();
    assert_eq!(told, json!({ "updated_ids": ["101"], "not_updated_ids": ["999"] }));
    assert!(!tenant.docebo.snapshot().users[0].active);
    let wrong = json!({ "user_ids": [101], "status": "2" });
    assert_eq!(tenant.send("PUT", "/manage/v1/user/change_status", &wrong).await.status, 400);
}

#[tokio::test]
async fn fields_and_what_can_be_chosen_in_them_are_told() {
    let tenant = Tenant::acme().await;
    let list = tenant.get("/manage/v1/user_fields").await;
    assert_eq!(
        (list.every("id"), list.every("type")),
        (vec![json!("2"), json!("1")], vec![json!("dropdown"), json!("textfield")])
    );
    assert_eq!(list.data()["items"][0].get("dropdown_options"), None);
    let options = json!([{ "id": "11", "label": "Transport" }, { "id": "12", "label": "R&D" }]);
    let list = tenant.get("/manage/v1/user_fields?as_array=1&sort_attr=title").await.data();
    assert_eq!((&list[0]["options"], &list[1]["options"]), (&options, &json!([])));
    let options = json!([
        { "option_id": "11", "translations": { "english": "Transport" } },
        { "option_id": "12", "translations": { "english": "R&D" } },
    ]);
    let one = tenant.get("/manage/v1/user_fields/2").await.data();
    assert_eq!(
        (&one["dropdown_options"], &one["translations"]),
        (&options, &json!({ "english": "Department" }))
    );
    assert_eq!(tenant.get("/manage/v1/user_fields/9").await.status, 404);
}

#[tokio::test]
async fn branches_are_listed_below_another_one() {
    let tenant = Tenant::acme().await;
    for (query, expected) in [
        ("", &["HQ", "ROM"][..]),
        ("?node_id=1", &["OSL"]),
        ("?node_id=2", &[]),
        ("?flattened=true&search_type=3", &["HQ", "OSL", "ROM"]),
        ("?flattened=1&node_id=1", &["OSL"]),
        ("?search_text=rome", &["ROM"]),
    ] {
        let codes = tenant.get(&format!("/manage/v1/orgchart{query}")).await.every("code");
        assert_eq!(codes, expected, "{query}");
    }
    let oslo = tenant.get("/manage/v1/orgchart/2").await.data();
    assert_eq!(
        (&oslo["title"], &oslo["id_parent"], &oslo["lev"]),
        (&json!("Oslo"), &json!("1"), &json!("2"))
    );
    assert_eq!(tenant.get("/manage/v1/orgchart/0").await.data()["title"], "acme");
    let users = async |query: &str| {
        let path = format!("/manage/v1/orgchart/1/users?sort_attr=user_id{query}");
        tenant.get(&path).await.every("user_id")
    };
    assert_eq!(
        (users("").await, users("&only_first_level=1").await),
        (vec![json!("101"), json!("102")], vec![json!("102")])
    );
    assert_eq!(tenant.get("/manage/v1/orgchart/9/users").await.status, 404);
}

#[tokio::test]
async fn courses_and_who_is_in_them_are_told() {
    let tenant = Tenant::acme().await;
    let courses = tenant.get("/learn/v1/courses?search_text=drv").await.data();
    let course = json!({ "id_course": "5", "name": "Driver Safety Fundamentals", "code": "DRV-101" });
    assert_eq!(courses["items"][0], course);
    let courses = tenant.get("/course/v1/courses").await.data();
    let course = json!({ "id": "5", "title": "Driver Safety Fundamentals", "code": "DRV-101" });
    assert_eq!(courses["items"], json!([course]));
    for (path, expected) in [
        ("/learn/v1/enrollments", &["101"][..]),
        ("/learn/v1/enrollments?id_user[]=101&status[]=completed", &["101"]),
        ("/learn/v1/enrollments?id_user=101&code_course[]=DRV-101", &["101"]),
        ("/learn/v1/enrollments?code_course[]=DRV", &[]),
        ("/learn/v1/enrollments?id_user[]=102", &[]),
        ("/learn/v1/enrollments?status[]=not_started", &[]),
        ("/course/v1/courses/5/enrollments?level[]=3", &["101"]),
        ("/course/v1/courses/5/enrollments?enrollment_status[]=enrolled", &[]),
        ("/course/v1/courses/enrollments?course_id[]=5&user_id[]=101", &["101"]),
        ("/course/v1/courses/enrollments?user_id[]=102", &[]),
    ] {
        assert_eq!(tenant.get(path).await.every("user_id"), expected, "{path}");
    }
    for (path, member) in
        [("/learn/v1/enrollments", "status"), ("/course/v1/courses/5/enrollments", "enrollment_status")]
    {
        assert_eq!(tenant.get(path).await.every(member), ["completed"]);
        assert_eq!(tenant.get(&format!("{path}?{member}[]=done")).await.status, 400);
        assert_eq!(tenant.get(&format!("{path}?sort_attr=user_id")).await.status, 400);
    }
    assert_eq!(tenant.get("/course/v1/courses/6/enrollments").await.status, 404);
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_platforms_own_way() {
    let tenant = Tenant::acme().await;
    for (method, path, status) in [
        ("GET", "/nothing", 404),
        ("DELETE", "/manage/v1/user/delete", 404),
        ("GET", "/audiences/v1/audience/none", 404),
        ("GET", "/manage/v1/user/ada", 400),
    ] {
        let reply = tenant.send(method, path, &Value::Null).await;
        let body = reply.json();
        assert_eq!((reply.status, &body["status"]), (status, &json!(status)), "{method} {path}");
        assert!(body["name"].is_string() && body.get("code").is_some(), "{body}");
        assert_eq!(body["message"].is_array(), status == 400, "{body}");
    }
}
