//! How many requests does the account take in a second, and which did it turn away?

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// How a refusal says when to come back. The API document knows of no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// `Retry-After: 1`
    Seconds,
    /// `Retry-After` with a date, a second after the answer's own.
    Date,
    /// Not at all.
    Silence,
}

/// A bucket: so many requests a second, and as many saved up.
pub(crate) struct Throttle {
    rate: f64,
    advice: Advice,
    level: Mutex<Level>,
}

struct Level {
    saved: f64,
    at: Instant,
    /// Requests so far.
    seen: usize,
    turned_away: Vec<usize>,
}

impl Throttle {
    pub(crate) fn new(rate: NonZeroU32, advice: Advice) -> Throttle {
        let rate = f64::from(rate.get());
        let level = Level { saved: rate, at: Instant::now(), seen: 0, turned_away: Vec::new() };
        Throttle { rate, advice, level: Mutex::new(level) }
    }

    /// Takes a request, or says how it is turned away.
    pub(crate) fn turns_away(&self, now: Instant) -> Option<Advice> {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_duration_since(level.at).as_secs_f64();
        level.saved = self.rate.min(level.saved + passed * self.rate);
        level.at = now;
        level.seen += 1;
        if level.saved >= 1.0 {
            level.saved -= 1.0;
            return None;
        }
        let number = level.seen;
        level.turned_away.push(number);
        Some(self.advice)
    }

    /// The numbers of the requests that were turned away, from 1.
    pub(crate) fn turned_away(&self) -> Vec<usize> {
        self.level.lock().unwrap_or_else(PoisonError::into_inner).turned_away.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_second_gives_so_many_requests_and_no_more_than_that_are_saved_up() {
        let throttle = Throttle::new(NonZeroU32::new(3).unwrap(), Advice::Date);
        let start = Instant::now();
        let takes = |after| throttle.turns_away(start + Duration::from_millis(after)).is_none();
        assert_eq!([0, 0, 0, 0].map(takes), [true, true, true, false]);
        assert_eq!([400, 400].map(takes), [true, false]);
        assert_eq!([9000, 9000, 9000, 9000].map(takes), [true, true, true, false]);
        assert_eq!(throttle.turned_away(), [4, 6, 10]);
    }
}
