//! Tests of the crate as a whole: what its parts may know of each other, and that generated documents are current.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod action;
mod chaos;
mod cli;
mod client_and_sandbox;
mod companies;
mod contract_client;
mod dice;
mod docs;
mod documents;
mod files;
mod fuzz;
mod github;
mod hostile;
mod layering;
mod manifests;
mod openapi;
mod rig;
mod scim;
mod second_opinion;
mod seeds;
mod suite;
mod value;
mod who_is_who;
mod yaml;
