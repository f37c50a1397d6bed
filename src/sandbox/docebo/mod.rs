//! The sandbox of the learning platform: an emulated tenant of Docebo behind HTTP on loopback.
//!
//! It is written from what the vendor and others publish of the API, and shares no code with the client. Inside as in the sandbox of
//! ActivTrak: `seed` is what a tenant is made of, `state` holds it, `rules` says what may be done, `http` serves it, `faults` breaks
//! it on request and `actor` is who else changes it. `docs/sandbox.md` says what is emulated and what is guessed.

mod actor;
mod config;
mod faults;
mod http;
mod redaction;
mod rules;
pub mod seed;
mod settings;
mod state;

#[cfg(test)]
mod tests;

pub use config::{Config, Credentials};
pub use faults::{Fault, Faults};
pub use redaction::redactor;
pub use seed::Seed;
pub use settings::{Setting, SettingError, Settings};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sandbox::chaos::Chaos;
use crate::sandbox::docebo::http::{COPIES, Service};
use crate::sandbox::error::SandboxError;
use crate::sandbox::log::{LoggedRequest, RequestKind};
use crate::sandbox::serving::Server;
use crate::sandbox::throttle::Throttle;

/// A running tenant. Dropping it stops it.
pub struct Docebo {
    service: Arc<Service>,
    server: Server,
}

impl std::fmt::Debug for Docebo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Docebo").field("address", &self.server.address()).finish_non_exhaustive()
    }
}

impl Docebo {
    /// Serves a tenant on 127.0.0.1, on the given port or, for 0, on any.
    ///
    /// # Errors
    /// No tenant could be like the seed, or the port is taken.
    pub async fn start(seed: Seed, config: Config, port: u16) -> Result<Docebo, SandboxError> {
        let service = Arc::new(Service::new(rules::opened(seed)?, config));
        let app = http::router(Arc::clone(&service));
        let server =
            Server::start(port, app).await.map_err(|source| SandboxError::Listen { port, source })?;
        Ok(Docebo { service, server })
    }

    /// What a number makes of a tenant, in words of this platform.
    pub fn temper(chaos: Chaos) -> Chaos {
        chaos.of_copies(COPIES)
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The tenant now; rules whose time has come have been looked at.
    pub fn snapshot(&self) -> Seed {
        self.service.snapshot()
    }

    /// From here on it misbehaves by no number any more.
    pub fn calm(&self) {
        self.service.calm();
    }

    /// Somebody else does one thing to the tenant now, as a number decides; tells what was done. Nothing where that can't be.
    pub fn meddle(&self, number: u64) -> Option<String> {
        self.service.meddle(number)
    }

    /// What it was asked so far, in order; credentials are left out.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.service.log.all()
    }

    /// How many requests it was asked so far: by service, as its paths begin (`manage`, `audiences`, `course`, `learn`, `oauth2`), and by kind.
    pub fn counts(&self) -> BTreeMap<(String, RequestKind), usize> {
        self.service.log.counts()
    }

    /// The numbers, from 1, of the requests that were turned away because there were too many.
    pub fn turned_away(&self) -> Vec<usize> {
        self.service.throttle.as_ref().map(Throttle::turned_away).unwrap_or_default()
    }

    /// Stops serving and gives the tenant back.
    pub async fn stop(self) -> Seed {
        let Docebo { service, server } = self;
        server.stop().await;
        service.snapshot()
    }
}
