//! The least that an account may answer: only what a document declares or a live answer showed, and nothing that is null.
//!
//! What no document declares is left out: the `totalCount` of the groups' summary and all that its rows hold, the members of the
//! answers to writes of groups, the aliases of computers. Moments are in UTC and do not say so.

use axum::http::Method;
use axum::response::Response;
use serde_json::{Value, json};

use crate::sandbox::serving::altered;

/// The members that hold moments.
const MOMENTS: [&str; 10] = [
    "created",
    "updated",
    "firstLog",
    "lastLog",
    "deleteDate",
    "deletedate",
    "timeAdded",
    "lastModified",
    "timestamp",
    "time",
];

/// The answer with moments that do not say that they are in UTC.
pub(crate) async fn bare(answer: Response) -> Response {
    altered(answer, |mut value| {
        strip(&mut value);
        Some(value)
    })
    .await
}

/// What was asked for, as far as documents differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Summary,
    Computers,
    /// A write of groups or of what is in them: no document names the members of its answer.
    Unpublished,
    Other,
}

/// The answer with no more than is declared; one that is no JSON, or no success, as it is.
pub(crate) async fn declared(answer: Response, method: &Method, path: &str) -> Response {
    altered(answer, |value| Some(least(value, asked(method, path)))).await
}

fn asked(method: &Method, path: &str) -> Asked {
    match path {
        "/admin/v1/groups/summary" => Asked::Summary,
        "/admin/v1/devices" => Asked::Computers,
        // Groups are created, and their members changed, in answers whose members are not published; a new group by name
        // answers its number.
        _ if path.starts_with("/admin/v1/groups") && *method != Method::GET && *method != Method::PUT => {
            Asked::Unpublished
        }
        _ => Asked::Other,
    }
}

fn least(mut value: Value, asked: Asked) -> Value {
    match asked {
        Asked::Summary => {
            let rows = value["groups"].as_array().map_or(0, Vec::len);
            return json!({ "groups": vec![json!({}); rows] });
        }
        Asked::Unpublished if value.is_object() => return json!({}),
        Asked::Computers => {
            for computer in value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                computer.remove("alias");
            }
        }
        Asked::Unpublished | Asked::Other => {}
    }
    thin(&mut value);
    strip(&mut value);
    value
}

/// Takes out what is null.
fn thin(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(thin);
        }
        Value::Array(elements) => elements.iter_mut().for_each(thin),
        _ => {}
    }
}

/// Takes out the offsets of moments.
fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if MOMENTS.contains(&name.as_str()) => {
                        *text = text.trim_end_matches('Z').to_owned();
                    }
                    member => strip(member),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(method: &Method, path: &str, value: Value) -> Value {
        least(value, asked(method, path))
    }

    #[test]
    fn the_summary_says_how_many_rows_it_has_by_having_them() {
        let whole = json!({ "groups": [{ "groupId": 1 }, { "groupId": 2 }], "totalCount": 9 });
        let least = answered(&Method::GET, "/admin/v1/groups/summary", whole);
        assert_eq!(least, json!({ "groups": [{}, {}] }));
    }

    #[test]
    fn nulls_and_offsets_are_left_out_however_deep() {
        let whole = json!({ "results": [{ "created": "2026-01-01T00:00:00Z", "name": "Z", "alias": null }], "cursor": null });
        let least = answered(&Method::GET, "/identity/v1/entities", whole);
        assert_eq!(least, json!({ "results": [{ "created": "2026-01-01T00:00:00", "name": "Z" }] }));
    }

    #[test]
    fn what_a_write_of_groups_answers_is_not_published() {
        let whole = || json!({ "added": [{ "groupid": 1 }] });
        assert_eq!(answered(&Method::POST, "/admin/v1/groups", whole()), json!({}));
        assert_eq!(answered(&Method::DELETE, "/admin/v1/groups/7/devices", whole()), json!({}));
        assert_eq!(answered(&Method::POST, "/admin/v1/groups/Oslo", json!(7)), json!(7));
    }
}
