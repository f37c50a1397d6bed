//! How a sandbox is run: its faults and settings, its clock, its keys.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::sandbox::chaos::Chaos;
use crate::sandbox::faults::Faults;
use crate::sandbox::settings::Settings;
use crate::sandbox::watch::Watcher;

/// What is not part of the account.
#[derive(Debug, Clone)]
pub struct Config {
    /// How it misbehaves.
    pub faults: Faults,
    /// How it misbehaves by a number, if it does.
    pub chaos: Option<Chaos>,
    /// Who is told of each request.
    pub witness: Witness,
    /// Who looks on.
    pub watcher: Watcher,
    /// How it is set up, besides what its seed says.
    pub settings: Settings,
    /// How long an HR upload waits until it is carried out; zero: before it is answered.
    pub hr_delay: Duration,
    /// Which keys open it, but for SCIM.
    pub keys: Keys,
    /// Which keys open SCIM: keys of their own.
    pub scim_keys: Keys,
    /// What time it is.
    pub clock: Clock,
}

/// No faults, two seconds, any key, the first moment of 2026.
impl Default for Config {
    fn default() -> Config {
        Config {
            faults: Faults::default(),
            chaos: None,
            witness: Witness::default(),
            watcher: Watcher::default(),
            settings: Settings::default(),
            hr_delay: Duration::from_secs(2),
            keys: Keys::Any,
            scim_keys: Keys::Any,
            clock: Clock::Fixed(Timestamp::constant(1_767_225_600, 0)),
        }
    }
}

/// A moment in the life of a request; its number is that of the log, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It has come, and nothing was done.
    Arrived(usize),
    /// It was carried out, and nobody was told.
    Carried(usize),
}

/// Who is told of each request while its sender waits: a test that ends a program at any of them. To break is to leave the
/// request where it is: its sender gets no answer.
#[derive(Clone, Default)]
pub struct Witness(Option<Arc<Tell>>);

type Tell = dyn Fn(Moment) -> ControlFlow<()> + Send + Sync;

impl Witness {
    /// Tells somebody.
    pub fn new(tell: impl Fn(Moment) -> ControlFlow<()> + Send + Sync + 'static) -> Witness {
        Witness(Some(Arc::new(tell)))
    }

    pub(crate) fn tell(&self, moment: Moment) -> ControlFlow<()> {
        self.0.as_ref().map_or(ControlFlow::Continue(()), |tell| tell(moment))
    }
}

/// Says whether there is one.
impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Witness(..)" } else { "Witness(nobody)" })
    }
}

/// Which keys open the sandbox.
#[derive(Clone)]
pub enum Keys {
    /// Every key that is not empty.
    Any,
    /// This one.
    Only(String),
}

/// Says no key.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Keys::Any => "Any",
            Keys::Only(_) => "Only([REDACTED])",
        })
    }
}

/// What time it is in the account: on what it creates and writes, and in the status of users.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// Always this moment.
    Fixed(Timestamp),
    /// Whatever the caller's clock says.
    Live(fn() -> Timestamp),
}

impl Clock {
    /// The time.
    pub(crate) fn now(self) -> Timestamp {
        match self {
            Clock::Fixed(moment) => moment,
            Clock::Live(read) => read(),
        }
    }
}
