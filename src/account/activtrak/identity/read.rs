//! Reading users, the members of a group, and exclusions.

use std::sync::Arc;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::identity::edits::Terms;
use crate::account::activtrak::identity::wire::{Numbers, One, Records, Rules, Users};
use crate::account::activtrak::returned::{Returned, unless_gone};
use crate::account::error::{Listing, ReadError, Unproved};
use crate::account::paging::{self, Ask, Page};
use crate::http::{Method, Repeat, Request};
use crate::model::{Family, GroupId, ObservedExclusion, UserId};

const ENTITIES: &str = "/identity/v1/entities";

/// Whether the key opens the Identity API: one user, or none.
pub(in crate::account::activtrak) async fn peek(client: &AuthorizedClient) -> Result<(), ReadError> {
    client.send(Family::Identity, Request::get(ENTITIES).query("PageSize", "1")).await.map(drop)
}

/// Every user, page by page, with group data (`GET /identity/v1/entities`).
pub(in crate::account::activtrak) async fn users(
    client: &Arc<AuthorizedClient>,
) -> Result<Vec<Records>, ReadError> {
    paging::all(Listing::Users, |ask| {
        let (client, request) = (Arc::clone(client), paged(ENTITIES, ask).query("IncludeGroupData", "true"));
        async move {
            let answer = client.send(Family::Identity, request).await?;
            let Users { results, total_count } = answer.json()?;
            let ids: Vec<u64> = results.users.iter().map(|user| user.id.0).collect();
            Ok(Page { total: total_count, rows: ids.len(), ids, content: results })
        }
    })
    .await
}

/// The members of a group, by number, sorted (`Type=groupid`).
pub(in crate::account::activtrak) async fn member_ids(
    client: &Arc<AuthorizedClient>,
    group: GroupId,
) -> Result<Vec<UserId>, ReadError> {
    let pages = paging::all(Listing::Members(group.0), |ask| {
        let (client, request) = (Arc::clone(client), of_group(paged(ENTITIES, ask), group));
        async move {
            let answer = client.send(Family::Identity, request).await?;
            let Numbers { results, total_count } = answer.json()?;
            let ids: Vec<u64> = results.iter().map(|number| number.id).collect();
            Ok(Page { total: total_count, rows: ids.len(), content: ids.clone(), ids })
        }
    })
    .await?;
    let mut ids = pages.concat();
    ids.sort_unstable();
    Ok(ids.into_iter().map(UserId).collect())
}

/// How many members a group has, by the account's own count.
pub(in crate::account::activtrak) async fn count_members(
    client: &AuthorizedClient,
    group: GroupId,
) -> Result<usize, ReadError> {
    let request = of_group(paged(ENTITIES, Ask { page: 1, size: 1 }), group);
    let Numbers { total_count, .. } = client.send(Family::Identity, request).await?.json()?;
    Ok(total_count)
}

/// One record; `None` if it is gone (`GET /identity/v1/entities/{id}`).
pub(in crate::account::activtrak) async fn record(
    client: &AuthorizedClient,
    id: UserId,
) -> Result<Option<Returned>, ReadError> {
    let answer = client.send(Family::Identity, Request::get(format!("{ENTITIES}/{}", id.0))).await;
    let Some(answer) = unless_gone(answer)? else { return Ok(None) };
    Ok(Some(answer.json::<One>()?.0.of(id)?))
}

/// Every user who holds any of the identifiers (`POST /identity/v2/entities/search`, a read): as many as the answer counts.
pub(in crate::account::activtrak) async fn search(
    client: &AuthorizedClient,
    terms: &Terms,
) -> Result<Vec<Returned>, ReadError> {
    let request = Request::json(Method::POST, "/identity/v2/entities/search", terms).repeat(Repeat::Safe);
    let Users { results, total_count } = client.send(Family::Identity, request).await?.json()?;
    let found = results.shown();
    if found.len() != total_count {
        return Err(Unproved::SearchCount { found: found.len(), counted: total_count }.into());
    }
    Ok(found)
}

/// Every global Do Not Track rule (`GET /identity/v1/dnt?filter=global`).
pub(in crate::account::activtrak) async fn exclusions(
    client: &Arc<AuthorizedClient>,
) -> Result<Vec<ObservedExclusion>, ReadError> {
    let pages = paging::all(Listing::Exclusions, |ask| {
        let request = Request::get("/identity/v1/dnt")
            .query("filter", "global")
            .query("page", ask.page.to_string())
            .query("pageSize", ask.size.to_string());
        let client = Arc::clone(client);
        async move {
            let Rules { results, total_count } = client.send(Family::Identity, request).await?.json()?;
            let rows = results.len();
            let rules: Vec<ObservedExclusion> =
                results.into_iter().filter_map(|row| row.dnt_rule).map(Into::into).collect();
            let ids = rules.iter().map(|rule| rule.id.0).collect();
            Ok(Page { total: total_count, rows, ids, content: rules })
        }
    })
    .await?;
    Ok(pages.concat())
}

fn paged(path: &str, ask: Ask) -> Request {
    Request::get(path).query("Page", ask.page.to_string()).query("PageSize", ask.size.to_string())
}

fn of_group(request: Request, group: GroupId) -> Request {
    request.query("Type", "groupid").query("Term", group.0.to_string())
}
