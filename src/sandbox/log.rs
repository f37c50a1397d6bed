//! The record of what a sandbox was asked, in order.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// The most requests that are remembered; the oldest go first.
const LIMIT: usize = 100_000;

/// One request, whatever the answer was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path and the query as they were sent.
    pub path: String,
    /// The body as text; bytes that are no UTF-8 are replaced.
    pub body: String,
    /// Whether it could have changed the account.
    pub kind: RequestKind,
}

/// Whether a request could change the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A GET, or a search that is a POST.
    Read,
    /// Everything else.
    Write,
}

impl LoggedRequest {
    /// Whether it could have changed the account.
    pub fn is_write(&self) -> bool {
        self.kind == RequestKind::Write
    }
}

impl RequestKind {
    /// What a request is by its method and path.
    pub(crate) fn of(method: &str, path: &str) -> RequestKind {
        match (method, path) {
            ("GET" | "HEAD", _) | ("POST", "/identity/v2/entities/search") => RequestKind::Read,
            _ => RequestKind::Write,
        }
    }
}

/// The requests so far.
#[derive(Default)]
pub(crate) struct Log(Mutex<VecDeque<LoggedRequest>>);

impl Log {
    /// Remembers one.
    pub(crate) fn push(&self, request: LoggedRequest) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() == LIMIT {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    /// All that are remembered.
    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
