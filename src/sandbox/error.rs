//! Why does a sandbox not start?

use std::io;

use crate::sandbox::file::SeedError;

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// No account could be like this.
    #[error("the account is impossible")]
    Seed(#[from] SeedError),
    /// The port is not to be had.
    #[error("can't listen on 127.0.0.1:{port}")]
    Listen {
        /// The port; 0 for any.
        port: u16,
        /// Why.
        source: io::Error,
    },
}
