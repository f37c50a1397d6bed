//! Which tokens are in force, and for what is one given (`POST /oauth2/token`)?

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::sandbox::docebo::config::Credentials;
use crate::sandbox::docebo::http::answer::{self, Answer, Problem};

/// How long a token is in force, in seconds.
const LIFE: i64 = 3600;

/// The tokens that were given.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<Given>);

#[derive(Debug, Default)]
struct Given {
    /// Each with the moment at which it ends.
    access: Vec<(String, Timestamp)>,
    /// What another token is given for.
    refresh: Vec<String>,
    count: u64,
}

impl Given {
    /// Another token. It opens a sandbox on this machine and nothing else, so that it need not be one that nobody can guess.
    fn next(&mut self) -> String {
        self.count += 1;
        let hash = Sha256::new().chain_update(b"token").chain_update(self.count.to_le_bytes()).finalize();
        hash.iter().take(20).fold(String::new(), |token, byte| format!("{token}{byte:02x}"))
    }
}

/// What was sent to get a token.
#[derive(Debug, Default)]
struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form of either kind.
    async fn read(head: Parts, bytes: Bytes) -> Result<Form, Problem> {
        let media = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !media.starts_with("multipart/form-data") {
            let pairs = url::form_urlencoded::parse(&bytes);
            return Ok(Form(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()));
        }
        let wrong = |error: &dyn std::fmt::Display| Problem::invalid(format!("the form is broken: {error}"));
        let request = Request::from_parts(head, Body::from(bytes));
        let mut parts = Multipart::from_request(request, &()).await.map_err(|error| wrong(&error))?;
        let mut form = Form::default();
        while let Some(part) = parts.next_field().await.map_err(|error| wrong(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            form.0.push((name, part.text().await.map_err(|error| wrong(&error))?));
        }
        Ok(form)
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(held, _)| held == name).map_or("", |(_, value)| value)
    }
}

impl Tokens {
    fn given(&self) -> MutexGuard<'_, Given> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a token for the right credentials.
    ///
    /// # Errors
    /// They are not, or there is no such grant.
    pub(crate) async fn give(
        &self,
        (head, bytes): (Parts, Bytes),
        expected: &Credentials,
        now: Timestamp,
    ) -> Answer {
        const WRONG: StatusCode = StatusCode::UNAUTHORIZED;
        let form = Form::read(head, bytes).await?;
        if [form.get("client_id"), form.get("client_secret")]
            != [&expected.client_id, &expected.client_secret]
        {
            return Err(Problem::NoGrant(WRONG, "invalid_client", "the client credentials are invalid"));
        }
        if !matches!(form.get("scope"), "" | "api") {
            let told = (StatusCode::BAD_REQUEST, "invalid_scope", "the only scope is api");
            return Err(Problem::NoGrant(told.0, told.1, told.2));
        }
        let is_user = match form.get("grant_type") {
            "client_credentials" => false,
            "password" => {
                if [form.get("username"), form.get("password")] != [&expected.username, &expected.password] {
                    return Err(Problem::NoGrant(WRONG, "invalid_grant", "username or password is wrong"));
                }
                true
            }
            "refresh_token" => {
                let mut given = self.given();
                let at = given.refresh.iter().position(|token| token == form.get("refresh_token"));
                let Some(at) = at else {
                    return Err(Problem::NoGrant(WRONG, "invalid_grant", "the refresh token is invalid"));
                };
                given.refresh.remove(at);
                true
            }
            _ => {
                let told = "the sandbox takes password, client_credentials and refresh_token";
                return Err(Problem::NoGrant(StatusCode::BAD_REQUEST, "unsupported_grant_type", told));
            }
        };
        let mut given = self.given();
        given.access.retain(|(_, until)| *until > now);
        let until = now.checked_add(SignedDuration::from_secs(LIFE)).unwrap_or(Timestamp::MAX);
        let token = given.next();
        given.access.push((token.clone(), until));
        let mut reply =
            json!({ "access_token": token, "expires_in": LIFE, "token_type": "Bearer", "scope": "api" });
        if is_user {
            let refresh = given.next();
            reply["refresh_token"] = refresh.clone().into();
            given.refresh.push(refresh);
        }
        Ok(answer::json(StatusCode::OK, &reply))
    }

    /// Lets a request in that carries a token that is in force.
    ///
    /// # Errors
    /// It carries none.
    pub(crate) fn admit(&self, headers: &HeaderMap, now: Timestamp) -> Result<(), Problem> {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim());
        let is_in_force =
            |(known, until): &(String, Timestamp)| Some(known.as_str()) == token && *until > now;
        if self.given().access.iter().any(is_in_force) { Ok(()) } else { Err(Problem::NoToken) }
    }
}
