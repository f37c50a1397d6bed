//! How does an answer say when to come back?

use axum::http::HeaderValue;
use axum::http::header::{DATE, RETRY_AFTER};
use axum::response::Response;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

use crate::sandbox::throttle::Advice;

/// The same answer with the time to come back.
pub(crate) fn advised(mut response: Response, advice: Advice, now: Timestamp) -> Response {
    let date = |moment| DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).ok();
    let later = now.checked_add(SignedDuration::from_secs(1)).ok();
    let told = match advice {
        Advice::Silence => [None, None],
        Advice::Seconds => [None, Some("1".to_owned())],
        Advice::Date => [date(now), later.and_then(date)],
    };
    for (name, value) in [DATE, RETRY_AFTER].into_iter().zip(told) {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
