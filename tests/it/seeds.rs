//! How are many seeds run at once? As many as the environment asks for, on all cores, and every one that breaks is told.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tests that follow from a number.
pub(crate) struct Seeds {
    /// The variable that chooses one seed.
    pub(crate) one: &'static str,
    /// The variable that says how many.
    pub(crate) count: &'static str,
    /// The variable that says which is the first.
    pub(crate) from: &'static str,
    /// How many an ordinary run of the tests has.
    pub(crate) ordinary: u64,
    /// What the test is found by.
    pub(crate) test: &'static str,
}

impl Seeds {
    /// Runs them, and fails with the story of every seed that broke; how often they came to what.
    pub(crate) fn run<C>(&self, run: impl Fn(u64) -> Result<C, String> + Sync) -> BTreeMap<C, u64>
    where
        C: Ord + Debug + Send,
    {
        let (first, count) = self.asked_for();
        let (next, came) = (AtomicU64::new(first), Mutex::new(BTreeMap::<C, u64>::new()));
        let broken = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..self.threads(count) {
                scope.spawn(|| {
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= first + count || broken.lock().unwrap().len() >= 10 {
                            return;
                        }
                        match run(seed) {
                            Ok(how) => *came.lock().unwrap().entry(how).or_default() += 1,
                            Err(story) => broken.lock().unwrap().push((seed, story)),
                        }
                    }
                });
            }
        });
        let (mut broken, came) = (broken.into_inner().unwrap(), came.into_inner().unwrap());
        broken.sort();
        let (one, suite) = (self.one, self.test);
        let mut text = String::new();
        for (seed, story) in &broken {
            let _ = writeln!(text, "{story}\nreplay: {one}={seed} cargo test --test it {suite}::\n");
        }
        let numbers: Vec<u64> = broken.iter().map(|(seed, _)| *seed).collect();
        assert!(broken.is_empty(), "{text}{} seeds broke: {numbers:?}; {came:?}", broken.len());
        tell(&came);
        came
    }

    fn asked_for(&self) -> (u64, u64) {
        match asked(self.one) {
            Some(seed) => (seed, 1),
            None => (asked(self.from).unwrap_or_default(), asked(self.count).unwrap_or(self.ordinary)),
        }
    }

    /// Most of a run is waiting. Among other tests there is less to spare: some of them look at the clock.
    fn threads(&self, seeds: u64) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        if seeds > self.ordinary { 4 * cores } else { cores }
    }
}

#[expect(clippy::disallowed_methods, reason = "how a test is told which seeds to run")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[expect(clippy::print_stderr, reason = "how many seeds were run is the result")]
fn tell<C: Debug>(came: &BTreeMap<C, u64>) {
    eprintln!("{came:?}");
}
