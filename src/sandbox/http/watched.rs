//! Tells whoever looks on of each request, once it is answered.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::sandbox::http::answer::{BODY_LIMIT, Family, Problem};
use crate::sandbox::http::changed::noting;
use crate::sandbox::http::service::Service;
use crate::sandbox::watch::Sight;

/// Passes a request on; where somebody looks on, they are told what came of it.
pub(crate) async fn watched(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let Some(tell) = service.config.watcher.told() else { return next.run(request).await };
    let (head, body) = request.into_parts();
    let (method, path) = (head.method.to_string(), head.uri.to_string());
    let Ok(sent) = to_bytes(body, BODY_LIMIT).await else {
        return Problem::TooLarge.in_words_of(Family::of(head.uri.path()), None);
    };
    let request = Request::from_parts(head, Body::from(sent.clone()));
    let (answer, changes) = noting(next.run(request)).await;
    let (head, body) = answer.into_parts();
    let answered = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = head.status.as_u16();
    tell(Sight { method, path, status, changes, sent: text(&sent), answered: text(&answered) });
    Response::from_parts(head, Body::from(answered))
}
