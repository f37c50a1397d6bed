//! What a writer sends, and how it judges the answers and what it reads back.

use std::sync::Arc;
use std::time::Duration;

use rollcall::account::activtrak::Writer;
use rollcall::account::{Family, Write, pack};
use rollcall::model::{
    Act, Afterwards, AgentId, ChangeId, ComputerId, DisplayName, Edit, Email, EmployeeId, ExclusionId,
    GroupId, GroupName, GroupRef, Identifier, Keeper, Login, NewUser, Observed, ObservedUser, Outcome,
    Portrait, Revision, Snapshot, Step, StepId, Tracking, Upn, UserId, UserRef,
};

use super::canned::Canned;

const SEARCH: &str = "POST /identity/v2/entities/search";
const RULES: &str = "GET /identity/v1/dnt?filter=global&page=1&pageSize=1000";
const LIST: &str = "GET /admin/v1/groups/list";
const SUMMARY: &str = "GET /admin/v1/groups/summary?page=1&pageSize=1";
const STALE: &str = r#"{"message":"revision is stale","statusCode":409}"#;
const GONE: &str = r#"{"message":"entity 349 is not there","statusCode":404}"#;
const NOBODY: &str = r#"{"results":[],"totalCount":0}"#;

fn user(id: u64, revision: u64) -> ObservedUser {
    ObservedUser {
        revision: Revision(revision),
        display_name: Some(DisplayName::observed("Ana")),
        employee_ids: vec![EmployeeId::observed(&format!("E{id}"))],
        ..ObservedUser::new(UserId(id))
    }
}

/// The record 349 as the Identity API shows it.
fn record(revision: u64, name: &str, rest: &str) -> String {
    format!(
        r#"{{"id":349,"revision":{revision},"displayName":{{"value":"{name}","source":"Admin"}},
            "employeeIds":[{{"value":"E349"}}],"tracked":true{rest}}}"#
    )
}

/// Records 349 and 350 were read, at revisions 5 and 1.
async fn perform(canned: &Canned, acts: impl IntoIterator<Item = Act>) -> Vec<Outcome> {
    perform_within(Duration::ZERO, canned, acts).await
}

/// The same by a writer that looks for its writes so long.
async fn perform_within(
    patience: Duration,
    canned: &Canned,
    acts: impl IntoIterator<Item = Act>,
) -> Vec<Outcome> {
    let observed = Observed::new(vec![user(349, 5), user(350, 1)], Vec::new(), &[], Vec::new(), Vec::new());
    let writer = Writer::new(&canned.serve().await, Arc::new(observed)).unwrap().patient(patience);
    let step = |(n, act)| Step { id: StepId(n), change: Some(ChangeId(n)), act, needs: Vec::new() };
    let (mut outcomes, before) = (Vec::new(), canned.taken());
    for packet in pack((0..).zip(acts).map(step), Family::Identity) {
        outcomes.extend(writer.perform(&packet).await.into_iter().map(|(_, outcome)| outcome));
    }
    assert_eq!(writer.sent(), canned.taken() - before, "a report counts what left and was not turned away");
    outcomes
}

fn rename(to: &str) -> Act {
    let from = Some(DisplayName::observed("Ana"));
    Act::EditUser { user: UserId(349), edits: vec![Edit::Name { from, to: DisplayName::observed(to) }] }
}

fn sent(canned: &Canned) -> Vec<(String, serde_json::Value)> {
    let json = |body: String| serde_json::from_str(&body).unwrap_or(serde_json::Value::Null);
    canned.writes().into_iter().map(|(line, body)| (line, json(body))).collect()
}

