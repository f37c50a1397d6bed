//! What is read the same way whichever family shows the users?

use std::sync::Arc;

use crate::account::activtrak::admin;
use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::error::ReadError;
use crate::account::port::{Computers, Scope};
use crate::model::{Computer, ObservedGroup};

/// Checks that the key opens the account that the manifests name, where they name one.
pub(super) async fn is_account(client: &Arc<AuthorizedClient>, scope: &Scope) -> Result<(), ReadError> {
    let Some(expected) = scope.account else { return Ok(()) };
    let numbers = admin::account_numbers(client).await?;
    if numbers.contains(&expected) {
        return Ok(());
    }
    let found = *numbers.first().ok_or(ReadError::NoAccountNumber)?;
    Err(ReadError::WrongAccount { expected, found })
}

/// Reads the computers of the named groups into them, and the list of all computers if there are any such groups.
pub(super) async fn computers(
    client: &Arc<AuthorizedClient>,
    groups: &mut [ObservedGroup],
    wanted: &Computers,
) -> Result<Vec<Computer>, ReadError> {
    if *wanted == Computers::default() {
        return Ok(Vec::new());
    }
    for group in groups.iter_mut().filter(|group| wanted.of(&group.name)) {
        group.computers = Some(admin::group_computers(client, group.id).await?);
    }
    admin::computers(client).await
}
