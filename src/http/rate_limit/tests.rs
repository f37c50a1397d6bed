//! Runs in made-up time against accounts that limit in different ways.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use tokio::time::Instant;

use super::{Closed, RateLimit};
use crate::http::Limits;

/// How an account limits: whether it takes a request at a moment, in seconds.
type Taking = Box<dyn FnMut(f64) -> bool>;

/// So many a second, and so many saved up.
fn bucket(rate: f64, burst: f64) -> Taking {
    let (mut saved, mut last) = (burst, 0.0);
    Box::new(move |now| {
        saved = burst.min(saved + (now - last) * rate);
        last = now;
        let takes = saved >= 1.0;
        saved -= f64::from(u8::from(takes));
        takes
    })
}

/// So many in each second of the clock.
fn by_the_clock(rate: u32) -> Taking {
    let (mut second, mut taken) = (0.0, 0);
    Box::new(move |now: f64| {
        if now.floor() > second {
            (second, taken) = (now.floor(), 0);
        }
        taken += 1;
        taken <= rate
    })
}

/// So many in any second.
fn sliding(rate: usize) -> Taking {
    let mut times: Vec<f64> = Vec::new();
    Box::new(move |now| {
        times.retain(|at| now - at < 1.0);
        let takes = times.len() < rate;
        if takes {
            times.push(now);
        }
        takes
    })
}

/// A run, and how it went.
struct Run {
    concurrency: usize,
    max_rate: Option<u32>,
    latency: f64,
    hold: f64,
}

/// A run of eight at once over a near account that asks for a second of peace.
const RUN: Run = Run { concurrency: 8, max_rate: None, latency: 0.002, hold: 1.0 };

#[derive(Debug)]
struct Ran {
    seconds: f64,
    /// When requests were refused.
    refused: Vec<f64>,
}

impl Run {
    /// Sends until so many are taken.
    fn send(&self, requests: usize, mut takes: Taking) -> Ran {
        let start = Instant::now();
        let concurrency = NonZeroUsize::new(self.concurrency).unwrap();
        let limits = Limits { rate: self.max_rate.and_then(NonZeroU32::new), ..Limits::of(concurrency) };
        let mut rate_limit = RateLimit::new(limits, start);
        let (mut now, mut done, mut refused) = (start, 0, Vec::new());
        // When it left, when it is answered.
        let mut under_way: Vec<(Instant, Instant)> = Vec::new();
        while done < requests {
            let next = match rate_limit.admit(now) {
                Ok(()) => {
                    under_way.push((now, now + Duration::from_secs_f64(self.latency)));
                    continue;
                }
                Err(Closed::Until(moment)) => Some(moment),
                Err(Closed::UntilAnswered) => None,
            };
            let answer = under_way.first().map(|(_, answered)| *answered);
            match (next, answer) {
                (Some(next), answer) if answer.is_none_or(|answer| next < answer) => now = next,
                (_, Some(answer)) => {
                    now = answer;
                    let (left, _) = under_way.remove(0);
                    let seconds = (now - start).as_secs_f64();
                    if takes(seconds) {
                        done += 1;
                        rate_limit.taken(now);
                    } else {
                        refused.push(seconds);
                        rate_limit.refused(left, now, |_| Duration::from_secs_f64(self.hold));
                    }
                    rate_limit.over();
                }
                (_, None) => panic!("nothing may leave and nothing is under way"),
            }
        }
        Ran { seconds: (now - start).as_secs_f64(), refused }
    }
}

#[test]
fn two_thousand_requests_at_twenty_a_second_are_refused_at_the_beginning_only_and_take_110_seconds_at_most() {
    for (name, takes) in [
        ("a second's worth is saved up", bucket(20.0, 20.0)),
        ("two seconds' worth", bucket(20.0, 40.0)),
        ("twenty in each second of the clock", by_the_clock(20)),
        ("twenty in any second", sliding(20)),
    ] {
        let ran = RUN.send(2000, takes);
        assert!(ran.seconds <= 110.0, "{name}: {ran:?}");
        assert!(ran.refused.len() <= 12, "{name}: {ran:?}");
        assert!(ran.refused.iter().all(|at| *at < 6.0), "{name}: {ran:?}");
    }
}

