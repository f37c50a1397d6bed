//! Creating app groups, and what all who write them share: the list is read before and after.

use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{Kind, Open, all, before, carry_out};
use crate::account::error::ReadError;
use crate::account::group_steps::{taken, unsent};
use crate::account::patience::Patience;
use crate::account::sent::{Sent, words};
use crate::model::{Act, ChangeId, Family, GroupId, GroupName, GroupRef, Outcome, Step, StepId};

/// New groups, and the list as it was right before.
struct NewGroups<'a> {
    writer: &'a Writer,
    before: Vec<ListedGroup>,
}

pub(super) async fn create(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match before(&writer.patience, Family::Admin, || writer.groups_now()).await {
        Ok(before) => before,
        Err(error) => return all(steps, || unsent(&words(&error))),
    };
    let open = steps.iter().filter_map(|step| match &step.act {
        Act::CreateGroup(_, new) => Some(Open::new(step.id, (step.change, &new.name))),
        _ => None,
    });
    carry_out(&NewGroups { writer, before }, open.collect()).await
}

impl<'a> Kind for NewGroups<'a> {
    type What = (Option<ChangeId>, &'a GroupName);
    type View = Vec<ListedGroup>;
    const FAMILY: Family = Family::Admin;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<Self::What>]) {
        let names: Vec<&str> = batch.iter().map(|one| one.what.1.as_written()).collect();
        let sent = Sent::from(admin::create_groups(&self.writer.client, &names).await);
        for one in batch {
            one.hears(sent.reply(), None);
        }
    }

    async fn look(&self) -> Result<Vec<ListedGroup>, ReadError> {
        self.writer.groups_now().await
    }

    fn holds(&self, (_, name): &Self::What, listed: &Vec<ListedGroup>) -> bool {
        called(listed, name).is_some()
    }

    fn besides(&self, listed: &Vec<ListedGroup>) -> Option<String> {
        collateral::of_groups(self.writer, &self.before, listed)
    }

    fn words(&self, (_, name): &Self::What) -> (String, String) {
        (format!("group {name}"), "no such group".to_owned())
    }

    /// One that was there before, and was renamed since, is not made by this run.
    fn met(&self, one: &Open<Self::What>, listed: &Vec<ListedGroup>) -> Outcome {
        let (change, name) = one.what;
        match called(listed, name) {
            Some(group)
                if !group.is_read_only()
                    && *group.name == *name.as_written()
                    && !self.writer.directory.was_there(group.id) =>
            {
                self.writer.directory.made_group(change, group.id);
                one.reply.met()
            }
            Some(group) => taken(group.id),
            None => one.reply.clone().unmet(format!("group {name}"), "no such group"),
        }
    }
}

fn called<'a>(listed: &'a [ListedGroup], name: &GroupName) -> Option<&'a ListedGroup> {
    listed.iter().find(|group| GroupName::observed(&group.name) == *name)
}

pub(super) fn standing<'a>(
    writer: &Writer,
    listed: &'a [ListedGroup],
    group: GroupId,
) -> Option<&'a ListedGroup> {
    let id = writer.directory.group(GroupRef::Known(group))?;
    listed.iter().find(|listed| listed.id == id)
}

pub(super) fn drifted(listed: &ListedGroup) -> Outcome {
    let ListedGroup { id, name, type_name, .. } = listed;
    Outcome::Failed(format!("changed since the plan: group {} is now {name} ({type_name})", id.0))
}
