//! May the HR snapshot go out, and did it take effect?

use std::io;

use crate::account::{Packet, Read, ReadError, Write};
use crate::apply::conduct::{Doubt, Event};
use crate::apply::memory::{Earlier, Memory};
use crate::apply::run::Run;
use crate::apply::set::{agreeing, another_upload, differing, unexplained, with_look};
use crate::model::{GroupName, HrGroup, Outcome, Snapshot, UserRef};

/// Whether others may upload to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Company {
    /// It is this run's own.
    Alone,
    /// They may.
    Others,
}

/// What the account shows instead of a set.
struct Unshown {
    seen: Vec<HrGroup>,
    /// The groups that are neither as they were nor on the way to what they are to be; none where it is only not there yet.
    unexplained: Vec<GroupName>,
}

impl<A: Read + Write, P: FnMut(Event)> Run<'_, A, P> {
    /// Uploads a snapshot if no earlier one is still to be seen and the account has the set it was built from; then waits until
    /// the account has the set it makes, and looks at its users again.
    pub(in crate::apply) async fn upload(&mut self, packet: &Packet, snapshot: &Snapshot) -> Outcome {
        let Some(after) = self.resolved_set(snapshot) else {
            return Outcome::Failed("a user of the file was not created; nothing was sent".into());
        };
        let company = match self.may_go_out(snapshot, &after).await {
            Ok(company) => company,
            Err(outcome) => return outcome,
        };
        if self.is_stopped() {
            return Outcome::NotAttempted;
        }
        if let Err(error) = self.conduct.memory.sent(&after) {
            return unsent(&format!("the upload can't be remembered for later runs: {error}"));
        }
        self.tell(Event::Uploading);
        let unseen = match self.send(packet).await {
            unseen @ (Outcome::Pending | Outcome::Unknown(_)) => unseen,
            settled => {
                self.note(|memory| memory.forget());
                return settled;
            }
        };
        match self.comes_to_show(&after, snapshot.before.clone()).await {
            Ok(()) => {
                self.note(|memory| memory.verified(&after));
                if company == Company::Others {
                    self.linger().await;
                }
                self.users_stand(&snapshot.before, &after).await
            }
            Err(Unshown { seen, unexplained }) => {
                self.show(&after, &seen);
                if unexplained.is_empty() { unseen } else { another_upload(&unexplained) }
            }
        }
    }

    /// Whether a snapshot may be sent: nothing that was sent before is still to be seen, and the account has the set that the
    /// file was built from.
    async fn may_go_out(&mut self, snapshot: &Snapshot, after: &[HrGroup]) -> Result<Company, Outcome> {
        let mut company = Company::Others;
        let doubt = match self.conduct.memory.earlier() {
            Err(error) => {
                return Err(unsent(&format!("what an earlier run uploaded can't be read: {error}")));
            }
            Ok(Earlier::Unknown) => Some(Doubt::NoMemory),
            Ok(Earlier::None) => {
                company = Company::Alone;
                None
            }
            Ok(Earlier::Unverified(earlier)) => {
                self.settle_earlier(&earlier, after).await?;
                None
            }
            Ok(Earlier::Verified(left)) => (left != snapshot.before).then_some(Doubt::NotAsLeft),
        };
        let set = self.whole_set().await?;
        if set == after {
            return Err(Outcome::AlreadyTrue);
        }
        if set != snapshot.before {
            return Err(unsent("the account's HR groups are no longer those that the file was built from"));
        }
        if let Some(doubt) = doubt {
            self.stands_still(&set, after, doubt).await?;
        }
        Ok(company)
    }

    /// Waits once more after an upload was seen: one that somebody else sent meanwhile comes about later.
    async fn linger(&mut self) {
        let (time, more) = (self.conduct.settle, self.conduct.more);
        self.tell(Event::Lingering(time));
        tokio::select! {
            biased;
            () = self.halt.finish() => {}
            () = self.conduct.pace.settle(time + more) => {}
        }
    }

    /// An upload of an earlier run comes first: a second file is never sent while one is unverified.
    async fn settle_earlier(&mut self, earlier: &[HrGroup], after: &[HrGroup]) -> Result<(), Outcome> {
        let set = self.whole_set().await?;
        let Err(Unshown { seen, .. }) = self.comes_to_show(earlier, set).await else {
            self.note(|memory| memory.verified(earlier));
            return Ok(());
        };
        if earlier == after {
            self.show(earlier, &seen);
            return Err(Outcome::Unseen);
        }
        Err(unsent(&format!(
            "an earlier upload is not verified: the account does not show its set yet (if it was dropped, or others changed these \
             groups since, delete {})",
            self.conduct.memory.place()
        )))
    }

    /// Where nothing says that no other upload is being processed, the set has to stand still for a while. One that becomes what the
    /// file says meanwhile, as by an upload whose answer was an error, needs no other.
    async fn stands_still(
        &mut self,
        set: &[HrGroup],
        after: &[HrGroup],
        doubt: Doubt,
    ) -> Result<(), Outcome> {
        let (time, more) = (self.conduct.settle, self.conduct.more);
        self.tell(Event::Settling(doubt, time));
        tokio::select! {
            biased;
            () = self.halt.finish() => {
                self.is_stopped();
                return Err(Outcome::NotAttempted);
            }
            () = self.conduct.pace.settle(time + more) => {}
        }
        let now = self.whole_set().await?;
        if now == set {
            return Ok(());
        }
        if now == after {
            return Err(Outcome::AlreadyTrue);
        }
        Err(unsent("the HR groups are changing: another upload is probably being processed"))
    }

    /// Every HR group, right before an upload; whoever is told to end starts none, and needs no reading for it.
    async fn whole_set(&mut self) -> Result<Vec<HrGroup>, Outcome> {
        let unread =
            |error| unsent(&format!("the HR groups could not be read right before the upload: {error}"));
        let account = self.account;
        tokio::select! {
            biased;
            () = self.halt.finish() => {
                self.is_stopped();
                Err(Outcome::NotAttempted)
            }
            set = account.hr_slice() => set.map_err(unread),
        }
    }

    /// Looks at the account until it shows a set; what it shows instead if the time is up, the run has to end, or what is seen twice
    /// is neither of the set before nor of the one that is to come.
    ///
    /// Groups that were as they are to be, when last seen, are not looked at; once they all are, the whole set is read.
    async fn comes_to_show(&mut self, wanted: &[HrGroup], before: Vec<HrGroup>) -> Result<(), Unshown> {
        let mut polling = self.conduct.pace.poll(self.conduct.wait);
        let mut seen = before.clone();
        let mut strange = Vec::new();
        let waiting = |seen| Unshown { seen, unexplained: Vec::new() };
        loop {
            let (account, last) = (self.account, seen.clone());
            seen = tokio::select! {
                biased;
                () = self.halt.leave() => {
                    self.is_stopped();
                    return Err(waiting(seen));
                }
                look = look(account, wanted, last) => look,
            };
            if seen == wanted {
                return Ok(());
            }
            let unexplained = unexplained([&before, wanted], &seen);
            if !unexplained.is_empty() && unexplained == strange {
                return Err(Unshown { seen, unexplained });
            }
            strange = unexplained;
            tokio::select! {
                biased;
                () = self.halt.finish() => {
                    self.is_stopped();
                    return Err(waiting(seen));
                }
                time = polling.tick() => if time.is_none() { return Err(waiting(seen)) },
            }
        }
    }

    fn note(&self, note: impl FnOnce(&dyn Memory) -> io::Result<()>) {
        // Noted in vain at worst: the next run looks once more, and finds the set there.
        if let Err(error) = note(self.conduct.memory) {
            tracing::warn!(%error, "what became of an upload can't be noted");
        }
    }

    /// The set that a snapshot makes, with the records that this run made; none if one of them was not made.
    fn resolved_set(&self, snapshot: &Snapshot) -> Option<Vec<HrGroup>> {
        snapshot.after.iter().map(|group| self.resolved(group)).collect()
    }

    /// The group with the records that this run made in the place of those to be made; none if one was not made.
    fn resolved(&self, group: &HrGroup) -> Option<HrGroup> {
        let record = |member: &UserRef| match *member {
            UserRef::Known(_) => Some(*member),
            UserRef::New(change) => self.account.made(change).map(UserRef::Known),
        };
        let mut members = group.members.iter().map(record).collect::<Option<Vec<UserRef>>>()?;
        members.sort_unstable();
        Some(HrGroup { name: group.name.clone(), members })
    }
}

/// What was seen of a set, with the groups that were not as they are to be as they are now; once they all are so, every group as it
/// is now. While a file is being processed the account may contradict itself; the next look may not.
async fn look(account: &impl Read, wanted: &[HrGroup], seen: Vec<HrGroup>) -> Vec<HrGroup> {
    let names = agreeing(wanted, &seen);
    let look = async {
        let look = with_look(seen.clone(), &names, account.hr_groups_but(&names).await?);
        if differing(wanted, &look).is_empty() { account.hr_slice().await } else { Ok(look) }
    };
    look.await.unwrap_or_else(|error: ReadError| {
        tracing::debug!(%error, "the HR groups could not be read");
        seen
    })
}

fn unsent(why: &str) -> Outcome {
    Outcome::Failed(format!("{why}; nothing was sent"))
}
