//! People, their groups and Do Not Track rules as the Identity API writes them.

use serde_json::json;

use super::{Account, groups, ids};

#[tokio::test]
async fn an_entity_is_written_as_the_api_document_says() {
    let account = Account::acme(&[]).await;
    let reply = account.get("/identity/v1/entities/349").await;
    assert_eq!((reply.status, reply.content_type.as_str()), (200, "application/json"));
    assert_eq!(
        reply.json(),
        json!({
            "id": 349, "revision": 5, "created": "2026-01-05T10:00:00Z", "updated": "2026-02-01T09:00:00Z",
            "displayId": {"value": "ana@corp.example", "id": null, "source": "AzureADintegration"},
            "displayName": {"value": "Ana Ruiz", "id": null, "source": "Admin"},
            "firstName": null, "middleName": null, "lastName": null,
            "upns": [{"value": "ana@corp.example", "id": null, "source": "AzureADintegration"}],
            "emails": [{"value": "ana.ruiz@corp.example", "id": null, "source": "AdminAPI"}],
            "employeeId": {"value": "E1001", "id": null, "source": "Admin"},
            "employeeIds": [{"value": "E1001", "id": null, "source": "Admin"}],
            "deviceLogons": [{"user": "aruiz", "logonDomain": "CORP", "source": "ActivTrak"}],
            "agents": [{"userId": 142, "userName": "aruiz", "logonDomain": "CORP", "alias": "Ana Ruiz", "tracked": true,
                "deleted": false, "deleteDate": null, "licenseStatus": "approved", "firstLog": "2026-01-05T10:00:00Z",
                "lastLog": "2026-02-01T09:00:00Z", "mergePending": false}],
            "deletedAgents": [],
            "groups": [{"groupId": 9001, "groupName": "Finance", "groupType": 1, "groupTypeName": "ActivTrak"},
                {"groupId": 9005, "groupName": "Oslo", "groupType": 12, "groupTypeName": "HRDC"}],
            "primaryGroupId": 9001, "primaryGroupName": "Finance", "timezone": null, "tracked": true, "status": "active",
        })
    );
}

#[tokio::test]
async fn a_list_comes_in_pages_and_with_groups_only_if_asked() {
    let account = Account::acme(&[]).await;
    for (query, expected, total) in [
        ("", vec![349, 350, 351], 3),
        ("?Page=2&PageSize=2", vec![351], 3),
        ("?Page=9&PageSize=2", vec![], 3),
        ("?Type=groupid&Term=9001", vec![349, 350], 2),
        ("?Type=groupid&Term=9001&PageSize=1&Page=2", vec![350], 2),
        ("?type=email&term=bob", vec![350], 1),
        ("?Filters=untracked&Filters=usersWithAgents", vec![351], 1),
    ] {
        let page = account.get(&format!("/identity/v1/entities{query}")).await.json();
        assert_eq!((ids(&page), page["totalCount"].as_u64()), (expected, Some(total)), "{query}");
    }
    let without = account.get("/identity/v1/entities").await.json();
    assert_eq!(without["results"][0]["groups"], json!(null));
    let with = account.get("/identity/v1/entities?IncludeGroupData=true").await.json();
    assert_eq!(groups(&with["results"][0]), [9001, 9005]);
    assert_eq!(with["results"][2]["groups"], json!([]));
}

#[tokio::test]
async fn a_search_answers_with_whole_records() {
    let account = Account::acme(&[]).await;
    let body = r#"{"emailAddresses":["BOB@corp.example","ana@corp.example"],"employeeIds":["E3"]}"#;
    let found = account.send("POST", "/identity/v2/entities/search", body).await.json();
    assert_eq!((ids(&found), &found["totalCount"]), (vec![350, 351], &json!(2)));
    assert_eq!(groups(&found["results"][0]), [9001]);
}

