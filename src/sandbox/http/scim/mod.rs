//! Users and groups of SCIM (/scim/v1), as the developer portal shows them.

mod base;
mod kind;
mod list;
mod resource;
mod schemas;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::query::Query;
use crate::sandbox::http::routes::Routes;
use crate::sandbox::http::scim::base::Base;
use crate::sandbox::http::scim::kind::{Groups, Kind, Users, is_shown};
use crate::sandbox::http::scim::list::Page;
use crate::sandbox::http::scim::resource::Lens;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{Refusal, equals};
use crate::sandbox::seed::User;
use crate::sandbox::settings::Setting;
use crate::sandbox::state::{GroupEntry, same};

type Shared = State<Arc<Service>>;

/// A PUT declares neither a 404 nor a 409; of a PATCH no document says which problems it has.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/scim/v1/ping", ping)
        .get("/scim/v1/schemas", schemas)
        .get("/scim/v1/schemas/{uri}", schema)
        .get("/scim/v1/users", users)
        .post("/scim/v1/users", create::<Users>)
        .get("/scim/v1/users/{id}", one::<Users>)
        .put("/scim/v1/users/{id}", put::<Users>)
        .without_404()
        .without_409()
        .patch("/scim/v1/users/{id}", patch::<Users>)
        .delete("/scim/v1/users/{id}", delete::<Users>)
        .get("/scim/v1/groups", groups)
        .post("/scim/v1/groups", create::<Groups>)
        .get("/scim/v1/groups/{id}", one::<Groups>)
        .put("/scim/v1/groups/{id}", put::<Groups>)
        .without_404()
        .without_409()
        .patch("/scim/v1/groups/{id}", patch::<Groups>)
        .delete("/scim/v1/groups/{id}", delete::<Groups>)
}

async fn ping() -> &'static str {
    "Pong"
}

async fn schemas(State(service): Shared, base: Base, headers: HeaderMap, query: Query) -> Answer {
    let (page, _) = asked(&service, &headers, &query, "id")?;
    let all = schemas::all(&base);
    page.answer(&service.config, all.len(), |range| all[range].to_vec())
}

async fn schema(State(service): Shared, base: Base, headers: HeaderMap, Path(uri): Path<String>) -> Answer {
    typed(&service, &headers)?;
    let found = schemas::all(&base).into_iter().find(|it| it["id"].as_str().is_some_and(|id| same(id, &uri)));
    answer::ok(&found.ok_or_else(|| Refusal::NotFound(format!("schema {uri:?}")))?)
}

/// Every call but `ping` declares the header required, on GET too; identity providers send none there, and are served.
fn typed(service: &Service, headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(header::CONTENT_TYPE) || !service.config.settings.has(Setting::ScimTyped) {
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
    typed(service, headers)?;
    // What a resource is made of is said by the documents, whatever of it is asked for.
    query.only(&["count", "startindex", "filter", "attributes", "excludedattributes"])?;
    let page = Page::of(query, &service.config.settings)?;
    let wanted = query.one("filter").map(|filter| {
        equals(filter, attribute).ok_or_else(|| Problem::invalid(format!("{filter:?} is no filter")))
    });
    Ok((page, wanted.transpose()?))
}

async fn users(State(service): Shared, base: Base, headers: HeaderMap, query: Query) -> Answer {
    let (page, wanted) = asked(&service, &headers, &query, "userName")?;
    service.read(|state| {
        // The value is looked for in all UPNs and emails, so the one found may be called otherwise.
        let holder = wanted.as_ref().map(|value| state.holder_of_address(value));
        let one: Option<Vec<&User>> = holder.map(|id| id.and_then(|id| state.user(id)).into_iter().collect());
        let all: Vec<&User> = one.unwrap_or_else(|| state.users().iter().collect());
        let lens = Lens::of(state, &service.config.faults, &base);
        page.answer(&service.config, all.len(), |range| {
            all[range].iter().map(|user| lens.user(user)).collect()
        })
    })
}

async fn groups(State(service): Shared, base: Base, headers: HeaderMap, query: Query) -> Answer {
    let (page, wanted) = asked(&service, &headers, &query, "displayName")?;
    service.read(|state| {
        let named = |entry: &&GroupEntry| wanted.as_ref().is_none_or(|name| same(name, &entry.group.name));
        let all: Vec<&GroupEntry> =
            state.groups().filter(|entry| is_shown(&service, entry)).filter(named).collect();
        let lens = Lens::of(state, &service.config.faults, &base);
        page.answer(&service.config, all.len(), |range| {
            all[range].iter().map(|entry| lens.group(entry)).collect()
        })
    })
}

async fn one<K: Kind>(
    State(service): Shared,
    base: Base,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer {
    typed(&service, &headers)?;
    K::answer(&service, &base, StatusCode::OK, id_of::<K>(&id)?)
}

/// 201, also where a user was there already and was updated.
async fn create<K: Kind>(State(service): Shared, base: Base, bytes: Bytes) -> Answer {
    let id = K::create(&service, &answer::body(&bytes)?)?;
    K::answer(&service, &base, StatusCode::CREATED, id)
}

async fn put<K: Kind>(State(service): Shared, base: Base, Path(id): Path<String>, bytes: Bytes) -> Answer {
    let id = id_of::<K>(&id)?;
    K::replace(&service, id, &answer::body(&bytes)?)?;
    K::answer(&service, &base, StatusCode::OK, id)
}

async fn patch<K: Kind>(State(service): Shared, Path(id): Path<String>, bytes: Bytes) -> Answer {
    K::patch(&service, id_of::<K>(&id)?, &answer::body(&bytes)?)?;
    done()
}

async fn delete<K: Kind>(State(service): Shared, Path(id): Path<String>) -> Answer {
    K::delete(&service, id_of::<K>(&id)?)?;
    done()
}

/// Ids of SCIM are texts: one that is no number is nobody's.
fn id_of<K: Kind>(text: &str) -> Result<K::Id, Refusal> {
    text.parse().map(K::id).map_err(|_| Refusal::NotFound(format!("resource {text:?}")))
}

#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}
