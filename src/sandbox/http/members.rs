//! People in groups (Identity API: /identity/v1/groups/{groupId}/entities, /identity/v1/entities/{id}/groups).

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::identity::answer_with;
use crate::sandbox::http::routes::Routes;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{Direction, Expected, Tally};
use crate::sandbox::seed::{GroupId, UserId};

/// A 404 is declared only for one user and one group.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .post("/identity/v1/groups/{group}/entities", of_group)
        .without_404()
        .delete("/identity/v1/groups/{group}/entities", of_group)
        .without_404()
        .post("/identity/v1/entities/{id}/groups", of_user)
        .without_404()
        .delete("/identity/v1/entities/{id}/groups", of_user)
        .without_404()
        .post("/identity/v1/entities/{id}/groups/{group}", of_pair)
        .delete("/identity/v1/entities/{id}/groups/{group}", of_pair)
}

/// `EntityIdsRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entities {
    entities: Vec<Expected>,
}

/// `GroupIdsRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct GroupIds {
    group_ids: Vec<GroupId>,
    revision: u64,
}

/// `EntityRevisionRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revision {
    revision: u64,
}

type Shared = State<Arc<Service>>;

async fn of_group(
    direction: Direction,
    State(service): Shared,
    Path(group): Path<String>,
    bytes: Bytes,
) -> Answer {
    let group = GroupId(answer::number(&group)?);
    let request: Entities = answer::body(&bytes)?;
    let now = service.now();
    let tally = service.write(|state| state.move_users(group, direction, &request.entities, now))?;
    Ok(results(&tally))
}

async fn of_user(
    direction: Direction,
    State(service): Shared,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    let entity_id = UserId(answer::number(&id)?);
    let GroupIds { group_ids, revision } = answer::body(&bytes)?;
    let now = service.now();
    let entity = Expected { entity_id, revision };
    let tally = service.write(|state| state.move_user(entity, direction, &group_ids, now))?;
    Ok(results(&tally))
}

/// The form for one user and one group answers with the user, and has problems of its own where the others have partial
/// failures.
async fn of_pair(
    direction: Direction,
    State(service): Shared,
    Path((id, group)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    let (id, group) = (UserId(answer::number(&id)?), GroupId(answer::number(&group)?));
    let Revision { revision } = answer::body(&bytes)?;
    let now = service.now();
    service.write(|state| {
        let entity = Expected { entity_id: id, revision };
        state.current(id, revision)?;
        state.writable_group(group)?;
        state.move_user(entity, direction, &[group], now).map(drop).map_err(Problem::from)
    })?;
    answer_with(&service, StatusCode::OK, id)
}

/// `MultipleResults`: 200 if everything was done, else 207.
fn results<T: Serialize>(tally: &Tally<T>) -> Response {
    let status = if tally.failed.is_empty() { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    answer::json(status, tally)
}

/// POST is in, DELETE is out, in every call about members.
impl<S: Sync> FromRequestParts<S> for Direction {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Direction, Infallible> {
        Ok(if parts.method == Method::DELETE { Direction::Leave } else { Direction::Join })
    }
}
