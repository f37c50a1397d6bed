//! Whose turn is it? One limiter is shared by every request of a run, and lets them out one after the other.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use crate::http::limits::Limits;
use crate::http::rate_limit::{Closed, RateLimit};
use crate::http::waits::{FirstAnswer, Wait};

/// Lets the requests of a run out, as many and as fast as the account takes them. Cheap to clone; clones are one limiter.
#[derive(Clone)]
pub struct Limiter {
    shared: Arc<Shared>,
}

struct Shared {
    limits: Limits,
    rate_limit: Mutex<RateLimit>,
    /// Held by the request that is next: the others wait in the order they came in.
    turn: tokio::sync::Mutex<()>,
    /// A request is no longer under way.
    over: Notify,
    /// Why no more writes leave, if so.
    shut: watch::Sender<Option<Shut>>,
    /// Whether anything was answered yet.
    first: FirstAnswer,
    /// How the account last said that there are too many requests.
    too_much: AtomicU16,
}

/// Why a run sends no more writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// It was told to stop.
    Told,
    /// The account answered one request 429 so often that it was given up.
    Full,
}

impl std::fmt::Display for Shut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Told => "the run was stopped",
            Self::Full => "the account takes no more requests (429)",
        })
    }
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

impl Limiter {
    /// A limiter that knows nothing of the account yet.
    pub fn new(limits: Limits) -> Self {
        let rate_limit = Mutex::new(RateLimit::new(limits, Instant::now()));
        let (turn, over, shut) = (tokio::sync::Mutex::default(), Notify::new(), watch::Sender::new(None));
        let (first, too_much) = (FirstAnswer::default(), AtomicU16::new(429));
        let shared = Shared { limits, rate_limit, turn, over, shut, first, too_much };
        Self { shared: Arc::new(shared) }
    }

    /// What it never goes beyond.
    pub fn limits(&self) -> Limits {
        self.shared.limits
    }

    /// How many requests leave a minute, where that was given or the account has shown what it takes.
    pub fn per_minute(&self) -> Option<u64> {
        let known = self.shared.rate_limit().known()?;
        Duration::try_from_secs_f64(known * 60.0).ok().map(|minute| minute.as_secs())
    }

    /// What the run waits for, besides an answer that is no later than others.
    pub fn waits(&self) -> Option<Wait> {
        let status = StatusCode::from_u16(self.shared.too_much.load(Ordering::Relaxed)).unwrap_or_default();
        let quiet = |until| Wait::Quiet { status, until };
        self.shared.first.wait().or_else(|| self.shared.rate_limit().quiet_until(Instant::now()).map(quiet))
    }

    /// Whether anything was answered yet.
    pub(in crate::http) fn first(&self) -> &FirstAnswer {
        &self.shared.first
    }

    /// Lets no more writes out: those that wait for their turn are not sent. What is under way can be looked at as ever.
    pub fn shut(&self, why: Shut) {
        self.shared.shut.send_if_modified(|shut| {
            let first = shut.is_none();
            shut.get_or_insert(why);
            first
        });
    }

    /// Waits until no more writes may leave; answers why.
    pub(in crate::http) async fn is_shut(&self) -> Shut {
        let mut shut = self.shared.shut.subscribe();
        let why = shut.wait_for(Option::is_some).await.ok().and_then(|why| *why);
        match why {
            Some(why) => why,
            // The sender lives as long as this limiter.
            None => std::future::pending().await,
        }
    }

    /// Waits until a request may leave.
    pub(in crate::http) async fn admit(&self) -> Pass<'_> {
        let shared = &*self.shared;
        let _turn = shared.turn.lock().await;
        loop {
            let left = Instant::now();
            let closed = shared.rate_limit().admit(left);
            match closed {
                Ok(()) => return Pass { shared, left },
                Err(Closed::Until(moment)) => sleep_until(moment).await,
                Err(Closed::UntilAnswered) => shared.over.notified().await,
            }
        }
    }
}

impl Shared {
    fn rate_limit(&self) -> MutexGuard<'_, RateLimit> {
        self.rate_limit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that was let out; dropped when it is no longer under way.
pub(in crate::http) struct Pass<'a> {
    shared: &'a Shared,
    left: Instant,
}

impl Pass<'_> {
    /// The account took it, whatever it thinks of it.
    pub(in crate::http) fn taken(&self) {
        self.shared.rate_limit().taken(Instant::now());
    }

    /// The account takes no more for now, which it says by this status. `hold` says how long it is left alone, by how often it
    /// has said so in a row.
    pub(in crate::http) fn refused(&self, status: StatusCode, hold: impl Fn(u32) -> Duration) {
        self.shared.too_much.store(status.as_u16(), Ordering::Relaxed);
        self.shared.rate_limit().refused(self.left, Instant::now(), hold);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.shared.rate_limit().over();
        self.shared.over.notify_one();
    }
}
