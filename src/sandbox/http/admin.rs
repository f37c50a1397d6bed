//! Groups, agents and computers of the Admin API (/admin/v1), in the shapes that were observed live.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::export;
use crate::sandbox::http::query::Query;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{Direction, Refusal};
use crate::sandbox::seed::{Agent, AgentId, Computer, ComputerId, GroupId};
use crate::sandbox::state::{GroupEntry, State as Account, fold};

/// The most agents that GET /admin/v1/clients answers with; there is no second page.
const CLIENT_LIMIT: usize = 50;

type Shared = State<Arc<Service>>;

pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/admin/v1/accounts/ping", get(ping))
        .route("/admin/v1/clients", get(clients))
        .route("/admin/v1/devices", get(devices))
        .route("/admin/v1/groups", post(create_groups).delete(delete_groups))
        .route("/admin/v1/groups/list", get(list))
        .route("/admin/v1/groups/list/{prefix}", get(list_by_prefix))
        .route("/admin/v1/groups/summary", get(summary))
        // A route of its own: a group called "members" can't be made by name. What writes there is not emulated.
        .route("/admin/v1/groups/members", get(all_members).fallback(|| async { Problem::NoRoute }))
        .route("/admin/v1/groups/members/bulk", get(export))
        .route("/admin/v1/groups/{group}", put(rename).post(create_group))
        .route("/admin/v1/groups/{group}/members", get(members))
        .route("/admin/v1/groups/{group}/clients", post(move_clients).delete(move_clients))
        .route("/admin/v1/groups/{group}/devices", post(move_devices).delete(move_devices))
}

async fn ping() -> Answer {
    answer::success(&["0 ms".to_owned()])
}

async fn clients(State(service): Shared, query: Query) -> Answer {
    query.only(&["includerestorable", "includesystem"])?;
    service.read(|state| {
        let mut all: Vec<&Agent> = state.users().iter().flat_map(|user| &user.agents).collect();
        all.sort_by_key(|agent| agent.id);
        let shown = |agent: &&Agent| {
            json!({ "id": agent.id, "domain": agent.domain, "name": agent.username, "alias": agent.alias })
        };
        answer::ok(&all.iter().take(CLIENT_LIMIT).map(shown).collect::<Vec<Value>>())
    })
}

async fn devices(State(service): Shared, query: Query) -> Answer {
    query.only(&["includerestorable"])?;
    service.read(|state| {
        let shown = |computer: &Computer| {
            json!({ "id": computer.id, "domain": computer.domain, "name": computer.name, "alias": computer.alias })
        };
        answer::ok(&state.computers().map(shown).collect::<Vec<Value>>())
    })
}

async fn list(State(service): Shared, query: Query) -> Answer {
    query.only(&[])?;
    service.read(|state| answer::ok(&state.groups().map(listed).collect::<Vec<Value>>()))
}

/// A search for groups whose name, or number, starts with a text; not a look-up by number.
async fn list_by_prefix(State(service): Shared, Path(prefix): Path<String>) -> Answer {
    let folded = fold(&prefix);
    let numeric = prefix.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric && !(3..=65).contains(&prefix.chars().count()) {
        return Err(Problem::invalid("a prefix has 3 to 65 characters"));
    }
    let starts = |entry: &&GroupEntry| {
        fold(&entry.group.name).starts_with(&folded)
            || numeric && entry.group.id.to_string().starts_with(&prefix)
    };
    service.read(|state| answer::ok(&state.groups().filter(starts).map(listed).collect::<Vec<Value>>()))
}

/// `ATGroup`.
fn listed(entry: &GroupEntry) -> Value {
    let group = &entry.group;
    json!({
        "groupid": group.id, "parentid": group.id, "groupname": group.name,
        "type": group.source.number(), "typename": group.source.type_name(), "instanceid": null,
    })
}

async fn summary(State(service): Shared, query: Query) -> Answer {
    query.only(&["search", "page", "pagesize"])?;
    let paging = query.paging()?;
    let term = query.one("search").map(fold);
    service.read(|state| {
        let holds =
            |entry: &&GroupEntry| term.as_ref().is_none_or(|term| fold(&entry.group.name).contains(term));
        let found: Vec<&GroupEntry> = state.groups().filter(holds).collect();
        let (range, total) = service.config.faults.page(paging, found.len());
        let groups: Vec<Value> = found[range].iter().map(|entry| summed(state, entry)).collect();
        answer::ok(&json!({ "groups": groups, "totalCount": total }))
    })
}

/// A group with counts. The names of these members are not published.
fn summed(state: &Account, entry: &GroupEntry) -> Value {
    let group = &entry.group;
    json!({
        "groupId": group.id, "groupName": group.name,
        "groupType": group.source.number(), "groupTypeName": group.source.type_name(),
        "clientCount": state.agents_of(entry).count(), "deviceCount": group.computers.len(),
    })
}

