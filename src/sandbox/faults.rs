//! How the account misbehaves when it is told to, so that what must not trust it can be tested.

use std::num::NonZeroU32;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

use crate::sandbox::rules::Besides;
use crate::sandbox::seed::{GroupId, UserId};
use crate::sandbox::state::State;
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
    /// Erasing a user's history untracks them too.
    EraseUntracks,
    /// The page of this number lacks its last element; totals stay right.
    ShortPage(usize),
    /// Page 2 of a list repeats page 1.
    DuplicatePage,
    /// From page 2 on, `totalCount` is one higher.
    UnstableTotal,
    /// Entities come without group data, asked for or not.
    NoMemberships,
    /// One entity comes without one of its groups; the totals of `Type=groupid` stay right.
    DropMembership,
    /// The HR upload takes this long to be carried out.
    SlowHr(Duration),
    /// Of the HR upload the first half of the rows is carried out in its time, adding only, and all of it this much later.
    PartialHr(Duration),
    /// The HR upload is answered and never carried out.
    DropHr,
    /// The HR upload changes the display name of the first user it finds to what it was found by.
    HrRenames,
    /// More requests a second than this are answered with 429.
    RateLimit(NonZeroU32, Advice),
    /// Renaming an app group takes everybody out of it.
    RenameEmpties,
    /// An edit of one user turns whether they are tracked.
    EditUntracks,
    /// Whoever joins an app group pushes the first of its users out.
    JoinEvicts,
    /// Reads of an API, or of all, are answered as the account was so long ago.
    Lag(Option<Lagging>, Duration),
}

/// An API whose reads may come from a copy of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lagging {
    /// Identity, with Do Not Track.
    Identity,
    /// SCIM.
    Scim,
    /// Admin.
    Admin,
}

impl Lagging {
    /// The place of its copy among those that a number puts behind.
    pub(crate) fn place(self) -> usize {
        match self {
            Lagging::Identity => 0,
            Lagging::Scim => 1,
            Lagging::Admin => 2,
        }
    }
}

/// The ways in which a sandbox misbehaves; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

/// A text that names no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// There is no such fault.
    #[error("there is no fault {text:?}, expected one of {known}")]
    Unknown {
        /// The text.
        text: String,
        /// The faults that there are.
        known: String,
    },
    /// The number after `=` is missing, or none.
    #[error("the fault {name} takes {expected}, got {value:?}")]
    Value {
        /// The fault.
        name: &'static str,
        /// What belongs after `=`.
        expected: &'static str,
        /// What was there.
        value: String,
    },
}

