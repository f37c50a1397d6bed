//! How the tenant misbehaves when it is told to, so that what must not trust it can be tested.

use std::num::NonZeroU32;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

use crate::sandbox::faults::{FaultError, milliseconds, rate};
use crate::sandbox::throttle::{Advice, Throttle};

/// One way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 500 for anything but reads.
    FailWrites,
    /// 500 for anything but reads once so many writes were let through: what a run that died has done.
    FailWritesAfter(usize),
    /// The write of this number, from 1, is carried out and answered with 500.
    LoseAnswer(usize),
    /// The page of this number lacks its last element; totals stay right.
    ShortPage(usize),
    /// Page 2 of a list repeats page 1.
    DuplicatePage,
    /// From page 2 on, `total_count` is one higher.
    UnstableTotal,
    /// So many times, a user appears right before a second page of users is answered.
    PageDrift(usize),
    /// More requests a second than this are answered with 429.
    RateLimit(NonZeroU32, Advice),
    /// The last so many of ten requests are answered with 503, and not carried out.
    Overload(usize),
    /// Reads are answered as the tenant was so long ago.
    Lag(Duration),
}

/// The ways in which a tenant misbehaves; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

/// Requests of which some meet an overload.
const ROUND: usize = 10;

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Fault, FaultError> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let wrong = |name, expected| FaultError::Value { name, expected, value: text.to_owned() };
        let bare = |name, fault| if value.is_none() { Ok(fault) } else { Err(wrong(name, "no value")) };
        let from_one = |usual: &str| value.unwrap_or(usual).parse().ok().filter(|number: &usize| *number > 0);
        match name {
            "fail-writes" => bare("fail-writes", Fault::FailWrites),
            "fail-after" => {
                let count = value.and_then(|value| value.parse().ok());
                count.map(Fault::FailWritesAfter).ok_or_else(|| wrong("fail-after", "a number of writes"))
            }
            "lose-answer" => {
                from_one("1").map(Fault::LoseAnswer).ok_or_else(|| wrong("lose-answer", "a write, from 1"))
            }
            "short-page" => {
                from_one("1").map(Fault::ShortPage).ok_or_else(|| wrong("short-page", "a page, from 1"))
            }
            "duplicate-page" => bare("duplicate-page", Fault::DuplicatePage),
            "unstable-total" => bare("unstable-total", Fault::UnstableTotal),
            "page-drift" => {
                from_one("1").map(Fault::PageDrift).ok_or_else(|| wrong("page-drift", "how often, from 1"))
            }
            "overload" => from_one("")
                .filter(|count| *count < ROUND)
                .map(Fault::Overload)
                .ok_or_else(|| wrong("overload", "how many of ten, 1 to 9")),
            "lag" => milliseconds("lag", value).map(Fault::Lag),
            "rate-limit" => rate("rate-limit", value).map(|rate| Fault::RateLimit(rate, Advice::Seconds)),
            "rate-limit-date" => {
                rate("rate-limit-date", value).map(|rate| Fault::RateLimit(rate, Advice::Date))
            }
            "rate-limit-bare" => {
                rate("rate-limit-bare", value).map(|rate| Fault::RateLimit(rate, Advice::Silence))
            }
            _ => {
                let known = Faults::names().map(|(name, _)| name).join(", ");
                Err(FaultError::Unknown { text: text.to_owned(), known })
            }
        }
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Faults {
        Faults(faults.into_iter().collect())
    }
}

impl Faults {
    /// Every fault as it is written, and what it does.
    pub fn names() -> [(&'static str, &'static str); 12] {
        [
            ("fail-writes", "answers 500 to everything but reads"),
            ("fail-after=COUNT", "answers 500 to everything but reads after so many writes"),
            ("lose-answer[=N]", "carries write N out (1 by default) and answers it with 500"),
            ("short-page[=N]", "page N of every list (1 by default) lacks its last element"),
            ("duplicate-page", "page 2 of every list repeats page 1"),
            ("unstable-total", "the total_count of every list is one higher from page 2 on"),
            (
                "page-drift[=N]",
                "N times (1 by default) a user appears right before a second page of users is answered",
            ),
            ("overload=N", "the last N of every 10 requests are answered with 503"),
            ("rate-limit=N", "more than N requests a second are answered with 429, Retry-After in seconds"),
            ("rate-limit-date=N", "the same, Retry-After as a date"),
            ("rate-limit-bare=N", "the same, without Retry-After"),
            ("lag=MS", "reads show the tenant as it was so many milliseconds ago"),
        ]
    }

