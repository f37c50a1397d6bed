//! The HTTP side of the tenant: thin routes over the rules, and what every request passes through.

mod answer;
mod audiences;
mod branches;
mod export;
mod fields;
mod learning;
mod members;
mod page;
mod query;
mod service;
mod shown;
mod tokens;
mod user_batch;
mod users;
mod written;

pub(crate) use service::{COPIES, Service};

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use percent_encoding::percent_decode_str;
use tokio::time::Instant;

use crate::sandbox::chaos::{How, Lie, Misdeed, When};
use crate::sandbox::config::Moment;
use crate::sandbox::docebo::http::answer::{Problem, Words};
use crate::sandbox::docebo::http::service::{CREDENTIALS, TOKEN};
use crate::sandbox::docebo::settings::Setting;
use crate::sandbox::log::{LoggedRequest, RequestKind};
use crate::sandbox::serving::{BODY_LIMIT, Cutter, advised, answered_behind, page_before, spoilt, watched};

/// Where groups are.
const GROUPS: &str = "/audiences/";

/// The whole API. Whatever is not in it is 404.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let router = routes()
        .fallback(|| async { Problem::NoRoute })
        .method_not_allowed_fallback(|| async { Problem::NoRoute })
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(&service));
    let seen = middleware::from_fn_with_state(Arc::clone(&service), seen);
    let gate = middleware::from_fn_with_state(service, gate);
    Router::new().fallback_service(router).layer(gate).layer(seen)
}

fn routes() -> Router<Arc<Service>> {
    let group = "/audiences/v1/audience/{uuid}";
    Router::new()
        .route(TOKEN, post(token))
        .route("/manage/v1/user", get(users::list).post(users::create))
        .route("/manage/v1/user/batch", post(user_batch::take))
        .route("/manage/v1/user/change_status", put(users::change_status))
        .route("/manage/v1/user/{id}", get(users::one))
        .route("/manage/v1/user_fields", get(fields::list))
        .route("/manage/v1/user_fields/{id}", get(fields::one))
        .route("/manage/v1/orgchart", get(branches::list))
        .route("/manage/v1/orgchart/{id}", get(branches::one))
        .route("/manage/v1/orgchart/{id}/users", get(branches::users))
        .route("/learn/v1/courses", get(learning::old_courses))
        .route("/learn/v1/enrollments", get(learning::old_enrollments))
        .route("/course/v1/courses", get(learning::courses))
        .route("/course/v1/courses/enrollments", get(learning::enrollments))
        .route("/course/v1/courses/{id}/enrollments", get(learning::enrollments_of))
        .route("/audiences/v1/audience", get(audiences::list).post(audiences::create))
        .route("/audiences/v1/audiences", post(audiences::create_plural))
        .route(group, get(audiences::one).put(audiences::replace).delete(audiences::remove))
        .route(&format!("{group}/users"), get(members::list).post(members::assign))
        .route(&format!("{group}/users"), delete(members::unassign))
        .route(&format!("{group}/assign_users"), put(members::assign))
        .route(&format!("{group}/export-users"), get(export::users))
}

/// Gives a token.
async fn token(State(service): State<Arc<Service>>, request: Request) -> answer::Answer {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| Problem::TooLarge)?;
    service.tokens.give((head, bytes), &service.config.credentials, service.now()).await
}

/// Whether a request could change the tenant.
fn kind(method: &str, path: &str) -> RequestKind {
    match (method, path) {
        ("GET" | "HEAD", _) | ("POST", TOKEN) => RequestKind::Read,
        _ => RequestKind::Write,
    }
}

/// Passes a request on, and tells whoever looks on what came of it.
async fn seen(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    watched(&service.config.watcher, request, next, |_| Problem::TooLarge.into_response()).await
}

/// What every request passes: it is logged, needs a token, may be one too many or meet a fault.
async fn gate(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let (mut head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else { return Problem::TooLarge.into_response() };
    let kind = kind(head.method.as_str(), head.uri.path());
    let number = service.log.push(logged(&head, &bytes, kind));
    if let Err(problem) = admitted(&service, &head, &bytes) {
        return problem.into_response();
    }
    if let Some(advice) = service.throttle.as_ref().and_then(|throttle| throttle.turns_away(Instant::now())) {
        return advised(Problem::TooMany.into_response(), advice, service.now());
    }
    if service.config.faults.overloads(number) {
        return Problem::Overloaded.into_response();
    }
    let wire = head.extensions.get::<ConnectInfo<Cutter>>().map(|info| info.0.clone());
    let leave = || async { spoilt(How::Silence, None, Words, wire.as_ref()).await };
    if service.config.witness.tell(Moment::Arrived(number)).is_break() {
        return leave().await;
    }
    let behind = service.behind(&head, kind);
    let misdeed = service.misdeed(number, (&head, &bytes, kind));
    if let Some(Misdeed { when: When::Before, how }) = misdeed {
        return spoilt(how, None, Words, wire.as_ref()).await;
    }
    if let Some(Misdeed { how: How::List(Lie::PageBefore), .. }) = misdeed {
        head.uri = page_before(&head.uri);
    }
    let request = Request::from_parts(head, Body::from(bytes));
    let answer = answered_behind(behind, carried_out(&service, request, next, kind)).await;
    service.log.amend(number, |request| request.status = Some(answer.status().as_u16()));
    if service.config.witness.tell(Moment::Carried(number)).is_break() {
        return leave().await;
    }
    match misdeed {
        Some(Misdeed { how, .. }) => spoilt(how, Some(answer), Words, wire.as_ref()).await,
        None => answer,
    }
}

/// What is remembered of a request: no credentials.
fn logged(head: &Parts, bytes: &Bytes, kind: RequestKind) -> LoggedRequest {
    let is_token = head.uri.path() == TOKEN;
    let body = if is_token { CREDENTIALS.to_owned() } else { String::from_utf8_lossy(bytes).into_owned() };
    let path = head.uri.path_and_query().map_or_else(|| head.uri.path().to_owned(), ToString::to_string);
    LoggedRequest { method: head.method.to_string(), path, body, kind, status: None, notes: Vec::new() }
}

/// Refuses who has no token, what the credentials do not open, a path that is no text, and a body that does not say that it is JSON.
fn admitted(service: &Service, head: &Parts, bytes: &Bytes) -> Result<(), Problem> {
    let path = head.uri.path();
    if path == TOKEN {
        return Ok(());
    }
    service.tokens.admit(&head.headers, service.now())?;
    if path.starts_with(GROUPS) && service.settings().has(Setting::GroupsClosed) {
        return Err(Problem::Closed);
    }
    if percent_decode_str(path).decode_utf8().is_err() {
        return Err(Problem::invalid("the path is not in UTF-8"));
    }
    let media = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    let is_json = bytes.is_empty() || media.eq_ignore_ascii_case("application/json");
    if is_json { Ok(()) } else { Err(Problem::NoJson) }
}

/// Carries a request out, unless the faults that were asked for by name have it otherwise.
async fn carried_out(service: &Service, request: Request, next: Next, kind: RequestKind) -> Response {
    let faults = &service.config.faults;
    let writes_before = (kind == RequestKind::Write).then(|| service.count_write());
    if writes_before.is_some_and(|before| faults.fails_write(before)) {
        return Problem::Fault.into_response();
    }
    let response = next.run(request).await;
    if writes_before.is_some_and(|before| faults.loses_answer(before)) {
        return Problem::Fault.into_response();
    }
    response
}
