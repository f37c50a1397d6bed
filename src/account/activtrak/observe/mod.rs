//! Reading the whole account, and proving that it is whole.

pub(super) mod by_download;
mod by_identity;
mod by_scim;
mod shared;

use std::sync::Arc;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::observe::shared::is_account;
use crate::account::activtrak::route::Open;
use crate::account::error::ReadError;
use crate::account::port::Scope;
use crate::model::{Family, GroupId, GroupName, HrGroup, Observed};

/// How often everything is read when another actor changes the account meanwhile.
const READINGS: usize = 3;
/// Reads everything in `scope`; again from the start if the account changed meanwhile.
pub(super) async fn observe(
    client: &Arc<AuthorizedClient>,
    open: Open,
    hr: &str,
    scope: &Scope,
) -> Result<Observed, ReadError> {
    is_account(client, scope).await?;
    let mut readings = 1;
    loop {
        let read = match open.users {
            Family::Scim => by_scim::read(client, open, hr, scope).await,
            _ => by_identity::read(client, hr, scope).await.map(|observed| observed.within(open.reach())),
        };
        match read {
            Err(ReadError::Unproved(unproved)) if unproved.may_pass() && readings < READINGS => {
                tracing::debug!(%unproved, "reading everything again");
                readings += 1;
            }
            done => return done,
        }
    }
}

/// Checks the members of groups against the account's own counts.
pub(super) async fn prove(
    client: &Arc<AuthorizedClient>,
    observed: &Observed,
    groups: &[GroupId],
) -> Result<(), ReadError> {
    match observed.reach.users() {
        Family::Scim => by_scim::prove(client, observed, groups).await,
        _ => by_identity::prove(client, observed, groups).await,
    }
}

/// Every HR-sourced group whose name is asked for with its members, each read by its own listing.
pub(super) async fn hr_slice(
    client: &Arc<AuthorizedClient>,
    users: Family,
    hr: &str,
    asked: impl Fn(&GroupName) -> bool + Send,
) -> Result<Vec<HrGroup>, ReadError> {
    if users == Family::Scim {
        let mut slice = by_scim::hr_slice(client, hr).await?;
        slice.retain(|group| asked(&group.name));
        return Ok(slice);
    }
    by_identity::hr_slice(client, hr, asked).await
}
