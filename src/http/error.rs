//! Why a request has no usable answer, and what became of it.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::friendly::{Spacing, SpanPrinter};
use reqwest::StatusCode;

use crate::http::excerpt::Excerpt;
use crate::http::limiter::Shut;
use crate::http::line::Line;
use crate::http::pace;
use crate::http::proxy::Proxy;

/// Why a request has no usable answer; what the answer says may name people and is only in [`Error::said`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The gate does not list the request; nothing was sent.
    #[error("{line} is not on the list of requests that this client may send")]
    Refused {
        /// The request.
        line: Line,
    },
    /// The request or the client could not be built; nothing was sent.
    #[error("{line} could not be prepared: {reason}")]
    Unbuildable {
        /// The request.
        line: Line,
        /// What the library says.
        reason: String,
    },
    /// The write could not be noted beforehand; nothing was sent.
    #[error("{line} was not sent, as it could not be noted: {source}")]
    Unnoted {
        /// The request.
        line: Line,
        /// Why not.
        source: std::io::Error,
    },
    /// No more writes leave; nothing was sent.
    #[error("{line} was not sent: {why}")]
    Shut {
        /// The request.
        line: Line,
        /// Why none does.
        why: Shut,
    },
    /// No connection; nothing was sent.
    #[error("no connection to {host}{} for {line}: {reason}", by(via.as_ref()))]
    Unreachable {
        /// The request.
        line: Line,
        /// Scheme, host and port.
        host: Box<str>,
        /// The proxy that the connection was to be made by.
        via: Option<Proxy>,
        /// What is in the way.
        barrier: Barrier,
        /// It in words.
        reason: Box<str>,
    },
    /// Sent, but the answer never came or broke off: the server may have carried it out.
    #[error("the answer to {line} was lost: {reason}")]
    Lost {
        /// The request.
        line: Line,
        /// What the library says.
        reason: String,
    },
    /// The server answered with something other than success.
    #[error("{line} was answered {status}{}{}", longer(*retry_after), elsewhere(location.as_ref()))]
    Status {
        /// The request.
        line: Line,
        /// The status.
        status: StatusCode,
        /// The beginning of the answer.
        excerpt: Excerpt,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
        /// Where the server points instead, without the query.
        location: Option<Excerpt>,
    },
    /// A success whose body is not the JSON that was expected: a login page, a proxy's notice, another version.
    #[error("{line} was answered {status} with something that is not the expected JSON")]
    NotJson {
        /// The request.
        line: Line,
        /// The status.
        status: StatusCode,
        /// The beginning of the answer.
        excerpt: Excerpt,
        /// What the decoder says.
        reason: serde_json::Error,
    },
    /// The body is larger than the client accepts.
    #[error("the answer to {line} is larger than {limit} bytes")]
    TooLarge {
        /// The request.
        line: Line,
        /// The largest body accepted, in bytes.
        limit: usize,
    },
}

/// What is in the way of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// There is none to the host or the proxy, for now.
    Connection,
    /// The proxy refuses to make one, by this answer.
    Proxy(StatusCode),
    /// Whoever answers has a certificate that is not trusted here.
    Certificate,
}

/// Says how long the server asks to wait, where no run waits so long unless it is told to.
fn longer(asked: Option<Duration>) -> String {
    match asked {
        Some(asked) if asked > pace::LONGEST => format!(" and asks to be left alone for {}", in_words(asked)),
        _ => String::new(),
    }
}

/// A span of time as arguments take it: `1h 30m`.
pub fn in_words(span: Duration) -> String {
    let span = SignedDuration::from_secs(i64::try_from(span.as_secs()).unwrap_or(i64::MAX));
    SpanPrinter::new().spacing(Spacing::BetweenUnits).duration_to_string(&span)
}

/// Says which proxy a connection was to be made by.
fn by(proxy: Option<&Proxy>) -> String {
    proxy.map_or_else(String::new, |proxy| format!(" by the proxy {proxy}"))
}

/// A host without its scheme.
fn bare(host: &str) -> &str {
    host.split_once("://").map_or(host, |(_, host)| host)
}

/// Says where an answer points.
fn elsewhere(location: Option<&Excerpt>) -> String {
    location.map_or_else(String::new, |location| format!(" and points to {location}"))
}

/// What became of a request that has no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It never left this machine.
    NotSent,
    /// The server turned it down: a status of 4xx.
    TurnedDown,
    /// Nobody knows: the answer was lost, unreadable, a 5xx (which may come after the work was done), or a 3xx (which may be what
    /// somebody on the way made of any answer).
    Unknown,
}

impl Error {
    /// What became of the request.
    pub fn fate(&self) -> Fate {
        match self {
            Self::Refused { .. }
            | Self::Unbuildable { .. }
            | Self::Unnoted { .. }
            | Self::Shut { .. }
            | Self::Unreachable { .. } => Fate::NotSent,
            Self::Status { status, .. } if status.is_client_error() => Fate::TurnedDown,
            Self::Status { .. } | Self::Lost { .. } | Self::NotJson { .. } | Self::TooLarge { .. } => {
                Fate::Unknown
            }
        }
    }

    /// What the answer says, shortened to a line: words that may name anybody. `None` where it says nothing.
    pub fn answer_text(&self) -> Option<String> {
        match self {
            Self::Status { excerpt, .. } => Some(excerpt.to_string()).filter(|text| !text.is_empty()),
            Self::NotJson { reason, excerpt, .. } => Some(format!("`{excerpt}` ({reason})")),
            Self::Refused { .. }
            | Self::Unbuildable { .. }
            | Self::Unnoted { .. }
            | Self::Shut { .. }
            | Self::Unreachable { .. }
            | Self::Lost { .. }
            | Self::TooLarge { .. } => None,
        }
    }

    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unreachable { barrier: Barrier::Certificate, .. } => Some(
                "a company that reads TLS has a root certificate of its own: name its file (PEM) in SSL_CERT_FILE, or \
                 have this machine trust it"
                    .to_owned(),
            ),
            Self::Unreachable { barrier: Barrier::Proxy(StatusCode::PROXY_AUTHENTICATION_REQUIRED), via: Some(proxy), .. } => {
                Some(format!("write name and password into {}: http://NAME:PASSWORD@HOST:PORT", proxy.variable()))
            }
            Self::Unreachable { barrier: Barrier::Proxy(_), host, .. } => {
 let host = bare(host);
                Some(format!("ask who runs the proxy to let {host} through, or name {host} in NO_PROXY if it is reached without"))
            }
            Self::Unreachable { via: Some(proxy), host, .. } => {
 let host = bare(host);
                Some(format!("check {}; or name {host} in NO_PROXY if it is reached without", proxy.variable()))
            }
            Self::Status { status, .. } if status.is_redirection() => Some(
                "the API never points elsewhere: a proxy or a login page answers in its place, or --endpoint is not the API's address"
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// Whether the account certainly did not look into the request: it never left, or was turned away for its key (401, 403) or
    /// because there are too many (429).
    pub fn is_untaken(&self) -> bool {
        self.fate() == Fate::NotSent
            || self.status().is_some_and(|status| matches!(status.as_u16(), 401 | 403 | 429))
    }

    /// The status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } | Self::NotJson { status, .. } => Some(*status),
            Self::Refused { .. }
            | Self::Unbuildable { .. }
            | Self::Unnoted { .. }
            | Self::Shut { .. }
            | Self::Unreachable { .. }
            | Self::Lost { .. }
            | Self::TooLarge { .. } => None,
        }
    }
}
