//! The HTTP side of the sandbox: thin routes over the rules, and what every request passes through.

mod admin;
mod answer;
mod audit;
mod auth;
mod declared;
mod dnt;
mod entity;
mod export;
mod hrdc;
mod identity;
mod lies;
mod members;
mod missing;
mod noted;
mod operation;
mod query;
mod routes;
mod scim;
mod service;

pub use operation::{Kept, Operation};
pub(crate) use service::Service;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tokio::time::Instant;

use crate::sandbox::chaos::{How, Lie, Misdeed, When};
use crate::sandbox::config::Moment;
use crate::sandbox::http::answer::{Family, Problem};
use crate::sandbox::http::declared::{bare, declared};
use crate::sandbox::http::operation::Media;
use crate::sandbox::http::routes::{Map, Routes};
use crate::sandbox::log::{LoggedRequest, RequestKind};
use crate::sandbox::serving::{BODY_LIMIT, Cutter, advised, answered_behind, page_before, spoilt, watched};
use crate::sandbox::settings::Setting;

/// The whole API. What every request passes comes before the router, which it tells where the request leads.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let (router, map) = routes().split();
    let router = router
        .fallback(|| async { Problem::NoRoute })
        .method_not_allowed_fallback(|| async { Problem::NoMethod })
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(&service));
    let watched = middleware::from_fn_with_state(Arc::clone(&service), seen);
    let gate = middleware::from_fn_with_state((service, Arc::new(map)), gate);
    Router::new().fallback_service(router).layer(gate).layer(watched)
}

/// Whether a part of a path is a word of the API.
pub(crate) fn is_word(part: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let paths = routes().operations().into_iter().map(|operation| operation.path.to_ascii_lowercase());
        paths.flat_map(|path| path.split('/').map(str::to_owned).collect::<Vec<_>>()).collect()
    });
    WORDS.contains(&part.to_ascii_lowercase())
}

/// What is served, and what is known to be missing.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(identity::routes())
        .merge(members::routes())
        .merge(dnt::routes())
        .merge(admin::routes())
        .merge(audit::routes())
        .merge(hrdc::routes())
        .merge(scim::routes())
        .merge(missing::routes())
}

/// Passes a request on, and tells whoever looks on what came of it.
async fn seen(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let too_large = |path: &str| Problem::TooLarge.in_words_of(Family::of(path), None);
    watched(&service.config.watcher, request, next, too_large).await
}

/// What every request passes: it is logged, needs a key, may be one too many or meet a fault, and problems are told the way its family tells
/// them.
async fn gate(
    State((service, map)): State<(Arc<Service>, Arc<Map>)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut head, body) = request.into_parts();
    let sent = head.uri.path_and_query().map_or_else(|| head.uri.path().to_owned(), ToString::to_string);
    let operation = led(&mut head, &map);
    let family = Family::of(head.uri.path());
    let say = |problem: &Problem| problem.in_words_of(family, operation.as_ref());
    let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else { return say(&Problem::TooLarge) };
    let kind = RequestKind::of(head.method.as_str(), head.uri.path());
    let number = service.log.push(LoggedRequest {
        method: head.method.to_string(),
        path: sent,
        body: String::from_utf8_lossy(&bytes).into_owned(),
        kind,
        status: None,
        notes: Vec::new(),
    });
    if let Err(problem) = auth::admit(&service.config, family, &head.headers) {
        return say(&problem);
    }
    if let Some(advice) = service.throttle.as_ref().and_then(|throttle| throttle.turns_away(Instant::now())) {
        return advised(say(&Problem::TooMany), advice, service.now());
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
    let answer = match read(&head, &bytes, operation.as_ref()) {
        Ok(()) => {
            let request = carried_out(&service, Request::from_parts(head, Body::from(bytes)), next, kind);
            answered_behind(behind, request).await
        }
        Err(problem) => say(&problem),
    };
    let answer = told(&service, answer, (&method, &path), say).await;
    service.log.amend(number, |request| request.status = Some(answer.status().as_u16()));
    if service.config.witness.tell(Moment::Carried(number)).is_break() {
        return leave().await;
    }
    match misdeed {
        Some(Misdeed { how, .. }) => spoilt(how, Some(answer), family, wire.as_ref()).await,
        None => answer,
    }
}

/// The answer as the account gives it: a problem in the words of its family, and no more than the account is set up to say.
async fn told(
    service: &Service,
    answer: Response,
    (method, path): (&Method, &str),
    say: impl Fn(&Problem) -> Response,
) -> Response {
    let settings = &service.config.settings;
    match answer.extensions().get::<Problem>() {
        Some(problem) => say(problem),
        None if settings.has(Setting::DeclaredOnly) => declared(answer, method, path).await,
        None if settings.has(Setting::BareMoments) => bare(answer).await,
        None => answer,
    }
}

/// Writes the path of a request as the router knows it; answers what is to be done there.
fn led(head: &mut Parts, map: &Map) -> Option<Operation> {
    let way = map.way(head.method.as_str(), head.uri.path())?;
    if way.path != head.uri.path() {
        let query = head.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        head.uri = format!("{}{query}", way.path).parse().unwrap_or_else(|_| head.uri.clone());
    }
    way.operation
}

/// Refuses a path that is no text, and a body that is not of the kind that the operation takes.
fn read(head: &Parts, bytes: &Bytes, operation: Option<&Operation>) -> Result<(), Problem> {
    if percent_decode_str(head.uri.path()).decode_utf8().is_err() {
        return Err(Problem::NoText);
    }
    let is_taken = match operation.map(|operation| operation.body) {
        Some(Media::Json) => bytes.is_empty() || is_json(&head.headers),
        Some(Media::Form) | None => true,
    };
    if is_taken { Ok(()) } else { Err(Problem::NoJson) }
}

/// Whether a body says that it is JSON: `application/json`, `text/json` or `application/*+json` (Admin API, request bodies).
fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(media.as_str(), "application/json" | "text/json")
        || media.starts_with("application/") && media.ends_with("+json")
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
