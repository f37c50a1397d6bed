//! Who tells the process to end?

use std::io;

use crate::apply::Stop;
use crate::cli::process::exit::Exit;
use crate::cli::process::failure::Failure;
use crate::cli::process::runtime;

/// A signal before anything was written.
#[derive(Debug, thiserror::Error)]
#[error("stopped; nothing was written")]
struct Stopped;

/// How a run ends that was stopped before it wrote anything.
pub(crate) fn stopped(stop: Stop) -> Failure {
    let kind = match stop {
        Stop::Terminated => Exit::Terminated,
        Stop::Interrupted | Stop::Mismatched(_) | Stop::Unnoted => Exit::Interrupted,
    };
    Failure::new(kind, Stopped)
}

/// Does work that writes nothing, until it is done or the process is told to end.
pub(crate) fn unless_stopped<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    runtime::block_on(async {
        let mut signals = Signals::listen().map_err(Failure::error)?;
        tokio::select! {
            done = work => done,
            stop = signals.next() => Err(stopped(stop)),
        }
    })
}

/// Listens for SIGINT and SIGTERM from the moment it is made; until then they end the process at once.
#[derive(Debug)]
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Starts to listen; must be called within the runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// The next signal.
    pub(crate) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupt.recv() => Stop::Interrupted,
            _ = self.terminate.recv() => Stop::Terminated,
        }
    }
}

/// Elsewhere there is Ctrl-C.
#[cfg(not(unix))]
impl Signals {
    /// Starts to listen; must be called within the runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// The next signal.
    pub(crate) async fn next(&mut self) -> Stop {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Stop::Interrupted
    }
}

/// Has a file that reached its limit (`ulimit -f`) be an error of the write, and not the end of the process by a signal.
#[cfg(unix)]
pub(crate) fn outlive_full_files() {
    // Without it such a write ends the process, as it does everywhere.
    let _ends = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}

/// There is no such signal here.
#[cfg(not(unix))]
pub(crate) fn outlive_full_files() {}
