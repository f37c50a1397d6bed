//! The HTTP side of the sandbox: thin routes over the rules, and what every request passes through.

mod admin;
mod answer;
mod auth;
mod dnt;
mod entity;
mod export;
mod hrdc;
mod identity;
mod members;
mod query;
mod scim;
mod service;

pub(crate) use service::Service;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;

use crate::sandbox::http::answer::{Family, Problem};
use crate::sandbox::log::{LoggedRequest, RequestKind};

/// The largest body that is read: an HR snapshot of some million rows.
const BODY_LIMIT: usize = 512 << 20;

/// The whole API.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .merge(identity::routes())
        .merge(members::routes())
        .merge(dnt::routes())
        .merge(admin::routes())
        .merge(hrdc::routes())
        .merge(scim::routes())
        .fallback(|| async { Problem::NoRoute })
        .method_not_allowed_fallback(|| async { Problem::NoMethod })
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), gate))
        .with_state(service)
}

/// What every request passes: it is logged, needs a key, may meet a fault, and problems are told the way its family tells
/// them.
async fn gate(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let family = Family::of(&path);
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else {
        return Problem::TooLarge.in_words_of(family);
    };
    let kind = RequestKind::of(head.method.as_str(), &path);
    service.log.push(LoggedRequest {
        method: head.method.to_string(),
        path: head.uri.path_and_query().map(ToString::to_string).unwrap_or(path),
        body: String::from_utf8_lossy(&bytes).into_owned(),
        kind,
    });
    if let Err(problem) = auth::admit(&service.config, family, &head.headers) {
        return problem.in_words_of(family);
    }
    let faults = &service.config.faults;
    let writes_before = (kind == RequestKind::Write).then(|| service.count_write());
    if writes_before.is_some_and(|before| faults.fails_write(before)) {
        return Problem::Fault.in_words_of(family);
    }
    let response = next.run(Request::from_parts(head, Body::from(bytes))).await;
    if writes_before.is_some_and(|before| faults.loses_answer(before)) {
        return Problem::Fault.in_words_of(family);
    }
    match response.extensions().get::<Problem>() {
        Some(problem) => problem.in_words_of(family),
        None => response,
    }
}
