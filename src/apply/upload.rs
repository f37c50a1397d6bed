//! May the HR snapshot go out, and did it take effect?

use crate::account::{Packet, Read, Write};
use crate::apply::run::{Event, Run};
use crate::model::{HrGroup, Outcome, Snapshot, UserRef};

/// What the account shows of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The set that the file was built from.
    Before,
    /// The set that the file makes.
    After,
    /// Another set.
    Other,
}

impl<A: Read + Write, P: FnMut(Event)> Run<'_, A, P> {
    /// Uploads a snapshot if no earlier one is still to be seen and the account has the set it was built from; then waits until
    /// the account has the set it makes.
    pub(in crate::apply) async fn upload(&mut self, packet: &Packet, snapshot: &Snapshot) -> Outcome {
        let Some(after) = self.resolved_set(snapshot) else {
            return Outcome::Failed("a user of the file was not created; nothing was sent".into());
        };
        if let Err(outcome) = self.settle_earlier(&after).await {
            return outcome;
        }
        match self.account.hr_slice().await.map(|set| shown(&set, snapshot, &after)) {
            Ok(Shown::Before) => {}
            Ok(Shown::After) => return Outcome::AlreadyTrue,
            Ok(Shown::Other) => {
                return unsent("the account's HR groups are no longer those that the file was built from");
            }
            Err(error) => {
                return unsent(&format!("the HR groups could not be read right before the upload: {error}"));
            }
        }
        let memory = self.conduct.memory;
        if let Err(error) = memory.remember(&after) {
            return unsent(&format!("the upload can't be remembered for later runs: {error}"));
        }
        let outcome = match self.send(packet).await {
            unseen @ (Outcome::Pending | Outcome::Unknown(_)) => {
                if self.comes_to_show(&after).await {
                    Outcome::Applied
                } else {
                    return unseen;
                }
            }
            settled => settled,
        };
        self.forget();
        outcome
    }

    /// An upload of an earlier run comes first: a second file is never sent while one is unverified.
    async fn settle_earlier(&mut self, after: &[HrGroup]) -> Result<(), Outcome> {
        let earlier = match self.conduct.memory.unverified() {
            Ok(None) => return Ok(()),
            Ok(Some(earlier)) => earlier,
            Err(error) => {
                return Err(unsent(&format!("what an earlier run uploaded can't be read: {error}")));
            }
        };
        if self.comes_to_show(&earlier).await {
            self.forget();
            return Ok(());
        }
        Err(if earlier == after {
            Outcome::Unseen
        } else {
            unsent(
                "an earlier upload is not verified: the account does not show its set yet (if it was dropped, delete \
                 .rollcall/upload.json)",
            )
        })
    }

    fn forget(&self) {
        // Remembered in vain at worst: the next run looks once more, and finds the set there.
        if let Err(error) = self.conduct.memory.forget() {
            tracing::warn!(%error, "a verified upload can't be forgotten");
        }
    }

    /// Looks at the account until it shows a set; no if the time is up or the run has to end.
    async fn comes_to_show(&mut self, wanted: &[HrGroup]) -> bool {
        let mut polling = self.conduct.pace.poll(self.conduct.wait);
        loop {
            match self.account.hr_slice().await {
                Ok(set) if set == wanted => return true,
                Ok(_) => {}
                // While a file is being processed the account may contradict itself; the next look may not.
                Err(error) => tracing::debug!(%error, "the HR groups could not be read"),
            }
            tokio::select! {
                biased;
                () = self.halt.finish() => {
                    self.is_stopped();
                    return false;
                }
                time = polling.tick() => if time.is_none() { return false },
            }
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

fn shown(set: &[HrGroup], snapshot: &Snapshot, after: &[HrGroup]) -> Shown {
    if set == after {
        Shown::After
    } else if set == snapshot.before {
        Shown::Before
    } else {
        Shown::Other
    }
}

fn unsent(why: &str) -> Outcome {
    Outcome::Failed(format!("{why}; nothing was sent"))
}
