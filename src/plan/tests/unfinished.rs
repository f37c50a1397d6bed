//! What is left of a plan once something it was to make is there, and what is not.

use jiff::{SignedDuration, Timestamp};

use crate::model::{ChangeId, DeclaredSource, Desired, GroupSource, ObservedUser, Tracking, UserId};
use crate::plan::tests::build::{NOW, account, declared, desired, group, planned, record};
use crate::plan::{Attempt, Attempts, Context, Plan, plan};

/// When the run began that was cut off.
const BEGAN: Timestamp = Timestamp::constant(1_778_000_000, 0);

/// Alice is to come, and into Finance, where Carol is.
fn wanted(tracking: Tracking) -> Desired {
    let alice = declared("alice@x.example").employee("E9").tracked(tracking);
    desired(vec![alice], vec![group("Finance", DeclaredSource::App, &["E9", "carol@x.example"])])
}

/// Plans over an account with Carol, and with this record besides, after a try to make Alice.
fn after(tracking: Tracking, made: Option<UserId>, besides: ObservedUser) -> (Plan, Plan) {
    let carol = || record(1, "carol@x.example");
    let finance = (5, "Finance", GroupSource::App, &[1][..]);
    let first = planned(&wanted(tracking), &account(vec![carol()], std::slice::from_ref(&finance)));
    let mark = first.mark_of(ChangeId(0)).expect("the change that makes Alice");
    let attempts = Attempts::from([(mark, Attempt { made, began: BEGAN })]);
    let now = account(vec![carol(), besides], &[finance]);
    let context = Context { now: NOW, base: None, attempts: Some(&attempts), number: None };
    (first, plan(&wanted(tracking), &now, &context).expect("the whole picture"))
}

/// Whether nothing is in a plan that was not in the first one.
fn is_left((first, rest): &(Plan, Plan)) -> bool {
    let reviewed = first.evidence();
    assert!(!rest.fingerprints.is_empty());
    rest.fingerprints.iter().all(|fact| {
        let mut called = std::iter::once(*fact).chain(rest.unfinished.before(*fact));
        called.any(|print| reviewed.binary_search(&print).is_ok())
    })
}

fn alice() -> ObservedUser {
    ObservedUser { created: Some(BEGAN), ..record(9, "alice@x.example").employee_id("E9") }
}

#[test]
fn a_record_of_which_nobody_knows_whether_the_run_made_it_has_to_be_new_and_unused_and_hold_no_more() {
    let began =
        |after: i64| ObservedUser { created: Some(BEGAN + SignedDuration::from_mins(after)), ..alice() };
    for (left, record) in [
        (true, alice()),
        (true, began(-2)),
        (true, ObservedUser { employee_ids: Vec::new(), ..alice() }),
        (false, began(-6)),
        (false, ObservedUser { created: None, ..alice() }),
        (false, alice().upn("bob@x.example")),
        (false, alice().agent(r"PC\bob")),
    ] {
        assert_eq!(is_left(&after(Tracking::Untracked, None, record.clone())), left, "{record:?}");
    }
    let old = ObservedUser { created: None, ..alice() };
    assert!(is_left(&after(Tracking::Untracked, Some(UserId(9)), old.clone())), "the run saw it come");
    assert!(!is_left(&after(Tracking::Untracked, Some(UserId(8)), old)), "it saw another one come");
}

#[test]
fn who_was_to_start_untracked_is_and_what_somebody_turned_since_is_not_left_of_the_plan() {
    let made = Some(UserId(9));
    assert!(is_left(&after(Tracking::Untracked, made, alice())));
    assert!(is_left(&after(Tracking::Tracked, made, alice())));
    assert!(!is_left(&after(Tracking::Tracked, made, alice().untracked())), "somebody untracked her");
    assert!(!is_left(&after(Tracking::Untracked, made, alice().agent(r"PC\alice"))), "her data came in");
}