#[tokio::test]
async fn a_write_answers_with_the_new_record_one_revision_up() {
    let account = Account::acme(&[]).await;
    let body = r#"{"displayName":{"value":"Ana R."},
        "deviceLogons":[{"user":"aruiz","logonDomain":null,"id":{"userId":"aruiz","logonId":"CORP"}}]}"#;
    let edited = account.send("PATCH", "/identity/v2/entities/349/revision/5", body).await;
    assert_eq!((edited.status, &edited.json()["revision"]), (200, &json!(6)));
    assert_eq!(
        edited.json()["deviceLogons"],
        json!([{"user": "aruiz", "logonDomain": null, "source": "AdminAPI"}])
    );
    assert_eq!(edited.json()["updated"], "2026-02-02T02:40:00Z");
    let again = account.send("PATCH", "/identity/v1/entities/349/revision/5", body).await;
    assert_eq!((again.status, &again.json()["statusCode"]), (409, &json!(409)));
    let created =
        account.send("POST", "/identity/v1/entities", r#"{"emails":[{"value":"new@corp.example"}]}"#).await;
    assert_eq!(
        (created.status, &created.json()["id"], &created.json()["revision"]),
        (201, &json!(352), &json!(1))
    );
    let path = "/identity/v1/entities/349/upns/ana%40corp.example?revision=6";
    let removed = account.send("DELETE", path, "").await;
    assert_eq!(
        (removed.status, &removed.json()["upns"], &removed.json()["revision"]),
        (200, &json!([]), &json!(7))
    );
}

#[tokio::test]
async fn bulk_calls_answer_200_with_their_failures_inside() {
    let account = Account::acme(&[]).await;
    let body = r#"{"actions":["StopTracking"],"data":[{"entityId":349,"revision":5},{"entityId":350,"revision":9}]}"#;
    let reply = account.send("POST", "/identity/v1/entities/bulk", body).await;
    assert_eq!((reply.status, &reply.json()["successful"]), (200, &json!([{"entityId": 349}])));
    assert_eq!(reply.json()["failures"][0]["entityId"], 350);
    let body = r#"{"data":[{"entityId":350,"revision":1,"fieldEdits":{"upns":[{"value":"bob@corp.example"}]}},
        {"entityId":351,"revision":1,"fieldEdits":{"upns":[{"value":"Bob@corp.example"}]}}]}"#;
    let reply = account.send("POST", "/identity/v1/entities/bulk/edits", body).await;
    assert_eq!(reply.json()["successful"], json!([{"entityId": 350}]));
    assert_eq!(reply.json()["failures"][0]["message"], "the UPN Bob@corp.example belongs to entity 350");
}

