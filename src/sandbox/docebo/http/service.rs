//! What the routes share: the tenant behind a lock, the tokens, the log.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use axum::http::request::Parts;
use jiff::Timestamp;

use crate::sandbox::chaos::{Call, Chaos, Meddler, Misdeed, Times};
use crate::sandbox::docebo::config::Config;
use crate::sandbox::docebo::http::tokens::Tokens;
use crate::sandbox::docebo::seed::{Seed, Uuid};
use crate::sandbox::docebo::settings::Settings;
use crate::sandbox::docebo::state::Tenant;
use crate::sandbox::log::{Log, RequestKind};
use crate::sandbox::serving::{History, is_noting, note};
use crate::sandbox::throttle::Throttle;
use crate::sandbox::watch::{Sight, Watcher};

/// Where tokens are given.
pub(crate) const TOKEN: &str = "/oauth2/token";

/// What is shown of a body that holds credentials.
pub(crate) const CREDENTIALS: &str = "(credentials)";

/// What the copies are of that a number puts behind the tenant.
pub(crate) const COPIES: [&str; 3] = ["users", "fields, branches and courses", "groups"];

/// A tenant without its socket.
pub(crate) struct Service {
    tenant: RwLock<Tenant>,
    /// What it was before, where reads are answered by copies that are behind.
    history: History<Tenant>,
    writes: AtomicUsize,
    drifts: AtomicUsize,
    /// Whether a call is under way that changes many users.
    batch: AtomicBool,
    times: Times,
    calm: AtomicBool,
    /// The tokens that are in force.
    pub(crate) tokens: Tokens,
    /// What limits the rate of requests.
    pub(crate) throttle: Option<Throttle>,
    /// How it is run.
    pub(crate) config: Config,
    /// What it was asked.
    pub(crate) log: Log,
}

/// That a call is under way that changes many users, until it is dropped.
pub(crate) struct Turn<'a>(&'a AtomicBool);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Service {
    /// Serves a tenant.
    pub(crate) fn new(mut tenant: Tenant, mut config: Config) -> Service {
        config.settings = config.settings.and(tenant.settings());
        config.chaos = config.chaos.map(|chaos| chaos.of_copies(COPIES));
        config.watcher = hiding(&config.watcher);
        tenant.set_delay(config.settings.recompute());
        Service {
            tenant: RwLock::new(tenant),
            history: History::default(),
            writes: AtomicUsize::new(0),
            drifts: AtomicUsize::new(0),
            batch: AtomicBool::new(false),
            times: Times::default(),
            calm: AtomicBool::new(false),
            tokens: Tokens::default(),
            throttle: config.faults.throttle(),
            config,
            log: Log::default(),
        }
    }

    /// Counts a write; answers how many came before it.
    pub(crate) fn count_write(&self) -> usize {
        self.writes.fetch_add(1, Ordering::Relaxed)
    }

    /// The time in the tenant.
    pub(crate) fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    /// How it is set up.
    pub(crate) fn settings(&self) -> &Settings {
        &self.config.settings
    }

    /// Looks at the tenant.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Tenant) -> T) -> T {
        self.settle();
        match self.history.shown() {
            Some(earlier) => look(&earlier),
            None => look(&self.tenant.read().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// Changes the tenant.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut Tenant) -> T) -> T {
        self.settle();
        self.alter(change)
    }

    fn alter<T>(&self, change: impl FnOnce(&mut Tenant) -> T) -> T {
        let mut tenant = self.tenant.write().unwrap_or_else(PoisonError::into_inner);
        if self.config.faults.lag().is_some() || self.config.chaos.as_ref().is_some_and(Chaos::lags) {
            self.history.keep(tenant.clone());
        }
        let before = is_noting().then(|| tenant.clone());
        let told = change(&mut tenant);
        if let Some(before) = before {
            note(tenant.changes_since(&before));
        }
        told
    }

    /// Looks at the rules of groups whose time has come.
    fn settle(&self) {
        let now = self.now();
        if self.tenant.read().unwrap_or_else(PoisonError::into_inner).is_due(now) {
            self.alter(|tenant| tenant.settle(now));
        }
    }

    /// Begins a call that changes many users; nothing while another one is under way.
    pub(crate) fn turn(&self) -> Option<Turn<'_>> {
        let was = self.batch.swap(true, Ordering::SeqCst);
        (!was).then_some(Turn(&self.batch))
    }

