//! Writing users, memberships and exclusions. Each function sends one request; what becomes of its steps is decided elsewhere.

use serde::{Deserialize, Serialize};

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::identity::edits::FieldEdits;
use crate::account::activtrak::identity::wire::One;
use crate::account::activtrak::returned::Returned;
use crate::account::error::ReadError;
use crate::http::{Method, Request};
use crate::model::{
    AgentId, Domain, ExclusionId, Family, GroupId, Login, NewUser, ObservedUser, Revision, Tracking, UserId,
};

/// Records that were refused, each with the account's words; everybody else in the request was accepted.
pub(in crate::account::activtrak) type Refusals = Vec<(UserId, String)>;

/// A record as a write names it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::account::activtrak) struct Target {
    entity_id: u64,
    revision: u64,
}

impl Target {
    pub(in crate::account::activtrak) fn new(id: UserId, revision: Revision) -> Self {
        Self { entity_id: id.0, revision: revision.0 }
    }

    pub(in crate::account::activtrak) fn id(self) -> UserId {
        UserId(self.entity_id)
    }

    pub(in crate::account::activtrak) fn revision(self) -> Revision {
        Revision(self.revision)
    }
}

/// Creates a user (`POST /identity/v1/entities`): 201 and the record.
pub(in crate::account::activtrak) async fn create(
    client: &AuthorizedClient,
    new: &NewUser,
) -> Result<ObservedUser, ReadError> {
    let request = Request::json(Method::POST, "/identity/v1/entities", &FieldEdits::create(new));
    Ok(client.send(Family::Identity, request).await?.json::<One>()?.0.user)
}

/// Edits one user (`PATCH /identity/v2/entities/{id}/revision/{revision}`): 200 and the record, 409 for a stale revision.
pub(in crate::account::activtrak) async fn patch(
    client: &AuthorizedClient,
    target: Target,
    edits: &FieldEdits<'_>,
) -> Result<Returned, ReadError> {
    let path = format!("/identity/v2/entities/{}/revision/{}", target.entity_id, target.revision);
    let answer = client.send(Family::Identity, Request::json(Method::PATCH, path, edits)).await?;
    Ok(answer.json::<One>()?.0.of(target.id())?)
}

/// Edits several users (`POST /identity/v1/entities/bulk/edits`): 200, with failures inside.
pub(in crate::account::activtrak) async fn bulk_edit(
    client: &AuthorizedClient,
    edits: &[(Target, FieldEdits<'_>)],
) -> Result<Refusals, ReadError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Datum<'a, 'b> {
        entity_id: u64,
        revision: u64,
        field_edits: &'a FieldEdits<'b>,
    }
    #[derive(Serialize)]
    struct Data<'a, 'b> {
        data: Vec<Datum<'a, 'b>>,
    }
    let datum = |(target, field_edits)| {
        let Target { entity_id, revision } = target;
        Datum { entity_id, revision, field_edits }
    };
    let data = edits.iter().map(|(target, edits)| datum((*target, edits))).collect();
    bulk(client, Request::json(Method::POST, "/identity/v1/entities/bulk/edits", &Data { data })).await
}

/// Tracks or untracks users (`POST /identity/v1/entities/bulk`): 200, with failures inside.
pub(in crate::account::activtrak) async fn bulk_track(
    client: &AuthorizedClient,
    to: Tracking,
    targets: &[Target],
) -> Result<Refusals, ReadError> {
    let action = match to {
        Tracking::Tracked => "StartTracking",
        Tracking::Untracked => "StopTracking",
    };
    act(client, &[action], targets).await
}

/// What a user loses for good.
#[derive(Debug, Clone, Copy)]
pub(in crate::account::activtrak) enum Loss {
    /// All history: "Reset user data".
    History,
    /// The record too: "Delete user and data".
    Record,
}

/// Erases or removes one user (`POST /identity/v1/entities/bulk`): 200, with a failure inside.
pub(in crate::account::activtrak) async fn bulk_lose(
    client: &AuthorizedClient,
    loss: Loss,
    target: Target,
) -> Result<Refusals, ReadError> {
    let actions: &[&str] = match loss {
        Loss::History => &["DeleteData"],
        Loss::Record => &["DeleteData", "DeleteEntity"],
    };
    act(client, actions, &[target]).await
}

async fn act(client: &AuthorizedClient, actions: &[&str], targets: &[Target]) -> Result<Refusals, ReadError> {
    #[derive(Serialize)]
    struct Actions<'a> {
        actions: &'a [&'a str],
        data: &'a [Target],
    }
    let body = Actions { actions, data: targets };
    bulk(client, Request::json(Method::POST, "/identity/v1/entities/bulk", &body)).await
}

