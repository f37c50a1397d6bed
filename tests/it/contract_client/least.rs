//! What a reader lives without: members that no document declares, and those that live answers were seen without.

use rollcall::account::activtrak::Reader;
use rollcall::account::{Read, Scope, Unproved};
use rollcall::model::{GroupId, GroupSource, ListProof, Observed, UserId};

use super::canned::Canned;
use super::reads::{DNT, GROUPS, LIST, PEOPLE, RULES, SUMMARY, USERS, observe, unproved};

/// The deprecated list, whose `totalCount` is declared (`GroupWithMembersGroupPagedResponse`).
const MEMBERS: &str = "GET /admin/v1/groups/members?page=1&pageSize=1";
/// The summary, asked for one row more than the list has.
const ALL_SUMS: &str = "GET /admin/v1/groups/summary?page=1&pageSize=3";
/// The list as a live account answered it.
const NAMES: &str =
    r#"[{"groupid":9001,"groupname":"Finance"},{"groupid":9002,"groupname":"London office"}]"#;

fn account(list: &str, people: &str) -> Canned {
    Canned::default().on(USERS, 200, people).on(RULES, 200, DNT).on(LIST, 200, list)
}

async fn read(canned: Canned) -> Observed {
    observe(&canned, &Scope::default()).await.unwrap()
}

#[tokio::test]
async fn groups_are_counted_by_whatever_counts_them() {
    let uncounted = || account(GROUPS, PEOPLE).on(SUMMARY, 200, r#"{"groups":[{}]}"#);
    let by_members = uncounted().on(MEMBERS, 200, r#"{"groups":[{"groupId":9001}],"totalCount":2}"#);
    assert_eq!(read(by_members).await.groups_proof, ListProof::Counted);
    let by_rows = uncounted().on(ALL_SUMS, 200, r#"{"groups":[{},{}]}"#);
    assert_eq!(read(by_rows).await.groups_proof, ListProof::Counted);

    let more = Unproved::GroupCount { listed: 2, counted: 3 };
    assert_eq!(unproved(uncounted().on(MEMBERS, 200, r#"{"groups":[],"totalCount":3}"#)).await, more);
    assert_eq!(unproved(uncounted().on(ALL_SUMS, 200, r#"{"groups":[{},{},{}]}"#)).await, more);
}

#[tokio::test]
async fn what_nobody_counts_is_read_and_said_to_be_uncounted() {
    let with = |status, body| account(GROUPS, PEOPLE).on(SUMMARY, status, body);
    for (canned, why) in [
        (with(404, ""), "no summary"),
        (with(403, "{}"), "a key that may not"),
        (with(200, "[]"), "another shape"),
        (with(200, "{}").on(ALL_SUMS, 200, r#"{"groups":[{}]}"#), "a page that the account made shorter"),
    ] {
        assert_eq!(read(canned).await.groups_proof, ListProof::Uncounted, "{why}");
    }
    let canned = with(200, "<html>Sign in</html>");
    assert!(observe(&canned, &Scope::default()).await.is_err(), "a gateway's page is no summary");
}

#[tokio::test]
async fn what_a_list_does_not_say_of_sources_users_do() {
    let hr = r#""groups":[{"groupId":9002,"groupName":"London office","groupType":11,"groupTypeName":"HRDC"}],"tracked":false"#;
    let people = PEOPLE.replace(r#""groups":[],"tracked":false"#, hr);
    let canned = account(NAMES, &people).on(SUMMARY, 200, r#"{"totalCount":2}"#).on(
        "GET /identity/v1/entities?Page=1&PageSize=1000&Type=groupid&Term=9002",
        200,
        r#"{"results":[{"id":12}],"totalCount":1}"#,
    );
    let reader = Reader::new(&canned.serve().await).unwrap();
    let observed = reader.observe(&Scope::default()).await.unwrap();
    let sources: Vec<&GroupSource> = observed.groups.iter().map(|group| &group.source).collect();
    assert_eq!(sources, [&GroupSource::App, &GroupSource::Hr]);
    assert_eq!(reader.hr_slice().await.unwrap(), observed.hr_set(), "right before an upload as well");

    let unseen = account(NAMES, PEOPLE).on(SUMMARY, 200, r#"{"totalCount":2}"#);
    let unseen = read(unseen).await;
    assert_eq!(unseen.groups[1].source, GroupSource::Foreign("".into()), "nobody is in it: nothing tells");
}

#[tokio::test]
async fn a_user_may_show_the_number_of_a_groups_parent() {
    let counted = r#"{"totalCount":2}"#;
    let child = GROUPS.replace(r#""groupid":9001,"parentid":9001"#, r#""groupid":8001,"parentid":9001"#);
    let observed = read(account(&child, PEOPLE).on(SUMMARY, 200, counted)).await;
    let finance = observed.group_ix(GroupId(8001)).unwrap();
    assert_eq!(observed.members(finance).map(|ix| observed.user(ix).id).collect::<Vec<_>>(), [UserId(349)]);

    let twins = child.replace(r#""groupid":9002,"parentid":9002"#, r#""groupid":9002,"parentid":9001"#);
    let error = unproved(account(&twins, PEOPLE).on(SUMMARY, 200, counted)).await;
    assert_eq!(error, Unproved::UnknownGroup { user: 349, group: 9001 }, "of two, nothing tells which");
}

#[tokio::test]
async fn sources_and_moments_are_read_however_they_are_written() {
    let wanted = read(account(GROUPS, PEOPLE).on(SUMMARY, 200, r#"{"totalCount":2}"#)).await;
    let odd = PEOPLE
        .replace("00Z\"", "00\"")
        .replace(r#""source":"Admin""#, r#""source":{"integration":3,"instanceId":null}"#);
    assert_ne!(odd, PEOPLE);
    let observed = read(account(GROUPS, &odd).on(SUMMARY, 200, r#"{"totalCount":2}"#)).await;
    assert_eq!(observed, wanted);
}