/// Which part of a list a request is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paging {
    /// The page, from 1.
    pub(crate) page: usize,
    /// Elements of a page.
    pub(crate) size: usize,
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Fault, FaultError> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let bare = |name, fault| match value {
            None => Ok(fault),
            Some(value) => Err(FaultError::Value { name, expected: "no value", value: value.to_owned() }),
        };
        match name {
            "fail-writes" => bare("fail-writes", Fault::FailWrites),
            "fail-after" => match value.map(str::parse) {
                Some(Ok(count)) => Ok(Fault::FailWritesAfter(count)),
                _ => Err(FaultError::Value {
                    name: "fail-after",
                    expected: "a number of writes",
                    value: text.to_owned(),
                }),
            },
            "lose-answer" => match value.unwrap_or("1").parse() {
                Ok(write) if write > 0 => Ok(Fault::LoseAnswer(write)),
                _ => Err(FaultError::Value {
                    name: "lose-answer",
                    expected: "a write, from 1",
                    value: text.to_owned(),
                }),
            },
            "erase-untracks" => bare("erase-untracks", Fault::EraseUntracks),
            "rename-empties" => bare("rename-empties", Fault::RenameEmpties),
            "edit-untracks" => bare("edit-untracks", Fault::EditUntracks),
            "join-evicts" => bare("join-evicts", Fault::JoinEvicts),
            "short-page" => match value.unwrap_or("1").parse() {
                Ok(page) if page > 0 => Ok(Fault::ShortPage(page)),
                _ => Err(FaultError::Value {
                    name: "short-page",
                    expected: "a page, from 1",
                    value: text.to_owned(),
                }),
            },
            "duplicate-page" => bare("duplicate-page", Fault::DuplicatePage),
            "unstable-total" => bare("unstable-total", Fault::UnstableTotal),
            "no-memberships" => bare("no-memberships", Fault::NoMemberships),
            "drop-membership" => bare("drop-membership", Fault::DropMembership),
            "slow-hr" => seconds("slow-hr", value).map(Fault::SlowHr),
            "partial-hr" => seconds("partial-hr", value).map(Fault::PartialHr),
            "drop-hr" => bare("drop-hr", Fault::DropHr),
            "hr-renames" => bare("hr-renames", Fault::HrRenames),
            "lag" => milliseconds("lag", value).map(|time| Fault::Lag(None, time)),
            "lag-identity" => lag("lag-identity", value, Lagging::Identity),
            "lag-scim" => lag("lag-scim", value, Lagging::Scim),
            "lag-admin" => lag("lag-admin", value, Lagging::Admin),
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

/// The requests per second after `=`.
pub(crate) fn rate(name: &'static str, value: Option<&str>) -> Result<NonZeroU32, FaultError> {
    let rate = value.and_then(|value| value.parse().ok());
    let value = value.unwrap_or_default().to_owned();
    rate.ok_or(FaultError::Value { name, expected: "requests per second, from 1", value })
}

/// The lag of one API.
fn lag(name: &'static str, value: Option<&str>, of: Lagging) -> Result<Fault, FaultError> {
    milliseconds(name, value).map(|time| Fault::Lag(Some(of), time))
}

/// The milliseconds after `=`, at most five minutes: no more is remembered.
pub(crate) fn milliseconds(name: &'static str, value: Option<&str>) -> Result<Duration, FaultError> {
    let time = value.and_then(|value| value.parse().ok()).filter(|ms| *ms <= 300_000);
    let value = value.unwrap_or_default().to_owned();
    let wrong = FaultError::Value { name, expected: "milliseconds, up to 300000", value };
    time.map(Duration::from_millis).ok_or(wrong)
}

/// The time after `=`.
fn seconds(name: &'static str, value: Option<&str>) -> Result<Duration, FaultError> {
    let seconds = value.and_then(|value| value.parse().ok()).map(Duration::from_secs);
    let wrong =
        || FaultError::Value { name, expected: "whole seconds", value: value.unwrap_or_default().to_owned() };
    seconds.ok_or_else(wrong)
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Faults {
        Faults(faults.into_iter().collect())
    }
}

impl Faults {
    /// Every fault as it is written, and what it does.
    pub fn names() -> [(&'static str, &'static str); 23] {
        [
            ("fail-writes", "answers 500 to everything but reads"),
            ("fail-after=COUNT", "answers 500 to everything but reads after so many writes"),
            ("lose-answer[=N]", "carries write N out (1 by default) and answers it with 500"),
            ("erase-untracks", "erasing a user's history untracks them too"),
            ("rename-empties", "renaming an app group takes everybody out of it"),
            ("edit-untracks", "an edit of one user by Identity turns whether they are tracked"),
            ("join-evicts", "whoever joins an app group pushes the first of its users out"),
            ("short-page[=N]", "page N of every list (1 by default) lacks its last element"),
            ("duplicate-page", "page 2 of every list repeats page 1"),
            ("unstable-total", "the totalCount of every list is one higher from page 2 on"),
            ("no-memberships", "entities come without group data even if it is asked for"),
            ("drop-membership", "the first user with a group comes without it; totals by group stay right"),
            ("slow-hr=SECONDS", "the HR upload is carried out that much later"),
            (
                "partial-hr=SECONDS",
                "half of the HR upload is carried out at once, and all of it that much later",
            ),
            ("drop-hr", "the HR upload is answered and never carried out"),
            ("hr-renames", "the HR upload renames the first user that it finds"),
            ("rate-limit=N", "more than N requests a second are answered with 429, Retry-After in seconds"),
            ("rate-limit-date=N", "the same, Retry-After as a date"),
            ("rate-limit-bare=N", "the same, without Retry-After"),
            ("lag=MS", "reads show the account as it was so many milliseconds ago"),
            ("lag-identity=MS", "the same of the Identity API alone"),
            ("lag-scim=MS", "the same of SCIM alone"),
            ("lag-admin=MS", "the same of the Admin API alone"),
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

    /// Whether erasing a user's history untracks them.
    pub(crate) fn erase_untracks(&self) -> bool {
        self.0.contains(&Fault::EraseUntracks)
    }

    /// Whether entities come without group data.
    pub(crate) fn hide_memberships(&self) -> bool {
        self.0.contains(&Fault::NoMemberships)
    }

    /// The membership that lists of entities leave out.
    pub(crate) fn dropped_membership(&self, state: &State) -> Option<(UserId, GroupId)> {
        if !self.0.contains(&Fault::DropMembership) {
            return None;
        }
        state.users().iter().find_map(|user| user.groups.first().map(|group| (user.id, *group)))
    }

    /// How much later the whole of an HR upload is carried out than a part of it, if it is carried out in parts.
    pub(crate) fn hr_parts(&self) -> Option<Duration> {
        self.0.iter().find_map(|fault| if let Fault::PartialHr(later) = fault { Some(*later) } else { None })
    }

    /// Whether an HR upload is never carried out.
    pub(crate) fn drops_hr(&self) -> bool {
        self.0.contains(&Fault::DropHr)
    }

    /// Whether an HR upload renames somebody.
    pub(crate) fn hr_renames(&self) -> bool {
        self.0.contains(&Fault::HrRenames)
    }

    /// What else a write does that was carried out.
    pub(crate) fn besides(&self, method: &str, path: &str) -> Option<Besides> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let number = |text: &str| text.parse().ok();
        match (method, &parts[..]) {
            ("PUT", ["admin", _, "groups", id]) if self.0.contains(&Fault::RenameEmpties) => {
                number(id).map(|id| Besides::Emptied(GroupId(id)))
            }
            ("PATCH", ["identity", _, "entities", id, ..]) if self.0.contains(&Fault::EditUntracks) => {
                number(id).map(|id| Besides::Turned(UserId(id)))
            }
            ("POST", ["identity", _, "groups", id, "entities"]) if self.0.contains(&Fault::JoinEvicts) => {
                number(id).map(|id| Besides::Evicted(GroupId(id)))
            }
            _ => None,
        }
    }

    /// Whether any reads lag.
    pub(crate) fn lags(&self) -> bool {
        self.0.iter().any(|fault| matches!(fault, Fault::Lag(..)))
    }

    /// How far behind the reads of an API are.
    pub(crate) fn behind(&self, api: Lagging) -> Option<Duration> {
        self.0.iter().find_map(|fault| match fault {
            Fault::Lag(of, time) if of.is_none_or(|of| of == api) => Some(*time),
            _ => None,
        })
    }

    /// What limits the rate of requests.
    pub(crate) fn throttle(&self) -> Option<Throttle> {
        let limit = |fault: &Fault| {
            if let Fault::RateLimit(rate, form) = fault { Some((*rate, *form)) } else { None }
        };
        self.0.iter().find_map(limit).map(|(rate, advice)| Throttle::new(rate, advice))
    }

    /// How long an HR upload takes.
    pub(crate) fn hr_delay(&self, normal: Duration) -> Duration {
        let slow = |fault: &Fault| if let Fault::SlowHr(delay) = fault { Some(*delay) } else { None };
        self.0.iter().find_map(slow).unwrap_or(normal)
    }

    /// The elements a page is answered with, out of so many, and the total it claims.
    pub(crate) fn page(&self, paging: Paging, count: usize) -> (Range<usize>, usize) {
        let page = if paging.page == 2 && self.0.contains(&Fault::DuplicatePage) { 1 } else { paging.page };
        let start = (page - 1).saturating_mul(paging.size).min(count);
        let mut end = start.saturating_add(paging.size).min(count);
        if self.0.contains(&Fault::ShortPage(paging.page)) {
            end = end.saturating_sub(1).max(start);
        }
        let extra = usize::from(paging.page > 1 && self.0.contains(&Fault::UnstableTotal));
        (start..end, count + extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_fault_is_read_and_nothing_else() {
        for (name, _) in Faults::names() {
            let written = name
                .replace("[=N]", "=3")
                .replace("SECONDS", "5")
                .replace("COUNT", "2")
                .replace("=N", "=20")
                .replace("=MS", "=20");
            assert!(Faults::parse([&written]).is_ok(), "{written} is listed and not read");
        }
        for (text, message) in [
            (
                "short-pages",
                "there is no fault \"short-pages\", expected one of fail-writes, fail-after=COUNT",
            ),
            ("short-page=0", "takes a page, from 1"),
            ("slow-hr", "takes whole seconds"),
            ("fail-writes=1", "takes no value"),
            ("fail-after", "takes a number of writes"),
            ("lose-answer=0", "takes a write, from 1"),
            ("rate-limit=0", "takes requests per second, from 1"),
            ("lag-scim", "takes milliseconds"),
            ("lag=300001", "takes milliseconds"),
            ("rate-limit-bare", "takes requests per second, from 1"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_page_is_its_part_of_the_list_unless_a_fault_says_otherwise() {
        for (faults, page, expected) in [
            (&[][..], 1, (0..10, 25)),
            (&[], 3, (20..25, 25)),
            (&[], 4, (25..25, 25)),
            (&["short-page"], 1, (0..9, 25)),
            (&["short-page=3"], 3, (20..24, 25)),
            (&["short-page=3"], 2, (10..20, 25)),
            (&["short-page=9"], 9, (25..25, 25)),
            (&["duplicate-page"], 2, (0..10, 25)),
            (&["duplicate-page"], 3, (20..25, 25)),
            (&["unstable-total"], 1, (0..10, 25)),
            (&["unstable-total"], 2, (10..20, 26)),
        ] {
            let faults = Faults::parse(faults).unwrap();
            assert_eq!(faults.page(Paging { page, size: 10 }, 25), expected, "{faults:?} page {page}");
        }
    }

    #[test]
    fn writes_fail_and_answers_are_lost_by_their_number() {
        let faults = Faults::parse(["fail-after=2", "lose-answer=2"]).unwrap();
        assert_eq!([0, 1, 2, 3].map(|before| faults.fails_write(before)), [false, false, true, true]);
        assert_eq!([0, 1, 2].map(|before| faults.loses_answer(before)), [false, true, false]);
    }

    #[test]
    fn slow_hr_takes_the_place_of_the_delay() {
        let normal = Duration::from_millis(5);
        assert_eq!(Faults::default().hr_delay(normal), normal);
        assert_eq!(Faults::parse(["slow-hr=90"]).unwrap().hr_delay(normal), Duration::from_secs(90));
    }
}
