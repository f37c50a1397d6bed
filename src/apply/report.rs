//! What became of a run?

use std::time::Duration;

use crate::apply::set::GroupShown;
use crate::model::{ChangeId, Family, Field, Outcome, Piece, StepId, UserLabel};
use crate::plan::Plan;

/// What became of every step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// One for each step, in the order of the plan.
    pub outcomes: Vec<(StepId, Outcome)>,
    /// Why the run ended before its end, if it did.
    pub stopped: Option<Stop>,
    /// Writes that were sent: requests, each attempt by itself, without those that the account certainly did not take.
    pub sent: usize,
    /// What the account shows of an HR set that was sent, group by group; empty where it shows all of it, or none was sent.
    pub set: Vec<GroupShown>,
    /// What to delete once it is sure that the account dropped the last HR upload.
    pub upload_note: String,
    /// An HR upload of an earlier run that the account may still be processing, in a sentence; what it changes was in no plan.
    pub awaited: Option<String>,
    /// What is not as the run left it about users of an HR set that the account shows.
    pub altered: Vec<Altered>,
    /// How late the reads of the account showed its writes, at most, by API family; families that showed them at once are left out.
    pub late: Vec<(Family, Duration)>,
}

/// Something about a user of the set that is not as the run left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Altered {
    /// Who.
    pub user: UserLabel,
    /// What about them; that they are there at all, if their record is gone.
    pub field: Field,
    /// What it was; none if there was none.
    pub expected: Option<Piece>,
    /// What it is; none if there is none.
    pub found: Option<Piece>,
}

/// Why a run ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// A write was accepted and does not read back as asked, or more was done: the account does not do what this version expects
    /// of it.
    Mismatched(StepId),
    /// What is sent could no longer be noted for later runs.
    Unnoted,
}

/// How a run, or a change of it, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Everything holds.
    Done,
    /// Everything was written, and the account has yet to show some of it.
    Pending,
    /// Something was not done: refused, unknown, mismatched, skipped, or not tried.
    Unfinished,
}

impl Report {
    /// What became of a step.
    pub fn outcome(&self, step: StepId) -> Option<&Outcome> {
        let at = self.outcomes.binary_search_by_key(&step, |outcome| outcome.0).ok()?;
        self.outcomes.get(at).map(|outcome| &outcome.1)
    }

    /// Whether anything in the account may be another than before.
    pub fn may_have_changed(&self) -> bool {
        self.outcomes.iter().any(|(_, outcome)| match outcome {
            Outcome::Applied
            | Outcome::Pending
            | Outcome::Unknown(_)
            | Outcome::Mismatched { .. }
            | Outcome::Overdone { .. } => true,
            Outcome::AlreadyTrue
            | Outcome::Unseen
            | Outcome::Failed(_)
            | Outcome::Skipped(_)
            | Outcome::NotAttempted => false,
        })
    }

    /// How the whole run ended.
    pub fn ending(&self) -> Ending {
        let awaited = self.awaited.as_ref().map(|_| Ending::Pending);
        self.worst(self.outcomes.iter()).max(awaited.unwrap_or(Ending::Done))
    }

    /// The steps of a change with what became of them; a change of an HR group has the upload as its step.
    pub fn outcomes_of<'a>(
        &'a self,
        plan: &'a Plan,
        change: ChangeId,
    ) -> impl Iterator<Item = &'a (StepId, Outcome)> {
        let in_set = plan
            .snapshot
            .iter()
            .flat_map(|snapshot| &snapshot.groups)
            .any(|group| group.change == Some(change));
        let steps = plan.steps().zip(&self.outcomes);
        steps
            .filter(move |(step, _)| step.change == Some(change) || (in_set && step.change.is_none()))
            .map(|(_, outcome)| outcome)
    }

    fn worst<'a>(&'a self, outcomes: impl Iterator<Item = &'a (StepId, Outcome)>) -> Ending {
        outcomes.map(|(_, outcome)| self.ending_with(outcome)).max().unwrap_or(Ending::Done)
    }

    fn ending_with(&self, outcome: &Outcome) -> Ending {
        match outcome {
            Outcome::Applied | Outcome::AlreadyTrue => Ending::Done,
            Outcome::Pending | Outcome::Unseen => Ending::Pending,
            Outcome::Skipped(cause) if self.outcome(*cause).is_some_and(Outcome::is_pending) => {
                Ending::Pending
            }
            Outcome::Skipped(_)
            | Outcome::Failed(_)
            | Outcome::NotAttempted
            | Outcome::Unknown(_)
            | Outcome::Mismatched { .. }
            | Outcome::Overdone { .. } => Ending::Unfinished,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_or_not_tried_has_changed_nothing() {
        let changed =
            |outcome| Report { outcomes: vec![(StepId(0), outcome)], ..Report::default() }.may_have_changed();
        assert!(
            changed(Outcome::Applied)
                && changed(Outcome::Pending)
                && changed(Outcome::Unknown("lost".into()))
        );
        assert!(!changed(Outcome::Failed("no".into())) && !changed(Outcome::NotAttempted));
        assert!(!changed(Outcome::AlreadyTrue) && !changed(Outcome::Skipped(StepId(1))));
    }
}
