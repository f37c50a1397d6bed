//! The account behind a port: [`Read`] observes it and proves what it read; [`Write`] carries steps out.
//!
//! Two traits on purpose: a plan holds a reader, and nothing it holds can write. Below are the adapters, one for each platform;
//! `platform` is the only place that tells them apart.

pub mod activtrak;
mod carry;
mod collateral;
pub mod docebo;
mod error;
mod group_steps;
mod pack;
mod paging;
mod patience;
mod platform;
mod port;
mod sent;
mod tally;
mod way;

pub use crate::http::{Pace, Polling, Witness};
pub use crate::model::Family;
pub use activtrak::{AccountNumber, BadDownload, Roster, reaches, read_download, read_roster};
pub use docebo::{
    BadList, BadLists, ListConnection, Listed, Lists, Said, Shown, UPLOAD_BYTES, UPLOAD_EMAIL_PART, listed,
};
pub use error::{Listing, Part, ReadError, Unproved};
pub use pack::{Call, Packet, pack};
pub use platform::{Connection, Reader, Writer, named, service_of, usual, variables};
pub use port::{Computers, Read, Scope, Write};
pub use way::{Holds, Unreachable, Variable, Variables, Way, Why};
