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
    /// Uploads a snapshot if the account still has the set it was built from, and waits until it has the set it makes.
    pub(in crate::apply) async fn upload(&mut self, packet: &Packet, snapshot: &Snapshot) -> Outcome {
        match self.account.hr_slice().await.map(|set| self.shown(&set, snapshot)) {
            Ok(Shown::Before) => {}
            Ok(Shown::After) => return Outcome::AlreadyTrue,
            Ok(Shown::Other) => {
                let why = "the account's HR groups are no longer those that the file was built from; nothing was sent";
                return Outcome::Failed(why.into());
            }
            Err(error) => {
                return Outcome::Failed(format!(
                    "the HR groups could not be read right before the upload; nothing was sent: {error}"
                ));
            }
        }
        let outcome = self.send(packet).await;
        match outcome {
            Outcome::Pending | Outcome::Unknown(_) => self.watch(snapshot, outcome).await,
            settled => settled,
        }
    }

    /// Looks at the account until it shows the set, the time is up, or the run has to end; then `unseen` stands.
    async fn watch(&mut self, snapshot: &Snapshot, unseen: Outcome) -> Outcome {
        let mut polling = self.conduct.pace.poll(self.conduct.wait);
        loop {
            match self.account.hr_slice().await {
                Ok(set) if self.shown(&set, snapshot) == Shown::After => return Outcome::Applied,
                Ok(_) => {}
                // While a file is being processed the account may contradict itself; the next look may not.
                Err(error) => tracing::debug!(%error, "the HR groups could not be read"),
            }
            tokio::select! {
                biased;
                () = self.halt.finish() => {
                    self.is_stopped();
                    return unseen;
                }
                time = polling.tick() => if time.is_none() { return unseen },
            }
        }
    }

    fn shown(&self, set: &[HrGroup], snapshot: &Snapshot) -> Shown {
        let after: Option<Vec<HrGroup>> = snapshot.after.iter().map(|group| self.resolved(group)).collect();
        if after.is_some_and(|after| after == set) {
            Shown::After
        } else if snapshot.before == set {
            Shown::Before
        } else {
            Shown::Other
        }
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
