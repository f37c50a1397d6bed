//! What a reader asks and how it understands the answers.

use rollcall::account::activtrak::Reader;
use rollcall::account::{Computers, Family, Read, ReadError, Scope, Unproved};
use rollcall::http::Secret;
use rollcall::model::{
    ComputerId, Domain, ExclusionId, GroupId, GroupName, GroupSource, Integration, Observed, Revision,
    Status, Tracking, UserId, UserRef, Writer,
};

use super::canned::Canned;

pub(super) const USERS: &str = "GET /identity/v1/entities?Page=1&PageSize=1000&IncludeGroupData=true";
pub(super) const RULES: &str = "GET /identity/v1/dnt?filter=global&page=1&pageSize=1000";
pub(super) const LIST: &str = "GET /admin/v1/groups/list";
pub(super) const SUMMARY: &str = "GET /admin/v1/groups/summary?page=1&pageSize=1";
const EXPORT: &str = "GET /admin/v1/groups/members/bulk";

/// `IdentityDetailsResponse`, section 2.4 of the reference, with one more user who has next to nothing.
pub(super) const PEOPLE: &str = r#"{"results":[
 {"id":349,"revision":5,"created":"2026-01-05T10:00:00Z","updated":"2026-02-01T09:00:00Z",
  "displayId":{"value":"ana@corp.example","id":null,"source":"AzureADintegration"},
  "displayName":{"value":"Ana Ruiz","id":null,"source":"Admin"},
  "firstName":{"value":"Ana","source":"Admin"},"middleName":null,"lastName":{"value":"Ruiz","source":"Admin"},
  "upns":[{"value":"ana@corp.example","source":"AzureADintegration"}],
  "emails":[{"value":"ana.ruiz@corp.example","source":"AdminAPI"},{"value":"aruiz@CORP","source":"ActivTrak"}],
  "employeeId":{"value":"E1001","source":"AdminAPI"},
  "employeeIds":[{"value":"E1001","source":"AdminAPI"},{"value":"0012","source":4}],
  "deviceLogons":[{"user":"aruiz","logonDomain":"CORP","source":"ActivTrak"},{"user":"ana","logonDomain":null}],
  "agents":[{"userId":142,"userName":"aruiz","logonDomain":"CORP","alias":"Ana Ruiz","tracked":true,"deleted":false,
             "deleteDate":null,"licenseStatus":"approved","firstLog":"2025-01-01T00:00:00Z","lastLog":null,"mergePending":false}],
  "deletedAgents":[],
  "groups":[{"groupId":9001,"groupName":"Finance","groupType":1,"groupTypeName":"ActivTrak"}],
  "primaryGroupId":9001,"primaryGroupName":"Finance","timezone":null,"tracked":true,"status":"active"},
 {"id":12,"revision":1,"created":"2026-01-05T10:00:00Z","displayName":null,"upns":null,"emails":[],"employeeIds":[],
  "deviceLogons":[{"user":"guest","logonDomain":"WORKGROUP"}],"agents":null,"groups":[],"tracked":false,"status":"unlicensed"}
],"cursor":null,"totalCount":2}"#;

/// `GET /identity/v1/dnt`, section 2.7.
pub(super) const DNT: &str = r#"{"results":[
 {"dntRule":{"id":231,"username":"abell","logonDomain":"bgrove.com","anyDomain":false},"source":"global"},
 {"dntRule":{"id":7,"username":"IT_admin","logonDomain":null,"anyDomain":true},"source":"global"}],"totalCount":2}"#;

/// `GET /admin/v1/groups/list`, section 2.8.
pub(super) const GROUPS: &str = r#"[
 {"groupid":9001,"parentid":9001,"groupname":"Finance","type":1,"typename":"ActivTrak","instanceid":null},
 {"groupid":9002,"parentid":9002,"groupname":"London office","type":11,"typename":"HRDC","instanceid":null}]"#;

fn account() -> Canned {
    Canned::default().on(USERS, 200, PEOPLE).on(RULES, 200, DNT).on(LIST, 200, GROUPS).on(
        SUMMARY,
        200,
        r#"{"groups":[{}],"totalCount":2}"#,
    )
}

pub(super) async fn observe(canned: &Canned, scope: &Scope) -> Result<Observed, ReadError> {
    Reader::new(&canned.serve().await).unwrap().observe(scope).await
}

