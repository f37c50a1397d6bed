//! Creating and deleting groups: the list is read before and after.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};

use crate::account::carry::{ATTEMPTS, Kind, Open, all, before, carry_out};
use crate::account::docebo::wire::Group;
use crate::account::docebo::write;
use crate::account::docebo::writer::shared::Writer;
use crate::account::error::ReadError;
use crate::account::group_steps::{self, taken, unsent};
use crate::account::paging::AT_ONCE;
use crate::account::patience::Patience;
use crate::account::sent::{Reply, words};
use crate::model::{Act, ChangeId, Family, GroupId, GroupName, NewGroup, Outcome, RuleSet, Step, StepId};

/// New groups, and the list as it was right before.
struct NewGroups<'a> {
    writer: &'a Writer,
    before: Vec<Group>,
}

/// The groups as they are listed, and the rules of those that were not there before.
pub(super) struct Seen {
    groups: Vec<Group>,
    rules: BTreeMap<GroupId, RuleSet>,
}

/// Why rules are not sent.
pub(super) const UNSEEN: &str =
    "not sent: no automatic group of the account shows how the platform writes these conditions";

pub(super) async fn create(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match listed(writer).await {
        Ok(before) => before,
        Err(outcome) => return all(steps, || outcome.clone()),
    };
    let (mut open, mut done) = (Vec::with_capacity(steps.len()), Vec::new());
    for step in steps {
        let Act::CreateGroup(_, new) = &step.act else { continue };
        // A second group of a name is never made: nothing would tell the two apart.
        match before.iter().find(|group| is_called(group, &new.name)) {
            Some(group) => done.push((step.id, taken(group.id))),
            None if new.rules.as_ref().is_some_and(|rules| writer.written(rules).is_none()) => {
                done.push((step.id, Outcome::Failed(UNSEEN.to_owned())));
            }
            None => open.push(Open::new(step.id, (step.change, new))),
        }
    }
    done.extend(carry_out(&NewGroups { writer, before }, open).await);
    done
}

impl<'a> Kind for NewGroups<'a> {
    type What = (Option<ChangeId>, &'a NewGroup);
    type View = Seen;
    const FAMILY: Family = Family::Learning;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<Self::What>]) {
        for one in batch {
            let new = one.what.1;
            let ruleset = new.rules.as_ref().and_then(|rules| self.writer.written(rules));
            let reply = write::create(&self.writer.client, &self.writer.ways, (new, ruleset)).await;
            one.hears(reply, None);
        }
    }

    async fn look(&self) -> Result<Seen, ReadError> {
        let groups = self.writer.groups_now().await?;
        let mut rules = BTreeMap::new();
        for group in groups.iter().filter(|group| group.is_automatic() && !self.was_there(group)) {
            rules.insert(group.id, self.writer.rules_now(group).await?);
        }
        Ok(Seen { groups, rules })
    }

    fn holds(&self, (_, new): &Self::What, seen: &Seen) -> bool {
        seen.groups.iter().any(|group| is_called(group, &new.name))
    }

    fn besides(&self, seen: &Seen) -> Option<String> {
        self.writer.lost_groups(&self.before, &seen.groups)
    }

    fn words(&self, (_, new): &Self::What) -> (String, String) {
        (format!("group {}", new.name), "no such group".to_owned())
    }

    fn met(&self, one: &Open<Self::What>, seen: &Seen) -> Outcome {
        let (change, new) = one.what;
        let name = &new.name;
        let called: Vec<&Group> = seen.groups.iter().filter(|group| is_called(group, name)).collect();
        match called[..] {
            [group] if is_populated(group, new) && *group.name == *name.as_written() => {
                self.writer.news.made(change, group.id);
                if new.rules.as_ref().is_some_and(|rules| seen.rules.get(&group.id) != Some(rules)) {
                    let asked = format!("group {name} with the conditions as planned");
                    return Outcome::Mismatched { asked, answered: "other conditions".to_owned() };
                }
                match group.description() {
                    Some(said) if said != new.description => Outcome::Mismatched {
                        asked: format!("description {}", new.description),
                        answered: format!("description {said}"),
                    },
                    _ => one.reply.met(),
                }
            }
            [group] => taken(group.id),
            _ => Outcome::Overdone {
                asked: format!("group {name}"),
                besides: format!("there are {} groups of that name", called.len()),
            },
        }
    }
}

impl NewGroups<'_> {
    fn was_there(&self, group: &Group) -> bool {
        self.before.iter().any(|before| before.uuid == group.uuid)
    }
}

/// Whether a group is populated as a new one was to be.
fn is_populated(group: &Group, new: &NewGroup) -> bool {
    if new.rules.is_some() { group.is_automatic() } else { group.is_manual() }
}

