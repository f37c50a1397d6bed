//! How many requests does an apply of many changes of all kinds take? The numbers of docs/performance.md.

use std::fmt::Write;
use std::time::Duration;

use rollcall::sandbox::{Config, LoggedRequest};
use serde_json::{Value, json};

use super::{Folder, HEAD, Remote};

/// Users of the account, and its HR groups of 20 members each.
const USERS: u32 = 2_000;
const HR_GROUPS: u32 = 100;

/// An account whose users are all in one HR group each.
fn account() -> Value {
    let user = |n: u32| {
        json!({
            "id": n,
            "displayName": format!("User {n}"),
            "upns": [format!("user{n}@acme.example")],
            "employeeIds": [format!("E{n}")],
            "groups": [10_000 + n % HR_GROUPS],
        })
    };
    let group = |n: u32| json!({ "id": 10_000 + n, "name": format!("Office {n}"), "source": "hr" });
    let app = |n: u32| json!({ "id": 20_000 + n, "name": format!("Team {n}") });
    json!({
        "version": 1,
        "account": { "id": 7, "name": "acme" },
        "users": (1..=USERS).map(user).collect::<Vec<_>>(),
        "groups": (0..HR_GROUPS).map(group).chain((0..5).map(app)).collect::<Vec<_>>(),
    })
}

/// 400 renamed, 250 with an email more, 200 untracked, 100 new, 50 new groups and 5 old ones with a member each, 100 exclusions, and an
/// upload that changes 5 HR groups: 1,110 changes.
fn manifest() -> String {
    let mut text = format!("{HEAD}policy:\n  limits: {{ untrack: 200, renames: 400 }}\nusers:\n");
    let mut user = |range: std::ops::Range<u32>, says: &dyn Fn(u32) -> String| {
        for n in range {
            writeln!(text, "  - {{ upn: user{n}@acme.example, employeeId: E{n}{} }}", says(n)).unwrap();
        }
    };
    user(1..401, &|n| format!(", displayName: Renamed {n}"));
    user(401..651, &|n| format!(", email: other{n}@acme.example"));
    user(651..851, &|_| ", tracking: untracked".to_owned());
    user(2001..2101, &|_| String::new());
    text.push_str("groups:\n");
    for n in 0..50 {
        writeln!(text, "  - {{ name: New team {n}, members: [E{}] }}", n + 1).unwrap();
    }
    for n in 0..5 {
        writeln!(text, "  - {{ name: Team {n}, members: [E{}] }}", n + 1).unwrap();
    }
    for n in 0..HR_GROUPS {
        let members =
            (1..=USERS).filter(|user| user % HR_GROUPS == n).chain((n < 5).then_some(500 + 7 * n + 6));
        let members: Vec<String> = members.map(|user| format!("E{user}")).collect();
        writeln!(text, "  - {{ name: Office {n}, source: hr, members: [{}] }}", members.join(", ")).unwrap();
    }
    text.push_str("exclusions:\n");
    for n in 0..100 {
        writeln!(text, "  - '*\\kiosk{n}'").unwrap();
    }
    text
}

#[test]
fn an_apply_of_eleven_hundred_changes_takes_as_many_requests_as_it_did() {
    let folder = Folder::new("");
    folder.write("account.json", &account().to_string());
    folder.write("rollcall.yaml", &manifest());
    let remote = Remote::of(&folder, Config { hr_delay: Duration::ZERO, ..Config::default() });
    let ran = remote.run(&folder, &["apply", "--yes"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    let requests = remote.sandbox.requests();
    let counted = |is: &dyn Fn(&LoggedRequest) -> bool| requests.iter().filter(|request| is(request)).count();
    let of = |what: &'static str| counted(&|request| !request.is_write() && request.path.contains(what));
    // One an HR group and one an app group that is changed, so that no plan is made of an incomplete reading.
    let counts =
        counted(&|request| request.path.contains("PageSize=1&") && request.path.contains("Type=groupid"));
    assert_eq!(counts, 105);
    // Before and after the members of each of 55 groups; every HR group right before the upload, once it stood still, and after it,
    // and the five that change once more.
    assert_eq!(of("Type=groupid") - counts, 55 * 2 + 100 * 3 + 5);
    // Each new user by its number: a search may not show it yet.
    assert_eq!(of("/identity/v1/entities/"), 100);
    // Each request of edits and of tracking.
    assert_eq!(of("/entities/search"), 13 + 4);
    let (writes, reads) = (remote.writes().len(), counted(&|request| !request.is_write()));
    assert_eq!((writes, reads), (176, 662), "docs/performance.md says so");
}
