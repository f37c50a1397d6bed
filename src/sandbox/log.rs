//! The record of what a sandbox was asked, in order.

use std::collections::{BTreeMap, VecDeque};
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
    /// What the account answered, whatever reached the sender; nothing for what was not carried out, or not yet.
    pub status: Option<u16>,
    /// What went wrong on the way, and what somebody else did right before.
    pub notes: Vec<String>,
}

/// Whether a request could change the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
pub(crate) struct Log(Mutex<Requests>);

#[derive(Default)]
struct Requests {
    kept: VecDeque<LoggedRequest>,
    /// Those that are no longer remembered.
    gone: usize,
    /// How many came, whether they are remembered or not: by API, as its paths begin, and by kind.
    counts: BTreeMap<(String, RequestKind), usize>,
}

impl Log {
    /// Remembers one; answers its number, from 1.
    pub(crate) fn push(&self, request: LoggedRequest) -> usize {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let api = request.path.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        *requests.counts.entry((api, request.kind)).or_default() += 1;
        if requests.kept.len() == LIMIT {
            requests.kept.pop_front();
            requests.gone += 1;
        }
        requests.kept.push_back(request);
        requests.gone + requests.kept.len()
    }

    /// Adds to what is remembered of a request.
    pub(crate) fn amend(&self, number: usize, with: impl FnOnce(&mut LoggedRequest)) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = number.checked_sub(requests.gone + 1);
        if let Some(request) = at.and_then(|at| requests.kept.get_mut(at)) {
            with(request);
        }
    }

    /// How many came so far.
    pub(crate) fn counts(&self) -> BTreeMap<(String, RequestKind), usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).counts.clone()
    }

    /// All that are remembered.
    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).kept.iter().cloned().collect()
    }
}
