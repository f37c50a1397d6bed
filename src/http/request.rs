//! What is sent: one request, and whether it may be sent twice.

use std::sync::Arc;

use reqwest::Method;
use serde::Serialize;

use crate::http::line::Line;
use crate::http::secret::Secret;

/// One request, to be sent by a [`crate::http::Client`].
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: Method,
    /// The path below the endpoint, beginning with `/`.
    pub path: String,
    /// Query parameters in order; values are encoded when sent.
    pub query: Vec<(&'static str, String)>,
    /// Which key goes in which header.
    pub auth: Auth,
    /// What is in the body.
    pub body: Body,
    /// A `Content-Type` for a request without a body: some calls declare the header required all the same.
    pub media: Option<&'static str>,
    /// Whether it may be sent again when nobody knows what became of it.
    pub repeat: Repeat,
}

/// The header that carries the key.
#[derive(Clone, Debug)]
pub enum Auth {
    /// No key.
    None,
    /// `Authorization: Bearer KEY`.
    Bearer(Secret),
    /// A header of its own, such as `x-api-key: KEY`.
    Header(&'static str, Secret),
}

impl Auth {
    /// The key, if there is one.
    pub(in crate::http) fn secret(&self) -> Option<&Secret> {
        match self {
            Self::None => None,
            Self::Bearer(secret) | Self::Header(_, secret) => Some(secret),
        }
    }
}

/// The body of a request.
#[derive(Clone)]
pub enum Body {
    /// No body.
    None,
    /// `application/json`, also on DELETE.
    Json(Vec<u8>),
    /// `application/x-www-form-urlencoded`: names and what each says.
    Form(Vec<(&'static str, FormValue)>),
    /// `multipart/form-data` with one file.
    File {
        /// The name of the part.
        part: &'static str,
        /// The name of the file.
        name: String,
        /// The media type of the file, such as `text/csv`.
        media: &'static str,
        /// Its bytes.
        bytes: Arc<[u8]>,
    },
}

impl std::fmt::Debug for Body {
    /// Bodies hold people's names and addresses: the length is all that is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Json(bytes) => write!(f, "Json({} bytes)", bytes.len()),
            Self::Form(fields) => write!(f, "Form({} fields)", fields.len()),
            Self::File { part, bytes, .. } => write!(f, "File({part}, {} bytes)", bytes.len()),
        }
    }
}

/// What a field of a form says.
#[derive(Clone, Debug)]
pub enum FormValue {
    /// A word of the call itself.
    Word(&'static str),
    /// What nobody may see.
    Secret(Secret),
}

/// Whether a request may be sent again when its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// A read: sending it twice changes nothing.
    Safe,
    /// A write: again only if the first one certainly was not carried out (nothing sent, or 429).
    Never,
}

impl Request {
    /// A read without a body, key or query.
    pub fn get(path: impl Into<String>) -> Self {
        Self { repeat: Repeat::Safe, ..Self::write(Method::GET, path, Body::None) }
    }

    /// A write without a key; say [`Request::repeat`] for a read that is a POST.
    pub fn write(method: Method, path: impl Into<String>, body: Body) -> Self {
        let path = path.into();
        Self { method, path, query: Vec::new(), auth: Auth::None, body, media: None, repeat: Repeat::Never }
    }

    /// A write with a JSON body.
    pub fn json(method: Method, path: impl Into<String>, body: &impl Serialize) -> Self {
        // Only maps with keys other than text fail to serialise, and no request has one.
        Self::write(method, path, Body::Json(serde_json::to_vec(body).unwrap_or_default()))
    }

    /// The same with a key.
    #[must_use]
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// The same with one more query parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The same with a `Content-Type` although there is no body.
    #[must_use]
    pub fn media(mut self, media: &'static str) -> Self {
        self.media = Some(media);
        self
    }

    /// The same with another rule for repeating.
    #[must_use]
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Whatever of it nobody may see: a server may echo what it was sent.
    pub(in crate::http) fn secrets(&self) -> Vec<Secret> {
        let fields: &[(&str, FormValue)] = if let Body::Form(fields) = &self.body { fields } else { &[] };
        let hidden = fields.iter().filter_map(|(_, value)| match value {
            FormValue::Word(_) => None,
            FormValue::Secret(secret) => Some(secret),
        });
        self.auth.secret().into_iter().chain(hidden).cloned().collect()
    }

    /// Method and path, as errors name them.
    pub fn line(&self) -> Line {
        Line { method: self.method.clone(), path: self.path.as_str().into() }
    }
}
