//! Groups, agents and computers of the Admin API (/admin/v1), in the shapes that were observed live.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::export;
use crate::sandbox::http::query::Query;
use crate::sandbox::http::routes::Routes;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{Direction, GroupsFile, Refusal};
use crate::sandbox::seed::{Agent, AgentId, Computer, ComputerId, GroupId, Login, RuleId, User};
use crate::sandbox::settings::{Setting, Settings};
use crate::sandbox::state::{GroupEntry, State as Account, fold, same};

/// The most agents that GET /admin/v1/clients answers with; there is no second page.
const CLIENT_LIMIT: usize = 50;

type Shared = State<Arc<Service>>;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/admin/v1/accounts/ping", ping)
        .get("/admin/v1/clients", clients)
        .get("/admin/v1/clients/donottrack", do_not_track)
        .get("/admin/v1/clients/{client}", client)
        .with_404()
        .get("/admin/v1/devices", devices)
        .get("/admin/v1/devices/{device}", device)
        .post("/admin/v1/groups", create_groups)
        .delete("/admin/v1/groups", delete_groups)
        .get("/admin/v1/groups/list", list)
        .get("/admin/v1/groups/list/{prefix}", list_by_prefix)
        .get("/admin/v1/groups/summary", summary)
        .get("/admin/v1/groups/members", all_members)
        .get("/admin/v1/groups/members/bulk", export)
        .post("/admin/v1/groups/members/bulk", import)
        .of_a_form()
        .put("/admin/v1/groups/{group}", rename)
        .post("/admin/v1/groups/{group}", create_group)
        .get("/admin/v1/groups/{group}/members", members)
        .post("/admin/v1/groups/{group}/clients", move_clients)
        .delete("/admin/v1/groups/{group}/clients", move_clients)
        .post("/admin/v1/groups/{group}/devices", move_devices)
        .delete("/admin/v1/groups/{group}/devices", move_devices)
}

async fn ping() -> Answer {
    answer::success(&["0 ms".to_owned()])
}

/// No document has `page` and `pageSize`, and clients send them: they are taken, and there is no second page. There are no agents
/// of the system here.
async fn clients(State(service): Shared, query: Query) -> Answer {
    query.only(&["includerestorable", "includesystem", "page", "pagesize"])?;
    let (restorable, now) = (query.flag("includerestorable")?, service.now());
    query.flag("includesystem")?;
    service.read(|state| {
        let mut all: Vec<&Agent> = state.users().iter().flat_map(|user| &user.agents).collect();
        if restorable {
            let deleted = state.users().iter().flat_map(|user| &user.deleted_agents);
            all.extend(deleted.filter(|agent| agent.is_restorable(now)));
        }
        all.sort_by_key(|agent| agent.id);
        answer::ok(&all.into_iter().take(CLIENT_LIMIT).map(shown_agent).collect::<Vec<Value>>())
    })
}

/// One agent, by number, else by username (GET /admin/v1/clients/{clientId} and /{username}).
async fn client(State(service): Shared, Path(client): Path<String>) -> Answer {
    service.read(|state| {
        let mut agents = state.users().iter().flat_map(|user| &user.agents);
        let found = match client.parse() {
            Ok(id) => agents.find(|agent| agent.id == AgentId(id)),
            Err(_) => agents.find(|agent| same(&agent.username, &client)),
        };
        let found = found.ok_or_else(|| Refusal::NotFound(format!("client {client:?}")))?;
        answer::ok(&shown_agent(found))
    })
}

fn shown_agent(agent: &Agent) -> Value {
    let mut shown =
        json!({ "id": agent.id, "domain": agent.domain, "name": agent.username, "alias": agent.alias });
    if let Some(deleted) = agent.deleted {
        shown["deletedate"] = json!(deleted);
    }
    shown
}

/// Pages as in [`clients`]; no computer is ever deleted here, so there is none that could be restored.
async fn devices(State(service): Shared, query: Query) -> Answer {
    query.only(&["includerestorable", "page", "pagesize"])?;
    query.flag("includerestorable")?;
    service.read(|state| answer::ok(&state.computers().map(shown_computer).collect::<Vec<Value>>()))
}

async fn device(State(service): Shared, Path(device): Path<String>, query: Query) -> Answer {
    query.only(&["includerestorable"])?;
    query.flag("includerestorable")?;
    let id = ComputerId(answer::number(&device)?);
    service.read(|state| {
        let found = state.computer(id).ok_or_else(|| Refusal::NotFound(format!("device {id}")))?;
        answer::ok(&shown_computer(found))
    })
}

