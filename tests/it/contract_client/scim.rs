//! How users are read by SCIM: sections on SCIM of the reference, with the headers that the portal asks for.

use rollcall::account::activtrak::Reader;
use rollcall::account::{Read, Scope};
use rollcall::http::Secret;
use rollcall::model::{Family, GroupSource, Topic, Tracking, UserId};

use super::canned::Canned;

const USERS: &str = "GET /scim/v1/users?count=100&startIndex=1";
const GROUPS: &str = "GET /scim/v1/groups?count=100&startIndex=1";

const PEOPLE: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"itemsPerPage":100,
 "startIndex":1,"resources":[{"id":"349","userName":"ana@corp.example","displayName":"Ana Ruiz",
 "emails":[{"primary":true,"value":"ana.ruiz@corp.example"}],"active":true,
 "groups":[{"value":"9001","display":"Finance","type":"direct"}],
 "meta":{"resourceType":"User","created":"2026-01-05T10:00:00Z"},
 "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"E1001"},
 "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User":{"tracking":"false","userPrincipalNames":["ana@corp.example"]}}]}"#;

const FINANCE: &str = r#"{"totalResults":1,"itemsPerPage":100,"startIndex":1,"Resources":[{"id":"9001","displayName":"Finance",
 "members":[{"value":"349","display":"Ana Ruiz","type":"User"}],
 "urn:ietf:params:scim:schemas:extension:activtrak:2.0:Group":{"sourceType":1,"instanceId":"00000000-0000-0000-0000-000000000000"}}]}"#;

#[tokio::test]
async fn an_account_that_opens_scim_alone_is_read_by_it() {
    let closed = r#"{"message":"forbidden","statusCode":403}"#;
    let canned = Canned::default()
        .on("GET /identity/v1/entities?PageSize=1", 403, closed)
        .on("GET /admin/v1/accounts/ping", 403, r#"{"messages":["forbidden"],"success":false}"#)
        .on("GET /scim/v1/ping", 401, "")
        .on("GET /scim/v1/ping", 200, "Pong")
        .on(USERS, 200, PEOPLE)
        .on(GROUPS, 200, FINANCE);
    let mut connection = canned.serve().await;
    connection.credentials.scim_key = Some(Secret::parse("scim-key").unwrap());
    let observed = Reader::new(&connection).unwrap().observe(&Scope::default()).await.unwrap();

    let [ana] = &observed.users[..] else { panic!("{observed:?}") };
    assert_eq!((ana.id, ana.tracking), (UserId(349), Tracking::Untracked));
    let identifiers: Vec<String> = ana.identifiers().map(|identifier| identifier.to_string()).collect();
    assert_eq!(identifiers, ["ana@corp.example", "ana.ruiz@corp.example", "E1001"]);
    assert_eq!((&observed.groups[0].source, observed.memberships.len()), (&GroupSource::App, 1));
    assert_eq!(observed.reach.users(), Family::Scim);
    assert_eq!(observed.reach.unwritten(Topic::Groups), Some(Family::Admin));

    let heard = canned.heard();
    let scim: Vec<_> = heard.iter().filter(|heard| heard.line.starts_with("GET /scim/")).collect();
    assert_eq!(scim[0].headers["x-api-key"], "scim-key");
    for after in &scim[1..] {
        assert_eq!(after.headers["authorization"], "Bearer scim-key", "{}", after.line);
        assert!(after.headers.get("x-api-key").is_none(), "one header per request: {}", after.line);
    }
    for list in scim.iter().filter(|heard| heard.line.contains("count=")) {
        assert_eq!(list.headers["content-type"], "application/json", "{}", list.line);
    }
    for other in heard.iter().filter(|heard| !heard.line.starts_with("GET /scim/")) {
        let headers = format!("{:?}", other.headers);
        assert!(!headers.contains("scim-key"), "the key of SCIM went to {}", other.line);
    }
}
