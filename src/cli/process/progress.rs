//! How does somebody at a terminal see that the run is getting on?

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::{Instant, Interval, interval_at};

use crate::apply::{Doubt, Event, Forecast};
use crate::cli::process::context::Context;
use crate::http::{Limiter, Wait, in_words};
use crate::plan::PhaseKind;

/// How often a run that nobody watches says how far it is: often enough for those who end what is silent.
const SAID_EVERY: Duration = Duration::from_mins(1);
/// How long nothing at all may be answered before that is said.
const PLAIN_WAIT: Duration = Duration::from_secs(15);
/// A shorter time that the account wants to be left alone for is not worth a word.
const SHORT: Duration = Duration::from_secs(5);
/// How often it is looked whether there is something to say.
const LOOK: Duration = Duration::from_secs(1);

/// Reads the account, and says meanwhile that it does and what it waits for.
pub(crate) async fn reading<T>(
    cx: &Context,
    limiter: &Limiter,
    mut work: impl Future<Output = T> + Unpin,
) -> T {
    let progress = Progress::reading();
    let mut teller = Teller::of(limiter);
    loop {
        tokio::select! {
            done = &mut work => return done,
            words = teller.next() => match words {
                Told::Wait(words) => progress.aside(|| cx.say(&words)),
                Told::Minute if progress.0.is_hidden() => cx.say("still reading the account"),
                Told::Minute => {}
            }
        }
    }
}

/// Says what a run waits for, once each, and what passes by the minute.
#[derive(Debug)]
pub(crate) struct Teller {
    limiter: Limiter,
    looks: Interval,
    minute: Instant,
    said_first: bool,
    said_until: Option<Instant>,
}

/// Something to say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// What the run waits for, and until when.
    Wait(String),
    /// A minute is over, and nothing holds the run up.
    Minute,
}

impl Teller {
    /// For a run whose requests go through this limiter.
    pub(crate) fn of(limiter: &Limiter) -> Self {
        let now = Instant::now();
        let limiter = limiter.clone();
        Self {
            limiter,
            looks: interval_at(now + LOOK, LOOK),
            minute: now + SAID_EVERY,
            said_first: false,
            said_until: None,
        }
    }

    /// Waits until there is something to say.
    pub(crate) async fn next(&mut self) -> Told {
        loop {
            self.looks.tick().await;
            if let Some(told) = self.look(self.limiter.waits(), Instant::now()) {
                return told;
            }
        }
    }

    fn look(&mut self, wait: Option<Wait>, now: Instant) -> Option<Told> {
        let minute = now >= self.minute;
        if minute {
            self.minute = now + SAID_EVERY;
        }
        match wait {
            Some(Wait::FirstAnswer { since, .. }) if now < since + PLAIN_WAIT => None,
            Some(Wait::FirstAnswer { line, until, .. }) => {
                let due = minute || !std::mem::replace(&mut self.said_first, true);
                let words =
                    || format!("nothing was answered yet, {line} is waited for until {}", at(until, now));
                due.then(|| Told::Wait(words()))
            }
            Some(Wait::Quiet { status, until }) if minute || self.is_news(until, now) => {
                self.said_until = Some(until);
                let why = status.as_u16();
                Some(Told::Wait(format!(
                    "the account takes no more requests for now ({why}), it is left alone until {}",
                    at(until, now)
                )))
            }
            _ => minute.then_some(Told::Minute),
        }
    }

    /// Whether a time to be left alone was not said yet, and is worth it.
    fn is_news(&self, until: Instant, now: Instant) -> bool {
        let known = self.said_until.is_some_and(|said| until <= said + SHORT);
        !known && until > now + SHORT
    }
}

/// The time of day of a moment, and how far it is.
fn at(moment: Instant, now: Instant) -> String {
    let left = moment.saturating_duration_since(now);
    format!("{} ({})", Context::time_of_day_in(left), in_words(left))
}

/// A line on stderr that changes in place; nothing at all where stderr is no terminal.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// The account is being read.
    pub(crate) fn reading() -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_message("reading the account");
        // A short reading shows nothing.
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// What was forecast is being carried out: how much of it is done, and when the rest will be.
    pub(crate) fn applying(forecast: &Forecast) -> Self {
        let bar = ProgressBar::new(count(forecast.total()));
        let line = "{bar:24} {pos} of {len} requests, {eta} left: {msg}";
        if let Ok(style) = ProgressStyle::with_template(line) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Something happened.
    pub(crate) fn note(&self, event: Event) {
        match event {
            Event::Phase(kind) => self.0.set_message(doing(kind)),
            Event::Settling(..) => {
                self.0.set_message("HR snapshot: watching the HR groups before it is sent");
            }
            Event::Uploading => self.0.set_message("HR snapshot: waiting until the account shows it"),
            Event::Lingering(_) => self.0.set_message("HR snapshot: watching whether it stays"),
            Event::Sent(requests) => self.0.inc(count(requests)),
            Event::Settled => {}
        }
    }

    /// How far a long run is, where no line shows it.
    pub(crate) fn so_far(&self) -> Option<String> {
        let (done, all) = (self.0.position(), self.0.length().unwrap_or_default());
        self.0.is_hidden().then(|| format!("{done} of {all} requests so far: {}", self.0.message()))
    }

    /// Makes room for something else that is said on stderr.
    pub(crate) fn aside(&self, say: impl FnOnce()) {
        self.0.suspend(say);
    }
}

