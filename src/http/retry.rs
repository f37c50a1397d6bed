//! When a request is sent again, and how long to wait before.

use std::time::Duration;

use backon::ExponentialBuilder;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::http::error::{Barrier, Error};
use crate::http::pace;
use crate::http::pace::Pace;
use crate::http::request::Repeat;

/// Attempts after the first one.
const RETRIES: usize = 4;
/// The same after a 429, which says no more than that it is too early: about a minute of waiting.
const PATIENCE: usize = 6;

/// Delays of 1, 2, 4, 8 s, each with up to as much again at random.
pub(in crate::http) fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::new().with_min_delay(pace::FIRST).with_max_times(PATIENCE).with_jitter()
}

/// Whether a failed request may be sent again.
///
/// Always when it was certainly not carried out: no connection, or 429. A read also when its answer was lost or the
/// server had trouble (500, 502, 503, 504). Never where that can't help: a proxy that refuses, a certificate that is not trusted.
pub(in crate::http) fn may_repeat(error: &Error, repeat: Repeat) -> bool {
    match error {
        Error::Unreachable { barrier, .. } => *barrier == Barrier::Connection,
        Error::Status { status: StatusCode::TOO_MANY_REQUESTS, .. } => true,
        Error::Status { status, .. } => {
            repeat == Repeat::Safe && matches!(status.as_u16(), 500 | 502 | 503 | 504)
        }
        Error::Lost { .. } => repeat == Repeat::Safe,
        Error::Refused { .. }
        | Error::Unbuildable { .. }
        | Error::Unnoted { .. }
        | Error::Shut { .. }
        | Error::NotJson { .. }
        | Error::TooLarge { .. } => false,
    }
}

/// Whether another attempt after so many is one too many for this error: so it is where the server asks for more time than the run
/// has.
pub(in crate::http) fn is_the_last(error: &Error, retries: usize, pace: Pace) -> bool {
    let asks_too_much =
        matches!(error, Error::Status { retry_after: Some(asked), .. } if *asked > pace.patience());
    let early = error.status() == Some(StatusCode::TOO_MANY_REQUESTS);
    asks_too_much || retries >= if early { PATIENCE } else { RETRIES }
}

/// The delay before the next attempt. `None` ends the attempts; what is too much waits for its turn and no longer.
pub(in crate::http) fn delay(error: &Error, planned: Option<Duration>) -> Option<Duration> {
    if is_too_much(error) { planned.map(|_| Duration::ZERO) } else { planned }
}

/// Whether the server refuses a request because there are too many (429, 503).
pub(in crate::http) fn is_too_much(error: &Error) -> bool {
    let too_much = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    error.status().is_some_and(|status| too_much.contains(&status))
}

/// How long a server that has too many requests is left alone: 1, 2, 4, … s, scaled, and at least as long as it asks for, in
/// real time whatever the pace, because it counts in real time. A date of this very second asks for nothing.
pub(in crate::http) fn hold(error: &Error, in_a_row: u32, pace: Pace) -> Duration {
    let own = pace.scale(pace::FIRST * 2_u32.saturating_pow(in_a_row.min(16)));
    match error {
        Error::Status { retry_after: Some(asked), .. } => own.max((*asked).min(pace.patience())),
        _ => own,
    }
}

/// Reads `Retry-After` (RFC 9110): seconds, or a date that is measured against the answer's own `Date`.
pub(in crate::http) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = text(RETRY_AFTER)?;
    if let Ok(seconds) = asked.trim().parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let instant = |text: &str| DateTimeParser::new().parse_timestamp(text).ok();
    let span = instant(asked)?.as_second() - instant(text(DATE)?)?.as_second();
    Some(Duration::from_secs(u64::try_from(span).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

    use super::retry_after;

    #[track_caller]
    fn check(asked: &'static str, date: Option<&'static str>, seconds: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(asked));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        assert_eq!(retry_after(&headers), seconds.map(Duration::from_secs));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_against_the_answers_own_clock() {
        let now = Some("Sat, 21 Nov 2026 21:00:00 GMT");
        check("7", None, Some(7));
        check("Sat, 21 Nov 2026 21:00:42 GMT", now, Some(42));
        check("Sat, 21 Nov 2026 20:00:00 GMT", now, Some(0));
        check("Sat, 21 Nov 2026 21:00:42 GMT", None, None);
        check("soon", now, None);
        check("-1", now, None);
    }
}
