//! A part of a SCIM list: `count` and `startIndex`, which the portal calls a page number and RFC 7644 the place of a record.

use std::ops::Range;

use serde_json::{Value, json};

use crate::sandbox::config::Config;
use crate::sandbox::faults::Paging;
use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::query::Query;
use crate::sandbox::settings::{Setting, Settings};

/// How many resources come where nobody says how many.
const COUNT: u64 = 100;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    index: usize,
    count: usize,
}

impl Page {
    /// Reads `count` and `startIndex`; a place before the first is the first (RFC 7644, 3.4.2.4).
    ///
    /// # Errors
    /// One of them is no number.
    pub(crate) fn of(query: &Query, settings: &Settings) -> Result<Page, Problem> {
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let count = number(query.number("count")?.unwrap_or(COUNT)).min(settings.scim_page());
        Ok(Page { index: number(query.number("startindex")?.unwrap_or(1)).max(1), count })
    }

    /// The list with this part of so many resources.
    pub(crate) fn answer(
        self,
        config: &Config,
        total: usize,
        resources: impl Fn(Range<usize>) -> Vec<Value>,
    ) -> Answer {
        let (range, total) = self.range(config, total);
        let resources = resources(range);
        let name = if config.settings.has(Setting::ScimCapitals) { "Resources" } else { "resources" };
        answer::ok(&json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": total, "itemsPerPage": resources.len(), "startIndex": self.index, name: resources,
        }))
    }

    fn range(self, config: &Config, total: usize) -> (Range<usize>, usize) {
        if self.count == 0 {
            return (0..0, total);
        }
        if !config.settings.has(Setting::ScimOffset) {
            return config.faults.page(Paging { page: self.index, size: self.count }, total);
        }
        let from = self.index - 1;
        if from.is_multiple_of(self.count) {
            return config.faults.page(Paging { page: from / self.count + 1, size: self.count }, total);
        }
        let from = from.min(total);
        (from..from.saturating_add(self.count).min(total), total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_index_is_a_page_or_a_place_as_the_account_is_set_up() {
        for (settings, index, count, expected) in [
            (&[][..], 1, 10, 0..10),
            (&[], 2, 10, 10..20),
            (&[], 3, 10, 20..25),
            (&[], 4, 10, 25..25),
            (&[], 1, 0, 0..0),
            (&["scim-offset"], 2, 10, 1..11),
            (&["scim-offset"], 11, 10, 10..20),
            (&["scim-offset"], 21, 10, 20..25),
            (&["scim-offset"], 99, 10, 25..25),
        ] {
            let config = Config { settings: Settings::parse(settings).unwrap(), ..Config::default() };
            let range = Page { index, count }.range(&config, 25);
            assert_eq!(range, (expected, 25), "{settings:?}: {index}, {count}");
        }
    }
}
