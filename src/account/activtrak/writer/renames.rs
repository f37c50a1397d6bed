//! Renaming app groups: the list is read before and after, and so is who and what is in them.

use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::directory::Thing;
use crate::account::activtrak::writer::groups::{drifted, standing};
use crate::account::activtrak::writer::shape::Shape;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::activtrak::writer::{collateral, moving};
use crate::account::carry::{ATTEMPTS, all, before, judged};
use crate::account::error::ReadError;
use crate::account::group_steps::unsent;
use crate::account::patience::{Due, after_failure, due};
use crate::account::sent::{Reply, Sent, words};
use crate::model::{Act, Family, GroupId, GroupName, Outcome, Step, StepId};

/// A group that is to have another name.
struct Renamed<'a> {
    step: StepId,
    /// By what number the plan has it.
    group: GroupId,
    listed: &'a ListedGroup,
    to: &'a GroupName,
    /// Who and what was in it right before.
    before: Shape,
    reply: Reply,
    /// What is due as long as the list does not show it.
    due: Due,
}

pub(super) async fn rename(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match before(&writer.patience, Family::Admin, || writer.groups_now()).await {
        Ok(before) => before,
        Err(error) => return all(steps, || unsent(&words(&error))),
    };
    let mut done = Vec::with_capacity(steps.len());
    let mut open = still_called(writer, steps, &before, &mut done).await;
    writer.directory.takes(open.iter().map(|one| Thing::Group(one.listed.parent)));
    for attempt in 1..=ATTEMPTS {
        if open.is_empty() {
            break;
        }
        for one in &mut open {
            let said = admin::rename_group(&writer.client, one.listed.id, one.to.as_written()).await;
            let (said, earlier) = (Sent::from(said).reply(), one.reply.clone());
            one.due = due(&said, &earlier);
            one.reply = said.after(&earlier);
        }
        let after = seen(writer, &open).await;
        let mut besides = after.as_ref().ok().and_then(|after| collateral::of_groups(writer, &before, after));
        let mut again = Vec::new();
        for one in open {
            let asked = format!("name {}", one.to);
            let reply = one.reply.clone();
            let outcome = match after.as_ref().map(|after| one.now(after)) {
                Err(error) => reply.unread(&words(error)),
                Ok(Some(now)) if *now.name == *one.to.as_written() => {
                    writer.directory.renumbered(one.group, now.id);
                    let besides = if reply == Reply::Accepted { besides.take() } else { None };
                    one.judged(writer, reply.met(), now.id, besides).await
                }
                Ok(Some(now)) if now.name == one.listed.name => {
                    if matches!(reply, Reply::Lost(_)) && attempt < ATTEMPTS {
                        again.push(one);
                        continue;
                    }
                    writer.unseen(reply, asked, format!("name {}", now.name))
                }
                Ok(Some(now)) => reply.unmet(asked, format!("name {}", now.name)),
                Ok(None) => reply.unmet(asked, "no such group"),
            };
            done.push((one.step, outcome));
        }
        open = again;
    }
    done
}

/// The groups once all go by their new names, or nothing more is due.
async fn seen(writer: &Writer, open: &[Renamed<'_>]) -> Result<Vec<ListedGroup>, ReadError> {
    let most = || open.iter().map(|one| one.due).max().unwrap_or(Due::Nothing);
    let is_old = |one: &&Renamed<'_>, after: &[ListedGroup]| {
        one.now(after).is_none_or(|now| now.name == one.listed.name && *now.name != *one.to.as_written())
    };
    let judge = |shown: &Result<Vec<ListedGroup>, ReadError>| match shown {
        Ok(after) => {
            let old = open.iter().filter(|one| is_old(one, after));
            old.map(|one| one.due).max().unwrap_or(Due::Nothing)
        }
        Err(error) => after_failure(error, most()),
    };
    writer.patience.look(Family::Admin, || writer.groups_now(), judge).await
}

/// The groups that still go by the name that was reviewed; what becomes of the others.
async fn still_called<'a>(
    writer: &Writer,
    steps: &'a [Step],
    before: &'a [ListedGroup],
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Renamed<'a>> {
    let mut open = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::RenameGroup { group, from, to, .. } = &step.act else { continue };
        let outcome = match standing(writer, before, *group) {
            None => Outcome::Failed("the group is gone".to_owned()),
            Some(listed) if *listed.name == *to.as_written() => Outcome::AlreadyTrue,
            // As the model has names: how the account spells one (NFD, outer blanks) is no change.
            Some(listed) if GroupName::observed(&listed.name) != *from => drifted(listed),
            Some(listed) => match before_of(writer, listed.id).await {
                Ok(before) => {
                    let (reply, due) = (Reply::Accepted, Due::Surely);
                    open.push(Renamed { step: step.id, group: *group, listed, to, before, reply, due });
                    continue;
                }
                Err(error) => moving::unsent(&error),
            },
        };
        done.push((step.id, outcome));
    }
    open
}

impl Renamed<'_> {
    /// The group as it is listed now. Renaming may give it another number; the parent's stays.
    fn now<'a>(&self, after: &'a [ListedGroup]) -> Option<&'a ListedGroup> {
        after.iter().find(|now| now.parent == self.listed.parent)
    }

    /// What became of a rename that the list shows, by who and what is in the group.
    async fn judged(&self, writer: &Writer, met: Outcome, id: GroupId, besides: Option<String>) -> Outcome {
        // Members come from another API, whose copy may be further behind.
        let judge = |shown: &Result<Shape, ReadError>| match shown {
            Ok(now) if self.before.lost(writer, self.group, now).is_some() => Due::Maybe,
            Ok(_) => Due::Nothing,
            Err(error) => after_failure(error, Due::Surely),
        };
        match writer.patience.look(writer.users, || writer.shape_now(id), judge).await {
            Ok(now) => {
                let besides = collateral::both(besides, self.before.lost(writer, self.group, &now));
                judged(met, format!("name {}", self.to), besides)
            }
            Err(error) => {
                let error = words(&error);
                Outcome::Unknown(format!("renamed, but who is in it could not be read back: {error}"))
            }
        }
    }
}

/// Who and what is in a group right before it is renamed.
async fn before_of(writer: &Writer, group: GroupId) -> Result<Shape, ReadError> {
    before(&writer.patience, Family::Admin, || writer.shape_now(group)).await
}
