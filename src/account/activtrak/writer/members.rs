//! Putting users into a group and taking them out: requests of 50, and a listing of the group's members before and after them.

use std::collections::BTreeSet;

use crate::account::activtrak::identity::{self, Target};
use crate::account::activtrak::writer::collateral;
use crate::account::activtrak::writer::moving::{Movers, Way};
use crate::account::activtrak::writer::shared::Writer;
use crate::account::carry::{ATTEMPTS, Kind, Open, before};
use crate::account::error::ReadError;
use crate::account::patience::{Due, Patience, after_failure};
use crate::account::sent::{Reply, Sent};
use crate::http::Method;
use crate::model::{Family, GroupId, GroupRef, ObservedUser, Outcome, Step, StepId, UserId};

/// A user who goes that way.
#[derive(Debug)]
struct Mover {
    user: UserId,
    /// What was sent, if this user alone was refused: the revision may have been stale.
    refused: Option<Target>,
    /// What was sent, if the answer was lost: the revision may have gone on.
    lost: Option<Target>,
}

/// Users who go one way, into or out of one group.
struct Members<'a> {
    writer: &'a Writer,
    group: GroupId,
    way: Way,
    before: BTreeSet<UserId>,
}

pub(super) async fn perform(writer: &Writer, group: GroupRef, steps: &[Step]) -> Vec<(StepId, Outcome)> {
    let movers = match Movers::of(writer, group, steps) {
        Ok(movers) => movers,
        Err(done) => return done,
    };
    writer.directory.regroups(movers.users.iter().map(|(_, user)| *user));
    let look = || listed(writer, movers.group);
    match before(&writer.patience, Family::Identity, look).await {
        Err(error) => movers.unsent(&error),
        Ok(before) => {
            let kind = Members { writer, group: movers.group, way: movers.way, before };
            movers.go(&kind, |user| Mover { user, refused: None, lost: None }).await
        }
    }
}

async fn listed(writer: &Writer, group: GroupId) -> Result<BTreeSet<UserId>, ReadError> {
    Ok(identity::member_ids(&writer.client, group).await?.into_iter().collect())
}

impl Kind for Members<'_> {
    type What = Mover;
    type View = BTreeSet<UserId>;
    const FAMILY: Family = Family::Identity;

    fn patience(&self) -> &Patience {
        &self.writer.patience
    }

    async fn send(&self, batch: &mut [Open<Mover>]) {
        let writer = self.writer;
        let _lane = writer.record_locks.take(batch.iter().map(|one| one.what.user).collect()).await;
        let targets: Vec<Target> = batch.iter().map(|one| writer.directory.target(one.what.user)).collect();
        let method = match self.way {
            Way::In => Method::POST,
            Way::Out => Method::DELETE,
        };
        let sent = identity::change_members(&writer.client, method, self.group, &targets).await;
        let sent = Sent::from(sent);
        let mut accepted = Vec::with_capacity(targets.len());
        for (one, target) in batch.iter_mut().zip(targets) {
            let refusal = match &sent {
                Sent::Accepted(refusals) => refusals.iter().find(|refusal| refusal.0 == one.what.user),
                Sent::Refused { .. } | Sent::Unknown(_) => None,
            };
            one.hears(sent.reply(), refusal.map(|(_, reason)| reason.clone()));
            one.what.refused = refusal.map(|_| target);
            one.what.lost = matches!(one.reply, Reply::Lost(_)).then_some(target);
            accepted.extend((one.reply == Reply::Accepted).then_some(target));
        }
        writer.directory.predict(&accepted);
    }

    async fn look(&self) -> Result<BTreeSet<UserId>, ReadError> {
        listed(self.writer, self.group).await
    }

    fn holds(&self, mover: &Mover, members: &BTreeSet<UserId>) -> bool {
        self.way.holds(mover.user, members)
    }

    fn besides(&self, members: &BTreeSet<UserId>) -> Option<String> {
        collateral::of_members(self.writer, self.group, Some(&self.before), Some(members))
    }

    fn words(&self, mover: &Mover) -> (String, String) {
        self.way.words_of(mover.user)
    }

    fn met(&self, one: &Open<Mover>, _: &BTreeSet<UserId>) -> Outcome {
        self.writer.directory.predict(one.what.lost.as_slice());
        one.reply.met()
    }

    async fn unmet(
        &self,
        one: Open<Mover>,
        attempt: u8,
        _: &BTreeSet<UserId>,
    ) -> Result<Outcome, Open<Mover>> {
        if attempt < ATTEMPTS && matches!(one.reply, Reply::Lost(_)) {
            return Err(one);
        }
        if let Some(sent) = one.what.refused {
            match newer(self.writer, sent).await {
                Ok(Some(record)) if attempt < ATTEMPTS && record.revision != sent.revision() => {
                    return Err(one);
                }
                Ok(None) => return Ok(Outcome::Failed("the record is gone".to_owned())),
                Ok(Some(_)) | Err(_) => {}
            }
        }
        let (asked, shown) = self.words(&one.what);
        Ok(self.writer.unseen(one.reply, asked, shown))
    }
}

/// The record of somebody who was refused, which may have gone on since it was seen.
async fn newer(writer: &Writer, sent: Target) -> Result<Option<ObservedUser>, ReadError> {
    let judge = |shown: &Result<Option<ObservedUser>, ReadError>| match shown {
        Ok(Some(record)) if record.revision > sent.revision() => Due::Nothing,
        Ok(_) => Due::Maybe,
        Err(error) => after_failure(error, Due::Maybe),
    };
    writer.patience.look(Family::Identity, || writer.record_now(sent.id()), judge).await
}
