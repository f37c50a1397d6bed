//! Writing groups and who is in them. Each function sends one request, or the same in the other way that it may be sent; what becomes
//! of a step is decided elsewhere.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::account::docebo::authorized::AuthorizedClient;
use crate::account::docebo::facts::{
    AUTOMATIC, GROUPS, GROUPS_BY_TABLE, KEPT_KEYS, MANUAL, NEW_USERS, STATUS, assignments, group, is_no_call,
    members, written_status,
};
use crate::account::docebo::wire::{Envelope, Flag, Number};
use crate::account::error::ReadError;
use crate::account::sent::{Refusal, Reply, Sent};
use crate::http::{Answer, Method, Request};
use crate::model::{Activation, DisplayName, Identifier, NewGroup, UserId};

/// Which of two ways each call goes by, once one was taken.
#[derive(Debug, Default)]
pub(super) struct Ways {
    creates: AtomicUsize,
    assigns: AtomicUsize,
}

#[derive(Serialize)]
struct Created<'a> {
    name: &'a str,
    description: &'a str,
    r#type: &'static str,
    #[serde(flatten)]
    filling: Option<CreatedRules>,
}

/// How a new group fills itself: deactivated users count like others, as they do where manifests say who is in a group.
#[derive(Serialize)]
struct CreatedRules {
    exclude_deactivated_users: bool,
    ruleset: Value,
}

/// Users who are put into a group: by number, and never all of them.
#[derive(Serialize)]
struct Assigned {
    user_ids: Vec<u64>,
    user_all: bool,
}

/// Users who are taken out of a group. Nothing says what a word for all of them would do here.
#[derive(Serialize)]
struct Unassigned {
    user_ids: Vec<u64>,
}

fn numbers(users: &[UserId]) -> Vec<u64> {
    users.iter().map(|user| user.0).collect()
}

/// Users who are let log in, or not.
#[derive(Serialize)]
struct NewStatus {
    user_ids: Vec<u64>,
    status: &'static str,
}

#[derive(Serialize)]
struct Batch<'a> {
    items: [NewUser<'a>; 1],
    options: Options,
}

#[derive(Serialize)]
struct NewUser<'a> {
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    firstname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lastname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

/// A batch changes whoever is there by a username, unless it is told not to.
#[derive(Serialize)]
struct Options {
    update_user_info: bool,
    change_user_password: bool,
}

/// Creates one user: never changes one who is there.
pub(super) async fn create_user(
    client: &AuthorizedClient,
    username: &Identifier,
    name: Option<&DisplayName>,
) -> Reply {
    let text = match username {
        Identifier::Upn(upn) => upn.as_written(),
        Identifier::Email(email) => email.as_written(),
        Identifier::EmployeeId(id) => id.as_written(),
        Identifier::DeviceLogin(_) => {
            return Reply::Refused(Refusal::Located("a device login is no username".to_owned()));
        }
    };
    let (first, last) = name.map_or((None, None), |name| {
        let (first, last) = name.first_and_last();
        (Some(first), last)
    });
    let email = matches!(username, Identifier::Email(_)).then_some(text);
    let user = NewUser { username: text, firstname: first, lastname: last, email };
    let options = Options { update_user_info: false, change_user_password: false };
    let body = Batch { items: [user], options };
    reply(client.send(Request::json(Method::POST, NEW_USERS, &body)).await)
}

/// Lets users log in, or not: answers whom the platform says that it left as they were.
pub(super) async fn set_status(
    client: &AuthorizedClient,
    users: &[UserId],
    to: Activation,
) -> (Reply, BTreeSet<UserId>) {
    let body = NewStatus { user_ids: numbers(users), status: written_status(to) };
    let answer = client.send(Request::json(Method::PUT, STATUS, &body)).await;
    let left = answer.as_ref().map_or_else(|_| BTreeSet::new(), |answer| left_as_they_were(&answer.body));
    (reply(answer), left)
}

/// `{"data": {"updated_ids": […], "not_updated_ids": […]}}`.
fn left_as_they_were(body: &[u8]) -> BTreeSet<UserId> {
    #[derive(Deserialize)]
    struct Told {
        #[serde(default)]
        not_updated_ids: Vec<Number>,
    }
    let told = serde_json::from_slice::<Envelope<Told>>(body);
    told.map_or_else(
        |_| BTreeSet::new(),
        |told| told.data.not_updated_ids.iter().map(|id| UserId(id.0)).collect(),
    )
}

