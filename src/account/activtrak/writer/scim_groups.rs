//! Creating, renaming, filling and emptying the identity provider's groups by SCIM: only by POST and PATCH, and each group is
//! read again afterwards.

use std::collections::BTreeSet;

use crate::account::activtrak::admin::APP;
use crate::account::activtrak::scim::{self, Operations, ScimGroup};
use crate::account::activtrak::sent::{Reply, Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer, all};
use crate::account::pack::BATCH;
use crate::model::{Act, GroupId, GroupName, GroupRef, Outcome, Step, StepId, UserId, UserRef};

pub(super) async fn create(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        if let Act::CreateGroup(_, name) = &step.act {
            done.push((step.id, create_one(writer, step, name).await));
        }
    }
    done
}

async fn create_one(writer: &Writer, step: &Step, name: &GroupName) -> Outcome {
    let mut last = Reply::Accepted;
    for _ in 0..ATTEMPTS {
        last = Sent::from(scim::create_group(&writer.door, name).await).reply().after(&last);
        let groups = match scim::groups(&writer.door).await {
            Ok(groups) => groups,
            Err(error) => return last.unread(&words(&error)),
        };
        match groups.iter().find(|group| GroupName::observed(&group.name) == *name) {
            Some(group) if group.kind != Some(APP) && *group.name == *name.said() => {
                writer.directory.made_group(step.change, group.id);
                return last.met();
            }
            Some(group) => return Outcome::Failed(format!("the name is taken by group {}", group.id.0)),
            None if matches!(last, Reply::Lost(_)) => {}
            None => break,
        }
    }
    last.unmet(format!("group {name}"), "no such group")
}

pub(super) async fn rename(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        if let Act::RenameGroup { group, from, to, .. } = &step.act {
            done.push((step.id, rename_one(writer, *group, from, to).await));
        }
    }
    done
}

async fn rename_one(writer: &Writer, group: GroupId, from: &GroupName, to: &GroupName) -> Outcome {
    let mut last: Option<Reply> = None;
    for left in (0..=ATTEMPTS).rev() {
        let now = match (scim::group(&writer.door, group).await, last.clone()) {
            (Ok(Some(now)), reply) if *now.name == *to.said() => {
                return reply.map_or(Outcome::AlreadyTrue, |reply| reply.met());
            }
            (Ok(Some(now)), Some(reply)) if left == 0 || !matches!(reply, Reply::Lost(_)) => {
                return reply.unmet(format!("name {to}"), format!("name {}", now.name));
            }
            (Ok(Some(now)), _) => now,
            (Ok(None), _) => return Outcome::Failed("the group is gone".to_owned()),
            (Err(error), Some(reply)) => return reply.unread(&words(&error)),
            (Err(error), None) => {
                let error = words(&error);
                return Outcome::Failed(format!("not sent, the group could not be read: {error}"));
            }
        };
        if GroupName::observed(&now.name) != *from || now.kind == Some(APP) {
            let ScimGroup { id, name, .. } = now;
            return Outcome::Failed(format!("changed since the plan: group {} is now {name}", id.0));
        }
        let sent = scim::patch_group(&writer.door, group, &Operations::rename(to)).await;
        last = Some(Sent::from(sent).reply().after(last.as_ref().unwrap_or(&Reply::Accepted)));
    }
    Outcome::Unknown("given up".to_owned())
}

/// Which way members go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// A step that is not settled yet.
#[derive(Debug)]
struct Open {
    step: StepId,
    user: UserId,
    reply: Reply,
}

pub(super) async fn members(writer: &Writer, group: GroupRef, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let Some(group) = writer.directory.group(group) else {
        return all(steps, || Outcome::Failed("the group was not created".to_owned()));
    };
    let mut done = Vec::with_capacity(steps.len());
    let mut open = Vec::with_capacity(steps.len());
    let mut way = Way::In;
    for step in steps {
        let user = match &step.act {
            Act::Join { user, .. } => *user,
            Act::Leave { user, .. } => {
                way = Way::Out;
                UserRef::Known(*user)
            }
            _ => continue,
        };
        match writer.directory.user(user) {
            Some(user) => open.push(Open { step: step.id, user, reply: Reply::Accepted }),
            None => done.push((step.id, Outcome::Failed("the user was not created".to_owned()))),
        }
    }
    for attempt in 1..=ATTEMPTS {
        if open.is_empty() {
            break;
        }
        for batch in open.chunks_mut(BATCH) {
            send(writer, group, way, batch).await;
        }
        let members = match held(writer, group).await {
            Ok(members) => members,
            Err(reason) => {
                done.extend(open.into_iter().map(|one| (one.step, one.reply.unread(&reason))));
                return done;
            }
        };
        let mut again = Vec::new();
        for one in open {
            if members.contains(&one.user) == (way == Way::In) {
                done.push((one.step, one.reply.met()));
            } else if attempt < ATTEMPTS && matches!(one.reply, Reply::Lost(_)) {
                again.push(one);
            } else {
                done.push(one.unmet(way));
            }
        }
        open = again;
    }
    done
}

/// Sends one PATCH; its answer is the answer to each of its users.
async fn send(writer: &Writer, group: GroupId, way: Way, batch: &mut [Open]) {
    let users: Vec<UserId> = batch.iter().map(|one| one.user).collect();
    let operations = match way {
        Way::In => Operations::join(&users),
        Way::Out => Operations::leave(&users),
    };
    let _lane = writer.lanes.take(users).await;
    let reply = Sent::from(scim::patch_group(&writer.door, group, &operations).await).reply();
    for one in batch {
        one.reply = reply.clone().after(&one.reply);
    }
}

/// Who is in a group now.
async fn held(writer: &Writer, group: GroupId) -> Result<BTreeSet<UserId>, String> {
    match scim::group(&writer.door, group).await {
        Ok(Some(ScimGroup { members: Some(members), .. })) => Ok(members.into_iter().collect()),
        Ok(Some(_)) => Err("the group does not say who is in it".to_owned()),
        Ok(None) => Err("the group is gone".to_owned()),
        Err(error) => Err(words(&error)),
    }
}

impl Open {
    /// What became of a step whose user is not where they should be.
    fn unmet(self, way: Way) -> (StepId, Outcome) {
        let (asked, answered) = match way {
            Way::In => ("in the group", "not in the group"),
            Way::Out => ("out of the group", "still in the group"),
        };
        let user = self.user.0;
        (self.step, self.reply.unmet(format!("record {user} {asked}"), format!("record {user} {answered}")))
    }
}
