//! How a misdeed looks on the wire: answers that are no answers, halves of answers, and lists that are not the whole list.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;

use crate::sandbox::chaos::{How, Length, Lie, Return};
use crate::sandbox::serving::body::{BODY_LIMIT, altered};
use crate::sandbox::serving::wire::Cutter;

/// What a proxy or a login wall answers.
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Just a moment</title></head><body><h1>Please wait</h1></body></html>\n";

/// How a platform puts what goes wrong.
pub(crate) trait Voice: Copy + Sync {
    /// A problem in the words of the platform.
    fn problem(self, status: StatusCode, message: &str) -> Response;

    /// Tells a lie in a list; whether there was anything to lie about.
    fn lie(self, value: &mut Value, lie: Lie) -> bool;
}

/// The answer as a misdeed leaves it; for a request that was not carried out there is none before.
pub(crate) async fn spoilt(
    how: How,
    honest: Option<Response>,
    voice: impl Voice,
    wire: Option<&Cutter>,
) -> Response {
    match (how, honest) {
        (How::Busy(back), _) => busy(back, voice),
        (How::Trouble(status), _) => trouble(status, voice),
        (How::Page(status), _) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
        }
        (How::Silence, _) => {
            if let Some(wire) = wire {
                wire.cut();
            }
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        (How::Late(time), Some(honest)) => {
            tokio::time::sleep(time).await;
            honest
        }
        (How::Half(length), Some(honest)) => half(honest, length).await,
        (How::List(lie), Some(honest)) => {
            altered(honest, |mut value| voice.lie(&mut value, lie).then_some(value)).await
        }
        (How::Late(_) | How::Half(_) | How::List(_), None) => trouble(500, voice),
    }
}

/// Where a request goes that gets the page before its own; its own where it asks for the first, or for none.
pub(crate) fn page_before(uri: &Uri) -> Uri {
    let earlier = |pair: &str| match pair.split_once('=') {
        Some((name, number)) if name.eq_ignore_ascii_case("page") => {
            let page = number.parse::<usize>().ok().filter(|page| *page > 1)?;
            Some(format!("{name}={}", page - 1))
        }
        _ => None,
    };
    let query = uri.query().unwrap_or_default();
    let moved: Vec<String> =
        query.split('&').map(|pair| earlier(pair).unwrap_or_else(|| pair.to_owned())).collect();
    format!("{}?{}", uri.path(), moved.join("&")).parse().unwrap_or_else(|_| uri.clone())
}

fn busy(back: Return, voice: impl Voice) -> Response {
    let mut response = voice.problem(StatusCode::TOO_MANY_REQUESTS, "too many requests");
    // HTTP is in whole seconds.
    let now = Timestamp::from_second(1_770_000_000).unwrap_or_default();
    let date = |seconds: u8| {
        let then = now + jiff::SignedDuration::from_secs(seconds.into());
        let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&then).unwrap_or_default();
        HeaderValue::from_str(&text).ok()
    };
    let headers = response.headers_mut();
    let mut say = |name, value: Option<HeaderValue>| drop(value.map(|value| headers.insert(name, value)));
    match back {
        Return::Unsaid => {}
        Return::Seconds(seconds) => say(RETRY_AFTER, Some(HeaderValue::from(u16::from(seconds)))),
        Return::Date(seconds) => {
            say(DATE, date(0));
            say(RETRY_AFTER, date(seconds));
        }
    }
    response
}

fn trouble(status: u16, voice: impl Voice) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    voice.problem(status, "chaos was asked for")
}

/// The first half of the bytes, and then nothing.
async fn half(honest: Response, length: Length) -> Response {
    let (mut head, body) = honest.into_parts();
    let bytes = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let first = bytes.slice(..bytes.len() / 2);
    match length {
        Length::Located => {
            head.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len().max(1)));
        }
        Length::Unsaid => drop(head.headers.remove(CONTENT_LENGTH)),
    }
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let parts: [Result<Bytes, std::io::Error>; 2] = [Ok(first), Err(broken)];
    Response::from_parts(head, Body::from_stream(futures_util::stream::iter(parts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_before_the_first_is_the_first() {
        for (asked, got) in [
            ("/identity/v1/entities?Page=3&PageSize=50", "/identity/v1/entities?Page=2&PageSize=50"),
            ("/identity/v1/entities?Page=1", "/identity/v1/entities?Page=1"),
            ("/a?pageSize=3&page=2", "/a?pageSize=3&page=1"),
        ] {
            assert_eq!(page_before(&asked.parse().unwrap()).to_string(), got);
        }
    }
}
