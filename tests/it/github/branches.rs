//! Branches and pull requests as GitHub makes them of what is sent: trees, commits, references, and who may do so.

use std::collections::BTreeMap;

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::fake::{BOT, Hub, REPOSITORY, asked, found, is_numbered, said, user};

/// What is in the repository besides what was pushed.
#[derive(Debug, Default)]
pub(super) struct Git {
    /// The files that a tree has anew, by its name.
    pub(super) trees: BTreeMap<String, Vec<(String, String)>>,
    pub(super) commits: BTreeMap<String, Value>,
    /// Commits by the names of branches.
    pub(super) branches: BTreeMap<String, String>,
    /// Whether the token may not write here.
    pub(super) is_closed: Option<()>,
    /// How the opening of a pull request is answered, where it is refused.
    pub(super) no_pulls: Option<(u16, &'static str)>,
}

/// A name that nothing else has.
fn sha(of: &impl ToString) -> String {
    rollcall::model::hex(&Sha256::digest(of.to_string())[..20])
}

/// What is asked of branches and pull requests, where nobody else knew an answer.
pub(super) fn answer(hub: &mut Hub, (method, parts): (&str, &[&str]), uri: &Uri, body: &Value) -> Response {
    if method != "GET" && parts[0] == "git" && hub.git.is_closed.is_some() {
        return said(StatusCode::FORBIDDEN, "Resource not accessible by integration");
    }
    match (method, parts) {
        ("GET", ["git", "commits", name]) => {
            // One that was pushed: nobody asks for more of it than its tree.
            let pushed =
                json!({ "sha": name, "message": "a change", "tree": { "sha": sha(name) }, "parents": [] });
            found(hub.git.commits.get(*name).unwrap_or(&pushed))
        }
        ("POST", ["git", "trees"]) => tree(hub, body),
        ("POST", ["git", "commits"]) => commit(hub, body),
        ("GET", ["git", "ref", "heads", branch @ ..]) => match hub.git.branches.get(&branch.join("/")) {
            Some(at) => found(&json!({ "ref": branch.join("/"), "object": { "type": "commit", "sha": at } })),
            None => said(StatusCode::NOT_FOUND, "Not Found"),
        },
        ("POST", ["git", "refs"]) => {
            let name = body["ref"].as_str().unwrap().strip_prefix("refs/heads/").unwrap().to_owned();
            if hub.git.branches.contains_key(&name) {
                return said(StatusCode::UNPROCESSABLE_ENTITY, "Reference already exists");
            }
            point(hub, name, body)
        }
        ("PATCH", ["git", "refs", "heads", branch @ ..]) if body["force"] == true => {
            if !hub.git.branches.contains_key(&branch.join("/")) {
                return said(StatusCode::UNPROCESSABLE_ENTITY, "Reference does not exist");
            }
            point(hub, branch.join("/"), body)
        }
        ("DELETE", ["git", "refs", "heads", branch @ ..]) => {
            let name = branch.join("/");
            for pull in hub.pulls.iter_mut().filter(|pull| pull["head"]["ref"] == name) {
                pull["state"] = json!("closed");
            }
            match hub.git.branches.remove(&name) {
                Some(_) => StatusCode::NO_CONTENT.into_response(),
                None => said(StatusCode::UNPROCESSABLE_ENTITY, "Reference does not exist"),
            }
        }
        ("GET", ["pulls"]) => {
            let head = asked(uri, "head").unwrap_or_default().replace("%3A", ":").replace("%2F", "/");
            let is_it = |pull: &&Value| {
                let of = format!("acme:{}", pull["head"]["ref"].as_str().unwrap_or_default());
                pull["state"] == asked(uri, "state").unwrap_or("open") && of == head
            };
            found(&json!(hub.pulls.iter().filter(is_it).collect::<Vec<_>>()))
        }
        ("POST", ["pulls"]) => pull(hub, body),
        ("PATCH", ["pulls", number]) => {
            let Some(pull) = hub.pulls.iter_mut().find(|pull| is_numbered(pull, "number", number)) else {
                return said(StatusCode::NOT_FOUND, "Not Found");
            };
            for (key, value) in body.as_object().unwrap() {
                assert!(["title", "body"].contains(&key.as_str()), "nobody asked for {key}");
                pull[key] = value.clone();
            }
            found(pull)
        }
        _ => said(StatusCode::NOT_FOUND, "Not Found"),
    }
}

fn created(value: &Value) -> Response {
    (StatusCode::CREATED, value.to_string()).into_response()
}

fn tree(hub: &mut Hub, body: &Value) -> Response {
    let mut files = Vec::new();
    for entry in body["tree"].as_array().unwrap() {
        assert_eq!((&entry["mode"], &entry["type"]), (&json!("100644"), &json!("blob")));
        let (path, content) = (entry["path"].as_str().unwrap(), entry["content"].as_str().unwrap());
        assert!(!path.starts_with(['/', '.']) && !path.contains("/../"), "{path}");
        files.push((path.to_owned(), content.to_owned()));
    }
    assert_eq!(body["base_tree"].as_str().unwrap().len(), 40, "without it every other file would be gone");
    let name = sha(body);
    hub.git.trees.insert(name.clone(), files);
    created(&json!({ "sha": name }))
}

fn commit(hub: &mut Hub, body: &Value) -> Response {
    let tree = body["tree"].as_str().unwrap();
    assert!(hub.git.trees.contains_key(tree), "{tree}");
    let name = sha(&format!("{}{body}", hub.git.commits.len()));
    let parents: Vec<Value> =
        body["parents"].as_array().unwrap().iter().map(|parent| json!({ "sha": parent })).collect();
    let commit =
        json!({ "sha": name, "message": body["message"], "tree": { "sha": tree }, "parents": parents });
    hub.git.commits.insert(name, commit.clone());
    created(&commit)
}

fn point(hub: &mut Hub, name: String, body: &Value) -> Response {
    assert!(name.starts_with("rollcall/"), "{name}");
    let at = body["sha"].as_str().unwrap().to_owned();
    if !hub.git.commits.contains_key(&at) {
        return said(StatusCode::UNPROCESSABLE_ENTITY, "Object does not exist");
    }
    let reference = json!({ "ref": format!("refs/heads/{name}"), "object": { "type": "commit", "sha": at } });
    hub.git.branches.insert(name, at);
    found(&reference)
}

fn pull(hub: &mut Hub, body: &Value) -> Response {
    if let Some((status, words)) = hub.git.no_pulls {
        return said(StatusCode::from_u16(status).unwrap(), words);
    }
    let head = body["head"].as_str().unwrap();
    let Some(at) = hub.git.branches.get(head) else {
        return said(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed");
    };
    let number = 2_001 + hub.pulls.len() as u64;
    let pull = json!({
        "number": number, "title": body["title"], "body": body["body"], "draft": body["draft"], "user": user(BOT),
        "head": { "sha": at, "ref": head }, "base": { "ref": body["base"] }, "state": "open", "merged_at": null,
        "merge_commit_sha": null, "html_url": format!("https://github.example/{REPOSITORY}/pull/{number}"),
    });
    hub.pulls.push(pull.clone());
    created(&pull)
}
