//! What does a run have at hand: the account, what it was told, and what is noted of it.

use std::io;

use crate::account::{Packet, Read, Write};
use crate::apply::conduct::{Conduct, Event};
use crate::apply::halt::Halt;
use crate::apply::report::{Altered, Stop};
use crate::apply::set::{GroupShown, shown};
use crate::model::{HrGroup, Outcome, Reach, UserLabel};

/// A run under way.
pub(in crate::apply) struct Run<'a, A, P> {
    pub(in crate::apply) account: &'a A,
    pub(in crate::apply) conduct: &'a Conduct<'a>,
    /// What the keys show of the account.
    pub(in crate::apply) reach: &'a Reach,
    pub(in crate::apply) halt: Halt,
    pub(in crate::apply) progress: P,
    /// By the number of the step; none yet where it is still to come.
    pub(in crate::apply) outcomes: Vec<Option<Outcome>>,
    pub(in crate::apply) stopped: Option<Stop>,
    /// What the account shows of a set that was sent, where that is not all of it.
    pub(in crate::apply) set: Vec<GroupShown>,
    /// What an upload altered that it should not.
    pub(in crate::apply) altered: Vec<Altered>,
}

impl<A: Read + Write, P: FnMut(Event)> Run<'_, A, P> {
    /// Sends a packet of one step.
    pub(in crate::apply) async fn send(&mut self, packet: &Packet) -> Outcome {
        if !self.is_noted(packet) {
            return Outcome::NotAttempted;
        }
        tokio::select! {
            biased;
            () = self.halt.leave() => self.abandoned(),
            outcomes = self.account.perform(packet) => {
                (self.progress)(Event::Sent(packet.requests()));
                outcomes.into_iter().next().map_or(Outcome::NotAttempted, |(_, outcome)| outcome)
            }
        }
    }

    /// What is known of a write whose answer is not waited for.
    pub(in crate::apply) fn abandoned(&mut self) -> Outcome {
        self.stopped = self.stopped.or(self.halt.reason());
        Outcome::Unknown("the run was stopped before the answer came".into())
    }

    /// Whether nothing more may be started; remembers why.
    pub(in crate::apply) fn is_stopped(&mut self) -> bool {
        self.stopped = self.stopped.or(self.halt.reason());
        self.stopped.is_some()
    }

    pub(in crate::apply) fn tell(&mut self, event: Event) {
        (self.progress)(event);
    }

    /// Notes that a packet goes out; one that can't be noted does not, and ends the run.
    pub(in crate::apply) fn is_noted(&mut self, packet: &Packet) -> bool {
        let noted = self.conduct.ledger.sending(packet);
        self.go_on(noted)
    }

    /// Keeps what is seen of a set for the report.
    pub(in crate::apply) fn show(&mut self, wanted: &[HrGroup], seen: &[HrGroup]) {
        let account = self.account;
        let nameless = |id| UserLabel { name: None, display_id: None, record: Some(id) };
        self.set = shown(wanted, seen, |id| {
            account.record(id).map_or_else(|| nameless(id), |record| UserLabel::of(&record))
        });
    }

    /// Whether the run may go on after something was to be noted.
    pub(in crate::apply) fn go_on(&mut self, noted: io::Result<()>) -> bool {
        if let Err(error) = noted {
            tracing::warn!(%error, "the ledger can't be written");
            self.stop(Stop::Unnoted);
            return false;
        }
        true
    }

    /// Starts nothing more, for a reason of its own: writes that wait for their turn are not sent either.
    pub(in crate::apply) fn stop(&mut self, why: Stop) {
        self.stopped.get_or_insert(why);
        self.account.stop();
    }
}
