//! When a snapshot goes out, and what is said of what it made.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Scripted, apply, conduct, create, lock, outcomes, plan, run, step};
use crate::apply::{Doubt, Earlier, Ending, Event, Halt, Memory, Presence, Report, Stop};
use crate::model::{
    Act, Agent, AgentId, ChangeId, DisplayName, Email, Field, GroupId, GroupName, HrGroup, Login, Observed,
    ObservedEmail, ObservedUser, Outcome, Revision, Snapshot, StepId, Tracking, UserId, UserRef, Writer,
};
use crate::plan::{PhaseKind, Plan};

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

#[tokio::test]
async fn a_snapshot_is_applied_once_the_account_shows_it_with_the_users_that_the_run_made() {
    let account = showing(vec![before(), before(), Vec::new(), made()]);
    let report = run(&upload(&[0]), &account).await;
    assert_eq!(outcomes(&report), [Outcome::Applied, Outcome::Applied, Outcome::Applied]);
}

#[tokio::test]
async fn a_snapshot_that_is_not_seen_in_time_is_pending_and_deletions_wait_for_it() {
    let account = showing(vec![before()]);
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

/// A memory of an upload, that can be told to refuse.
#[derive(Debug)]
struct Remembered {
    earlier: Mutex<Earlier>,
    full: bool,
}

fn remembered(earlier: Earlier) -> Remembered {
    Remembered { earlier: Mutex::new(earlier), full: false }
}

impl Memory for Remembered {
    fn place(&self) -> String {
        "the note".to_owned()
    }

    fn earlier(&self) -> io::Result<Earlier> {
        Ok(lock(&self.earlier).clone())
    }

    fn sent(&self, set: &[HrGroup]) -> io::Result<()> {
        if self.full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        *lock(&self.earlier) = Earlier::Unverified(set.to_vec());
        Ok(())
    }

    fn verified(&self, set: &[HrGroup]) -> io::Result<()> {
        *lock(&self.earlier) = Earlier::Verified(set.to_vec());
        Ok(())
    }

    fn forget(&self) -> io::Result<()> {
        *lock(&self.earlier) = Earlier::Unknown;
        Ok(())
    }
}

/// Runs the upload with a memory; answers what was doubted, too.
async fn run_with(memory: &Remembered, account: &Scripted) -> (Report, Vec<Doubt>) {
    let (report, events) = with_plan(&upload(&[0]), memory, account).await;
    let doubt = |event: Event| if let Event::Settling(doubt, _) = event { Some(doubt) } else { None };
    (report, events.into_iter().filter_map(doubt).collect())
}

async fn with_plan(plan: &Plan, memory: &Remembered, account: &Scripted) -> (Report, Vec<Event>) {
    let (_halter, halt) = Halt::new();
    let conduct = crate::apply::Conduct { memory, ..conduct(8) };
    let mut events = Vec::new();
    let report = apply(plan, account, &conduct, halt, |event| events.push(event)).await;
    (report, events)
}

/// An account that takes the file and shows these sets, one look after the other.
fn showing(sets: Vec<Vec<HrGroup>>) -> Scripted {
    Scripted {
        answers: vec![(StepId(1), Outcome::Pending)],
        sets: Mutex::new(sets),
        found: Some(Observed::default()),
        ..Scripted::default()
    }
}

fn nothing_sent(report: &Report, words: &str) {
    let Outcome::Failed(why) = &report.outcomes[1].1 else { panic!("{report:?}") };
    assert!(why.contains("nothing was sent") && why.contains(words), "{why}");
}

#[tokio::test]
async fn an_upload_is_remembered_until_it_is_seen() {
    let memory = remembered(Earlier::Verified(before()));
    run_with(&memory, &showing(vec![before()])).await;
    assert_eq!(*lock(&memory.earlier), Earlier::Unverified(made()));
    let account = showing(vec![before()]);
    let (report, _) = run_with(&memory, &account).await;
    assert_eq!(report.outcomes[1].1, Outcome::Unseen);
    assert_eq!(report.ending(), Ending::Pending);
    assert_eq!(*lock(&account.sent), [[0]], "the file is not sent a second time");
    let (report, _) = run_with(&memory, &showing(vec![before(), made()])).await;
    assert_eq!(report.outcomes[1].1, Outcome::AlreadyTrue);
    assert_eq!(*lock(&memory.earlier), Earlier::Verified(made()));
}

#[tokio::test]
async fn another_file_is_not_sent_while_an_earlier_one_is_unverified() {
    let memory = remembered(Earlier::Unverified(set(&[UserRef::Known(UserId(8))])));
    let account = showing(vec![before()]);
    let (report, _) = run_with(&memory, &account).await;
    nothing_sent(&report, "earlier upload");
    assert_eq!(*lock(&account.sent), [[0]]);
    assert_eq!(report.set, [], "what is there is none of this file's");
}

#[tokio::test]
async fn an_upload_that_can_not_be_remembered_is_not_sent() {
    let memory = Remembered { full: true, ..remembered(Earlier::None) };
    let account = showing(vec![before()]);
    nothing_sent(&run_with(&memory, &account).await.0, "remembered");
    assert_eq!(*lock(&account.sent), [[0]]);
}

#[tokio::test]
async fn a_refused_upload_is_not_looked_for_later() {
    let memory = remembered(Earlier::None);
    let refused = vec![(StepId(1), Outcome::Failed("no".into()))];
    let account = Scripted { answers: refused, ..showing(vec![before()]) };
    run_with(&memory, &account).await;
    assert_eq!(*lock(&memory.earlier), Earlier::Unknown);
}

#[tokio::test]
async fn where_nothing_is_remembered_the_groups_have_to_stand_still_first() {
    let account = showing(vec![before(), before(), made()]);
    let (report, doubts) = run_with(&remembered(Earlier::Unknown), &account).await;
    assert_eq!((&report.outcomes[1].1, doubts), (&Outcome::Applied, vec![Doubt::NoMemory]));
    let account = showing(vec![before(), Vec::new(), before()]);
    let (report, _) = run_with(&remembered(Earlier::Unknown), &account).await;
    nothing_sent(&report, "are changing");
    assert_eq!(*lock(&account.sent), [[0]]);
}

#[tokio::test]
async fn what_comes_about_while_the_groups_are_watched_is_not_sent_again_and_not_failed() {
    let account = showing(vec![before(), made()]);
    let (report, doubts) = run_with(&remembered(Earlier::Unknown), &account).await;
    assert_eq!((&report.outcomes[1].1, doubts), (&Outcome::AlreadyTrue, vec![Doubt::NoMemory]));
    assert_eq!(
        *lock(&account.sent),
        [[0], [2]],
        "the upload is not sent, and the deletion that waits for it is"
    );
}

#[tokio::test]
async fn what_the_last_upload_left_needs_no_second_look_and_anything_else_does() {
    for (left, doubted) in [(before(), vec![]), (Vec::new(), vec![Doubt::NotAsLeft])] {
        let account = showing(vec![before(), made()]);
        let (_, doubts) = run_with(&remembered(Earlier::Verified(left)), &account).await;
        assert_eq!(doubts, doubted);
    }
}

#[tokio::test]
async fn a_run_that_is_told_to_end_while_it_watches_sends_nothing() {
    let (account, memory) = (showing(vec![before()]), remembered(Earlier::Unknown));
    let (halter, halt) = Halt::new();
    let conduct =
        crate::apply::Conduct { memory: &memory, settle: Duration::from_hours(1_000), ..conduct(8) };
    let told = |event| {
        if matches!(event, Event::Settling(..)) {
            halter.tell(Stop::Interrupted);
        }
    };
    let report = apply(&upload(&[0]), &account, &conduct, halt, told).await;
    assert_eq!((&report.outcomes[1].1, report.stopped), (&Outcome::NotAttempted, Some(Stop::Interrupted)));
    assert_eq!(*lock(&account.sent), [[0]]);
}

/// Runs the upload with an account whose looks get no answer after some, and tells it to end so often meanwhile.
async fn told(times: usize, account: &Scripted) -> Report {
    let (halter, halt) = Halt::new();
    let (plan, conduct) = (upload(&[0]), conduct(8));
    let running = apply(&plan, account, &conduct, halt, |_| {});
    let signals = async {
        while *lock(&account.looked) <= account.answering.unwrap_or_default() {
            tokio::task::yield_now().await;
        }
        (0..times).for_each(|_| halter.tell(Stop::Interrupted));
        std::future::pending::<()>().await;
    };
    let both = async {
        tokio::select! {
            report = running => report,
            () = signals => unreachable!("signals never end"),
        }
    };
    tokio::time::timeout(Duration::from_secs(20), both)
        .await
        .expect("the run ends though no look is answered")
}

#[tokio::test]
async fn a_run_that_is_told_to_end_while_it_looks_before_an_upload_sends_nothing() {
    let account = Scripted { answering: Some(0), ..showing(vec![before()]) };
    let report = told(1, &account).await;
    assert_eq!((&report.outcomes[1].1, report.stopped), (&Outcome::NotAttempted, Some(Stop::Interrupted)));
    assert_eq!(*lock(&account.sent), [[0]]);
}

#[tokio::test]
async fn a_run_that_is_told_twice_while_it_looks_after_an_upload_waits_for_no_look() {
    let account = Scripted { answering: Some(1), ..showing(vec![before()]) };
    let report = told(2, &account).await;
    assert_eq!((&report.outcomes[1].1, report.stopped), (&Outcome::Pending, Some(Stop::Interrupted)));
    assert_eq!(*lock(&account.sent), [[0], [1]]);
}

/// A group of users by their numbers.
fn group(name: &str, members: &[u64]) -> HrGroup {
    let members = members.iter().map(|id| UserRef::Known(UserId(*id))).collect();
    HrGroup { name: GroupName::observed(name), members }
}

/// A plan that uploads one set over another, and nothing else.
fn turns(before: Vec<HrGroup>, after: Vec<HrGroup>) -> Plan {
    let snapshot = Snapshot { csv: Arc::from(&b"x"[..]), sha256: [0; 32], before, after };
    plan(vec![(PhaseKind::Snapshot, vec![step(0, Act::Upload(Arc::new(snapshot)), &[])])])
}

#[tokio::test]
async fn a_part_of_a_set_is_shown_group_by_group_when_the_time_is_up() {
    let before = vec![group("Bergen", &[1]), group("Oslo", &[1, 2]), group("Stays", &[1])];
    let after = vec![group("Lisbon", &[4]), group("Oslo", &[2, 3, 4]), group("Stays", &[1])];
    let partly = vec![group("Bergen", &[1]), group("Oslo", &[1, 2, 3]), group("Stays", &[1])];
    let answers = vec![(StepId(0), Outcome::Pending)];
    let account = Scripted { answers, ..showing(vec![before.clone(), partly]) };
    let report = run(&turns(before, after), &account).await;
    assert_eq!(outcomes(&report), [Outcome::Pending]);
    let shown: Vec<_> = report
        .set
        .iter()
        .map(|group| (group.name.as_written(), group.presence, group.sent, group.seen(), group.surplus.len()))
        .collect();
    let expected = [
        ("Bergen", Presence::StillThere, 0, 0, 1),
        ("Lisbon", Presence::Absent, 1, 0, 0),
        ("Oslo", Presence::There, 3, 2, 1),
        ("Stays", Presence::There, 1, 1, 0),
    ];
    assert_eq!(shown, expected);
    assert_eq!(report.set[2].missing[0].record, Some(UserId(4)));
    assert!(lock(&account.looks).iter().all(|left_out| *left_out == ["Stays"]));
}

#[tokio::test]
async fn groups_are_looked_at_until_they_are_right_and_the_whole_set_once_at_the_end() {
    let before = vec![group("A", &[1]), group("B", &[1]), group("C", &[1])];
    let after = vec![group("A", &[2]), group("B", &[2]), group("C", &[1])];
    let half = vec![group("A", &[2]), group("B", &[1]), group("C", &[1])];
    let answers = vec![(StepId(0), Outcome::Pending)];
    let sets = vec![before.clone(), half, after.clone(), after.clone()];
    let account = Scripted { answers, ..showing(sets) };
    let report = run(&turns(before, after), &account).await;
    assert_eq!(outcomes(&report), [Outcome::Applied]);
    assert!(report.set.is_empty());
    assert_eq!(*lock(&account.looks), [vec!["C"], vec!["A", "C"]]);
}

#[tokio::test]
async fn a_group_that_another_upload_makes_is_a_mismatch_that_names_it() {
    let before = vec![group("Oslo", &[1])];
    let after = vec![group("London", &[2]), group("Oslo", &[1])];
    let others = vec![group("Oslo", &[1]), group("Paris", &[3])];
    let answers = || vec![(StepId(0), Outcome::Pending)];
    let account = Scripted { answers: answers(), ..showing(vec![before.clone(), others.clone()]) };
    let report = run(&turns(before.clone(), after.clone()), &account).await;
    let Outcome::Mismatched { answered, .. } = &report.outcomes[0].1 else { panic!("{report:?}") };
    assert!(answered.starts_with("Paris, which another upload"), "{answered}");

    // Seen once, it may be a look in the middle of things.
    let sets = vec![before.clone(), others.clone(), before.clone(), after.clone()];
    let account = Scripted { answers: answers(), ..showing(sets) };
    assert_eq!(outcomes(&run(&turns(before.clone(), after.clone()), &account).await), [Outcome::Applied]);

    // What was verified and is gone a while later.
    let sets = vec![before.clone(), after.clone(), after.clone(), others];
    let memory = remembered(Earlier::Verified(before.clone()));
    let account = Scripted { answers: answers(), ..showing(sets) };
    let (report, events) = with_plan(&turns(before, after), &memory, &account).await;
    let Outcome::Mismatched { answered, .. } = &report.outcomes[0].1 else { panic!("{report:?}") };
    assert!(answered.starts_with("London, Paris, which another upload"), "{answered}");
    assert_eq!(report.set.len(), 3, "group by group");
    assert!(events.iter().any(|event| matches!(event, Event::Lingering(_))));
}

#[tokio::test]
async fn a_member_whom_neither_set_has_is_of_another_upload() {
    let before = vec![group("Oslo", &[1])];
    let after = vec![group("Oslo", &[1, 2])];
    let sets = vec![before.clone(), vec![group("Oslo", &[1, 5])]];
    let account = Scripted { answers: vec![(StepId(0), Outcome::Pending)], ..showing(sets) };
    let report = run(&turns(before, after), &account).await;
    assert!(
        matches!(&report.outcomes[0].1, Outcome::Mismatched { answered, .. } if answered.starts_with("Oslo"))
    );
}

/// A user as a run knows them.
fn ada() -> ObservedUser {
    let agent = Agent {
        id: AgentId(9),
        login: Login::observed(Some("ACME"), "ada"),
        alias: None,
        first_log: None,
        last_log: None,
        merge_pending: false,
    };
    ObservedUser {
        display_name: Some(DisplayName::observed("Ada")),
        emails: vec![ObservedEmail { email: Email::observed("ada@x"), writer: Writer::Other }],
        agents: vec![agent],
        ..ObservedUser::new(UserId(7))
    }
}

/// How the upload ends whose users are found like this, and which of the records later steps are written about.
async fn found(users: Vec<ObservedUser>) -> (Report, Vec<UserId>) {
    let found = Observed::new(users, Vec::new(), &[], Vec::new(), Vec::new());
    let account = Scripted { known: vec![ada()], found: Some(found), ..showing(vec![before(), made()]) };
    let report = run(&upload(&[0]), &account).await;
    (report, account.learnt.into_inner().unwrap())
}

#[tokio::test]
async fn a_user_whom_the_upload_changed_is_a_mismatch_that_says_what_and_ends_the_run() {
    let cases = [
        (ObservedUser { display_name: Some(DisplayName::observed("A")), ..ada() }, Field::Name),
        (ObservedUser { tracking: Tracking::Untracked, ..ada() }, Field::Tracking),
        (ObservedUser { agents: Vec::new(), ..ada() }, Field::Agent),
        (ObservedUser { emails: Vec::new(), ..ada() }, Field::Email),
        (ObservedUser::new(UserId(8)), Field::Existence),
    ];
    for (user, field) in cases {
        let (report, learnt) = found(vec![user]).await;
        assert!(matches!(report.outcomes[1].1, Outcome::Mismatched { .. }), "{report:?}");
        assert_eq!((&report.outcomes[2].1, learnt), (&Outcome::NotAttempted, vec![]));
        assert_eq!(report.stopped, Some(Stop::Mismatched(StepId(1))));
        assert_eq!(report.altered.iter().map(|altered| altered.field).collect::<Vec<_>>(), [field]);
    }
}

#[tokio::test]
async fn a_record_that_is_older_than_the_run_saw_it_is_read_again_and_is_no_mismatch() {
    let seen = ObservedUser { revision: Revision(3), ..ada() };
    let older = ObservedUser { revision: Revision(2), emails: Vec::new(), ..ada() };
    let newer = ObservedUser { revision: Revision(4), ..ada() };
    let of = |user| Observed::new(vec![user], Vec::new(), &[], Vec::new(), Vec::new());
    let account = Scripted {
        known: vec![seen],
        behind: Mutex::new(vec![of(older.clone()), of(older)]),
        found: Some(of(newer)),
        ..showing(vec![before(), made()])
    };
    let report = run(&upload(&[0]), &account).await;
    assert_eq!((&report.outcomes[1].1, report.altered), (&Outcome::Applied, vec![]));
    assert_eq!(account.learnt.into_inner().unwrap(), [UserId(7)]);
}

#[tokio::test]
async fn what_a_user_gained_since_is_no_mismatch() {
    let mut gained = ada();
    gained.emails.push(ObservedEmail { email: Email::observed("ada@acme"), writer: Writer::Account });
    gained.agents.push(Agent { id: AgentId(10), ..gained.agents[0].clone() });
    let elsewhere = ObservedUser { primary_group: Some(GroupId(3)), ..gained.clone() };
    let (report, learnt) = found(vec![gained]).await;
    assert_eq!((&report.outcomes[1].1, report.altered), (&Outcome::Applied, vec![]));
    assert_eq!(learnt, [UserId(7)], "later steps are written about its new revision");
    let (report, learnt) = found(vec![elsewhere]).await;
    assert_eq!(
        (&report.outcomes[1].1, learnt),
        (&Outcome::Applied, vec![]),
        "who chose that is looked at then"
    );
}

#[tokio::test]
async fn users_that_can_not_be_read_again_are_not_said_to_be_as_they_were() {
    let memory = remembered(Earlier::Verified(before()));
    let account = Scripted { found: None, ..showing(vec![before(), made()]) };
    let (report, _) = run_with(&memory, &account).await;
    assert!(matches!(&report.outcomes[1].1, Outcome::Unknown(why) if why.contains("could not be read")));
    assert_eq!(report.outcomes[2].1, Outcome::Skipped(StepId(1)));
    assert_eq!(*lock(&memory.earlier), Earlier::Verified(made()), "the set is there");
}
