//! What may come from outside, as bytes: manifests, exports of HR systems, downloads of groups, answers of the account. Whatever
//! they are, nothing panics and nothing takes long. The fuzz targets call these, and so does `tests/it/fuzz.rs` with the corpus.

use std::fs;
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::date;
use rollcall::account::activtrak::{Connection, Credentials, Reader, Writer, read_download};
use rollcall::account::{Computers, Read, Scope, Write, pack};
use rollcall::diag::Sources;
use rollcall::http::{Endpoint, Limiter, Limits, Pace, Secret};
use rollcall::manifest::{self, Exports};
use rollcall::model::{
    Act, ChangeId, DisplayName, Edit, ExclusionId, GroupId, GroupName, GroupRef, Identifier, Keeper, Login,
    NewUser, Observed, Step, StepId, Tracking, Upn, UserId, UserRef,
};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// A file of a folder of manifests.
pub fn manifest(bytes: &[u8]) {
    load(&[("rollcall.yaml", bytes)]);
}

/// A manifest for the scanner of plain YAML: what it takes it reads as the parser does.
pub fn scan(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut sources = Sources::default();
    if let Ok(source) = sources.add("rollcall.yaml", text) {
        assert!(manifest::yaml::scans_as_it_parses(source), "the scanner reads it in another way");
    }
}

/// An export of an HR system, by a mapping and in HRDC's own format.
pub fn export(bytes: &[u8]) {
    load(&[("rollcall.yaml", SOURCES.as_bytes()), ("people.csv", bytes), ("hrdc.csv", bytes)]);
}

/// The app's download of groups.
pub fn download(bytes: &[u8]) {
    drop(read_download(bytes, "HRDC"));
}

/// An answer of the account: the first byte says to which request, the second with which status, the rest is the body. All other
/// requests are answered well.
pub fn answer(bytes: &[u8]) {
    let [which, status, body @ ..] = bytes else { return };
    let target = usize::from(*which) % ANSWERS.len();
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let (users, body, account) = (by(target), body.to_vec(), &*ACCOUNT);
    RUNTIME.block_on(async {
        let connection = serve(Some((target, status, body)), users).await;
        let scope = Scope { computers: Computers::Of(vec![GroupName::observed("Team")]), ..Scope::default() };
        let Ok(reader) = Reader::new(&connection) else { return };
        let observed = reader.observe(&scope).await.ok();
        drop(reader.hr_slice().await);
        drop(reader.prove(observed.as_ref().unwrap_or(account), &[GroupId(11), GroupId(13)]).await);
        let Ok(writer) = Writer::new(&connection, Arc::new(account.clone())) else { return };
        // A write that does not show is looked for once more, and not for half a minute.
        writer.hurry();
        for packet in pack(steps(), account.reach.users()) {
            drop(writer.perform(&packet).await);
        }
    });
}

/// Two sources: one mapped, one of HRDC's own columns.
const SOURCES: &str = "account: { name: acme, platform: activtrak, region: us }
hr:
  sources:
    - name: mapped
      csv: people.csv
      user: Work Email
      fields: { displayName: Name, employeeId: Worker ID, email: Work Email }
      attributes: { department: Department }
      groups: [{ column: Location, name: 'Office {}', split: ';' }]
      where: { Status: [Active, Leave] }
    - name: hrdc
      csv: hrdc.csv
";

/// Loads a folder of these files.
fn load(files: &[(&str, &[u8])]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    for (name, bytes) in files {
        drop(fs::write(folder.path().join(name), bytes));
    }
    drop(manifest::load(folder.path(), date(2026, 5, 4), &Exports::default()));
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap_or_else(|error| panic!("no runtime: {error}"))
});

/// The account as good answers show it.
static ACCOUNT: LazyLock<Observed> = LazyLock::new(|| {
    RUNTIME.block_on(async {
        let connection = serve(None, Users::ByIdentity).await;
        let scope = Scope { computers: Computers::Of(vec![GroupName::observed("Team")]), ..Scope::default() };
        let observed =
            Reader::new(&connection).unwrap_or_else(|error| panic!("{error}")).observe(&scope).await;
        observed.unwrap_or_else(|error| panic!("{error:?}"))
    })
});

