//! A running account of ActivTrak.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sandbox::config::Config;
use crate::sandbox::error::SandboxError;
use crate::sandbox::http::{self, Operation, Service};
use crate::sandbox::log::{LoggedRequest, RequestKind};
use crate::sandbox::seed::Seed;
use crate::sandbox::serving::Server;
use crate::sandbox::state::State;
use crate::sandbox::throttle::Throttle;

/// A running sandbox of ActivTrak. Dropping it stops it.
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
