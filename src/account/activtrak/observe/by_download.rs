//! May a download of groups stand in for a reading?

use std::sync::Arc;

use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::identity;
use crate::account::activtrak::observe::shared::is_account;
use crate::account::activtrak::route::{Knock, knock};
use crate::account::error::ReadError;
use crate::account::port::Scope;
use crate::model::{Family, GroupId, GroupSource, KeyProof, Observed};

/// Checks that nothing shows users, that the key is one for uploads and, where the Admin API is open, that it is of the account
/// that the download was made in: a file of another one would replace all HR groups of this.
pub(in crate::account::activtrak) async fn prove(
    client: &Arc<AuthorizedClient>,
    download: &Observed,
    hr: &str,
    scope: &Scope,
) -> Result<KeyProof, ReadError> {
    if client.has_key(Family::Scim) {
        return Err(ReadError::Readable(Family::Scim));
    }
    if knock(Family::Identity, identity::peek(client).await)? == Knock::Open {
        return Err(ReadError::Readable(Family::Identity));
    }
    if !client.has_key(Family::Hrdc) {
        return Err(ReadError::NoKey(Family::Hrdc));
    }
    if knock(Family::Admin, admin::ping(client).await)? == Knock::Closed {
        return Ok(KeyProof::None);
    }
    is_account(client, scope).await?;
    let (listed, _) = admin::groups_proved(client).await?;
    let of_hr = |group: &&ListedGroup| group.source(hr) == GroupSource::Hr;
    let mut listed: Vec<(GroupId, &str)> =
        listed.iter().filter(of_hr).map(|group| (group.id, &*group.name)).collect();
    listed.sort_unstable();
    let shown = download.groups.iter().filter(|group| group.source == GroupSource::Hr);
    let shown: Vec<(GroupId, &str)> = shown.map(|group| (group.id, group.name.verbatim())).collect();
    if listed == shown {
        return Ok(KeyProof::SameGroups);
    }
    let mut differing = listed.iter().filter(|group| !shown.contains(group));
    let mut gone = shown.iter().filter(|group| !listed.contains(group));
    let group = differing.next().or_else(|| gone.next()).map_or("", |group| group.1);
    Err(ReadError::OtherDownload { group: group.into() })
}
