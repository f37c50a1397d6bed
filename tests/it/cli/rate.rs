//! The rate of requests, against an account that turns away what is too much.
//!
//! `just rate` does the first test with 2,000 requests at 20 a second, which takes 110 seconds.

use std::fmt::Write;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use rollcall::sandbox::{Advice, Config, Fault};

use super::{Folder, Remote, SAME, faulty};

/// So many new users: a request each.
fn newcomers(count: usize) -> String {
    (0..count).fold(String::from("users:\n"), |mut text, n| {
        writeln!(text, "  - {{ displayName: New {n}, email: new{n}@acme.example }}").unwrap();
        text
    })
}

fn limited(rate: u32, advice: Advice) -> Config {
    faulty(Fault::RateLimit(NonZeroU32::new(rate).unwrap(), advice))
}

/// A number that `just rate` sets.
#[expect(clippy::disallowed_methods, reason = "the long run is the same test with other numbers")]
fn given(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).map_or(otherwise, |number| number.parse().unwrap())
}

#[test]
fn a_limited_account_is_asked_as_fast_as_it_answers_and_says_no_at_the_beginning_only() {
    let (rate, requests) = (given("ROLLCALL_RATE", 40), given("ROLLCALL_REQUESTS", 320));
    let folder = Folder::new(&newcomers(requests as usize - 5));
    let remote = Remote::of(&folder, limited(rate, Advice::Seconds));
    let started = Instant::now();
    let ran = remote.run(&folder, &["apply", "--yes"]);
    let took = started.elapsed();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (sent, refused) = (remote.sandbox.requests().len(), remote.sandbox.turned_away());
    let taken = u32::try_from(sent - refused.len()).unwrap();
    let least = Duration::from_secs(taken.into()) / rate;
    let said = format!(
        "{taken} requests at {rate}/s in {:.1} s, {:.2} times the least; refused: {refused:?}",
        took.as_secs_f64(),
        took.as_secs_f64() / least.as_secs_f64(),
    );
    #[expect(clippy::print_stderr, reason = "the number for docs/performance.md")]
    {
        eprintln!("{said}");
    }
    // The measured number is in docs/performance.md; a busy machine may take its time.
    assert!(took <= least.mul_f64(1.25), "{said}");
    assert!(refused.len() <= 12, "{said}");
    let beginning = (sent * 3 / 4).min(15 * rate as usize);
    assert!(refused.last().is_some_and(|last| *last < beginning), "{said}");
}

#[test]
fn a_no_ends_no_run_whether_it_says_when_to_come_back_or_not() {
    for advice in [Advice::Date, Advice::Silence] {
        let folder = Folder::new(&newcomers(60));
        let remote = Remote::of(&folder, limited(30, advice));
        let ran = remote.run(&folder, &["apply", "--yes"]);
        assert_eq!(ran.code, 0, "{advice:?}: {}", ran.err);
        assert_eq!(remote.sandbox.snapshot().users.len(), 63, "{advice:?}: nobody is created twice");
        let refused = remote.sandbox.turned_away();
        assert!((1..=30).contains(&refused.len()), "{advice:?}: {refused:?}");
    }
}

#[test]
fn no_request_is_refused_below_a_rate_that_is_given() {
    let folder = Folder::new(&newcomers(40));
    let remote = Remote::of(&folder, limited(20, Advice::Seconds));
    let started = Instant::now();
    let ran = remote.run(&folder, &["apply", "--yes", "--max-rate", "19"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(remote.sandbox.turned_away(), [0_usize; 0]);
    assert!(started.elapsed() >= Duration::from_secs(2), "40 requests at 19 a second");
}

#[test]
fn a_rate_of_nothing_is_a_mistake_in_the_command() {
    let folder = Folder::new(SAME);
    assert_eq!(folder.run(&["plan", "--max-rate", "0"]).code, 64);
}
