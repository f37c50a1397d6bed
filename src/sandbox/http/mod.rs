//! The HTTP side of the sandbox: thin routes over the rules, and what every request passes through.

mod admin;
mod answer;
mod audit;
mod auth;
mod behind;
mod declared;
mod dnt;
mod entity;
mod export;
mod hrdc;
mod identity;
mod members;
mod noted;
mod query;
mod scim;
mod service;
mod spoil;
mod wire;

pub(crate) use service::Service;
pub(crate) use wire::{Cutter, Wires};

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{DATE, RETRY_AFTER};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::sandbox::chaos::{How, Lie, Misdeed, When};
use crate::sandbox::config::Moment;
use crate::sandbox::http::answer::{BODY_LIMIT, Family, Problem};
use crate::sandbox::http::behind::answered_behind;
use crate::sandbox::http::declared::declared;
use crate::sandbox::http::spoil::{page_before, spoilt};
use crate::sandbox::log::{LoggedRequest, RequestKind};
use crate::sandbox::settings::Setting;
use crate::sandbox::throttle::Advice;

/// The whole API.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .merge(identity::routes())
        .merge(members::routes())
        .merge(dnt::routes())
        .merge(admin::routes())
        .merge(audit::routes())
        .merge(hrdc::routes())
        .merge(scim::routes())
        .fallback(|| async { Problem::NoRoute })
        .method_not_allowed_fallback(|| async { Problem::NoMethod })
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), gate))
        .with_state(service)
}

/// What every request passes: it is logged, needs a key, may be one too many or meet a fault, and problems are told the way its family tells
/// them.
async fn gate(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let family = Family::of(&path);
    let (mut head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else {
        return Problem::TooLarge.in_words_of(family);
    };
    let kind = RequestKind::of(head.method.as_str(), &path);
    let number = service.log.push(LoggedRequest {
        method: head.method.to_string(),
        path: head.uri.path_and_query().map(ToString::to_string).unwrap_or(path),
        body: String::from_utf8_lossy(&bytes).into_owned(),
        kind,
        status: None,
        notes: Vec::new(),
    });
    if let Err(problem) = auth::admit(&service.config, family, &head.headers) {
        return problem.in_words_of(family);
    }
    if let Some(advice) = service.throttle.as_ref().and_then(|throttle| throttle.turns_away(Instant::now())) {
        let response = Problem::TooMany.in_words_of(family);
        return advised(response, advice, service.now());
    }
    let wire = head.extensions.get::<ConnectInfo<Cutter>>().map(|info| info.0.clone());
    let leave = || async { spoilt(How::Silence, None, family, wire.as_ref()).await };
    if service.config.witness.tell(Moment::Arrived(number)).is_break() {
        return leave().await;
    }
    let behind = service.behind(family, &head, kind);
    let misdeed = service.misdeed(number, (&head, &bytes, kind));
    if let Some(Misdeed { when: When::Before, how }) = misdeed {
        return spoilt(how, None, family, wire.as_ref()).await;
    }
    if let Some(Misdeed { how: How::List(Lie::PageBefore), .. }) = misdeed {
        head.uri = page_before(&head.uri);
    }
    let (method, path) = (head.method.clone(), head.uri.path().to_owned());
    let request = carried_out(&service, Request::from_parts(head, Body::from(bytes)), next, kind);
    let answer = match behind {
        Some(time) => answered_behind(time, request).await,
        None => request.await,
    };
    let answer = match answer.extensions().get::<Problem>() {
        Some(problem) => problem.in_words_of(family),
        None if service.config.settings.has(Setting::DeclaredOnly) => declared(answer, &method, &path).await,
        None => answer,
    };
    service.log.amend(number, |request| request.status = Some(answer.status().as_u16()));
    if service.config.witness.tell(Moment::Carried(number)).is_break() {
        return leave().await;
    }
    match misdeed {
        Some(Misdeed { how, .. }) => spoilt(how, Some(answer), family, wire.as_ref()).await,
        None => answer,
    }
}

/// Carries a request out, unless the faults that were asked for by name have it otherwise.
async fn carried_out(service: &Service, request: Request, next: Next, kind: RequestKind) -> Response {
    let faults = &service.config.faults;
    let writes_before = (kind == RequestKind::Write).then(|| service.count_write());
    if writes_before.is_some_and(|before| faults.fails_write(before)) {
        return Problem::Fault.into_response();
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    if kind == RequestKind::Write
        && response.status().is_success()
        && let Some(besides) = faults.besides(method.as_str(), &path)
    {
        service.write(|state| besides.happen(state, service.now()));
    }
    if writes_before.is_some_and(|before| faults.loses_answer(before)) {
        return Problem::Fault.into_response();
    }
    response
}

/// The same answer with the time to come back.
fn advised(mut response: Response, advice: Advice, now: Timestamp) -> Response {
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
