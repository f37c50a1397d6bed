//! Reading the audit log.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::moment::moment;
use crate::account::error::{Listing, ReadError, Unproved};
use crate::account::paging::{Page, all_by};
use crate::http::Request;
use crate::model::{AuditEntry, Family};

/// Rows asked for on a page: as many as were seen to be answered. No document says how many may be.
const PAGE_SIZE: usize = 100;
/// A log of more pages is not read: it is for showing beside what differs, and no more.
const MOST_PAGES: usize = 100;

/// A page, as it was seen live; no document declares it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    total_count: usize,
    data: Option<Vec<Row>>,
}

#[derive(Deserialize)]
struct Row {
    auditid: u64,
    eventname: Option<Box<str>>,
    user: Option<Box<str>>,
    #[serde(default, deserialize_with = "moment")]
    time: Option<Timestamp>,
    description: Option<Box<str>>,
}

impl From<Row> for AuditEntry {
    fn from(row: Row) -> Self {
        Self {
            id: row.auditid,
            time: row.time,
            user: row.user.unwrap_or_default(),
            event: row.eventname.unwrap_or_default(),
            description: row.description.unwrap_or_default(),
        }
    }
}

/// Every entry since a moment, latest first (`GET /admin/v1/auditlog`). An entry without a moment may be of that time.
pub(in crate::account::activtrak) async fn audit_log(
    client: &Arc<AuthorizedClient>,
    since: Timestamp,
) -> Result<Vec<AuditEntry>, ReadError> {
    let pages = all_by(PAGE_SIZE, Listing::AuditLog, |ask| {
        let client = Arc::clone(client);
        async move {
            let request = Request::get("/admin/v1/auditlog")
                .query("FromDate", format!("{since:.0}"))
                .query("SortColumn", "time")
                .query("SortDescending", "true")
                .query("Page", ask.page.to_string())
                .query("PageSize", ask.size.to_string());
            let Log { total_count: total, data } = client.send(Family::Admin, request).await?.json()?;
            if total > PAGE_SIZE * MOST_PAGES {
                let (listing, size, most) = (Listing::AuditLog, PAGE_SIZE, MOST_PAGES);
                return Err(Unproved::TooManyPages { listing, total, size, most }.into());
            }
            let rows = data.unwrap_or_default();
            let ids = rows.iter().map(|row| row.auditid).collect();
            Ok(Page { total, rows: rows.len(), ids, content: rows })
        }
    });
    let entries = pages.await?.into_iter().flatten().map(AuditEntry::from);
    // An account may know no such bound.
    Ok(entries.filter(|entry| entry.time.is_none_or(|time| time >= since)).collect())
}
