//! How answers are written: in an envelope, lists by pages, and problems as the platform has them.

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::sandbox::chaos::Lie;
use crate::sandbox::docebo::rules::Refusal;
use crate::sandbox::serving::Voice;

/// What a handler gives back.
pub(crate) type Answer = Result<Response, Problem>;

/// Why a request is not answered with what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A rule says no.
    Refused(Refusal),
    /// No token, or not one that is in force.
    NoToken,
    /// No token is given: the error of OAuth, and what it means.
    NoGrant(StatusCode, &'static str, &'static str),
    /// The credentials open this to nobody.
    Closed,
    /// Nothing is served there.
    NoRoute,
    /// Another call is under way that changes many users.
    Busy,
    /// The body is of a kind that is not taken.
    NoJson,
    /// The body is too large to be read.
    TooLarge,
    /// There were too many requests in a second.
    TooMany,
    /// There is too much to do.
    Overloaded,
    /// A fault says so.
    Fault,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem::Refused(refusal)
    }
}

impl Problem {
    /// A request that makes no sense.
    pub(crate) fn invalid(message: impl Into<String>) -> Problem {
        Problem::Refused(Refusal::invalid(message))
    }

    fn told(&self) -> (StatusCode, &str) {
        match self {
            Problem::Refused(Refusal::Invalid(message)) => (StatusCode::BAD_REQUEST, message),
            Problem::Refused(Refusal::NotFound(what)) => (StatusCode::NOT_FOUND, what),
            Problem::NoToken => (StatusCode::UNAUTHORIZED, "the access token is missing, unknown or expired"),
            Problem::NoGrant(status, _, message) => (*status, message),
            Problem::Closed => (StatusCode::FORBIDDEN, "you are not allowed to perform this action"),
            Problem::NoRoute => (StatusCode::NOT_FOUND, "the sandbox serves nothing here"),
            Problem::Busy => (StatusCode::CONFLICT, "another batch is under way"),
            Problem::NoJson => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "a body has to be JSON, and its Content-Type to say so")
            }
            Problem::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
            Problem::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too many requests"),
            Problem::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "the service is overloaded"),
            Problem::Fault => (StatusCode::INTERNAL_SERVER_ERROR, "a fault was asked for"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Problem::NoGrant(status, error, description) = self {
            return json(status, &json!({ "error": error, "error_description": description }));
        }
        let (status, message) = self.told();
        match &self {
            // What is wrong with a request comes as a list.
            Problem::Refused(Refusal::Invalid(_)) => problem(status, &json!([message])),
            Problem::Refused(Refusal::NotFound(what)) => {
                problem(status, &json!(format!("{what} was not found")))
            }
            _ => problem(status, &json!(message)),
        }
    }
}

/// `{"name", "message", "code", "status"}`.
fn problem(status: StatusCode, message: &Value) -> Response {
    let name = status.canonical_reason().unwrap_or_default();
    json(status, &json!({ "name": name, "message": message, "code": 0, "status": status.as_u16() }))
}

/// How the platform puts what goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words;

impl Voice for Words {
    fn problem(self, status: StatusCode, message: &str) -> Response {
        problem(status, &json!(message))
    }

    fn lie(self, value: &mut Value, lie: Lie) -> bool {
        let data = &mut value["data"];
        let total = data.get("total_count").and_then(Value::as_u64);
        let Some(items) = data.get_mut("items").and_then(Value::as_array_mut) else { return false };
        match (lie, total) {
            (Lie::TotalAbove, Some(total)) => data["total_count"] = (total + 1).into(),
            (Lie::TotalBelow, Some(total)) => data["total_count"] = total.saturating_sub(1).into(),
            (Lie::Short, _) => {
                let was_any = items.pop().is_some();
                let count = items.len();
                data["count"] = count.into();
                return was_any;
            }
            (Lie::Twice, _) => {
                let Some(first) = items.first().cloned() else { return false };
                items.pop();
                items.push(first);
            }
            // The request has been sent elsewhere already; and nobody's groups are in a list.
            (Lie::TotalAbove | Lie::TotalBelow | Lie::PageBefore | Lie::NoGroups | Lie::GroupLess, _) => {
                return false;
            }
        }
        true
    }
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, value: &(impl Serialize + ?Sized)) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// `{"data", "_links", "version"}`.
#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
pub(crate) fn ok(data: &Value) -> Answer {
    Ok(json(StatusCode::OK, &json!({ "data": data, "_links": [], "version": "1.0.0" })))
}

/// That something was done.
pub(crate) fn done() -> Answer {
    ok(&json!({ "success": true }))
}

/// Reads a JSON body; unknown members are refused.
///
/// # Errors
/// It is not what the call takes.
pub(crate) fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| Problem::invalid(format!("the body is wrong: {error}")))
}

/// Reads an id: a number, or a text that is one.
///
/// # Errors
/// It is none.
pub(crate) fn id(value: &Value) -> Result<u64, Problem> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.ok_or_else(|| Problem::invalid(format!("{value} is no id")))
}

/// Reads a number of a path.
///
/// # Errors
/// It is none.
pub(crate) fn number(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::invalid(format!("{text:?} is no id")))
}

/// Reads yes or no: 1 and 0, as numbers or as texts, and true and false.
///
/// # Errors
/// It is neither.
pub(crate) fn flag(value: &Value) -> Result<bool, Problem> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        _ => match id(value)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Problem::invalid(format!("{value} is neither 1 nor 0"))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lie_changes_what_it_names_and_nothing_where_there_is_no_list() {
        let page = json!({ "data": { "items": [{ "id": 1 }, { "id": 2 }], "count": 2, "total_count": 2 } });
        let after = |lie| {
            let mut page = page.clone();
            (Words.lie(&mut page, lie), page["data"].clone())
        };
        assert_eq!(after(Lie::TotalAbove).1["total_count"], 3);
        assert_eq!(after(Lie::TotalBelow).1["total_count"], 1);
        assert_eq!(after(Lie::Short).1["count"], 1);
        assert_eq!(after(Lie::Twice).1["items"][1]["id"], 1);
        for lie in [Lie::PageBefore, Lie::NoGroups, Lie::GroupLess] {
            assert_eq!(after(lie), (false, page["data"].clone()));
        }
        for lie in [Lie::TotalAbove, Lie::Short, Lie::Twice] {
            assert!(!Words.lie(&mut json!({ "data": { "id": 1 } }), lie));
            assert!(!Words.lie(&mut json!({ "data": { "items": [] } }), lie), "nothing to lie about");
        }
    }
}
