//! The client: gate, concurrency, one attempt, and the attempts after it.

use std::sync::Arc;
use std::time::Instant;

use backon::Retryable;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use url::Url;

use crate::http::answer::Answer;
use crate::http::endpoint::Endpoint;
use crate::http::error::{Barrier, Error};
use crate::http::excerpt::Excerpt;
use crate::http::gate::Gate;
use crate::http::limiter::{Limiter, Shut};
use crate::http::line::Line;
use crate::http::pace::Pace;
use crate::http::proxy::Proxy;
use crate::http::request::{Auth, Body, FormValue, Repeat, Request};
use crate::http::retry;
use crate::http::secret::Secret;
use crate::http::witness::Errand;

/// Sends requests to one endpoint. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    errand: Option<Errand>,
}

struct Shared {
    http: reqwest::Client,
    endpoint: Endpoint,
    gate: Gate,
    pace: Pace,
    limiter: Limiter,
    /// The proxy before the endpoint, for errors to name.
    proxy: Option<Proxy>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.shared.endpoint.as_str())
    }
}

impl Client {
    /// A client for `endpoint` that lets out what `gate` lists, when `limiter` says so.
    ///
    /// Redirects are never followed: one could carry a key elsewhere. Proxy variables of the environment are honoured,
    /// except for this machine; `proxy` is the one they name, for errors to say.
    pub fn new(
        endpoint: Endpoint,
        proxy: Option<Proxy>,
        gate: Gate,
        pace: Pace,
        limiter: Limiter,
    ) -> Result<Self, Error> {
        // An error here says that a provider is installed already, by an earlier client: that is the wanted state.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("rollcall/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(pace.connect_timeout())
            .timeout(pace.total_timeout())
            .redirect(Policy::none())
            .referer(false)
            .gzip(true);
        if endpoint.is_loopback() {
            builder = builder.no_proxy();
        }
        if endpoint.as_str().starts_with("http://") {
            builder = builder.tls_certs_only([]);
        }
        let http = builder.build().map_err(|error| Error::Unbuildable {
            line: Line { method: reqwest::Method::GET, path: endpoint.as_str().into() },
            reason: reason(error),
        })?;
        let shared = Shared { http, endpoint, gate, pace, limiter, proxy };
        Ok(Self { shared: Arc::new(shared), errand: None })
    }

    /// The same client on an errand: its witness is told of every write.
    #[must_use]
    pub fn on(&self, errand: Errand) -> Self {
        Self { shared: Arc::clone(&self.shared), errand: Some(errand) }
    }

    /// The pace this client waits at.
    pub fn pace(&self) -> Pace {
        self.shared.pace
    }

    /// Lets no more writes out: those that wait for their turn, or to be sent again, are not sent.
    pub fn stop_writing(&self) {
        self.shared.limiter.shut(Shut::Told);
    }

    /// Sends a request and reads the whole answer, trying again where that is safe.
    ///
    /// Any status but 2xx is an error. Once the account takes no more requests (429, however long it is left alone), no write
    /// leaves any more: each would wait as long.
    pub async fn send(&self, request: &Request) -> Result<Answer, Error> {
        let url = self.shared.admit(request)?;
        let pace = self.shared.pace;
        let mut retries = 0;
        let answer = (|| self.shared.attempt(request, &url, self.errand.as_ref()))
            .retry(retry::backoff())
            .sleep(move |delay| async move { pace.wait(delay).await })
            .when(|error| {
                let again = retry::may_repeat(error, request.repeat)
                    && !retry::is_the_last(error, retries, pace)
                    && !self.shared.limiter.first().is_overdue();
                retries += 1;
                again
            })
            .adjust(retry::delay)
            .notify(|_, delay| tracing::debug!(line = %request.line(), ?delay, "trying again"))
            .await;
        if let Err(error) = &answer
            && error.status() == Some(StatusCode::TOO_MANY_REQUESTS)
        {
            self.shared.limiter.shut(Shut::Full);
        }
        answer
    }
}

impl Shared {
    /// The URL of a request that the gate lets out: checked as it will be sent, after dots are resolved.
    fn admit(&self, request: &Request) -> Result<Url, Error> {
        let mut url = self.endpoint.join(&request.path);
        if !self.gate.allows(&request.method, self.endpoint.below(&url)) {
            return Err(Error::Refused { line: request.line() });
        }
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        Ok(url)
    }

    /// Sends a request once.
    async fn attempt(&self, request: &Request, url: &Url, errand: Option<&Errand>) -> Result<Answer, Error> {
        let line = request.line();
        let mut prepared = self.prepare(request, url)?;
        let pass = tokio::select! {
            biased;
            why = self.limiter.is_shut(), if request.repeat == Repeat::Never => {
                return Err(Error::Shut { line, why });
            }
            pass = self.limiter.admit() => pass,
        };
        let errand = errand.filter(|_| request.repeat == Repeat::Never);
        let told = errand.map(|errand| errand.leaves(&line)).transpose()?;
        if let Some(left) = self.limiter.first().asked(&line, self.pace.first_answer()) {
            *prepared.timeout_mut() = Some(left.min(self.pace.total_timeout()));
        }
        let started = Instant::now();
        let outcome = self.exchange(prepared, request).await;
        if !matches!(outcome, Err(Error::Unreachable { .. } | Error::Lost { .. } | Error::Unbuildable { .. }))
        {
            self.limiter.first().answered();
        }
        match &outcome {
            Err(error @ Error::Status { status, .. }) if retry::is_too_much(error) => {
                pass.refused(*status, |in_a_row| retry::hold(error, in_a_row, self.pace));
            }
            Ok(_) | Err(Error::Status { .. }) => pass.taken(),
            Err(_) => {}
        }
        drop(pass);
        let ms = started.elapsed().as_millis();
        if let Some((errand, number)) = errand.zip(told) {
            errand.witness.came_back(number, &outcome);
        }
        match &outcome {
            Ok(answer) => tracing::debug!(%line, status = answer.status.as_u16(), ms, "answered"),
            Err(error) => tracing::debug!(%line, status = error.status().map(|s| s.as_u16()), ms, "failed"),
        }
        outcome
    }