/// Groups that are to go, and the list as it was right before.
struct Doomed<'a> {
    writer: &'a Writer,
    before: &'a [Group],
}

pub(super) async fn delete(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match listed(writer).await {
        Ok(before) => before,
        Err(outcome) => return all(steps, || outcome.clone()),
    };
    let (mut reviewed, mut done) = (Vec::with_capacity(steps.len()), Vec::new());
    for step in steps {
        let Act::DeleteGroup { group, name } = &step.act else { continue };
        match before.iter().find(|listed| listed.id == *group) {
            None => done.push((step.id, Outcome::AlreadyTrue)),
            // Never by number alone: the name must be the one that was reviewed, and what fills the group as it was read.
            Some(listed) if !is_called(listed, name) || !writer.is_as_read(listed) => {
                done.push((step.id, drifted(listed)));
            }
            Some(listed) => reviewed.push(Open::new(step.id, listed)),
        }
    }
    let open = unjoined(writer, reviewed, &mut done).await;
    writer.news.takes(open.iter().map(|one| one.what.id));
    done.extend(carry_out(&Doomed { writer, before: &before }, open).await);
    done
}

impl<'a> Kind for Doomed<'a> {
    type What = &'a Group;
    type View = Vec<Group>;
    const FAMILY: Family = Family::Learning;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<&'a Group>]) {
        for one in batch {
            let reply = write::delete(&self.writer.client, &one.what.uuid).await;
            one.hears(reply, None);
        }
    }

    async fn look(&self) -> Result<Vec<Group>, ReadError> {
        self.writer.groups_now().await
    }

    fn holds(&self, group: &&'a Group, groups: &Vec<Group>) -> bool {
        groups.iter().all(|now| now.uuid != group.uuid)
    }

    fn besides(&self, groups: &Vec<Group>) -> Option<String> {
        self.writer.lost_groups(self.before, groups)
    }

    fn words(&self, group: &&'a Group) -> (String, String) {
        (format!("group {} deleted", group.name), "it is still there".to_owned())
    }

    /// Sent again only as long as it goes by the name that was reviewed, and nobody has joined.
    async fn unmet(
        &self,
        one: Open<&'a Group>,
        attempt: u8,
        groups: &Vec<Group>,
    ) -> Result<Outcome, Open<&'a Group>> {
        let now = groups.iter().find(|now| now.uuid == one.what.uuid);
        if let Some(now) = now.filter(|now| now.name != one.what.name) {
            return Ok(drifted(now));
        }
        if attempt == ATTEMPTS || !matches!(one.reply, Reply::Lost(_)) {
            let (asked, shown) = self.words(&one.what);
            return Ok(self.writer.patience.unseen(one.reply, asked, shown));
        }
        let mut done = Vec::new();
        match unjoined(self.writer, vec![one], &mut done).await.pop() {
            Some(one) => Err(one),
            None => Ok(done.pop().map_or(Outcome::NotAttempted, |(_, outcome)| outcome)),
        }
    }
}

/// Those groups that nobody has joined whom nobody reviewed.
async fn unjoined<'a>(
    writer: &Writer,
    doomed: Vec<Open<&'a Group>>,
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Open<&'a Group>> {
    let groups: Vec<Group> = doomed.iter().map(|one| one.what.clone()).collect();
    let joined: Vec<Result<usize, String>> = stream::iter(groups)
        .map(|group| async move { joined(writer, &group).await })
        .buffered(AT_ONCE)
        .collect()
        .await;
    group_steps::unjoined(doomed, joined, done)
}

/// How many are in a group who were not when the plan was made. Whom its rules match comes and goes all day, as when this run made the
/// user.
async fn joined(writer: &Writer, group: &Group) -> Result<usize, String> {
    let now = writer.put_in_now(group).await.map_err(|error| words(&error))?;
    let reviewed = writer.members_read(group.id);
    // Whom this run takes out itself is no surprise, and neither is whom it put in.
    Ok(now.difference(&reviewed).filter(|user| !writer.news.is_moved(group.id, **user)).count())
}

/// The groups right before anything is sent.
pub(super) async fn listed(writer: &Writer) -> Result<Vec<Group>, Outcome> {
    let listed = before(&writer.patience, Family::Learning, || writer.groups_now()).await;
    listed.map_err(|error| unsent(&words(&error)))
}

/// Whether a group has a name, however it is spelled.
pub(super) fn is_called(group: &Group, name: &GroupName) -> bool {
    GroupName::observed(&group.name) == *name
}

/// What becomes of a step whose group is no longer what was reviewed.
pub(super) fn drifted(group: &Group) -> Outcome {
    let Group { id: GroupId(id), name, .. } = group;
    Outcome::Failed(format!("changed since the plan: group {id} is now {name}"))
}
