//! The client against transcripts from the API reference: it sends exactly these requests, and reads exactly these answers.
//!
//! The sandbox is pinned to the same transcripts on its own, so that one misreading can't pass in both.

mod agents;
mod audit;
mod canned;
mod learning;
mod least;
mod reads;
mod scim;
mod writes;
