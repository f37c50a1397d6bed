//! In which order steps go out, which are skipped, and how a run stops.

use std::io;
use std::sync::Mutex;

use super::{Scripted, apply, conduct, create, lock, outcomes, plan, run, step};
use crate::account::Packet;
use crate::apply::{Conduct, Ending, Event, Forecast, Halt, Ledger, Stop};
use crate::model::{Act, Family, Outcome, Step, StepId, Tracking, UserId};
use crate::plan::PhaseKind;

fn track(id: u32, needs: &[u32]) -> Step {
    step(id, Act::Track { user: UserId(u64::from(id)), to: Tracking::Untracked }, needs)
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
async fn progress_counts_the_requests_of_the_forecast() {
    let phases = vec![
        (PhaseKind::Users, vec![create(0), create(1)]),
        (PhaseKind::Tracking, (2..60).map(|user| track(user, &[])).collect()),
    ];
    let plan = plan(phases);
    let (_halter, halt) = Halt::new();
    let mut sent = Vec::new();
    let told = |event| {
        if let Event::Sent(requests) = event {
            sent.push(requests);
        }
    };
    let report = apply(&plan, &Scripted::default(), &conduct(8), halt, told).await;
    assert_eq!((report.sent, sent), (4, vec![1, 1, 1, 1]));
    assert_eq!(Forecast::of(&plan, Family::Identity).total(), 4);
}

#[tokio::test]
async fn a_write_that_does_not_read_back_ends_the_whole_run() {
    let mismatch = Outcome::Mismatched { asked: "untracked".into(), answered: "tracked".into() };
    let account = Scripted { answers: vec![(StepId(0), mismatch.clone())], ..Scripted::default() };
    let phases = vec![(PhaseKind::Users, vec![create(0)]), (PhaseKind::Tracking, vec![track(1, &[])])];
    let report = run(&plan(phases), &account).await;
    assert_eq!(outcomes(&report), [mismatch, Outcome::NotAttempted]);
    assert_eq!(report.stopped, Some(Stop::Mismatched(StepId(0))));
    assert!(*lock(&account.stopped), "nor does what waits for its turn leave");
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

/// Keeps so many packets, and the outcomes of so many steps.
#[derive(Debug)]
struct Filling {
    packets: Mutex<usize>,
    outcomes: Mutex<usize>,
}

impl Ledger for Filling {
    fn sending(&self, _: &Packet) -> io::Result<()> {
        take(&self.packets, 1)
    }

    fn settled(&self, outcomes: &[(StepId, Outcome)], _: &[(StepId, UserId)]) -> io::Result<()> {
        take(&self.outcomes, outcomes.len())
    }
}

fn take(left: &Mutex<usize>, count: usize) -> io::Result<()> {
    let mut left = lock(left);
    *left = left.checked_sub(count).ok_or(io::ErrorKind::StorageFull)?;
    Ok(())
}

#[tokio::test]
async fn what_can_not_be_noted_is_not_sent_and_ends_the_run() {
    let steps = || vec![create(0), create(1), create(2)];
    for (packets, outcomes_kept, sent) in [(1, 3, 1), (3, 0, 1), (0, 3, 0)] {
        let account = Scripted::default();
        let ledger = Filling { packets: Mutex::new(packets), outcomes: Mutex::new(outcomes_kept) };
        let conduct = Conduct { ledger: &ledger, ..conduct(1) };
        let (_halter, halt) = Halt::new();
        let plan = plan(vec![(PhaseKind::Users, steps())]);
        let report = apply(&plan, &account, &conduct, halt, |_: Event| {}).await;
        assert_eq!((lock(&account.sent).len(), report.sent), (sent, sent));
        assert_eq!(report.stopped, Some(Stop::Unnoted));
        let applied = outcomes(&report).iter().filter(|it| **it == Outcome::Applied).count();
        assert_eq!(applied, sent, "what was answered is reported all the same");
    }
}
