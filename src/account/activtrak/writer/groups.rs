//! Creating, renaming and deleting app groups, and their computers: the list is read before and after.

use futures_util::{StreamExt, stream};

use crate::account::Family;
use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::observe::AT_ONCE;
use crate::account::activtrak::sent::{Reply, Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer, all};
use crate::account::activtrak::{identity, scim};
use crate::account::pack::BATCH;
use crate::http::Method;
use crate::model::{Act, ComputerId, GroupId, GroupName, GroupRef, Outcome, Step, StepId};

pub(super) async fn create(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut open: Vec<(&Step, &GroupName)> = steps
        .iter()
        .filter_map(|step| match &step.act {
            Act::CreateGroup(_, name) => Some((step, name)),
            _ => None,
        })
        .collect();
    let mut done = Vec::with_capacity(open.len());
    for attempt in 1..=ATTEMPTS {
        let mut sent = Vec::with_capacity(open.len());
        for batch in open.chunks(BATCH) {
            let names: Vec<&str> = batch.iter().map(|(_, name)| name.said()).collect();
            let reply =
                Sent::from(admin::create_groups(&writer.door, &names).await).reply().after(&earlier(attempt));
            sent.extend(batch.iter().map(|_| reply.clone()));
        }
        let listed = match list(writer).await {
            Ok(listed) => listed,
            Err(error) => {
                done.extend(open.iter().zip(sent).map(|((step, _), reply)| (step.id, reply.unread(&error))));
                return done;
            }
        };
        let mut again = Vec::new();
        for ((step, name), reply) in open.into_iter().zip(sent) {
            let same = |group: &&ListedGroup| GroupName::observed(&group.name) == *name;
            let outcome = match (listed.iter().find(same), reply) {
                // One that was there before, and was renamed since, is not made by this run.
                (Some(group), reply)
                    if !group.is_read_only()
                        && *group.name == *name.said()
                        && !writer.directory.was_there(group.id) =>
                {
                    writer.directory.made_group(step.change, group.id);
                    reply.met()
                }
                (Some(group), _) => Outcome::Failed(format!("the name is taken by group {}", group.id.0)),
                (None, Reply::Lost(_)) if attempt < ATTEMPTS => {
                    again.push((step, name));
                    continue;
                }
                (None, reply) => reply.unmet(format!("group {name}"), "no such group"),
            };
            done.push((step.id, outcome));
        }
        open = again;
        if open.is_empty() {
            break;
        }
    }
    done
}

pub(super) async fn rename(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match list(writer).await {
        Ok(before) => before,
        Err(error) => return all(steps, || unsent(&error)),
    };
    let mut done = Vec::with_capacity(steps.len());
    let mut open = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::RenameGroup { group, from, to, .. } = &step.act else { continue };
        match standing(writer, &before, *group) {
            None => done.push((step.id, Outcome::Failed("the group is gone".to_owned()))),
            Some(listed) if *listed.name == *to.said() => done.push((step.id, Outcome::AlreadyTrue)),
            // As the model has names: how the account spells one (NFD, outer blanks) is no change.
            Some(listed) if GroupName::observed(&listed.name) != *from => {
                done.push((step.id, drifted(listed)));
            }
            Some(listed) => open.push((step.id, *group, listed, to)),
        }
    }
    for attempt in 1..=ATTEMPTS {
        if open.is_empty() {
            break;
        }
        let mut sent = Vec::with_capacity(open.len());
        for (_, _, listed, to) in &open {
            sent.push(
                Sent::from(admin::rename_group(&writer.door, listed.id, to.said()).await)
                    .reply()
                    .after(&earlier(attempt)),
            );
        }
        let after = list(writer).await;
        let mut again = Vec::new();
        for ((step, group, listed, to), reply) in open.into_iter().zip(sent) {
            // Renaming may give a group another number; the parent's stays.
            let now = after.as_ref().map(|after| after.iter().find(|now| now.parent == listed.parent));
            let outcome = match now {
                Err(error) => reply.unread(error),
                Ok(Some(now)) if *now.name == *to.said() => {
                    writer.directory.renumbered(group, now.id);
                    reply.met()
                }
                Ok(Some(now)) if now.name == listed.name && may_repeat(&reply, attempt) => {
                    again.push((step, group, listed, to));
                    continue;
                }
                Ok(Some(now)) => reply.unmet(format!("name {to}"), format!("name {}", now.name)),
                Ok(None) => reply.unmet(format!("name {to}"), "no such group"),
            };
            done.push((step, outcome));
        }
        open = again;
    }
    done
}

