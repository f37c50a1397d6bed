//! What does a copy of the account show that is behind it? What it was some time ago.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// No copy is further behind: what is older is forgotten.
pub(crate) const MOST: Duration = Duration::from_mins(5);

tokio::task_local! {
    /// How far behind the copy is that answers the request of this task.
    static BEHIND: Duration;
}

/// Answers a request from a copy that is so far behind, if one does.
pub(crate) async fn answered_behind<T>(time: Option<Duration>, answer: impl Future<Output = T>) -> T {
    match time {
        Some(time) => BEHIND.scope(time, answer).await,
        None => answer.await,
    }
}

/// What the account was, until when.
pub(crate) struct History<S>(Mutex<VecDeque<(Instant, Arc<S>)>>);

impl<S> Default for History<S> {
    fn default() -> History<S> {
        History(Mutex::default())
    }
}

impl<S> History<S> {
    fn entries(&self) -> MutexGuard<'_, VecDeque<(Instant, Arc<S>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what the account was until now.
    pub(crate) fn keep(&self, state: S) {
        let now = Instant::now();
        let mut entries = self.entries();
        entries.push_back((now, Arc::new(state)));
        while entries.front().is_some_and(|(until, _)| *until + MOST < now) {
            entries.pop_front();
        }
    }

    /// What the copy shows that answers this task; nothing if it is as the account is.
    pub(crate) fn shown(&self) -> Option<Arc<S>> {
        let then = Instant::now().checked_sub(BEHIND.try_with(|time| *time).ok()?)?;
        let entries = self.entries();
        entries.iter().find(|(until, _)| *until > then).map(|(_, state)| Arc::clone(state))
    }
}
