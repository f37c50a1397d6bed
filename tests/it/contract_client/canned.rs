//! A server that knows a transcript and answers nothing else.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rollcall::account::activtrak::{Connection, Credentials};
use rollcall::http::{Endpoint, Limiter, Limits, Pace, Secret};

pub(super) const KEY: &str = "api-key";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    /// `METHOD /path?query`.
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// An answer: its status, its body, and the file it names.
type Answer = (u16, String, Option<&'static str>);

#[derive(Default)]
struct Script {
    answers: BTreeMap<String, VecDeque<Answer>>,
    heard: Vec<Heard>,
    /// Writes that were not turned away with 401, 403 or 429.
    taken: usize,
}

/// The server: answers are given per request line, in order; the last one of a line is repeated.
#[derive(Clone, Default)]
pub(super) struct Canned(Arc<Mutex<Script>>);

impl Canned {
    /// Adds an answer.
    pub(super) fn on(self, line: &str, status: u16, body: &str) -> Self {
        self.with(line, (status, body.to_owned(), None))
    }

    /// Adds an answer that names a file.
    pub(super) fn file(self, line: &str, disposition: &'static str) -> Self {
        self.with(line, (200, String::new(), Some(disposition)))
    }

    /// With the answers of another one to whatever is not answered here.
    pub(super) fn and(self, other: &Canned) -> Self {
        for (line, answers) in &other.0.lock().unwrap().answers {
            let mut script = self.0.lock().unwrap();
            script.answers.entry(line.clone()).or_insert_with(|| answers.clone());
        }
        self
    }

    fn with(self, line: &str, answer: Answer) -> Self {
        self.0.lock().unwrap().answers.entry(line.to_owned()).or_default().push_back(answer);
        self
    }

    /// Every request so far, in order.
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.0.lock().unwrap().heard.clone()
    }

    /// The requests that are writes: line and body.
    pub(super) fn writes(&self) -> Vec<(String, String)> {
        let heard = self.heard().into_iter().filter(|heard| is_write(&heard.line));
        heard.map(|heard| (heard.line, heard.body)).collect()
    }

    /// How many of them were not turned away with 401, 403 or 429.
    pub(super) fn taken(&self) -> usize {
        self.0.lock().unwrap().taken
    }

    /// Starts serving and says how to connect.
    pub(super) async fn serve(&self) -> Connection {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Connection {
            endpoint: Endpoint::parse(&format!("http://127.0.0.1:{port}")).unwrap(),
            proxy: None,
            credentials: Credentials { api_key: Some(Secret::parse(KEY).unwrap()), ..Credentials::default() },
            pace: Pace::real().scaled(0.001),
            limiter: Limiter::new(Limits::of(NonZeroUsize::new(4).unwrap())),
            hr_group_type: "HRDC".into(),
        }
    }
}

fn is_write(line: &str) -> bool {
    !line.starts_with("GET ") && !line.ends_with("/entities/search")
}

async fn answer(
    State(canned): State<Canned>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let line = format!("{method} {}", uri.path_and_query().unwrap());
    let body = String::from_utf8_lossy(&body).into_owned();
    let mut script = canned.0.lock().unwrap();
    script.heard.push(Heard { line: line.clone(), headers, body });
    let Some(answers) = script.answers.get_mut(&line) else {
        script.taken += usize::from(is_write(&line));
        return (StatusCode::NOT_FOUND, format!("not in the transcript: {line}")).into_response();
    };
    let (status, text, disposition) =
        if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() };
    script.taken += usize::from(is_write(&line) && ![401, 403, 429].contains(&status));
    let status = StatusCode::from_u16(status).unwrap();
    match disposition {
        Some(name) => (status, [("content-disposition", name)], text).into_response(),
        None => (status, [("content-type", "application/json")], text).into_response(),
    }
}