pub(super) async fn delete(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match list(writer).await {
        Ok(before) => before,
        Err(error) => return all(steps, || unsent(&error)),
    };
    let mut done = Vec::with_capacity(steps.len());
    let mut open = reviewed(writer, steps, &before, &mut done);
    for attempt in 1..=ATTEMPTS {
        open = unjoined(writer, open, &mut done).await;
        if open.is_empty() {
            break;
        }
        let mut sent = Vec::with_capacity(open.len());
        for batch in open.chunks(BATCH) {
            let parents: Vec<u64> = batch.iter().map(|(_, _, listed)| listed.parent.0).collect();
            let reply = Sent::from(admin::delete_groups(&writer.door, &parents).await)
                .reply()
                .after(&earlier(attempt));
            sent.extend(batch.iter().map(|_| reply.clone()));
        }
        let after = list(writer).await;
        let mut again = Vec::new();
        for ((step, group, deleted), reply) in open.into_iter().zip(sent) {
            let now = after.as_ref().map(|after| after.iter().find(|now| now.parent == deleted.parent));
            let outcome = match now {
                Err(error) => reply.unread(error),
                Ok(None) => reply.met(),
                Ok(Some(now)) if now.name != deleted.name || now.is_read_only() => drifted(now),
                Ok(Some(_)) if may_repeat(&reply, attempt) => {
                    again.push((step, group, deleted));
                    continue;
                }
                Ok(Some(_)) => reply.unmet(format!("group {} deleted", deleted.name), "it is still there"),
            };
            done.push((step, outcome));
        }
        open = again;
    }
    done
}

/// A group that is to be deleted: by what number the plan has it, and as it is listed.
type Doomed<'a> = (StepId, GroupId, &'a ListedGroup);

/// The groups to delete that go by the name that was reviewed; what becomes of the others.
fn reviewed<'a>(
    writer: &Writer,
    steps: &[Step],
    before: &'a [ListedGroup],
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Doomed<'a>> {
    let mut open = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::DeleteGroup { group, name } = &step.act else { continue };
        match standing(writer, before, *group) {
            None => done.push((step.id, Outcome::AlreadyTrue)),
            // Never by number alone: the name must be the one that was reviewed, and the source the app.
            Some(listed) if GroupName::observed(&listed.name) != *name || listed.is_read_only() => {
                done.push((step.id, drifted(listed)));
            }
            Some(listed) => open.push((step.id, *group, listed)),
        }
    }
    open
}

/// Those of them that nobody has joined whom nobody reviewed: deletions come last, and an upload before them, or a lost answer, may
/// take its time.
async fn unjoined<'a>(
    writer: &Writer,
    doomed: Vec<Doomed<'a>>,
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Doomed<'a>> {
    let numbers: Vec<_> = doomed.iter().map(|(_, group, listed)| (*group, listed.id)).collect();
    let joined: Vec<_> = stream::iter(numbers)
        .map(|(group, now)| joined(writer, group, now))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut open = Vec::with_capacity(doomed.len());
    for (one, joined) in doomed.into_iter().zip(joined) {
        match joined {
            Ok(0) => open.push(one),
            Ok(more) => {
                let who =
                    if more == 1 { "1 more user is".to_owned() } else { format!("{more} more users are") };
                done.push((one.0, Outcome::Failed(format!("changed since the plan: {who} in it"))));
            }
            Err(error) => done.push((one.0, unsent(&error))),
        }
    }
    open
}

