//! Additional fields of users (`/manage/v1/user_fields`).

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::page::Page;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::shown::{LANGUAGE, Shown};
use crate::sandbox::docebo::rules::{Order, Refusal};
use crate::sandbox::docebo::seed::{Field, FieldId};
use crate::sandbox::docebo::settings::Setting;
use crate::sandbox::state::fold;

type Shared = State<Arc<Service>>;

/// The size of a page, if none is asked for.
const USUAL: usize = 200;

/// By what fields are sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Sequence,
    Title,
    Id,
}

impl Key {
    fn of(word: &str) -> Option<Key> {
        match word {
            "title" => Some(Key::Title),
            "id" => Some(Key::Id),
            _ => None,
        }
    }
}

/// With `as_array=1`, there are no pages, and what can be chosen stands with each field.
pub(crate) async fn list(State(service): Shared, query: Query) -> Answer {
    query.of_list(&["as_array"])?;
    let page = Page::of(&query, service.settings(), USUAL)?;
    let (is_array, key, order) =
        (query.flag("as_array")?, query.key(Key::of, Key::Sequence)?, query.order()?);
    service.read(|tenant| {
        let term = query.one("search_text").map(fold);
        let is_found =
            |(_, field): &(usize, &Field)| term.as_ref().is_none_or(|term| fold(&field.title).contains(term));
        let mut fields: Vec<(usize, &Field)> = (0..).zip(tenant.fields()).filter(is_found).collect();
        match key {
            Key::Sequence => {}
            Key::Title => fields.sort_by_cached_key(|(_, field)| (fold(&field.title), field.id)),
            Key::Id => fields.sort_by_key(|(_, field)| field.id),
        }
        if order == Order::Down {
            fields.reverse();
        }
        let shown = Shown { tenant, settings: service.settings() };
        let show = |(at, field): &(usize, &Field)| {
            let mut listed = listed(shown, *at, field);
            if is_array {
                listed["options"] = shown.options(field).into();
            }
            listed
        };
        if is_array || service.settings().has(Setting::BareFields) {
            return answer::ok(&fields.iter().map(show).collect::<Vec<Value>>().into());
        }
        page.answer(&fields, &service.config.faults, show)
    })
}

fn listed(shown: Shown<'_>, at: usize, field: &Field) -> Value {
    let id = if shown.settings.has(Setting::IdField) { "id_field" } else { "id" };
    json!({
        id: shown.id(field.id.0), "title": field.title, "type": field.kind.word(),
        "mandatory": "0", "invisible_to_user": "0", "sequence": shown.id(at as u64 + 1),
    })
}

pub(crate) async fn one(State(service): Shared, Path(id): Path<String>) -> Answer {
    let id = FieldId(answer::number(&id)?);
    service.read(|tenant| {
        let known = (0..).zip(tenant.fields()).find(|(_, field)| field.id == id);
        let (at, field) =
            known.ok_or_else(|| Problem::from(Refusal::NotFound(format!("user field {id}"))))?;
        let shown = Shown { tenant, settings: service.settings() };
        let mut data = listed(shown, at, field);
        data["translations"] = json!({ LANGUAGE: field.title });
        data["dropdown_options"] = shown.translated_options(field).into();
        answer::ok(&data)
    })
}
