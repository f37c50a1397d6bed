//! What do several commands take?

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::cli::args::exports::ExportFiles;
use crate::cli::args::lists::ListFiles;
use crate::http::{BadEndpoint, Endpoint};
use crate::render::Redaction;

/// Which of the two files a run starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// The state that the last apply left, if there was one.
    WhereLeft,
    /// The seed.
    Anew,
}

/// What every command on manifests takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Manifests {
    /// The folder of manifests
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// What time it is, for example 2026-05-02T00:00:00Z; else what the seed of a sandbox says, else now
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<Timestamp>,
    /// Turn names and identifiers of people into stable pseudonyms, in every output
    #[arg(long)]
    pub(crate) redact: bool,
    /// How addresses are shown where people are shown by name.
    #[arg(skip)]
    pub(crate) addresses: Addresses,
}

/// How addresses are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Addresses {
    /// As they are.
    #[default]
    Shown,
    /// Only their beginnings.
    Masked,
}

impl Manifests {
    /// Whether people are shown by name.
    pub(crate) const fn redaction(&self) -> Redaction {
        match (self.redact, self.addresses) {
            (true, _) => Redaction::On,
            (false, Addresses::Masked) => Redaction::Addresses,
            (false, Addresses::Shown) => Redaction::Off,
        }
    }
}

/// How the account is reached.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Access {
    #[command(flatten)]
    pub(crate) wire: Wire,
    /// Start `platform: sandbox` from its seed again, not from where the last apply left it
    #[arg(long)]
    pub(crate) fresh: bool,
}

/// Where requests go, and how many.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Wire {
    /// Send requests here instead of the region's host: a sandbox or a proxy; https unless on this machine
    #[arg(long, value_name = "URL", value_parser = endpoint)]
    pub(crate) endpoint: Option<Endpoint>,
    /// Requests under way at the same time, at most
    #[arg(long, value_name = "N", default_value = "8")]
    pub(crate) concurrency: NonZeroUsize,
    /// Requests per second, at most; without it, as many as the account takes
    #[arg(long, value_name = "N", value_parser = rate)]
    pub(crate) max_rate: Option<NonZeroU32>,
    /// How long the account may ask to be left alone (429, Retry-After); where it asks for more, the run ends
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub(crate) patience: Duration,
}

impl Access {
    /// Where the sandbox of a run starts.
    pub(crate) const fn start(&self) -> Start {
        if self.fresh { Start::Anew } else { Start::WhereLeft }
    }
}

/// Where a plan goes besides the terminal.
#[derive(Debug, clap::Args)]
pub(crate) struct Outputs {
    /// Write the plan as JSON; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write the plan as Markdown; `-` is stdout, instead of text
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Write the plan as a page of its own, to open in a browser: to search, filter and print
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// What the plan is compared with and what is kept of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Planning {
    /// A checkout of the base branch: the stricter of both policies holds, and a loosened one is shown first. Where there is
    /// nothing yet, or nothing that can be read, the default policy stands in for it
    #[arg(long, value_name = "PATH")]
    pub(crate) base: Option<PathBuf>,
    /// What the base is called where its path says nothing.
    #[arg(skip)]
    pub(crate) base_name: Option<String>,
    #[command(flatten)]
    pub(crate) exports: ExportFiles,
    /// Save the exact bytes of the HR snapshot, if the plan has one
    #[arg(long, value_name = "FILE")]
    pub(crate) out_snapshot: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lists: ListFiles,
}

impl Planning {
    /// A plan that is compared with nothing, and of which nothing is kept.
    pub(crate) fn of(exports: &ExportFiles, lists: &ListFiles) -> Self {
        let (exports, lists) = (exports.clone(), lists.clone());
        Self { base: None, base_name: None, exports, out_snapshot: None, lists }
    }
}

/// What every command takes that makes a plan.
#[derive(Debug, clap::Args)]
pub(crate) struct Question {
    #[command(flatten)]
    pub(crate) manifests: Manifests,
    #[command(flatten)]
    pub(crate) access: Access,
    #[command(flatten)]
    pub(crate) planning: Planning,
}

fn endpoint(text: &str) -> Result<Endpoint, BadEndpoint> {
    Endpoint::parse(text)
}

/// Reads a rate.
fn rate(text: &str) -> Result<NonZeroU32, &'static str> {
    text.parse().map_err(|_| "a whole number of requests per second is expected, from 1")
}

/// Reads a time in days: `90d`, `12w`.
pub(super) fn days(text: &str) -> Result<SignedDuration, &'static str> {
    const EXPECTED: &str = "a number of days or weeks is expected: 90d, 12w";
    let (number, of) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(days), _) => (days, 1),
        (None, Some(weeks)) => (weeks, 7),
        (None, None) => return Err(EXPECTED),
    };
    let number: u16 = number.trim().parse().map_err(|_| EXPECTED)?;
    Ok(SignedDuration::from_hours(24 * of * i64::from(number)))
}

/// Reads `10m`, `2s`, `1h 30m`.
pub(super) fn duration(text: &str) -> Result<Duration, jiff::Error> {
    text.parse::<SignedDuration>().and_then(Duration::try_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them_and_are_never_negative() {
        assert_eq!(duration("10m").ok(), Some(Duration::from_mins(10)));
        assert_eq!(duration("1h 30m").ok(), Some(Duration::from_mins(90)));
        assert!(duration("-5s").is_err());
        assert!(duration("soon").is_err());
    }

    #[test]
    fn days_and_weeks_are_whole_numbers() {
        assert_eq!(days("90d"), Ok(SignedDuration::from_hours(90 * 24)));
        assert_eq!(days("2w"), days("14d"));
        for text in ["90", "-1d", "1.5d", "d", "3 months"] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
