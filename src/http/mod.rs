//! One HTTP client for everything: where it may connect, what it may send, when it tries again, and what an error means.
//!
//! A request leaves the process only if the client's [`Gate`] lists it, carries its key in a [`Secret`] that nothing
//! prints, and is repeated only where that is safe. A failed request says what became of it ([`Fate`]).

mod answer;
mod client;
mod endpoint;
mod error;
mod excerpt;
mod gate;
mod limiter;
mod limits;
mod line;
mod pace;
mod proxy;
mod rate_limit;
mod request;
mod retry;
mod secret;
#[cfg(test)]
mod tests;
mod waits;
mod witness;

pub use answer::Answer;
pub use client::Client;
pub use endpoint::{BadEndpoint, Endpoint};
pub use error::{Barrier, Error, Fate, in_words};
pub use excerpt::Excerpt;
pub use gate::{Gate, Route};
pub use limiter::{Limiter, Shut};
pub use limits::Limits;
pub use line::Line;
pub use pace::{LONGEST as USUAL_PATIENCE, Pace, Polling};
pub use proxy::Proxy;
pub use request::{Auth, Body, FormValue, Repeat, Request};
pub use reqwest::{Method, StatusCode};
pub use secret::{BadSecret, Secret};
pub use waits::Wait;
pub use witness::{Errand, Witness};
