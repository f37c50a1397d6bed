//! The adapter for a learning platform: the port over the API of Docebo, for users, groups and who is in them.
//!
//! The platform has users with one username each, and groups that hold users. It has no place for tracking, agents, exclusions,
//! computers, HR groups and identifiers besides the username: [`reach`] says so, and plans follow. What of the API is known only
//! by hearsay stands in `facts`, and nowhere else.

mod authorized;
mod connection;
mod facts;
mod gate;
mod list;
mod number;
mod observe;
mod reach;
mod read;
mod reader;
mod wire;
mod write;
mod writer;

pub use authorized::{Credentials, Tokens, UserLogin};
pub use connection::{Connection, NewUsers, tenant};
pub use reader::Reader;
pub use writer::Writer;
