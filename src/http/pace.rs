//! How long to wait: before trying again, while polling, and until a request is given up.

use std::time::Duration;

use tokio::time::Instant;

use crate::http::endpoint::Endpoint;

/// The first delay; the others double.
pub(in crate::http) const FIRST: Duration = Duration::from_secs(1);
/// No single delay of our own is longer; a server may ask for as much, unless a run has more patience.
pub const LONGEST: Duration = Duration::from_mins(1);

/// The one value all waiting goes through.
///
/// Delays of our own (backoff, polling) are multiplied by a factor, so that tests and the sandbox run fast. Timeouts are not,
/// nor what a server asks for by Retry-After: it counts in real time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    factor: f64,
    connect: Duration,
    total: Duration,
    patience: Duration,
}

impl Pace {
    /// The pace for a real account: delays of 1, 2, 4, 8 s with jitter, 10 s to connect, 60 s for a whole request.
    pub const fn real() -> Self {
        Self {
            factor: 1.0,
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
            patience: LONGEST,
        }
    }

    /// The pace for a host: delays spare a service that people share, and nobody shares this machine's.
    pub fn at(endpoint: &Endpoint) -> Self {
        if endpoint.is_loopback() { Self::real().scaled(0.02) } else { Self::real() }
    }

    /// The same with every delay multiplied by `factor`, between 0 and 100.
    #[must_use]
    pub const fn scaled(self, factor: f64) -> Self {
        Self { factor: factor.max(0.0).min(100.0), ..self }
    }

    /// The same with another time to wait for a whole answer.
    #[must_use]
    pub const fn with_timeout(self, total: Duration) -> Self {
        Self { total, ..self }
    }

    /// The same for a run that leaves the account alone for longer than a minute, where it asks for it.
    #[must_use]
    pub const fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The longest that the account may ask to be left alone, in real time; where it asks for more, the run ends.
    pub const fn patience(&self) -> Duration {
        self.patience
    }

    /// How long the first answer of a run may take, all attempts together.
    pub const fn first_answer(&self) -> Duration {
        self.total.saturating_mul(2)
    }

    /// How long a connection may take.
    pub const fn connect_timeout(&self) -> Duration {
        self.connect
    }

    /// How long a request may take, connection and body included.
    pub const fn total_timeout(&self) -> Duration {
        self.total
    }

    /// Waits for a delay, scaled.
    pub async fn wait(&self, delay: Duration) {
        tokio::time::sleep(self.scale(delay)).await;
    }

    /// What becomes of a delay.
    pub(in crate::http) fn scale(&self, delay: Duration) -> Duration {
        delay.min(LONGEST).mul_f64(self.factor)
    }

    /// Waits for as long as somebody asked for, scaled.
    pub async fn settle(&self, time: Duration) {
        tokio::time::sleep(self.span(time)).await;
    }

    /// A span of time, scaled.
    pub fn span(&self, time: Duration) -> Duration {
        time.mul_f64(self.factor)
    }

    /// A poll loop that gives up after `deadline` (real time, not scaled).
    pub fn poll(&self, deadline: Duration) -> Polling {
        Polling { pace: *self, next: FIRST, until: Instant::now() + deadline }
    }
}

/// A poll loop: look, [`Polling::tick`], look again, … until there is no time left.
#[derive(Debug)]
pub struct Polling {
    pace: Pace,
    next: Duration,
    until: Instant,
}

impl Polling {
    /// Waits for the next look; the delays are 1, 2, 4, … s. `None` when the deadline has passed.
    pub async fn tick(&mut self) -> Option<()> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        tokio::time::sleep(self.next.mul_f64(self.pace.factor).min(left)).await;
        self.next = (self.next * 2).min(LONGEST);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Pace;

    #[tokio::test]
    async fn polling_looks_once_more_at_the_deadline_and_then_ends() {
        let started = Instant::now();
        let mut polling = Pace::real().scaled(0.2).poll(Duration::from_millis(1200));
        let mut looks = 0;
        while polling.tick().await.is_some() {
            looks += 1;
        }
        assert_eq!(looks, 3, "200 ms, 400 ms, what is left of 1.2 s");
        assert!(started.elapsed() >= Duration::from_millis(1200));
        assert!(Pace::real().poll(Duration::ZERO).tick().await.is_none());
    }
}
