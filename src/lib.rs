//! Rollcall keeps an ActivTrak account equal to YAML manifests in Git.
//!
//! The modules in reading order; who may import whom is held by `tests/it/layering/`. The library exists for the binary, its
//! tests and its benches: it makes no promise of a stable interface.

pub mod model;

pub mod diag;

pub mod http;

pub mod manifest;

pub mod account;

pub mod plan;

pub mod import;

pub mod init;

pub mod export;

pub mod fleet;

pub mod apply;

pub mod render;

pub mod run;

pub mod sandbox;

pub mod github;

pub mod cli;
