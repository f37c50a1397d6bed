//! Putting users into a group and taking them out: named one by one, and looked at before and after.

use std::collections::BTreeSet;

use crate::account::carry::{Kind, Open, all, before, carry_out};
use crate::account::docebo::wire::Group;
use crate::account::docebo::write;
use crate::account::docebo::writer::shared::Writer;
use crate::account::error::ReadError;
use crate::account::patience::Patience;
use crate::account::sent::words;
use crate::model::{Act, Family, GroupRef, Outcome, Step, StepId, UserId, UserRef};

/// Which way users go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// Users who go one way, into or out of one group.
struct Members<'a> {
    writer: &'a Writer,
    group: Group,
    way: Way,
    before: BTreeSet<UserId>,
}

pub(super) async fn perform(writer: &Writer, group: GroupRef, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let group = match found(writer, group).await {
        Ok(group) => group,
        Err(outcome) => return all(steps, || outcome.clone()),
    };
    let (mut way, mut open, mut done) = (Way::In, Vec::with_capacity(steps.len()), Vec::new());
    for step in steps {
        match step.act {
            Act::Join { user, .. } => {
                let known = match user {
                    UserRef::Known(id) => Some(id),
                    UserRef::New(change) => writer.news.user(change),
                };
                match known {
                    Some(user) => open.push(Open::new(step.id, user)),
                    None => done.push((step.id, Outcome::Failed("the user was not created".to_owned()))),
                }
            }
            Act::Leave { user, .. } => {
                way = Way::Out;
                open.push(Open::new(step.id, user));
            }
            _ => {}
        }
    }
    writer.news.moves(group.id, open.iter().map(|one| one.what));
    let look = || writer.by_hand_now(&group);
    match before(&writer.patience, Family::Learning, look).await {
        Err(error) => {
            let why = format!("not sent, the group could not be read: {}", words(&error));
            done.extend(open.iter().map(|one| (one.step, Outcome::Failed(why.clone()))));
        }
        Ok(before) => done.extend(carry_out(&Members { writer, group, way, before }, open).await),
    }
    done
}

/// The group, which must be populated as the plan has it.
async fn found(writer: &Writer, group: GroupRef) -> Result<Group, Outcome> {
    let mut known = writer.news.group(group);
    if known.is_none() {
        // Nothing was listed yet.
        let listed = before(&writer.patience, Family::Learning, || writer.groups_now()).await;
        let unread = |error| format!("not sent, the groups could not be read: {}", words(&error));
        listed.map_err(|error| Outcome::Failed(unread(error)))?;
        known = writer.news.group(group);
    }
    match known {
        Some(group) if writer.is_as_read(&group) => Ok(group),
        Some(group) => {
            let why = format!("changed since the plan: {} is populated otherwise now", group.name);
            Err(Outcome::Failed(why))
        }
        None if matches!(group, GroupRef::New(_)) => {
            Err(Outcome::Failed("the group was not created".to_owned()))
        }
        None => Err(Outcome::Failed("the group is gone".to_owned())),
    }
}

impl Kind for Members<'_> {
    type What = UserId;
    type View = BTreeSet<UserId>;
    const FAMILY: Family = Family::Learning;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<UserId>]) {
        let users: Vec<UserId> = batch.iter().map(|one| one.what).collect();
        let Writer { client, ways, .. } = self.writer;
        let reply = match self.way {
            Way::In => write::assign(client, ways, &self.group.uuid, &users).await,
            Way::Out => write::unassign(client, &self.group.uuid, &users).await,
        };
        for one in batch {
            one.hears(reply.clone(), None);
        }
    }

    async fn look(&self) -> Result<BTreeSet<UserId>, ReadError> {
        self.writer.by_hand_now(&self.group).await
    }

    fn holds(&self, user: &UserId, members: &BTreeSet<UserId>) -> bool {
        members.contains(user) == (self.way == Way::In)
    }

    fn besides(&self, members: &BTreeSet<UserId>) -> Option<String> {
        self.writer.moved_besides(self.group.id, &self.before, members)
    }

    fn words(&self, user: &UserId) -> (String, String) {
        let (asked, shown) = match self.way {
            Way::In => ("in the group", "not in the group"),
            Way::Out => ("out of the group", "still in the group"),
        };
        (format!("record {} {asked}", user.0), format!("record {} {shown}", user.0))
    }
}
