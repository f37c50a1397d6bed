//! Reading a list of the platform whole, whichever number it gives to the first page.
//!
//! No list is believed unless its distinct rows are as many as the platform counts.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::account::docebo::authorized::AuthorizedClient;
use crate::account::docebo::facts::PAGE_SIZE;
use crate::account::docebo::wire::{Envelope, Flag, Listed, Row};
use crate::account::error::{Listing, ReadError, Unproved};
use crate::account::paging::{self, Ask, Page};
use crate::http::Request;

/// A list to read.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) path: String,
    /// What it is sorted by, so that nothing moves between pages, where it can be.
    pub(super) order: Option<&'static str>,
    pub(super) listing: Listing,
    /// What else is asked for.
    pub(super) more: Vec<(&'static str, String)>,
}

impl Source {
    /// All of a list.
    pub(super) fn of(path: &str, listing: Listing) -> Self {
        Self { path: path.to_owned(), order: None, listing, more: Vec::new() }
    }

    /// The same in an order.
    pub(super) fn by(mut self, order: &'static str) -> Self {
        self.order = Some(order);
        self
    }

    /// The same with something else that is asked for.
    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.more.push((name, value));
        self
    }
}

/// A page of a list, or all of a list that has no pages.
#[derive(Deserialize)]
#[serde(untagged)]
enum Shape<T> {
    Listed(Listed<T>),
    Bare(Vec<T>),
}

/// Every row of a list.
pub(super) async fn all<T>(client: &Arc<AuthorizedClient>, source: Source) -> Result<Vec<T>, ReadError>
where
    T: DeserializeOwned + Row + Send + 'static,
{
    let first = part::<T>(client, &source, Ask { page: 1, size: PAGE_SIZE }).await?;
    let (first, base) = based(client, &source, first).await?;
    // Who gives fewer rows on a page than is asked for gives so many on each.
    let size = if first.total > first.rows && first.rows > 0 { first.rows } else { PAGE_SIZE };
    let (listing, source) = (source.listing, Arc::new(source));
    let pages = paging::rest(listing, first, size, |ask: Ask| {
        let (client, source) = (Arc::clone(client), Arc::clone(&source));
        async move { part(&client, &source, Ask { page: ask.page - 1 + base, size: ask.size }).await }
    })
    .await?;
    Ok(pages.into_iter().flatten().collect())
}

/// The first page and its number, which is 1 or 0: one source says so, another otherwise. Where all is on one page, it tells by that.
async fn based<T: DeserializeOwned + Row>(
    client: &AuthorizedClient,
    source: &Source,
    one: Page<Vec<T>>,
) -> Result<(Page<Vec<T>>, usize), ReadError> {
    if one.rows == one.total {
        return Ok((one, 1));
    }
    match part::<T>(client, source, Ask { page: 0, size: PAGE_SIZE }).await {
        Ok(zero) if zero.rows > 0 && zero.ids != one.ids => Ok((zero, 0)),
        Ok(_) => Ok((one, 1)),
        Err(ReadError::Http(error)) if error.status().is_some_and(|status| status.is_client_error()) => {
            Ok((one, 1))
        }
        Err(error) => Err(error),
    }
}

/// One page.
async fn part<T: DeserializeOwned + Row>(
    client: &AuthorizedClient,
    source: &Source,
    ask: Ask,
) -> Result<Page<Vec<T>>, ReadError> {
    let request = Request::get(&source.path)
        .query("page", ask.page.to_string())
        .query("page_size", ask.size.to_string())
        .query("get_total_count", "1");
    let request = match source.order {
        Some(order) => request.query("sort_attr", order).query("sort_dir", "asc"),
        None => request,
    };
    let request = source.more.iter().fold(request, |request, (name, value)| request.query(name, value));
    let Listed { items, total_count, has_more_data } =
        match client.send(request).await?.json::<Envelope<Shape<T>>>()?.data {
            Shape::Listed(listed) => listed,
            // As many as were asked for may be the first of more.
            Shape::Bare(items) if items.len() >= ask.size => {
                return Err(Unproved::Untold { listing: source.listing }.into());
            }
            Shape::Bare(items) => Listed { items, total_count: None, has_more_data: Some(Flag(false)) },
        };
    let ids: Vec<u64> = items.iter().map(Row::key).collect();
    let total = match total_count {
        Some(total) => usize::try_from(total.0).unwrap_or(usize::MAX),
        // A first page that says to be the last one.
        None if has_more_data == Some(Flag(false)) && ask.page == 1 => ids.len(),
        None => return Err(Unproved::Untold { listing: source.listing }.into()),
    };
    Ok(Page { total, rows: ids.len(), ids, content: items })
}
