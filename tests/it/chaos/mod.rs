//! Does a run keep its promises whatever goes wrong? Accounts that misbehave by a seed, programs killed by a seed, and what must
//! hold all the same; `docs/reliability.md` says what and why.

mod approvals;
mod automatic;
mod learning;
mod learning_back;
mod picture;
mod rollback;
mod sets;
mod trial;
mod truth;
mod uploads;
mod watch;
mod way;
mod world;

use std::collections::BTreeMap;

use self::approvals::Approvals;
use self::learning_back::LearningBack;
use self::rollback::Rollback;
use self::trial::{Came, Trial};
use self::uploads::Uploads;
use self::world::By;
use crate::seeds::Seeds;

/// So many seeds in an ordinary run of the tests.
const fn seeds(ordinary: u64) -> Seeds {
    Seeds { one: "CHAOS_SEED", count: "CHAOS_SEEDS", from: "CHAOS_FROM", ordinary, test: "chaos" }
}

#[test]
fn whatever_goes_wrong_a_run_is_bounded_truthful_and_finished_by_the_next() {
    held(&seeds(200).run(|seed| Trial::of(seed, By::Identity).run()));
}

#[test]
fn whatever_goes_wrong_by_scim_a_run_is_bounded_truthful_and_finished_by_the_next() {
    held(&seeds(80).run(|seed| Trial::of(seed, By::Scim).run()));
}

#[test]
fn whatever_goes_wrong_at_a_learning_platform_a_run_is_bounded_truthful_and_finished_by_the_next() {
    held_at_a_learning_platform(&seeds(40).run(|seed| Trial::learning(seed).run()));
}

#[test]
fn whatever_goes_wrong_nothing_is_written_that_was_not_approved() {
    held(&seeds(20).run(|seed| Approvals::of(seed, by(seed)).run()));
}

#[test]
fn whatever_goes_wrong_at_a_learning_platform_nothing_is_written_that_was_not_approved() {
    held_at_a_learning_platform(&seeds(20).run(|seed| Approvals::learning(seed).run()));
}

#[test]
fn whatever_goes_wrong_a_rollback_takes_back_what_the_apply_did_and_nothing_else() {
    held(&seeds(20).run(|seed| Rollback::of(seed, by(seed)).run()));
}

#[test]
fn whatever_goes_wrong_at_a_learning_platform_a_rollback_takes_back_what_the_apply_did_and_nothing_else() {
    // Others are at work between the runs as well.
    at_most(&seeds(20).run(|seed| LearningBack::of(seed).run()), 4);
}

#[test]
fn whatever_goes_wrong_where_nothing_shows_users_every_hr_set_is_whole_and_the_last_one_stays() {
    held(&seeds(20).run(|seed| Uploads::of(seed).run()));
}

/// One seed in four is an account that only SCIM opens.
fn by(seed: u64) -> By {
    if seed.is_multiple_of(4) { By::Scim } else { By::Identity }
}

/// Whether so many seeds were tested to the end that they tell something.
fn held(came: &BTreeMap<Came, u64>) {
    at_most(came, 20);
}

/// The same at a learning platform. Whoever acts meanwhile makes groups with the names of others there, which nothing tells apart.
fn held_at_a_learning_platform(came: &BTreeMap<Came, u64>) {
    at_most(came, 6);
}

/// Whether at most one seed in ten is blocked, and one in so many met what the manifests can't be reconciled with.
fn at_most(came: &BTreeMap<Came, u64>, stuck: u64) {
    let count: u64 = came.values().sum();
    if count >= 50 {
        let times = |how| came.get(&how).copied().unwrap_or_default();
        assert!(times(Came::Blocked) * 10 <= count && times(Came::Stuck) * stuck <= count, "{came:?}");
    }
}
