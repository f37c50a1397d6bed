//! What the routes share: the account behind a lock, the uploads that wait, the log.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::sandbox::chaos::{Call, Chaos, Meddler, Misdeed, Processing, Times};
use crate::sandbox::config::Config;
use crate::sandbox::faults::Lagging;
use crate::sandbox::http::answer::Family;
use crate::sandbox::http::noted::{AuditLog, Who};
use crate::sandbox::log::{Log, RequestKind};
use crate::sandbox::rules::HrFile;
use crate::sandbox::seed::{AuditEntry, Seed};
use crate::sandbox::serving::{History, is_noting, note};
use crate::sandbox::settings::Setting;
use crate::sandbox::state::State;
use crate::sandbox::throttle::Throttle;

/// A sandbox without its socket.
pub(crate) struct Service {
    state: RwLock<State>,
    uploads: Mutex<VecDeque<Upload>>,
    /// What it was before, where reads are answered by copies that are behind.
    history: History<State>,
    writes: AtomicUsize,
    audit: AuditLog,
    /// What limits the rate of requests.
    pub(crate) throttle: Option<Throttle>,
    times: Times,
    calm: AtomicBool,
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
        let audit = AuditLog::of(state.audit_log());
        Service {
            state: RwLock::new(state),
            uploads: Mutex::default(),
            history: History::default(),
            writes: AtomicUsize::new(0),
            audit,
            throttle: config.faults.throttle(),
            times: Times::default(),
            calm: AtomicBool::new(false),
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
        match self.history.shown() {
            Some(earlier) => look(&earlier),
            None => look(&self.state.read().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// Changes the account, as the key asks for it.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.settle();
        self.alter(Who::Key, change)
    }

    /// What the audit log holds now.
    pub(crate) fn audit_log(&self) -> Vec<AuditEntry> {
        self.settle();
        self.audit.entries()
    }

    fn alter<T>(&self, who: Who, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if self.config.faults.lags() || self.config.chaos.as_ref().is_some_and(Chaos::lags) {
            self.history.keep(state.clone());
        }
        let before = is_noting().then(|| state.clone());
        let told = change(&mut state);
        self.audit.note(who, self.now(), state.take_deeds());
        if let Some(before) = before {
            note(state.changes_since(&before));
        }
        told
    }

    /// How far behind the copy is that answers a request; nothing where the account itself does, as for every write.
    pub(crate) fn behind(&self, family: Family, head: &Parts, kind: RequestKind) -> Option<Duration> {
        let lagging = match family {
            Family::Identity | Family::DoNotTrack => Lagging::Identity,
            Family::Scim => Lagging::Scim,
            Family::Admin => Lagging::Admin,
            Family::Status => return None,
        };
        if kind == RequestKind::Write {
            return None;
        }
        let path = head.uri.path_and_query().map_or("", |path| path.as_str());
        let by_chaos = || self.chaos().and_then(|chaos| chaos.behind(lagging.place(), path, &self.times));
        self.config.faults.behind(lagging).or_else(by_chaos)
    }

    /// How it misbehaves by a number now.
    fn chaos(&self) -> Option<&Chaos> {
        self.config.chaos.as_ref().filter(|_| !self.calm.load(Ordering::Relaxed))
    }

    /// Ends all misbehaving by a number.
    pub(crate) fn calm(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    /// HR files that wait to be carried out.
    pub(crate) fn waiting_uploads(&self) -> usize {
        self.settle();
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What becomes of a request; whoever acts right before it has acted. Both are noted in the log.
    pub(crate) fn misdeed(
        &self,
        number: usize,
        (head, bytes, kind): (&Parts, &Bytes, RequestKind),
    ) -> Option<Misdeed> {
        let chaos = self.chaos()?;
        let is_form =
            head.headers.get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"multipart/"));
        let path = head.uri.path_and_query().map_or("", |path| path.as_str());
        let body = if is_form { &[][..] } else { bytes };
        let fate = chaos.decide(&Call { kind, method: head.method.as_str(), path, body }, &self.times);
        let deed = fate.meddler.and_then(|it| self.meddled(it));
        let notes = deed.map(|deed| format!("meanwhile: {deed}")).into_iter();
        let notes: Vec<String> = notes.chain(fate.misdeed.map(|misdeed| misdeed.to_string())).collect();
        self.log.amend(number, |request| request.notes = notes);
        fate.misdeed
    }

    /// How long an HR file takes, and how much longer its second half, if it comes in parts; nothing for one that is dropped.
    fn processing(&self) -> Option<(Duration, Option<Duration>)> {
        let (faults, normal) = (&self.config.faults, self.config.hr_delay);
        match self.chaos().map_or(Processing::Normal, Chaos::uploads) {
            Processing::Dropped => None,
            _ if faults.drops_hr() => None,
            Processing::Slow(time) => Some((time, None)),
            Processing::Parts(later) => Some((normal, Some(later))),
            Processing::Normal => Some((faults.hr_delay(normal), faults.hr_parts())),
        }
    }

    /// Takes an HR file to be carried out later.
    pub(crate) fn upload(&self, file: HrFile) {
        let Some((delay, parts)) = self.processing() else { return };
        let file = if self.config.faults.hr_renames() { file.renaming() } else { file };
        let file = if self.config.settings.has(Setting::HrUnmatchedKeeps) { file.of_matched() } else { file };
        let due = Instant::now() + delay;
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        match parts {
            None => uploads.push_back(Upload { due, file }),
            Some(later) => {
                let half = file.half();
                uploads.extend([Upload { due, file: half }, Upload { due: due + later, file }]);
            }
        }
        drop(uploads);
        self.settle();
    }

    /// Somebody else does one thing; tells what was done.
    pub(crate) fn meddle(&self, number: u64) -> Option<String> {
        self.meddled(Meddler::of(number))
    }

    fn meddled(&self, meddler: Meddler) -> Option<String> {
        self.settle();
        self.alter(Who::Somebody, |state| meddler.act(state, self.now()))
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
                self.alter(Who::Key, |state| state.take_over(&upload.file, self.config.clock.now()));
            }
        }
    }
}
