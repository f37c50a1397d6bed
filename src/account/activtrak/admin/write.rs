//! Writing groups and computers. Each function sends one request, and its answer says too little: read back what it wrote.

use serde::Serialize;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::error::ReadError;
use crate::http::{Method, Request};
use crate::model::{Family, GroupId};

/// Creates app groups (`POST /admin/v1/groups`). The answer's members are not published: read the list again.
pub(in crate::account::activtrak) async fn create_groups(
    client: &AuthorizedClient,
    names: &[&str],
) -> Result<(), ReadError> {
    #[derive(Serialize)]
    struct Names<'a> {
        names: &'a [&'a str],
    }
    client
        .send(Family::Admin, Request::json(Method::POST, "/admin/v1/groups", &Names { names }))
        .await
        .map(drop)
}

/// Renames an app group (`PUT /admin/v1/groups/{groupId}`).
pub(in crate::account::activtrak) async fn rename_group(
    client: &AuthorizedClient,
    group: GroupId,
    name: &str,
) -> Result<(), ReadError> {
    #[derive(Serialize)]
    struct Name<'a> {
        name: &'a str,
    }
    let path = format!("/admin/v1/groups/{}", group.0);
    client.send(Family::Admin, Request::json(Method::PUT, path, &Name { name })).await.map(drop)
}

/// Deletes app groups by the number that stays when a group is renamed (`DELETE /admin/v1/groups`).
pub(in crate::account::activtrak) async fn delete_groups(
    client: &AuthorizedClient,
    parents: &[u64],
) -> Result<(), ReadError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Parents<'a> {
        parent_ids: &'a [u64],
    }
    client
        .send(
            Family::Admin,
            Request::json(Method::DELETE, "/admin/v1/groups", &Parents { parent_ids: parents }),
        )
        .await
        .map(drop)
}

/// Adds computers to an app group, or takes them out (`POST` or `DELETE /admin/v1/groups/{groupId}/devices`).
///
/// The answer is a success even when some failed, and its members are not published: read the members again.
pub(in crate::account::activtrak) async fn change_computers(
    client: &AuthorizedClient,
    method: Method,
    group: GroupId,
    computers: &[u64],
) -> Result<(), ReadError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Devices<'a> {
        device_ids: &'a [u64],
    }
    let path = format!("/admin/v1/groups/{}/devices", group.0);
    client
        .send(Family::Admin, Request::json(method, path, &Devices { device_ids: computers }))
        .await
        .map(drop)
}
