//! How much of a body is read, and how is other JSON put into an answer?

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::Value;

/// The largest body that is read: an HR snapshot of some million rows.
pub(crate) const BODY_LIMIT: usize = 512 << 20;

/// The answer with other JSON in it; as it is where it is no success or holds none, or there is nothing to alter.
pub(crate) async fn altered(answer: Response, alter: impl FnOnce(Value) -> Option<Value>) -> Response {
    let (mut head, body) = answer.into_parts();
    let bytes = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let value = serde_json::from_slice(&bytes).ok().filter(|_| head.status.is_success());
    let Some(value) = value.and_then(alter) else { return Response::from_parts(head, Body::from(bytes)) };
    let text = value.to_string();
    if head.headers.contains_key(header::CONTENT_LENGTH) {
        head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    }
    Response::from_parts(head, Body::from(text))
}
