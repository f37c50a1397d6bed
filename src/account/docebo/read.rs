//! What is asked of the account: each function reads one list whole, or one thing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::account::docebo::authorized::AuthorizedClient;
use crate::account::docebo::facts::{GROUP_ORDER, GROUPS, USER_ORDER, USERS, group, members};
use crate::account::docebo::list::{Source, all};
use crate::account::docebo::wire::{Envelope, Group, Member, User};
use crate::account::error::{Listing, ReadError};
use crate::http::Request;
use crate::model::GroupId;

/// Every user.
pub(super) async fn users(client: &Arc<AuthorizedClient>) -> Result<Vec<User>, ReadError> {
    all(client, Source::of(USERS, Listing::Users).by(USER_ORDER)).await
}

/// Users who are found by a text, wherever it stands.
pub(super) async fn users_by(client: &Arc<AuthorizedClient>, text: &str) -> Result<Vec<User>, ReadError> {
    let source = Source::of(USERS, Listing::Users).by(USER_ORDER).with("search_text", text.to_owned());
    all(client, source).await
}

/// Every group, sorted by number; no two have the same.
pub(super) async fn groups(client: &Arc<AuthorizedClient>) -> Result<Vec<Group>, ReadError> {
    numbered(all(client, Source::of(GROUPS, Listing::Groups).by(GROUP_ORDER)).await?)
}

/// Sorts groups by number, of which two may be the beginning of two UUIDs.
fn numbered(groups: Vec<Group>) -> Result<Vec<Group>, ReadError> {
    let count = groups.len();
    let by_number: BTreeMap<GroupId, Group> = groups.into_iter().map(|group| (group.id, group)).collect();
    if by_number.len() < count { Err(ReadError::SameNumber) } else { Ok(by_number.into_values().collect()) }
}

/// The users in a group and what put them there, sorted by number.
pub(super) async fn users_of(
    client: &Arc<AuthorizedClient>,
    group: &Group,
) -> Result<Vec<Member>, ReadError> {
    let source = Source::of(&members(&group.uuid), Listing::Members(group.id.0)).by(USER_ORDER);
    let mut members = all::<Member>(client, source).await?;
    members.sort_unstable_by_key(|member| member.user);
    Ok(members)
}

/// One group with all that it says.
pub(super) async fn whole_group(
    client: &AuthorizedClient,
    uuid: &str,
) -> Result<Map<String, Value>, ReadError> {
    let answer = client.send(Request::get(group(uuid))).await?;
    Ok(answer.json::<Envelope<Map<String, Value>>>()?.data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_of_one_number_are_an_error() {
        let group = |uuid: &str| -> Group {
            serde_json::from_value(serde_json::json!({ "uuid": uuid, "name": "A", "type": "manual" }))
                .unwrap()
        };
        let (one, other) = ("0b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d", "0b7a3c1e-5d2f-4aff-8c9d-0e1f2a3b4c5d");
        assert!(matches!(numbered(vec![group(one), group(other)]), Err(ReadError::SameNumber)));
        let apart = "1b7a3c1e-5d2f-4a6b-8c9d-0e1f2a3b4c5d";
        let sorted = numbered(vec![group(apart), group(one)]).unwrap();
        assert_eq!(sorted.iter().map(|it| &*it.uuid).collect::<Vec<_>>(), [one, apart]);
    }
}
