//! Runs against a scripted account.

mod order;
mod upload;

use std::io;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::{Conduct, Event, Halt, Ledger, NoMemory, Report, apply};
use crate::account::{Pace, Packet, Read, ReadError, Scope, Write};
use crate::model::{
    Act, AuditEntry, ChangeId, GroupId, GroupName, GroupSource, HrGroup, NewUser, Observed, ObservedGroup,
    ObservedUser, Outcome, Step, StepId, UserId, UserRef,
};
use crate::plan::{Phase, PhaseKind, Plan};

/// An account that answers as it was told to.
#[derive(Default)]
struct Scripted {
    /// Answers by step; any other step is applied.
    answers: Vec<(StepId, Outcome)>,
    /// Sets that successive looks at the HR groups show; the last one stays.
    sets: Mutex<Vec<Vec<HrGroup>>>,
    /// The groups that were not asked for, look by look.
    looks: Mutex<Vec<Vec<String>>>,
    /// Records as the run knows them.
    known: Vec<ObservedUser>,
    /// What reading the account again shows; an error if there is nothing.
    found: Option<Observed>,
    /// What it shows before that, from copies that are behind; the last one first.
    behind: Mutex<Vec<Observed>>,
    /// Steps that never get an answer.
    silent: Vec<StepId>,
    /// How many looks at the HR groups get an answer; all of them if nothing is said.
    answering: Option<usize>,
    /// Looks so far.
    looked: Mutex<usize>,
    /// Whether it was told to send no more writes.
    stopped: Mutex<bool>,
    /// Records that the run read again, and that are as they were.
    learnt: Mutex<Vec<UserId>>,
    /// What was sent, packet by packet.
    sent: Mutex<Vec<Vec<u32>>>,
}

impl Scripted {
    /// A reading that shows the last set of HR groups as well; users in it whom the run does not know are bare.
    fn with_hr_groups(&self, found: Observed) -> Observed {
        let Observed { mut users, .. } = found;
        let (mut groups, mut memberships) = (Vec::new(), Vec::new());
        for (id, group) in (900..).map(GroupId).zip(lock(&self.sets).last().into_iter().flatten()) {
            let name = group.name.clone();
            groups.push(ObservedGroup::new(id, name, GroupSource::Hr));
            for member in &group.members {
                let UserRef::Known(user) = *member else { continue };
                if !users.iter().chain(&self.known).any(|record| record.id == user) {
                    users.push(ObservedUser::new(user));
                }
                memberships.push((id, user));
            }
        }
        Observed::new(users, groups, &memberships, Vec::new(), Vec::new())
    }

    async fn look(&self) -> Vec<HrGroup> {
        *lock(&self.looked) += 1;
        if self.answering.is_some_and(|answering| *lock(&self.looked) > answering) {
            std::future::pending::<()>().await;
        }
        let mut sets = lock(&self.sets);
        if sets.len() > 1 { sets.remove(0) } else { sets.first().cloned().unwrap_or_default() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Read for Scripted {
    async fn observe(&self, _: &Scope) -> Result<Observed, ReadError> {
        if let Some(earlier) = lock(&self.behind).pop() {
            return Ok(self.with_hr_groups(earlier));
        }
        let found = self.found.clone().ok_or(ReadError::Interrupted)?;
        Ok(self.with_hr_groups(found))
    }

    async fn prove(&self, _: &Observed, _: &[GroupId]) -> Result<(), ReadError> {
        Ok(())
    }

    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        Ok(self.look().await)
    }

    async fn hr_groups_but(&self, names: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        lock(&self.looks).push(names.iter().map(ToString::to_string).collect());
        Ok(self.look().await.into_iter().filter(|group| !names.contains(&group.name)).collect())
    }

    async fn audit_log(&self, _: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        Ok(Vec::new())
    }
}

impl Write for Scripted {
    async fn perform(&self, packet: &Packet) -> Vec<(StepId, Outcome)> {
        lock(&self.sent).push(packet.steps.iter().map(|step| step.id.0).collect());
        if packet.steps.iter().any(|step| self.silent.contains(&step.id)) {
            std::future::pending::<()>().await;
        }
        let answer = |step: &Step| {
            let told = self.answers.iter().find(|answer| answer.0 == step.id);
            (step.id, told.map_or(Outcome::Applied, |answer| answer.1.clone()))
        };
        packet.steps.iter().map(answer).collect()
    }

    fn stop(&self) {
        *lock(&self.stopped) = true;
    }

    fn learn(&self, record: &ObservedUser) {
        lock(&self.learnt).push(record.id);
    }

    fn sent(&self) -> usize {
        lock(&self.sent).len()
    }

    fn made(&self, change: ChangeId) -> Option<UserId> {
        Some(UserId(1000 + u64::from(change.0)))
    }

    fn record(&self, user: UserId) -> Option<ObservedUser> {
        self.known.iter().find(|record| record.id == user).cloned()
    }
}

fn plan(phases: Vec<(PhaseKind, Vec<Step>)>) -> Plan {
    let phases = phases.into_iter().map(|(kind, steps)| Phase { kind, steps }).collect();
    Plan { phases, ..crate::plan::sample::empty() }
}

fn step(id: u32, act: Act, needs: &[u32]) -> Step {
    let needs = needs.iter().copied().map(StepId).collect();
    Step { id: StepId(id), change: Some(ChangeId(id)), act, needs }
}

fn create(id: u32) -> Step {
    let user = NewUser { display_name: None, identifiers: Vec::new(), tracking: None };
    step(id, Act::CreateUser(user), &[])
}

fn conduct(concurrency: usize) -> Conduct<'static> {
    Conduct {
        pace: Pace::real().scaled(0.001),
        wait: Duration::from_millis(400),
        settle: Duration::from_secs(1),
        more: Duration::ZERO,
        read_back: Duration::from_secs(5),
        concurrency: NonZeroUsize::new(concurrency).unwrap_or(NonZeroUsize::MIN),
        ledger: &Unkept,
        memory: &NoMemory,
    }
}

/// Keeps nothing.
#[derive(Debug)]
struct Unkept;

impl Ledger for Unkept {
    fn sending(&self, _: &Packet) -> io::Result<()> {
        Ok(())
    }

    fn settled(&self, _: &[(StepId, Outcome)], _: &[(StepId, UserId)]) -> io::Result<()> {
        Ok(())
    }
}

async fn run(plan: &Plan, account: &Scripted) -> Report {
    let (_halter, halt) = Halt::new();
    apply(plan, account, &conduct(8), halt, |_: Event| {}).await
}

fn outcomes(report: &Report) -> Vec<Outcome> {
    report.outcomes.iter().map(|outcome| outcome.1.clone()).collect()
}
