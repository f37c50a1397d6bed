//! GitHub's REST API as its documents have it, as far as Rollcall asks it: pages, limits, permissions, and an index that lags.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::branches::Git;
use super::issues;

/// The token that opens the repository.
pub(super) const TOKEN: &str = "ghs_T0ken0fTheRun";
/// The repository.
pub(super) const REPOSITORY: &str = "acme/accounts";
/// Who writes with that token.
pub(super) const BOT: &str = "github-actions[bot]";
/// Who opened the pull request.
pub(super) const AUTHOR: &str = "octo-author";
/// The longest body of a comment, in characters.
const LONGEST: usize = 65_536;

/// What goes wrong once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    /// A new comment or issue is answered 502, and is not there.
    Unwritten,
    /// A new comment or issue is answered 502, and is there.
    WrittenUnsaid,
    /// Another run writes a comment or issue right before this one does.
    Overtaken,
}

/// What is on GitHub.
#[derive(Debug, Default)]
pub(super) struct Hub {
    pub(super) comments: Vec<Value>,
    pub(super) pulls: Vec<Value>,
    pub(super) issues: Vec<Value>,
    /// What is said on issues, with their numbers.
    pub(super) said: Vec<(u64, Value)>,
    pub(super) git: Git,
    /// Whether labels of new issues are dropped, as for who may not set any.
    pub(super) drops_labels: Option<()>,
    /// How often the pull requests of a commit are not known yet.
    pub(super) lag: usize,
    /// Who has which permission.
    pub(super) permissions: Vec<(&'static str, &'static str)>,
    /// Whether the token only reads, as for a fork.
    pub(super) reads_only: Option<()>,
    pub(super) mishap: Option<Mishap>,
    /// Method, path with query, and body of every request.
    pub(super) requests: Vec<(String, String, String)>,
    url: String,
}

/// A server of it.
pub(super) struct Fake {
    _runtime: Runtime,
    hub: Arc<Mutex<Hub>>,
}

impl Fake {
    pub(super) fn start() -> Fake {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let hub = Arc::<Mutex<Hub>>::default();
        let service = Router::new().fallback(answer).with_state(Arc::clone(&hub));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        hub.lock().unwrap().url = format!("http://{}/api/v3", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, service).await });
        Fake { _runtime: runtime, hub }
    }

    pub(super) fn hub(&self) -> MutexGuard<'_, Hub> {
        self.hub.lock().unwrap()
    }

    /// Where the API is: below a path, as on GitHub Enterprise Server.
    pub(super) fn url(&self) -> String {
        self.hub().url.clone()
    }
}

impl Hub {
    /// Writes a comment as somebody.
    pub(super) fn comment(&mut self, login: &str, body: &str) -> u64 {
        let id = 100 + self.comments.len() as u64;
        self.insert(id, login, body);
        id
    }

    fn insert(&mut self, id: u64, login: &str, body: &str) {
        self.comments.push(comment(12, id, login, body));
    }

    /// The bodies of all comments that somebody wrote.
    pub(super) fn bodies(&self, login: &str) -> Vec<String> {
        let of = self.comments.iter().filter(|it| it["user"]["login"] == login);
        of.map(|it| it["body"].as_str().unwrap().to_owned()).collect()
    }

    /// How many requests of a method there were.
    pub(super) fn count(&self, method: &str) -> usize {
        self.requests.iter().filter(|(of, ..)| of == method).count()
    }
}

pub(super) fn user(login: &str) -> Value {
    let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
    json!({ "id": number_of(login), "login": login, "type": kind })
}

pub(super) fn comment(issue: u64, id: u64, login: &str, body: &str) -> Value {
    let now = "2026-05-04T09:00:00Z";
    let url = format!("https://github.example/{REPOSITORY}/pull/{issue}#issuecomment-{id}");
    json!({ "id": id, "html_url": url, "user": user(login), "body": body, "created_at": now, "updated_at": now })
}

/// The number of an account: the same for the same login.
pub(super) fn number_of(login: &str) -> u64 {
    if login == AUTHOR {
        return 1;
    }
    login.bytes().fold(7, |number, byte| number * 31 % 1_000_003 + u64::from(byte))
}

