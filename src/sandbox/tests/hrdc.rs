//! The HR upload: answered at once, carried out when its time has come.

use std::time::Duration;

use serde_json::json;

use super::{ACME, Account, groups};

const SNAPSHOT: &str = "user_lookup_id,group\nbob@corp.example,Bergen\nE3,Bergen\n";

#[tokio::test]
async fn an_upload_is_counted_and_carried_out() {
    for path in ["/hrdc/v1/bulk", "/hrdc/v2/bulk"] {
        let account = Account::acme(&[]).await;
        let reply = account.upload(path, "File", SNAPSHOT).await;
        assert_eq!(
            (reply.status, reply.json()),
            (200, json!({"messages": ["2 lines read"], "success": true})),
            "{path}"
        );
        let seed = account.sandbox.stop().await;
        let names: Vec<&str> = seed.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["Finance", "Empty Group", "Staff", "Bergen"], "{path}");
    }
}

#[tokio::test]
async fn an_upload_waits_for_its_delay_and_a_snapshot_leaves_it_out() {
    let account = Account::of(ACME, &[], Duration::from_millis(200)).await;
    account.upload("/hrdc/v2/bulk", "File", SNAPSHOT).await;
    assert_eq!(groups(&account.get("/identity/v1/entities/349").await.json()), [9001, 9005]);
    assert_eq!(account.sandbox.snapshot().groups.len(), 4);
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!(groups(&account.get("/identity/v1/entities/349").await.json()), [9001]);
    assert_eq!(groups(&account.get("/identity/v1/entities/350").await.json()), [9001, 9007]);
}

#[tokio::test]
async fn a_form_without_a_good_file_changes_nothing() {
    let account = Account::acme(&[]).await;
    for (part, csv, message) in [
        ("Data", SNAPSHOT, "no part \"File\""),
        ("File", "", "the file is empty"),
        ("file", "group\nOslo\n", "no user_lookup_id column"),
        ("File", "user_lookup_id,group\nE3\n", "no CSV"),
    ] {
        let reply = account.upload("/hrdc/v2/bulk", part, csv).await;
        assert_eq!((reply.status, &reply.json()["success"]), (400, &json!(false)));
        assert!(reply.text.contains(&message.replace('"', "\\\"")), "{}", reply.text);
    }
    assert_eq!(groups(&account.get("/identity/v1/entities/349").await.json()), [9001, 9005]);
}
