//! What a review of a plan covers besides what is written: who loses a group, and which bounds are broken.

use crate::model::{DeclaredSource, GroupSource, GroupState, Limit, Members, Origin, Tracking};
use crate::plan::Plan;
use crate::plan::tests::build::{account, declared, desired, group, planned, record};

/// Whether each part of a plan was in another one.
fn is_in(plan: &Plan, reviewed: &Plan) -> (bool, bool) {
    let known = reviewed.evidence();
    let all = |prints: &[_]| prints.iter().all(|print| known.binary_search(print).is_ok());
    (all(&plan.fingerprints), all(&plan.broken))
}

#[test]
fn who_joined_a_group_that_is_deleted_since_the_review_makes_it_another_plan() {
    let mut old = group("Old", DeclaredSource::App, &[]);
    (old.state, old.members) = (GroupState::Deleted(Origin::NONE), Members::Leave);
    let mut wanted = desired(vec![declared("u1@x.example")], vec![old]);
    wanted.policy.limits.delete_groups = Limit::count(0);
    let with = |members: &[u64]| {
        let users = (1..=3).map(|id| record(id, &format!("u{id}@x.example"))).collect();
        planned(&wanted, &account(users, &[(5, "Old", GroupSource::App, members)]))
    };
    let (reviewed, joined, left) = (with(&[1, 2]), with(&[1, 2, 3]), with(&[2]));
    assert_ne!(reviewed.digest, joined.digest);
    assert_eq!(is_in(&joined, &reviewed), (false, true), "the same limit, and somebody more who leaves");
    assert_eq!(is_in(&left, &reviewed), (true, true), "less is what is left of it");
}

#[test]
fn a_bound_that_only_the_present_account_breaks_makes_it_another_plan() {
    let mut wanted = desired(vec![declared("u1@x.example").tracked(Tracking::Untracked)], Vec::new());
    wanted.policy.limits.untrack = Limit::share(50, 0);
    let among = |others: &[Tracking]| {
        let others = (2..).zip(others).map(|(id, tracking)| crate::model::ObservedUser {
            tracking: *tracking,
            ..record(id, &format!("u{id}@x.example"))
        });
        planned(&wanted, &account(std::iter::once(record(1, "u1@x.example")).chain(others).collect(), &[]))
    };
    let (reviewed, now) = (among(&[Tracking::Tracked]), among(&[Tracking::Untracked]));
    assert!(reviewed.violations.is_empty() && now.violations.len() == 1);
    assert_ne!(reviewed.digest, now.digest);
    assert_eq!(is_in(&now, &reviewed), (true, false), "the same facts");
    let more = among(&[Tracking::Untracked; 2]);
    assert_eq!(more.digest, now.digest, "how far a bound is broken is no part of it");
}