async fn answer(
    State(hub): State<Arc<Mutex<Hub>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut hub = hub.lock().unwrap();
    let text = String::from_utf8_lossy(&body).into_owned();
    hub.requests.push((method.to_string(), uri.to_string(), text.clone()));
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header("authorization") != format!("Bearer {TOKEN}") {
        return said(StatusCode::UNAUTHORIZED, "Bad credentials");
    }
    if header("user-agent").is_empty() {
        return said(StatusCode::FORBIDDEN, "Request forbidden by administrative rules.");
    }
    if method != Method::GET && hub.reads_only.is_some() {
        return said(StatusCode::FORBIDDEN, "Resource not accessible by integration");
    }
    let prefix = format!("/api/v3/repos/{REPOSITORY}/");
    let Some(path) = uri.path().strip_prefix(&prefix) else {
        return said(StatusCode::NOT_FOUND, "Not Found");
    };
    let parts: Vec<&str> = path.split('/').collect();
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    match (method.as_str(), &parts[..]) {
        ("GET", ["issues", "12", "comments"]) => page(&hub.url, "issues/12/comments", &hub.comments, &uri),
        ("POST", ["issues", "12", "comments"]) => write(&mut hub, &body),
        ("PATCH", ["issues", "comments", id]) => rewrite(&mut hub, id, &body),
        ("DELETE", ["issues", "comments", id]) => {
            let before = hub.comments.len();
            hub.comments.retain(|it| !is_numbered(it, "id", id));
            let is_gone = hub.comments.len() < before;
            if is_gone {
                StatusCode::NO_CONTENT.into_response()
            } else {
                said(StatusCode::NOT_FOUND, "Not Found")
            }
        }
        ("GET", ["commits", sha, "pulls"]) => {
            if hub.lag > 0 {
                hub.lag -= 1;
                return found(&json!([]));
            }
            let of: Vec<&Value> = hub
                .pulls
                .iter()
                .filter(|it| it["merge_commit_sha"] == *sha || it["head"]["sha"] == *sha)
                .collect();
            found(&json!(of))
        }
        ("GET", ["pulls", number]) => match hub.pulls.iter().find(|it| is_numbered(it, "number", number)) {
            Some(pull) => found(pull),
            None => said(StatusCode::NOT_FOUND, "Not Found"),
        },
        ("GET", ["collaborators", login, "permission"]) => {
            let held = hub.permissions.iter().find(|(who, _)| who == login).map_or("read", |it| it.1);
            found(&json!({ "permission": held, "role_name": held }))
        }
        (method, parts) => issues::answer(&mut hub, (method, parts), &uri, &body),
    }
}

/// What a query says of a name.
pub(super) fn asked<'u>(uri: &'u Uri, name: &str) -> Option<&'u str> {
    let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}

/// A page of a list: 30 unless more are asked for, at most 100, with links to the others.
pub(super) fn page(url: &str, below: &str, list: &[Value], uri: &Uri) -> Response {
    let number = |name: &str| asked(uri, name).and_then(|value| value.parse::<usize>().ok());
    let (size, at) = (number("per_page").unwrap_or(30).clamp(1, 100), number("page").unwrap_or(1).max(1));
    let pages = list.len().div_ceil(size).max(1);
    let shown: Vec<&Value> = list.iter().skip((at - 1) * size).take(size).collect();
    let mut answer = found(&json!(shown));
    let link = |page: usize, rel: &str| {
        format!("<{url}/repositories/1/{below}?per_page={size}&page={page}>; rel=\"{rel}\"")
    };
    let mut links = Vec::new();
    if at > 1 {
        links.extend([link(at - 1, "prev"), link(1, "first")]);
    }
    if at < pages {
        links.extend([link(at + 1, "next"), link(pages, "last")]);
    }
    if !links.is_empty() {
        answer.headers_mut().insert("link", links.join(", ").parse().unwrap());
    }
    answer
}

fn write(hub: &mut Hub, body: &Value) -> Response {
    let text = match text_of(body) {
        Ok(text) => text,
        Err(words) => return said(StatusCode::UNPROCESSABLE_ENTITY, words),
    };
    match hub.mishap.take() {
        Some(Mishap::Unwritten) => return said(StatusCode::BAD_GATEWAY, "Server Error"),
        Some(Mishap::WrittenUnsaid) => {
            hub.comment(BOT, text);
            return said(StatusCode::BAD_GATEWAY, "Server Error");
        }
        Some(Mishap::Overtaken) => {
            hub.comment(BOT, text);
        }
        None => {}
    }
    hub.comment(BOT, text);
    let written = hub.comments.last().cloned().unwrap_or_default();
    (StatusCode::CREATED, written.to_string()).into_response()
}

/// What a comment or an issue is to say; or why GitHub refuses it.
pub(super) fn text_of(body: &Value) -> Result<&str, &'static str> {
    let Some(text) = body["body"].as_str().filter(|it| !it.is_empty()) else {
        return Err("Validation Failed");
    };
    if text.chars().count() > LONGEST {
        return Err("Body is too long (maximum is 65536 characters)");
    }
    Ok(text)
}

fn rewrite(hub: &mut Hub, id: &str, body: &Value) -> Response {
    let text = match text_of(body) {
        Ok(text) => text,
        Err(words) => return said(StatusCode::UNPROCESSABLE_ENTITY, words),
    };
    let Some(comment) = hub.comments.iter_mut().find(|it| is_numbered(it, "id", id)) else {
        return said(StatusCode::NOT_FOUND, "Not Found");
    };
    comment["body"] = json!(text);
    comment["updated_at"] = json!("2026-05-04T10:00:00Z");
    found(comment)
}

/// Whether a thing has a number, as a path says it.
pub(super) fn is_numbered(it: &Value, key: &str, number: &str) -> bool {
    number.parse().is_ok_and(|number: u64| it[key] == number)
}

pub(super) fn found(value: &Value) -> Response {
    (StatusCode::OK, [("content-type", "application/json")], value.to_string()).into_response()
}

pub(super) fn said(status: StatusCode, message: &str) -> Response {
    (status, json!({ "message": message, "documentation_url": "https://docs.github.com/rest" }).to_string())
        .into_response()
}
