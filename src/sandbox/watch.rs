//! What is seen of a sandbox while it runs: each request with its answer and what it changed, for whoever looks on.

use std::fmt;
use std::sync::Arc;

/// One request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path and the query as they were sent.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// What became different in the account: records by their numbers, without a name or an identifier.
    pub changes: Vec<String>,
    /// The body of the request, as text.
    pub sent: String,
    /// The body of the answer, as text.
    pub answered: String,
}

/// A line: method, path, status, and what changed.
impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.path, self.status)?;
        for (at, change) in self.changes.iter().enumerate() {
            write!(f, "{}{change}", if at == 0 { "  " } else { "; " })?;
        }
        Ok(())
    }
}

type Tell = dyn Fn(Sight) + Send + Sync;

/// Who looks on.
#[derive(Clone, Default)]
pub struct Watcher(Option<Arc<Tell>>);

impl Watcher {
    /// Somebody who is told of each request.
    pub fn new(tell: impl Fn(Sight) + Send + Sync + 'static) -> Watcher {
        Watcher(Some(Arc::new(tell)))
    }

    /// How to tell, if anybody looks on.
    pub(crate) fn told(&self) -> Option<&Tell> {
        self.0.as_deref()
    }
}

/// Says whether somebody looks on.
impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watcher(..)" } else { "Watcher(nobody)" })
    }
}
