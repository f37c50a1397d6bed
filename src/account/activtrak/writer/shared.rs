//! What do all writes share: the connection, what is known of the account, and whose turn it is.

use std::sync::Arc;
use std::time::Duration;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::connection::Connection;
use crate::account::activtrak::directory::Directory;
use crate::account::activtrak::gate;
use crate::account::activtrak::reading::Reading;
use crate::account::activtrak::record_locks::RecordLocks;
use crate::account::activtrak::route::Open;
use crate::account::error::ReadError;
use crate::account::pack::Packet;
use crate::account::patience::Patience;
use crate::account::tally::Tally;
use crate::http::{self, Client, Errand, Witness};
use crate::model::{Family, Observed};

/// Writes to an account. Made only to apply a plan.
#[derive(Debug, Clone)]
pub struct Writer {
    pub(super) client: Arc<AuthorizedClient>,
    pub(super) directory: Arc<Directory>,
    pub(super) record_locks: Arc<RecordLocks>,
    pub(super) hr_group_type: Box<str>,
    /// The family by which users are written: the one that the reading came by.
    pub(super) users: Family,
    pub(super) tally: Arc<Tally>,
    pub(super) patience: Arc<Patience>,
}

impl Writer {
    /// A writer that starts from a reading of the account.
    pub fn new(connection: &Connection, observed: Arc<Observed>) -> Result<Self, http::Error> {
        let Connection { endpoint, proxy, credentials, pace, limiter, hr_group_type } = connection;
        let client =
            Client::new(endpoint.clone(), proxy.clone(), gate::reads_and_writes(), *pace, limiter.clone())?;
        let client = Arc::new(AuthorizedClient::new(client, credentials.clone()));
        let users = observed.reach.users();
        let (directory, record_locks) = (Arc::new(Directory::new(observed)), Arc::default());
        let hr_group_type = hr_group_type.clone();
        let patience = Arc::new(Patience::new(Duration::ZERO, *pace));
        Ok(Self { client, directory, record_locks, hr_group_type, users, tally: Arc::default(), patience })
    }

    /// The same writer, that looks for a write as long as this before it counts as not done. Without, the first look counts.
    #[must_use]
    pub fn patient(self, limit: Duration) -> Self {
        let pace = self.client.pace();
        Self { patience: Arc::new(Patience::new(limit, pace)), ..self }
    }

    /// The same writer, with somebody who is told of every write by the packet that it is for.
    #[must_use]
    pub fn witnessed(self, witness: Arc<dyn Witness>) -> Self {
        Self { tally: Arc::new(Tally::telling(witness)), ..self }
    }

    /// The writer that sends a packet.
    pub(super) fn sending(&self, packet: &Packet) -> Self {
        let witness = Arc::clone(&self.tally) as Arc<dyn Witness>;
        let client = Arc::new(self.client.on(Errand { witness, number: packet.number() }));
        Self { client, ..self.clone() }
    }
}

impl Reading for Writer {
    fn client(&self) -> &Arc<AuthorizedClient> {
        &self.client
    }

    fn hr_group_type(&self) -> &str {
        &self.hr_group_type
    }

    /// Asked each time: keys may open less than before.
    async fn open(&self) -> Result<Open, ReadError> {
        Open::of(&self.client).await
    }

    async fn family(&self) -> Result<Family, ReadError> {
        Ok(self.users)
    }
}
