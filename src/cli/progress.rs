//! How does somebody at a terminal see that the run is getting on?

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;

use crate::apply::{Doubt, Event};
use crate::plan::PhaseKind;

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

    /// So many steps are being carried out.
    pub(crate) fn applying(steps: usize) -> Self {
        let bar = ProgressBar::new(u64::try_from(steps).unwrap_or(u64::MAX));
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}") {
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
            Event::Settled => self.0.inc(1),
        }
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

/// What is said even where nobody watches a line: why a run that seems to stand still does.
pub(crate) fn aloud(event: Event) -> Option<String> {
    let Event::Settling(doubt, time) = event else { return None };
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
