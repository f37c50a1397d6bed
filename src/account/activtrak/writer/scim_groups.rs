//! Creating, renaming, filling and emptying the identity provider's groups by SCIM: only by POST and PATCH, and each group is
//! read again afterwards.

use std::collections::BTreeSet;

use crate::account::activtrak::admin::APP;
use crate::account::activtrak::scim::{self, Operations, ScimGroup};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::moving::{Movers, Way};
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{ATTEMPTS, Kind, Open, before, judged};
use crate::account::error::{ReadError, Unproved};
use crate::account::group_steps::taken;
use crate::account::patience::{Due, Patience, after_failure, due};
use crate::account::sent::{Reply, Sent, words};
use crate::model::{Act, Family, GroupId, GroupName, GroupRef, NewGroup, Outcome, Step, StepId, UserId};

pub(super) async fn create(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        if let Act::CreateGroup(_, NewGroup { name, .. }) = &step.act {
            done.push((step.id, create_one(writer, step, name).await));
        }
    }
    done
}

async fn create_one(writer: &Writer, step: &Step, name: &GroupName) -> Outcome {
    let is_it = |group: &&ScimGroup| GroupName::observed(&group.name) == *name;
    let mut last = Reply::Accepted;
    for _ in 0..ATTEMPTS {
        let said = Sent::from(scim::create_group(&writer.client, name).await).reply();
        let due = due(&said, &last);
        last = said.after(&last);
        let judge = |shown: &Result<Vec<ScimGroup>, ReadError>| match shown {
            Ok(groups) if groups.iter().any(|group| is_it(&group)) => Due::Nothing,
            Ok(_) => due,
            Err(error) => after_failure(error, due),
        };
        let groups = match writer.patience.look(Family::Scim, || scim::groups(&writer.client), judge).await {
            Ok(groups) => groups,
            Err(error) => return last.unread(&words(&error)),
        };
        match groups.iter().find(is_it) {
            Some(group) if group.kind != Some(APP) && *group.name == *name.as_written() => {
                writer.directory.made_group(step.change, group.id);
                return last.met();
            }
            Some(group) => return taken(group.id),
            None if matches!(last, Reply::Lost(_)) => {}
            None => break,
        }
    }
    writer.unseen(last, format!("group {name}"), "no such group")
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
    let mut before = match group_now(writer, group, |_| Due::Nothing, Due::Maybe).await {
        Ok(Some(group)) => group,
        Ok(None) => return Outcome::Failed("the group is gone".to_owned()),
        Err(error) => {
            let error = words(&error);
            return Outcome::Failed(format!("not sent, the group could not be read: {error}"));
        }
    };
    for left in (1..=ATTEMPTS).rev() {
        if *before.name == *to.as_written() {
            return last.map_or(Outcome::AlreadyTrue, |reply| reply.met());
        }
        if GroupName::observed(&before.name) != *from || before.kind == Some(APP) {
            let ScimGroup { id, name, .. } = before;
            return Outcome::Failed(format!("changed since the plan: group {} is now {name}", id.0));
        }
        let earlier = last.take().unwrap_or(Reply::Accepted);
        let said =
            Sent::from(scim::patch_group(&writer.client, group, &Operations::rename(to)).await).reply();
        let due = due(&said, &earlier);
        let reply = said.after(&earlier);
        let is_due = |now: &ScimGroup| if now.name == before.name { due } else { Due::Nothing };
        let after = match group_now(writer, group, is_due, due).await {
            Ok(Some(after)) => after,
            Ok(None) => return Outcome::Failed("the group is gone".to_owned()),
            Err(error) => return reply.unread(&words(&error)),
        };
        if *after.name == *to.as_written() {
            let (before, after) = (members_of(&before), members_of(&after));
            let besides = collateral::of_members(writer, group, before.as_ref(), after.as_ref());
            return judged(reply.met(), format!("name {to}"), besides);
        }
        if left == 1 || !matches!(reply, Reply::Lost(_)) {
            return writer.unseen(reply, format!("name {to}"), format!("name {}", after.name));
        }
        (last, before) = (Some(reply), after);
    }
    Outcome::Unknown("given up".to_owned())
}

/// A group as it is, looked at as long as something of it is due; `absent` is due where it is not there.
async fn group_now(
    writer: &Writer,
    group: GroupId,
    due: impl Fn(&ScimGroup) -> Due,
    absent: Due,
) -> Result<Option<ScimGroup>, ReadError> {
    let judge = |shown: &Result<Option<ScimGroup>, ReadError>| match shown {
        Ok(Some(group)) => due(group),
        Ok(None) => absent,
        Err(error) => after_failure(error, absent),
    };
    writer.patience.look(Family::Scim, || scim::group(&writer.client, group), judge).await
}

fn members_of(group: &ScimGroup) -> Option<BTreeSet<UserId>> {
    group.members.as_ref().map(|members| members.iter().copied().collect())
}

/// Users who go one way, into or out of one group.
struct Members<'a> {
    writer: &'a Writer,
    group: GroupId,
    way: Way,
    before: Option<BTreeSet<UserId>>,
}

pub(super) async fn members(writer: &Writer, group: GroupRef, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let movers = match Movers::of(writer, group, steps) {
        Ok(movers) => movers,
        Err(done) => return done,
    };
    let look = || scim::group(&writer.client, movers.group);
    match before(&writer.patience, Family::Scim, look).await {
        Err(error) => movers.unsent(&error),
        Ok(before) => {
            let before = before.as_ref().and_then(members_of);
            let kind = Members { writer, group: movers.group, way: movers.way, before };
            movers.go(&kind, |user| user).await
        }
    }
}

impl Kind for Members<'_> {
    type What = UserId;
    type View = BTreeSet<UserId>;
    const FAMILY: Family = Family::Scim;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<UserId>]) {
        let users: Vec<UserId> = batch.iter().map(|one| one.what).collect();
        let operations = match self.way {
            Way::In => Operations::join(&users),
            Way::Out => Operations::leave(&users),
        };
        let _lane = self.writer.record_locks.take(users).await;
        let sent = Sent::from(scim::patch_group(&self.writer.client, self.group, &operations).await);
        for one in batch {
            one.hears(sent.reply(), None);
        }
    }

    /// The group without its members is one that can't be told anything by.
    async fn look(&self) -> Result<BTreeSet<UserId>, ReadError> {
        let group = scim::group(&self.writer.client, self.group).await?;
        let unproved = || Unproved::NoMembers { group: self.group.0 };
        Ok(group.as_ref().and_then(members_of).ok_or_else(unproved)?)
    }

    fn holds(&self, user: &UserId, members: &BTreeSet<UserId>) -> bool {
        self.way.holds(*user, members)
    }

    fn besides(&self, members: &BTreeSet<UserId>) -> Option<String> {
        collateral::of_members(self.writer, self.group, self.before.as_ref(), Some(members))
    }

    fn words(&self, user: &UserId) -> (String, String) {
        self.way.words_of(*user)
    }
}
