//! Users (`/manage/v1/user`): listed, one by one, made, and taken out of service.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::page::Page;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::shown::Shown;
use crate::sandbox::docebo::http::written::{field_value, level};
use crate::sandbox::docebo::rules::{NewUser, Order, Reach, Refusal, Status, UserKey, Wrong};
use crate::sandbox::docebo::seed::{BranchId, FieldId, Level, User, UserId};
use crate::sandbox::docebo::settings::Setting;

type Shared = State<Arc<Service>>;

/// The size of a page of users, if none is asked for.
pub(crate) const USUAL: usize = 200;

/// Puts users in the order that a query asks for.
///
/// # Errors
/// There is no such order.
pub(crate) fn sorted(users: &mut [&User], query: &Query) -> Result<(), Problem> {
    query.key(UserKey::of, UserKey::Newest)?.sort(users);
    if query.order()? == Order::Down {
        users.reverse();
    }
    Ok(())
}

pub(crate) async fn list(State(service): Shared, query: Query) -> Answer {
    query.of_list(&["branch_id", "selection_status"])?;
    let page = Page::of(&query, service.settings(), USUAL)?;
    let branch = query.number("branch_id")?.map(BranchId);
    let reach = match query.one("selection_status") {
        None | Some("1") => Reach::Branch,
        Some("2") => Reach::Descendants,
        Some(other) => {
            return Err(Problem::invalid(format!("selection_status {other:?} is neither 1 nor 2")));
        }
    };
    service.drift(page.number, None);
    service.read(|tenant| {
        if let Some(unknown) = branch.filter(|branch| !tenant.has_branch(*branch)) {
            return Err(Refusal::NotFound(format!("branch {unknown}")).into());
        }
        let is_found = |user: &&User| {
            query.one("search_text").is_none_or(|term| user.is_found(term))
                && branch.is_none_or(|branch| tenant.is_in_branch(user, branch, reach))
        };
        let mut users: Vec<&User> = tenant.users().filter(is_found).collect();
        sorted(&mut users, &query)?;
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&users, &service.config.faults, |user| shown.listed_user(user))
    })
}

pub(crate) async fn one(State(service): Shared, Path(id): Path<String>) -> Answer {
    let id = UserId(answer::number(&id)?);
    service.read(|tenant| {
        let user = tenant.user(id).ok_or_else(|| Refusal::NotFound(format!("user {id}")))?;
        let shown = Shown { tenant, settings: service.settings() };
        let mut data =
            json!({ "user_data": shown.user(user), "additional_fields": shown.additional_fields(user) });
        if !service.settings().has(Setting::OldUsers) {
            data["branches"] = shown.branches_of(user).into();
        }
        answer::ok(&data)
    })
}

/// What a user is made of. What is not read here is taken and not kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    #[serde(default)]
    userid: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    firstname: String,
    #[serde(default)]
    lastname: String,
    #[serde(default)]
    email: String,
    level: Option<String>,
    valid: Option<Value>,
    #[serde(default)]
    additional_fields: Vec<Additional>,
    /// Branches with whether they are selected: what form it has is in no document.
    #[serde(default)]
    select_orgchart: std::collections::BTreeMap<String, Value>,
    #[serde(rename = "language")]
    _language: Option<String>,
    #[serde(rename = "timezone")]
    _timezone: Option<String>,
    #[serde(rename = "date_format")]
    _date_format: Option<String>,
    #[serde(rename = "email_status")]
    _email_status: Option<Value>,
    #[serde(rename = "force_change")]
    _force_change: Option<Value>,
}

/// The value of an additional field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Additional {
    id: Value,
    value: Value,
}

/// What is wrong with a user is told inside a 200.
pub(crate) async fn create(State(service): Shared, bytes: Bytes) -> Answer {
    let request: Create = answer::body(&bytes)?;
    let mut wrong = Vec::new();
    if request.password.is_empty() {
        wrong.push(Wrong::of("password", "Password is required"));
    }
    let mut branches = Vec::new();
    for (branch, state) in &request.select_orgchart {
        if answer::flag(state)? {
            branches.push(BranchId(answer::number(branch)?));
        }
    }
    let fields = request.additional_fields.iter();
    let fields: Result<Vec<_>, Problem> =
        fields.map(|it| Ok((FieldId(answer::id(&it.id)?), field_value(&it.value)?))).collect();
    let new = NewUser {
        username: request.userid,
        first_name: request.firstname,
        last_name: request.lastname,
        email: request.email,
        active: request.valid.as_ref().map_or(Ok(true), answer::flag)?,
        level: request.level.as_deref().map_or(Ok(Level::default()), level)?,
        fields: fields?,
        branches,
    };
    let now = service.now();
    let made =
        if wrong.is_empty() { service.write(|tenant| tenant.create_user(new, now)) } else { Err(wrong) };
    match made {
        Ok(id) => service.read(|tenant| {
            let shown = Shown { tenant, settings: service.settings() };
            answer::ok(&json!({ "success": true, "user_id": shown.id(id.0) }))
        }),
        Err(wrong) => {
            let told: Vec<Value> =
                wrong.iter().map(|it| json!({ "id": it.id, "message": it.message })).collect();
            answer::ok(&json!({ "success": false, "message": told }))
        }
    }
}

/// Who is taken out of service, or back into it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeStatus {
    user_ids: Vec<Value>,
    status: Value,
}

pub(crate) async fn change_status(State(service): Shared, bytes: Bytes) -> Answer {
    let ChangeStatus { user_ids, status } = answer::body(&bytes)?;
    let ids: Result<Vec<UserId>, Problem> = user_ids.iter().map(|id| answer::id(id).map(UserId)).collect();
    let status = if answer::flag(&status)? { Status::Active } else { Status::Deactivated };
    let (ids, now) = (ids?, service.now());
    let told = service.write(|tenant| tenant.change_status(ids, status, now))?;
    service.read(|tenant| {
        let shown = Shown { tenant, settings: service.settings() };
        let [updated, not] = told.map(|ids| ids.iter().map(|id| shown.id(id.0)).collect::<Vec<Value>>());
        answer::ok(&json!({ "updated_ids": updated, "not_updated_ids": not }))
    })
}
