//! Many users at once (`POST /manage/v1/user/batch`), and never two such calls at the same time.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::written::{field_value, level};
use crate::sandbox::docebo::rules::{BatchOptions, Refusal, Row, Update};
use crate::sandbox::docebo::seed::{BranchId, FieldId};

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    items: Vec<Map<String, Value>>,
    #[serde(default)]
    options: Options,
}

/// What holds for all rows. What is about passwords and power users is taken and does nothing: there are none here.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    update_user_info: Option<Value>,
    destination_branch: Option<Value>,
    branch_option: Option<String>,
    #[serde(rename = "change_user_password")]
    _change_user_password: Option<Value>,
    #[serde(rename = "auto_assign_branch_to_pu")]
    _auto_assign_branch_to_pu: Option<Value>,
    #[serde(rename = "ignore_password_change_for_existing_users")]
    _ignore_password_change: Option<Value>,
}

pub(crate) async fn take(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let Batch { items, options } = answer::body(&bytes)?;
    let Some(_turn) = service.turn() else { return Err(Problem::Busy) };
    tokio::time::sleep(service.config.batch_time).await;
    if !matches!(options.branch_option.as_deref(), None | Some("existing")) {
        return Err(Problem::invalid("branch_option is existing: the sandbox makes no branches"));
    }
    let update = options.update_user_info.as_ref().map_or(Ok(false), answer::flag)?;
    let destination = options.destination_branch.as_ref().map(answer::id).transpose()?.map(BranchId);
    let options = BatchOptions { update: if update { Update::Change } else { Update::Refuse }, destination };
    let rows: Result<Vec<Row>, Problem> = items.iter().map(row).collect();
    let (rows, now) = (rows?, service.now());
    let told = service.write(|tenant| match destination.filter(|branch| !tenant.has_branch(*branch)) {
        Some(branch) => Err(Refusal::NotFound(format!("branch {branch}"))),
        None => tenant.take_rows(rows, options, now),
    })?;
    let shown = (0..).zip(&told).map(|(at, told): (usize, _)| {
        let message = told.as_ref().err().cloned().unwrap_or_default();
        json!({ "row_index": at, "success": told.is_ok(), "message": message })
    });
    answer::ok(&shown.collect::<Vec<Value>>().into())
}

/// A row. Its passwords, languages and the like are taken and not kept.
fn row(item: &Map<String, Value>) -> Result<Row, Problem> {
    let mut row = Row::default();
    for (name, value) in item {
        let text = || {
            let text = value.as_str().map(str::to_owned);
            text.ok_or_else(|| Problem::invalid(format!("{name} is no text")))
        };
        match name.as_str() {
            "username" => row.username = text()?,
            "firstname" => row.first_name = Some(text()?),
            "lastname" => row.last_name = Some(text()?),
            "email" => row.email = Some(text()?),
            "active" => row.active = Some(answer::flag(value)?),
            "level" => row.level = Some(level(&text()?)?),
            "branch_code" => row.branch_code = Some(text()?),
            "branch_name" => row.branch_name = Some(text()?),
            "password" | "language" | "timezone" | "date_format" | "expiration_date" => drop(text()?),
            _ => {
                let id = name.strip_prefix("field_").and_then(|id| id.parse().ok()).map(FieldId);
                let id =
                    id.ok_or_else(|| Problem::invalid(format!("the sandbox takes no {name:?} of a row")))?;
                row.fields.push((id, field_value(value)?));
            }
        }
    }
    Ok(row)
}
