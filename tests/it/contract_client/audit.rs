//! What a reader asks of the audit log and how it understands the answers.

use jiff::Timestamp;
use rollcall::account::activtrak::Reader;
use rollcall::account::{Read as _, ReadError};
use rollcall::model::AuditEntry;

use super::canned::Canned;

const PAGE: &str = "GET /admin/v1/auditlog?FromDate=2026-02-01T00%3A00%3A00Z&SortColumn=time&SortDescending=true&Page=1&PageSize=100";

async fn read(canned: &Canned) -> Result<Vec<AuditEntry>, ReadError> {
    let since: Timestamp = "2026-02-01T00:00:00.25Z".parse().unwrap();
    Reader::new(&canned.serve().await).unwrap().audit_log(since).await
}

/// As many entries, from a number on.
fn rows(from: usize, count: usize) -> String {
    let rows = (from..from + count).map(|id| format!(r#"{{"auditid":{id},"time":"2026-02-03T00:00:00Z"}}"#));
    rows.collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn entries_are_read_in_the_shape_that_was_seen_and_those_before_the_moment_left_out() {
    let answer = r#"{"totalCount":4,"data":[
        {"auditid":9,"eventname":"Edited","user":"admin@corp","time":"2026-02-03T10:00:00.123","description":"Finance","guid":"5b"},
        {"auditid":8,"eventname":null,"user":null,"time":"2026-02-02T10:00:00Z","description":null,"more":[1]},
        {"auditid":7,"time":"soon"},
        {"auditid":1,"time":"2026-01-31T10:00:00Z","description":"long ago"}]}"#;
    let entries = read(&Canned::default().on(PAGE, 200, answer)).await.unwrap();
    let entry = |id, time: Option<&str>, [user, event, description]: [&str; 3]| AuditEntry {
        id,
        time: time.map(|time| time.parse().unwrap()),
        user: user.into(),
        event: event.into(),
        description: description.into(),
    };
    assert_eq!(
        entries,
        [
            entry(9, Some("2026-02-03T10:00:00.123Z"), ["admin@corp", "Edited", "Finance"]),
            entry(8, Some("2026-02-02T10:00:00Z"), [""; 3]),
            entry(7, None, [""; 3]),
        ]
    );
    let none = Canned::default().on(PAGE, 200, r#"{"totalCount":0,"data":null}"#);
    assert_eq!(read(&none).await.unwrap(), []);
}

#[tokio::test]
async fn every_page_is_read_and_half_of_a_log_is_none() {
    let answer = |total: usize, rows: &str| format!(r#"{{"totalCount":{total},"data":[{rows}]}}"#);
    let second = PAGE.replace("Page=1", "Page=2");
    let first = || Canned::default().on(PAGE, 200, &answer(130, &rows(1, 100)));
    assert_eq!(read(&first().on(&second, 200, &answer(130, &rows(101, 30)))).await.unwrap().len(), 130);
    for (page, words) in [
        (answer(131, &rows(101, 31)), "audit log: the total went from 130 to 131 between pages"),
        (answer(130, &rows(101, 29)), "audit log: page 2 holds 29 rows instead of 30"),
        (answer(130, &rows(100, 30)), "audit log: number 100 is listed twice"),
    ] {
        let error = read(&first().on(&second, 200, &page)).await.unwrap_err();
        assert!(error.to_string().contains(words) && !error.is_closed(), "{error}");
    }
    let long = Canned::default().on(PAGE, 200, &answer(10_001, &rows(1, 100)));
    let error = read(&long).await.unwrap_err();
    assert!(error.to_string().contains("more than 100 pages are not read"), "{error}");
    assert_eq!(long.heard().len(), 1);
}

#[tokio::test]
async fn a_log_that_the_plan_or_the_key_has_not_is_closed_and_anything_else_an_error() {
    for (status, closed) in [(403, true), (404, true), (405, true), (410, true), (401, false), (400, false)] {
        let error = read(&Canned::default().on(PAGE, status, r#"{"messages":["no"],"success":false}"#)).await;
        assert_eq!(error.unwrap_err().is_closed(), closed, "{status}");
    }
    for page in ["", "<html>", "[]", r#"{"data":[]}"#, r#"{"totalCount":1,"data":[{}]}"#] {
        let error = read(&Canned::default().on(PAGE, 200, page)).await.unwrap_err();
        assert!(!error.is_closed(), "{page}: {error}");
    }
}
