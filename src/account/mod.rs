//! The account behind a port: [`Read`] observes it and proves what it read; [`Write`] carries steps out.
//!
//! Two traits on purpose: a plan holds a reader, and nothing it holds can write. The ActivTrak adapter below is the only
//! implementation.

pub mod activtrak;
mod error;
mod pack;
mod port;

pub use crate::http::{Pace, Polling, Witness};
pub use crate::model::Family;
pub use error::{Listing, Part, ReadError, Unproved};
pub use pack::{Call, Packet, pack};
pub use port::{Computers, Read, Scope, Write};