async fn members(State(service): Shared, Path(group): Path<String>) -> Answer {
    let id = GroupId(answer::number(&group)?);
    service.read(|state| {
        let entry = state.group(id).ok_or_else(|| Refusal::NotFound(format!("group {id}")))?;
        answer::ok(&with_members(state, entry))
    })
}

/// `GroupWithMembersGroupPagedResponse`, of the deprecated list.
async fn all_members(State(service): Shared, query: Query) -> Answer {
    query.only(&["page", "pagesize"])?;
    let paging = query.paging()?;
    service.read(|state| {
        let all: Vec<&GroupEntry> = state.groups().collect();
        let (range, total) = service.config.faults.page(paging, all.len());
        let groups: Vec<Value> = all[range].iter().map(|entry| with_members(state, entry)).collect();
        answer::ok(&json!({ "groups": groups, "totalCount": total }))
    })
}

/// `GroupWithMembers`.
fn with_members(state: &Account, entry: &GroupEntry) -> Value {
    let client = |agent: &Agent| {
        json!({
            "memberId": agent.id, "memberDomain": agent.domain,
            "memberName": agent.username, "memberAlias": agent.alias,
        })
    };
    let device = |computer: &Computer| json!({ "memberId": computer.id, "memberDomain": computer.domain, "memberName": computer.name });
    let group = &entry.group;
    let computers = group.computers.iter().filter_map(|id| state.computer(*id));
    json!({
        "groupId": group.id, "groupName": group.name,
        "groupType": group.source.number(), "groupTypeName": group.source.type_name(),
        "clients": state.agents_of(entry).map(client).collect::<Vec<Value>>(),
        "devices": computers.map(device).collect::<Vec<Value>>(),
    })
}

/// `AddGroupsRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    names: Vec<String>,
}

/// `UpdateGroupRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
}

/// `DeleteGroupsRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ParentIds {
    parent_ids: Vec<GroupId>,
}

/// `AddClientsRequest` and `RemoveClientsRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ClientIds {
    client_ids: Vec<AgentId>,
}

/// `AddDevicesRequest` and `RemoveDevicesRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DeviceIds {
    device_ids: Vec<ComputerId>,
}

async fn create_groups(State(service): Shared, bytes: Bytes) -> Answer {
    let Names { names } = answer::body(&bytes)?;
    if names.is_empty() {
        return Err(Problem::invalid("no names given"));
    }
    let created = service.write(|state| state.create_groups(names));
    let added = |(id, name): &(GroupId, String)| json!({ "groupid": id, "groupname": name });
    answer::ok(&json!({
        "added": created.added.iter().map(added).collect::<Vec<Value>>(),
        "duplicates": created.duplicates, "errors": created.errors,
    }))
}

/// Answers with a bare number.
async fn create_group(State(service): Shared, Path(name): Path<String>) -> Answer {
    answer::ok(&service.write(|state| state.create_group(&name))?)
}

async fn rename(State(service): Shared, Path(group): Path<String>, bytes: Bytes) -> Answer {
    let id = GroupId(answer::number(&group)?);
    let Name { name } = answer::body(&bytes)?;
    service.write(|state| state.rename(id, &name))?;
    answer::success(&[])
}

async fn delete_groups(State(service): Shared, bytes: Bytes) -> Answer {
    let ParentIds { parent_ids } = answer::body(&bytes)?;
    if parent_ids.is_empty() {
        return Err(Problem::invalid("no parentIds given"));
    }
    let deleted = service.write(|state| state.delete_groups(&parent_ids))?;
    answer::ok(&json!({ "groupIds": deleted.groups, "messages": deleted.messages, "success": true }))
}

async fn move_clients(
    direction: Direction,
    State(service): Shared,
    Path(group): Path<String>,
    bytes: Bytes,
) -> Answer {
    let id = GroupId(answer::number(&group)?);
    let ClientIds { client_ids } = answer::body(&bytes)?;
    let now = service.now();
    answer::ok(&service.write(|state| state.move_agents(id, direction, &client_ids, now))?)
}

async fn move_devices(
    direction: Direction,
    State(service): Shared,
    Path(group): Path<String>,
    bytes: Bytes,
) -> Answer {
    let id = GroupId(answer::number(&group)?);
    let DeviceIds { device_ids } = answer::body(&bytes)?;
    answer::ok(&service.write(|state| state.move_computers(id, direction, &device_ids))?)
}

/// The groups file of the app; its name tells the number of the account, if that has one.
async fn export(State(service): Shared) -> Answer {
    let (account, text) = service.read(|state| (state.account().id, export::csv(state)));
    let text = text.map_err(|error| Problem::invalid(error.to_string()))?;
    let number = account.map_or_else(String::new, |id| format!("_{id}"));
    let name = format!("attachment; filename=\"groups{number}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv".to_owned()), (header::CONTENT_DISPOSITION, name)], text)
        .into_response())
}