    /// Lets a user appear where a fault says so: before the second page of users, or of those of a group.
    pub(crate) fn drift(&self, page: usize, group: Option<&Uuid>) {
        if page != 2 || !self.config.faults.has_drift() {
            return;
        }
        let before = self.drifts.fetch_add(1, Ordering::Relaxed);
        if self.config.faults.drifts(before) {
            let now = self.now();
            self.write(|tenant| tenant.appear(group, now));
        }
    }

    /// How far behind the copy is that answers a request; nothing where the tenant itself does, as for every write.
    pub(crate) fn behind(&self, head: &Parts, kind: RequestKind) -> Option<Duration> {
        let path = head.uri.path();
        if kind == RequestKind::Write || path == TOKEN {
            return None;
        }
        let copy = if path.starts_with("/audiences/") {
            2
        } else {
            usize::from(!path.starts_with("/manage/v1/user") || path.starts_with("/manage/v1/user_fields"))
        };
        let path = head.uri.path_and_query().map_or("", |path| path.as_str());
        let by_chaos = || self.chaos().and_then(|chaos| chaos.behind(copy, path, &self.times));
        self.config.faults.lag().or_else(by_chaos)
    }

    /// How it misbehaves by a number now.
    fn chaos(&self) -> Option<&Chaos> {
        self.config.chaos.as_ref().filter(|_| !self.calm.load(Ordering::Relaxed))
    }

    /// Ends all misbehaving by a number.
    pub(crate) fn calm(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    /// What becomes of a request; whoever acts right before it has acted. Both are noted in the log.
    pub(crate) fn misdeed(
        &self,
        number: usize,
        (head, bytes, kind): (&Parts, &[u8], RequestKind),
    ) -> Option<Misdeed> {
        let path = head.uri.path_and_query().map_or("", |path| path.as_str());
        // The boundary of a form is another one every time.
        let body = if head.uri.path() == TOKEN { b"" } else { bytes };
        let call = Call { kind, method: head.method.as_str(), path, body };
        let fate = self.chaos()?.decide(&call, &self.times);
        let done = fate.meddler.and_then(|meddler| self.meddled(meddler));
        let done = done.map(|deed| format!("meanwhile: {deed}"));
        let notes = done.into_iter().chain(fate.misdeed.map(|misdeed| misdeed.to_string())).collect();
        self.log.amend(number, |request| request.notes = notes);
        fate.misdeed
    }

    /// Somebody else does one thing; tells what was done.
    pub(crate) fn meddle(&self, number: u64) -> Option<String> {
        self.meddled(Meddler::of(number))
    }

    fn meddled(&self, meddler: Meddler) -> Option<String> {
        let (mut dice, now) = (meddler.into_dice(), self.now());
        self.write(|tenant| tenant.meddle(&mut dice, now))
    }

    /// The tenant now.
    pub(crate) fn snapshot(&self) -> Seed {
        self.read(Tenant::snapshot)
    }
}

/// The same onlooker, who is shown no credentials and no token.
fn hiding(watcher: &Watcher) -> Watcher {
    if watcher.told().is_none() {
        return Watcher::default();
    }
    let watcher = watcher.clone();
    Watcher::new(move |sight| {
        let Some(tell) = watcher.told() else { return };
        if sight.path.starts_with(TOKEN) {
            let (sent, answered) = (CREDENTIALS.to_owned(), CREDENTIALS.to_owned());
            tell(Sight { sent, answered, ..sight });
        } else {
            tell(sight);
        }
    })
}
