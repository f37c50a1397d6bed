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

pub use crate::http::{Pace, Polling, Witness};
pub use crate::model::Family;
pub use error::{Listing, Part, ReadError, Unproved};
pub use pack::{Call, Packet, pack};
pub use platform::{Connection, Reader, Writer};
pub use port::{Computers, Read, Scope, Write};
