//! How does an account misbehave by a number? What becomes of a request follows from the number, from the request, and from how
//! often it came before: not from what else is under way.

mod actor;
mod dice;
mod misdeed;

pub(crate) use dice::Dice;
pub(crate) use misdeed::{How, Length, Lie, Misdeed, Return, When};

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::sandbox::chaos::misdeed::KINDS;
use crate::sandbox::log::RequestKind;
use crate::sandbox::state::State;

use jiff::Timestamp;

/// A number, and the temper that it gives an account: what it does wrong, to which requests, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chaos {
    seed: u64,
    reach: Reach,
    once_in: usize,
    /// The kinds of misdeeds that happen, a bit each.
    kinds: u16,
    /// How often somebody else acts, if anybody does.
    actor: Option<usize>,
    uploads: Processing,
    lag: Option<Lag>,
    /// What the copies are of.
    copies: [&'static str; 3],
}

/// What the copies of an ActivTrak account are of.
const COPIES: [&str; 3] = ["Identity", "SCIM", "Admin"];

/// Copies that are behind the account, and answer its reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lag {
    time: Duration,
    /// Which of the [`COPIES`] there are.
    of: [bool; 3],
    /// Whether reads go to it, or to it and to the account by turns.
    by_turns: bool,
}

/// Which requests may meet a misdeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only those that change nothing.
    Reads,
    /// Only the others.
    Writes,
    /// All.
    All,
}

/// What becomes of HR uploads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processing {
    /// As the account is set up.
    Normal,
    /// They take so long.
    Slow(Duration),
    /// Half at once, and the rest so much later.
    Parts(Duration),
    /// They are answered and forgotten.
    Dropped,
}

/// A request, as far as it decides what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    /// Whether it could change the account.
    pub(crate) kind: RequestKind,
    /// `GET`, `POST`, …
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) path: &'a str,
    /// The body; empty for a form, whose boundary is another one every time.
    pub(crate) body: &'a [u8],
}

/// How often each request came.
#[derive(Debug, Default)]
pub(crate) struct Times(Mutex<BTreeMap<Vec<u8>, u32>>);

impl Times {
    /// Counts a request; tells how often it came before.
    fn count(&self, call: &Call<'_>) -> u32 {
        let key = [call.method.as_bytes(), call.path.as_bytes(), call.body].join(&0);
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = times.entry(key).or_default();
        *count += 1;
        *count - 1
    }
}

impl Chaos {
    /// The temper of a number.
    pub fn of(seed: u64) -> Chaos {
        let mut dice = Dice::of(seed, &[b"temper"]);
        let reach = dice.pick([Reach::Reads, Reach::Writes, Reach::All, Reach::All]);
        let once_in = dice.pick([3, 6, 12, 25, 50]);
        let every = (1 << KINDS) - 1;
        let some = (0..KINDS).filter(|_| dice.once_in(2)).fold(0, |kinds, kind| kinds | (1 << kind));
        let kinds = if some == 0 || dice.once_in(2) { every } else { some };
        let often = dice.pick([6, 12, 25]);
        let actor = dice.once_in(4).then_some(often);
        let time = Duration::from_millis(dice.pick([50, 300, 1500]));
        let uploads = match dice.below(8) {
            0..4 => Processing::Normal,
            4 | 5 => Processing::Slow(time),
            6 => Processing::Parts(time),
            _ => Processing::Dropped,
        };
        let time = Duration::from_millis(dice.pick([30, 150, 600]));
        let lag = Lag { time, of: [(); 3].map(|()| !dice.once_in(3)), by_turns: dice.once_in(2) };
        let lag = dice.once_in(3).then_some(lag);
        Chaos { seed, reach, once_in, kinds, actor, uploads, lag, copies: COPIES }
    }

