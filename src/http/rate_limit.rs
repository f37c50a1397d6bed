//! How many requests may leave, and when: what is known of how much an account takes.
//!
//! Nobody publishes ActivTrak's limits, so they are found out. Until the account says no (429, 503), only the number of
//! requests under way is limited, and it grows with every good answer. A no says how much was taken until then; from there
//! requests leave at a rate, not faster than 95 % of what is known to be taken:
//!
//! - The first no gives an estimate, because what an account had saved up for us counts with it. The rate starts below the
//!   estimate and doubles each second, until the second no.
//! - Between two refusals nothing is saved up: what was taken between them, over that time, is what the account takes. From there
//!   the rate stays, and a further no, by somebody else's requests for example, takes it down to what is measured then, or to
//!   half. After a calm time what was taken for such a time before is tried again; where that is too much at once, the next
//!   trial is later.
//!
//! Why not `governor`: its rate is fixed when it is made, it knows neither holds nor requests under way, and the measuring
//! would be here all the same. What it would save is the eight lines of [`RateLimit::admit`].

use std::time::Duration;

use tokio::time::Instant;

use crate::http::limits::Limits;

/// How near to what an account takes a run stays.
const MARGIN: f64 = 0.95;
/// What one good answer adds to the rate: at any rate, as much as doubles it in a second.
const GROWTH: f64 = std::f64::consts::LN_2;
/// Requests under way at the start; every good answer adds one.
const AT_FIRST: f64 = 2.0;
/// No rate is slower, in requests per second.
const SLOWEST: f64 = 0.5;
/// A measurement over less than this is an estimate; one across a longer silence is none.
const MOMENT: Duration = Duration::from_secs(1);
/// So is one by fewer requests: once as many are taken at its rate, the search goes on.
const MANY: u32 = 10;
/// An estimate that is exceeded by so much says nothing.
const FAR: f64 = 1.25;
/// How far back a turn that nobody used may be made up for, so that late timers don't add up.
const SLACK: Duration = Duration::from_millis(20);

/// How long all has to be taken until a rate that was taken down is tried anew, at first and at most.
const CALM: Duration = Duration::from_secs(20);
const LONGEST_CALM: Duration = Duration::from_mins(10);
/// A no so soon after a trial is an answer to it.
const SOON: Duration = Duration::from_secs(3);

/// Why a request may not leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Closed {
    /// Not before this moment.
    Until(Instant),
    /// Not before another one is answered.
    UntilAnswered,
}

/// When a request may leave, by what the answers before it were.
#[derive(Debug)]
pub(in crate::http) struct RateLimit {
    under_way: u32,
    at_once: f64,
    /// No more requests are under way.
    most: f64,
    /// Requests per second; infinite until an account says no.
    rate: f64,
    /// The rate grows as far as this.
    top: f64,
    /// No rate is faster, whatever is found out.
    ceiling: f64,
    /// What the account takes, as far as is known.
    good: Option<f64>,
    /// Whether that is measured by few requests.
    unsure: bool,
    /// The most that it took for a calm time: a rate that was taken down comes back to it.
    held: f64,
    /// How long a calm time is.
    calm: Duration,
    /// When that was tried last.
    tried: Option<Instant>,
    /// When the next request may leave.
    next: Instant,
    stretch: Stretch,
    /// The last no.
    refused: Option<Instant>,
    /// Noes since the last good answer.
    in_a_row: u32,
}

/// What was taken since the last no, or since requests began.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    since: Instant,
    /// When requests were let out again after the no.
    resumed: Instant,
    /// When the last request left or was answered.
    last: Instant,
    taken: u32,
    begins: Begins,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// With whatever the account has saved up.
    Fresh,
    /// With nothing: the account had just said no.
    AfterNo,
}

impl Stretch {
    const fn new(since: Instant, resumed: Instant, begins: Begins) -> Self {
        Self { since, resumed, last: resumed, taken: 0, begins }
    }

    /// At least so many a second are taken, if the account is now left alone for a time.
    fn low(&self, now: Instant, hold: Duration) -> f64 {
        let hold = if self.begins == Begins::Fresh { hold } else { Duration::ZERO };
        per_second(self.taken, now - self.since + hold)
    }

    /// At most so many.
    fn high(&self, now: Instant) -> f64 {
        per_second(self.taken, now.saturating_duration_since(self.resumed))
    }
}

fn per_second(count: u32, time: Duration) -> f64 {
    // A no within a millisecond of the first request says nothing of a second.
    f64::from(count) / time.max(Duration::from_millis(1)).as_secs_f64()
}

