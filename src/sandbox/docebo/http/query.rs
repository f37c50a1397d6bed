//! The query of a request: unknown names are refused, so that a typo does not read as a default.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::sandbox::docebo::http::answer::Problem;
use crate::sandbox::docebo::rules::Order;

/// What every list takes.
const OF_LISTS: [&str; 7] =
    ["page", "page_size", "get_total_count", "sort_attr", "sort_dir", "search_text", "lang"];

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
        Query(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// Refuses every name but these; one that ends in `[]` may be written without it.
    pub(crate) fn only(&self, names: &[&str]) -> Result<(), Problem> {
        let is_known = |held: &str| names.iter().any(|it| *it == held || it.strip_suffix("[]") == Some(held));
        match self.0.iter().find(|(name, _)| !is_known(name)) {
            Some((name, _)) => Err(Problem::invalid(format!("there is no query parameter {name:?}"))),
            None => Ok(()),
        }
    }

    /// Refuses every name but these and those of every list.
    pub(crate) fn of_list(&self, names: &[&str]) -> Result<(), Problem> {
        self.only(&[&OF_LISTS[..], names].concat())
    }

    /// The value of a name, if there is one that is not empty.
    pub(crate) fn one<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).find(|value| !value.is_empty())
    }

    /// All values of a name, which may be written with `[]` behind it.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let is_it = move |held: &str| held.strip_suffix("[]").unwrap_or(held) == name;
        self.0.iter().filter(move |(held, _)| is_it(held)).map(|(_, value)| value.as_str())
    }

    /// The number of a name.
    ///
    /// # Errors
    /// The value is none.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        self.one(name).map(|value| number(name, value)).transpose()
    }

    /// The numbers of a name that may be there more than once.
    ///
    /// # Errors
    /// One of them is none.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<u64>, Problem> {
        self.all(name).map(|value| number(name, value)).collect()
    }

    /// Whether a name is 1.
    ///
    /// # Errors
    /// It is neither 1 nor 0.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.one(name) {
            Some("1" | "true") => Ok(true),
            Some("0" | "false") | None => Ok(false),
            Some(value) => Err(Problem::invalid(format!("{name} {value:?} is neither 1 nor 0"))),
        }
    }

    /// Which way the list is to run.
    ///
    /// # Errors
    /// There is no such way.
    pub(crate) fn order(&self) -> Result<Order, Problem> {
        match self.one("sort_dir") {
            None | Some("asc") => Ok(Order::Up),
            Some("desc") => Ok(Order::Down),
            Some(value) => Err(Problem::invalid(format!("sort_dir {value:?} is neither asc nor desc"))),
        }
    }

    /// What the list is to be sorted by, if anything.
    ///
    /// # Errors
    /// It can't be sorted by that.
    pub(crate) fn key<K>(&self, of: impl Fn(&str) -> Option<K>, usual: K) -> Result<K, Problem> {
        match self.one("sort_attr") {
            None => Ok(usual),
            Some(word) => {
                of(word).ok_or_else(|| Problem::invalid(format!("there is no sort_attr {word:?} here")))
            }
        }
    }
}

fn number(name: &str, value: &str) -> Result<u64, Problem> {
    value.parse().map_err(|_| Problem::invalid(format!("{name} {value:?} is no number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_and_what_is_unknown_refused() {
        let query =
            Query::read("page=2&search_text=a%20b&get_total_count=1&sort_dir=desc&id_user[]=3&id_user[]=4");
        assert_eq!((query.one("search_text"), query.number("page")), (Some("a b"), Ok(Some(2))));
        assert_eq!((query.flag("get_total_count"), query.order()), (Ok(true), Ok(Order::Down)));
        assert_eq!(query.numbers("id_user"), Ok(vec![3, 4]));
        assert!(query.of_list(&["id_user[]"]).is_ok());
        assert!(query.of_list(&[]).is_err());
        assert!(Query::read("page=x").number("page").is_err());
        assert!(Query::read("sort_dir=up").order().is_err());
    }
}
