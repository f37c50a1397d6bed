//! Which part of a list is a request answered with? Pages are counted from 1, or from 0 where the tenant is set up so, and no page has
//! more than 200 elements, whatever is asked for.

use serde_json::{Value, json};

use crate::sandbox::docebo::faults::Faults;
use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::settings::{Setting, Settings};

/// The most elements of a page.
const MOST: usize = 200;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Which, from 1.
    pub(crate) number: usize,
    /// What is written in its place: one less, where pages are counted from 0.
    written: usize,
    size: usize,
    /// Whether the total is asked for.
    total: bool,
}

impl Page {
    /// What a query asks for.
    ///
    /// # Errors
    /// Something is no number, or a page has no element.
    pub(crate) fn of(query: &Query, settings: &Settings, usual: usize) -> Result<Page, Problem> {
        let read = |name: &str| -> Result<Option<usize>, Problem> {
            Ok(query.number(name)?.map(|number| usize::try_from(number).unwrap_or(usize::MAX)))
        };
        let size = read("page_size")?.unwrap_or(usual).min(MOST);
        if size == 0 {
            return Err(Problem::invalid("a page has at least one element"));
        }
        let first = usize::from(!settings.has(Setting::PagesFromZero));
        let written = read("page")?.unwrap_or(first).max(first);
        let number = (written - first).saturating_add(1);
        Ok(Page { number, written, size, total: query.flag("get_total_count")? })
    }

    /// The page of a list.
    pub(crate) fn answer<T>(self, all: &[T], faults: &Faults, show: impl Fn(&T) -> Value) -> Answer {
        let (range, total) = faults.page(self.number, self.size, all.len());
        let items: Vec<Value> = all.get(range).unwrap_or_default().iter().map(show).collect();
        let mut data = json!({
            "count": items.len(),
            "items": items,
            "has_more_data": self.number.saturating_mul(self.size) < all.len(),
            "current_page": self.written,
            "current_page_size": self.size,
            "total_page_count": total.div_ceil(self.size),
        });
        if self.total {
            data["total_count"] = total.into();
        }
        answer::ok(&data)
    }
}
