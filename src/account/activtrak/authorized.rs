//! Which key opens which API family, in which header.
//!
//! One header per request: a gateway may try to read a Bearer key as a session first, so both are never sent together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::account::error::ReadError;
use crate::http::{Answer, Auth, Client, Errand, Error, Pace, Request, Secret, StatusCode};
use crate::model::Family;

/// The keys of an account, from the environment.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// `ACTIVTRAK_API_KEY`: for Admin and HRDC, and tried on Identity.
    pub api_key: Option<Secret>,
    /// `ACTIVTRAK_TOKEN`: for Identity.
    pub token: Option<Secret>,
    /// `ACTIVTRAK_SCIM_KEY`: for SCIM, and for nothing else.
    pub scim_key: Option<Secret>,
    /// Which headers they go in, as far as was found out: whoever writes need not try again what a reading has shown.
    pub headers: Headers,
}

/// The header that a key goes in, for Identity, Admin and SCIM: [`BEARER`] or [`HEADER`] once one has worked. Clones are one.
#[derive(Debug, Clone, Default)]
pub struct Headers(Arc<[AtomicU8; 3]>);

/// Sends requests with the key that opens their family.
#[derive(Debug)]
pub(super) struct AuthorizedClient {
    client: Client,
    keys: Credentials,
}

/// `Authorization: Bearer` worked.
const BEARER: u8 = 1;
/// `x-api-key` worked.
const HEADER: u8 = 2;

impl AuthorizedClient {
    pub(super) fn new(client: Client, keys: Credentials) -> Self {
        Self { client, keys }
    }

    /// The same door, on an errand.
    pub(super) fn on(&self, errand: Errand) -> Self {
        Self { client: self.client.on(errand), keys: self.keys.clone() }
    }

    /// The pace at which is waited.
    pub(super) fn pace(&self) -> Pace {
        self.client.pace()
    }

    /// Lets no more writes out.
    pub(super) fn stop_writing(&self) {
        self.client.stop_writing();
    }

    /// Sends a request to a family.
    pub(super) async fn send(&self, family: Family, request: Request) -> Result<Answer, ReadError> {
        let sent = match (family, &self.keys) {
            (Family::Identity, Credentials { token: Some(token), .. }) => {
                self.client.send(&request.auth(Auth::Bearer(token.clone()))).await
            }
            (Family::Scim, Credentials { scim_key: Some(key), .. }) => {
                self.send_trying(&self.keys.headers.0[2], [HEADER, BEARER], key, request).await
            }
            (Family::Scim | Family::Learning | Family::Lists, _) | (_, Credentials { api_key: None, .. }) => {
                return Err(ReadError::NoKey(family));
            }
            (Family::Hrdc, Credentials { api_key: Some(key), .. }) => {
                self.client.send(&request.auth(carried(HEADER, key))).await
            }
            (Family::Identity, Credentials { api_key: Some(key), .. }) => {
                self.send_trying(&self.keys.headers.0[0], [BEARER, HEADER], key, request).await
            }
            (Family::Admin, Credentials { api_key: Some(key), .. }) => {
                self.send_trying(&self.keys.headers.0[1], [BEARER, HEADER], key, request).await
            }
        };
        sent.map_err(|source| match source.status() {
            Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
                ReadError::Denied { family, key: self.key_of(family), status, source }
            }
            _ => ReadError::Http(source),
        })
    }

    /// Whether there is a key that a family might take.
    pub(super) fn has_key(&self, family: Family) -> bool {
        let Credentials { api_key, token, scim_key, .. } = &self.keys;
        match family {
            Family::Identity => token.is_some() || api_key.is_some(),
            Family::Scim => scim_key.is_some(),
            Family::Admin | Family::Hrdc => api_key.is_some(),
            Family::Learning | Family::Lists => false,
        }
    }

    /// The variable of the key that is sent to a family.
    fn key_of(&self, family: Family) -> &'static str {
        match family {
            Family::Identity if self.keys.token.is_some() => "ACTIVTRAK_TOKEN",
            Family::Scim => "ACTIVTRAK_SCIM_KEY",
            Family::Identity | Family::Admin | Family::Hrdc | Family::Learning | Family::Lists => {
                "ACTIVTRAK_API_KEY"
            }
        }
    }

    /// The first header first; on 401 the second once. Whichever works stays.
    async fn send_trying(
        &self,
        settled: &AtomicU8,
        [first, second]: [u8; 2],
        key: &Secret,
        request: Request,
    ) -> Result<Answer, Error> {
        let choice = settled.load(Ordering::Relaxed);
        if choice == second {
            return self.client.send(&request.auth(carried(second, key))).await;
        }
        let request = request.auth(carried(first, key));
        let answer = self.client.send(&request).await;
        let refused = matches!(&answer, Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED));
        if choice == first || !refused {
            if answer.is_ok() {
                settled.store(first, Ordering::Relaxed);
            }
            return answer;
        }
        let again = self.client.send(&request.auth(carried(second, key))).await;
        if again.is_ok() {
            settled.store(second, Ordering::Relaxed);
        }
        again
    }
}

fn carried(header: u8, key: &Secret) -> Auth {
    if header == BEARER { Auth::Bearer(key.clone()) } else { Auth::Header("x-api-key", key.clone()) }
}
