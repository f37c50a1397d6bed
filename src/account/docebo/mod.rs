//! The adapter for a learning platform: the port over the API of Docebo, for users, groups and who is in them.
//!
//! The platform has users with one username each, and groups that hold users. It has no place for tracking, agents, exclusions,
//! computers, HR groups and identifiers besides the username: [`reach`] says so, and plans follow. What of the API is known only
//! by hearsay stands in `facts`, and nowhere else. Where there is no API, exported lists of users stand in for it: `lists`.

mod authorized;
mod conditions;
mod connection;
mod details;
mod facts;
mod gate;
mod list;
mod lists;
mod number;
mod observe;
mod open;
mod person;
mod reach;
mod read;
mod reader;
mod shapes;
mod wire;
mod write;
mod writer;

pub use authorized::{Credentials, Tokens, UserLogin};
pub use connection::{Connection, NewUsers};
pub use facts::{UPLOAD_BYTES, UPLOAD_EMAIL_PART};
pub use lists::{BadList, BadLists, ListConnection, ListReader, Listed, Lists, Said, Shown, listed};
pub(in crate::account) use open::{VARIABLES, named};
pub use reader::Reader;
pub use writer::Writer;
