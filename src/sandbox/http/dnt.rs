//! The Do Not Track list and its global rules (Identity API, /identity/v1/dnt).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::entity::{AssociatedUser, Groups, Lens};
use crate::sandbox::http::query::Query;
use crate::sandbox::http::routes::Routes;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{DntKey, DntRow, DntRows, DntTerms, RuleOutcome, RuleRequest};
use crate::sandbox::seed::{Exclusion, RuleId};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/identity/v1/dnt", list)
        .post("/identity/v1/dnt", add)
        .put("/identity/v1/dnt", change)
        .delete("/identity/v1/dnt", remove)
}

/// `DoNotTrackRuleGetResult`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_user: Option<AssociatedUser<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dnt_rule: Option<RuleOut<'a>>,
    source: &'static str,
}

/// `DntRule`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleOut<'a> {
    id: RuleId,
    username: &'a str,
    logon_domain: Option<&'a str>,
    any_domain: bool,
}

async fn list(State(service): State<Arc<Service>>, query: Query) -> Answer {
    query.only(&["username", "domain", "term", "sorton", "sort", "filter", "page", "pagesize"])?;
    let unknown = |name: &str, value: &str| Problem::invalid(format!("{name} {value:?} is unknown"));
    let rows = match query.one("filter").map(str::to_ascii_lowercase).as_deref() {
        None | Some("all") => DntRows::All,
        Some("associateduser") => DntRows::Users,
        Some("global") => DntRows::Global,
        Some(other) => return Err(unknown("filter", other)),
    };
    let key = match query.one("sorton").map(str::to_ascii_lowercase).as_deref() {
        None | Some("username") => DntKey::Username,
        Some("logondomain") => DntKey::Domain,
        Some("associateduser") => DntKey::User,
        Some(other) => return Err(unknown("sortOn", other)),
    };
    let backwards = match query.one("sort").map(str::to_ascii_lowercase).as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(other) => return Err(unknown("sort", other)),
    };
    let term = |name| query.one(name).map(str::to_owned);
    let terms = DntTerms { anywhere: term("term"), username: term("username"), domain: term("domain") };
    let (paging, now, config) = (query.paging()?, service.now(), &service.config);
    service.read(|state| {
        let mut found = state.dnt_rows(rows, &terms, key);
        if backwards {
            found.reverse();
        }
        let (range, total) = config.faults.page(paging, found.len());
        let lens = Lens::on_list(state, now, Groups::Hidden, config);
        let results: Vec<RowOut<'_>> = found[range].iter().map(|row| row_out(row, lens)).collect();
        answer::ok(&json!({ "results": results, "totalCount": total }))
    })
}

fn row_out<'a>(row: &DntRow<'a>, lens: Lens<'a>) -> RowOut<'a> {
    match *row {
        DntRow::User(user) => {
            RowOut { associated_user: Some(lens.associated(user)), dnt_rule: None, source: "identity" }
        }
        DntRow::Global(rule) => {
            RowOut { associated_user: None, dnt_rule: Some(rule_out(rule)), source: "global" }
        }
    }
}

fn rule_out(rule: &Exclusion) -> RuleOut<'_> {
    let domain = rule.login.domain_name();
    RuleOut { id: rule.id, username: &rule.login.user, logon_domain: domain, any_domain: domain.is_none() }
}

/// `DoNotTrackRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesRequest {
    rules: Vec<RuleRequest>,
}

/// `DoNotTrackDeleteRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdsRequest {
    ids: Vec<RuleId>,
}

async fn add(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let RulesRequest { rules } = answer::body(&bytes)?;
    let outcome = service.write(|state| state.add_rules(&rules))?;
    outcomes(&service, &rules, outcome)
}

async fn change(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let RulesRequest { rules } = answer::body(&bytes)?;
    let outcome = service.write(|state| state.change_rules(&rules))?;
    outcomes(&service, &rules, outcome)
}

/// `DoNotTrackResponse`. It does not tell the number of a new rule.
fn outcomes(service: &Service, rules: &[RuleRequest], outcomes: Vec<RuleOutcome>) -> Answer {
    let (mut successful, mut failures, mut duplicates) = (Vec::new(), Vec::new(), Vec::new());
    let now = service.now();
    for (rule, outcome) in rules.iter().zip(outcomes) {
        match outcome {
            RuleOutcome::Done => successful.push(described(rule, &[("timeAdded", json!(now))])),
            RuleOutcome::Duplicate(id) => {
                duplicates.push(described(rule, &[("message", json!("the rule exists")), ("id", json!(id))]));
            }
            RuleOutcome::HitsTracked { user, revision } => failures.push(described(
                rule,
                &[
                    ("message", json!(format!("the rule hits entity {user}, which is tracked"))),
                    ("entityId", json!(user)),
                    ("revision", json!(revision)),
                ],
            )),
            RuleOutcome::Invalid(message) => failures.push(described(rule, &[("message", json!(message))])),
        }
    }
    answer::ok(&json!({
        "successful": successful, "failures": failures, "duplicates": duplicates, "errors": [],
    }))
}

/// A rule as it was asked for, and what is to be said of it.
fn described(rule: &RuleRequest, more: &[(&str, Value)]) -> Value {
    let mut value = json!({ "username": rule.username, "domain": rule.domain, "anyDomain": rule.any_domain });
    for (name, said) in more {
        value[*name] = said.clone();
    }
    value
}

async fn remove(State(service): State<Arc<Service>>, bytes: Bytes) -> Answer {
    let IdsRequest { ids } = answer::body(&bytes)?;
    let now = service.now();
    let (mut successful, mut failures) = (Vec::new(), Vec::new());
    for outcome in service.write(|state| state.delete_rules(&ids))? {
        match outcome {
            Ok(Exclusion { id: _, login }) => successful.push(json!({
                "username": login.user, "domain": login.domain_name(),
                "anyDomain": login.domain_name().is_none(), "timeAdded": now,
            })),
            Err(id) => failures.push(json!({
                "username": "", "domain": null, "anyDomain": null, "message": format!("there is no rule {id}"), "id": id,
            })),
        }
    }
    answer::ok(&json!({ "successful": successful, "failures": failures, "errors": [] }))
}
