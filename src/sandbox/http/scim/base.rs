//! Where do resources say that they are? At the host that was asked (`meta.location`, `$ref`, the header `Location`).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;

use crate::sandbox::seed::{GroupId, UserId};

/// The beginning of every address of SCIM, as the sender of a request knows it.
#[derive(Debug, Clone)]
pub(crate) struct Base(String);

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Base, Infallible> {
        let host = parts.headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
        Ok(Base(format!("http://{host}/scim/v1")))
    }
}

impl Base {
    /// The address of a user.
    pub(crate) fn of_user(&self, id: UserId) -> String {
        format!("{}/users/{id}", self.0)
    }

    /// The address of a group.
    pub(crate) fn of_group(&self, id: GroupId) -> String {
        format!("{}/groups/{id}", self.0)
    }

    /// The address of a schema.
    pub(crate) fn of_schema(&self, id: &str) -> String {
        format!("{}/schemas/{id}", self.0)
    }
}
