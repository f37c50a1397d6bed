//! Users and groups of SCIM (/scim/v1), as the developer portal shows them.

mod list;
mod resource;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::query::Query;
use crate::sandbox::http::scim::list::Page;
use crate::sandbox::http::scim::resource::Lens;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{GroupBody, PatchOp, Paths, Refusal, UserBody, equals};
use crate::sandbox::seed::{GroupId, GroupSource, User, UserId};
use crate::sandbox::settings::Setting;
use crate::sandbox::state::{GroupEntry, State as Account, same};

type Shared = State<Arc<Service>>;

pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/scim/v1/ping", get(ping))
        .route("/scim/v1/users", get(users).post(create_user))
        .route("/scim/v1/users/{id}", get(user).put(put_user).patch(patch_user).delete(delete_user))
        .route("/scim/v1/groups", get(groups).post(create_group))
        .route("/scim/v1/groups/{id}", get(group).put(put_group).patch(patch_group).delete(delete_group))
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

async fn users(State(service): Shared, headers: HeaderMap, query: Query) -> Answer {
    typed(&headers)?;
    query.only(&["count", "startindex", "filter"])?;
    let page = Page::of(&query, &service.config.settings)?;
    let wanted = query.one("filter").map(|filter| {
        equals(filter, "userName").ok_or_else(|| Problem::invalid(format!("{filter:?} is no filter")))
    });
    let wanted = wanted.transpose()?;
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

async fn user(State(service): Shared, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    typed(&headers)?;
    user_answer(&service, StatusCode::OK, UserId(answer::number(&id)?))
}

fn user_answer(service: &Service, status: StatusCode, id: UserId) -> Answer {
    service.read(|state| {
        let user = state.user(id).ok_or_else(|| Refusal::NotFound(format!("user {id}")))?;
        Ok(answer::json(status, &Lens::of(state, &service.config.faults).user(user)))
    })
}

/// 201, also where a user was there already and was updated.
async fn create_user(State(service): Shared, headers: HeaderMap, bytes: Bytes) -> Answer {
    typed(&headers)?;
    let body: UserBody = answer::body(&bytes)?;
    let now = service.now();
    let id = service.write(|state| state.upsert(&body, now))?;
    user_answer(&service, StatusCode::CREATED, id)
}

async fn put_user(
    State(service): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    typed(&headers)?;
    let (id, body): (UserId, UserBody) = (UserId(answer::number(&id)?), answer::body(&bytes)?);
    let now = service.now();
    service.write(|state| state.replace(id, &body, now))?;
    user_answer(&service, StatusCode::OK, id)
}

async fn patch_user(
    State(service): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    typed(&headers)?;
    let (id, patch): (UserId, PatchOp) = (UserId(answer::number(&id)?), answer::body(&bytes)?);
    let ops = patch.for_user(paths(&service))?;
    let now = service.now();
    service.write(|state| state.patch_user(id, &ops, now))?;
    done()
}

async fn delete_user(State(service): Shared, Path(id): Path<String>) -> Answer {
    let id = UserId(answer::number(&id)?);
    let now = service.now();
    service.write(|state| state.deactivate(id, now))?;
    done()
}

async fn groups(State(service): Shared, headers: HeaderMap, query: Query) -> Answer {
    typed(&headers)?;
    query.only(&["count", "startindex", "filter"])?;
    let page = Page::of(&query, &service.config.settings)?;
    let wanted = query.one("filter").map(|filter| {
        equals(filter, "displayName").ok_or_else(|| Problem::invalid(format!("{filter:?} is no filter")))
    });
    let wanted = wanted.transpose()?;
    service.read(|state| {
        let named = |entry: &&GroupEntry| wanted.as_ref().is_none_or(|name| same(name, &entry.group.name));
        let all: Vec<&GroupEntry> =
            state.groups().filter(|entry| shown(&service, entry)).filter(named).collect();
        let lens = Lens::of(state, &service.config.faults);
        page.answer(&service.config, all.len(), |range| {
            all[range].iter().map(|entry| lens.group(entry)).collect()
        })
    })
}

async fn group(State(service): Shared, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    typed(&headers)?;
    group_answer(&service, StatusCode::OK, GroupId(answer::number(&id)?))
}

fn group_answer(service: &Service, status: StatusCode, id: GroupId) -> Answer {
    service.read(|state: &Account| {
        let entry = state.group(id).filter(|entry| shown(service, entry));
        let entry = entry.ok_or_else(|| Refusal::NotFound(format!("group {id}")))?;
        Ok(answer::json(status, &Lens::of(state, &service.config.faults).group(entry)))
    })
}

/// Whether SCIM shows a group at all.
fn shown(service: &Service, entry: &GroupEntry) -> bool {
    entry.group.source == GroupSource::Scim || !service.config.settings.has(Setting::ScimOwnGroups)
}

async fn create_group(State(service): Shared, headers: HeaderMap, bytes: Bytes) -> Answer {
    typed(&headers)?;
    let body: GroupBody = answer::body(&bytes)?;
    let id = service.write(|state| state.scim_create_group(&body))?;
    group_answer(&service, StatusCode::CREATED, id)
}

async fn put_group(
    State(service): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    typed(&headers)?;
    let (id, body): (GroupId, GroupBody) = (GroupId(answer::number(&id)?), answer::body(&bytes)?);
    let now = service.now();
    service.write(|state| state.scim_replace_group(id, &body, now))?;
    group_answer(&service, StatusCode::OK, id)
}

async fn patch_group(
    State(service): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    typed(&headers)?;
    let (id, patch): (GroupId, PatchOp) = (GroupId(answer::number(&id)?), answer::body(&bytes)?);
    let ops = patch.for_group(paths(&service))?;
    let now = service.now();
    service.write(|state| state.scim_patch_group(id, &ops, now))?;
    done()
}

async fn delete_group(State(service): Shared, Path(id): Path<String>) -> Answer {
    let id = GroupId(answer::number(&id)?);
    service.write(|state| state.scim_delete_group(id))?;
    done()
}

fn paths(service: &Service) -> Paths {
    if service.config.settings.has(Setting::ScimPlainPaths) { Paths::Plain } else { Paths::Filtered }
}

#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}
