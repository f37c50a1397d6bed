//! Reading users and groups.

use std::sync::Arc;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::returned::{Returned, unless_gone};
use crate::account::activtrak::scim::list::{self, Source, get};
use crate::account::activtrak::scim::wire::{List, ScimGroup, ScimUser};
use crate::account::error::{Listing, ReadError, Unproved};
use crate::http::Request;
use crate::model::{Family, GroupId, ObservedUser, UserId};

/// Whether the key opens SCIM (`GET /scim/v1/ping`).
pub(in crate::account::activtrak) async fn ping(client: &AuthorizedClient) -> Result<(), ReadError> {
    client.send(Family::Scim, Request::get("/scim/v1/ping")).await.map(drop)
}

/// Every user with the groups that the user says to be in (`GET /scim/v1/users`).
pub(in crate::account::activtrak) async fn users(
    client: &Arc<AuthorizedClient>,
) -> Result<(Vec<ObservedUser>, Vec<(GroupId, UserId)>), ReadError> {
    let read: Vec<ScimUser> =
        list::all(client, Source { path: "/scim/v1/users", listing: Listing::Users }).await?;
    let mut groups = Vec::new();
    let users = read.into_iter().map(|user| {
        let id = UserId(user.id.0);
        groups.extend(user.groups().map(|group| (group, id)));
        ObservedUser::from(user)
    });
    Ok((users.collect(), groups))
}

/// One user; `None` if there is none of that number (`GET /scim/v1/users/{id}`).
pub(in crate::account::activtrak) async fn record(
    client: &AuthorizedClient,
    id: UserId,
) -> Result<Option<Returned>, ReadError> {
    let answer = client.send(Family::Scim, get(format!("/scim/v1/users/{}", id.0))).await;
    let Some(answer) = unless_gone(answer)? else { return Ok(None) };
    Ok(Some(answer.json::<ScimUser>()?.shown().of(id)?))
}

/// Who holds an address as a UPN or an email (`filter=userName eq "…"`, which looks in all of them).
pub(in crate::account::activtrak) async fn holders(
    client: &AuthorizedClient,
    address: &str,
) -> Result<Vec<ObservedUser>, ReadError> {
    // JSON escapes as the filter's grammar does (RFC 7644, 3.4.2.2).
    let quoted = serde_json::Value::from(address).to_string();
    let request = get("/scim/v1/users").query("filter", format!("userName eq {quoted}"));
    let List { resources, total_results } =
        client.send(Family::Scim, request).await?.json::<List<ScimUser>>()?;
    let found = resources.unwrap_or_default();
    if found.len() != total_results {
        return Err(Unproved::SearchCount { found: found.len(), counted: total_results }.into());
    }
    Ok(found.into_iter().map(Into::into).collect())
}

/// Every group that SCIM shows, sorted by number (`GET /scim/v1/groups`).
pub(in crate::account::activtrak) async fn groups(
    client: &Arc<AuthorizedClient>,
) -> Result<Vec<ScimGroup>, ReadError> {
    let source = Source { path: "/scim/v1/groups", listing: Listing::Groups };
    let mut groups: Vec<ScimGroup> = list::all(client, source).await?;
    groups.sort_unstable_by_key(|group| group.id);
    Ok(groups)
}

/// One group; `None` if there is none of that number (`GET /scim/v1/groups/{id}`).
pub(in crate::account::activtrak) async fn group(
    client: &AuthorizedClient,
    id: GroupId,
) -> Result<Option<ScimGroup>, ReadError> {
    let answer = client.send(Family::Scim, get(format!("/scim/v1/groups/{}", id.0))).await;
    let Some(answer) = unless_gone(answer)? else { return Ok(None) };
    let group: ScimGroup = answer.json()?;
    if group.id != id {
        return Err(Unproved::OtherGroup { asked: id.0, answered: group.id.0 }.into());
    }
    Ok(Some(group))
}

/// The users in a group, sorted (`GET /scim/v1/groups/{id}`).
pub(in crate::account::activtrak) async fn group_members(
    client: &AuthorizedClient,
    group: GroupId,
) -> Result<Option<Vec<UserId>>, ReadError> {
    let answer = client.send(Family::Scim, get(format!("/scim/v1/groups/{}", group.0))).await?;
    let ScimGroup { id, mut members, .. } = answer.json()?;
    if id != group {
        return Err(Unproved::OtherGroup { asked: group.0, answered: id.0 }.into());
    }
    if let Some(members) = &mut members {
        members.sort_unstable();
    }
    Ok(members)
}
