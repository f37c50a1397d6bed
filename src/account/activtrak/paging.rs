//! Reading a listing page by page, and proving that the pages are all of it.

use std::future::Future;

use tokio::task::JoinSet;

use crate::account::{Listing, ReadError, Unproved};

/// Rows asked for on a page; an account that gives fewer sets its own size.
const PAGE_SIZE: usize = 1000;

/// One page of a listing.
#[derive(Debug)]
pub(super) struct Page<T> {
    /// The total that the account names on this page.
    pub(super) total: usize,
    /// Rows on this page.
    pub(super) rows: usize,
    /// What they hold.
    pub(super) content: T,
}

/// Which page to fetch: its number from 1, and how many rows a page holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    pub(super) page: usize,
    pub(super) size: usize,
}

/// Fetches every page: the first, then the others at the same time. They come back in their order.
///
/// Fails unless every page names the same total, every page but the last is full, and the rows add up to the total. That no
/// row came twice is for the caller to prove ([`distinct`]).
pub(super) async fn all<T, F, Fut>(listing: Listing, fetch: F) -> Result<Vec<T>, ReadError>
where
    T: Send + 'static,
    F: Fn(Ask) -> Fut,
    Fut: Future<Output = Result<Page<T>, ReadError>> + Send + 'static,
{
    let first = fetch(Ask { page: 1, size: PAGE_SIZE }).await?;
    let total = first.total;
    // An account with a smaller page size answers it here; later pages are counted in that size.
    let size = if total > first.rows && first.rows > 0 { first.rows.min(PAGE_SIZE) } else { PAGE_SIZE };
    let pages = total.div_ceil(size).max(1);
    check(listing, total, Ask { page: 1, size }, &first)?;

    let mut others = JoinSet::new();
    for page in 2..=pages {
        let ask = Ask { page, size };
        let fetched = fetch(ask);
        others.spawn(async move { (ask, fetched.await) });
    }
    let mut contents = Vec::with_capacity(pages);
    contents.push((1, first.content));
    while let Some(joined) = others.join_next().await {
        let (ask, page) = joined.map_err(|_| ReadError::Interrupted)?;
        let page = page?;
        check(listing, total, ask, &page)?;
        contents.push((ask.page, page.content));
    }
    contents.sort_unstable_by_key(|content| content.0);
    Ok(contents.into_iter().map(|content| content.1).collect())
}

/// Whether a page holds what it must.
fn check<T>(listing: Listing, total: usize, ask: Ask, page: &Page<T>) -> Result<(), Unproved> {
    if page.total != total {
        return Err(Unproved::TotalMoved { listing, first: total, then: page.total });
    }
    let wanted = total.saturating_sub((ask.page - 1) * ask.size).min(ask.size);
    if page.rows != wanted {
        return Err(Unproved::PageLength { listing, page: ask.page, rows: page.rows, wanted });
    }
    Ok(())
}

/// Proves that no row came twice and that there are as many as the account counts; sorts the numbers.
pub(super) fn distinct(listing: Listing, total: usize, ids: &mut [u64]) -> Result<(), Unproved> {
    ids.sort_unstable();
    if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Unproved::Twice { listing, id: pair[0] });
    }
    if ids.len() != total {
        return Err(Unproved::Count { listing, rows: ids.len(), total });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::{Ask, Page, all, distinct};
    use crate::account::{Listing, ReadError, Unproved};

    const LISTING: Listing = Listing::Users;

    /// A server with `total` rows numbered from 0, that gives at most `cap` a page.
    fn serve(
        total: usize,
        cap: usize,
    ) -> impl Fn(Ask) -> std::future::Ready<Result<Page<Vec<u64>>, ReadError>> {
        move |ask| {
            let size = ask.size.min(cap);
            let from = ((ask.page - 1) * size).min(total);
            let content: Vec<u64> = (from as u64..(from + size).min(total) as u64).collect();
            ready(Ok(Page { total, rows: content.len(), content }))
        }
    }

    async fn read(total: usize, cap: usize) -> Vec<u64> {
        let mut rows = all(LISTING, serve(total, cap)).await.unwrap().concat();
        distinct(LISTING, total, &mut rows).unwrap();
        rows
    }

    #[tokio::test]
    async fn every_page_is_read_whatever_size_the_account_gives() {
        for (total, cap) in
            [(0, 1000), (1, 1000), (999, 1000), (1000, 1000), (1001, 1000), (2500, 50), (101, 7)]
        {
            assert_eq!(read(total, cap).await.len(), total, "{total} rows, {cap} a page");
        }
    }

    async fn fails(spoil: impl Fn(Ask, &mut Page<Vec<u64>>) + Copy) -> Unproved {
        let fetch = |ask| {
            let mut page = serve(2500, 1000)(ask).into_inner().unwrap();
            spoil(ask, &mut page);
            ready(Ok(page))
        };
        match all(LISTING, fetch).await.unwrap_err() {
            ReadError::Unproved(unproved) => unproved,
            other => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn a_short_page_a_long_page_and_a_moving_total_are_errors() {
        let short = fails(|ask, page| page.rows -= usize::from(ask.page == 2)).await;
        assert_eq!(short, Unproved::PageLength { listing: LISTING, page: 2, rows: 999, wanted: 1000 });
        let long = fails(|ask, page| page.rows += usize::from(ask.page == 3)).await;
        assert_eq!(long, Unproved::PageLength { listing: LISTING, page: 3, rows: 501, wanted: 500 });
        let moved = fails(|ask, page| page.total += usize::from(ask.page == 3)).await;
        assert_eq!(moved, Unproved::TotalMoved { listing: LISTING, first: 2500, then: 2501 });
        let empty = fails(|_, page| page.rows = 0).await;
        assert_eq!(empty, Unproved::PageLength { listing: LISTING, page: 1, rows: 0, wanted: 1000 });
    }

    #[test]
    fn a_row_that_comes_twice_is_an_error() {
        let twice = distinct(LISTING, 3, &mut [7, 1, 7]).unwrap_err();
        assert_eq!(twice, Unproved::Twice { listing: LISTING, id: 7 });
        let missing = distinct(LISTING, 3, &mut [7, 1]).unwrap_err();
        assert_eq!(missing, Unproved::Count { listing: LISTING, rows: 2, total: 3 });
    }
}
