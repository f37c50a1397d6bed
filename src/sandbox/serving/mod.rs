//! What serves an account over HTTP, whatever platform it is of: a port, connections that can be cut, answers that are spoilt,
//! copies that are behind, and who looks on.

mod advised;
mod behind;
mod body;
mod changed;
mod server;
mod spoil;
mod watched;
mod wire;

pub(crate) use advised::advised;
pub(crate) use behind::{History, answered_behind};
pub(crate) use body::{BODY_LIMIT, altered};
pub(crate) use changed::{is_noting, note};
pub(crate) use server::Server;
pub(crate) use spoil::{Voice, page_before, spoilt};
pub(crate) use watched::watched;
pub(crate) use wire::Cutter;
