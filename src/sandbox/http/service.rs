//! What the routes share: the account behind a lock, the uploads that wait, the log.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::time::Instant;

use crate::sandbox::config::Config;
use crate::sandbox::log::Log;
use crate::sandbox::rules::HrFile;
use crate::sandbox::seed::Seed;
use crate::sandbox::state::State;
use crate::sandbox::throttle::Throttle;

/// A sandbox without its socket.
pub(crate) struct Service {
    state: RwLock<State>,
    uploads: Mutex<VecDeque<Upload>>,
    writes: AtomicUsize,
    /// What limits the rate of requests.
    pub(crate) throttle: Option<Throttle>,
    /// How it is run.
    pub(crate) config: Config,
    /// What it was asked.
    pub(crate) log: Log,
}

/// An HR file that is carried out when somebody looks at the account after `due`: in order, and with no task of its own.
struct Upload {
    due: Instant,
    file: HrFile,
}

impl Service {
    /// Serves a state.
    pub(crate) fn new(state: State, mut config: Config) -> Service {
        config.settings = config.settings.and(&state.account().settings);
        Service {
            state: RwLock::new(state),
            uploads: Mutex::default(),
            writes: AtomicUsize::new(0),
            throttle: config.faults.throttle(),
            config,
            log: Log::default(),
        }
    }

    /// Counts a write; answers how many came before it.
    pub(crate) fn count_write(&self) -> usize {
        self.writes.fetch_add(1, Ordering::Relaxed)
    }

    /// The time in the account.
    pub(crate) fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    /// Looks at the account.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.settle();
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the account.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.settle();
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes an HR file to be carried out later.
    pub(crate) fn upload(&self, file: HrFile) {
        let faults = &self.config.faults;
        if faults.drops_hr() {
            return;
        }
        let file = if faults.hr_renames() { file.renaming() } else { file };
        let due = Instant::now() + faults.hr_delay(self.config.hr_delay);
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        match faults.hr_parts() {
            None => uploads.push_back(Upload { due, file }),
            Some(later) => {
                let half = file.half();
                uploads.extend([Upload { due, file: half }, Upload { due: due + later, file }]);
            }
        }
        drop(uploads);
        self.settle();
    }

    /// The account now, without the uploads that wait.
    pub(crate) fn snapshot(&self) -> Seed {
        self.read(State::snapshot)
    }

    /// Carries out the uploads whose time has come. The queue stays locked meanwhile, so that nobody sees the account
    /// between two of them out of order.
    fn settle(&self) {
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        while uploads.front().is_some_and(|upload| upload.due <= Instant::now()) {
            if let Some(upload) = uploads.pop_front() {
                let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
                state.take_over(&upload.file, self.config.clock.now());
            }
        }
    }
}