fn shown_computer(computer: &Computer) -> Value {
    json!({ "id": computer.id, "domain": computer.domain, "name": computer.name, "alias": computer.alias })
}

/// The older list of who is not tracked: the global rules, and without a number those that follow from untracked users. No
/// document says by what it can be sorted, so it never is.
async fn do_not_track(State(service): Shared, query: Query) -> Answer {
    query.only(&["filter", "sort", "skip", "pagesize", "onlyglobaltrackingexclusions"])?;
    let term = query.one("filter").map(fold);
    let any_domain_alone = query.flag("onlyglobaltrackingexclusions")?;
    let number = |name: &str, usual: usize| -> Result<usize, Problem> {
        Ok(query.number(name)?.map_or(usual, |number| usize::try_from(number).unwrap_or(usize::MAX)))
    };
    let (skip, size) = (number("skip", 0)?, number("pagesize", usize::MAX)?);
    service.read(|state| {
        let global = state.rules().map(|rule| (Some(rule.id), rule.login.clone()));
        let untracked = state.users().iter().filter(|user| !user.tracked);
        let derived = untracked.flat_map(User::derived_rules).map(|login| (None, login));
        let wanted = |(_, login): &(Option<RuleId>, Login)| {
            let domain = login.domain_name();
            let said = |text: &str| term.as_ref().is_none_or(|term| fold(text).contains(term));
            (domain.is_none() || !any_domain_alone) && (said(&login.user) || domain.is_some_and(said))
        };
        let records = global.chain(derived).filter(wanted).skip(skip).take(size);
        let records = records.map(|(id, login)| {
            json!({
                "id": id, "logondomain": login.domain_name().unwrap_or_default(), "username": login.user,
                "globaluser": login.domain_name().is_none(),
            })
        });
        answer::ok(&json!({ "records": records.collect::<Vec<Value>>() }))
    })
}

/// Pages as in [`clients`].
async fn list(State(service): Shared, query: Query) -> Answer {
    query.only(&["page", "pagesize"])?;
    let listed = |entry: &GroupEntry| listed(entry, &service.config.settings);
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
    let listed = |entry: &GroupEntry| listed(entry, &service.config.settings);
    service.read(|state| answer::ok(&state.groups().filter(starts).map(listed).collect::<Vec<Value>>()))
}

/// `ATGroup`.
fn listed(entry: &GroupEntry, settings: &Settings) -> Value {
    let group = &entry.group;
    json!({
        "groupid": group.id, "parentid": group.id.0 + above(settings), "groupname": group.name,
        "type": group.source.number(), "typename": group.source.type_name(), "instanceid": null,
    })
}

/// How much higher the number of a group's parent is, by which it is deleted, than its own.
fn above(settings: &Settings) -> u64 {
    if settings.has(Setting::ParentIds) { 500_000 } else { 0 }
}

async fn summary(State(service): Shared, query: Query) -> Answer {
    query.only(&["search", "clientid", "deviceid", "page", "pagesize"])?;
    let paging = query.paging()?;
    let term = query.one("search").map(fold);
    let client = query.number("clientid")?.map(AgentId);
    let device = query.number("deviceid")?.map(ComputerId);
    service.read(|state| {
        let holds = |entry: &&GroupEntry| {
            term.as_ref().is_none_or(|term| fold(&entry.group.name).contains(term))
                && client.is_none_or(|id| state.agents_of(entry).any(|agent| agent.id == id))
                && device.is_none_or(|id| entry.group.computers.contains(&id))
        };
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
    let above = above(&service.config.settings);
    // The number of no parent is the number of no group.
    let ids: Vec<GroupId> = parent_ids.iter().map(|id| GroupId(id.0.saturating_sub(above))).collect();
    let deleted = service.write(|state| state.delete_groups(&ids))?;
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

/// The groups file that the app takes. No document says what its part of the form is called.
async fn import(State(service): Shared, request: Request) -> Answer {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::invalid(format!("the body is no multipart form: {error}")))?;
    let broken = |error: MultipartError| Problem::invalid(format!("the form is broken: {error}"));
    let part = form.next_field().await.map_err(broken)?;
    let part = part.ok_or_else(|| Problem::invalid("the form has no part"))?;
    let file = GroupsFile::read(&part.bytes().await.map_err(broken)?)?;
    let now = service.now();
    answer::ok(&service.write(|state| state.import_groups(&file, now)))
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
