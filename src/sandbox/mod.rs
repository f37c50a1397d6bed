//! The sandbox: an emulated ActivTrak account behind HTTP on loopback, to rehearse against and to test with. A tenant of the learning
//! platform is `docebo`; what serves either of them is `serving`.
//!
//! It is written from the API document alone and imports nothing of the crate: the client and the sandbox are two readings
//! of the same text, so one typo can't pass every test. Inside: `seed` is what an account is made of, `state` holds it,
//! `rules` says what may be done, `http` serves it, `faults` breaks it on request and `chaos` by a number. `docs/sandbox.md` says what is emulated
//! and what is not.

mod chaos;
mod config;
pub mod docebo;
mod error;
mod faults;
mod file;
mod http;
mod log;
mod platform;
mod redaction;
mod rules;
pub mod seed;
mod serving;
mod settings;
mod state;
mod throttle;
mod watch;

#[cfg(test)]
mod tests;

pub use chaos::{Chaos, Processing, Reach};
pub use config::{Clock, Config, Keys, Moment, Witness};
pub use error::SandboxError;
pub use faults::{Fault, FaultError, Faults};
pub use http::{Kept, Operation};
pub use log::{LoggedRequest, RequestKind};
pub use platform::Platform;
pub use redaction::Redactor;
pub use seed::{Seed, SeedError};
pub use settings::{Setting, SettingError, Settings};
pub use throttle::Advice;
pub use watch::{Sight, Watcher};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sandbox::http::Service;
use crate::sandbox::serving::Server;
use crate::sandbox::state::State;
use crate::sandbox::throttle::Throttle;

/// A running sandbox. Dropping it stops it.
pub struct Sandbox {
    service: Arc<Service>,
    server: Server,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.server.address()).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// What the sandbox serves of the API, and what it says is missing; each once, in the order of the paths.
    pub fn operations() -> Vec<Operation> {
        let mut operations = http::routes().operations();
        operations.sort_by_key(|operation| (operation.path, operation.method));
        operations
    }

    /// Serves an account on 127.0.0.1, on the given port or, for 0, on any.
    ///
    /// # Errors
    /// No account could be like the seed, or the port is taken.
    pub async fn start(seed: Seed, config: Config, port: u16) -> Result<Sandbox, SandboxError> {
        let service = Arc::new(Service::new(State::open(seed)?, config));
        let app = http::router(Arc::clone(&service));
        let server =
            Server::start(port, app).await.map_err(|source| SandboxError::Listen { port, source })?;
        Ok(Sandbox { service, server })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The account now; HR uploads that still wait are not in it.
    pub fn snapshot(&self) -> Seed {
        self.service.snapshot()
    }

    /// From here on it misbehaves by no number any more; HR uploads that wait are carried out in their time.
    pub fn calm(&self) {
        self.service.calm();
    }

    /// Somebody else does one thing to the account now, as a number decides; tells what was done. Nothing where that can't be.
    pub fn meddle(&self, number: u64) -> Option<String> {
        self.service.meddle(number)
    }

    /// HR uploads that were answered and wait to be carried out.
    pub fn waiting_uploads(&self) -> usize {
        self.service.waiting_uploads()
    }

    /// What it was asked so far, in order.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.service.log.all()
    }

    /// How many requests it was asked so far: by API, as its paths begin (`identity`, `scim`, `admin`, `hrdc`), and by kind.
    pub fn counts(&self) -> BTreeMap<(String, RequestKind), usize> {
        self.service.log.counts()
    }

    /// The numbers, from 1, of the requests that were turned away because there were too many.
    pub fn turned_away(&self) -> Vec<usize> {
        self.service.throttle.as_ref().map(Throttle::turned_away).unwrap_or_default()
    }

    /// Stops serving and gives the account back.
    pub async fn stop(self) -> Seed {
        let Sandbox { service, server } = self;
        server.stop().await;
        service.snapshot()
    }
}
