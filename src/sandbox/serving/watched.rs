//! Tells whoever looks on of each request, once it is answered.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::sandbox::serving::body::BODY_LIMIT;
use crate::sandbox::serving::changed::noting;
use crate::sandbox::watch::{Sight, Watcher};

/// Passes a request on; where somebody looks on, they are told what came of it. What is too large to be read is refused.
pub(crate) async fn watched(
    watcher: &Watcher,
    request: Request,
    next: Next,
    too_large: impl FnOnce(&str) -> Response,
) -> Response {
    let Some(tell) = watcher.told() else { return next.run(request).await };
    let (head, body) = request.into_parts();
    let (method, path) = (head.method.to_string(), head.uri.to_string());
    let Ok(sent) = to_bytes(body, BODY_LIMIT).await else { return too_large(head.uri.path()) };
    let request = Request::from_parts(head, Body::from(sent.clone()));
    let (answer, changes) = noting(next.run(request)).await;
    let (head, body) = answer.into_parts();
    let answered = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = head.status.as_u16();
    tell(Sight { method, path, status, changes, sent: text(&sent), answered: text(&answered) });
    Response::from_parts(head, Body::from(answered))
}
