//! Who reads an account, and can send nothing else?

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::account::activtrak::connection::Connection;
use crate::account::activtrak::door::Door;
use crate::account::activtrak::reading::Reading;
use crate::account::activtrak::route::Open;
use crate::account::activtrak::{gate, observe};
use crate::account::error::ReadError;
use crate::account::port::Scope;
use crate::http::{self, Client};
use crate::model::{Family, KeyProof, Observed};

/// Reads an account, and can send nothing else.
#[derive(Debug)]
pub struct Reader {
    door: Arc<Door>,
    hr_group_type: Box<str>,
    /// What the keys open, once it was asked.
    open: OnceCell<Open>,
}

impl Reader {
    /// A reader; nothing is sent yet.
    pub fn new(connection: &Connection) -> Result<Self, http::Error> {
        let Connection { endpoint, proxy, credentials, pace, limiter, hr_group_type } = connection;
        let client = Client::new(endpoint.clone(), proxy.clone(), gate::reads(), *pace, limiter.clone())?;
        let door = Arc::new(Door::new(client, credentials.clone()));
        Ok(Self { door, hr_group_type: hr_group_type.clone(), open: OnceCell::new() })
    }

    /// Checks that a download of groups may stand in for a reading: nothing shows users, and as far as the account answers, the
    /// download is of it.
    pub async fn prove_download(&self, download: &Observed, scope: &Scope) -> Result<KeyProof, ReadError> {
        observe::by_download::prove(&self.door, download, &self.hr_group_type, scope).await
    }
}

impl Reading for Reader {
    fn door(&self) -> &Arc<Door> {
        &self.door
    }

    fn hr_group_type(&self) -> &str {
        &self.hr_group_type
    }

    async fn open(&self) -> Result<Open, ReadError> {
        self.open.get_or_try_init(|| Open::of(&self.door)).await.copied()
    }

    async fn family(&self) -> Result<Family, ReadError> {
        Ok(self.open().await?.users)
    }
}
