//! The query of a request: names in any case, unknown ones refused, so that a typo does not read as a default.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::sandbox::faults::Paging;
use crate::sandbox::http::answer::Problem;

/// The largest page. The API document gives none; a larger one is refused, never cut.
const PAGE_LIMIT: usize = 1000;

/// What follows the `?`, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query, Problem> {
        Ok(Query::read(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    fn read(text: &str) -> Query {
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        Query(pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned())).collect())
    }

    /// Refuses every name but these, which are lower case.
    pub(crate) fn only(&self, names: &[&str]) -> Result<(), Problem> {
        match self.0.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            Some((name, _)) => Err(Problem::invalid(format!("there is no query parameter {name:?}"))),
            None => Ok(()),
        }
    }

    /// All values of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(held, _)| held == name).map(|(_, value)| value.as_str())
    }

    /// The value of a name, if there is one that is not empty.
    pub(crate) fn one<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).find(|value| !value.is_empty())
    }

    /// The number of a name.
    ///
    /// # Errors
    /// The value is none.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let read = |value: &str| {
            value.parse().map_err(|_| Problem::invalid(format!("{name} {value:?} is no number")))
        };
        self.one(name).map(read).transpose()
    }

    /// Whether a name is `true`.
    ///
    /// # Errors
    /// It is neither `true` nor `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.one(name).map(str::to_ascii_lowercase).as_deref() {
            Some("true") => Ok(true),
            Some("false") | None => Ok(false),
            Some(value) => Err(Problem::invalid(format!("{name} {value:?} is neither true nor false"))),
        }
    }

    /// The page asked for: `page` from 1, `pageSize` 50 by default and at most 1000.
    ///
    /// # Errors
    /// One of them is out of range.
    pub(crate) fn paging(&self) -> Result<Paging, Problem> {
        let read = |name: &str, default: usize| -> Result<usize, Problem> {
            Ok(self.number(name)?.map_or(default, |number| usize::try_from(number).unwrap_or(usize::MAX)))
        };
        let paging = Paging { page: read("page", 1)?, size: read("pagesize", 50)? };
        if paging.page == 0 {
            return Err(Problem::invalid("pages are counted from 1"));
        }
        if !(1..=PAGE_LIMIT).contains(&paging.size) {
            return Err(Problem::invalid(format!("a page has 1 to {PAGE_LIMIT} elements")));
        }
        Ok(paging)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case_and_unknown_ones_refused() {
        let query = Query::read("Filters=tracked&filters=untracked&Term=a%20b&IncludeGroupData=True");
        assert_eq!(query.all("filters").collect::<Vec<_>>(), ["tracked", "untracked"]);
        assert_eq!(query.one("term"), Some("a b"));
        assert_eq!(query.flag("includegroupdata"), Ok(true));
        assert!(query.only(&["filters", "term", "includegroupdata"]).is_ok());
        assert!(query.only(&["filters", "term"]).is_err());
    }

    #[test]
    fn a_page_out_of_range_is_refused() {
        for (text, expected) in [
            ("", Some((1, 50))),
            ("Page=3&PageSize=1000", Some((3, 1000))),
            ("page=0", None),
            ("pageSize=0", None),
            ("pageSize=1001", None),
            ("page=-1", None),
        ] {
            let paging = Query::read(text).paging();
            assert_eq!(paging.ok().map(|paging| (paging.page, paging.size)), expected, "{text}");
        }
    }
}