/// The line goes away with what it shows.
impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn count(requests: usize) -> u64 {
    u64::try_from(requests).unwrap_or(u64::MAX)
}

/// What is said even where nobody watches a line: why a run that seems to stand still does.
pub(crate) fn aloud(event: Event) -> Option<String> {
    let (doubt, time) = match event {
        Event::Settling(doubt, time) => (doubt, time),
        Event::Uploading => {
            return Some("the HR snapshot goes out; waiting until the account shows it".to_owned());
        }
        Event::Lingering(time) if time.is_zero() => return None,
        Event::Lingering(time) => {
            return Some(format!(
                "the account shows the HR snapshot; whether it stays is looked at once more in {} or more",
                in_words(time)
            ));
        }
        Event::Phase(_) | Event::Settled | Event::Sent(_) => return None,
    };
    let why = match doubt {
        Doubt::NoMemory => {
            "nothing in .rollcall/ says that no other upload is being processed (keep it between runs)"
        }
        Doubt::NotAsLeft => "the HR groups are not as the last upload from here left them",
    };
    let time = Some(time).filter(|time| !time.is_zero()).map(in_words)?;
    Some(format!("watching the HR groups for {time} or more before the snapshot is sent: {why}"))
}

const fn doing(kind: PhaseKind) -> &'static str {
    match kind {
        PhaseKind::Users => "users",
        PhaseKind::Agents => "agents",
        PhaseKind::Claims => "what waited for agents",
        PhaseKind::Tracking => "tracking",
        PhaseKind::Exclusions => "exclusions",
        PhaseKind::Groups => "groups",
        PhaseKind::Members => "members of groups",
        PhaseKind::Statuses => "status of users",
        PhaseKind::Snapshot => "HR snapshot",
        PhaseKind::PrimaryGroups => "primary groups",
        PhaseKind::Deletions => "deletions",
        PhaseKind::Orders => "orders",
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::http::{Limits, Line, Method, StatusCode};
    use crate::run::sample;

    #[test]
    fn without_a_terminal_a_run_says_how_far_it_is() {
        let progress = Progress::applying(&Forecast::of(&sample::plan(), crate::account::Family::Identity));
        progress.0.set_length(2000);
        progress.note(Event::Phase(PhaseKind::Members));
        progress.note(Event::Sent(120));
        assert_eq!(progress.so_far().as_deref(), Some("120 of 2000 requests so far: members of groups"));
    }

    fn teller() -> Teller {
        Teller::of(&Limiter::new(Limits::of(NonZeroUsize::MIN)))
    }

    fn words(told: Option<Told>) -> String {
        match told {
            Some(Told::Wait(words)) => words,
            Some(Told::Minute) => "a minute".to_owned(),
            None => String::new(),
        }
    }

    #[tokio::test]
    async fn that_nothing_was_answered_yet_is_said_after_15_seconds_and_then_by_the_minute() {
        let (mut teller, start) = (teller(), Instant::now());
        let line = Line { method: Method::GET, path: "/scim/v1/ping".into() };
        let until = start + Duration::from_mins(2);
        let wait = || Some(Wait::FirstAnswer { line: line.clone(), since: start, until });
        let mut at = |seconds| words(teller.look(wait(), start + Duration::from_secs(seconds)));
        assert_eq!(at(14), "");
        let said = at(15);
        assert!(
            said.starts_with("nothing was answered yet, GET /scim/v1/ping is waited for until "),
            "{said}"
        );
        assert!(said.ends_with(" UTC (1m 45s)"), "{said}");
        assert_eq!(at(16), "");
        assert!(at(61).ends_with("(59s)"));
    }

    #[tokio::test]
    async fn an_account_that_wants_to_be_left_alone_is_told_once_and_by_the_minute() {
        let (mut teller, start) = (teller(), Instant::now());
        let wait = |seconds| {
            let until = start + Duration::from_secs(seconds);
            Some(Wait::Quiet { status: StatusCode::TOO_MANY_REQUESTS, until })
        };
        assert_eq!(words(teller.look(wait(4), start)), "", "a moment is not worth a word");
        let said = words(teller.look(wait(3600), start));
        assert!(said.contains("(429)") && said.ends_with("(1h)"), "{said}");
        assert_eq!(words(teller.look(wait(3601), start + Duration::from_secs(1))), "", "it was said");
        assert!(words(teller.look(wait(3600), start + Duration::from_mins(1))).ends_with("(59m)"));
        assert_eq!(words(teller.look(None, start + Duration::from_mins(2))), "a minute");
    }
}
