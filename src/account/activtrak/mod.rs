//! The ActivTrak adapter: the port over the Identity, SCIM, Admin and HRDC APIs; `route` says which of them carries what.
//!
//! A [`Reader`]'s client lets out reads only, so a reader cannot write by its type and cannot write by its transport. A
//! [`Writer`] is another type with another client, made only to apply.

mod admin;
mod authorized;
mod connection;
mod directory;
mod download;
mod gate;
mod hrdc;
mod identity;
mod moment;
mod observe;
mod open;
mod reader;
mod reading;
mod record_locks;
mod returned;
mod roster;
mod route;
mod scim;
mod writer;

pub use authorized::{Credentials, Headers};
pub use connection::Connection;
pub use download::{BadDownload, read_download};
pub(in crate::account) use open::VARIABLES;
pub use reader::{AccountNumber, Reader};
pub use roster::{Roster, read_roster};
pub use route::{Evidence, Row, TABLE as ROUTES, reaches};
pub use writer::Writer;
