//! Runs against a scripted account: order, skipping, stopping, and the snapshot's gate.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Conduct, Ending, Event, Halt, Memory, NoMemory, Report, Stop, apply};
use crate::account::{Pace, Packet, Read, ReadError, Scope, Write};
use crate::model::{
    Act, ChangeId, GroupId, GroupName, HrGroup, NewUser, Observed, Outcome, Snapshot, Step, StepId, Tracking,
    UserId, UserRef,
};
use crate::plan::{Phase, PhaseKind, Plan};

/// An account that answers as it was told to.
#[derive(Default)]
struct Scripted {
    /// Answers by step; any other step is applied.
    answers: Vec<(StepId, Outcome)>,
    /// Sets that successive looks at the HR groups show; the last one stays.
    sets: Mutex<Vec<Vec<HrGroup>>>,
    /// Steps that never get an answer.
    silent: Vec<StepId>,
    /// What was sent, packet by packet.
    sent: Mutex<Vec<Vec<u32>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Read for Scripted {
    async fn observe(&self, _: &Scope) -> Result<Observed, ReadError> {
        Ok(Observed::default())
    }

    async fn prove(&self, _: &Observed, _: &[GroupId]) -> Result<(), ReadError> {
        Ok(())
    }

    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        let mut sets = lock(&self.sets);
        Ok(if sets.len() > 1 { sets.remove(0) } else { sets.first().cloned().unwrap_or_default() })
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

    fn made(&self, change: ChangeId) -> Option<UserId> {
        Some(UserId(1000 + u64::from(change.0)))
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

fn track(id: u32, needs: &[u32]) -> Step {
    step(id, Act::Track { user: UserId(u64::from(id)), to: Tracking::Untracked }, needs)
}

fn set(members: &[UserRef]) -> Vec<HrGroup> {
    let name = GroupName::observed("Paris");
    vec![HrGroup { name, members: members.to_vec() }]
}

/// A plan that uploads a set with a new user, then deletes a group.
fn upload(needs: &[u32]) -> Plan {
    let snapshot = Snapshot {
        csv: Arc::from(&b"x"[..]),
        sha256: [0; 32],
        before: set(&[UserRef::Known(UserId(7))]),
        after: set(&[UserRef::Known(UserId(7)), UserRef::New(ChangeId(0))]),
    };
    let deletion = Act::DeleteGroup { group: GroupId(3), name: GroupName::observed("Old") };
    plan(vec![
        (PhaseKind::Users, vec![create(0)]),
        (PhaseKind::Snapshot, vec![step(1, Act::Upload(Arc::new(snapshot)), needs)]),
        (PhaseKind::Deletions, vec![step(2, deletion, &[1])]),
    ])
}

fn made() -> Vec<HrGroup> {
    set(&[UserRef::Known(UserId(7)), UserRef::Known(UserId(1000))])
}

fn before() -> Vec<HrGroup> {
    set(&[UserRef::Known(UserId(7))])
}

fn conduct(concurrency: usize) -> Conduct<'static> {
    Conduct {
        pace: Pace::real().scaled(0.001),
        wait: Duration::from_millis(30),
        concurrency: NonZeroUsize::new(concurrency).unwrap_or(NonZeroUsize::MIN),
        memory: &NoMemory,
    }
}

async fn run(plan: &Plan, account: &Scripted) -> Report {
    let (_halter, halt) = Halt::new();
    apply(plan, account, &conduct(8), halt, |_: Event| {}).await
}

fn outcomes(report: &Report) -> Vec<Outcome> {
    report.outcomes.iter().map(|outcome| outcome.1.clone()).collect()
}

#[tokio::test]
async fn a_refused_step_skips_what_needs_it_by_its_first_cause_and_the_rest_goes_on() {
    let refused = Outcome::Failed("name taken".into());
    let account = Scripted { answers: vec![(StepId(0), refused.clone())], ..Scripted::default() };
    let steps = vec![track(0, &[]), track(1, &[0]), track(2, &[1]), track(3, &[])];
    let report = run(&plan(vec![(PhaseKind::Tracking, steps)]), &account).await;
    let skipped = Outcome::Skipped(StepId(0));
    assert_eq!(outcomes(&report), [refused, skipped.clone(), skipped, Outcome::Applied]);
    assert_eq!(report.ending(), Ending::Unfinished);
    assert_eq!(*lock(&account.sent), [[0, 3]], "what is skipped is not sent");
}

#[tokio::test]
async fn a_step_goes_out_only_after_what_it_needs_was_answered() {
    let account = Scripted::default();
    let steps = vec![track(0, &[]), track(1, &[0]), track(2, &[])];
    let report = run(&plan(vec![(PhaseKind::Tracking, steps)]), &account).await;
    assert_eq!(*lock(&account.sent), [vec![0, 2], vec![1]]);
    assert_eq!((report.ending(), report.sent), (Ending::Done, 2));
}

#[tokio::test]
async fn a_write_that_does_not_read_back_ends_the_whole_run() {
    let mismatch = Outcome::Mismatched { asked: "untracked".into(), answered: "tracked".into() };
    let account = Scripted { answers: vec![(StepId(0), mismatch.clone())], ..Scripted::default() };
    let phases = vec![(PhaseKind::Users, vec![create(0)]), (PhaseKind::Tracking, vec![track(1, &[])])];
    let report = run(&plan(phases), &account).await;
    assert_eq!(outcomes(&report), [mismatch, Outcome::NotAttempted]);
    assert_eq!(report.stopped, Some(Stop::Mismatched(StepId(0))));
}

#[tokio::test]
async fn a_run_that_is_told_to_end_starts_nothing_more() {
    let account = Scripted::default();
    let (halter, halt) = Halt::new();
    let phases = vec![(PhaseKind::Users, vec![create(0), create(1)])];
    let told = |event| {
        if event == Event::Settled {
            halter.tell(Stop::Terminated);
        }
    };
    let report = apply(&plan(phases), &account, &conduct(1), halt, told).await;
    assert_eq!(outcomes(&report), [Outcome::Applied, Outcome::NotAttempted]);
    assert_eq!(report.stopped, Some(Stop::Terminated));
}

#[tokio::test]
async fn a_run_that_is_told_twice_waits_for_nothing_and_says_what_it_does_not_know() {
    let account = Scripted { silent: vec![StepId(0)], ..Scripted::default() };
    let (halter, halt) = Halt::new();
    let phases = plan(vec![(PhaseKind::Users, vec![create(0), create(1)])]);
    let one_at_a_time = conduct(1);
    let running = apply(&phases, &account, &one_at_a_time, halt, |_| {});
    let signals = async {
        tokio::task::yield_now().await;
        halter.tell(Stop::Interrupted);
        halter.tell(Stop::Interrupted);
        std::future::pending::<()>().await;
    };
    let report = tokio::select! {
        biased;
        report = running => report,
        () = signals => unreachable!("signals never end"),
    };
    assert!(matches!(report.outcomes[0].1, Outcome::Unknown(_)), "{report:?}");
    assert_eq!(report.outcomes[1].1, Outcome::NotAttempted);
    assert_eq!(report.stopped, Some(Stop::Interrupted));
}

#[tokio::test]
async fn a_snapshot_is_applied_once_the_account_shows_it_with_the_users_that_the_run_made() {
    let account = Scripted {
        answers: vec![(StepId(1), Outcome::Pending)],
        sets: Mutex::new(vec![before(), before(), Vec::new(), made()]),
        ..Scripted::default()
    };
    let report = run(&upload(&[0]), &account).await;
    assert_eq!(outcomes(&report), [Outcome::Applied, Outcome::Applied, Outcome::Applied]);
}

#[tokio::test]
async fn a_snapshot_that_is_not_seen_in_time_is_pending_and_deletions_wait_for_it() {
    let account = Scripted {
        answers: vec![(StepId(1), Outcome::Pending)],
        sets: Mutex::new(vec![before()]),
        ..Scripted::default()
    };
    let report = run(&upload(&[0]), &account).await;
    assert_eq!(outcomes(&report), [Outcome::Applied, Outcome::Pending, Outcome::Skipped(StepId(1))]);
    assert_eq!(report.ending(), Ending::Pending);
}

#[tokio::test]
async fn a_snapshot_is_not_sent_over_a_set_that_somebody_else_changed() {
    let account = Scripted { sets: Mutex::new(vec![Vec::new()]), ..Scripted::default() };
    let report = run(&upload(&[0]), &account).await;
    assert!(matches!(&report.outcomes[1].1, Outcome::Failed(why) if why.contains("nothing was sent")));
    assert_eq!(*lock(&account.sent), [[0]]);
}

#[tokio::test]
async fn a_snapshot_is_not_sent_when_a_user_it_needs_was_refused() {
    let refused = Outcome::Failed("no".into());
    let account = Scripted {
        answers: vec![(StepId(0), refused)],
        sets: Mutex::new(vec![before()]),
        ..Scripted::default()
    };
    let report = run(&upload(&[0]), &account).await;
    assert_eq!(report.outcomes[1].1, Outcome::Skipped(StepId(0)));
    assert_eq!(*lock(&account.sent), [[0]]);
}

#[tokio::test]
async fn a_snapshot_whose_set_is_there_already_is_not_sent() {
    let account = Scripted { sets: Mutex::new(vec![made()]), ..Scripted::default() };
    let report = run(&upload(&[0]), &account).await;
    assert_eq!(report.outcomes[1].1, Outcome::AlreadyTrue);
    assert_eq!(*lock(&account.sent), [[0], [2]]);
}

/// A memory that holds a set, or none, and can be told to refuse.
#[derive(Debug, Default)]
struct Remembered {
    set: Mutex<Option<Vec<HrGroup>>>,
    full: bool,
}

impl Memory for Remembered {
    fn unverified(&self) -> std::io::Result<Option<Vec<HrGroup>>> {
        Ok(lock(&self.set).clone())
    }

    fn remember(&self, set: &[HrGroup]) -> std::io::Result<()> {
        if self.full {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        *lock(&self.set) = Some(set.to_vec());
        Ok(())
    }

    fn forget(&self) -> std::io::Result<()> {
        *lock(&self.set) = None;
        Ok(())
    }
}

async fn run_with(memory: &Remembered, account: &Scripted) -> Report {
    let (_halter, halt) = Halt::new();
    let conduct = Conduct { memory, ..conduct(8) };
    apply(&upload(&[0]), account, &conduct, halt, |_: Event| {}).await
}

#[tokio::test]
async fn an_upload_is_remembered_until_it_is_seen() {
    let pending = || vec![(StepId(1), Outcome::Pending)];
    let memory = Remembered::default();
    let account = Scripted { answers: pending(), sets: Mutex::new(vec![before()]), ..Scripted::default() };
    run_with(&memory, &account).await;
    assert_eq!(*lock(&memory.set), Some(made()));
    let account = Scripted { answers: pending(), sets: Mutex::new(vec![before()]), ..Scripted::default() };
    let report = run_with(&memory, &account).await;
    assert_eq!(report.outcomes[1].1, Outcome::Unseen);
    assert_eq!(report.ending(), Ending::Pending);
    assert_eq!(*lock(&account.sent), [[0]], "the file is not sent a second time");
    let account = Scripted { sets: Mutex::new(vec![before(), made()]), ..Scripted::default() };
    assert_eq!(run_with(&memory, &account).await.outcomes[1].1, Outcome::AlreadyTrue);
    assert_eq!(*lock(&memory.set), None);
}

#[tokio::test]
async fn another_file_is_not_sent_while_an_earlier_one_is_unverified() {
    let memory = Remembered { set: Mutex::new(Some(set(&[UserRef::Known(UserId(8))]))), full: false };
    let account = Scripted { sets: Mutex::new(vec![before()]), ..Scripted::default() };
    let report = run_with(&memory, &account).await;
    assert!(matches!(&report.outcomes[1].1, Outcome::Failed(why) if why.contains("nothing was sent")));
    assert_eq!(*lock(&account.sent), [[0]]);
}

#[tokio::test]
async fn an_upload_that_can_not_be_remembered_is_not_sent() {
    let memory = Remembered { full: true, ..Remembered::default() };
    let account = Scripted { sets: Mutex::new(vec![before()]), ..Scripted::default() };
    let report = run_with(&memory, &account).await;
    assert!(matches!(&report.outcomes[1].1, Outcome::Failed(why) if why.contains("nothing was sent")));
    assert_eq!(*lock(&account.sent), [[0]]);
}
