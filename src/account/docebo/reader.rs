//! Who reads an account, and can send nothing else?

use std::sync::Arc;

use jiff::Timestamp;

use crate::account::docebo::authorized::AuthorizedClient;
use crate::account::docebo::connection::{Connection, NewUsers};
use crate::account::docebo::{gate, observe};
use crate::account::error::ReadError;
use crate::account::port::{Read, Scope};
use crate::http::{self, Client};
use crate::model::{AuditEntry, GroupId, GroupName, HrGroup, Observed, Username};

/// Reads an account, and can send nothing else.
#[derive(Debug)]
pub struct Reader {
    client: Arc<AuthorizedClient>,
    how: (Username, NewUsers),
}

impl Reader {
    /// A reader; nothing is sent yet.
    pub fn new(connection: &Connection) -> Result<Self, http::Error> {
        let Connection { endpoint, proxy, credentials, pace, limiter, username, new_users } = connection;
        let client = Client::new(endpoint.clone(), proxy.clone(), gate::reads(), *pace, limiter.clone())?;
        let client = Arc::new(AuthorizedClient::new(client, credentials.clone()));
        Ok(Self { client, how: (*username, *new_users) })
    }
}

impl Read for Reader {
    async fn observe(&self, scope: &Scope) -> Result<Observed, ReadError> {
        observe::observe(&self.client, self.how, &scope.asked).await
    }

    async fn prove(&self, observed: &Observed, groups: &[GroupId]) -> Result<(), ReadError> {
        observe::prove(&self.client, observed, groups).await
    }

    /// There are none.
    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        Ok(Vec::new())
    }

    async fn hr_groups_but(&self, _: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        Ok(Vec::new())
    }

    async fn audit_log(&self, _: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        Err(ReadError::NoAuditLog)
    }
}