#[tokio::test]
async fn a_user_is_created_with_one_post_and_judged_by_the_record_that_comes_back() {
    let new = NewUser {
        display_name: Some(DisplayName::observed("Ana R.")),
        identifiers: vec![
            Identifier::Upn(Upn::observed("ana@corp.example")),
            Identifier::EmployeeId(EmployeeId::observed("E349")),
        ],
        tracking: None,
    };
    let create = "POST /identity/v1/entities";
    let record = |id: u64, rest: &str| {
        format!(
            r#"{{"id":{id},"revision":1,"displayName":{{"value":"Ana R."}},"employeeIds":[{{"value":"E349"}}],"tracked":true{rest}}}"#
        )
    };
    let upn = r#","upns":[{"value":"ANA@corp.example"}]"#;
    let whole = record(351, upn);
    let one = "GET /identity/v1/entities/351";
    let canned = Canned::default().on(create, 201, &whole).on(one, 200, &whole);
    assert_eq!(perform(&canned, [Act::CreateUser(new.clone())]).await, [Outcome::Applied]);
    let body = serde_json::json!({
        "displayName": { "value": "Ana R." },
        "upns": [{ "value": "ana@corp.example" }],
        "employeeIds": [{ "value": "E349" }],
    });
    assert_eq!(sent(&canned), [(create.to_owned(), body)]);

    // What it was answered with is no reading.
    let without = Canned::default().on(create, 201, &whole).on(one, 200, &record(351, ""));
    let outcomes = perform(&without, [Act::CreateUser(new.clone())]).await;
    assert!(matches!(&outcomes[0], Outcome::Mismatched { .. }), "{outcomes:?}");

    let taken = Canned::default().on(create, 400, r#"{"message":"upn is taken","statusCode":400}"#);
    let outcomes = perform(&taken, [Act::CreateUser(new.clone())]).await;
    assert_eq!(outcomes, [Outcome::Failed("upn is taken (400 Bad Request)".into())]);

    // The answer was lost after the work was done: looked for, found, and not sent again.
    let found = format!(r#"{{"results":[{whole}],"totalCount":1}}"#);
    let lost = Canned::default().on(create, 500, "").on(SEARCH, 200, &found);
    assert_eq!(perform(&lost, [Act::CreateUser(new.clone())]).await, [Outcome::Applied]);
    assert_eq!(lost.writes().len(), 1);

    // Lost before the work was done: nobody has the identifiers, so it is sent again.
    let nobody = r#"{"results":[],"totalCount":0}"#;
    let before = Canned::default().on(create, 500, "").on(create, 201, &whole).on(SEARCH, 200, nobody);
    let before = before.on(one, 200, &whole);
    assert_eq!(perform(&before, [Act::CreateUser(new.clone())]).await, [Outcome::Applied]);
    assert_eq!(before.writes().len(), 2);

    // Somebody else gave the identifiers to a record that was there, or made one that holds more: this run made neither.
    let search = |found: String| format!(r#"{{"results":[{found}],"totalCount":1}}"#);
    let old = Canned::default().on(create, 500, "").on(SEARCH, 200, &search(record(349, upn)));
    let theirs = Outcome::Failed("record 349 holds one of the identifiers since the plan".into());
    assert_eq!(perform(&old, [Act::CreateUser(new.clone())]).await, [theirs]);
    let more = format!(r#"{upn},"emails":[{{"value":"ana@other.example","source":"Admin"}}]"#);
    let more = Canned::default().on(create, 500, "").on(SEARCH, 200, &search(record(352, &more)));
    let outcomes = perform(&more, [Act::CreateUser(new.clone())]).await;
    assert!(matches!(&outcomes[0], Outcome::Unknown(why) if why.contains("another user")), "{outcomes:?}");
    let updated = Canned::default().on(create, 201, &record(349, upn));
    let outcomes = perform(&updated, [Act::CreateUser(new)]).await;
    assert!(matches!(&outcomes[0], Outcome::Mismatched { .. }), "{outcomes:?}");
}

#[tokio::test]
async fn one_user_is_edited_by_a_patch_of_the_revision_that_was_read() {
    let patch = "PATCH /identity/v2/entities/349/revision/5";
    let one = "GET /identity/v1/entities/349";
    let named = record(6, "Ana R.", "");
    let canned = Canned::default().on(patch, 200, &named).on(one, 200, &named);
    assert_eq!(perform(&canned, [rename("Ana R.")]).await, [Outcome::Applied]);
    assert_eq!(
        sent(&canned),
        [(patch.to_owned(), serde_json::json!({ "displayName": { "value": "Ana R." } }))]
    );
    assert_eq!(canned.heard().len(), 2, "the answer is no reading");

    let ignored = Canned::default().on(patch, 200, &named).on(one, 200, &record(6, "Ana", ""));
    let mismatch = Outcome::Mismatched {
        asked: "display name Ana R.".into(),
        answered: "display name Ana, E349".into(),
    };
    assert_eq!(perform(&ignored, [rename("Ana R.")]).await, [mismatch]);

    // It did more than it was asked.
    let more = record(6, "Ana R.", "").replace(r#""tracked":true"#, r#""tracked":false"#);
    let overdone = Canned::default().on(patch, 200, &named).on(one, 200, &more);
    let besides = "the record is untracked".into();
    let wanted = Outcome::Overdone { asked: "display name Ana R.".into(), besides };
    assert_eq!(perform(&overdone, [rename("Ana R.")]).await, [wanted]);

    let early = Canned::default().on(patch, 429, "").on(patch, 200, &named).on(one, 200, &named);
    assert_eq!(perform(&early, [rename("Ana R.")]).await, [Outcome::Applied]);
    assert_eq!((early.writes().len(), early.taken()), (2, 1));
}

#[tokio::test]
async fn a_stale_revision_is_read_again_and_never_overwrites_another_actor() {
    let one = "GET /identity/v1/entities/349";
    let (patch5, patch7) =
        ("PATCH /identity/v2/entities/349/revision/5", "PATCH /identity/v2/entities/349/revision/7");
    let named = record(8, "Ana R.", "");
    let moved = Canned::default().on(patch5, 409, STALE).on(one, 200, &record(7, "Ana", ""));
    let moved = moved.on(patch7, 200, &named).on(one, 200, &named);
    assert_eq!(perform(&moved, [rename("Ana R.")]).await, [Outcome::Applied]);

    let done = Canned::default().on(patch5, 409, STALE).on(one, 200, &record(7, "Ana R.", ""));
    assert_eq!(perform(&done, [rename("Ana R.")]).await, [Outcome::AlreadyTrue]);

    let other = Canned::default().on(patch5, 409, STALE).on(one, 200, &record(7, "Ana Maria", ""));
    let outcomes = perform(&other, [rename("Ana R.")]).await;
    let reason = "changed since the plan: display name Ana Maria, E349";
    assert_eq!(outcomes, [Outcome::Failed(reason.into())]);
    assert_eq!(other.writes().len(), 1);

    let gone = Canned::default().on(patch5, 409, STALE).on(one, 404, GONE);
    assert_eq!(perform(&gone, [rename("Ana R.")]).await, [Outcome::Failed("the record is gone".into())]);
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_before_anything_is_sent_again() {
    let one = "GET /identity/v1/entities/349";
    let patch5 = "PATCH /identity/v2/entities/349/revision/5";
    let after = Canned::default().on(patch5, 500, "").on(one, 200, &record(6, "Ana R.", ""));
    assert_eq!(perform(&after, [rename("Ana R.")]).await, [Outcome::Applied]);
    assert_eq!(after.writes().len(), 1);

    let before = Canned::default().on(patch5, 500, "").on(one, 200, &record(5, "Ana", ""));
    let named = record(6, "Ana R.", "");
    let before = before.on(patch5, 200, &named).on(one, 200, &named);
    assert_eq!(perform(&before, [rename("Ana R.")]).await, [Outcome::Applied]);

    let never = Canned::default().on(patch5, 500, "").on(one, 200, &record(5, "Ana", ""));
    let outcomes = perform(&never, [rename("Ana R.")]).await;
    assert!(matches!(outcomes[..], [Outcome::Unknown(_)]), "{outcomes:?}");
    assert_eq!(never.writes().len(), 3);
}

#[tokio::test]
async fn several_users_are_tracked_by_one_bulk_call_with_failures_inside() {
    let bulk = "POST /identity/v1/entities/bulk";
    let found = r#"{"results":[
        {"id":349,"revision":6,"displayName":{"value":"Ana"},"employeeIds":[{"value":"E349"}],"tracked":false},
        {"id":350,"revision":1,"displayName":{"value":"Ana"},"employeeIds":[{"value":"E350"}],"tracked":true},
        {"id":999,"revision":1,"employeeIds":[{"value":"E350"}],"tracked":true}],"totalCount":3}"#;
    let canned = Canned::default()
        .on(
            bulk,
            200,
            r#"{"successful":[{"entityId":349}],"failures":[{"entityId":350,"message":"not licensed"}]}"#,
        )
        .on(SEARCH, 200, found);
    let track = |id| Act::Track { user: UserId(id), to: Tracking::Untracked };
    let outcomes = perform(&canned, [track(349), track(350)]).await;
    assert_eq!(outcomes, [Outcome::Applied, Outcome::Failed("not licensed".into())]);
    let body = serde_json::json!({
        "actions": ["StopTracking"],
        "data": [{ "entityId": 349, "revision": 5 }, { "entityId": 350, "revision": 1 }],
    });
    assert_eq!(sent(&canned), [(bulk.to_owned(), body)]);
    let search = canned.heard().into_iter().find(|heard| heard.line == SEARCH).unwrap();
    assert!(search.body.contains(r#""employeeIds":["E349","E350"]"#), "{}", search.body);
}

#[tokio::test]
async fn several_users_are_edited_by_one_bulk_call() {
    let bulk = "POST /identity/v1/entities/bulk/edits";
    let found = r#"{"results":[
        {"id":349,"revision":6,"displayName":{"value":"Ana"},"emails":[{"value":"a@corp.example"}],
            "employeeIds":[{"value":"E349"}],"tracked":true},
        {"id":350,"revision":2,"displayName":{"value":"Ana"},"emails":[{"value":"b@corp.example"}],"employeeIds":[],
            "tracked":true}],"totalCount":2}"#;
    let canned = Canned::default()
        .on(bulk, 200, r#"{"successful":[{"entityId":349},{"entityId":350}],"failures":[]}"#)
        .on(SEARCH, 200, found);
    let email = |text: &str| Identifier::Email(Email::observed(text));
    let add = Act::EditUser { user: UserId(349), edits: vec![Edit::Add(email("a@corp.example"))] };
    let id = Identifier::EmployeeId(EmployeeId::observed("E350"));
    let swap = Act::EditUser {
        user: UserId(350),
        edits: vec![Edit::Remove(id), Edit::Add(email("b@corp.example"))],
    };
    assert_eq!(perform(&canned, [add, swap]).await, [Outcome::Applied, Outcome::Applied]);
    let body = serde_json::json!({ "data": [
        { "entityId": 349, "revision": 5, "fieldEdits": { "emails": [{ "value": "a@corp.example" }] } },
        { "entityId": 350, "revision": 1, "fieldEdits": {
            "emails": [{ "value": "b@corp.example" }],
            "employeeIds": [{ "id": "E350", "value": null }],
        } },
    ] });
    assert_eq!(sent(&canned), [(bulk.to_owned(), body)]);
}

#[tokio::test]
async fn members_are_sent_with_revisions_and_read_back_by_the_groups_own_listing() {
    let path = "POST /identity/v1/groups/9001/entities";
    let members = "GET /identity/v1/entities?Page=1&PageSize=1000&Type=groupid&Term=9001";
    let join = |id| Act::Join {
        keeper: Keeper::App,
        group: GroupRef::Known(GroupId(9001)),
        user: UserRef::Known(UserId(id)),
    };
    // A7 of the reference: 350 was refused; its revision had moved on, so it is sent again.
    let canned = Canned::default()
        .on(path, 207, r#"{"succeeded":[349],"failed":[350],"messages":["revision mismatch"]}"#)
        .on(path, 200, r#"{"succeeded":[350],"failed":[],"messages":[]}"#)
        .on(members, 200, NOBODY)
        .on(members, 200, r#"{"results":[{"id":349}],"totalCount":1}"#)
        .on(members, 200, r#"{"results":[{"id":349},{"id":350}],"totalCount":2}"#)
        .on(
            "GET /identity/v1/entities/350",
            200,
            r#"{"id":350,"revision":4,"employeeIds":[{"value":"E350"}],"tracked":true}"#,
        );
    assert_eq!(perform(&canned, [join(349), join(350)]).await, [Outcome::Applied, Outcome::Applied]);
    let body = |entities: serde_json::Value| (path.to_owned(), serde_json::json!({ "entities": entities }));
    let first = serde_json::json!([{ "entityId": 349, "revision": 5 }, { "entityId": 350, "revision": 1 }]);
    let second = serde_json::json!([{ "entityId": 350, "revision": 4 }]);
    assert_eq!(sent(&canned), [body(first), body(second)]);

    let ignored = Canned::default().on(path, 200, r#"{"succeeded":[349],"failed":[],"messages":[]}"#).on(
        members,
        200,
        r#"{"results":[],"totalCount":0}"#,
    );
    let outcomes = perform(&ignored, [join(349)]).await;
    assert!(matches!(outcomes[..], [Outcome::Mismatched { .. }]), "{outcomes:?}");

    // Who comes in, pushes somebody out.
    let pushed = Canned::default()
        .on(path, 200, r#"{"succeeded":[349],"failed":[],"messages":[]}"#)
        .on(members, 200, r#"{"results":[{"id":350},{"id":351}],"totalCount":2}"#)
        .on(members, 200, r#"{"results":[{"id":349},{"id":352}],"totalCount":2}"#);
    let overdone = Outcome::Overdone {
        asked: "record 349 in the group".into(),
        besides: "Ana is out of the group, record 351 is out of the group".into(),
    };
    assert_eq!(perform(&pushed, [join(349)]).await, [overdone]);
}

#[tokio::test]
async fn rules_are_added_fifty_at_a_time_and_looked_up_because_the_answer_has_no_numbers() {
    let path = "POST /identity/v1/dnt";
    let row = |n: u64| {
        format!(
            r#"{{"dntRule":{{"id":{n},"username":"svc{n}","logonDomain":null,"anyDomain":true}},"source":"global"}}"#
        )
    };
    let rows: Vec<String> = (0..50).map(row).collect();
    let list = format!(r#"{{"results":[{}],"totalCount":50}}"#, rows.join(","));
    let refused = r#"{"successful":[],"failures":[{"username":"svc50","domain":null,"anyDomain":true,
        "message":"hits a tracked user","entityId":349,"revision":7}],"duplicates":[],"errors":[]}"#;
    let canned = Canned::default()
        .on(path, 200, r#"{"successful":[],"failures":[],"duplicates":[],"errors":[]}"#)
        .on(path, 200, refused)
        .on(RULES, 200, &list);
    let add = |n: u64| Act::AddExclusion(Login::observed(None, &format!("svc{n}")));
    let outcomes = perform(&canned, (0..51).map(add)).await;
    assert_eq!(outcomes[..50], vec![Outcome::Applied; 50]);
    assert_eq!(outcomes[50], Outcome::Failed("hits a tracked user".into()));
    let writes = sent(&canned);
    assert_eq!(writes.len(), 2);
    assert_eq!(writes[0].1["rules"].as_array().unwrap().len(), 50);
    let rest = serde_json::json!({ "rules": [{ "username": "svc50", "domain": null, "anyDomain": true }] });
    assert_eq!(writes[1].1, rest);
}

#[tokio::test]
async fn a_rule_that_is_no_longer_the_one_that_was_planned_stays() {
    let path = "DELETE /identity/v1/dnt";
    let before = r#"{"results":[
        {"dntRule":{"id":7,"username":"svc","logonDomain":"CORP","anyDomain":false},"source":"global"},
        {"dntRule":{"id":8,"username":"other","logonDomain":null,"anyDomain":true},"source":"global"}],"totalCount":2}"#;
    let after = r#"{"results":[
        {"dntRule":{"id":8,"username":"other","logonDomain":null,"anyDomain":true},"source":"global"}],"totalCount":1}"#;
    let canned = Canned::default().on(RULES, 200, before).on(RULES, 200, after).on(
        path,
        200,
        r#"{"successful":[],"failures":[],"errors":[]}"#,
    );
    let remove = |id, user| Act::RemoveExclusion {
        id: ExclusionId(id),
        login: Login::observed((id == 7).then_some("CORP"), user),
    };
    let outcomes = perform(&canned, [remove(7, "svc"), remove(8, "svc"), remove(9, "svc")]).await;
    let drift = Outcome::Failed("changed since the plan: rule 8 is now for *\\other".into());
    assert_eq!(outcomes, [Outcome::Applied, drift, Outcome::AlreadyTrue]);
    assert_eq!(sent(&canned), [(path.to_owned(), serde_json::json!({ "ids": [7] }))]);
}

fn groups(rows: &[(u64, u64, &str, i64)]) -> String {
    let row = |(id, parent, name, kind): &(u64, u64, &str, i64)| {
        format!(r#"{{"groupid":{id},"parentid":{parent},"groupname":"{name}","type":{kind},"typename":"T"}}"#)
    };
    format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(","))
}

/// The list of groups and its count, one after the other.
fn listed(canned: Canned, rows: &[(u64, u64, &str, i64)]) -> Canned {
    let count = format!(r#"{{"totalCount":{}}}"#, rows.len());
    canned.on(LIST, 200, &groups(rows)).on(SUMMARY, 200, &count)
}

/// A group with nobody and nothing in it, by Identity and by Admin.
fn empty(canned: Canned, group: u64) -> Canned {
    let members = format!("GET /identity/v1/entities?Page=1&PageSize=1000&Type=groupid&Term={group}");
    let all = format!("GET /admin/v1/groups/{group}/members");
    canned.on(&members, 200, NOBODY).on(
        &all,
        200,
        &format!(r#"{{"groupId":{group},"clients":[],"devices":[]}}"#),
    )
}

#[tokio::test]
async fn groups_are_created_by_name_and_found_in_the_list() {
    let path = "POST /admin/v1/groups";
    let canned = listed(Canned::default().on(path, 200, r#"{"whatever":1}"#), &[(2, 2, "beta", 3)]);
    let canned = listed(canned, &[(1, 1, "Alpha", 1), (2, 2, "beta", 3)]);
    let create = |name: &str| Act::CreateGroup(Keeper::App, GroupName::observed(name).into());
    let outcomes = perform(&canned, [create("Alpha"), create("Beta"), create("Gamma")]).await;
    assert_eq!(outcomes[0], Outcome::Applied);
    assert_eq!(outcomes[1], Outcome::Failed("the name is taken by group 2".into()));
    assert!(matches!(outcomes[2], Outcome::Mismatched { .. }), "{outcomes:?}");
    let names = serde_json::json!({ "names": ["Alpha", "Beta", "Gamma"] });
    assert_eq!(sent(&canned), [(path.to_owned(), names)]);
}

#[tokio::test]
async fn a_renamed_group_is_found_by_its_parent_even_under_another_number() {
    let join = "POST /identity/v1/groups/70/entities";
    let canned = listed(listed(Canned::default(), &[(7, 3, "Old", 1)]), &[(70, 3, "New", 1)]);
    let members = "GET /identity/v1/entities?Page=1&PageSize=1000&Type=groupid&Term=70";
    let canned = empty(empty(canned, 7), 70)
        .on(members, 200, NOBODY)
        .on(members, 200, r#"{"results":[{"id":349}],"totalCount":1}"#)
        .on("PUT /admin/v1/groups/7", 200, r#"{"messages":[],"success":true}"#)
        .on(join, 200, r#"{"succeeded":[349],"failed":[],"messages":[]}"#);
    let rename = Act::RenameGroup {
        keeper: Keeper::App,
        group: GroupId(7),
        from: GroupName::observed("Old"),
        to: GroupName::observed("New"),
    };
    let member = Act::Join {
        keeper: Keeper::App,
        group: GroupRef::Known(GroupId(7)),
        user: UserRef::Known(UserId(349)),
    };
    assert_eq!(perform(&canned, [rename, member]).await, [Outcome::Applied, Outcome::Applied]);
    let put = ("PUT /admin/v1/groups/7".to_owned(), serde_json::json!({ "name": "New" }));
    assert_eq!(sent(&canned)[0], put);
}

#[tokio::test]
async fn a_group_whose_name_the_account_spells_otherwise_is_renamed() {
    let canned = listed(Canned::default(), &[(7, 3, "Cafe\u{301}\u{a0}", 1)]);
    let canned = empty(listed(canned, &[(7, 3, "New", 1)]), 7).on(
        "PUT /admin/v1/groups/7",
        200,
        r#"{"messages":[],"success":true}"#,
    );
    let rename = Act::RenameGroup {
        keeper: Keeper::App,
        group: GroupId(7),
        from: GroupName::observed("Caf\u{e9}"),
        to: GroupName::observed("New"),
    };
    assert_eq!(perform(&canned, [rename]).await, [Outcome::Applied]);
}

#[tokio::test]
async fn groups_are_deleted_by_parent_and_only_under_the_name_that_was_reviewed() {
    let path = "DELETE /admin/v1/groups";
    let before = [(7, 3, "Old", 1), (8, 8, "Renamed", 1), (9, 9, "Foreign", 4)];
    let canned = listed(listed(Canned::default(), &before), &before[1..]).on(path, 200, "{}");
    let delete = |id, name: &str| Act::DeleteGroup { group: GroupId(id), name: GroupName::observed(name) };
    let acts = [delete(7, "Old"), delete(8, "Old 8"), delete(9, "Foreign"), delete(10, "Gone")];
    let outcomes = perform(&canned, acts).await;
    assert_eq!(outcomes[0], Outcome::Applied);
    assert_eq!(outcomes[1], Outcome::Failed("changed since the plan: group 8 is now Renamed (T)".into()));
    assert!(matches!(outcomes[2], Outcome::Failed(_)), "{outcomes:?}");
    assert_eq!(outcomes[3], Outcome::AlreadyTrue);
    assert_eq!(sent(&canned), [(path.to_owned(), serde_json::json!({ "parentIds": [3] }))]);
}

#[tokio::test]
async fn computers_are_believed_only_as_the_group_shows_them() {
    let path = "POST /admin/v1/groups/9001/devices";
    let shown = r#"{"groupId":9001,"clients":[],"devices":[{"memberId":7,"memberName":"PC-0007"}]}"#;
    let canned = Canned::default().on(path, 200, r#"{"succeeded":[7,8],"failed":[]}"#);
    let canned = empty(canned, 9001).on("GET /admin/v1/groups/9001/members", 200, shown);
    let add = |id| Act::AddComputer { group: GroupRef::Known(GroupId(9001)), computer: ComputerId(id) };
    let outcomes = perform(&canned, [add(7), add(8)]).await;
    assert_eq!(outcomes[0], Outcome::Applied);
    assert!(matches!(outcomes[1], Outcome::Mismatched { .. }), "{outcomes:?}");
    assert_eq!(sent(&canned), [(path.to_owned(), serde_json::json!({ "deviceIds": [7, 8] }))]);
}

/// Adds the answers to one look.
type Look<'a> = Box<dyn Fn(Canned) -> Canned + 'a>;

#[tokio::test]
async fn a_lost_answer_about_groups_is_looked_up_and_only_what_nothing_came_of_is_sent_again() {
    let rename = Act::RenameGroup {
        keeper: Keeper::App,
        group: GroupId(7),
        from: GroupName::observed("Old"),
        to: GroupName::observed("New"),
    };
    let delete = Act::DeleteGroup { group: GroupId(7), name: GroupName::observed("Old") };
    let add = Act::AddComputer { group: GroupRef::Known(GroupId(7)), computer: ComputerId(9) };
    let old = |canned| listed(canned, &[(7, 3, "Old", 1)]);
    let with_9 = r#"{"groupId":7,"clients":[],"devices":[{"memberId":9,"memberName":"PC-9"}]}"#;
    let acts: [(&str, Act, Look<'_>, Look<'_>); 3] = [
        (
            "PUT /admin/v1/groups/7",
            rename,
            Box::new(|canned| empty(old(canned), 7)),
            Box::new(|canned| listed(canned, &[(7, 3, "New", 1)])),
        ),
        ("DELETE /admin/v1/groups", delete, Box::new(old), Box::new(|canned| listed(canned, &[]))),
        (
            "POST /admin/v1/groups/7/devices",
            add,
            Box::new(|canned| empty(canned, 7)),
            Box::new(|canned| canned.on("GET /admin/v1/groups/7/members", 200, with_9)),
        ),
    ];
    for (path, act, unmet, met) in acts {
        let done = met(unmet(Canned::default())).on(path, 500, "");
        assert_eq!(perform(&done, [act.clone()]).await, [Outcome::Applied], "{path}");
        assert_eq!(done.writes().len(), 1, "{path}");
        let again = met(unmet(unmet(Canned::default()))).on(path, 500, "").on(path, 200, "{}");
        assert_eq!(perform(&again, [act.clone()]).await, [Outcome::Applied], "{path}");
        assert_eq!(again.writes().len(), 2, "{path}");
        let never = unmet(Canned::default()).on(path, 500, "");
        let outcomes = perform(&never, [act.clone()]).await;
        assert!(matches!(outcomes[..], [Outcome::Unknown(_)]), "{path}: {outcomes:?}");
        assert_eq!(never.writes().len(), 3, "{path}");
    }
}

/// What a proxy, a login wall or a copy that is behind may answer to a look is nothing to go by.
#[tokio::test]
async fn another_record_a_page_and_a_list_that_is_left_out_are_no_reading() {
    let (patch, one) = ("PATCH /identity/v2/entities/349/revision/5", "GET /identity/v1/entities/349");
    let named = record(6, "Ana R.", "");
    let other = named.replace(r#""id":349"#, r#""id":350"#);
    let without = named.replace("employeeIds", "nothing");
    let null = named.replace(r#"[{"value":"E349"}]"#, "null");
    for (status, shown) in [
        (200, other),
        (200, without),
        (200, null),
        (404, "<html>404 nginx</html>".to_owned()),
        (404, r#"{"message":"no Route matched with those values"}"#.to_owned()),
    ] {
        let canned = Canned::default().on(patch, 200, &named).on(one, status, &shown);
        let outcomes = perform(&canned, [rename("Ana R.")]).await;
        assert!(matches!(outcomes[..], [Outcome::Unknown(_)]), "{shown}: {outcomes:?}");
    }
    // Nor is what a write is answered with that is about somebody else.
    let others = Canned::default().on(patch, 200, &record(6, "Ana R.", "").replace("349", "350"));
    let others = others.on(one, 200, &record(5, "Ana", ""));
    let outcomes = perform(&others, [rename("Ana R.")]).await;
    assert!(matches!(outcomes[..], [Outcome::Unknown(_)]), "{outcomes:?}");
    // A redirect may be what became of any answer.
    let moved = Canned::default().on(patch, 302, "").on(one, 200, &named);
    assert_eq!(perform(&moved, [rename("Ana R.")]).await, [Outcome::Applied]);

    // A group that the list lacks and the count has is not gone, and computers that are left out are not none.
    let short = Canned::default().on(LIST, 200, "[]").on(SUMMARY, 200, r#"{"totalCount":1}"#);
    let delete = Act::DeleteGroup { group: GroupId(7), name: GroupName::observed("Old") };
    let outcomes = perform(&short, [delete]).await;
    assert!(matches!(&outcomes[..], [Outcome::Failed(why)] if why.starts_with("not sent")), "{outcomes:?}");
    let members = "GET /admin/v1/groups/7/members";
    let lost = empty(Canned::default(), 7).on(members, 200, r#"{"groupId":7,"clients":[]}"#);
    let lost = lost.on("DELETE /admin/v1/groups/7/devices", 500, "");
    let leave = Act::RemoveComputer { group: GroupId(7), computer: ComputerId(9) };
    let outcomes = perform(&lost, [leave]).await;
    assert!(matches!(outcomes[..], [Outcome::Unknown(_)]), "{outcomes:?}");

    // A search that gives fewer than it counts finds nobody for sure.
    let new = NewUser {
        display_name: None,
        identifiers: vec![Identifier::Upn(Upn::observed("ana@corp.example"))],
        tracking: None,
    };
    let create = "POST /identity/v1/entities";
    let less = Canned::default().on(create, 500, "").on(SEARCH, 200, r#"{"results":[],"totalCount":1}"#);
    let outcomes = perform(&less, [Act::CreateUser(new)]).await;
    assert!(matches!(outcomes[..], [Outcome::Unknown(_)]), "{outcomes:?}");
    assert_eq!(less.writes().len(), 1);
}

#[tokio::test]
async fn the_snapshot_goes_out_once_as_a_file_part_with_the_key_in_its_own_header() {
    let path = "POST /hrdc/v2/bulk";
    let csv = "user_lookup_id,group\r\nana@corp.example,\"R, D\"\r\n";
    let upload = || {
        Act::Upload(Arc::new(Snapshot {
            csv: Arc::from(csv.as_bytes()),
            sha256: [0; 32],
            before: Vec::new(),
            after: Vec::new(),
        }))
    };
    let canned = Canned::default().on(path, 200, r#"{"messages":["2 lines read"],"success":true}"#);
    assert_eq!(perform(&canned, [upload()]).await, [Outcome::Pending]);
    let heard = &canned.heard()[0];
    assert_eq!(heard.headers["x-api-key"], "api-key");
    assert!(heard.headers.get("authorization").is_none());
    assert!(heard.headers["content-type"].to_str().unwrap().starts_with("multipart/form-data; boundary="));
    assert!(heard.body.contains(r#"name="File"; filename="snapshot.csv""#), "{}", heard.body);
    assert!(heard.body.contains(csv), "{}", heard.body);

    let refused = Canned::default().on(path, 400, r#"{"messages":["no rows"],"success":false}"#);
    let outcomes = perform(&refused, [upload()]).await;
    assert_eq!(outcomes, [Outcome::Failed("no rows (400 Bad Request)".into())]);
    // A gateway that wants somebody to sign in answers a page with 200.
    for (status, page) in
        [(502, "<html>bad gateway</html>"), (200, "\n<!DOCTYPE html><title>Sign in</title>")]
    {
        let lost = Canned::default().on(path, status, page);
        assert!(matches!(perform(&lost, [upload()]).await[..], [Outcome::Unknown(_)]));
        assert_eq!(lost.heard().len(), 1, "an upload is never sent twice");
    }
    // What a success says is not documented.
    let silent = Canned::default().on(path, 200, "");
    assert_eq!(perform(&silent, [upload()]).await, [Outcome::Pending]);
}

const BULK: &str = "POST /identity/v1/entities/bulk";
const ONE: &str = "GET /identity/v1/entities/349";
const DONE: &str = r#"{"successful":[{"entityId":349}],"failures":[]}"#;

/// The record 349 with a login and, unless they are deleted, agents that report since these days.
fn leaver(revision: u64, agents: &[(u64, &str)], deleted: &[u64]) -> String {
    let agent = |(id, first): &(u64, &str)| {
        format!(
            r#"{{"userId":{id},"userName":"ana","logonDomain":"CORP","deleted":false,"firstLog":"{first}T08:00:00Z"}}"#
        )
    };
    let gone = |id: &u64| {
        format!(
            r#"{{"userId":{id},"userName":"ana","logonDomain":"CORP","deleted":true,"deleteDate":"2026-05-04T09:00:00Z"}}"#
        )
    };
    let (agents, deleted): (Vec<String>, Vec<String>) =
        (agents.iter().map(agent).collect(), deleted.iter().map(gone).collect());
    format!(
        r#"{{"id":349,"revision":{revision},"employeeIds":[{{"value":"E349"}}],
            "deviceLogons":[{{"user":"ana","logonDomain":"CORP"}}],"tracked":true,
            "agents":[{}],"deletedAgents":[{}]}}"#,
        agents.join(","),
        deleted.join(",")
    )
}

/// What the plan saw: one agent, data since May 2024.
fn seen() -> Portrait {
    let mut record = user(349, 5);
    record.device_logins = vec![Login::observed(Some("CORP"), "ana")];
    let first_log = "2024-05-01T08:00:00Z".parse().ok();
    let login = Login::observed(Some("CORP"), "ana");
    record.agents = vec![rollcall::model::Agent {
        id: AgentId(7),
        login,
        alias: None,
        first_log,
        last_log: first_log,
        merge_pending: false,
    }];
    // The records of the transcripts have no name.
    Portrait::new(&record, None, record.identifiers().collect())
}

fn remove() -> Act {
    Act::RemoveUser { user: UserId(349), seen: seen(), afterwards: Afterwards::StayBlocked }
}

fn erase() -> Act {
    Act::EraseHistory { user: UserId(349), seen: seen(), decided: jiff::civil::date(2026, 5, 2) }
}

fn rules(rows: &[(&str, bool)]) -> String {
    let row = |(at, (user, any)): (usize, &(&str, bool))| {
        let domain = if *any { "null" } else { r#""CORP""# };
        format!(
            r#"{{"dntRule":{{"id":{at},"username":"{user}","logonDomain":{domain},"anyDomain":{any}}},"source":"global"}}"#
        )
    };
    let rows: Vec<String> = rows.iter().enumerate().map(row).collect();
    format!(r#"{{"results":[{}],"totalCount":{}}}"#, rows.join(","), rows.len())
}

/// The actions and the revision of every bulk write.
fn bulk_writes(canned: &Canned) -> Vec<(String, u64)> {
    let of = |(_, body): (String, serde_json::Value)| {
        (body["actions"].to_string(), body["data"][0]["revision"].as_u64().unwrap_or_default())
    };
    sent(canned).into_iter().map(of).collect()
}

const BOTH: &str = r#"["DeleteData","DeleteEntity"]"#;

#[tokio::test]
async fn a_user_is_removed_at_the_revision_read_right_before_and_must_stay_blocked() {
    let there = leaver(9, &[(7, "2024-05-01")], &[]);
    let canned = || {
        let canned = Canned::default().on(ONE, 200, &there).on(ONE, 404, GONE).on(BULK, 200, DONE);
        canned.on(SEARCH, 200, NOBODY)
    };
    let blocked = canned().on(RULES, 200, &rules(&[("ana", false)]));
    assert_eq!(perform(&blocked, [remove()]).await, [Outcome::Applied]);
    assert_eq!(bulk_writes(&blocked), [(BOTH.to_owned(), 9)]);

    let open = canned().on(RULES, 200, &rules(&[("bob", true)]));
    let mismatch = Outcome::Mismatched {
        asked: "record removed, every identifier blocked".into(),
        answered: "record removed, not blocked: CORP\\ana".into(),
    };
    assert_eq!(perform(&open, [remove()]).await, [mismatch]);

    let unread = canned().on(RULES, 500, "");
    assert!(
        matches!(&perform(&unread, [remove()]).await[..], [Outcome::Unknown(why)] if why.starts_with("removed, but"))
    );
}

#[tokio::test]
async fn a_block_that_is_to_be_lifted_has_to_show_first() {
    let there = leaver(9, &[(7, "2024-05-01")], &[]);
    let canned = || {
        let canned = Canned::default().on(ONE, 200, &there).on(ONE, 404, GONE).on(BULK, 200, DONE);
        canned.on(SEARCH, 200, NOBODY)
    };
    let (others, all) = (rules(&[("bob", true)]), rules(&[("bob", true), ("ana", false)]));
    let remove = || Act::RemoveUser { user: UserId(349), seen: seen(), afterwards: Afterwards::Unblock };
    let lift = || Act::Unblock(vec![Login::observed(Some("CORP"), "ana")]);

    // A list that is behind shows no rule of hers: it is read until it does, and then the rule is there to be lifted.
    let late = canned().on(RULES, 200, &others).on(RULES, 200, &all).on(RULES, 200, &all);
    let late = late.on(RULES, 200, &others).on("DELETE /identity/v1/dnt", 200, "{}");
    let patience = Duration::from_millis(500);
    let both = perform_within(patience, &late, [remove(), lift()]).await;
    assert_eq!(both, [Outcome::Applied, Outcome::Applied]);
    assert_eq!(sent(&late).last().unwrap().1, serde_json::json!({ "ids": [1] }));

    // Where none comes, the removal holds, and there is nothing to lift.
    let never = canned().on(RULES, 200, &others);
    let both = perform_within(patience, &never, [remove(), lift()]).await;
    assert_eq!(both, [Outcome::Applied, Outcome::AlreadyTrue]);
}

#[tokio::test]
async fn a_user_that_is_not_the_reviewed_one_is_not_removed() {
    let another = leaver(9, &[(7, "2024-05-01"), (8, "2025-01-01")], &[]);
    let canned = Canned::default().on(ONE, 200, &another);
    let drift = "changed since the plan: the agent CORP\\ana came to it";
    assert_eq!(perform(&canned, [remove()]).await, [Outcome::Failed(drift.into())]);
    let older = Canned::default().on(ONE, 200, &leaver(9, &[(7, "2023-01-01")], &[]));
    let drift = "changed since the plan: its agent CORP\\ana has data since 2023-01-01";
    assert_eq!(perform(&older, [erase()]).await, [Outcome::Failed(drift.into())]);
    let unread = Canned::default().on(ONE, 500, "");
    assert!(
        matches!(&perform(&unread, [remove()]).await[..], [Outcome::Failed(why)] if why.starts_with("not sent"))
    );
    let gone = Canned::default().on(ONE, 404, GONE).on(SEARCH, 200, NOBODY);
    assert_eq!(perform(&gone, [remove()]).await, [Outcome::AlreadyTrue], "somebody else did it");
    // Gone by its number, and a search finds it: nothing is sure.
    let found = format!(r#"{{"results":[{another}],"totalCount":1}}"#);
    let unsure = Canned::default().on(ONE, 404, GONE).on(SEARCH, 200, &found);
    let outcomes = perform(&unsure, [remove()]).await;
    assert!(matches!(&outcomes[..], [Outcome::Failed(why)] if why.starts_with("not sent")), "{outcomes:?}");
    for canned in [canned, older, unread, gone, unsure] {
        assert_eq!(canned.writes(), []);
    }
}

#[tokio::test]
async fn a_removal_that_was_refused_or_lost_is_looked_up_first() {
    let there = |revision| leaver(revision, &[(7, "2024-05-01")], &[]);
    let blocked = rules(&[("ana", true)]);
    let failure = r#"{"successful":[],"failures":[{"entityId":349,"message":"revision is stale"}]}"#;

    let stale = Canned::default().on(ONE, 200, &there(9)).on(ONE, 200, &there(10)).on(ONE, 404, GONE);
    let stale =
        stale.on(SEARCH, 200, NOBODY).on(BULK, 200, failure).on(BULK, 200, DONE).on(RULES, 200, &blocked);
    assert_eq!(perform(&stale, [remove()]).await, [Outcome::Applied]);
    assert_eq!(bulk_writes(&stale), [(BOTH.to_owned(), 9), (BOTH.to_owned(), 10)]);

    let refused = Canned::default().on(ONE, 200, &there(9)).on(BULK, 200, failure);
    assert_eq!(perform(&refused, [remove()]).await, [Outcome::Failed("revision is stale".into())]);
    assert_eq!(refused.writes().len(), 1);

    let lost = Canned::default().on(ONE, 200, &there(9)).on(ONE, 404, GONE).on(BULK, 500, "");
    let lost = lost.on(SEARCH, 200, NOBODY).on(RULES, 200, &blocked);
    assert_eq!(perform(&lost, [remove()]).await, [Outcome::Applied]);
    assert_eq!(lost.writes().len(), 1);

    let ignored = Canned::default().on(ONE, 200, &there(9)).on(BULK, 200, DONE);
    let mismatch = Outcome::Mismatched {
        asked: "no record".into(),
        answered: "the record, with data since 2024-05-01".into(),
    };
    assert_eq!(perform(&ignored, [remove()]).await, [mismatch]);
    assert_eq!(ignored.writes().len(), 1);

    let never = Canned::default().on(ONE, 200, &there(9)).on(BULK, 500, "");
    assert!(matches!(perform(&never, [remove()]).await[..], [Outcome::Unknown(_)]));
    assert_eq!(never.writes().len(), 3);
}

#[tokio::test]
async fn history_is_erased_once_and_what_is_left_of_it_is_said() {
    let there = leaver(9, &[(7, "2024-05-01")], &[]);
    let erased = leaver(10, &[], &[7]);
    let canned = Canned::default().on(ONE, 200, &there).on(ONE, 200, &erased).on(BULK, 200, DONE);
    assert_eq!(perform(&canned, [erase()]).await, [Outcome::Applied]);
    assert_eq!(bulk_writes(&canned), [(r#"["DeleteData"]"#.to_owned(), 9)]);

    let already = Canned::default().on(ONE, 200, &erased);
    assert_eq!(perform(&already, [erase()]).await, [Outcome::AlreadyTrue]);

    // Half of it went: whatever the answer was, it is not sent again.
    let half = leaver(10, &[(7, "2024-05-01")], &[6]);
    for (status, body) in [(200, DONE), (500, "")] {
        let canned = Canned::default().on(ONE, 200, &there).on(ONE, 200, &half).on(BULK, status, body);
        let outcomes = perform(&canned, [erase()]).await;
        assert!(matches!(outcomes[..], [Outcome::Mismatched { .. } | Outcome::Unknown(_)]), "{outcomes:?}");
        assert_eq!(canned.writes().len(), 1);
    }
    let before = Canned::default().on(ONE, 200, &half);
    let drift = "changed since the plan: an agent was deleted since";
    assert_eq!(perform(&before, [erase()]).await, [Outcome::Failed(drift.into())]);

    let untracked = erased.replace(r#""tracked":true"#, r#""tracked":false"#);
    let canned = Canned::default().on(ONE, 200, &there).on(ONE, 200, &untracked).on(BULK, 200, DONE);
    let besides = "the record is untracked".into();
    let overdone = Outcome::Overdone { asked: "history erased".into(), besides };
    assert_eq!(perform(&canned, [erase()]).await, [overdone]);
}

#[tokio::test]
async fn the_rules_that_a_lifted_block_names_are_removed_and_no_other() {
    let path = "DELETE /identity/v1/dnt";
    let logins = [(None, "ana@corp.example"), (Some("CORP"), "ana")];
    let unblock = || Act::Unblock(logins.map(|(domain, user)| Login::observed(domain, user)).to_vec());
    let all = rules(&[("ana", true), ("ana@corp.example", true), ("ana", false), ("bob", true)]);
    let others = rules(&[("ana", true)]);
    let bob = rules(&[("", true), ("", true), ("", true), ("bob", true)]);
    let bob = bob.rsplit_once(r#"{"dntRule""#).map(|(_, row)| format!(r#"{{"dntRule"{row}"#)).unwrap();
    let left = others.replace(r#"],"totalCount":1}"#, &format!(",{}", bob.replace(":4}", ":2}")));
    let canned = Canned::default().on(RULES, 200, &all).on(RULES, 200, &left).on(path, 200, "{}");
    assert_eq!(perform(&canned, [unblock()]).await, [Outcome::Applied]);
    assert_eq!(sent(&canned), [(path.to_owned(), serde_json::json!({ "ids": [1, 2] }))]);

    let lost = Canned::default().on(RULES, 200, &all).on(RULES, 200, &left).on(path, 500, "");
    assert_eq!(perform(&lost, [unblock()]).await, [Outcome::Applied]);
    let ignored = Canned::default().on(RULES, 200, &all).on(path, 200, "{}");
    assert!(matches!(perform(&ignored, [unblock()]).await[..], [Outcome::Mismatched { .. }]));
    let none = Canned::default().on(RULES, 200, &left);
    assert_eq!((perform(&none, [unblock()]).await, none.writes().len()), (vec![Outcome::AlreadyTrue], 0));
}
