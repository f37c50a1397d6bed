//! How does a run behave, and what does it tell while it is under way?

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::account::Pace;
use crate::apply::ledger::Ledger;
use crate::apply::memory::Memory;
use crate::plan::PhaseKind;

/// How a run behaves, whatever the plan.
#[derive(Debug, Clone, Copy)]
pub struct Conduct<'a> {
    /// How long it waits between looks at the account.
    pub pace: Pace,
    /// How long an HR snapshot may take until it is left pending.
    pub wait: Duration,
    /// How long the HR groups have to stand still before an upload, where nothing says that no other is being processed, and after
    /// every upload to an account that others may upload to.
    pub settle: Duration,
    /// How much longer than that it waits, by chance.
    pub more: Duration,
    /// How long the account may show an older state than what was written.
    pub read_back: Duration,
    /// Packets under way at the same time.
    pub concurrency: NonZeroUsize,
    /// What is kept of this run as it happens.
    pub ledger: &'a dyn Ledger,
    /// What is remembered of uploads from run to run.
    pub memory: &'a dyn Memory,
}

/// What happens in a run, as it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A phase begins.
    Phase(PhaseKind),
    /// Before an upload the HR groups are watched for so long, because of a doubt.
    Settling(Doubt, Duration),
    /// An upload goes out, and is waited for.
    Uploading,
    /// The upload is seen; it is looked at once more after so long.
    Lingering(Duration),
    /// One more step has an outcome.
    Settled,
    /// So many writes more are no longer under way.
    Sent(usize),
}

/// Why another upload may be under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Nothing is remembered of earlier ones.
    NoMemory,
    /// The HR groups are not as the last one from here left them.
    NotAsLeft,
}