impl RateLimit {
    pub(in crate::http) fn new(limits: Limits, now: Instant) -> Self {
        let most = f64::from(u32::try_from(limits.concurrency.get()).unwrap_or(u32::MAX));
        let ceiling = limits.rate.map_or(f64::INFINITY, |rate| rate.get().into());
        Self {
            under_way: 0,
            at_once: AT_FIRST.min(most),
            most,
            rate: ceiling,
            top: ceiling,
            ceiling,
            good: None,
            unsure: false,
            held: 0.0,
            calm: CALM,
            tried: None,
            next: now,
            stretch: Stretch::new(now, now, Begins::Fresh),
            refused: None,
            in_a_row: 0,
        }
    }

    /// Lets a request out, or says when to ask again.
    pub(in crate::http) fn admit(&mut self, now: Instant) -> Result<(), Closed> {
        if f64::from(self.under_way) + 1.0 > self.at_once {
            return Err(Closed::UntilAnswered);
        }
        if now < self.next {
            return Err(Closed::Until(self.next));
        }
        if self.under_way == 0 && now.saturating_duration_since(self.stretch.last) > MOMENT {
            self.stretch = Stretch::new(now, now, Begins::Fresh);
        }
        let turn = Duration::from_secs_f64(1.0 / self.rate);
        let slack = SLACK.max(turn);
        self.next = now.checked_sub(slack).map_or(self.next, |early| self.next.max(early)) + turn;
        self.under_way += 1;
        self.stretch.last = now;
        Ok(())
    }

    /// A request that was let out is no longer under way, whatever became of it.
    pub(in crate::http) const fn over(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// The account took a request.
    pub(in crate::http) fn taken(&mut self, now: Instant) {
        self.in_a_row = 0;
        self.stretch.taken += 1;
        self.stretch.last = now;
        let step = if self.good.is_none() { 1.0 } else { 1.0 / self.at_once };
        self.at_once = (self.at_once + step).min(self.most);
        self.rate = (self.rate + GROWTH).min(self.top);
        if self.good.is_none() || self.top >= self.ceiling {
            return;
        }
        if self.unsure && self.stretch.taken >= MANY {
            self.top = self.ceiling;
        } else if now >= self.stretch.resumed + self.calm {
            self.held_out(now);
        }
    }

    /// All was taken for a calm time, at a rate that does not grow any more.
    fn held_out(&mut self, now: Instant) {
        let good = self.good.unwrap_or_default();
        if good < self.held {
            self.stays_at(self.held);
            self.tried = Some(now);
        } else {
            self.held = good;
        }
    }

    /// The rate grows as far as the margin below what the account takes, and no further.
    fn stays_at(&mut self, good: f64) {
        self.good = Some(good);
        self.top = (good * MARGIN).max(SLOWEST).min(self.ceiling);
    }

    /// The account refused a request that left at some moment, because there are too many. Nothing leaves before `hold` is
    /// over, which is by how many refusals there were since the last good answer.
    pub(in crate::http) fn refused(&mut self, left: Instant, now: Instant, hold: impl Fn(u32) -> Duration) {
        // Those that were under way together are refused together: that is one no.
        if self.refused.is_some_and(|last| left <= last) {
            self.next = self.next.max(now + hold(self.in_a_row.saturating_sub(1)));
            return;
        }
        let hold = hold(self.in_a_row);
        let until = now + hold;
        self.in_a_row = self.in_a_row.saturating_add(1);
        let (low, high) = (self.stretch.low(now, hold), self.stretch.high(now));
        let brief = now - self.stretch.since < MOMENT;
        self.unsure = self.stretch.taken < MANY;
        let found = self.top >= self.ceiling && !brief && !self.unsure;
        let good = match self.good {
            None => low,
            // The estimate was far too low. The search doubles each second, and a second ago all was taken.
            Some(good) if found && good * FAR < low => low.max(self.rate / 2.0),
            Some(good) if found => good.clamp(low, high.max(low)),
            Some(good) => low.max(good / 2.0),
        };
        let good = good.max(SLOWEST);
        let search_goes_on = self.good.is_none() || brief;
        self.stays_at(good);
        if search_goes_on {
            self.top = self.ceiling;
        }
        if let Some(tried) = self.tried.take() {
            self.calm = if now - tried < SOON { (self.calm * 2).min(LONGEST_CALM) } else { CALM };
        }
        self.rate = (self.rate / 2.0).min(good * MARGIN).max(SLOWEST).min(self.top);
        self.at_once = (self.at_once / 2.0).max(1.0);
        self.refused = Some(now);
        self.next = until;
        self.stretch = Stretch::new(now, until, Begins::AfterNo);
    }

    /// Until when nothing leaves because the account said no, if so.
    pub(in crate::http) fn quiet_until(&self, now: Instant) -> Option<Instant> {
        Some(self.next).filter(|next| self.in_a_row > 0 && *next > now)
    }

    /// The rate that requests leave at, where one is known or given.
    pub(in crate::http) fn known(&self) -> Option<f64> {
        let known = self.good.map_or(f64::INFINITY, |good| good * MARGIN).min(self.ceiling);
        known.is_finite().then_some(known)
    }
}

#[cfg(test)]
mod tests;