#[test]
fn the_rate_is_found_at_other_speeds_too() {
    for rate in [5_u16, 100, 300] {
        for latency in [0.002, 0.01] {
            let per_second = f64::from(rate);
            let account = bucket(per_second, per_second);
            let ran = Run { latency, ..RUN }.send(100 * usize::from(rate), account);
            assert!(ran.seconds <= 110.0, "{rate} a second, {latency} s each: {ran:?}");
            assert!(ran.refused.len() <= 12, "{rate} a second, {latency} s each: {ran:?}");
        }
    }
}

#[test]
fn an_account_that_saves_nothing_up_is_asked_more_slowly_and_not_forever() {
    for burst in [1.0, 5.0] {
        let ran = RUN.send(2000, bucket(20.0, burst));
        assert!(ran.seconds <= 210.0, "{burst}: {ran:?}");
        assert!(ran.refused.len() <= 12, "{burst}: {ran:?}");
    }
}

#[test]
fn without_a_time_to_wait_the_rate_is_halved_until_it_is_low_enough() {
    let ran = Run { hold: 0.02, ..RUN }.send(2000, bucket(20.0, 20.0));
    assert!(ran.seconds <= 110.0 && ran.refused.len() <= 20, "{ran:?}");
    assert!(ran.refused.iter().all(|at| *at < 3.0), "{ran:?}");
}

#[test]
fn one_no_of_an_account_that_takes_everything_is_soon_forgotten() {
    let mut asked = 0;
    let once = Box::new(move |_| {
        asked += 1;
        asked != 50
    });
    let ran = Run { hold: 0.02, ..RUN }.send(2000, once);
    assert!(ran.seconds < 4.0, "{} s where 0.5 s would do", ran.seconds);
}

#[test]
fn noes_without_anything_taken_between_them_measure_nothing() {
    let mut asked = 0;
    let account = Box::new(move |_| {
        asked += 1;
        !(50..53).contains(&asked)
    });
    let ran = Run { concurrency: 1, ..RUN }.send(1000, account);
    assert!(ran.seconds < 20.0, "{ran:?}");
}

#[test]
fn a_few_noes_at_the_beginning_are_soon_forgotten_too() {
    for refusals in [vec![1, 5], vec![1, 5, 12], vec![2, 3, 4, 5, 9]] {
        let mut asked = 0;
        let account = Box::new(move |_| {
            asked += 1;
            !refusals.contains(&asked)
        });
        let ran = Run { hold: 0.02, ..RUN }.send(2000, account);
        assert!(ran.seconds < 30.0, "{ran:?}");
    }
}

#[test]
fn an_account_that_takes_less_from_some_moment_on_is_followed_down() {
    let (mut before, mut after) = (bucket(20.0, 20.0), bucket(10.0, 10.0));
    let ran = RUN.send(1000, Box::new(move |now| if now < 20.0 { before(now) } else { after(now) }));
    let late: Vec<&f64> = ran.refused.iter().filter(|at| **at > 30.0).collect();
    assert!(late.is_empty() && ran.refused.len() <= 16, "{ran:?}");
    assert!(ran.seconds <= 20.0 + 600.0 / 10.0 * 1.12, "{ran:?}");
}

#[test]
fn a_rate_that_was_taken_down_comes_back_once_the_account_takes_as_much_again() {
    let mut accounts = (bucket(20.0, 20.0), bucket(5.0, 5.0), bucket(20.0, 20.0));
    let ran = RUN.send(
        4000,
        Box::new(move |now| match now {
            ..30.0 => accounts.0(now),
            30.0..50.0 => accounts.1(now),
            _ => accounts.2(now),
        }),
    );
    let least = 50.0 + (4000.0 - 30.0 * 20.0 - 20.0 * 5.0) / 20.0;
    assert!(ran.seconds <= least * 1.1 + 20.0, "{ran:?}");
    assert!(ran.refused.len() <= 20, "{ran:?}");
}

