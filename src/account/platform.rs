//! Which platform is an account on? Nobody but this file asks: whoever reads or writes does it by these.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::account::activtrak::{self, AccountNumber};
use crate::account::docebo;
use crate::account::error::ReadError;
use crate::account::pack::Packet;
use crate::account::port::{Read, Scope, Write};
use crate::account::way::{Unreachable, Variables, Way, Why};
use crate::http::{self, Endpoint, Limiter, Pace, Witness};
use crate::model::{
    Account, AuditEntry, ChangeId, Family, GroupId, GroupName, HrGroup, KeyProof, Observed, ObservedUser,
    Outcome, Place, Platform, Service, StepId, UserId,
};

/// Where an account is and how it is talked to.
#[derive(Debug, Clone)]
pub enum Connection {
    /// At ActivTrak.
    ActivTrak(activtrak::Connection),
    /// At a learning platform.
    Docebo(docebo::Connection),
    /// Nowhere: lists that somebody exported from a learning platform stand in for it.
    Lists(docebo::ListConnection),
}

/// Reads an account, and can send nothing else.
#[derive(Debug)]
pub enum Reader {
    /// At ActivTrak.
    ActivTrak(activtrak::Reader),
    /// At a learning platform.
    Docebo(docebo::Reader),
    /// Of lists.
    Lists(docebo::ListReader),
}

/// Writes to an account. Made only to apply a plan.
#[derive(Debug, Clone)]
pub enum Writer {
    /// At ActivTrak.
    ActivTrak(activtrak::Writer),
    /// At a learning platform.
    Docebo(docebo::Writer),
}

/// The variables of a platform.
pub const fn variables(service: Service) -> &'static Variables {
    match service {
        Service::ActivTrak => &activtrak::VARIABLES,
        Service::Docebo => &docebo::VARIABLES,
    }
}

/// The platform of an account. A sandbox that is somewhere else is taken for one of those that are usual.
pub const fn service_of(platform: &Platform) -> Service {
    match platform {
        Platform::Region(service, _) | Platform::Tenant(service, _) => *service,
        Platform::Sandbox { username: None, .. } => usual(Place::Region),
        Platform::Sandbox { username: Some(_), .. } => usual(Place::Tenant),
    }
}

/// The platform that is meant where nobody names one.
pub const fn usual(place: Place) -> Service {
    match place {
        Place::Region => Service::ActivTrak,
        Place::Tenant => Service::Docebo,
    }
}

/// The name of the account that an address is of, where accounts go by one.
///
/// # Errors
/// Nothing says the address.
pub fn named(service: Service, way: &Way<'_>) -> Result<Box<str>, Unreachable> {
    match service {
        Service::ActivTrak => Err(Why::Nowhere.into()),
        Service::Docebo => docebo::named(way),
    }
}

/// The same of whichever platform it is.
macro_rules! on {
    (Writer, $self:expr, $it:ident => $what:expr) => {
        match $self {
            Writer::ActivTrak($it) => $what,
            Writer::Docebo($it) => $what,
        }
    };
    ($kind:ident, $self:expr, $it:ident => $what:expr) => {
        match $self {
            $kind::ActivTrak($it) => $what,
            $kind::Docebo($it) => $what,
            $kind::Lists($it) => $what,
        }
    };
}

impl Connection {
    /// How an account of a platform is talked to.
    ///
    /// # Errors
    /// Nothing says where it is, or nothing opens it.
    pub fn open(service: Service, account: &Account, way: &Way<'_>) -> Result<Self, Unreachable> {
        Ok(match service {
            Service::ActivTrak => Self::ActivTrak(activtrak::Connection::open(account, way)?),
            Service::Docebo => Self::Docebo(docebo::Connection::open(account, way)?),
        })
    }

    /// How a sandbox of the account is talked to, by what it says opens it: within reach of the same kinds of keys.
    ///
    /// # Errors
    /// Nothing says where the sandbox is, or nothing opens it.
    pub fn rehearsed(&self, way: &Way<'_>) -> Result<Self, Unreachable> {
        Ok(match self {
            Self::ActivTrak(live) => Self::ActivTrak(live.rehearsed(way)?),
            Self::Docebo(live) => Self::Docebo(live.rehearsed(way)?),
            Self::Lists(_) => return Err(Why::Nowhere.into()),
        })
    }

    /// The platform that the account is on.
    pub const fn service(&self) -> Service {
        match self {
            Self::ActivTrak(_) => Service::ActivTrak,
            Self::Docebo(_) | Self::Lists(_) => Service::Docebo,
        }
    }

    /// The host, if requests go to one.
    pub const fn endpoint(&self) -> Option<&Endpoint> {
        match self {
            Self::ActivTrak(connection) => Some(&connection.endpoint),
            Self::Docebo(connection) => Some(&connection.endpoint),
            Self::Lists(_) => None,
        }
    }

    /// Whether users may be created from here on, whatever `account.allow` says: somebody does it by hand.
    pub const fn with_new_users(&mut self) {
        if let Self::Docebo(connection) = self {
            connection.new_users = docebo::NewUsers::Allowed;
        }
    }

    /// How long to wait.
    pub const fn pace(&self) -> Pace {
        on!(Connection, self, it => it.pace)
    }

