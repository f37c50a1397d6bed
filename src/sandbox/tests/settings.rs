//! What the documents leave open, one way and the other.

use serde_json::json;

use super::Account;

#[tokio::test]
async fn a_group_is_deleted_by_the_number_of_its_parent() {
    for (settings, parent) in [(&[][..], 9001), (&["parent-ids"], 509_001)] {
        let account = Account::set_up(settings, &[]).await;
        let list = account.get("/admin/v1/groups/list").await.json();
        assert_eq!(
            (&list[0]["groupid"], &list[0]["parentid"]),
            (&json!(9001), &json!(parent)),
            "{settings:?}"
        );
        let found = account.get("/admin/v1/groups/list/fin").await.json();
        assert_eq!(found[0]["parentid"], parent, "{settings:?}");
        let other = if parent == 9001 { 509_001 } else { 9001 };
        let refused =
            account.send("DELETE", "/admin/v1/groups", &format!(r#"{{"parentIds":[{other}]}}"#)).await;
        assert_eq!(refused.status, 400, "{settings:?}");
        let deleted =
            account.send("DELETE", "/admin/v1/groups", &format!(r#"{{"parentIds":[{parent}]}}"#)).await;
        assert_eq!((deleted.status, &deleted.json()["groupIds"]), (200, &json!([9001])), "{settings:?}");
    }
}

#[tokio::test]
async fn a_value_is_removed_by_null_or_it_is_not() {
    for (settings, refused) in [(&[][..], false), (&["no-null-edits"], true)] {
        for edits in [
            r#"{"emails":[{"id":"ana.ruiz@corp.example","value":null}]}"#,
            r#"{"displayName":{"value":null}}"#,
            r#"{"PrimaryGroupId":{"value":null}}"#,
            r#"{"deviceLogons":[{"user":null,"id":{"userId":"aruiz","logonId":"CORP"}}]}"#,
        ] {
            let account = Account::set_up(settings, &[]).await;
            let one = account.send("PATCH", "/identity/v2/entities/349/revision/5", edits).await;
            assert_eq!(one.status == 400, refused, "{settings:?} {edits}: {}", one.text);
            let account = Account::set_up(settings, &[]).await;
            let body = format!(r#"{{"data":[{{"entityId":349,"revision":5,"fieldEdits":{edits}}}]}}"#);
            let many = account.send("POST", "/identity/v1/entities/bulk/edits", &body).await.json();
            let failures = many["failures"].as_array().map(Vec::len);
            assert_eq!(failures, Some(usize::from(refused)), "{settings:?} {edits}: {many}");
        }
        let account = Account::set_up(settings, &[]).await;
        let added = r#"{"emails":[{"value":"new@corp.example"}],"upns":[{"id":"ana@corp.example","value":"a@corp.example"}]}"#;
        assert_eq!(account.send("PATCH", "/identity/v2/entities/349/revision/5", added).await.status, 200);
    }
}

#[tokio::test]
async fn a_scim_delete_leaves_the_record_or_takes_it() {
    for (settings, shown) in [(&[][..], 200), (&["scim-delete-removes"], 404)] {
        let account = Account::set_up(settings, &[]).await;
        assert_eq!(account.scim("DELETE", "/scim/v1/users/349", "").await.status, 204);
        assert_eq!(account.scim("GET", "/scim/v1/users/349", "").await.status, shown, "{settings:?}");
        let again = account.scim("DELETE", "/scim/v1/users/349", "").await.status;
        assert_eq!(again, if shown == 200 { 204 } else { 404 }, "{settings:?}");
    }
}

#[tokio::test]
async fn an_upload_whose_rows_match_nobody_deletes_the_hr_groups_or_leaves_them() {
    for (settings, left) in [(&[][..], 3), (&["hr-unmatched-keeps"], 4)] {
        for csv in [
            "user_lookup_id,group\nnobody@x,Oslo\n",
            "user_lookup_id,group\n",
            "user_lookup_id,group\nE1001,\n",
        ] {
            let account = Account::set_up(settings, &[]).await;
            assert_eq!(account.upload("/hrdc/v2/bulk", "File", csv).await.status, 200);
            let groups = account.get("/admin/v1/groups/list").await.json();
            assert_eq!(groups.as_array().map(Vec::len), Some(left), "{settings:?} {csv:?}");
        }
        let account = Account::set_up(settings, &[]).await;
        account.upload("/hrdc/v2/bulk", "File", "user_lookup_id,group\nE1001,Bergen\n").await;
        let groups = account.get("/admin/v1/groups/list").await.text;
        assert!(
            groups.contains("Bergen") && !groups.contains("Oslo"),
            "{settings:?}: one row matches: {groups}"
        );
    }
}

#[tokio::test]
async fn moments_say_that_they_are_in_utc_or_do_not() {
    for (settings, created) in [(&[][..], "2026-01-05T10:00:00Z"), (&["bare-moments"], "2026-01-05T10:00:00")]
    {
        let account = Account::set_up(settings, &[]).await;
        let entity = account.get("/identity/v1/entities/349").await.json();
        assert_eq!(
            (&entity["created"], &entity["agents"][0]["firstLog"]),
            (&json!(created), &json!(created))
        );
        assert!(
            entity.get("timezone").is_some_and(serde_json::Value::is_null),
            "only moments differ: {entity}"
        );
        let user = account.scim("GET", "/scim/v1/users/349", "").await.json();
        assert_eq!(user["meta"]["created"], created);
    }
}
