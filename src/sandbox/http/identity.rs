//! People: lists, searches, creation, edits and bulk actions (Identity API, /identity/v1 and v2).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::entity::{Entity, Groups, Lens};
use crate::sandbox::http::query::Query;
use crate::sandbox::http::routes::Routes;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{Action, BulkItem, FieldEdits, Filter, Refusal, Search};
use crate::sandbox::seed::UserId;
use crate::sandbox::settings::Setting;

/// The query parameters of the list that are known, lower case. `sort` and `sorton` are accepted and the order is always
/// by id.
const LIST: [&str; 10] = [
    "type",
    "term",
    "sort",
    "sorton",
    "filter",
    "filters",
    "page",
    "pagesize",
    "includegroupdata",
    "excludegroupdata",
];

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/identity/v1/entities", list)
        .post("/identity/v1/entities", create)
        .post("/identity/v2/entities", create)
        .post("/identity/v2/entities/search", search)
        .post("/identity/v1/entities/bulk", bulk)
        .post("/identity/v1/entities/bulk/edits", bulk_edits)
        .get("/identity/v1/agents", list)
        .get("/identity/v1/entities/{id}", one)
        .delete("/identity/v1/entities/{id}", delete)
        .delete("/identity/v2/entities/{id}", delete)
        .post("/identity/v1/entities/{id}/revision/{revision}/doNotTrack", do_not_track)
        .post("/identity/v1/entities/{id}/revision/{revision}/deleteClients", delete_clients)
        .patch("/identity/v1/entities/{id}/revision/{revision}", edit)
        .without_404()
        .patch("/identity/v2/entities/{id}/revision/{revision}", edit)
        .delete("/identity/v1/entities/{id}/upns/{upn}", remove_upn)
}

/// `UsersResponse`, and without the cursor `IdentityLookupResponse`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    results: Vec<Entity<'a>>,
    cursor: (),
    total_count: usize,
}

async fn list(State(service): State<Arc<Service>>, query: Query) -> Answer {
    query.only(&LIST)?;
    let paging = query.paging()?;
    let search = match query.one("type") {
        Some(name) => {
            Search::from_name(name).ok_or_else(|| Problem::invalid(format!("type {name:?} is unknown")))?
        }
        None => Search::default(),
    };
    let known = |name: &str| {
        Filter::from_name(name).ok_or_else(|| Problem::invalid(format!("filter {name:?} is unknown")))
    };
    let filters =
        query.all("filters").chain(query.all("filter")).map(known).collect::<Result<Vec<_>, _>>()?;
    let groups = if query.flag("includegroupdata")? && !query.flag("excludegroupdata")? {
        Groups::Shown
    } else {
        Groups::Hidden
    };
    let (now, config) = (service.now(), &service.config);
    service.read(|state| {
        let found = state.find(search, query.one("term"), &filters, now);
        let (range, total_count) = config.faults.page(paging, found.len());
        let lens = Lens::on_list(state, now, groups, config);
        let results = found.slice(range).into_iter().map(|user| lens.entity(user)).collect();
        answer::ok(&Page { results, cursor: (), total_count })
    })
}

async fn search(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let lookups = answer::body(&bytes)?;
    let (now, config) = (service.now(), &service.config);
    service.read(|state| {
        let found = state.look_up(lookups)?;
        let lens = Lens::on_list(state, now, Groups::Shown, config);
        let results: Vec<Entity<'_>> = found.iter().map(|user| lens.entity(user)).collect();
        answer::ok(&json!({ "totalCount": results.len(), "results": results }))
    })
}

async fn one(State(service): State<Arc<Service>>, Path(id): Path<String>) -> Answer {
    answer_with(&service, StatusCode::OK, UserId(answer::number(&id)?))
}

async fn create(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let edits: FieldEdits = answer::body(&bytes)?;
    let now = service.now();
    let id = service.write(|state| state.create(edits, now))?;
    answer_with(&service, StatusCode::CREATED, id)
}

