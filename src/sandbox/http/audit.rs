//! The audit log of the account (`GET /admin/v1/auditlog`).
//!
//! The API document names the parameters and says nothing of the answer; its shape was seen live. What `Filters` takes, which
//! columns sort, and what events are called is in no document.

use std::sync::Arc;

use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::query::Query;
use crate::sandbox::http::routes::Routes;
use crate::sandbox::http::service::Service;
use crate::sandbox::seed::AuditEntry;
use crate::sandbox::settings::Setting;

pub(crate) fn routes() -> Routes {
    Routes::new().get("/admin/v1/auditlog", list)
}

async fn list(State(service): State<Arc<Service>>, query: Query) -> Answer {
    if service.config.settings.has(Setting::NoAuditLog) {
        return Err(Problem::Closed);
    }
    query.only(&["fromdate", "todate", "filters", "sortcolumn", "sortdescending", "page", "pagesize"])?;
    if query.one("filters").is_some() {
        return Err(Problem::invalid(
            "no document says what Filters takes, so the sandbox takes nothing there",
        ));
    }
    let (from, to, paging) = (moment(&query, "fromdate")?, moment(&query, "todate")?, query.paging()?);
    let is_within = |entry: &AuditEntry| {
        from.is_none_or(|from| entry.time >= from) && to.is_none_or(|to| entry.time <= to)
    };
    let mut found: Vec<AuditEntry> = service.audit_log().into_iter().filter(is_within).collect();
    sort(&mut found, query.one("sortcolumn"))?;
    if query.flag("sortdescending")? {
        found.reverse();
    }
    let (range, total) = service.config.faults.page(paging, found.len());
    answer::ok(
        &json!({ "totalCount": total, "data": found[range].iter().map(shown).collect::<Vec<Value>>() }),
    )
}

fn shown(entry: &AuditEntry) -> Value {
    let AuditEntry { id, time, user, event, description, guid } = entry;
    json!({
        "auditid": id, "eventname": event, "user": user, "time": time, "description": description, "guid": guid,
    })
}

/// A moment with an offset, or one in UTC without.
fn moment(query: &Query, name: &str) -> Result<Option<Timestamp>, Problem> {
    let read = |text: &str| {
        let utc = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
        let moment = text.parse().ok().or_else(|| utc().map(|zoned| zoned.timestamp()));
        moment.ok_or_else(|| Problem::invalid(format!("{name} {text:?} is no moment")))
    };
    query.one(name).map(read).transpose()
}

/// Sorts by a member of the answer, and what is the same in it by number.
fn sort(entries: &mut [AuditEntry], column: Option<&str>) -> Result<(), Problem> {
    match column.map(str::to_ascii_lowercase).as_deref() {
        None | Some("auditid") => entries.sort_by_key(|it| it.id),
        Some("time") => entries.sort_by_key(|it| (it.time, it.id)),
        Some("user") => entries.sort_by_cached_key(|it| (it.user.clone(), it.id)),
        Some("eventname") => entries.sort_by_cached_key(|it| (it.event.clone(), it.id)),
        Some("description") => entries.sort_by_cached_key(|it| (it.description.clone(), it.id)),
        Some(other) => return Err(Problem::invalid(format!("there is no column {other:?} to sort by"))),
    }
    Ok(())
}
