//! Does a run keep its promises whatever goes wrong? Accounts that misbehave by a seed, programs killed by a seed, and what must
//! hold all the same; `docs/reliability.md` says what and why.

pub(crate) mod dice;
mod picture;
mod rig;
mod trial;
mod truth;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use self::trial::{Came, Trial};

/// Seeds of an ordinary run of the tests.
const SEEDS: u64 = 200;
#[expect(clippy::disallowed_methods, reason = "how a test is told which seeds to run")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn whatever_goes_wrong_a_run_is_bounded_truthful_and_finished_by_the_next() {
    let (first, count) = match asked("CHAOS_SEED") {
        Some(seed) => (seed, 1),
        None => (asked("CHAOS_FROM").unwrap_or_default(), asked("CHAOS_SEEDS").unwrap_or(SEEDS)),
    };
    let (next, came) = (AtomicU64::new(first), Mutex::new(BTreeMap::<Came, u64>::new()));
    let broken = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads(count) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count || broken.lock().unwrap().len() >= 10 {
                        return;
                    }
                    match Trial::of(seed).run() {
                        Ok(how) => *came.lock().unwrap().entry(how).or_default() += 1,
                        Err(story) => broken.lock().unwrap().push((seed, story)),
                    }
                }
            });
        }
    });
    let mut broken = broken.into_inner().unwrap();
    broken.sort();
    let mut text = String::new();
    for (seed, story) in &broken {
        let _ = writeln!(text, "{story}\nreplay: CHAOS_SEED={seed} cargo test --test it chaos\n");
    }
    let came = came.into_inner().unwrap();
    let numbers: Vec<u64> = broken.iter().map(|(seed, _)| *seed).collect();
    assert!(broken.is_empty(), "{text}{} seeds broke: {numbers:?}; {came:?}", broken.len());
    if count >= 100 {
        let times = |how| came.get(&how).copied().unwrap_or_default();
        assert!(times(Came::Blocked) * 10 <= count && times(Came::Stuck) * 20 <= count, "{came:?}");
    }
    tell(&came);
}

/// Most of a run is waiting. Among other tests there is less to spare: some of them look at the clock.
fn threads(seeds: u64) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if seeds > SEEDS { 4 * cores } else { cores }
}

#[expect(clippy::print_stderr, reason = "how many seeds were run is the result")]
fn tell(came: &BTreeMap<Came, u64>) {
    eprintln!("{came:?}");
}
