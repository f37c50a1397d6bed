//! Groups, agents and computers in the shapes of the Admin API.

use std::fmt::Write;
use std::time::Duration;

use serde_json::json;

use super::{Account, groups};

#[tokio::test]
async fn lists_are_bare_arrays_and_summaries_are_wrapped() {
    let account = Account::acme(&[]).await;
    let list = account.get("/admin/v1/groups/list").await.json();
    assert_eq!(list.as_array().map(Vec::len), Some(4));
    assert_eq!(
        list[0],
        json!({
            "groupid": 9001, "parentid": 9001, "groupname": "Finance", "type": 1, "typename": "ActivTrak", "instanceid": null,
        })
    );
    assert_eq!((&list[3]["typename"], &list[2]["type"]), (&json!("AzureAD"), &json!(12)));
    let found = account.get("/admin/v1/groups/list/900").await.json();
    assert_eq!(found.as_array().map(Vec::len), Some(4), "a number is a prefix, not a look-up");
    assert_eq!(account.get("/admin/v1/groups/list/FIN").await.json()[0]["groupid"], 9001);
    let summary = account.get("/admin/v1/groups/summary?page=2&pageSize=3").await.json();
    assert_eq!((&summary["totalCount"], &summary["groups"][0]["groupId"]), (&json!(4), &json!(9006)));
    assert_eq!(
        account.get("/admin/v1/clients").await.json(),
        json!([
            {"id": 142, "domain": "CORP", "name": "aruiz", "alias": "Ana Ruiz"},
            {"id": 143, "domain": "WORKGROUP", "name": "cy", "alias": null},
        ])
    );
    assert_eq!(
        account.get("/admin/v1/devices").await.json()[1],
        json!(
            {"id": 8, "domain": "CORP", "name": "PC-0008", "alias": "Lobby PC"}
        )
    );
}

#[tokio::test]
async fn clients_end_at_fifty() {
    let mut agents = String::new();
    for id in 1..=60 {
        write!(agents, "{{\"id\":{id},\"username\":\"u{id}\"}},").unwrap();
    }
    let seed = format!(
        "{{\"version\":1,\"account\":{{\"id\":1,\"name\":\"a\"}},\"users\":[{{\"id\":1,\"agents\":[{}]}}]}}",
        agents.trim_end_matches(',')
    );
    let account = Account::of(&seed, &[], Duration::ZERO).await;
    assert_eq!(account.get("/admin/v1/clients").await.json().as_array().map(Vec::len), Some(50));
    assert_eq!(account.get("/admin/v1/groups/members/bulk").await.text.lines().count(), 61);
}

#[tokio::test]
async fn the_export_has_memberships_then_empty_groups_then_who_is_in_none() {
    let account = Account::acme(&[]).await;
    let reply = account.get("/admin/v1/groups/members/bulk").await;
    let disposition = reply.headers.get("content-disposition").and_then(|value| value.to_str().ok());
    assert_eq!(disposition, Some("attachment; filename=\"groups_123456.csv\""));
    assert_eq!(reply.content_type, "text/csv");
    assert_eq!(
        reply.text,
        "\
group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias
9001,Finance,ActivTrak,Client,142,CORP,aruiz,Ana Ruiz
9001,Finance,ActivTrak,Device,7,CORP,PC-0007,
9005,Oslo,HRDC,Client,142,CORP,aruiz,Ana Ruiz
9002,Empty Group,ActivTrak,,,,,
9006,Staff,AzureAD,,,,,
,,,Client,143,WORKGROUP,cy,
,,,Device,8,CORP,PC-0008,Lobby PC
"
    );
}

#[tokio::test]
async fn groups_are_made_renamed_and_deleted() {
    let account = Account::acme(&[]).await;
    let made = account.send("POST", "/admin/v1/groups", r#"{"names":["Legal","FINANCE","a\"b"]}"#).await;
    assert_eq!(
        (made.status, &made.json()["added"]),
        (200, &json!([{"groupid": 9007, "groupname": "Legal"}]))
    );
    assert_eq!(made.json()["duplicates"], json!(["FINANCE"]));
    let made = account.send("POST", "/admin/v1/groups/R%26D%20London", "").await;
    assert_eq!((made.status, made.text.as_str()), (200, "9008"));
    let renamed = account.send("PUT", "/admin/v1/groups/9001", r#"{"name":"Money"}"#).await;
    assert_eq!((renamed.status, renamed.json()), (200, json!({"messages": [], "success": true})));
    let deleted = account.send("DELETE", "/admin/v1/groups", r#"{"parentIds":[9001,9005]}"#).await;
    assert_eq!((deleted.status, &deleted.json()["groupIds"]), (200, &json!([9001])));
    let ana = account.get("/identity/v1/entities/349").await.json();
    assert_eq!(
        (groups(&ana), &ana["primaryGroupId"], &ana["revision"]),
        (vec![9005], &json!(9005), &json!(5))
    );
}

#[tokio::test]
async fn computers_and_agents_move_in_and_out_of_groups() {
    let account = Account::acme(&[]).await;
    let reply = account.send("POST", "/admin/v1/groups/9002/devices", r#"{"deviceIds":[7,8,9]}"#).await;
    assert_eq!(
        (reply.status, &reply.json()["succeeded"], &reply.json()["failed"]),
        (200, &json!([7, 8]), &json!([9]))
    );
    account.send("POST", "/admin/v1/groups/9002/clients", r#"{"clientIds":[142]}"#).await;
    account.send("DELETE", "/admin/v1/groups/9002/devices", r#"{"deviceIds":[8]}"#).await;
    let members = account.get("/admin/v1/groups/9002/members").await.json();
    assert_eq!(members["groupId"], 9002);
    assert_eq!(
        members["clients"],
        json!([
            {"memberId": 142, "memberDomain": "CORP", "memberName": "aruiz", "memberAlias": "Ana Ruiz"},
        ])
    );
    assert_eq!(members["devices"], json!([{"memberId": 7, "memberDomain": "CORP", "memberName": "PC-0007"}]));
    account.send("DELETE", "/admin/v1/groups/9002/clients", r#"{"clientIds":[142]}"#).await;
    let ana = account.get("/identity/v1/entities/349").await.json();
    assert_eq!((groups(&ana), &ana["revision"]), (vec![9001, 9005], &json!(7)));
}
