//! What the documents leave open, one way and the other.

use serde_json::{Value, json};

use super::Tenant;
use crate::sandbox::docebo::{Config, Settings};

#[tokio::test]
async fn ids_are_texts_or_numbers() {
    for (settings, id) in [(&[][..], json!("101")), (&["numeric-ids"], json!(101))] {
        let tenant = Tenant::set_up(settings, &[]).await;
        let user = tenant.get("/manage/v1/user?search_text=ada").await.every("user_id");
        assert_eq!(user, std::slice::from_ref(&id), "{settings:?}");
        assert_eq!(tenant.get("/audiences/v1/audience/g-manual/users").await.every("user_id"), [id]);
    }
}

#[tokio::test]
async fn fields_are_listed_as_they_are_or_as_they_were() {
    let usual = Tenant::acme().await.get("/manage/v1/user_fields").await;
    assert_eq!(usual.every("id"), ["2", "1"]);
    let tenant = Tenant::set_up(&["id-field"], &[]).await;
    assert_eq!(tenant.get("/manage/v1/user_fields").await.every("id_field"), ["2", "1"]);
    let tenant = Tenant::set_up(&["bare-fields"], &[]).await;
    assert_eq!(tenant.get("/manage/v1/user_fields").await.data()[1]["title"], "Institutional ID");
}

#[tokio::test]
async fn users_are_shown_as_they_are_or_as_they_were() {
    for (settings, present) in [(&[][..], true), (&["old-users"], false)] {
        let tenant = Tenant::set_up(settings, &[]).await;
        let one = tenant.get("/manage/v1/user/101").await.data();
        assert_eq!(one.get("branches").is_some(), present);
        assert_eq!(one["user_data"].get("uuid").is_some(), present);
    }
    for (settings, member, value) in
        [(&[][..], "level", "superadmin"), (&["level-paths"], "level", "/framework/level/godadmin")]
    {
        let tenant = Tenant::set_up(settings, &[]).await;
        assert_eq!(tenant.get("/manage/v1/user?search_text=cy").await.every(member), [value]);
    }
    for (settings, value) in [(&[][..], "11"), (&["field-labels"], "Transport")] {
        let tenant = Tenant::set_up(settings, &[]).await;
        assert_eq!(tenant.get("/manage/v1/user?search_text=ada").await.every("field_2"), [value]);
    }
}

#[tokio::test]
async fn branches_come_level_by_level_or_all_at_once() {
    for (settings, codes) in [(&[][..], &["HQ", "ROM"][..]), (&["flat-branches"], &["HQ", "OSL", "ROM"])] {
        let tenant = Tenant::set_up(settings, &[]).await;
        assert_eq!(tenant.get("/manage/v1/orgchart").await.every("code"), codes, "{settings:?}");
        assert_eq!(tenant.get("/manage/v1/orgchart?node_id=1").await.every("code"), ["OSL"]);
    }
}

#[tokio::test]
async fn courses_are_at_one_service_or_the_other_or_both() {
    for (settings, old, new) in
        [(&[][..], 200, 200), (&["new-courses"], 404, 200), (&["old-courses"], 200, 404)]
    {
        let tenant = Tenant::set_up(settings, &[]).await;
        for path in ["/learn/v1/courses", "/learn/v1/enrollments"] {
            assert_eq!(tenant.get(path).await.status, old, "{settings:?} {path}");
        }
        for path in
            ["/course/v1/courses", "/course/v1/courses/enrollments", "/course/v1/courses/5/enrollments"]
        {
            assert_eq!(tenant.get(path).await.status, new, "{settings:?} {path}");
        }
    }
}

#[tokio::test]
async fn statuses_are_words_or_numbers() {
    let seed = super::ACME.replace("\"status\":\"completed\"}],\n", "\"status\":\"enrolled\"}],\n");
    for (settings, status) in [
        (&[][..], json!("enrolled")),
        (&["subscribed"], json!("subscribed")),
        (&["status-numbers"], json!("0")),
        (&["status-numbers", "numeric-ids"], json!(0)),
    ] {
        let settings = Settings::parse(settings).unwrap_or_else(|error| panic!("{error}"));
        let tenant = Tenant::of(&seed, Config { settings, ..Config::default() }).await;
        let told = tenant.get("/learn/v1/enrollments").await.every("status");
        assert_eq!(told, std::slice::from_ref(&status));
        let told = tenant.get("/course/v1/courses/5/enrollments").await.every("enrollment_status");
        assert_eq!(told, [status]);
    }
}

