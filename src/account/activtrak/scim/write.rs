//! Writing users and groups. Each function sends one request; what becomes of its step is decided elsewhere.

use serde::Serialize;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::scim::operations::Operations;
use crate::account::activtrak::scim::wire::ScimUser;
use crate::account::error::ReadError;
use crate::http::{Method, Request};
use crate::model::{DisplayName, Family, GroupId, GroupName, Identifier, NewUser, ObservedUser, UserId};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ACTIVTRAK: &str = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    schemas: [&'static str; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    emails: Vec<Email<'a>>,
    #[serde(
        rename = "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User",
        skip_serializing_if = "Option::is_none"
    )]
    activtrak: Option<Activtrak<'a>>,
}

#[derive(Serialize)]
struct Email<'a> {
    primary: bool,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Activtrak<'a> {
    user_principal_names: Vec<&'a str>,
}

impl<'a> From<&'a NewUser> for User<'a> {
    fn from(new: &'a NewUser) -> Self {
        let mut user = Self {
            schemas: [CORE, ACTIVTRAK],
            display_name: new.display_name.as_ref().map(DisplayName::as_written),
            emails: Vec::new(),
            activtrak: None,
        };
        for identifier in &new.identifiers {
            match identifier {
                Identifier::Email(email) => {
                    let primary = user.emails.is_empty();
                    user.emails.push(Email { primary, value: email.as_written() });
                }
                Identifier::Upn(upn) => {
                    let none = || Activtrak { user_principal_names: Vec::new() };
                    user.activtrak.get_or_insert_with(none).user_principal_names.push(upn.as_written());
                }
                // An employee ID here would match, and overwrite, a person whose record does not show it.
                Identifier::EmployeeId(_) | Identifier::DeviceLogin(_) => {}
            }
        }
        user
    }
}

/// Creates a user (`POST /scim/v1/users`): 201 and the record, also where one that was there already was updated.
pub(in crate::account::activtrak) async fn create(
    client: &AuthorizedClient,
    new: &NewUser,
) -> Result<ObservedUser, ReadError> {
    let request = Request::json(Method::POST, "/scim/v1/users", &User::from(new));
    Ok(client.send(Family::Scim, request).await?.json::<ScimUser>()?.into())
}

/// Changes a user (`PATCH /scim/v1/users/{id}`): 204, or 200 with something in it.
pub(in crate::account::activtrak) async fn patch(
    client: &AuthorizedClient,
    id: UserId,
    operations: &Operations,
) -> Result<(), ReadError> {
    let path = format!("/scim/v1/users/{}", id.0);
    client.send(Family::Scim, Request::json(Method::PATCH, path, operations)).await.map(drop)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    schemas: [&'static str; 1],
    display_name: &'a str,
}

/// Creates a group, without members: they are not accepted here (`POST /scim/v1/groups`).
pub(in crate::account::activtrak) async fn create_group(
    client: &AuthorizedClient,
    name: &GroupName,
) -> Result<(), ReadError> {
    let group = Group { schemas: [GROUP], display_name: name.as_written() };
    client.send(Family::Scim, Request::json(Method::POST, "/scim/v1/groups", &group)).await.map(drop)
}

/// Changes a group (`PATCH /scim/v1/groups/{id}`).
pub(in crate::account::activtrak) async fn patch_group(
    client: &AuthorizedClient,
    id: GroupId,
    operations: &Operations,
) -> Result<(), ReadError> {
    let path = format!("/scim/v1/groups/{}", id.0);
    client.send(Family::Scim, Request::json(Method::PATCH, path, operations)).await.map(drop)
}
