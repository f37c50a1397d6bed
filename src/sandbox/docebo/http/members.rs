//! The users of a group (`/audiences/v1/audience/{uuid}/users`, `…/assign_users`).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;

use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::page::Page;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::shown::Shown;
use crate::sandbox::docebo::http::users::{USUAL, sorted};
use crate::sandbox::docebo::rules::Whom;
use crate::sandbox::docebo::seed::{Group, Population, User, UserId, Uuid};
use crate::sandbox::docebo::state::Tenant;

type Shared = State<Arc<Service>>;

/// The users of a group that a query asks for, in its order.
///
/// # Errors
/// There is no such order.
pub(crate) fn found<'a>(
    tenant: &'a Tenant,
    group: &Group,
    query: &Query,
) -> Result<Vec<(&'a User, Population)>, Problem> {
    let users = group.everybody();
    let mut users: Vec<&User> = users.iter().filter_map(|id| tenant.user(*id)).collect();
    users.retain(|user| query.one("search_text").is_none_or(|term| user.is_found(term)));
    sorted(&mut users, query)?;
    Ok(users.into_iter().filter_map(|user| Some((user, group.relation(user.id)?))).collect())
}

pub(crate) async fn list(State(service): Shared, Path(uuid): Path<String>, query: Query) -> Answer {
    query.of_list(&[])?;
    let page = Page::of(&query, service.settings(), USUAL)?;
    let uuid = Uuid(uuid);
    service.drift(page.number, Some(&uuid));
    service.read(|tenant| {
        let members = found(tenant, tenant.known(&uuid)?, &query)?;
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&members, &service.config.faults, |(user, relation)| shown.member(user, *relation))
    })
}

/// Who is to be in the group: these, or, where `user_all` says so, everybody whom the filters find.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assign {
    #[serde(default, rename = "user_ids")]
    ids: Vec<UserId>,
    #[serde(default, rename = "user_all")]
    all: bool,
    #[serde(default, rename = "user_filters")]
    filters: Filters,
}

/// What finds users.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filters {
    search: Option<String>,
}

pub(crate) async fn assign(State(service): Shared, Path(uuid): Path<String>, bytes: Bytes) -> Answer {
    let Assign { ids, all, filters } = answer::body(&bytes)?;
    let whom = if all { Whom::Everybody(filters.search) } else { Whom::These(ids) };
    let now = service.now();
    service.write(|tenant| tenant.assign(&Uuid(uuid), whom, now))?;
    answer::done()
}

/// Who is to leave the group.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unassign {
    user_ids: Vec<UserId>,
}

pub(crate) async fn unassign(State(service): Shared, Path(uuid): Path<String>, bytes: Bytes) -> Answer {
    let Unassign { user_ids } = answer::body(&bytes)?;
    let now = service.now();
    service.write(|tenant| tenant.unassign(&Uuid(uuid), user_ids, now))?;
    answer::done()
}