#[tokio::test]
async fn group_calls_say_which_part_was_done() {
    let account = Account::acme(&[]).await;
    let body = r#"{"entities":[{"entityId":349,"revision":5},{"entityId":351,"revision":7}]}"#;
    let reply = account.send("POST", "/identity/v1/groups/9002/entities", body).await;
    assert_eq!(
        (reply.status, &reply.json()["succeeded"], &reply.json()["failed"]),
        (207, &json!([349]), &json!([351]))
    );
    let body = r#"{"entities":[{"entityId":349,"revision":6}]}"#;
    let reply = account.send("DELETE", "/identity/v1/groups/9002/entities", body).await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!({"succeeded": [349], "failed": [], "messages": []}))
    );
    let path = "/identity/v1/entities/350/groups";
    let reply = account.send("POST", path, r#"{"groupIds":[9002,9005],"revision":1}"#).await;
    assert_eq!((reply.status, &reply.json()["failed"]), (207, &json!([9005])));
    assert_eq!(account.send("POST", path, r#"{"groupIds":[9002],"revision":1}"#).await.status, 409);
    let reply = account.send("DELETE", "/identity/v1/entities/350/groups/9001", r#"{"revision":2}"#).await;
    assert_eq!((reply.status, groups(&reply.json())), (200, vec![9002]));
    for (group, status) in [(9005, 400), (99, 404)] {
        let path = format!("/identity/v1/entities/350/groups/{group}");
        assert_eq!(account.send("POST", &path, r#"{"revision":3}"#).await.status, status, "{group}");
    }
}

#[tokio::test]
async fn do_not_track_lists_untracked_users_and_rules_and_refuses_what_hits_a_tracked_user() {
    let account = Account::acme(&[]).await;
    let list = account.get("/identity/v1/dnt").await.json();
    assert_eq!(list["totalCount"], 2);
    assert_eq!(
        list["results"][0],
        json!({
            "dntRule": {"id": 231, "username": "abell", "logonDomain": "bgrove.com", "anyDomain": false}, "source": "global",
        })
    );
    assert_eq!(
        (&list["results"][1]["source"], &list["results"][1]["associatedUser"]["id"]),
        (&json!("identity"), &json!(351))
    );
    let body = r#"{"rules":[{"username":"svc_backup","domain":null,"anyDomain":true},
        {"username":"aruiz","domain":"CORP","anyDomain":false},{"username":"ABELL","domain":"bgrove.com","anyDomain":false}]}"#;
    let reply = account.send("POST", "/identity/v1/dnt", body).await.json();
    assert_eq!(
        reply["successful"],
        json!([
            {"username": "svc_backup", "domain": null, "anyDomain": true, "timeAdded": "2026-02-02T02:40:00Z"},
        ])
    );
    assert_eq!(
        (&reply["failures"][0]["entityId"], &reply["failures"][0]["revision"]),
        (&json!(349), &json!(5))
    );
    assert_eq!(reply["duplicates"][0]["id"], 231);
    let global = account.get("/identity/v1/dnt?filter=global&sort=desc&pageSize=1").await.json();
    assert_eq!((&global["totalCount"], &global["results"][0]["dntRule"]["id"]), (&json!(2), &json!(232)));
    let body = r#"{"rules":[{"id":232,"username":"svc_backup","domain":"CORP","anyDomain":false}]}"#;
    assert_eq!(account.send("PUT", "/identity/v1/dnt", body).await.json()["successful"][0]["domain"], "CORP");
    let reply = account.send("DELETE", "/identity/v1/dnt", r#"{"ids":[231,9]}"#).await.json();
    assert_eq!(
        (&reply["successful"][0]["username"], &reply["failures"][0]["id"]),
        (&json!("abell"), &json!(9))
    );
}

#[tokio::test]
async fn a_leftover_rule_keeps_a_tracked_user_blocked() {
    let account = Account::acme(&[]).await;
    let untrack = r#"{"actions":["StopTracking"],"data":[{"entityId":349,"revision":5}]}"#;
    account.send("POST", "/identity/v1/entities/bulk", untrack).await;
    let rule = r#"{"rules":[{"username":"ana@corp.example","domain":null,"anyDomain":true}]}"#;
    assert_eq!(account.send("POST", "/identity/v1/dnt", rule).await.json()["failures"], json!([]));
    let track = r#"{"actions":["StartTracking"],"data":[{"entityId":349,"revision":6}]}"#;
    account.send("POST", "/identity/v1/entities/bulk", track).await;
    let ana = account.get("/identity/v1/entities/349").await.json();
    assert_eq!((&ana["tracked"], &ana["agents"][0]["tracked"]), (&json!(true), &json!(false)));
    assert_eq!(account.get("/identity/v1/dnt?filter=associatedUser").await.json()["totalCount"], 1);
    account.send("DELETE", "/identity/v1/dnt", r#"{"ids":[232]}"#).await;
    let ana = account.get("/identity/v1/entities/349").await.json();
    assert_eq!(ana["agents"][0]["tracked"], true);
}

#[tokio::test]
async fn an_agent_moves_by_a_patch_of_who_gets_it_that_names_who_has_it() {
    let account = Account::acme(&[]).await;
    let path = "/identity/v2/entities/350/revision/1";
    let owned = |agent: u64, owner: u64, revision: u64| {
        json!({"userId": {"value": agent.to_string()}, "entity": {"value": owner.to_string()},
            "revision": {"value": revision.to_string()}})
        .to_string()
    };
    // The agent 142 has the alias "Ana Ruiz", which is what its user is called.
    let held = account.send("PATCH", path, &owned(142, 349, 5)).await;
    assert_eq!((held.status, &held.json()["statusCode"]), (400, &json!(400)));
    for (agent, owner, revision, status) in [(143, 351, 9, 409), (144, 351, 1, 400), (143, 349, 5, 400)] {
        let refused = account.send("PATCH", path, &owned(agent, owner, revision)).await;
        assert_eq!(refused.status, status, "{agent} of {owner} at {revision}: {}", refused.text);
    }
    let moved = account.send("PATCH", path, &owned(143, 351, 1)).await;
    assert_eq!((moved.status, &moved.json()["revision"]), (200, &json!(2)));
    assert_eq!(moved.json()["agents"][0]["userId"], 143);
    let old = account.get("/identity/v1/entities/351").await.json();
    assert_eq!((&old["revision"], &old["agents"]), (&json!(2), &json!([])));
    let stale = account.send("PATCH", path, &owned(143, 351, 2)).await;
    assert_eq!(stale.status, 409, "the revision in the path counts, too");
    let closed = Account::set_up(&["no-agent-moves"], &[]).await;
    assert_eq!(closed.send("PATCH", path, &owned(143, 351, 1)).await.status, 400);
}
