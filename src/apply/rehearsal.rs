//! What came of a rehearsal: a plan that was carried out in a sandbox which was made of the account?

use std::collections::BTreeMap;
use std::time::Duration;

use crate::apply::report::{Ending, Report, Stop};
use crate::model::{Change, Family, Phrase};
use crate::plan::Plan;

/// A plan that was rehearsed, as far as it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// The plan of the account itself.
    pub plan: Plan,
    /// Whether an apply would carry it out as it stands.
    pub consent: Consent,
    /// How the sandbox misbehaves, in words, if it does.
    pub faults: Option<Faults>,
    /// The runs in the sandbox, in order; none where there is nothing to carry out, or nothing that may be.
    pub runs: Vec<Rehearsed>,
    /// What is different about the sandbox after them.
    pub changes: Vec<Change>,
    /// The plan that a run would make after them; none if none was made.
    pub next: Option<Plan>,
    /// At which rate the requests of an apply would leave.
    pub rate: Rate,
    /// What the sandbox does not know of the account.
    pub unknown: Vec<Phrase>,
}

/// Whether an apply would carry a plan out that nothing blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// It breaks no limit, or was approved.
    Given,
    /// It breaks limits or protections, and nobody approved it.
    Missing,
}

/// How a sandbox misbehaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// The number that decides it.
    pub seed: u64,
    /// What it decides, in words.
    pub words: String,
}

/// One run in the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsed {
    /// Whether the sandbox misbehaved.
    pub under: Under,
    /// What became of it.
    pub came: Came,
    /// What somebody did right before it, in a sentence.
    pub before: Option<&'static str>,
    /// What was asked until there was a plan.
    pub planning: Asked,
    /// What was asked to carry it out.
    pub applying: Asked,
}

/// How the sandbox behaved in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// As it should.
    Calm,
    /// By the number.
    Faults,
}

/// What became of a run in the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// A plan was carried out.
    Reported(Box<(Plan, Report)>),
    /// There was nothing left to do; an upload of an earlier run may still be awaited, in a sentence.
    Nothing(Option<String>),
    /// Something blocks the plan that there was.
    Blocked(Box<Plan>),
    /// No plan could be made: why.
    Unread(String),
}

/// Requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Those that change nothing.
    pub reads: usize,
    /// The others, by API family; families without any are left out.
    pub writes: BTreeMap<Family, usize>,
}

/// Requests per minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub per_minute: u64,
    /// How that is known.
    pub known: Known,
}

/// How a rate is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The account showed it, or the command line bounds it.
    Seen,
    /// It is a guess.
    Supposed,
}

/// How a rehearsal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is nothing to do.
    Nothing,
    /// Something blocks the plan that nothing approves.
    Blocked,
    /// All is done, and the next plan is empty.
    Settled,
    /// All was written, and the sandbox has yet to show some of it.
    Pending,
    /// Something was not done.
    Unfinished,
    /// Somebody ended it.
    Stopped(Stop),
}

impl Rehearsal {
    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        if !self.plan.blockers.is_empty() {
            return Outcome::Blocked;
        }
        let Some(last) = self.runs.last() else { return Outcome::Nothing };
        if let Some(stop) = last.stopped() {
            return Outcome::Stopped(stop);
        }
        let is_left = |next: &Plan| !next.is_empty() || !next.blockers.is_empty();
        match last.ending() {
            Ending::Done if !self.next.as_ref().is_none_or(is_left) => Outcome::Settled,
            Ending::Pending => Outcome::Pending,
            Ending::Done | Ending::Unfinished => Outcome::Unfinished,
        }
    }

    /// The run that an apply of the account would be, if nothing goes wrong: what it asked.
    pub fn asked(&self) -> Option<Asked> {
        let calm = self.runs.first().filter(|run| run.under == Under::Calm)?;
        Some(calm.planning.and(&calm.applying))
    }
}

impl Rehearsed {
    /// How it ended.
    pub fn ending(&self) -> Ending {
        match &self.came {
            Came::Reported(it) => it.1.ending(),
            Came::Nothing(None) => Ending::Done,
            Came::Nothing(Some(_)) => Ending::Pending,
            Came::Blocked(_) | Came::Unread(_) => Ending::Unfinished,
        }
    }

    /// A reading that failed once the sandbox behaved.
    pub fn unread(why: String) -> Self {
        let (planning, applying) = (Asked::default(), Asked::default());
        Self { under: Under::Calm, came: Came::Unread(why), before: None, planning, applying }
    }