    fn prepare(&self, request: &Request, url: &Url) -> Result<reqwest::Request, Error> {
        let unbuildable = |reason: String| Error::Unbuildable { line: request.line(), reason };
        let mut builder = self
            .http
            .request(request.method.clone(), url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json, */*;q=0.1"));
        let key = match &request.auth {
            Auth::None => None,
            Auth::Bearer(secret) => Some((Ok(AUTHORIZATION), secret.header("Bearer "))),
            Auth::Header(name, secret) => {
                Some((HeaderName::from_lowercase(name.as_bytes()), secret.header("")))
            }
        };
        match key {
            None => {}
            Some((Ok(name), Some(value))) => builder = builder.header(name, value),
            Some(_) => return Err(unbuildable("the key fits no header".into())),
        }
        builder = match &request.body {
            Body::None => match request.media {
                Some(media) => builder.header(CONTENT_TYPE, media),
                None => builder,
            },
            Body::Json(bytes) => builder.header(CONTENT_TYPE, "application/json").body(bytes.clone()),
            Body::Form(fields) => builder.header(CONTENT_TYPE, FORM).body(encoded(fields)),
            Body::File { part, name, media, bytes } => {
                let file = Part::bytes(bytes.to_vec()).file_name(name.clone());
                let file = file.mime_str(media).map_err(|error| unbuildable(reason(error)))?;
                builder.multipart(Form::new().part(*part, file))
            }
        };
        builder.build().map_err(|error| unbuildable(reason(error)))
    }

    async fn exchange(&self, prepared: reqwest::Request, request: &Request) -> Result<Answer, Error> {
        let line = request.line();
        let mut response = match self.http.execute(prepared).await {
            Ok(response) => response,
            Err(error) if error.is_builder() => {
                return Err(Error::Unbuildable { line, reason: reason(error) });
            }
            Err(error) if error.is_connect() => {
                return Err(self.unreachable(line, error).await);
            }
            Err(error) => return Err(Error::Lost { line, reason: reason(error) }),
        };
        let body_limit = self.limiter.limits().body;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Vec::with_capacity(announced.unwrap_or_default().min(body_limit).min(16 << 20));
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) if body.len() + chunk.len() > body_limit => {
                    return Err(Error::TooLarge { line, limit: body_limit });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Err(error) => return Err(Error::Lost { line, reason: reason(error) }),
            }
        }
        let secrets = request.secrets();
        if status.is_success() {
            return Ok(Answer { line, status, headers, body, secrets });
        }
        let retry_after = retry::retry_after(&headers);
        let location = status.is_redirection().then(|| location(&headers, &secrets)).flatten();
        Err(Error::Status { line, status, excerpt: Excerpt::of(&body, &secrets), retry_after, location })
    }

    /// What is in the way of a connection; a proxy that refuses to make it is asked what it says.
    async fn unreachable(&self, line: Line, error: reqwest::Error) -> Error {
        let (host, via) = (self.endpoint.as_str().into(), self.proxy.clone());
        let refused = causes(&error).any(|cause| cause.to_string().starts_with("tunnel error: "));
        let (barrier, reason) = match &via {
            _ if causes(&error).any(is_untrusted) => (
                Barrier::Certificate,
                format!("the certificate it shows is not trusted here ({})", reason(error)),
            ),
            Some(proxy) if refused => match proxy.answer(&self.endpoint).await {
                Some(status) if !status.is_success() => {
                    (Barrier::Proxy(status), format!("the proxy refuses it: {status}"))
                }
                _ => (Barrier::Connection, reason(error)),
            },
            _ => (Barrier::Connection, reason(error)),
        };
        Error::Unreachable { line, host, via, barrier, reason: reason.into() }
    }
}

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// A form as it is sent.
fn encoded(fields: &[(&'static str, FormValue)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        match value {
            FormValue::Word(word) => form.append_pair(name, word),
            FormValue::Secret(secret) => secret.reveal(|text| form.append_pair(name, text)),
        };
    }
    form.finish()
}

/// An error and what it comes from.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| {
        // What an error of input and output wraps is not among its sources.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn std::error::Error + 'static)).or_else(|| error.source())
    })
}

/// Whether an error is about a certificate.
fn is_untrusted(error: &(dyn std::error::Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_)))
}

/// Where an answer points: without query and fragment, which may hold what is nobody's business.
fn location(headers: &HeaderMap, secrets: &[Secret]) -> Option<Excerpt> {
    let text = headers.get(LOCATION)?.as_bytes();
    let end = text.iter().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(text.len());
    Some(Excerpt::of(&text[..end], secrets)).filter(|location| !location.as_str().is_empty())
}

/// The innermost cause a library gives; the URL, which may name people, is taken out.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    if error.is_timeout() { "no answer in time".into() } else { cause.to_string() }
}