async fn bulk(client: &AuthorizedClient, request: Request) -> Result<Refusals, ReadError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Failure {
        entity_id: u64,
        message: Option<String>,
    }
    #[derive(Deserialize)]
    struct Bulk {
        failures: Option<Vec<Failure>>,
    }
    let bulk: Bulk = client.send(Family::Identity, request).await?.json()?;
    let failures = bulk.failures.unwrap_or_default().into_iter();
    Ok(failures.map(|failure| (UserId(failure.entity_id), failure.message.unwrap_or_default())).collect())
}

/// Puts users into a group, or takes them out (`POST` or `DELETE /identity/v1/groups/{groupId}/entities`): 200 or 207.
pub(in crate::account::activtrak) async fn change_members(
    client: &AuthorizedClient,
    method: Method,
    group: GroupId,
    targets: &[Target],
) -> Result<Refusals, ReadError> {
    #[derive(Serialize)]
    struct Entities<'a> {
        entities: &'a [Target],
    }
    #[derive(Deserialize)]
    struct Results {
        failed: Option<Vec<u64>>,
        messages: Option<Vec<String>>,
    }
    let path = format!("/identity/v1/groups/{}/entities", group.0);
    let request = Request::json(method, path, &Entities { entities: targets });
    let results: Results = client.send(Family::Identity, request).await?.json()?;
    // Messages are for the whole request: nothing says which belongs to whom.
    let reason = results.messages.unwrap_or_default().join("; ");
    let failed = results.failed.unwrap_or_default().into_iter();
    Ok(failed.map(|id| (UserId(id), reason.clone())).collect())
}

/// Adds global rules (`POST /identity/v1/dnt`). The answer has no numbers: read the list again.
///
/// Answers the rules that failed, each with the reason; a duplicate is not a failure.
pub(in crate::account::activtrak) async fn add_rules(
    client: &AuthorizedClient,
    logins: &[&Login],
) -> Result<Vec<(Login, String)>, ReadError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Rule<'a> {
        username: &'a str,
        domain: Option<&'a str>,
        any_domain: bool,
    }
    #[derive(Serialize)]
    struct Rules<'a> {
        rules: Vec<Rule<'a>>,
    }
    #[derive(Deserialize)]
    struct Issue {
        username: Box<str>,
        domain: Option<Box<str>>,
        message: Option<String>,
    }
    #[derive(Deserialize)]
    struct Issues {
        failures: Option<Vec<Issue>>,
    }
    let rules = logins.iter().map(|login| {
        let domain = match &login.domain {
            Domain::Any => None,
            Domain::Named(domain) => Some(domain.as_written()),
        };
        Rule { username: login.user.as_written(), domain, any_domain: domain.is_none() }
    });
    let body = Rules { rules: rules.collect() };
    let answer =
        client.send(Family::Identity, Request::json(Method::POST, "/identity/v1/dnt", &body)).await?;
    let failures = answer.json::<Issues>()?.failures.unwrap_or_default().into_iter();
    Ok(failures
        .map(|issue| {
            let login = Login::observed(issue.domain.as_deref(), &issue.username);
            (login, issue.message.unwrap_or_default())
        })
        .collect())
}

/// Removes global rules by number (`DELETE /identity/v1/dnt`).
pub(in crate::account::activtrak) async fn remove_rules(
    client: &AuthorizedClient,
    rules: &[ExclusionId],
) -> Result<(), ReadError> {
    #[derive(Serialize)]
    struct Ids {
        ids: Vec<u64>,
    }
    let body = Ids { ids: rules.iter().map(|rule| rule.0).collect() };
    client.send(Family::Identity, Request::json(Method::DELETE, "/identity/v1/dnt", &body)).await?;
    Ok(())
}

/// Gives an agent of one user to another: a PATCH of the one who gets it (reference: inferred, from the members of
/// `FieldEditsDto` and the change log's `Reassign`). 200 and the record of the one who got it.
pub(in crate::account::activtrak) async fn take_agent(
    client: &AuthorizedClient,
    target: Target,
    agent: AgentId,
    owner: Target,
) -> Result<Returned, ReadError> {
    #[derive(Serialize)]
    struct Value {
        value: String,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Reassign {
        user_id: Value,
        entity: Value,
        revision: Value,
    }
    let value = |number: u64| Value { value: number.to_string() };
    let body =
        Reassign { user_id: value(agent.0), entity: value(owner.entity_id), revision: value(owner.revision) };
    let path = format!("/identity/v2/entities/{}/revision/{}", target.entity_id, target.revision);
    let answer = client.send(Family::Identity, Request::json(Method::PATCH, path, &body)).await?;
    Ok(answer.json::<One>()?.0.of(target.id())?)
}
