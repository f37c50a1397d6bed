//! How does somebody at a terminal see that the run is getting on?

use std::convert::Infallible;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;

use crate::apply::{Doubt, Event, Forecast};
use crate::cli::context::Context;
use crate::plan::PhaseKind;

/// How often a run that nobody watches says how far it is: often enough for those who end what is silent.
pub(crate) const SAID_EVERY: Duration = Duration::from_mins(1);

/// Says every minute that the account is still being read, where no line shows it; never ends.
pub(crate) async fn still_reading(cx: &Context) -> Infallible {
    loop {
        tokio::time::sleep(SAID_EVERY).await;
        if !Context::is_on_a_terminal() {
            cx.say("still reading the account");
        }
    }
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
        Event::Phase(_) | Event::Settled | Event::Sent(_) => return None,
    };
    let why = match doubt {
        Doubt::NoMemory => {
            "nothing in .rollcall/ says that no other upload is being processed (keep it between runs)"
        }
        Doubt::NotAsLeft => "the HR groups are not as the last upload from here left them",
    };
    let time = SignedDuration::try_from(time).ok().filter(|time| !time.is_zero())?;
    Some(format!("watching the HR groups for {time:#} before the snapshot is sent: {why}"))
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
        PhaseKind::Snapshot => "HR snapshot",
        PhaseKind::PrimaryGroups => "primary groups",
        PhaseKind::Deletions => "deletions",
        PhaseKind::Orders => "orders",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn without_a_terminal_a_run_says_how_far_it_is() {
        let progress = Progress::applying(&Forecast::of(&sample::plan(), crate::account::Family::Identity));
        progress.0.set_length(2000);
        progress.note(Event::Phase(PhaseKind::Members));
        progress.note(Event::Sent(120));
        assert_eq!(progress.so_far().as_deref(), Some("120 of 2000 requests so far: members of groups"));
    }
}