    /// Whose turn it is, of all that a run sends.
    pub const fn limiter(&self) -> &Limiter {
        on!(Connection, self, it => &it.limiter)
    }

    /// The same for another run: what one learnt of the account, and that it let no more writes out, ends with it.
    pub fn renew(&mut self) {
        let limiter = Limiter::new(self.limiter().limits());
        on!(Connection, self, it => it.limiter = limiter);
    }
}

impl Reader {
    /// A reader; nothing is sent yet.
    pub fn new(connection: &Connection) -> Result<Self, http::Error> {
        Ok(match connection {
            Connection::ActivTrak(connection) => Self::ActivTrak(activtrak::Reader::new(connection)?),
            Connection::Docebo(connection) => Self::Docebo(docebo::Reader::new(connection)?),
            Connection::Lists(connection) => Self::Lists(connection.reader()),
        })
    }

    /// The account's number, as far as the keys tell it and a later run could check it.
    pub async fn account_number(&self) -> Result<AccountNumber, ReadError> {
        match self {
            Self::ActivTrak(reader) => reader.account_number().await,
            Self::Docebo(_) | Self::Lists(_) => Ok(AccountNumber::Named),
        }
    }

    /// Checks that a download of groups may stand in for a reading: there are such downloads at ActivTrak only.
    pub async fn prove_download(&self, download: &Observed, scope: &Scope) -> Result<KeyProof, ReadError> {
        match self {
            Self::ActivTrak(reader) => reader.prove_download(download, scope).await,
            Self::Docebo(_) | Self::Lists(_) => Err(ReadError::Readable(Family::Learning)),
        }
    }
}

impl Read for Reader {
    async fn observe(&self, scope: &Scope) -> Result<Observed, ReadError> {
        on!(Reader, self, it => it.observe(scope).await)
    }

    async fn prove(&self, observed: &Observed, groups: &[GroupId]) -> Result<(), ReadError> {
        on!(Reader, self, it => it.prove(observed, groups).await)
    }

    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        on!(Reader, self, it => it.hr_slice().await)
    }

    async fn hr_groups_but(&self, names: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        on!(Reader, self, it => it.hr_groups_but(names).await)
    }

    async fn audit_log(&self, since: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        on!(Reader, self, it => it.audit_log(since).await)
    }
}

impl Writer {
    /// A writer that starts from a reading of the account.
    ///
    /// # Errors
    /// Its client can't be made; or lists stand in for the account, and there is nothing to write to.
    pub fn new(connection: &Connection, observed: Arc<Observed>) -> Result<Self, ReadError> {
        Ok(match connection {
            Connection::ActivTrak(connection) => {
                Self::ActivTrak(activtrak::Writer::new(connection, observed)?)
            }
            Connection::Docebo(connection) => Self::Docebo(docebo::Writer::new(connection, observed)?),
            Connection::Lists(_) => return Err(ReadError::OnlyLists),
        })
    }

    /// The same writer, that looks for a write as long as this before it counts as not done. Without, the first look counts.
    #[must_use]
    pub fn patient(self, limit: Duration) -> Self {
        match self {
            Self::ActivTrak(writer) => Self::ActivTrak(writer.patient(limit)),
            Self::Docebo(writer) => Self::Docebo(writer.patient(limit)),
        }
    }

    /// The same writer, with somebody who is told of every write by the packet that it is for.
    #[must_use]
    pub fn witnessed(self, witness: Arc<dyn Witness>) -> Self {
        match self {
            Self::ActivTrak(writer) => Self::ActivTrak(writer.witnessed(witness)),
            Self::Docebo(writer) => Self::Docebo(writer.witnessed(witness)),
        }
    }
}

impl Read for Writer {
    async fn observe(&self, scope: &Scope) -> Result<Observed, ReadError> {
        on!(Writer, self, it => it.observe(scope).await)
    }

    async fn prove(&self, observed: &Observed, groups: &[GroupId]) -> Result<(), ReadError> {
        on!(Writer, self, it => it.prove(observed, groups).await)
    }

    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        on!(Writer, self, it => it.hr_slice().await)
    }

    async fn hr_groups_but(&self, names: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        on!(Writer, self, it => it.hr_groups_but(names).await)
    }

    async fn audit_log(&self, since: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        on!(Writer, self, it => it.audit_log(since).await)
    }
}

impl Write for Writer {
    async fn perform(&self, packet: &Packet) -> Vec<(StepId, Outcome)> {
        on!(Writer, self, it => it.perform(packet).await)
    }

    fn stop(&self) {
        on!(Writer, self, it => it.stop());
    }

    fn hurry(&self) {
        on!(Writer, self, it => it.hurry());
    }

    fn late(&self) -> Vec<(Family, Duration)> {
        on!(Writer, self, it => it.late())
    }

    fn sent(&self) -> usize {
        on!(Writer, self, it => it.sent())
    }

    fn users(&self) -> Family {
        on!(Writer, self, it => it.users())
    }

    fn learn(&self, record: &ObservedUser) {
        on!(Writer, self, it => it.learn(record));
    }

    fn made(&self, change: ChangeId) -> Option<UserId> {
        on!(Writer, self, it => it.made(change))
    }

    fn record(&self, user: UserId) -> Option<ObservedUser> {
        on!(Writer, self, it => it.record(user))
    }
}
