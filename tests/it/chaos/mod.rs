//! Does a run keep its promises whatever goes wrong? Accounts that misbehave by a seed, programs killed by a seed, and what must
//! hold all the same; `docs/reliability.md` says what and why.

mod picture;
mod trial;
mod truth;
mod world;

use self::trial::{Came, Trial};
use crate::seeds::Seeds;

#[test]
fn whatever_goes_wrong_a_run_is_bounded_truthful_and_finished_by_the_next() {
    let seeds =
        Seeds { one: "CHAOS_SEED", count: "CHAOS_SEEDS", from: "CHAOS_FROM", ordinary: 200, test: "chaos" };
    let came = seeds.run(|seed| Trial::of(seed).run());
    let count: u64 = came.values().sum();
    if count >= 100 {
        let times = |how| came.get(&how).copied().unwrap_or_default();
        assert!(times(Came::Blocked) * 10 <= count && times(Came::Stuck) * 20 <= count, "{came:?}");
    }
}
