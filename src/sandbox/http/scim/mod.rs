//! Users and groups of SCIM (/scim/v1), as the developer portal shows them.

mod kind;
mod list;
mod resource;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::query::Query;
use crate::sandbox::http::scim::kind::{Groups, Kind, Users, is_shown};
use crate::sandbox::http::scim::list::Page;
use crate::sandbox::http::scim::resource::Lens;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::equals;
use crate::sandbox::seed::User;
use crate::sandbox::state::{GroupEntry, same};

type Shared = State<Arc<Service>>;

pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/scim/v1/ping", get(ping))
        .route("/scim/v1/users", get(users).post(create::<Users>))
        .route("/scim/v1/users/{id}", of_one::<Users>())
        .route("/scim/v1/groups", get(groups).post(create::<Groups>))
        .route("/scim/v1/groups/{id}", of_one::<Groups>())
}

async fn ping() -> &'static str {
    "Pong"
}

/// Every call but `ping` declares the header required, on GET too.
fn typed(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(header::CONTENT_TYPE) {
        Ok(())
    } else {
        Err(Problem::invalid("the header Content-Type is required"))
    }
}

/// Which part of a list is asked for, and the value that an attribute must have, where a filter says it.
fn asked(
    service: &Service,
    headers: &HeaderMap,
    query: &Query,
    attribute: &str,
) -> Result<(Page, Option<String>), Problem> {
    typed(headers)?;
    query.only(&["count", "startindex", "filter"])?;
    let page = Page::of(query, &service.config.settings)?;
    let wanted = query.one("filter").map(|filter| {
        equals(filter, attribute).ok_or_else(|| Problem::invalid(format!("{filter:?} is no filter")))
    });
    Ok((page, wanted.transpose()?))
}

async fn users(State(service): Shared, headers: HeaderMap, query: Query) -> Answer {
    let (page, wanted) = asked(&service, &headers, &query, "userName")?;
    service.read(|state| {
        // The value is looked for in all UPNs and emails, so the one found may be called otherwise.
        let holder = wanted.as_ref().map(|value| state.holder_of_address(value));
        let one: Option<Vec<&User>> = holder.map(|id| id.and_then(|id| state.user(id)).into_iter().collect());
        let all: Vec<&User> = one.unwrap_or_else(|| state.users().iter().collect());
        let lens = Lens::of(state, &service.config.faults);
        page.answer(&service.config, all.len(), |range| {
            all[range].iter().map(|user| lens.user(user)).collect()
        })
    })
}

async fn groups(State(service): Shared, headers: HeaderMap, query: Query) -> Answer {
    let (page, wanted) = asked(&service, &headers, &query, "displayName")?;
    service.read(|state| {
        let named = |entry: &&GroupEntry| wanted.as_ref().is_none_or(|name| same(name, &entry.group.name));
        let all: Vec<&GroupEntry> =
            state.groups().filter(|entry| is_shown(&service, entry)).filter(named).collect();
        let lens = Lens::of(state, &service.config.faults);
        page.answer(&service.config, all.len(), |range| {
            all[range].iter().map(|entry| lens.group(entry)).collect()
        })
    })
}

/// What may be done to one resource.
fn of_one<K: Kind>() -> MethodRouter<Arc<Service>> {
    get(one::<K>).put(put::<K>).patch(patch::<K>).delete(delete::<K>)
}

async fn one<K: Kind>(State(service): Shared, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    typed(&headers)?;
    K::answer(&service, StatusCode::OK, K::id(answer::number(&id)?))
}

/// 201, also where a user was there already and was updated.
async fn create<K: Kind>(State(service): Shared, headers: HeaderMap, bytes: Bytes) -> Answer {
    typed(&headers)?;
    let id = K::create(&service, &answer::body(&bytes)?)?;
    K::answer(&service, StatusCode::CREATED, id)
}

async fn put<K: Kind>(
    State(service): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    typed(&headers)?;
    let id = K::id(answer::number(&id)?);
    K::replace(&service, id, &answer::body(&bytes)?)?;
    K::answer(&service, StatusCode::OK, id)
}

async fn patch<K: Kind>(
    State(service): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    typed(&headers)?;
    K::patch(&service, K::id(answer::number(&id)?), &answer::body(&bytes)?)?;
    done()
}

async fn delete<K: Kind>(State(service): Shared, Path(id): Path<String>) -> Answer {
    K::delete(&service, K::id(answer::number(&id)?))?;
    done()
}

#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}
