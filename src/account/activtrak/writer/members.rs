//! Putting users into a group and taking them out: requests of 50, then one listing of the group's members.

use std::collections::BTreeSet;

use crate::account::activtrak::identity::{self, Target};
use crate::account::activtrak::sent::{Refusal, Reply, Sent, words};
use crate::account::activtrak::writer::{ATTEMPTS, Writer, all};
use crate::account::pack::BATCH;
use crate::http::Method;
use crate::model::{Act, GroupId, GroupRef, Outcome, Step, StepId, UserId, UserRef};

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
    /// What was sent, if this user alone was refused: the revision may have been stale.
    refused: Option<Target>,
    /// What was sent, if the answer was lost: the revision may have gone on.
    lost: Option<Target>,
}

pub(super) async fn perform(writer: &Writer, group: GroupRef, steps: &[Step]) -> Vec<(StepId, Outcome)> {
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
            Some(user) => {
                let reply = Reply::Accepted;
                open.push(Open { step: step.id, user, reply, refused: None, lost: None });
            }
            None => done.push((step.id, Outcome::Failed("the user was not created".to_owned()))),
        }
    }
    writer.directory.regroups(open.iter().map(|one| one.user));
    for attempt in 1..=ATTEMPTS {
        for batch in open.chunks_mut(BATCH) {
            send(writer, group, way, batch).await;
        }
        let members: BTreeSet<UserId> = match identity::member_ids(&writer.door, group).await {
            Ok(members) => members.into_iter().collect(),
            Err(error) => {
                let reason = words(&error);
                done.extend(open.into_iter().map(|one| (one.step, one.reply.unread(&reason))));
                return done;
            }
        };
        let mut again = Vec::new();
        for one in open {
            if members.contains(&one.user) == (way == Way::In) {
                writer.directory.predict(one.lost.as_slice());
                done.push((one.step, one.reply.met()));
            } else {
                match one.unmet(writer, way, attempt).await {
                    Ok(outcome) => done.push(outcome),
                    Err(one) => again.push(one),
                }
            }
        }
        open = again;
        if open.is_empty() {
            break;
        }
    }
    done
}

/// Sends one request and notes who was not accepted.
async fn send(writer: &Writer, group: GroupId, way: Way, batch: &mut [Open]) {
    let _lane = writer.lanes.take(batch.iter().map(|one| one.user).collect()).await;
    let targets: Vec<Target> = batch.iter().map(|one| writer.directory.target(one.user)).collect();
    let method = match way {
        Way::In => Method::POST,
        Way::Out => Method::DELETE,
    };
    let sent = Sent::from(identity::change_members(&writer.door, method, group, &targets).await);
    let mut accepted = Vec::with_capacity(targets.len());
    for (one, target) in batch.iter_mut().zip(targets) {
        let refusal = match &sent {
            Sent::Accepted(refusals) => refusals.iter().find(|refusal| refusal.0 == one.user),
            Sent::Refused { .. } | Sent::Unknown(_) => None,
        };
        one.reply = refusal.map_or_else(
            || sent.reply().after(&one.reply),
            |(_, reason)| Reply::Refused(Refusal::Said(reason.clone())),
        );
        one.refused = refusal.map(|_| target);
        one.lost = matches!(one.reply, Reply::Lost(_)).then_some(target);
        accepted.extend((one.reply == Reply::Accepted).then_some(target));
    }
    writer.directory.predict(&accepted);
}

impl Open {
    /// What became of a step whose user is not where they should be; itself again if it is to be sent again.
    async fn unmet(self, writer: &Writer, way: Way, attempt: u8) -> Result<(StepId, Outcome), Self> {
        if attempt < ATTEMPTS && matches!(self.reply, Reply::Lost(_)) {
            return Err(self);
        }
        if let Some(sent) = self.refused {
            match identity::record(&writer.door, self.user).await {
                Ok(Some(record)) if attempt < ATTEMPTS && record.revision != sent.revision() => {
                    writer.directory.learn(&record);
                    return Err(self);
                }
                Ok(None) => return Ok((self.step, Outcome::Failed("the record is gone".to_owned()))),
                Ok(Some(_)) | Err(_) => {}
            }
        }
        let (asked, answered) = match way {
            Way::In => ("in the group", "not in the group"),
            Way::Out => ("out of the group", "still in the group"),
        };
        let user = self.user.0;
        Ok((
            self.step,
            self.reply.unmet(format!("record {user} {asked}"), format!("record {user} {answered}")),
        ))
    }
}
