//! How answers are written, problems above all: each family of the API has its own envelope (API document, "Error
//! envelopes").

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::sandbox::http::operation::Operation;
use crate::sandbox::rules::Refusal;

/// What a handler gives back.
pub(crate) type Answer = Result<Response, Problem>;

/// Which envelope problems are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// `{"message", "statusCode"}`; 500 is no JSON.
    Identity,
    /// A 400 is a plain JSON string, the rest as Identity.
    DoNotTrack,
    /// An `Error` message of RFC 7644; the API document names none.
    Scim,
    /// Group, computers and agents, in the same envelope as what is unknown.
    Admin,
    /// `{"messages": [..], "success": false}`: HRDC and what is unknown.
    Status,
}

impl Family {
    /// The family of a path, in whatever letters.
    pub(crate) fn of(path: &str) -> Family {
        let path = path.to_ascii_lowercase();
        let mut parts = path.trim_start_matches('/').split('/');
        let [api, _, of] = [(); 3].map(|()| parts.next().unwrap_or_default());
        if api == "identity" && of == "dnt" {
            Family::DoNotTrack
        } else if api == "identity" {
            Family::Identity
        } else if api == "scim" {
            Family::Scim
        } else if api == "admin" {
            Family::Admin
        } else {
            Family::Status
        }
    }
}

/// Why a request is not answered with what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A rule says no.
    Refused(Refusal),
    /// No key, or not the right one.
    NoKey,
    /// The account opens this API to no key.
    Closed,
    /// Nothing is served there.
    NoRoute,
    /// Something is, by another method.
    NoMethod,
    /// The documents have it, and the sandbox has not.
    NotEmulated,
    /// The path is no text.
    NoText,
    /// The body is of a kind that is not taken.
    NoJson,
    /// The body is too large to be read.
    TooLarge,
    /// There were too many requests in a second.
    TooMany,
    /// A fault says so.
    Fault,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem::Refused(refusal)
    }
}

/// Carries the problem to the gate, which knows the family.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Problem {
    /// A request that makes no sense.
    pub(crate) fn invalid(message: impl Into<String>) -> Problem {
        Problem::Refused(Refusal::invalid(message))
    }

    /// The answer, in the envelope of a family, with a status that the operation declares.
    pub(crate) fn in_words_of(&self, family: Family, operation: Option<&Operation>) -> Response {
        envelope(self.status(operation), &self.message(), family)
    }

    fn status(&self, operation: Option<&Operation>) -> StatusCode {
        let declared = |status: Option<u16>, usual| {
            status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(usual)
        };
        match self {
            Problem::Refused(Refusal::Invalid(_)) | Problem::NoText => StatusCode::BAD_REQUEST,
            Problem::Refused(Refusal::NotFound(_)) => {
                declared(operation.map(|it| it.absent), StatusCode::NOT_FOUND)
            }
            Problem::Refused(Refusal::Conflict(_)) => {
                declared(operation.map(|it| it.clash), StatusCode::CONFLICT)
            }
            Problem::NoRoute => StatusCode::NOT_FOUND,
            Problem::Refused(Refusal::Stale { .. }) => StatusCode::CONFLICT,
            Problem::NotEmulated => StatusCode::NOT_IMPLEMENTED,
            Problem::NoJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::NoKey => StatusCode::UNAUTHORIZED,
            Problem::Closed => StatusCode::FORBIDDEN,
            Problem::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Problem::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(&self) -> String {
        match self {
            Problem::Refused(refusal) => refusal.to_string(),
            Problem::NoKey => "the key is missing or wrong".to_owned(),
            Problem::Closed => "this account opens the API to no key".to_owned(),
            Problem::NoRoute => "the sandbox serves nothing here".to_owned(),
            Problem::NoMethod => "the sandbox serves this path by another method".to_owned(),
            Problem::NotEmulated => "the API has this, and the sandbox does not emulate it".to_owned(),
            Problem::NoText => "the path is not in UTF-8".to_owned(),
            Problem::NoJson => "a body has to be JSON, and its Content-Type to say so".to_owned(),
            Problem::TooLarge => "the body is too large".to_owned(),
            Problem::TooMany => "too many requests".to_owned(),
            Problem::Fault => "a fault was asked for".to_owned(),
        }
    }
}

/// A problem in the envelope of a family.
pub(crate) fn envelope(status: StatusCode, message: &str, family: Family) -> Response {
    match family {
        Family::DoNotTrack if status == StatusCode::BAD_REQUEST => json(status, message),
        Family::Identity | Family::DoNotTrack if status == StatusCode::INTERNAL_SERVER_ERROR => {
            (status, [(header::CONTENT_TYPE, "application/octet-stream")], message.to_owned()).into_response()
        }
        Family::Identity | Family::DoNotTrack => {
            json(status, &json!({ "message": message, "statusCode": status.as_u16() }))
        }
        Family::Scim => json(
            status,
            &json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "detail": message, "status": status.as_u16().to_string(),
            }),
        ),
        Family::Admin | Family::Status => json(status, &json!({ "messages": [message], "success": false })),
    }
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, value: &(impl Serialize + ?Sized)) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A JSON answer of status 200.
#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
pub(crate) fn ok(value: &(impl Serialize + ?Sized)) -> Answer {
    Ok(json(StatusCode::OK, value))
}

/// `StatusResponse` of the Admin and HRDC APIs.
pub(crate) fn success(messages: &[String]) -> Answer {
    ok(&json!({ "messages": messages, "success": true }))
}

/// Reads a JSON body; unknown members are refused.
///
/// # Errors
/// It is not what the call takes.
pub(crate) fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::Refused(Refusal::Invalid(format!("the body is wrong: {error}"))))
}

/// Reads a number of a path.
///
/// # Errors
/// It is none.
pub(crate) fn number(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::Refused(Refusal::Invalid(format!("{text:?} is no number"))))
}