    /// The same temper of a platform that takes no uploads, and whose copies are of something else.
    #[must_use]
    pub(crate) fn of_copies(self, copies: [&'static str; 3]) -> Chaos {
        Chaos { uploads: Processing::Normal, copies, ..self }
    }

    /// Which requests may meet a misdeed.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Whether somebody else changes the account meanwhile.
    pub fn has_an_actor(&self) -> bool {
        self.actor.is_some()
    }

    /// Whether reads lag behind writes.
    pub fn lags(&self) -> bool {
        self.lag.is_some()
    }

    /// How far behind a copy is that answers a read, by its place among the three; nothing where the account does.
    pub(crate) fn behind(&self, at: usize, path: &str, times: &Times) -> Option<Duration> {
        let Lag { time, of, by_turns } = self.lag?;
        let call = Call { kind: RequestKind::Read, method: "copy", path, body: b"" };
        let turn = || times.count(&call) % 2 == 1;
        (of.get(at).copied().unwrap_or_default() && !(by_turns && turn())).then_some(time)
    }

    /// What becomes of HR uploads.
    pub fn uploads(&self) -> Processing {
        self.uploads
    }

    /// What becomes of a request, and what somebody else does right before it.
    pub(crate) fn decide(&self, call: &Call<'_>, times: &Times) -> Fate {
        let time = times.count(call).to_le_bytes();
        let mut dice = Dice::of(self.seed, &[call.method.as_bytes(), call.path.as_bytes(), call.body, &time]);
        let reached = match self.reach {
            Reach::All => true,
            Reach::Reads => call.kind == RequestKind::Read,
            Reach::Writes => call.kind == RequestKind::Write,
        };
        let happens = dice.once_in(self.once_in) && reached;
        let kinds: Vec<usize> = (0..KINDS).filter(|kind| self.kinds & (1 << kind) != 0).collect();
        let kind = kinds.get(dice.below(kinds.len())).copied();
        let misdeed = kind.filter(|_| happens).map(|kind| Misdeed::thrown(&mut dice, kind));
        let meddler = self.actor.filter(|often| dice.once_in(*often)).map(|_| Meddler(dice));
        Fate { misdeed, meddler }
    }
}

/// What happens with a request.
#[derive(Debug)]
pub(crate) struct Fate {
    /// What goes wrong.
    pub(crate) misdeed: Option<Misdeed>,
    /// Who acts right before it.
    pub(crate) meddler: Option<Meddler>,
}

/// Somebody else who is about to do one thing.
#[derive(Debug)]
pub(crate) struct Meddler(Dice);

impl Meddler {
    /// Whoever does what a number decides.
    pub(crate) fn of(number: u64) -> Meddler {
        Meddler(Dice::of(number, &[b"meddler"]))
    }

    /// What decides what is done.
    pub(crate) fn into_dice(self) -> Dice {
        self.0
    }

    /// Does it; tells what was done.
    pub(crate) fn act(mut self, state: &mut State, now: Timestamp) -> Option<String> {
        state.meddle(&mut self.0, now)
    }
}

impl fmt::Display for Chaos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reach = match self.reach {
            Reach::Reads => "reads",
            Reach::Writes => "writes",
            Reach::All => "reads and writes",
        };
        write!(f, "chaos {}: {reach}, about one in {}", self.seed, self.once_in)?;
        if let Some(often) = self.actor {
            write!(f, "; somebody else acts before one in {often}")?;
        }
        if let Some(Lag { time, of, by_turns }) = self.lag {
            let ms = time.as_millis();
            let turns = if by_turns { ", every other time" } else { "" };
            let named = self.copies.into_iter().zip(of).filter(|(_, late)| *late);
            let named: Vec<&str> = named.map(|(name, _)| name).collect();
            if !named.is_empty() {
                write!(f, "; reads of {} are {ms} ms late{turns}", named.join(", "))?;
            }
        }
        match self.uploads {
            Processing::Normal => Ok(()),
            Processing::Slow(time) => write!(f, "; uploads take {} ms", time.as_millis()),
            Processing::Parts(time) => write!(f, "; uploads in parts, {} ms apart", time.as_millis()),
            Processing::Dropped => write!(f, "; uploads are dropped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn read(path: &str) -> Call<'_> {
        Call { kind: RequestKind::Read, method: "GET", path, body: b"" }
    }

    #[test]
    fn what_becomes_of_a_request_does_not_hang_on_what_else_is_asked() {
        let fates = |paths: &[&str]| {
            let (chaos, times) = (Chaos::of(3), Times::default());
            let fate = |path: &&str| (path.to_string(), format!("{:?}", chaos.decide(&read(path), &times)));
            paths.iter().map(fate).collect::<BTreeSet<_>>()
        };
        assert_eq!(fates(&["/a", "/b", "/a", "/c"]), fates(&["/c", "/a", "/a", "/b"]));
    }

    #[test]
    fn a_number_that_spares_writes_never_touches_one() {
        let seeds = (0..40).map(Chaos::of).filter(|chaos| chaos.reach == Reach::Reads);
        for chaos in seeds {
            let times = Times::default();
            let write = Call { kind: RequestKind::Write, method: "POST", path: "/w", body: b"" };
            assert!((0..200).all(|_| chaos.decide(&write, &times).misdeed.is_none()));
            assert!((0..200).any(|_| chaos.decide(&read("/r"), &times).misdeed.is_some()));
        }
    }

    #[test]
    fn every_kind_of_misdeed_happens_by_some_number() {
        let mut told = BTreeSet::new();
        for chaos in (0..200).map(Chaos::of) {
            let times = Times::default();
            for _ in 0..100 {
                told.extend(chaos.decide(&read("/r"), &times).misdeed.map(|misdeed| misdeed.to_string()));
            }
        }
        // 5 of 429, 4 of 500 and 503, 4 pages, 2 cuts, 3 delays, 2 halves, 7 lists.
        assert_eq!(told.len(), 5 + 4 + 4 + 2 + 3 + 2 + 7, "{told:#?}");
    }
}
