//! What does a run wait for? The first answer of all, or an account that wants to be left alone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;

use crate::http::line::Line;

/// What a run waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Nothing was answered yet.
    FirstAnswer {
        /// The first request.
        line: Line,
        /// When it left.
        since: Instant,
        /// Then the run gives up.
        until: Instant,
    },
    /// The account takes no more requests for now.
    Quiet {
        /// How it said so: 429 or 503.
        status: StatusCode,
        /// Then it is asked again.
        until: Instant,
    },
}

/// Whether the account has answered anything in this run: until then, all waiting together has an end.
#[derive(Debug, Default)]
pub(in crate::http) struct FirstAnswer(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    Unasked,
    Asked {
        line: Line,
        since: Instant,
        until: Instant,
    },
    Answered,
}

impl FirstAnswer {
    /// A request leaves. How long it may take, where nothing was answered before; `patience` is how long the first answer of all
    /// may take from the first request on.
    pub(in crate::http) fn asked(&self, line: &Line, patience: Duration) -> Option<Duration> {
        let now = Instant::now();
        let mut state = self.state();
        if let State::Unasked = *state {
            *state = State::Asked { line: line.clone(), since: now, until: now + patience };
        }
        match *state {
            State::Asked { until, .. } => Some(until.saturating_duration_since(now)),
            State::Unasked | State::Answered => None,
        }
    }

    /// There was an answer, whatever it says.
    pub(in crate::http) fn answered(&self) {
        *self.state() = State::Answered;
    }

    /// Whether it did not come in time.
    pub(in crate::http) fn is_overdue(&self) -> bool {
        matches!(*self.state(), State::Asked { until, .. } if Instant::now() >= until)
    }

    /// What is waited for.
    pub(in crate::http) fn wait(&self) -> Option<Wait> {
        match &*self.state() {
            State::Asked { line, since, until } => {
                Some(Wait::FirstAnswer { line: line.clone(), since: *since, until: *until })
            }
            State::Unasked | State::Answered => None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
