//! Which key opens which API family, in which header.
//!
//! One header per request: a gateway may try to read a Bearer key as a session first, so both are never sent together.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::account::{Family, ReadError};
use crate::http::{Answer, Auth, Client, Error, Request, Secret, StatusCode};

/// The keys of an account, from the environment.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// `ACTIVTRAK_API_KEY`: for Admin and HRDC, and tried on Identity.
    pub api_key: Option<Secret>,
    /// `ACTIVTRAK_TOKEN`: for Identity.
    pub token: Option<Secret>,
}

/// Sends requests with the key that opens their family.
#[derive(Debug)]
pub(super) struct Door {
    client: Client,
    keys: Credentials,
    /// The header that the API key goes in, for Identity and for Admin, once one has worked.
    settled: [AtomicU8; 2],
}

/// Not known yet: Bearer is tried first.
const UNTRIED: u8 = 0;
/// `Authorization: Bearer` worked.
const BEARER: u8 = 1;
/// `x-api-key` worked.
const HEADER: u8 = 2;

impl Door {
    pub(super) fn new(client: Client, keys: Credentials) -> Self {
        Self { client, keys, settled: [AtomicU8::new(UNTRIED), AtomicU8::new(UNTRIED)] }
    }

    /// Sends a request to a family.
    pub(super) async fn send(&self, family: Family, request: Request) -> Result<Answer, ReadError> {
        let sent = match (family, &self.keys) {
            (Family::Identity, Credentials { token: Some(token), .. }) => {
                self.client.send(&request.auth(Auth::Bearer(token.clone()))).await
            }
            (_, Credentials { api_key: None, .. }) => return Err(ReadError::NoKey(family)),
            (Family::Hrdc, Credentials { api_key: Some(key), .. }) => {
                self.client.send(&request.auth(in_header(key))).await
            }
            (Family::Identity, Credentials { api_key: Some(key), .. }) => {
                self.send_trying(&self.settled[0], key, request).await
            }
            (Family::Admin, Credentials { api_key: Some(key), .. }) => {
                self.send_trying(&self.settled[1], key, request).await
            }
        };
        sent.map_err(|source| match source.status() {
            Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
                ReadError::Denied { family, status, source }
            }
            _ => ReadError::Http(source),
        })
    }

    /// Bearer first; on 401 `x-api-key` once. Whichever works stays.
    async fn send_trying(&self, settled: &AtomicU8, key: &Secret, request: Request) -> Result<Answer, Error> {
        let choice = settled.load(Ordering::Relaxed);
        if choice == HEADER {
            return self.client.send(&request.auth(in_header(key))).await;
        }
        let request = request.auth(Auth::Bearer(key.clone()));
        let first = self.client.send(&request).await;
        let refused = matches!(&first, Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED));
        if choice == BEARER || !refused {
            if first.is_ok() {
                settled.store(BEARER, Ordering::Relaxed);
            }
            return first;
        }
        let second = self.client.send(&request.auth(in_header(key))).await;
        if second.is_ok() {
            settled.store(HEADER, Ordering::Relaxed);
        }
        second
    }
}

fn in_header(key: &Secret) -> Auth {
    Auth::Header("x-api-key", key.clone())
}