/// Creates a group that holds whom somebody puts in, or whom these rules match.
pub(super) async fn create(
    client: &AuthorizedClient,
    ways: &Ways,
    (new, ruleset): (&NewGroup, Option<Value>),
) -> Reply {
    let (name, description) = (new.name.as_written(), new.description.as_written());
    let r#type = if ruleset.is_some() { AUTOMATIC } else { MANUAL };
    let filling = ruleset.map(|ruleset| CreatedRules { exclude_deactivated_users: false, ruleset });
    let body = Created { name, description, r#type, filling };
    let way = |path: &str| Request::json(Method::POST, path, &body);
    one_of(client, &ways.creates, [way(GROUPS), way(GROUPS_BY_TABLE)]).await
}

/// Lets a group say something else under one key, and all else that it said before.
pub(super) async fn change(
    client: &AuthorizedClient,
    (uuid, before): (&str, &Map<String, Value>),
    (key, value): (&str, Value),
) -> Reply {
    let said = |key| before.get(key).filter(|value| !value.is_null());
    let kept = KEPT_KEYS.into_iter().filter_map(|key| Some((key.to_owned(), said(key)?.clone())));
    let mut body: Map<String, Value> = kept.collect();
    body.insert(key.to_owned(), value);
    reply(client.send(Request::json(Method::PUT, group(uuid), &body)).await)
}

/// Deletes a group.
pub(super) async fn delete(client: &AuthorizedClient, uuid: &str) -> Reply {
    let request = Request::write(Method::DELETE, group(uuid), crate::http::Body::None);
    reply(client.send(request).await)
}

/// Puts users into a group.
pub(super) async fn assign(client: &AuthorizedClient, ways: &Ways, uuid: &str, users: &[UserId]) -> Reply {
    let body = Assigned { user_ids: numbers(users), user_all: false };
    let requests = assignments(uuid).map(|(method, path)| Request::json(method, path, &body));
    one_of(client, &ways.assigns, requests).await
}

/// Takes users out of a group.
pub(super) async fn unassign(client: &AuthorizedClient, uuid: &str, users: &[UserId]) -> Reply {
    let body = Unassigned { user_ids: numbers(users) };
    reply(client.send(Request::json(Method::DELETE, members(uuid), &body)).await)
}

/// Sends a request in the way that was taken before; where there is no such call, in the other.
async fn one_of(client: &AuthorizedClient, taken: &AtomicUsize, ways: [Request; 2]) -> Reply {
    let [first, second] = ways;
    if taken.load(Ordering::Relaxed) == 1 {
        return reply(client.send(second).await);
    }
    let answer = client.send(first).await;
    let is_none = matches!(&answer, Err(ReadError::Http(error)) if is_no_call(error.status()));
    if !is_none {
        return reply(answer);
    }
    let answer = client.send(second).await;
    if answer.is_ok() {
        taken.store(1, Ordering::Relaxed);
    }
    reply(answer)
}

/// What was said to a write: a success may hold that it is none.
fn reply(answer: Result<Answer, ReadError>) -> Reply {
    match Sent::from(answer) {
        Sent::Accepted(answer) => match refusal(&answer.body) {
            None => Reply::Accepted,
            Some(words) => Reply::Refused(Refusal::Located(words)),
        },
        sent => sent.reply(),
    }
}

/// Why a success is none, where it says so: `{"data": {"success": false, "message": […]}}`.
fn refusal(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Verdicts {
        Of(Verdict),
        /// One for each row.
        OfRows(Vec<Verdict>),
    }
    #[derive(Deserialize)]
    struct Wrapped {
        data: Option<Verdicts>,
        #[serde(flatten)]
        bare: Verdict,
    }
    #[derive(Deserialize)]
    struct Verdict {
        success: Option<Flag>,
        message: Option<Value>,
    }
    let Wrapped { data, bare } = serde_json::from_slice(body).ok()?;
    let mut verdicts = match data {
        Some(Verdicts::Of(verdict)) => vec![verdict],
        Some(Verdicts::OfRows(verdicts)) => verdicts,
        None => Vec::new(),
    };
    verdicts.push(bare);
    let verdict = verdicts.into_iter().find(|it| it.success == Some(Flag(false)))?;
    let said = verdict.message.as_ref().map(words).filter(|words| !words.is_empty());
    Some(said.unwrap_or_else(|| "the account says that it did not succeed, and not why".to_owned()))
}

/// Messages, be they texts, a list, or each with the number that it is about.
fn words(message: &Value) -> String {
    match message {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(words).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; "),
        Value::Object(one) => {
            let about = one.get("id").map(|id| format!("{}: ", id.to_string().trim_matches('"')));
            let said = one.get("message").map(words).unwrap_or_default();
            format!("{}{said}", about.unwrap_or_default())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_that_says_it_is_none_is_a_refusal() {
        for (body, said) in [
            (r#"{"data":{"success":true}}"#, None),
            (r#"{"data":{"uuid":"x"},"version":"1"}"#, None),
            (r#"{"data":[]}"#, None),
            ("", None),
            ("<html>", None),
            (
                r#"{"data":{"success":false,"message":[{"id":7,"message":"no such user"},{"id":"8","message":"locked"}]}}"#,
                Some("7: no such user; 8: locked"),
            ),
            (r#"{"data":{"success":"0","message":"taken"}}"#, Some("taken")),
            (
                r#"{"data":[{"row_index":0,"success":true},{"success":false,"message":"taken"}]}"#,
                Some("taken"),
            ),
            (r#"{"success":false}"#, Some("the account says that it did not succeed, and not why")),
        ] {
            assert_eq!(refusal(body.as_bytes()).as_deref(), said, "{body}");
        }
    }
}
