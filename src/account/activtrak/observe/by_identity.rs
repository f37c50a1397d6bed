//! Reading the account by the Identity API: users with their memberships, and groups by Admin.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::identity::{self, Records, SeenGroup};
use crate::account::activtrak::observe::shared::computers;
use crate::account::error::{ReadError, Unproved};
use crate::account::paging::AT_ONCE;
use crate::account::port::Scope;
use crate::model::{
    GroupId, GroupName, GroupSource, HrGroup, Observed, ObservedGroup, ObservedUser, UserId, UserRef,
};

/// Reads everything in `scope`, once.
pub(super) async fn read(
    client: &Arc<AuthorizedClient>,
    hr: &str,
    scope: &Scope,
) -> Result<Observed, ReadError> {
    let (pages, (mut groups, proof), exclusions) = tokio::try_join!(
        identity::users(client),
        admin::groups_proved(client),
        identity::exclusions(client)
    )?;
    let mut read = Pages::join(pages);
    read.agree_with(&mut groups)?;
    if read.may_lack_memberships(&groups) {
        for (group, counted) in counts(client, groups.iter().map(|group| group.id).collect()).await? {
            let read = read.memberships.iter().filter(|pair| pair.0 == group).count();
            if read != counted {
                return Err(Unproved::MembershipsLeftOut { group: group.0, counted, read }.into());
            }
        }
    }
    let mut observed: Vec<ObservedGroup> = groups.iter().map(|group| group.observed(hr)).collect();
    let computers = computers(client, &mut observed, &scope.computers).await?;
    Ok(Observed::new(read.users, observed, &read.memberships, exclusions, computers).groups_by(proof))
}

/// The pages of the users listing, joined.
struct Pages {
    users: Vec<ObservedUser>,
    memberships: Vec<(GroupId, UserId)>,
    groups: Vec<(GroupId, SeenGroup)>,
    /// Records that came without the group data that was asked for.
    without_groups: usize,
}

impl Pages {
    fn join(pages: Vec<Records>) -> Self {
        let count = |of: fn(&Records) -> usize| pages.iter().map(of).sum();
        let mut joined = Self {
            users: Vec::with_capacity(count(|page| page.users.len())),
            memberships: Vec::with_capacity(count(|page| page.memberships.len())),
            groups: Vec::new(),
            without_groups: count(|page| page.without_groups),
        };
        for page in pages {
            joined.users.extend(page.users);
            joined.memberships.extend(page.memberships);
            joined.groups.extend(page.groups);
        }
        joined
    }

    /// Every group that a user shows is in the list of groups, by the same name and of the same source. A user may show the
    /// number of its parent, and say of its source what the list does not.
    fn agree_with(&mut self, listed: &mut [ListedGroup]) -> Result<(), Unproved> {
        let mut by_parent = BTreeMap::new();
        for (id, seen) in &self.groups {
            let at = match listed.binary_search_by_key(id, |group| group.id) {
                Ok(at) => at,
                Err(_) => {
                    child(listed, *id).ok_or(Unproved::UnknownGroup { user: seen.on.0, group: id.0 })?
                }
            };
            let group = &mut listed[at];
            if group.name != seen.name || group.kind.is_some_and(|kind| kind != seen.kind) {
                let of = |kind: Option<i64>| kind.map_or("no type".to_owned(), |kind| format!("type {kind}"));
                return Err(Unproved::GroupDiffers {
                    group: id.0,
                    user: seen.on.0,
                    listed: format!("{} ({})", group.name, of(group.kind)).into(),
                    seen: format!("{} ({})", seen.name, of(Some(seen.kind))).into(),
                });
            }
            if !group.says_its_source() {
                (group.kind, group.type_name) = (Some(seen.kind), seen.type_name.clone());
            }
            if group.id != *id {
                by_parent.insert(*id, group.id);
            }
        }
        for (group, _) in &mut self.memberships {
            *group = by_parent.get(group).copied().unwrap_or(*group);
        }
        Ok(())
    }

    /// Whether memberships may have been left out: group data is missing, or nobody is in any group.
    fn may_lack_memberships(&self, groups: &[ListedGroup]) -> bool {
        let some_users = !self.users.is_empty();
        some_users && !groups.is_empty() && (self.without_groups > 0 || self.memberships.is_empty())
    }
}

/// Where the one group is whose parent has this number: of several, nothing tells which is meant.
fn child(listed: &[ListedGroup], parent: GroupId) -> Option<usize> {
    let mut children = (0..listed.len()).filter(|&at| listed[at].parent == parent);
    children.next().filter(|_| children.next().is_none())
}

/// The account's own counts of members.
async fn counts(
    client: &Arc<AuthorizedClient>,
    groups: Vec<GroupId>,
) -> Result<Vec<(GroupId, usize)>, ReadError> {
    stream::iter(groups)
        .map(|group| async move { Ok((group, identity::count_members(client, group).await?)) })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// Checks the members of groups against the account's own counts.
pub(super) async fn prove(
    client: &Arc<AuthorizedClient>,
    observed: &Observed,
    groups: &[GroupId],
) -> Result<(), ReadError> {
    for (group, counted) in counts(client, groups.to_vec()).await? {
        let read = observed.group_ix(group).map_or(0, |ix| observed.members(ix).len());
        if read != counted {
            return Err(Unproved::MemberCount { group: group.0, read, counted }.into());
        }
    }
    Ok(())
}

/// Every HR-sourced group whose name is asked for with its members, each read by its own listing.
pub(super) async fn hr_slice(
    client: &Arc<AuthorizedClient>,
    hr: &str,
    asked: impl Fn(&GroupName) -> bool + Send,
) -> Result<Vec<HrGroup>, ReadError> {
    let (mut groups, _) = admin::groups_proved(client).await?;
    if !groups.iter().all(ListedGroup::says_its_source) {
        Pages::join(identity::users(client).await?).agree_with(&mut groups)?;
    }
    let hr_sourced: Vec<(GroupId, GroupName)> = groups
        .iter()
        .filter(|group| group.source(hr) == GroupSource::Hr)
        .map(|group| (group.id, GroupName::observed(&group.name)))
        .filter(|(_, name)| asked(name))
        .collect();
    let mut slice: Vec<HrGroup> = stream::iter(hr_sourced)
        .map(|(group, name)| async move {
            let members = identity::member_ids(client, group).await?;
            Ok::<_, ReadError>(HrGroup { name, members: members.into_iter().map(UserRef::Known).collect() })
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    slice.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(slice)
}
