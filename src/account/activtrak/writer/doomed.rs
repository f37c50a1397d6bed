//! Deleting app groups: the list is read before and after, and nobody may have joined since the plan.

use futures_util::{StreamExt, stream};

use crate::account::activtrak::admin::{self, ListedGroup};
use crate::account::activtrak::directory::Thing;
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::groups::{drifted, standing};
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{ATTEMPTS, Kind, Open, all, before, carry_out};
use crate::account::error::ReadError;
use crate::account::group_steps::{self, unsent};
use crate::account::paging::AT_ONCE;
use crate::account::patience::Patience;
use crate::account::sent::{Reply, Sent, words};
use crate::model::{Act, Family, GroupId, GroupName, Outcome, Step, StepId};

/// Groups that are to go, and the list as it was right before.
struct Doomed<'a> {
    writer: &'a Writer,
    before: &'a [ListedGroup],
}

pub(super) async fn delete(writer: &Writer, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let before = match before(&writer.patience, Family::Admin, || writer.groups_now()).await {
        Ok(before) => before,
        Err(error) => return all(steps, || unsent(&words(&error))),
    };
    let mut done = Vec::with_capacity(steps.len());
    let reviewed = reviewed(writer, steps, &before, &mut done);
    let open = unjoined(writer, reviewed, &mut done).await;
    writer.directory.takes(open.iter().map(|one| Thing::Group(one.what.listed.parent)));
    done.extend(carry_out(&Doomed { writer, before: &before }, open).await);
    done
}

impl<'a> Kind for Doomed<'a> {
    type What = OneDoomed<'a>;
    type View = Vec<ListedGroup>;
    const FAMILY: Family = Family::Admin;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<OneDoomed<'a>>]) {
        let parents: Vec<u64> = batch.iter().map(|one| one.what.listed.parent.0).collect();
        let sent = Sent::from(admin::delete_groups(&self.writer.client, &parents).await);
        for one in batch {
            one.hears(sent.reply(), None);
        }
    }

    async fn look(&self) -> Result<Vec<ListedGroup>, ReadError> {
        self.writer.groups_now().await
    }

    fn holds(&self, one: &OneDoomed<'a>, listed: &Vec<ListedGroup>) -> bool {
        one.now(listed).is_none()
    }

    fn besides(&self, listed: &Vec<ListedGroup>) -> Option<String> {
        collateral::of_groups(self.writer, self.before, listed)
    }

    fn words(&self, one: &OneDoomed<'a>) -> (String, String) {
        (format!("group {} deleted", one.listed.name), "it is still there".to_owned())
    }

    /// Sent again only as long as it goes by the name that was reviewed, and nobody has joined.
    async fn unmet(
        &self,
        one: Open<OneDoomed<'a>>,
        attempt: u8,
        listed: &Vec<ListedGroup>,
    ) -> Result<Outcome, Open<OneDoomed<'a>>> {
        match one.what.now(listed) {
            Some(now) if now.name != one.what.listed.name || now.is_read_only() => Ok(drifted(now)),
            _ if attempt < ATTEMPTS && matches!(one.reply, Reply::Lost(_)) => {
                let mut done = Vec::new();
                let step = one.step;
                match unjoined(self.writer, vec![one], &mut done).await.pop() {
                    Some(one) => Err(one),
                    None => Ok(done
                        .into_iter()
                        .find(|(settled, _)| *settled == step)
                        .map_or(Outcome::NotAttempted, |(_, outcome)| outcome)),
                }
            }
            _ => {
                let (asked, shown) = self.words(&one.what);
                Ok(self.writer.unseen(one.reply, asked, shown))
            }
        }
    }
}

/// A group that is to be deleted.
#[derive(Debug, Clone, Copy)]
struct OneDoomed<'a> {
    /// By what number the plan has it.
    group: GroupId,
    /// As it is listed.
    listed: &'a ListedGroup,
}

impl OneDoomed<'_> {
    fn now<'a>(&self, listed: &'a [ListedGroup]) -> Option<&'a ListedGroup> {
        listed.iter().find(|now| now.parent == self.listed.parent)
    }
}

/// The groups to delete that go by the name that was reviewed; what becomes of the others.
fn reviewed<'a>(
    writer: &Writer,
    steps: &[Step],
    before: &'a [ListedGroup],
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Open<OneDoomed<'a>>> {
    let mut open = Vec::with_capacity(steps.len());
    for step in steps {
        let Act::DeleteGroup { group, name } = &step.act else { continue };
        match standing(writer, before, *group) {
            None => done.push((step.id, Outcome::AlreadyTrue)),
            // Never by number alone: the name must be the one that was reviewed, and the source the app.
            Some(listed) if GroupName::observed(&listed.name) != *name || listed.is_read_only() => {
                done.push((step.id, drifted(listed)));
            }
            Some(listed) => open.push(Open::new(step.id, OneDoomed { group: *group, listed })),
        }
    }
    open
}

/// Those of them that nobody has joined whom nobody reviewed: deletions come last, and an upload before them, or a lost answer, may
/// take its time.
async fn unjoined<'a>(
    writer: &Writer,
    doomed: Vec<Open<OneDoomed<'a>>>,
    done: &mut Vec<(StepId, Outcome)>,
) -> Vec<Open<OneDoomed<'a>>> {
    let numbers: Vec<_> = doomed.iter().map(|one| (one.what.group, one.what.listed.id)).collect();
    let joined: Vec<_> = stream::iter(numbers)
        .map(|(group, now)| joined(writer, group, now))
        .buffered(AT_ONCE)
        .collect()
        .await;
    group_steps::unjoined(doomed, joined, done)
}

/// How many are in a group who were not when the plan was made.
async fn joined(writer: &Writer, group: GroupId, now: GroupId) -> Result<usize, String> {
    let Some(reviewed) = writer.directory.members(group) else { return Ok(0) };
    match writer.members_now(now).await {
        Ok(Some(members)) => Ok(members.difference(&reviewed).count()),
        Ok(None) => Err("SCIM does not show its members".to_owned()),
        Err(error) => Err(words(&error)),
    }
}
