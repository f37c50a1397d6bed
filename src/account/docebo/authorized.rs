//! Which token opens the account, and how is it got? Once, for its life, and once more where the account no longer takes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use tokio::sync::Mutex;

use crate::account::docebo::facts::TOKEN;
use crate::account::docebo::wire::Number;
use crate::account::error::ReadError;
use crate::http::{
    Answer, Auth, Body, Client, Errand, Error, FormValue, Method, Pace, Repeat, Request, Secret, StatusCode,
};
use crate::model::Family;

/// What opens an account, from the environment.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// `DOCEBO_CLIENT_ID`: which application asks.
    pub client_id: Secret,
    /// `DOCEBO_CLIENT_SECRET`: that it is the one.
    pub client_secret: Secret,
    /// For whom it asks; without, for itself.
    pub login: Option<UserLogin>,
    /// The token that was granted last. Whoever writes goes on with the one of the reading.
    pub tokens: Tokens,
}

/// A user by whose rights a run goes.
#[derive(Debug, Clone)]
pub struct UserLogin {
    /// `DOCEBO_USERNAME`.
    pub username: Secret,
    /// `DOCEBO_PASSWORD`.
    pub password: Secret,
}

/// The token that was granted last. Clones are one.
#[derive(Debug, Clone, Default)]
pub struct Tokens(Arc<Mutex<Option<Token>>>);

#[derive(Debug, Clone)]
struct Token {
    secret: Secret,
    /// Which of those that a run was granted.
    number: u64,
    /// When it is no longer sent.
    until: Instant,
}

/// What a token keeps in hand of its life, at most: an answer takes its time.
const RESERVE: Duration = Duration::from_mins(1);

/// Sends requests with a token.
#[derive(Debug)]
pub(super) struct AuthorizedClient {
    client: Client,
    credentials: Credentials,
}

impl AuthorizedClient {
    pub(super) fn new(client: Client, credentials: Credentials) -> Self {
        Self { client, credentials }
    }

    /// The same door, on an errand.
    pub(super) fn on(&self, errand: Errand) -> Self {
        Self { client: self.client.on(errand), credentials: self.credentials.clone() }
    }

    /// The pace at which is waited.
    pub(super) fn pace(&self) -> Pace {
        self.client.pace()
    }

    /// Lets no more writes out.
    pub(super) fn stop_writing(&self) {
        self.client.stop_writing();
    }

    /// Sends a request. One that is answered with 401 was not carried out: it is sent once more, with another token.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, ReadError> {
        let token = self.token(None).await?;
        let sent = self.client.send(&request.clone().auth(Auth::Bearer(token.secret))).await;
        let sent = match sent {
            Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => {
                let token = self.token(Some(token.number)).await?;
                self.client.send(&request.auth(Auth::Bearer(token.secret))).await
            }
            sent => sent,
        };
        sent.map_err(|error| self.denied(error))
    }

    /// A token: the one that was granted, unless it is at its end or is the one that was refused.
    async fn token(&self, refused: Option<u64>) -> Result<Token, ReadError> {
        // Held while one is granted: whoever else needs one waits for it.
        let mut granted = self.credentials.tokens.0.lock().await;
        if let Some(token) = granted.as_ref()
            && Some(token.number) != refused
            && Instant::now() < token.until
        {
            return Ok(token.clone());
        }
        let number = granted.as_ref().map_or(0, |token| token.number + 1);
        let token = self.grant(number).await?;
        *granted = Some(token.clone());
        Ok(token)
    }

    /// Asks for a token.
    async fn grant(&self, number: u64) -> Result<Token, ReadError> {
        let Credentials { client_id, client_secret, login, .. } = &self.credentials;
        let secret = |secret: &Secret| FormValue::Secret(secret.clone());
        let mut form = vec![
            ("client_id", secret(client_id)),
            ("client_secret", secret(client_secret)),
            ("scope", FormValue::Word("api")),
        ];
        match login {
            Some(login) => form.extend([
                ("grant_type", FormValue::Word("password")),
                ("username", secret(&login.username)),
                ("password", secret(&login.password)),
            ]),
            None => form.push(("grant_type", FormValue::Word("client_credentials"))),
        }
        let begun = Instant::now();
        let request = Request::write(Method::POST, TOKEN, Body::Form(form)).repeat(Repeat::Safe);
        let answer = self.client.send(&request).await.map_err(|error| self.denied(error))?;
        // What can't be read may hold a token, and is shown to nobody.
        let granted = answer.json::<Granted>().map_err(|_| ReadError::NoToken)?;
        let secret = Secret::parse(&granted.access_token).map_err(|_| ReadError::NoToken)?;
        let life = Duration::from_secs(granted.expires_in.0);
        Ok(Token { secret, number, until: begun + life.saturating_sub(RESERVE.min(life / 10)) })
    }

    /// An error of a request; which variables to look at where the account lets nobody in. A grant answers 400 to a wrong password.
    fn denied(&self, error: Error) -> ReadError {
        let is_grant = |error: &Error| matches!(error, Error::Status { line, .. } if *line.path == *TOKEN);
        let key = match self.credentials.login {
            Some(_) => "DOCEBO_CLIENT_ID, DOCEBO_CLIENT_SECRET, DOCEBO_USERNAME and DOCEBO_PASSWORD",
            None => "DOCEBO_CLIENT_ID and DOCEBO_CLIENT_SECRET",
        };
        match error.status() {
            Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
                ReadError::Denied { family: Family::Learning, key, status, source: error }
            }
            Some(status @ StatusCode::BAD_REQUEST) if is_grant(&error) => {
                ReadError::Denied { family: Family::Learning, key, status, source: error }
            }
            _ => ReadError::Http(error),
        }
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: Box<str>,
    expires_in: Number,
}
