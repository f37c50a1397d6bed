//! Issues as GitHub has them: lists in pages, pull requests among them, labels that are dropped without a word, and what is said on each.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::branches;
use super::fake::{
    BOT, Hub, Mishap, REPOSITORY, asked, comment, found, is_numbered, page, said, text_of, user,
};

impl Hub {
    /// Says something on an issue.
    pub(super) fn say(&mut self, issue: u64, login: &str, body: &str) {
        let id = 500 + self.said.len() as u64;
        self.said.push((issue, comment(issue, id, login, body)));
    }

    /// Opens an issue as somebody; answers its number.
    pub(super) fn open(&mut self, login: &str, (title, body): (&str, &str), labels: &[&str]) -> u64 {
        let number = 1_001 + self.issues.len() as u64;
        let labels: Vec<Value> = labels.iter().map(|name| json!({ "name": name })).collect();
        self.issues.push(json!({
            "number": number, "title": title, "body": body, "user": user(login), "labels": labels, "state": "open",
            "html_url": format!("https://github.example/{REPOSITORY}/issues/{number}"),
        }));
        number
    }
}

/// What is asked of issues, of no others than those that a path names.
pub(super) fn answer(hub: &mut Hub, (method, parts): (&str, &[&str]), uri: &Uri, body: &Value) -> Response {
    match (method, parts) {
        ("GET", ["issues"]) => list(hub, uri),
        ("POST", ["issues"]) => open(hub, body),
        ("PATCH", ["issues", number]) => edit(hub, number, body),
        ("GET", ["issues", number, "comments"]) => {
            let of = hub.said.iter().filter(|(issue, _)| number.parse() == Ok(*issue));
            let of: Vec<Value> = of.map(|(_, comment)| comment.clone()).collect();
            page("https://elsewhere.example", &parts.join("/"), &of, uri)
        }
        ("POST", ["issues", number, "comments"]) => {
            let known = hub.issues.iter().find(|it| is_numbered(it, "number", number));
            let Some(issue) = known.and_then(|it| it["number"].as_u64()) else {
                return said(StatusCode::NOT_FOUND, "Not Found");
            };
            match text_of(body) {
                Ok(text) => hub.say(issue, BOT, text),
                Err(words) => return said(StatusCode::UNPROCESSABLE_ENTITY, words),
            }
            let written = hub.said.last().map(|(_, comment)| comment.to_string()).unwrap_or_default();
            (StatusCode::CREATED, written).into_response()
        }
        (method, parts) => branches::answer(hub, (method, parts), uri, body),
    }
}

/// Open ones unless others are asked for, the newest first unless the oldest are.
fn list(hub: &Hub, uri: &Uri) -> Response {
    let state = asked(uri, "state").unwrap_or("open");
    let label = asked(uri, "labels");
    let has =
        |issue: &&Value, name: &str| issue["labels"].as_array().unwrap().iter().any(|it| it["name"] == name);
    let of = hub.issues.iter().filter(|issue| state == "all" || issue["state"] == state);
    let mut of: Vec<Value> = of.filter(|it| label.is_none_or(|label| has(it, label))).cloned().collect();
    if (asked(uri, "sort"), asked(uri, "direction")) != (Some("created"), Some("asc")) {
        of.reverse();
    }
    page("https://elsewhere.example", "issues", &of, uri)
}

fn open(hub: &mut Hub, body: &Value) -> Response {
    let (title, text) = (body["title"].as_str().unwrap_or_default(), text_of(body));
    let text = match text {
        Ok(text) if !title.is_empty() => text,
        Ok(_) => return said(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed"),
        Err(words) => return said(StatusCode::UNPROCESSABLE_ENTITY, words),
    };
    let labels = body["labels"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let labels: Vec<&str> = labels.filter(|_| hub.drops_labels.is_none()).collect();
    let mishap = hub.mishap.take();
    if mishap == Some(Mishap::Overtaken) {
        hub.open(BOT, (title, text), &labels);
    }
    if mishap != Some(Mishap::Unwritten) {
        hub.open(BOT, (title, text), &labels);
    }
    match mishap {
        Some(Mishap::Unwritten | Mishap::WrittenUnsaid) => said(StatusCode::BAD_GATEWAY, "Server Error"),
        Some(Mishap::Overtaken) | None => {
            (StatusCode::CREATED, hub.issues.last().unwrap().to_string()).into_response()
        }
    }
}

fn edit(hub: &mut Hub, number: &str, body: &Value) -> Response {
    if let Err(words) = text_of(body) {
        return said(StatusCode::UNPROCESSABLE_ENTITY, words);
    }
    if !["open", "closed"].contains(&body["state"].as_str().unwrap_or("open")) {
        return said(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed");
    }
    let Some(issue) = hub.issues.iter_mut().find(|it| is_numbered(it, "number", number)) else {
        return said(StatusCode::NOT_FOUND, "Not Found");
    };
    for (key, value) in body.as_object().unwrap() {
        assert!(["title", "body", "state"].contains(&key.as_str()), "nobody asked for {key}");
        issue[key] = value.clone();
    }
    found(issue)
}