pub(super) async fn computers(writer: &Writer, group: GroupRef, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let Some(group) = writer.directory.group(group) else {
        return all(steps, || Outcome::Failed("the group was not created".to_owned()));
    };
    let mut method = Method::POST;
    let mut open: Vec<(StepId, ComputerId)> = Vec::with_capacity(steps.len());
    for step in steps {
        match &step.act {
            Act::AddComputer { computer, .. } => open.push((step.id, *computer)),
            Act::RemoveComputer { computer, .. } => {
                method = Method::DELETE;
                open.push((step.id, *computer));
            }
            _ => {}
        }
    }
    let adds = method == Method::POST;
    let (asked, answered) = if adds { ("in", "not in") } else { ("out", "still in") };
    let mut done = Vec::with_capacity(open.len());
    for attempt in 1..=ATTEMPTS {
        if open.is_empty() {
            break;
        }
        let mut sent = Vec::with_capacity(open.len());
        for batch in open.chunks(BATCH) {
            let ids: Vec<u64> = batch.iter().map(|(_, computer)| computer.0).collect();
            let answer = admin::change_computers(&writer.door, method.clone(), group, &ids).await;
            let reply = Sent::from(answer).reply().after(&earlier(attempt));
            sent.extend(batch.iter().map(|_| reply.clone()));
        }
        let after = admin::group_computers(&writer.door, group).await.map_err(|error| words(&error));
        let mut again = Vec::new();
        for ((step, computer), reply) in open.into_iter().zip(sent) {
            let outcome = match &after {
                Err(error) => reply.unread(error),
                Ok(after) if after.contains(&computer) == adds => reply.met(),
                Ok(_) if may_repeat(&reply, attempt) => {
                    again.push((step, computer));
                    continue;
                }
                Ok(_) => reply.unmet(format!("computer {} {asked}", computer.0), format!("it is {answered}")),
            };
            done.push((step, outcome));
        }
        open = again;
    }
    done
}

/// What was said before an attempt: only what was lost is tried again.
fn earlier(attempt: u8) -> Reply {
    if attempt > 1 { Reply::Lost("the answer was lost".to_owned()) } else { Reply::Accepted }
}

/// Whether a write of which nothing is to be seen may be sent again: its answer was lost, and sent twice it does no more than once.
const fn may_repeat(reply: &Reply, attempt: u8) -> bool {
    matches!(reply, Reply::Lost(_)) && attempt < ATTEMPTS
}

async fn list(writer: &Writer) -> Result<Vec<ListedGroup>, String> {
    admin::groups(&writer.door).await.map_err(|error| words(&error))
}

fn standing<'a>(writer: &Writer, listed: &'a [ListedGroup], group: GroupId) -> Option<&'a ListedGroup> {
    let id = writer.directory.group(GroupRef::Known(group))?;
    listed.iter().find(|listed| listed.id == id)
}

/// How many are in a group who were not when the plan was made.
async fn joined(writer: &Writer, group: GroupId, now: GroupId) -> Result<usize, String> {
    let Some(reviewed) = writer.directory.members(group) else { return Ok(0) };
    let members = match writer.users {
        Family::Scim => match scim::group_members(&writer.door, now).await {
            Ok(None) => return Err("SCIM does not show its members".to_owned()),
            Ok(Some(members)) => Ok(members),
            Err(error) => Err(error),
        },
        Family::Identity | Family::Admin | Family::Hrdc => identity::member_ids(&writer.door, now).await,
    };
    let members = members.map_err(|error| words(&error))?;
    Ok(members.iter().filter(|member| !reviewed.contains(member)).count())
}

fn drifted(listed: &ListedGroup) -> Outcome {
    let ListedGroup { id, name, type_name, .. } = listed;
    Outcome::Failed(format!("changed since the plan: group {} is now {name} ({type_name})", id.0))
}

fn unsent(error: &str) -> Outcome {
    Outcome::Failed(format!("not sent, the groups could not be read: {error}"))
}
