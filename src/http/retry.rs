//! When a request is sent again, and how long to wait before.

use std::time::Duration;

use backon::ExponentialBuilder;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::http::error::{Barrier, Error};
use crate::http::pace;
use crate::http::pace::Pace;
use crate::http::request::Repeat;

/// Attempts after the first one.
const RETRIES: usize = 4;
/// The same after an answer that says no more than that it is too early: about a minute of waiting.
const PATIENCE: usize = 6;
/// What GitHub says of a rate beside a 403 ("Rate limits for the REST API"): how many requests are left, and from which second on there are more.
const LEFT: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const MORE_FROM: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Delays of 1, 2, 4, 8 s, each with up to as much again at random.
pub(in crate::http) fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::new().with_min_delay(pace::FIRST).with_max_times(PATIENCE).with_jitter()
}

/// Whether a failed request may be sent again.
///
/// Always when it was certainly not carried out: no connection, or too early. A read also when its answer was lost or the
/// server had trouble (500, 502, 503, 504). Never where that can't help: a proxy that refuses, a certificate that is not trusted.
pub(in crate::http) fn may_repeat(error: &Error, repeat: Repeat) -> bool {
    match error {
        Error::Unreachable { barrier, .. } => *barrier == Barrier::Connection,
        Error::Status { .. } if is_early(error) => true,
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
    asks_too_much || retries >= if is_early(error) { PATIENCE } else { RETRIES }
}

/// Whether a server says no more than that it is too early: 429, or a 403 that says when it is time, as GitHub's secondary limits do.
fn is_early(error: &Error) -> bool {
    let Error::Status { status, retry_after, .. } = error else { return false };
    *status == StatusCode::TOO_MANY_REQUESTS || *status == StatusCode::FORBIDDEN && retry_after.is_some()
}

/// The delay before the next attempt. `None` ends the attempts; what is too much waits for its turn and no longer.
pub(in crate::http) fn delay(error: &Error, planned: Option<Duration>) -> Option<Duration> {
    if is_too_much(error) { planned.map(|_| Duration::ZERO) } else { planned }
}

/// Whether the server refuses a request because there are too many.
pub(in crate::http) fn is_too_much(error: &Error) -> bool {
    is_early(error) || error.status() == Some(StatusCode::SERVICE_UNAVAILABLE)
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

/// Reads `Retry-After` (RFC 9110): seconds, or a date that is measured against the answer's own `Date`. Without it, what GitHub says
/// once no request is left.
pub(in crate::http) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let instant = |text: &str| DateTimeParser::new().parse_timestamp(text).ok().map(Timestamp::as_second);
    let until = |second: i64| {
        let span = second - instant(text(DATE)?)?;
        Some(Duration::from_secs(u64::try_from(span).unwrap_or(0)))
    };
    let Some(asked) = text(RETRY_AFTER) else {
        let is_spent = text(LEFT).is_some_and(|left| left.trim() == "0");
        return until(text(MORE_FROM).filter(|_| is_spent)?.trim().parse().ok()?);
    };
    match asked.trim().parse::<u32>() {
        Ok(seconds) => Some(Duration::from_secs(seconds.into())),
        Err(_) => until(instant(asked)?),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

    use super::{LEFT, MORE_FROM, retry_after};

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
        check("99999999999", now, None);
        check("-1", now, None);
    }

    #[test]
    fn a_rate_that_is_spent_says_from_when_on_there_is_more() {
        let of = |left: &'static str, from: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(LEFT, HeaderValue::from_static(left));
            headers.insert(MORE_FROM, HeaderValue::from_static(from));
            headers.insert(DATE, HeaderValue::from_static("Sat, 21 Nov 2026 21:00:00 GMT"));
            retry_after(&headers).map(|span| span.as_secs())
        };
        assert_eq!(of("0", "1795294830"), Some(30));
        assert_eq!(of("0", "1795294000"), Some(0));
        assert_eq!(of("1", "1795294830"), None);
        assert_eq!(of("0", "later"), None);
    }
}
