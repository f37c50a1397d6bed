//! Groups (`/audiences/v1/audience`): listed, one by one, made, written anew and deleted.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;

use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::page::Page;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::shown::{Shown, encoding};
use crate::sandbox::docebo::rules::{Encoding, GroupDraft, GroupKey, Order, decode};
use crate::sandbox::docebo::seed::{Condition, Group, Match, Population, RuleSet, Uuid};
use crate::sandbox::docebo::settings::Setting;
use crate::sandbox::docebo::state::Tenant;

type Shared = State<Arc<Service>>;

/// The size of a page of groups, if none is asked for.
const USUAL: usize = 20;

pub(crate) async fn list(State(service): Shared, query: Query) -> Answer {
    query.of_list(&[])?;
    let page = Page::of(&query, service.settings(), USUAL)?;
    let (key, order) = (query.key(GroupKey::of, GroupKey::Latest)?, query.order()?);
    service.read(|tenant| {
        let is_found = |group: &&Group| query.one("search_text").is_none_or(|term| group.is_found(term));
        let mut groups: Vec<&Group> = tenant.groups().filter(is_found).collect();
        key.sort(&mut groups);
        if order == Order::Down {
            groups.reverse();
        }
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&groups, &service.config.faults, |group| shown.group(group))
    })
}

pub(crate) async fn one(State(service): Shared, Path(uuid): Path<String>) -> Answer {
    shown(&service, &Uuid(uuid))
}

fn shown(service: &Service, uuid: &Uuid) -> Answer {
    service.read(|tenant| {
        let group = tenant.known(uuid)?;
        answer::ok(&Shown { tenant, settings: service.settings() }.whole_group(group))
    })
}

/// A group as it is written. What the platform makes itself may stand in it, as it does in what was read, and is not looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    population: Population,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    exclude_deactivated_users: bool,
    ruleset: Option<WrittenRules>,
    #[serde(rename = "uuid")]
    _uuid: Option<String>,
    #[serde(rename = "slug")]
    _slug: Option<String>,
    #[serde(rename = "created_by")]
    _created_by: Option<Value>,
    #[serde(rename = "updated_by")]
    _updated_by: Option<Value>,
    #[serde(rename = "updated_at")]
    _updated_at: Option<Value>,
}

/// The rules of a group, as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRules {
    operator: String,
    #[serde(default)]
    sets: Vec<WrittenSet>,
    #[serde(rename = "status")]
    _status: Option<String>,
}

/// A set of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSet {
    rules_operator: String,
    rules: Vec<Value>,
    #[serde(rename = "id")]
    _id: Option<Value>,
}

impl Written {
    fn draft(self, tenant: &Tenant, encoding: Encoding) -> Result<GroupDraft, Problem> {
        let description = self.description.ok_or_else(|| Problem::invalid("description is required"))?;
        let ruleset = self.ruleset.map(|rules| rules.read(tenant, encoding)).transpose();
        Ok(GroupDraft {
            name: self.name,
            description,
            population: self.population,
            labels: self.labels,
            exclude_deactivated: self.exclude_deactivated_users,
            ruleset: ruleset.map_err(Problem::invalid)?,
        })
    }
}

impl WrittenRules {
    fn read(self, tenant: &Tenant, encoding: Encoding) -> Result<RuleSet, String> {
        let matching = match self.operator.as_str() {
            "AND" => Match::All,
            "OR" => Match::Any,
            other => return Err(format!("operator {other:?} is neither AND nor OR")),
        };
        let conditions = |set: WrittenSet| -> Result<Vec<Condition>, String> {
            if set.rules_operator != "AND" {
                return Err(format!("rules_operator {:?} is not AND", set.rules_operator));
            }
            set.rules.iter().map(|rule| decode(rule, encoding, |kind| tenant.has_kind(kind))).collect()
        };
        Ok(RuleSet { matching, sets: self.sets.into_iter().map(conditions).collect::<Result<_, _>>()? })
    }
}

/// The most sets of conditions of a group.
fn most_sets(service: &Service) -> usize {
    if service.settings().has(Setting::TenSets) { 10 } else { 50 }
}

/// Where groups are made: the documents print the path in the plural and in the singular, and a tenant has one of them.
pub(crate) async fn create(State(service): Shared, bytes: Bytes) -> Answer {
    if service.settings().has(Setting::PluralCreate) { Err(Problem::NoRoute) } else { made(&service, &bytes) }
}

pub(crate) async fn create_plural(State(service): Shared, bytes: Bytes) -> Answer {
    if service.settings().has(Setting::PluralCreate) { made(&service, &bytes) } else { Err(Problem::NoRoute) }
}

fn made(service: &Service, bytes: &Bytes) -> Answer {
    let written: Written = answer::body(bytes)?;
    let now = service.now();
    let uuid = service.write(|tenant| {
        let draft = written.draft(tenant, encoding(service.settings()))?;
        tenant.create_group(draft, most_sets(service), now).map_err(Problem::from)
    })?;
    shown(service, &uuid)
}

/// The whole group: what is left out is gone.
pub(crate) async fn replace(State(service): Shared, Path(uuid): Path<String>, bytes: Bytes) -> Answer {
    let (uuid, written): (Uuid, Written) = (Uuid(uuid), answer::body(&bytes)?);
    let now = service.now();
    service.write(|tenant| {
        tenant.known(&uuid)?;
        let draft = written.draft(tenant, encoding(service.settings()))?;
        tenant.replace_group(&uuid, draft, most_sets(&service), now).map_err(Problem::from)
    })?;
    shown(&service, &uuid)
}

pub(crate) async fn remove(State(service): Shared, Path(uuid): Path<String>) -> Answer {
    service.write(|tenant| tenant.delete_group(&Uuid(uuid)))?;
    answer::done()
}