async fn edit(
    State(service): State<Arc<Service>>,
    Path((id, revision)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    let (id, revision) = (UserId(answer::number(&id)?), answer::number(&revision)?);
    let edits: FieldEdits = answer::body(&bytes)?;
    taken(&service, &edits)?;
    let now = service.now();
    if let Some(taken) = edits.agent_to_take()? {
        if service.config.settings.has(Setting::NoAgentMoves) {
            return Err(Refusal::invalid("userId can't be edited").into());
        }
        service.write(|state| state.take_agent((id, revision), taken, now))?;
    } else {
        service.write(|state| state.patch(id, revision, edits, now))?;
    }
    answer_with(&service, StatusCode::OK, id)
}

async fn delete(State(service): State<Arc<Service>>, Path(id): Path<String>) -> Answer {
    let id = UserId(answer::number(&id)?);
    service.write(|state| state.delete_entity(id))?;
    Ok(StatusCode::OK.into_response())
}

/// Takes `tracking` and nothing else: what the call is called leaves no more to be asked for.
async fn do_not_track(
    State(service): State<Arc<Service>>,
    Path((id, revision)): Path<(String, String)>,
    bytes: Bytes,
) -> Answer {
    let (id, revision) = (UserId(answer::number(&id)?), answer::number(&revision)?);
    let edits: FieldEdits = answer::body(&bytes)?;
    let tracking = edits.tracking_alone()?;
    let now = service.now();
    service.write(|state| state.patch(id, revision, tracking, now))?;
    answer_with(&service, StatusCode::OK, id)
}

async fn delete_clients(
    State(service): State<Arc<Service>>,
    Path((id, revision)): Path<(String, String)>,
) -> Answer {
    let (id, revision) = (UserId(answer::number(&id)?), answer::number(&revision)?);
    let now = service.now();
    service.write(|state| state.delete_clients(id, revision, now))?;
    answer_with(&service, StatusCode::OK, id)
}

async fn remove_upn(
    State(service): State<Arc<Service>>,
    Path((id, upn)): Path<(String, String)>,
    query: Query,
) -> Answer {
    query.only(&["revision"])?;
    let id = UserId(answer::number(&id)?);
    let revision = query.number("revision")?.ok_or_else(|| Problem::invalid("no revision given"))?;
    let now = service.now();
    service.write(|state| state.remove_upn(id, revision, upn, now))?;
    answer_with(&service, StatusCode::OK, id)
}

/// `IdentityBulkActionRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BulkRequest {
    actions: Vec<Action>,
    data: Vec<BulkItem>,
}

/// `BulkFieldEditsRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BulkEditsRequest {
    data: Vec<BulkItem>,
}

async fn bulk(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let request: BulkRequest = answer::body(&bytes)?;
    let now = service.now();
    // What an account may do that believes one article about erasing and not the other.
    let mut actions = request.actions;
    if actions.contains(&Action::DeleteData) && service.config.faults.erase_untracks() {
        actions.push(Action::StopTracking);
    }
    bulk_answer(service.write(|state| state.bulk(&actions, &request.data, now))?)
}

async fn bulk_edits(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let request: BulkEditsRequest = answer::body(&bytes)?;
    let now = service.now();
    let taken = |edits: &FieldEdits| taken(&service, edits);
    bulk_answer(service.write(|state| state.bulk_edits(request.data, taken, now))?)
}

/// Whether the account takes edits that remove values.
fn taken(service: &Service, edits: &FieldEdits) -> Result<(), Refusal> {
    if service.config.settings.has(Setting::NoNullEdits) { edits.refuse_nulls() } else { Ok(()) }
}

/// `IdentityBulkActionResponse`: 200 whatever failed.
fn bulk_answer(outcome: Vec<(UserId, Result<(), Refusal>)>) -> Answer {
    let (mut successful, mut failures) = (Vec::new(), Vec::new());
    for (id, result) in outcome {
        match result {
            Ok(()) => successful.push(json!({ "entityId": id })),
            Err(refusal) => failures.push(json!({ "entityId": id, "message": refusal.to_string() })),
        }
    }
    answer::ok(&json!({ "successful": successful, "failures": failures }))
}

/// One user's whole record.
pub(crate) fn answer_with(service: &Service, status: StatusCode, id: UserId) -> Result<Response, Problem> {
    let now = service.now();
    service.read(|state| {
        let user = state.user(id).ok_or_else(|| Refusal::NotFound(format!("entity {id}")))?;
        Ok(answer::json(status, &Lens::on_one(state, now, &service.config).entity(user)))
    })
}
