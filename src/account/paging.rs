//! Reading a listing page by page, and proving that the pages are all of it.

use std::collections::BTreeSet;
use std::future::Future;

use tokio::task::JoinSet;

use crate::account::error::{Listing, ReadError, Unproved};

/// Rows asked for on a page; an account that gives fewer sets its own size.
const PAGE_SIZE: usize = 1000;
/// Pages under way at once; the client limits them further.
pub(in crate::account) const AT_ONCE: usize = 32;
/// A listing of more pages is not believed: a hundred million users, or an account that gives next to nothing a page.
const MOST_PAGES: usize = 100_000;

/// One page of a listing.
#[derive(Debug)]
pub(in crate::account) struct Page<T> {
    /// The total that the account names on this page.
    pub(in crate::account) total: usize,
    /// Rows on this page.
    pub(in crate::account) rows: usize,
    /// The numbers of the rows that have one.
    pub(in crate::account) ids: Vec<u64>,
    /// What they hold.
    pub(in crate::account) content: T,
}

/// Which page to fetch: its number from 1, and how many rows a page holds.
#[derive(Debug, Clone, Copy)]
pub(in crate::account) struct Ask {
    pub(in crate::account) page: usize,
    pub(in crate::account) size: usize,
}

/// Fetches every page: the first, then the others, some at a time. They come back in their order.
///
/// Fails at the first page that disproves the listing: every page names the same total, every page but the last is full, the
/// rows add up to the total, and none comes twice.
pub(in crate::account) async fn all<T, F, Fut>(listing: Listing, fetch: F) -> Result<Vec<T>, ReadError>
where
    T: Send + 'static,
    F: Fn(Ask) -> Fut,
    Fut: Future<Output = Result<Page<T>, ReadError>> + Send + 'static,
{
    all_by(PAGE_SIZE, listing, fetch).await
}

/// The same, with so many rows asked for on a page.
pub(in crate::account) async fn all_by<T, F, Fut>(
    most: usize,
    listing: Listing,
    fetch: F,
) -> Result<Vec<T>, ReadError>
where
    T: Send + 'static,
    F: Fn(Ask) -> Fut,
    Fut: Future<Output = Result<Page<T>, ReadError>> + Send + 'static,
{
    let first = fetch(Ask { page: 1, size: most }).await?;
    // An account with a smaller page size answers it here; later pages are counted in that size.
    let few = first.total > first.rows && first.rows > 0;
    let size = if few { first.rows.min(most) } else { most };
    rest(listing, first, size, fetch).await
}

/// The first page, and all that come after it.
pub(in crate::account) async fn rest<T, F, Fut>(
    listing: Listing,
    first: Page<T>,
    size: usize,
    fetch: F,
) -> Result<Vec<T>, ReadError>
where
    T: Send + 'static,
    F: Fn(Ask) -> Fut,
    Fut: Future<Output = Result<Page<T>, ReadError>> + Send + 'static,
{
    let total = first.total;
    let mut seen = BTreeSet::new();
    check(listing, total, Ask { page: 1, size }, &first)?;
    distinct(listing, &mut seen, first.ids)?;
    let pages = total.div_ceil(size).max(1);
    if pages > MOST_PAGES {
        return Err(Unproved::TooManyPages { listing, total, size, most: MOST_PAGES }.into());
    }

    let mut asks = (2..=pages).map(|page| Ask { page, size });
    let mut others = JoinSet::new();
    let mut contents = vec![(1, first.content)];
    loop {
        for ask in asks.by_ref().take(AT_ONCE - others.len()) {
            let fetched = fetch(ask);
            others.spawn(async move { (ask, fetched.await) });
        }
        let Some(joined) = others.join_next().await else { break };
        let (ask, page) = joined.map_err(|_| ReadError::Interrupted)?;
        let page = page?;
        check(listing, total, ask, &page)?;
        distinct(listing, &mut seen, page.ids)?;
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

/// Proves that no row came twice, neither among these nor among those seen before.
pub(in crate::account) fn distinct(
    listing: Listing,
    seen: &mut BTreeSet<u64>,
    ids: impl IntoIterator<Item = u64>,
) -> Result<(), Unproved> {
    match ids.into_iter().find(|&id| !seen.insert(id)) {
        Some(id) => Err(Unproved::Twice { listing, id }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::ready;

    use super::{AT_ONCE, Ask, MOST_PAGES, Page, all};
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
            ready(Ok(Page { total, rows: content.len(), ids: content.clone(), content }))
        }
    }

    async fn read(total: usize, cap: usize) -> Vec<u64> {
        all(LISTING, serve(total, cap)).await.unwrap().concat()
    }

    #[tokio::test]
    async fn every_page_is_read_whatever_size_the_account_gives() {
        for (total, cap) in
            [(0, 1000), (1, 1000), (999, 1000), (1000, 1000), (1001, 1000), (2500, 50), (101, 7)]
        {
            let wanted: Vec<u64> = (0..total as u64).collect();
            assert_eq!(read(total, cap).await, wanted, "{total} rows, {cap} a page");
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

    #[tokio::test]
    async fn a_row_that_comes_twice_is_an_error() {
        let twice = fails(|ask, page| page.ids[0] = if ask.page == 2 { 7 } else { page.ids[0] }).await;
        assert_eq!(twice, Unproved::Twice { listing: LISTING, id: 7 });
    }

    #[tokio::test]
    async fn a_total_that_would_take_too_many_pages_is_refused_behind_the_first() {
        let asked = Cell::new(0);
        let fetch = |ask| {
            asked.set(asked.get() + 1);
            serve(3_000_000, 1)(ask)
        };
        let error = all(LISTING, fetch).await.unwrap_err();
        let wanted = Unproved::TooManyPages { listing: LISTING, total: 3_000_000, size: 1, most: MOST_PAGES };
        assert!(matches!(&error, ReadError::Unproved(unproved) if *unproved == wanted), "{error}");
        assert_eq!(asked.get(), 1);
    }

    #[tokio::test]
    async fn the_first_page_that_disproves_the_listing_ends_the_reading() {
        let spoilers: [fn(&mut Page<Vec<u64>>); 3] =
            [|page| page.rows = 0, |page| page.ids[0] = 0, |page| page.total = 1];
        for spoil in spoilers {
            let asked = Cell::new(0);
            let fetch = |ask: Ask| {
                asked.set(asked.get() + 1);
                let mut page = serve(MOST_PAGES, 1)(ask).into_inner().unwrap();
                if ask.page > 1 {
                    spoil(&mut page);
                }
                ready(Ok(page))
            };
            let error = all(LISTING, fetch).await.unwrap_err();
            assert!(matches!(error, ReadError::Unproved(_)), "{error}");
            assert_eq!(asked.get(), 1 + AT_ONCE, "{error}");
        }
    }
}
