//! How is a request called in errors and logs?

use std::fmt;

use reqwest::Method;

/// Method and path of a request: what errors and logs say about it. Queries hold people's addresses and are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `GET`, `POST`, …
    pub method: Method,
    /// The path below the endpoint.
    pub path: Box<str>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