#[test]
fn noes_now_and_then_that_no_rate_would_prevent_do_not_bring_a_run_to_a_halt() {
    for (each, seconds) in [(400, 170.0), (100, 450.0)] {
        let (mut dice, mut account) = (1_u32, bucket(20.0, 20.0));
        let ran = RUN.send(
            2000,
            Box::new(move |now| {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                account(now) && (dice >> 8) % each != 0
            }),
        );
        assert!(ran.seconds <= seconds, "one in {each}: {ran:?}");
    }
}

#[test]
fn an_account_that_takes_less_for_good_is_tried_more_and_more_rarely() {
    let (mut before, mut after) = (bucket(40.0, 40.0), bucket(10.0, 10.0));
    let ran = RUN.send(10_000, Box::new(move |now| if now < 40.0 { before(now) } else { after(now) }));
    let late = ran.refused.iter().filter(|at| **at > 50.0).count();
    assert!(late <= 12, "in {} s: {:?}", ran.seconds, ran.refused);
}

#[test]
fn no_rate_is_faster_than_the_one_that_was_given() {
    let ran = Run { max_rate: Some(10), ..RUN }.send(200, Box::new(|_| true));
    assert!((19.5..20.5).contains(&ran.seconds), "{ran:?}");
}

fn rate_limit(concurrency: usize) -> (RateLimit, Instant) {
    let now = Instant::now();
    (RateLimit::new(Limits::of(NonZeroUsize::new(concurrency).unwrap()), now), now)
}

/// How many more may leave at a moment.
fn room(rate_limit: &mut RateLimit, now: Instant) -> usize {
    std::iter::repeat_with(|| rate_limit.admit(now)).take_while(Result::is_ok).count()
}

#[test]
fn requests_under_way_grow_with_good_answers_and_are_halved_by_a_no() {
    let (mut rate_limit, now) = rate_limit(8);
    assert_eq!(room(&mut rate_limit, now), 2);
    for _ in 0..20 {
        rate_limit.taken(now);
    }
    assert_eq!(room(&mut rate_limit, now), 6, "eight under way");
    for _ in 0..8 {
        rate_limit.over();
        rate_limit.refused(now, now, |_| Duration::ZERO);
    }
    assert!((3.9..4.1).contains(&rate_limit.at_once), "eight that left together are one no");
}

#[test]
fn nobody_leaves_while_the_account_is_left_alone_and_the_longest_time_holds() {
    let (mut rate_limit, now) = rate_limit(8);
    assert_eq!(room(&mut rate_limit, now), 2);
    rate_limit.refused(now, now, |_| Duration::from_secs(5));
    rate_limit.refused(now, now, |_| Duration::from_secs(2));
    rate_limit.over();
    rate_limit.over();
    assert_eq!(rate_limit.admit(now), Err(Closed::Until(now + Duration::from_secs(5))));
    assert_eq!(rate_limit.admit(now + Duration::from_secs(5)), Ok(()));
}

#[test]
fn a_wait_grows_with_noes_in_a_row_and_not_with_those_that_left_together() {
    let (mut rate_limit, mut now) = rate_limit(8);
    let wait = |in_a_row| Duration::from_secs(2_u64.pow(in_a_row));
    for seconds in [1, 2, 4] {
        for _ in 0..2 {
            rate_limit.refused(now, now, wait);
        }
        let until = now + Duration::from_secs(seconds);
        assert_eq!(rate_limit.admit(now), Err(Closed::Until(until)));
        now = until;
    }
    rate_limit.taken(now);
    rate_limit.refused(now, now, wait);
    assert_eq!(rate_limit.admit(now), Err(Closed::Until(now + Duration::from_secs(1))));
}

#[test]
fn a_silence_is_not_measured() {
    let (mut rate_limit, start) = rate_limit(1);
    let later = start + Duration::from_mins(1);
    for now in [start, later] {
        for turn in 0..20 {
            let now = now + Duration::from_millis(turn);
            assert_eq!(rate_limit.admit(now), Ok(()));
            rate_limit.taken(now);
            rate_limit.over();
        }
    }
    rate_limit.refused(later, later + Duration::from_millis(20), |_| Duration::from_secs(1));
    let known = rate_limit.known().unwrap();
    assert!((17.0..20.0).contains(&known), "{known} a second, and not 40 in 61 seconds");
}
