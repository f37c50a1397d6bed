//! Reading the account where the Identity API is closed: users by SCIM, groups by Admin where that is open.
//!
//! The two are two keys, and may be two accounts by mistake: a group that both show must have one name. Memberships are the
//! groups' word; what a user says of groups must not go beyond it.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::observe::shared::computers;
use crate::account::activtrak::route::{Knock, Open, without_members};
use crate::account::activtrak::scim::{self, ScimGroup};
use crate::account::error::{ReadError, Unproved};
use crate::account::paging::AT_ONCE;
use crate::account::port::Scope;
use crate::model::{
    GroupId, GroupName, GroupSource, HrGroup, ListProof, Observed, ObservedGroup, ObservedUser, Topic,
    UserId, UserRef,
};

/// Reads everything in `scope`, once.
pub(super) async fn read(
    client: &Arc<AuthorizedClient>,
    open: Open,
    hr: &str,
    scope: &Scope,
) -> Result<Observed, ReadError> {
    let listed = async {
        match open.admin {
            Knock::Open => admin::groups_proved(client).await.map(Some),
            Knock::Closed => Ok(None),
        }
    };
    let ((users, said), shown, listed) = tokio::try_join!(scim::users(client), scim::groups(client), listed)?;
    let mut reach = open.reach();
    let mut proof = listed.as_ref().map_or(ListProof::Counted, |listed| listed.1);
    let mut groups = match &listed {
        Some((listed, _)) => {
            let whole = agree(listed, &shown)?;
            // All that SCIM shows is in the list by the same name, so one group is enough to tie the two keys together.
            if let (Some(expected), []) = (scope.account, &shown[..]) {
                return Err(ReadError::UnprovedAccount { expected });
            }
            // A second list that shows the same groups, and counts them, is as good as a count.
            if whole {
                proof = ListProof::Counted;
            } else {
                reach = without_members(reach);
            }
            listed.iter().map(|group| sourced(group.observed(hr), &shown)).collect()
        }
        None => shown.iter().map(observed).collect::<Vec<ObservedGroup>>(),
    };
    let memberships = memberships(&shown, &users, &said)?;
    let computers = match open.admin {
        Knock::Open => computers(client, &mut groups, &scope.computers).await?,
        Knock::Closed => Vec::new(),
    };
    Ok(Observed::new(users, groups, &memberships, Vec::new(), computers).groups_by(proof).within(reach))
}

/// Whether SCIM shows every group of the list; what both show must agree.
fn agree(listed: &[ListedGroup], shown: &[ScimGroup]) -> Result<bool, Unproved> {
    for group in shown {
        let Ok(at) = listed.binary_search_by_key(&group.id, |listed| listed.id) else {
            return Err(Unproved::GroupCount { listed: listed.len(), counted: shown.len() });
        };
        if listed[at].name != group.name {
            return Err(Unproved::GroupNames {
                group: group.id.0,
                listed: listed[at].name.clone(),
                seen: group.name.clone(),
            });
        }
    }
    Ok(listed.len() == shown.len())
}

/// A listed group: where the list's word for its source says nothing, what SCIM shows of it does.
fn sourced(group: ObservedGroup, shown: &[ScimGroup]) -> ObservedGroup {
    let Ok(at) = shown.binary_search_by_key(&group.id, |shown| shown.id) else { return group };
    let shown = &shown[at];
    match &group.source {
        GroupSource::Foreign(_) if shown.instance.is_some() => {
            ObservedGroup { source: GroupSource::Scim, ..group }
        }
        GroupSource::Foreign(word) if word.is_empty() => {
            ObservedGroup { computers: group.computers, ..observed(shown) }
        }
        _ => group,
    }
}

/// A group as SCIM alone shows it: whether it is the app's or an integration made it, and no more of its source.
fn observed(group: &ScimGroup) -> ObservedGroup {
    let source = match group.kind {
        Some(1) => GroupSource::App,
        _ if group.instance.is_some() => GroupSource::Scim,
        Some(kind) => GroupSource::Foreign(format!("source {kind}").into()),
        None => GroupSource::Foreign("".into()),
    };
    ObservedGroup::new(group.id, GroupName::observed(&group.name), source)
}

/// Who is in which group; an error where a member or a membership is missing.
fn memberships(
    groups: &[ScimGroup],
    users: &[ObservedUser],
    said: &[(GroupId, UserId)],
) -> Result<Vec<(GroupId, UserId)>, Unproved> {
    let known: BTreeSet<UserId> = users.iter().map(|user| user.id).collect();
    let mut pairs = Vec::with_capacity(said.len());
    for group in groups {
        let members = group.members.as_ref().ok_or(Unproved::NoMembers { group: group.id.0 })?;
        if let Some(unknown) = members.iter().find(|member| !known.contains(member)) {
            return Err(Unproved::UnknownMember { group: group.id.0, user: unknown.0 });
        }
        pairs.extend(members.iter().map(|member| (group.id, *member)));
    }
    pairs.sort_unstable();
    let shown = |group: GroupId| groups.binary_search_by_key(&group, |group| group.id).is_ok();
    let missing = said.iter().find(|pair| shown(pair.0) && pairs.binary_search(pair).is_err());
    match missing {
        Some((group, user)) => Err(Unproved::MemberMissing { user: user.0, group: group.0 }),
        None => Ok(pairs),
    }
}

/// Checks the members of groups against each group's own record.
pub(super) async fn prove(
    client: &Arc<AuthorizedClient>,
    observed: &Observed,
    groups: &[GroupId],
) -> Result<(), ReadError> {
    let hidden = observed.reach.hidden(Topic::Members).is_some();
    let is_own = |group: GroupId| {
        observed.group_ix(group).is_some_and(|ix| observed.group(ix).source == GroupSource::Scim)
    };
    let groups: Vec<GroupId> = groups.iter().copied().filter(|group| !hidden || is_own(*group)).collect();
    let counts: Vec<(GroupId, Option<Vec<UserId>>)> = stream::iter(groups)
        .map(|group| async move { Ok::<_, ReadError>((group, scim::group_members(client, group).await?)) })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    for (group, members) in counts {
        let counted = members.ok_or(Unproved::NoMembers { group: group.0 })?.len();
        let read = observed.group_ix(group).map_or(0, |ix| observed.members(ix).len());
        if read != counted {
            return Err(Unproved::MemberCount { group: group.0, read, counted }.into());
        }
    }
    Ok(())
}

/// Every HR-sourced group with its members.
pub(super) async fn hr_slice(client: &Arc<AuthorizedClient>, hr: &str) -> Result<Vec<HrGroup>, ReadError> {
    let ((listed, _), shown) = tokio::try_join!(admin::groups_proved(client), scim::groups(client))?;
    agree(&listed, &shown)?;
    let mut slice = Vec::new();
    for group in listed.iter().filter(|group| group.source(hr) == GroupSource::Hr) {
        let at = shown.binary_search_by_key(&group.id, |shown| shown.id);
        let members = at.ok().and_then(|at| shown[at].members.as_ref());
        let members = members.ok_or(Unproved::NoMembers { group: group.id.0 })?;
        let mut members: Vec<UserRef> = members.iter().copied().map(UserRef::Known).collect();
        members.sort_unstable();
        slice.push(HrGroup { name: GroupName::observed(&group.name), members });
    }
    slice.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(slice)
}