/// By which API users are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Users {
    ByIdentity,
    ByScim,
}

fn by(target: usize) -> Users {
    if ANSWERS[target].1.starts_with("/scim/") { Users::ByScim } else { Users::ByIdentity }
}

/// Statuses that an answer may have.
const STATUSES: [u16; 8] = [200, 200, 200, 201, 207, 400, 409, 500];

/// Requests, and good answers to them: method, beginning of path and query, body. The first that fits is taken.
const ANSWERS: [(&str, &str, &str); 20] = [
    ("GET", "/identity/v1/entities?", USERS),
    ("GET", "/identity/v1/entities/", USER),
    ("POST", "/identity/v2/entities/search", USERS),
    (
        "GET",
        "/identity/v1/dnt",
        r#"{"results":[{"dntRule":{"id":31,"username":"svc","logonDomain":null,"anyDomain":true},"source":"global"}],"totalCount":1}"#,
    ),
    ("GET", "/admin/v1/groups/list", GROUPS),
    ("GET", "/admin/v1/groups/summary", r#"{"groups":[],"totalCount":2}"#),
    (
        "GET",
        "/admin/v1/groups/members/bulk",
        "group_id,group_name,group_type,member_type,member_id\n11,Team,ActivTrak,,\n",
    ),
    (
        "GET",
        "/admin/v1/groups/",
        r#"{"groupId":11,"groupName":"Team","clients":[],"devices":[{"memberId":21,"memberDomain":"ACME","memberName":"LAB"}]}"#,
    ),
    ("GET", "/admin/v1/devices", r#"[{"id":21,"name":"LAB","domain":"ACME"}]"#),
    ("GET", "/admin/v1/accounts/ping", r#"{"messages":[],"success":true}"#),
    (
        "GET",
        "/scim/v1/users",
        r#"{"schemas":[],"totalResults":1,"startIndex":1,"itemsPerPage":1,"resources":[{"id":"1","displayName":"Ada","userName":"ada@acme.example","emails":[{"value":"ada@acme.example"}],"active":true}]}"#,
    ),
    (
        "GET",
        "/scim/v1/groups",
        r#"{"totalResults":1,"resources":[{"id":"11","displayName":"Team","members":[{"value":"1"}]}]}"#,
    ),
    ("GET", "/scim/v1/ping", "{}"),
    (
        "POST",
        "/identity/v1/entities/bulk/edits",
        r#"{"successful":[{"entityId":1}],"failures":[{"entityId":2,"message":"no"}]}"#,
    ),
    ("POST", "/identity/v1/entities/bulk", r#"{"successful":[{"entityId":1}],"failures":[]}"#),
    ("POST", "/identity/v1/entities", USER),
    (
        "POST",
        "/identity/v1/dnt",
        r#"{"successful":[],"failures":[],"duplicates":[{"username":"svc","domain":"ACME","anyDomain":false,"message":"exists","id":31}],"errors":[]}"#,
    ),
    (
        "POST",
        "/admin/v1/groups",
        r#"{"added":[{"groupid":15,"groupname":"New"}],"duplicates":[],"errors":[]}"#,
    ),
    ("PATCH", "/identity/v2/entities/", USER),
    ("POST", "/identity/v1/groups/", r#"{"successful":[{"entityId":1,"revision":2}],"failed":[]}"#),
];

const USERS: &str = r#"{"results":[{"id":1,"revision":1,"created":"2020-01-01T00:00:00Z","displayName":{"value":"Ada","id":null,"source":"AdminAPI"},"upns":[{"value":"ada@acme.example","id":null,"source":"AdminAPI"}],"emails":[],"employeeIds":[{"value":"E1","id":null,"source":"HRDC"}],"deviceLogons":[],"agents":[{"userId":7,"username":"ada","logonDomain":"ACME","tracked":true}],"deletedAgents":[],"groups":[{"groupId":11,"groupName":"Team","groupType":1,"groupTypeName":"ActivTrak"}],"tracked":true,"status":"active"}],"cursor":null,"totalCount":1}"#;
const USER: &str = r#"{"id":1,"revision":2,"created":"2020-01-01T00:00:00Z","displayName":{"value":"Ada","id":null,"source":"AdminAPI"},"upns":[{"value":"ada@acme.example","id":null,"source":"AdminAPI"}],"emails":[],"employeeIds":[],"deviceLogons":[],"agents":[],"deletedAgents":[],"groups":[{"groupId":11,"groupName":"Team","groupType":1,"groupTypeName":"ActivTrak"}],"tracked":true,"status":"active"}"#;
const GROUPS: &str = r#"[{"groupid":11,"parentid":11,"groupname":"Team","type":1,"typename":"ActivTrak"},{"groupid":13,"parentid":13,"groupname":"London","type":12,"typename":"HRDC"}]"#;

/// Answers well, but for one request.
async fn serve(bad: Option<(usize, u16, Vec<u8>)>, users: Users) -> Connection {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("no port: {error}"));
    let port = listener.local_addr().map_or(0, |address| address.port());
    let bad = Arc::new(bad);
    let router = Router::new().fallback(move |request: Request| {
        let bad = Arc::clone(&bad);
        async move { answered(&request, bad.as_ref().as_ref(), users) }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let secret = |text| Some(Secret::parse(text).unwrap_or_else(|error| panic!("{error}")));
    Connection {
        endpoint: Endpoint::parse(&format!("http://127.0.0.1:{port}"))
            .unwrap_or_else(|error| panic!("{error}")),
        proxy: None,
        credentials: Credentials {
            api_key: secret("key"),
            scim_key: if users == Users::ByScim { secret("scim") } else { None },
            ..Credentials::default()
        },
        pace: Pace::real().scaled(0.0001),
        limiter: Limiter::new(Limits::of(NonZeroUsize::MIN.saturating_add(3))),
        hr_group_type: "HRDC".into(),
    }
}

fn answered(request: &Request, bad: Option<&(usize, u16, Vec<u8>)>, users: Users) -> Response {
    let path = request.uri().path_and_query().map_or("", |it| it.as_str());
    if users == Users::ByScim && path.starts_with("/identity/") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let fits =
        |(method, start, _): &(&str, &str, &str)| request.method() == *method && path.starts_with(start);
    let Some(at) = ANSWERS.iter().position(fits) else { return StatusCode::NOT_FOUND.into_response() };
    let json = [("content-type", "application/json")];
    match bad {
        Some((target, status, body)) if *target == at => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::OK);
            (status, json, body.clone()).into_response()
        }
        _ => (json, ANSWERS[at].2).into_response(),
    }
}

/// A write of several kinds.
fn steps() -> Vec<Step> {
    let upn = |text| Identifier::Upn(Upn::observed(text));
    let new = NewUser {
        display_name: Some(DisplayName::observed("Bob")),
        identifiers: vec![upn("bob@acme.example")],
        tracking: None,
    };
    let acts = [
        Act::CreateUser(new),
        Act::EditUser { user: UserId(1), edits: vec![Edit::Add(upn("al@acme.example"))] },
        Act::Track { user: UserId(1), to: Tracking::Untracked },
        Act::AddExclusion(Login::observed(Some("ACME"), "kiosk")),
        Act::RemoveExclusion { id: ExclusionId(31), login: Login::observed(None, "svc") },
        Act::CreateGroup(Keeper::App, GroupName::observed("New").into()),
        Act::Join {
            keeper: Keeper::App,
            group: GroupRef::Known(GroupId(11)),
            user: UserRef::Known(UserId(1)),
        },
        Act::DeleteGroup { group: GroupId(11), name: GroupName::observed("Team") },
    ];
    let step = |(at, act)| Step { id: StepId(at), change: Some(ChangeId(at)), act, needs: Vec::new() };
    (0..).zip(acts).map(step).collect()
}
