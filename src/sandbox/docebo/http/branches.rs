//! The organisation chart (`/manage/v1/orgchart`).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::page::Page;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::shown::{LANGUAGE, Shown};
use crate::sandbox::docebo::http::users::{USUAL as OF_USERS, sorted};
use crate::sandbox::docebo::rules::{Reach, Refusal};
use crate::sandbox::docebo::seed::{BranchId, User};
use crate::sandbox::docebo::settings::Setting;
use crate::sandbox::docebo::state::{ROOT, Tenant};
use crate::sandbox::state::fold;

type Shared = State<Arc<Service>>;

/// The size of a page of branches, if none is asked for.
const USUAL: usize = 20;

/// Where a branch is among all, as a nested set: what is below it lies between its two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    left: usize,
    right: usize,
    level: usize,
}

/// Where every branch is, the root among them.
fn places(tenant: &Tenant) -> BTreeMap<BranchId, Place> {
    let mut below: BTreeMap<BranchId, Vec<BranchId>> = BTreeMap::new();
    for branch in tenant.branches() {
        below.entry(branch.parent.unwrap_or(ROOT)).or_default().push(branch.id);
    }
    let mut places = BTreeMap::new();
    let mut count = 0;
    // A branch is met twice: before what is below it, and after.
    let mut pending = vec![(ROOT, 0, None)];
    while let Some((id, level, left)) = pending.pop() {
        count += 1;
        if let Some(left) = left {
            places.insert(id, Place { left, right: count, level });
            continue;
        }
        pending.push((id, level, Some(count)));
        let children = below.get(&id).into_iter().flatten().rev();
        pending.extend(children.map(|child| (*child, level + 1, None)));
    }
    places
}

/// The code and the title of a branch.
fn named(tenant: &Tenant, id: BranchId) -> (String, String) {
    let branch = tenant.branch(id);
    branch.map_or_else(
        || (String::new(), tenant.name().to_owned()),
        |branch| (branch.code.clone(), branch.title.clone()),
    )
}

fn listed(shown: Shown<'_>, id: BranchId, place: Place) -> Value {
    let (code, title) = named(shown.tenant, id);
    json!({
        "id": shown.id(id.0), "code": code, "title": title, "i_left": shown.id(place.left as u64),
        "i_right": shown.id(place.right as u64), "lev": shown.id(place.level as u64),
    })
}

/// The branches right below one, which is the root if none is named; with `flattened`, all that are below it.
pub(crate) async fn list(State(service): Shared, query: Query) -> Answer {
    query.of_list(&["node_id", "flattened", "search_type"])?;
    let page = Page::of(&query, service.settings(), USUAL)?;
    let node = query.number("node_id")?.map(BranchId);
    let by_setting = node.is_none() && service.settings().has(Setting::FlatBranches);
    let (is_flat, above) = (query.flag("flattened")? || by_setting, node.unwrap_or(ROOT));
    service.read(|tenant| {
        if !tenant.has_branch(above) {
            return Err(Refusal::NotFound(format!("branch {above}")).into());
        }
        let places = places(tenant);
        let is_listed = |id: BranchId| {
            tenant.above(id) == Some(above) || is_flat && id != above && tenant.is_below(id, above)
        };
        let is_found = |id: BranchId| {
            let (code, title) = named(tenant, id);
            let has = |term: &str| fold(&code).contains(term) || fold(&title).contains(term);
            query.one("search_text").map(fold).is_none_or(|term| has(&term))
        };
        let mut all: Vec<(BranchId, Place)> = places.into_iter().collect();
        all.retain(|(id, _)| *id != ROOT && is_listed(*id) && is_found(*id));
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&all, &service.config.faults, |(id, place)| listed(shown, *id, *place))
    })
}

pub(crate) async fn one(State(service): Shared, Path(id): Path<String>) -> Answer {
    let id = BranchId(answer::number(&id)?);
    service.read(|tenant| {
        let place = places(tenant).get(&id).copied();
        let place = place.ok_or_else(|| Problem::from(Refusal::NotFound(format!("branch {id}"))))?;
        let shown = Shown { tenant, settings: service.settings() };
        let mut data = listed(shown, id, place);
        data["translations"] = json!({ LANGUAGE: named(tenant, id).1 });
        if let Some(above) = tenant.above(id) {
            data["id_parent"] = shown.id(above.0);
        }
        answer::ok(&data)
    })
}

/// The users of a branch and, unless `only_first_level` says otherwise, of those below it.
pub(crate) async fn users(State(service): Shared, Path(id): Path<String>, query: Query) -> Answer {
    query.of_list(&["only_first_level"])?;
    let id = BranchId(answer::number(&id)?);
    let page = Page::of(&query, service.settings(), OF_USERS)?;
    let reach = if query.flag("only_first_level")? { Reach::Branch } else { Reach::Descendants };
    service.read(|tenant| {
        if !tenant.has_branch(id) {
            return Err(Refusal::NotFound(format!("branch {id}")).into());
        }
        let is_found = |user: &&User| {
            tenant.is_in_branch(user, id, reach)
                && query.one("search_text").is_none_or(|term| user.is_found(term))
        };
        let mut users: Vec<&User> = tenant.users().filter(is_found).collect();
        sorted(&mut users, &query)?;
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&users, &service.config.faults, |user| Value::Object(shown.user(user)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::docebo::rules::testing::tenant;

    #[test]
    fn what_is_below_a_branch_lies_between_its_numbers() {
        let tenant = tenant(
            r#""branches":[{"id":1,"title":"A"},{"id":2,"title":"B","parent":1},{"id":3,"title":"C","parent":1},{"id":4,"title":"D"}]"#,
        );
        let places: Vec<_> = places(&tenant)
            .into_iter()
            .map(|(id, Place { left, right, level })| (id.0, left, right, level))
            .collect();
        assert_eq!(places, [(0, 1, 10, 0), (1, 2, 7, 1), (2, 3, 4, 2), (3, 5, 6, 2), (4, 8, 9, 1)]);
    }
}