    /// Reads the values of `--fault`.
    ///
    /// # Errors
    /// One of them names no fault.
    pub fn parse<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Result<Faults, FaultError> {
        texts.into_iter().map(|text| text.as_ref().parse()).collect()
    }

    /// Whether a write fails of which so many came before.
    pub(crate) fn fails_write(&self, before: usize) -> bool {
        self.0.iter().any(|fault| match fault {
            Fault::FailWrites => true,
            Fault::FailWritesAfter(count) => before >= *count,
            _ => false,
        })
    }

    /// Whether the answer to a write is lost of which so many came before.
    pub(crate) fn loses_answer(&self, before: usize) -> bool {
        self.0.contains(&Fault::LoseAnswer(before + 1))
    }

    /// Whether the request of a number, from 1, meets an overload.
    pub(crate) fn overloads(&self, number: usize) -> bool {
        self.0.iter().any(|fault| match fault {
            Fault::Overload(count) => number.wrapping_sub(1) % ROUND >= ROUND - *count,
            _ => false,
        })
    }

    /// Whether a user appears before a second page of users before which so many appeared already.
    pub(crate) fn drifts(&self, before: usize) -> bool {
        self.0.iter().any(|fault| matches!(fault, Fault::PageDrift(times) if before < *times))
    }

    /// Whether users appear at all.
    pub(crate) fn has_drift(&self) -> bool {
        self.drifts(0)
    }

    /// How far behind reads are, if they are.
    pub(crate) fn lag(&self) -> Option<Duration> {
        self.0.iter().find_map(|fault| if let Fault::Lag(time) = fault { Some(*time) } else { None })
    }

    /// What limits the rate of requests.
    pub(crate) fn throttle(&self) -> Option<Throttle> {
        let limit = |fault: &Fault| {
            if let Fault::RateLimit(rate, form) = fault { Some((*rate, *form)) } else { None }
        };
        self.0.iter().find_map(limit).map(|(rate, advice)| Throttle::new(rate, advice))
    }

    /// The elements that a page, from 1, is answered with, out of so many, and the total it claims.
    pub(crate) fn page(&self, page: usize, size: usize, count: usize) -> (Range<usize>, usize) {
        let shown = if page == 2 && self.0.contains(&Fault::DuplicatePage) { 1 } else { page };
        let start = shown.saturating_sub(1).saturating_mul(size).min(count);
        let mut end = start.saturating_add(size).min(count);
        if self.0.contains(&Fault::ShortPage(page)) {
            end = end.saturating_sub(1).max(start);
        }
        let extra = usize::from(page > 1 && self.0.contains(&Fault::UnstableTotal));
        (start..end, count + extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_fault_is_read_and_nothing_else() {
        for (name, _) in Faults::names() {
            let written =
                name.replace("[=N]", "=3").replace("COUNT", "2").replace("=N", "=9").replace("=MS", "=20");
            assert!(Faults::parse([&written]).is_ok(), "{written} is listed and not read");
        }
        for (text, message) in [
            ("drop-hr", "there is no fault \"drop-hr\", expected one of fail-writes, fail-after=COUNT"),
            ("short-page=0", "takes a page, from 1"),
            ("fail-writes=1", "takes no value"),
            ("fail-after", "takes a number of writes"),
            ("overload", "takes how many of ten"),
            ("overload=10", "takes how many of ten"),
            ("page-drift=0", "takes how often"),
            ("lag=300001", "takes milliseconds"),
            ("rate-limit-bare", "takes requests per second, from 1"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn the_last_of_ten_requests_meet_an_overload() {
        let faults = Faults::parse(["overload=2"]).unwrap();
        let met: Vec<usize> = (1..=20).filter(|number| faults.overloads(*number)).collect();
        assert_eq!(met, [9, 10, 19, 20]);
    }

    #[test]
    fn a_page_is_its_part_of_the_list_unless_a_fault_says_otherwise() {
        for (faults, page, expected) in [
            (&[][..], 1, (0..10, 25)),
            (&[], 3, (20..25, 25)),
            (&[], 4, (25..25, 25)),
            (&["short-page=3"], 3, (20..24, 25)),
            (&["duplicate-page"], 2, (0..10, 25)),
            (&["unstable-total"], 2, (10..20, 26)),
        ] {
            let faults = Faults::parse(faults).unwrap();
            assert_eq!(faults.page(page, 10, 25), expected, "{faults:?} page {page}");
        }
    }
}