    /// Who ended it before its end, if somebody did.
    pub fn stopped(&self) -> Option<Stop> {
        let stop = self.report().and_then(|report| report.stopped);
        stop.filter(|stop| matches!(stop, Stop::Interrupted | Stop::Terminated))
    }

    /// The plan that it carried out, if it did.
    pub fn plan(&self) -> Option<&Plan> {
        match &self.came {
            Came::Reported(it) => Some(&it.0),
            Came::Nothing(_) | Came::Blocked(_) | Came::Unread(_) => None,
        }
    }

    fn report(&self) -> Option<&Report> {
        match &self.came {
            Came::Reported(it) => Some(&it.1),
            Came::Nothing(_) | Came::Blocked(_) | Came::Unread(_) => None,
        }
    }
}

impl Asked {
    /// All writes.
    pub fn written(&self) -> usize {
        self.writes.values().sum()
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.reads + self.written()
    }

    /// What was asked since it was so much.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let before_of = |family: &Family| before.writes.get(family).copied().unwrap_or_default();
        let more = |(family, count): (&Family, &usize)| (*family, count.saturating_sub(before_of(family)));
        Self {
            reads: self.reads.saturating_sub(before.reads),
            writes: self.writes.iter().map(more).filter(|(_, count)| *count > 0).collect(),
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.reads += other.reads;
        for (family, count) in &other.writes {
            *all.writes.entry(*family).or_default() += count;
        }
        all
    }
}

impl Rate {
    /// How long so many requests take, in full seconds.
    pub fn time(self, requests: usize) -> Duration {
        Duration::from_secs((requests as u64 * 60).div_ceil(self.per_minute.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Observed, ObservedUser, Outcome as Of, StepId, UserId};
    use crate::plan::{between, sample};

    /// A plan in which something is left to do.
    fn more() -> Plan {
        let one = vec![ObservedUser::new(UserId(1))];
        let one = Observed::new(one, Vec::new(), &[], Vec::new(), Vec::new());
        Plan { changes: between(&Observed::default(), &one), ..sample::empty() }
    }

    fn reported(outcome: Of) -> Came {
        let report = Report { outcomes: vec![(StepId(0), outcome)], ..Report::default() };
        Came::Reported(Box::new((sample::empty(), report)))
    }

    fn ends(came: Option<Came>, next: Option<Plan>) -> Outcome {
        let run = |came| Rehearsed {
            under: Under::Calm,
            came,
            before: None,
            planning: Asked::default(),
            applying: Asked::default(),
        };
        let rehearsal = Rehearsal {
            plan: sample::empty(),
            consent: Consent::Given,
            faults: None,
            runs: came.into_iter().map(run).collect(),
            changes: Vec::new(),
            next,
            rate: Rate { per_minute: 60, known: Known::Seen },
            unknown: Vec::new(),
        };
        rehearsal.outcome()
    }

    #[test]
    fn it_is_settled_only_if_all_is_done_and_nothing_is_left_to_plan() {
        let (empty, more) = (sample::empty(), more());
        assert_eq!(ends(None, None), Outcome::Nothing);
        assert_eq!(ends(Some(reported(Of::Applied)), Some(empty.clone())), Outcome::Settled);
        assert_eq!(ends(Some(reported(Of::Applied)), Some(more)), Outcome::Unfinished);
        assert_eq!(ends(Some(reported(Of::Applied)), None), Outcome::Unfinished);
        assert_eq!(ends(Some(reported(Of::Pending)), Some(empty.clone())), Outcome::Pending);
        assert_eq!(ends(Some(reported(Of::Failed("no".into()))), Some(empty.clone())), Outcome::Unfinished);
        assert_eq!(ends(Some(Came::Unread("no".to_owned())), Some(empty.clone())), Outcome::Unfinished);
        assert_eq!(ends(Some(Came::Nothing(None)), Some(empty)), Outcome::Settled);
    }

    #[test]
    fn requests_are_counted_from_one_moment_to_another() {
        let asked = |reads, identity| Asked { reads, writes: BTreeMap::from([(Family::Identity, identity)]) };
        assert_eq!(asked(7, 3).since(&asked(2, 3)), Asked { reads: 5, writes: BTreeMap::new() });
        assert_eq!(asked(7, 3).and(&asked(2, 1)).total(), 13);
        assert_eq!(Rate { per_minute: 300, known: Known::Supposed }.time(301).as_secs(), 61);
    }
}
