//! Reading the whole account, and proving that it is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use crate::account::docebo::authorized::AuthorizedClient;
use crate::account::docebo::conditions::{self, Examples};
use crate::account::docebo::connection::NewUsers;
use crate::account::docebo::facts::{DESCRIPTION, RULES};
use crate::account::docebo::reach::reach;
use crate::account::docebo::wire::{Group, Member};
use crate::account::docebo::{details, read};
use crate::account::error::{ReadError, Unproved};
use crate::account::paging::AT_ONCE;
use crate::model::{
    Asked, Description, Details, Filling, GroupId, GroupName, Looked, Observed, ObservedGroup, ObservedUser,
    Population, RuleSet, UserId, Username,
};

/// How often everything is read when another actor changes the account meanwhile.
const READINGS: usize = 3;

/// Reads everything; again from the start if the account changed meanwhile.
pub(super) async fn observe(
    client: &Arc<AuthorizedClient>,
    how: (Username, NewUsers),
    asked: &Asked,
) -> Result<Observed, ReadError> {
    let mut readings = 1;
    loop {
        match read(client, how, asked).await {
            Err(ReadError::Unproved(unproved)) if unproved.may_pass() && readings < READINGS => {
                tracing::debug!(%unproved, "reading everything again");
                readings += 1;
            }
            done => return done,
        }
    }
}

/// Reads everything, once.
async fn read(
    client: &Arc<AuthorizedClient>,
    (username, new_users): (Username, NewUsers),
    asked: &Asked,
) -> Result<Observed, ReadError> {
    let ((users, mut details), mut groups) =
        tokio::try_join!(details::users(client, asked), read::groups(client))?;
    describe(client, &mut groups, asked).await?;
    let filled = Filled::read(client, &groups, asked, &mut details).await?;
    let users: Vec<ObservedUser> = users.into_iter().map(|user| user.observed(username)).collect();
    let known: BTreeSet<UserId> = users.iter().map(|user| user.id).collect();
    let (mut memberships, mut observed) = (Vec::new(), Vec::with_capacity(groups.len()));
    let members = members_of(client, groups.iter()).await?;
    for (group, (id, members)) in groups.iter().zip(members) {
        if let Some(unknown) = members.iter().find(|member| !known.contains(&member.user)) {
            return Err(Unproved::UnknownMember { group: id.0, user: unknown.user.0 }.into());
        }
        observed.push(ObservedGroup { filling: filled.filling(group, &members), ..group.observed() });
        memberships.extend(members.into_iter().map(|member| (id, member.user)));
    }
    let observed = Observed::new(users, observed, &memberships, Vec::new(), Vec::new());
    Ok(observed.detailed(details).writing(filled.examples).within(reach(username, new_users)))
}

/// Asks those groups for what they say of themselves of which the list does not tell.
async fn describe(
    client: &Arc<AuthorizedClient>,
    groups: &mut [Group],
    asked: &Asked,
) -> Result<(), ReadError> {
    let is_asked = |group: &&mut Group| asked.described.contains(&GroupName::observed(&group.name));
    for group in groups.iter_mut().filter(is_asked).filter(|group| group.description().is_none()) {
        let whole = read::whole_group(client, &group.uuid).await?;
        let text = whole.get(DESCRIPTION).and_then(Value::as_str).unwrap_or_default();
        group.describe(Description::observed(text));
    }
    Ok(())
}

/// What fills the groups that fill themselves.
#[derive(Default)]
struct Filled {
    rules: BTreeMap<GroupId, RuleSet>,
    examples: Examples,
}

impl Filled {
    /// Reads the rules of every group that has some, where they are looked at.
    async fn read(
        client: &Arc<AuthorizedClient>,
        groups: &[Group],
        asked: &Asked,
        details: &mut Details,
    ) -> Result<Self, ReadError> {
        if asked.rules == Looked::Never {
            return Ok(Self::default());
        }
        let groups: Vec<Group> = groups.iter().filter(|group| group.is_automatic()).cloned().collect();
        let whole = |group: Group| async move {
            let mut whole = read::whole_group(client, &group.uuid).await?;
            Ok::<_, ReadError>((group.id, whole.remove(RULES)))
        };
        let read: Vec<(GroupId, Option<Value>)> =
            stream::iter(groups).map(whole).buffered(AT_ONCE).try_collect().await?;
        // A group that does not say its rules may have some all the same: nothing is known of what fills it.
        let rules: Vec<(GroupId, Value)> =
            read.into_iter().filter_map(|(group, rules)| Some((group, rules?))).collect();
        let named: BTreeSet<u64> = rules.iter().flat_map(|(_, rules)| conditions::fields_of(rules)).collect();
        details::chosen_from(client, details, &named).await?;
        let mut filled = Self::default();
        for (group, rules) in &rules {
            conditions::learn(rules, &details.fields, &mut filled.examples);
            filled.rules.insert(*group, conditions::read(rules, &details.fields));
        }
        Ok(filled)
    }

    /// What fills a group, as far as it was read.
    fn filling(&self, group: &Group, members: &[Member]) -> Option<Box<Filling>> {
        let rules = self.rules.get(&group.id)?.clone();
        let told = members.iter().all(|member| member.by.is_some());
        let by_hand = members.iter().filter(|member| member.by == Some(Population::Manual));
        Some(Box::new(Filling {
            rules,
            deactivated: group.deactivated,
            by_hand: told.then(|| by_hand.map(|member| member.user).collect()),
            changed: group.changed,
        }))
    }
}

/// Who is in each group, some read at a time, in the order of the groups.
async fn members_of(
    client: &Arc<AuthorizedClient>,
    groups: impl Iterator<Item = &Group>,
) -> Result<Vec<(GroupId, Vec<Member>)>, ReadError> {
    let groups: Vec<Group> = groups.cloned().collect();
    stream::iter(groups)
        .map(|group| async move { Ok::<_, ReadError>((group.id, read::users_of(client, &group).await?)) })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// Checks the members of groups by reading them once more: whoever came or went meanwhile, and whoever a page left out, shows.
pub(super) async fn prove(
    client: &Arc<AuthorizedClient>,
    observed: &Observed,
    groups: &[GroupId],
) -> Result<(), ReadError> {
    if groups.is_empty() {
        return Ok(());
    }
    let listed = read::groups(client).await?;
    let asked = listed.iter().filter(|group| groups.contains(&group.id));
    let counted = members_of(client, asked).await?;
    for group in groups {
        let now = counted.iter().find(|(id, _)| id == group).map_or(&[][..], |(_, members)| members);
        let now: Vec<UserId> = now.iter().map(|member| member.user).collect();
        let ix = observed.group_ix(*group);
        let read: Vec<UserId> =
            ix.into_iter().flat_map(|ix| observed.members(ix)).map(|user| observed.user(user).id).collect();
        if read.len() != now.len() {
            return Err(Unproved::MemberCount { group: group.0, read: read.len(), counted: now.len() }.into());
        }
        if let Some(missing) = read.iter().find(|user| now.binary_search(user).is_err()) {
            return Err(Unproved::MemberMissing { user: missing.0, group: group.0 }.into());
        }
    }
    Ok(())
}