#[tokio::test]
async fn members_are_told_in_one_way_or_another() {
    let tenant = Tenant::set_up(&["idst", "relation-capitals"], &[]).await;
    let list = tenant.get("/audiences/v1/audience/g-auto/users?sort_attr=user_id").await;
    assert_eq!(list.every("idst"), ["101", "102"]);
    assert_eq!(list.every("relation_type"), ["Automatic", "Manual"]);
    assert_eq!(list.every("user_id"), [Value::Null, Value::Null]);
}

#[tokio::test]
async fn rules_are_written_in_one_form_or_another() {
    let rule = async |settings: &[&str]| {
        let tenant = Tenant::set_up(settings, &[]).await;
        let group = tenant.get("/audiences/v1/audience/g-auto").await.data();
        group["ruleset"]["sets"][0]["rules"][0].clone()
    };
    let usual =
        json!({ "type": "CourseEnrollmentStatus", "payload": { "course_id": 5, "status": "completed" } });
    let other = json!({ "type": "enrollment_status", "payload": { "course_id": 5, "enrollment_status": "completed" } });
    assert_eq!((rule(&[]).await, rule(&["other-rules"]).await), (usual, other));
}

#[tokio::test]
async fn a_rule_in_another_form_than_the_tenants_is_refused_and_told() {
    let usual = json!({ "type": "UserAdditionalField", "payload": { "field": "2", "operator": "equals", "value": ["12"] } });
    let other =
        json!({ "type": "userfield", "payload": { "field": "2", "op": "is_equal", "values": ["12"] } });
    for (settings, taken, refused) in [(&[][..], &usual, &other), (&["other-rules"], &other, &usual)] {
        let tenant = Tenant::set_up(settings, &[]).await;
        let send = async |rule: &Value| {
            let sets = json!([{ "rules_operator": "AND", "rules": [rule] }]);
            let body = json!({ "name": "A", "description": "", "type": "automatic", "ruleset": { "operator": "AND", "sets": sets } });
            tenant.send("POST", "/audiences/v1/audience", &body).await
        };
        assert_eq!(send(taken).await.status, 200, "{settings:?}");
        let reply = send(refused).await;
        assert_eq!(reply.status, 400, "{settings:?}");
        assert!(
            reply.json()["message"][0].as_str().unwrap().contains("there is no rule of type"),
            "{}",
            reply.text
        );
        let mut wrong = taken.clone();
        wrong["payload"]["mood"] = "y".into();
        assert!(
            send(&wrong).await.json()["message"][0].as_str().unwrap().contains("has no member"),
            "{settings:?}"
        );
    }
}

#[tokio::test]
async fn a_group_has_ten_sets_at_most_or_fifty() {
    let payload = json!({ "branch_ids": [1] });
    let set =
        json!({ "rules_operator": "AND", "rules": [{ "type": "BranchMembership", "payload": payload }] });
    for (settings, count, status) in
        [(&[][..], 50, 200), (&[], 51, 400), (&["ten-sets"], 10, 200), (&["ten-sets"], 11, 400)]
    {
        let tenant = Tenant::set_up(settings, &[]).await;
        let sets = vec![set.clone(); count];
        let body = json!({ "name": "A", "description": "", "type": "automatic", "ruleset": { "operator": "AND", "sets": sets } });
        assert_eq!(
            tenant.send("POST", "/audiences/v1/audience", &body).await.status,
            status,
            "{settings:?} {count}"
        );
    }
}

#[tokio::test]
async fn groups_may_be_closed_to_the_credentials() {
    let tenant = Tenant::set_up(&["groups-closed"], &[]).await;
    assert_eq!(tenant.get("/audiences/v1/audience").await.status, 403);
    assert_eq!(tenant.get("/manage/v1/user").await.status, 200);
}
