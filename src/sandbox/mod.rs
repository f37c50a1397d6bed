//! The sandbox: an emulated ActivTrak account behind HTTP on loopback, to rehearse against and to test with. A tenant of the learning
//! platform is `docebo`; what serves either of them is `serving`.
//!
//! It is written from the API document alone and imports nothing of the crate: the client and the sandbox are two readings
//! of the same text, so one typo can't pass every test. Inside: `seed` is what an account is made of, `state` holds it,
//! `rules` says what may be done, `http` serves it, `faults` breaks it on request and `chaos` by a number. `docs/sandbox.md` says what is emulated
//! and what is not.

mod activtrak;
mod chaos;
mod config;
pub mod docebo;
mod emulated;
mod error;
mod faults;
mod file;
mod http;
mod log;
mod platform;
mod redaction;
mod rules;
pub mod seed;
mod serving;
mod settings;
mod state;
mod throttle;
mod watch;

#[cfg(test)]
mod tests;

pub use activtrak::Sandbox;
pub use chaos::{Chaos, Processing, Reach};
pub use config::{Clock, Config, Keys, Moment, Witness};
pub use emulated::{Emulated, EmulatedSeed, Manner, Misuse, Need, Opener, Prepared};
pub use error::SandboxError;
pub use faults::{Fault, FaultError, Faults};
pub use http::{Kept, Operation};
pub use log::{LoggedRequest, RequestKind};
pub use platform::Platform;
pub use redaction::Redactor;
pub use seed::{Seed, SeedError};
pub use settings::{Setting, SettingError, Settings};
pub use throttle::Advice;
pub use watch::{Sight, Watcher};