pub(super) async fn unproved(canned: Canned) -> Unproved {
    match observe(&canned, &Scope::default()).await {
        Err(ReadError::Unproved(unproved)) => unproved,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_account_is_read_into_the_model() {
    let canned = account();
    let observed = observe(&canned, &Scope::default()).await.unwrap();

    let [guest, ana] = &observed.users[..] else { panic!("{observed:?}") };
    assert_eq!((ana.id, ana.revision), (UserId(349), Revision(5)));
    assert_eq!(ana.created.unwrap().to_string(), "2026-01-05T10:00:00Z");
    assert_eq!(ana.display_name.as_ref().unwrap().as_written(), "Ana Ruiz");
    let identifiers: Vec<String> = ana.identifiers().map(|identifier| identifier.to_string()).collect();
    let wanted =
        ["ana@corp.example", "ana.ruiz@corp.example", "aruiz@CORP", "E1001", "0012", "CORP\\aruiz", "*\\ana"];
    assert_eq!(identifiers, wanted);
    let foreign = |identifier| ana.written_by(&identifier).map(Integration::name);
    let by: Vec<Option<&str>> = ana.identifiers().map(foreign).collect();
    assert_eq!(by, [Some("AzureADintegration"), None, None, None, None, None, None]);
    assert_eq!(ana.name_written_by(), None);
    assert_eq!((ana.status, guest.status), (Some(Status::Active), Some(Status::Unlicensed)));
    let writers: Vec<Writer> = ana.emails.iter().map(|email| email.writer).collect();
    assert_eq!(writers, [Writer::Other, Writer::Account]);
    assert!(ana.is_placeholder(&ana.emails[1].email));
    assert_eq!(ana.agents[0].alias.as_deref(), Some("Ana Ruiz"));
    assert_eq!(ana.tracking, Tracking::Tracked);
    assert_eq!(ana.primary_group, Some(GroupId(9001)));
    assert_eq!((guest.id, guest.tracking), (UserId(12), Tracking::Untracked));
    assert_eq!(guest.display_name, None);

    let sources: Vec<&GroupSource> = observed.groups.iter().map(|group| &group.source).collect();
    assert_eq!(sources, [&GroupSource::App, &GroupSource::Hr]);
    let finance = observed.group_ix(GroupId(9001)).unwrap();
    assert_eq!(observed.members(finance).map(|ix| observed.user(ix).id).collect::<Vec<_>>(), [UserId(349)]);
    assert_eq!(observed.exclusions[0].id, ExclusionId(7));
    assert_eq!(observed.exclusions[0].login.domain, Domain::Any);
    assert_eq!(observed.exclusions[1].login.to_string(), "bgrove.com\\abell");
    assert_eq!(observed.groups[0].computers, None);

    assert_eq!(canned.writes(), []);
    for heard in canned.heard() {
        assert_eq!(heard.headers["authorization"], "Bearer api-key", "{}", heard.line);
        assert!(heard.headers.get("x-api-key").is_none(), "one header per request: {}", heard.line);
    }
}

#[tokio::test]
async fn a_key_that_bearer_does_not_carry_goes_in_its_own_header() {
    let denied = r#"{"messages":["unauthorized"],"success":false}"#;
    let canned = Canned::default().on(LIST, 401, denied).on(SUMMARY, 401, denied).on(LIST, 200, "[]").on(
        SUMMARY,
        200,
        r#"{"groups":[],"totalCount":0}"#,
    );
    let reader = Reader::new(&canned.serve().await).unwrap();
    assert_eq!(reader.hr_slice().await.unwrap(), []);
    let before = canned.heard().len();
    assert_eq!(reader.hr_slice().await.unwrap(), []);
    for heard in &canned.heard()[before..] {
        assert_eq!(heard.headers["x-api-key"], "api-key", "it is remembered which header works");
        assert!(heard.headers.get("authorization").is_none());
    }
}

#[tokio::test]
async fn a_refused_key_is_named_with_its_api_family_and_a_way_out() {
    let canned = Canned::default()
        .on(USERS, 403, r#"{"message":"forbidden","statusCode":403}"#)
        .on(RULES, 200, DNT)
        .on(LIST, 200, GROUPS)
        .on(SUMMARY, 200, r#"{"groups":[],"totalCount":2}"#);
    let error = observe(&canned, &Scope::default()).await.unwrap_err();
    assert!(matches!(error, ReadError::Denied { family: Family::Identity, .. }), "{error}");
    assert_eq!(error.to_string(), "the Identity API refused ACTIVTRAK_API_KEY (403 Forbidden)");
    assert!(error.hint().unwrap().starts_with("key or region"));
}

#[tokio::test]
async fn the_token_is_for_identity_and_the_key_for_the_rest() {
    let canned = account();
    let mut connection = canned.serve().await;
    connection.credentials.token = Some(Secret::parse("session-token").unwrap());
    Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap();
    for heard in canned.heard() {
        let identity = heard.line.contains("/identity/");
        let wanted = if identity { "Bearer session-token" } else { "Bearer api-key" };
        assert_eq!(heard.headers["authorization"], wanted, "{}", heard.line);
    }
    connection.credentials.api_key = None;
    let error = Reader::new(&connection).unwrap().hr_slice().await.unwrap_err();
    assert!(matches!(error, ReadError::NoKey(Family::Admin)), "{error}");
}

#[tokio::test]
async fn pages_are_as_long_as_the_account_makes_them() {
    let person = |id: u64| {
        format!(
            r#"{{"id":{id},"revision":1,"tracked":true,"groups":[],"emails":[{{"value":"p{id}@corp.example"}}]}}"#
        )
    };
    let page = |ids: &[u64]| {
        let people: Vec<String> = ids.iter().map(|id| person(*id)).collect();
        format!(r#"{{"results":[{}],"totalCount":5}}"#, people.join(","))
    };
    let canned = Canned::default()
        .on(USERS, 200, &page(&[1, 2]))
        .on("GET /identity/v1/entities?Page=2&PageSize=2&IncludeGroupData=true", 200, &page(&[4, 3]))
        .on("GET /identity/v1/entities?Page=3&PageSize=2&IncludeGroupData=true", 200, &page(&[5]))
        .on(RULES, 200, r#"{"results":[],"totalCount":0}"#)
        .on(LIST, 200, "[]")
        .on(SUMMARY, 200, r#"{"groups":[],"totalCount":0}"#);
    let observed = observe(&canned, &Scope::default()).await.unwrap();
    assert_eq!(observed.users.iter().map(|user| user.id.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_reading_that_changes_between_pages_is_made_again_and_then_given_up() {
    let short = PEOPLE.replace(r#""totalCount":2"#, r#""totalCount":3"#);
    let second = "GET /identity/v1/entities?Page=2&PageSize=2&IncludeGroupData=true";
    let stuck = account_with(USERS, &short).on(second, 200, r#"{"results":[],"totalCount":3}"#);
    let error = unproved(stuck.clone()).await;
    assert!(matches!(error, Unproved::PageLength { page: 2, rows: 0, wanted: 1, .. }), "{error}");
    assert_eq!(stuck.heard().iter().filter(|heard| heard.line == second).count(), 3);

    let passing = Canned::default()
        .on(USERS, 200, &short)
        .on(second, 200, r#"{"results":[],"totalCount":2}"#)
        .on(USERS, 200, PEOPLE)
        .on(RULES, 200, DNT)
        .on(LIST, 200, GROUPS)
        .on(SUMMARY, 200, r#"{"groups":[],"totalCount":2}"#);
    assert_eq!(observe(&passing, &Scope::default()).await.unwrap().users.len(), 2);
}

#[tokio::test]
async fn a_total_that_no_account_can_have_is_given_up_at_the_first_page() {
    let vast = account_with(USERS, &PEOPLE.replace(r#""totalCount":2"#, r#""totalCount":3000000"#));
    let error = unproved(vast.clone()).await;
    assert_eq!(
        error.to_string(),
        "users: the account counts 3000000 and gives 2 a page; more than 100000 pages are not read"
    );
    assert_eq!(vast.heard().iter().filter(|heard| heard.line.contains("/entities")).count(), 1);
}

/// The account with another answer to one request.
fn account_with(line: &str, body: &str) -> Canned {
    [(USERS, PEOPLE), (RULES, DNT), (LIST, GROUPS), (SUMMARY, r#"{"groups":[],"totalCount":2}"#)]
        .into_iter()
        .fold(Canned::default(), |canned, (known, usual)| {
            canned.on(known, 200, if known == line { body } else { usual })
        })
}

#[tokio::test]
async fn a_row_listed_twice_is_an_error() {
    let error = unproved(account_with(USERS, &PEOPLE.replace(r#""id":12,"#, r#""id":349,"#))).await;
    assert_eq!(error.to_string(), "users: number 349 is listed twice, so another one is missing");
    let error = unproved(account_with(RULES, &DNT.replace(r#""id":7,"#, r#""id":231,"#))).await;
    assert_eq!(error.to_string(), "exclusions: number 231 is listed twice, so another one is missing");
    let error = unproved(account_with(LIST, &GROUPS.replace("9002", "9001"))).await;
    assert_eq!(error.to_string(), "groups: number 9001 is listed twice, so another one is missing");
}

#[tokio::test]
async fn groups_that_do_not_agree_with_the_list_are_errors() {
    let other_name = GROUPS.replace("Finance", "Finance EU");
    let error = unproved(account_with(LIST, &other_name)).await;
    assert!(matches!(error, Unproved::GroupDiffers { group: 9001, user: 349, .. }), "{error}");
    let error = unproved(account_with(LIST, &GROUPS.replace("9001", "9009"))).await;
    assert_eq!(error, Unproved::UnknownGroup { user: 349, group: 9001 });
    let error = unproved(account_with(SUMMARY, r#"{"groups":[],"totalCount":3}"#)).await;
    assert_eq!(error, Unproved::GroupCount { listed: 2, counted: 3 });
}

#[tokio::test]
async fn memberships_that_were_left_out_are_an_error_and_not_empty_groups() {
    let groups =
        r#""groups":[{"groupId":9001,"groupName":"Finance","groupType":1,"groupTypeName":"ActivTrak"}],"#;
    for without in ["", r#""groups":null,"#, r#""groups":[],"#] {
        let canned = account_with(USERS, &PEOPLE.replace(groups, without))
            .on(&count_of(9001), 200, r#"{"results":[{"id":349}],"totalCount":1}"#)
            .on(&count_of(9002), 200, r#"{"results":[],"totalCount":0}"#);
        let error = unproved(canned).await;
        assert_eq!(error, Unproved::MembershipsLeftOut { group: 9001, counted: 1, read: 0 }, "{without}");
    }
    let nobody = account_with(USERS, &PEOPLE.replace(groups, r#""groups":null,"#))
        .on(&count_of(9001), 200, r#"{"results":[],"totalCount":0}"#)
        .on(&count_of(9002), 200, r#"{"results":[],"totalCount":0}"#);
    assert_eq!(observe(&nobody, &Scope::default()).await.unwrap().memberships, []);
}

fn count_of(group: u64) -> String {
    format!("GET /identity/v1/entities?Page=1&PageSize=1&Type=groupid&Term={group}")
}

#[tokio::test]
async fn the_members_of_a_group_are_proved_by_an_independent_count() {
    let canned = account().on(&count_of(9001), 200, r#"{"results":[{"id":349}],"totalCount":1}"#).on(
        &count_of(9002),
        200,
        r#"{"results":[{"id":12}],"totalCount":1}"#,
    );
    let reader = Reader::new(&canned.serve().await).unwrap();
    let observed = reader.observe(&Scope::default()).await.unwrap();
    reader.prove(&observed, &[GroupId(9001)]).await.unwrap();
    let error = reader.prove(&observed, &[GroupId(9001), GroupId(9002)]).await.unwrap_err();
    assert!(
        error.to_string().ends_with("members of group 9002: 0 read, and the account counts 1"),
        "{error}"
    );
}

#[tokio::test]
async fn the_hr_slice_is_read_group_by_group() {
    let members = "GET /identity/v1/entities?Page=1&PageSize=1000&Type=groupid&Term=9002";
    let canned = account().on(members, 200, r#"{"results":[{"id":349},{"id":12}],"totalCount":2}"#);
    let slice = Reader::new(&canned.serve().await).unwrap().hr_slice().await.unwrap();
    assert_eq!(slice.len(), 1);
    assert_eq!(slice[0].name.as_written(), "London office");
    assert_eq!(slice[0].members, [UserRef::Known(UserId(12)), UserRef::Known(UserId(349))]);
}

#[tokio::test]
async fn computers_are_read_for_the_groups_in_scope_only() {
    let canned = account()
        .on(
            "GET /admin/v1/groups/9001/members",
            200,
            r#"{"groupId":9001,"clients":[{"memberId":142,"memberName":"aruiz"}],"devices":[{"memberId":7,"memberName":"PC-0007"}]}"#,
        )
        .on("GET /admin/v1/devices", 200, r#"[{"id":8,"name":"PC-0008","domain":"CORP"},{"id":7,"name":"PC-0007"}]"#);
    let scope = Scope { computers: Computers::Of(vec![GroupName::observed("FINANCE")]), ..Scope::default() };
    let observed = observe(&canned, &scope).await.unwrap();
    assert_eq!(observed.groups[0].computers, Some(vec![ComputerId(7)]));
    assert_eq!(observed.groups[1].computers, None);
    let logins: Vec<String> = observed.computers.iter().map(|computer| computer.login.to_string()).collect();
    assert_eq!(logins, ["*\\PC-0007", "CORP\\PC-0008"]);
}

#[tokio::test]
async fn a_key_of_another_account_is_an_error() {
    let of = |account| Scope { account: Some(account), ..Scope::default() };
    let canned = account().file(EXPORT, "attachment; filename=groups_123456.csv");
    observe(&canned, &of(123_456)).await.unwrap();
    let error = observe(&canned, &of(654_321)).await.unwrap_err();
    assert_eq!(error.to_string(), "the key opens account 123456, the manifests describe account 654321");
    let silent = account().on(EXPORT, 200, "");
    assert!(matches!(observe(&silent, &of(1)).await, Err(ReadError::NoAccountNumber)));
}

#[tokio::test]
async fn a_login_page_is_an_error_and_not_an_empty_account() {
    let canned = account_with(USERS, "<html>Sign in</html>");
    let error = observe(&canned, &Scope::default()).await.unwrap_err();
    assert!(error.to_string().contains("is not the expected JSON"), "{error}");
}
