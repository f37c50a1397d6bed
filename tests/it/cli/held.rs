//! A proxy that lets so many writes through and holds the next one: a run can be killed right there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

/// Where the write that is held stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// The account has not seen it.
    Before,
    /// The account has carried it out, and nobody hears the answer.
    After,
}

/// The proxy, in front of an account.
pub(super) struct Held {
    runtime: Runtime,
    url: String,
    arrived: Arc<Notify>,
}

#[derive(Clone)]
struct Way {
    to: String,
    client: reqwest::Client,
    through: Arc<AtomicUsize>,
    at: At,
    arrived: Arc<Notify>,
}

impl Held {
    /// Lets `through` writes pass.
    pub(super) fn new(to: String, through: usize, at: At) -> Self {
        let runtime = Runtime::new().unwrap();
        let arrived = Arc::new(Notify::new());
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let way = Way {
            to,
            client,
            through: Arc::new(AtomicUsize::new(through)),
            at,
            arrived: Arc::clone(&arrived),
        };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(pass).with_state(way);
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self { runtime, url, arrived }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Waits until the write has come that is held.
    pub(super) fn wait(&self) {
        let wait = async { tokio::time::timeout(Duration::from_mins(1), self.arrived.notified()).await };
        self.runtime.block_on(wait).expect("the write came");
    }
}

async fn pass(State(way): State<Way>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let writes = parts.method != Method::GET && !parts.uri.path().ends_with("/search");
    let left = if writes {
        way.through.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    } else {
        true
    };
    if !left && way.at == At::Before {
        return hold(&way).await;
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let url = format!("{}{}", way.to, parts.uri);
    let mut headers = parts.headers;
    headers.remove("host");
    let answer = way.client.request(parts.method, url).headers(headers).body(body).send().await.unwrap();
    if !left {
        return hold(&way).await;
    }
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != "transfer-encoding" && name != "content-length" {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(answer.bytes().await.unwrap())).unwrap()
}

async fn hold(way: &Way) -> Response {
    way.arrived.notify_one();
    std::future::pending().await
}
