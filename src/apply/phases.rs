//! In which order do the steps go out, and which of them at once?

use std::collections::{BTreeSet, VecDeque};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::account::{Packet, Read, Write, pack};
use crate::apply::conduct::{Conduct, Event};
use crate::apply::halt::Halt;
use crate::apply::report::{Report, Stop};
use crate::apply::run::Run;
use crate::model::{Act, Outcome, Step, StepId, Topic, UserId};
use crate::plan::{Phase, Plan};

/// Carries a plan out.
///
/// The report has an outcome for every step, however the run ends.
pub async fn apply<A: Read + Write>(
    plan: &Plan,
    account: &A,
    conduct: &Conduct<'_>,
    halt: Halt,
    progress: impl FnMut(Event),
) -> Report {
    let outcomes = vec![None; plan.steps().count()];
    let mut told = halt.clone();
    let mut run = Run {
        account,
        conduct,
        reach: &plan.reach,
        halt,
        progress,
        outcomes,
        stopped: None,
        set: Vec::new(),
        altered: Vec::new(),
    };
    tokio::select! {
        biased;
        () = run.phases(&plan.phases) => {}
        // A write that still waits for its turn is not under way: it is not sent.
        // What was written is looked at once more, and waited for no longer.
        () = async { told.finish().await; account.stop(); account.hurry(); std::future::pending().await } => {}
    }
    let settled = plan.steps().zip(run.outcomes);
    Report {
        outcomes: settled
            .map(|(step, outcome)| (step.id, outcome.unwrap_or(Outcome::NotAttempted)))
            .collect(),
        stopped: run.stopped,
        sent: account.sent(),
        set: run.set,
        upload_note: conduct.memory.place(),
        awaited: None,
        altered: run.altered,
        late: account.late(),
    }
}

/// Whether a step may go out.
enum Gate {
    /// Something it needs has no outcome yet.
    Wait,
    /// All it needs holds.
    Open,
    /// It can't be tried, because of this step.
    Shut(StepId),
}

impl<A: Read + Write, P: FnMut(Event)> Run<'_, A, P> {
    async fn phases(&mut self, phases: &[Phase]) {
        for phase in phases {
            self.tell(Event::Phase(phase.kind));
            self.phase(&phase.steps).await;
        }
    }

    /// Carries the steps of a phase out, wave by wave: those that nothing keeps waiting go out together.
    async fn phase(&mut self, steps: &[Step]) {
        let mut left: Vec<&Step> = steps.iter().collect();
        while !left.is_empty() && !self.is_stopped() {
            let before = left.len();
            let (mut wave, mut waiting, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
            for step in left {
                match self.gate(step) {
                    Gate::Wait => waiting.push(step),
                    Gate::Open => wave.push(step.clone()),
                    Gate::Shut(cause) => skipped.push((step.id, Outcome::Skipped(cause))),
                }
            }
            self.settle(skipped, &[]);
            // Steps need earlier ones only; should some wait for one another all the same, they stay not attempted.
            if waiting.len() == before {
                return;
            }
            self.wave(wave).await;
            left = waiting;
        }
    }

    async fn wave(&mut self, steps: Vec<Step>) {
        let (alone, others): (Vec<Packet>, Vec<Packet>) =
            pack(steps, self.account.users()).into_iter().partition(|packet| packet.call.goes_alone());
        self.perform(others).await;
        for packet in alone {
            match &packet.steps[..] {
                // Where nothing shows users, no reading before or after it would tell more than its answer.
                [Step { id, act: Act::Upload(snapshot), .. }]
                    if !self.is_stopped() && self.reach.hidden(Topic::Users).is_none() =>
                {
                    let outcome = self.upload(&packet, snapshot).await;
                    self.settle(vec![(*id, outcome)], &[]);
                }
                _ => self.perform(vec![packet]).await,
            }
        }
    }

    /// Sends packets, as many at once as the conduct allows, until all are answered or the run has to end.
    async fn perform(&mut self, packets: Vec<Packet>) {
        let account = self.account;
        let mut halt = self.halt.clone();
        let mut queue = VecDeque::from(packets);
        let mut under_way = BTreeSet::new();
        let mut answers = FuturesUnordered::new();
        loop {
            while answers.len() < self.conduct.concurrency.get()
                && !self.is_stopped()
                && let Some(packet) = queue.pop_front()
                && self.is_noted(&packet)
            {
                under_way.extend(packet.steps.iter().map(|step| step.id));
                answers.push(async move {
                    let outcomes = account.perform(&packet).await;
                    (packet.requests(), made(account, &packet), outcomes)
                });
            }
            let answer = tokio::select! {
                biased;
                () = halt.leave() => None,
                answer = answers.next() => answer,
            };
            let Some((requests, made, outcomes)) = answer else { break };
            self.tell(Event::Sent(requests));
            for (step, _) in &outcomes {
                under_way.remove(step);
            }
            self.settle(outcomes, &made);
        }
        let abandoned = under_way.into_iter().map(|step| (step, self.abandoned())).collect();
        self.settle(abandoned, &[]);
    }

    fn gate(&self, step: &Step) -> Gate {
        for need in &step.needs {
            match self.outcomes.get(need.0 as usize).and_then(Option::as_ref) {
                None => return Gate::Wait,
                Some(outcome) if outcome.holds() => {}
                Some(Outcome::Skipped(cause)) => return Gate::Shut(*cause),
                Some(_) => return Gate::Shut(*need),
            }
        }
        Gate::Open
    }

    /// Takes what became of steps, and notes it.
    fn settle(&mut self, outcomes: Vec<(StepId, Outcome)>, made: &[(StepId, UserId)]) {
        if outcomes.is_empty() {
            return;
        }
        let noted = self.conduct.ledger.settled(&outcomes, made);
        for (step, outcome) in outcomes {
            if outcome.ends_the_run() {
                self.stop(Stop::Mismatched(step));
            }
            if let Some(slot) = self.outcomes.get_mut(step.0 as usize) {
                *slot = Some(outcome);
                (self.progress)(Event::Settled);
            }
        }
        self.go_on(noted);
    }
}

/// The records that a packet made.
fn made(account: &impl Write, packet: &Packet) -> Vec<(StepId, UserId)> {
    let creating = packet.steps.iter().filter(|step| matches!(step.act, Act::CreateUser(_)));
    creating.filter_map(|step| Some((step.id, account.made(step.change?)?))).collect()
}
