//! Reading a SCIM list whole, whichever way the account means `startIndex`.
//!
//! The portal calls it the number of a page, RFC 7644 the place of a record. So everything is asked for at once; where the
//! account gives less, the second answer shows which it is. No list is believed unless its distinct ids are as many as its
//! total.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::scim::wire::{List, Numbered};
use crate::account::error::{Listing, ReadError, Unproved};
use crate::account::paging::{self, Ask, Page};
use crate::http::Request;
use crate::model::Family;

/// What is asked for first; the API document names it as the default.
const FIRST: usize = 100;

/// What `startIndex` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Pages,
    Records,
}

/// A list to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    pub(super) path: &'static str,
    pub(super) listing: Listing,
}

/// Every resource of a list.
pub(super) async fn all<T>(client: &Arc<AuthorizedClient>, source: Source) -> Result<Vec<T>, ReadError>
where
    T: DeserializeOwned + Numbered + Send + 'static,
{
    let mut first = part(client, source, 1, FIRST).await?;
    let mut size = FIRST;
    if first.total > first.rows {
        let asked = first.total;
        first = part(client, source, 1, asked).await?;
        size = first.rows.clamp(1, asked);
    }
    let count = if first.total > first.rows && first.rows > 0 {
        count(client, source, &first, size).await?
    } else {
        Count::Pages
    };
    let pages = paging::rest(source.listing, first, size, |ask: Ask| {
        let client = Arc::clone(client);
        async move {
            let place = match count {
                Count::Pages => ask.page,
                Count::Records => (ask.page - 1) * ask.size + 1,
            };
            part(&client, source, place, ask.size).await
        }
    })
    .await?;
    Ok(pages.into_iter().flatten().collect())
}

/// What `startIndex` counts: from place 2 on comes either all of the first page but its first record, or none of it.
async fn count<T>(
    client: &AuthorizedClient,
    source: Source,
    first: &Page<Vec<T>>,
    size: usize,
) -> Result<Count, ReadError>
where
    T: DeserializeOwned + Numbered,
{
    let second = part::<T>(client, source, 2, size).await?;
    let known: BTreeSet<u64> = first.ids.iter().copied().collect();
    let shared = second.ids.iter().filter(|id| known.contains(id)).count();
    match shared {
        0 => Ok(Count::Pages),
        _ if shared + 1 == first.rows && second.ids.starts_with(&first.ids[1..]) => Ok(Count::Records),
        // The same page again: what repeats is told by its ids.
        _ if second.ids == first.ids => {
            let id = first.ids.first().copied().unwrap_or_default();
            Err(Unproved::Twice { listing: source.listing, id }.into())
        }
        _ => Err(Unproved::Places { listing: source.listing }.into()),
    }
}

/// One answer.
async fn part<T: DeserializeOwned + Numbered>(
    client: &AuthorizedClient,
    source: Source,
    place: usize,
    count: usize,
) -> Result<Page<Vec<T>>, ReadError> {
    let request = get(source.path).query("count", count.to_string()).query("startIndex", place.to_string());
    let List { total_results, resources } = client.send(Family::Scim, request).await?.json()?;
    let content: Vec<T> = resources.unwrap_or_default();
    let ids: Vec<u64> = content.iter().map(Numbered::number).collect();
    Ok(Page { total: total_results, rows: ids.len(), ids, content })
}

/// A read; SCIM declares `Content-Type` required on it all the same.
pub(super) fn get(path: impl Into<String>) -> Request {
    Request::get(path).media("application/json")
}
