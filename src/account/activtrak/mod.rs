//! The ActivTrak adapter: the port over the Identity, SCIM, Admin and HRDC APIs; `route` says which of them carries what.
//!
//! A [`Reader`]'s client lets out reads only, so a reader cannot write by its type and cannot write by its transport. A
//! [`Writer`] is another type with another client, made only to apply.

mod admin;
mod directory;
mod door;
mod download;
mod gate;
mod hrdc;
mod identity;
mod lanes;
mod moment;
mod observe;
mod paging;
mod route;
mod scim;
mod sent;
mod shown;
mod writer;

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::account::{Read, ReadError, Scope};
use crate::http::{self, Client, Endpoint, Limiter, Pace, Proxy};
use crate::model::{GroupId, GroupName, HrGroup, KeyProof, Observed, Region};

pub use door::{Credentials, Headers};
pub use download::{BadDownload, read_download};
pub use route::{Evidence, Row, TABLE as ROUTES, reaches};
pub use writer::Writer;

use door::Door;
use route::Open;

/// Where the account is and how it is talked to.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The host.
    pub endpoint: Endpoint,
    /// The proxy before it, if the environment names one.
    pub proxy: Option<Proxy>,
    /// The keys.
    pub credentials: Credentials,
    /// How long to wait.
    pub pace: Pace,
    /// Whose turn it is, of all that this run sends.
    pub limiter: Limiter,
    /// The `typename` of HR-sourced groups (`account.hrGroupType`).
    pub hr_group_type: Box<str>,
}

/// The base URL of a region (developer portal, "Regions").
pub const fn base_url(region: Region) -> &'static str {
    match region {
        Region::Us => "https://api.activtrak.com",
        Region::Eu => "https://api-eu.activtrak.com",
        Region::Uk => "https://api-uk.activtrak.com",
        Region::Ca => "https://api-ca.activtrak.com",
        Region::Au => "https://api-au.activtrak.com",
    }
}

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

    async fn open(&self) -> Result<Open, ReadError> {
        self.open.get_or_try_init(|| Open::of(&self.door)).await.copied()
    }
}

impl Read for Reader {
    async fn observe(&self, scope: &Scope) -> Result<Observed, ReadError> {
        observe::observe(&self.door, self.open().await?, &self.hr_group_type, scope).await
    }

    async fn prove(&self, observed: &Observed, groups: &[GroupId]) -> Result<(), ReadError> {
        observe::prove(&self.door, observed, groups).await
    }

    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        observe::hr_slice(&self.door, self.open().await?.users, &self.hr_group_type, |_| true).await
    }

    async fn hr_groups(&self, names: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        let users = self.open().await?.users;
        observe::hr_slice(&self.door, users, &self.hr_group_type, |name| names.binary_search(name).is_ok())
            .await
    }
}
