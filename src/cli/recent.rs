//! Does the reading that a plan is made of show what the last run wrote right before?

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::account::ReadError;
use crate::apply::{Trace, trace};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::planning::{Planned, Session};
use crate::plan::Plan;

/// What the last run wrote and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrote {
    /// When it began.
    pub(crate) run: Timestamp,
    /// When the last of it was read back.
    pub(crate) last: Timestamp,
    /// The steps.
    pub(crate) steps: BTreeSet<Step>,
}

/// A step as ledgers have it: what is done, to which objects, and what it writes there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step {
    pub(crate) act: String,
    pub(crate) of: Vec<String>,
    pub(crate) values: Option<String>,
}

impl Wrote {
    /// How many steps of a plan it has done already.
    fn planned_again(&self, plan: &Plan) -> usize {
        let again = |step: &&crate::model::Step| {
            let Trace { act, of, values, makes: _ } = trace(plan, step);
            self.steps.contains(&Step { act, of, values })
        };
        plan.steps().filter(again).count()
    }
}

/// Makes a plan of a reading that shows what the last run wrote less than `time` ago. What it does not show is not planned again as
/// long as it may only be late: the account is read again until it shows.
pub(crate) async fn plan(
    cx: &Context,
    session: &Session,
    wrote: Option<&Wrote>,
    time: Duration,
) -> Result<Planned, Failure> {
    let age = |wrote: &Wrote| Context::clock().duration_since(wrote.last);
    let left = |wrote: &Wrote| time.saturating_sub(Duration::try_from(age(wrote)).unwrap_or_default());
    // What is from the future is no memory of anything.
    let recent = wrote.filter(|wrote| age(wrote).is_positive() && !left(wrote).is_zero());
    let Some(wrote) = recent else { return session.plan().await };
    let mut polling = session.target.connection.pace.poll(left(wrote));
    let mut told = false;
    loop {
        let planned = session.plan().await;
        let again = match &planned {
            Ok(planned) => wrote.planned_again(&planned.plan),
            // Copies that are behind contradict each other.
            Err(failure) => {
                usize::from(failure.error.downcast_ref::<ReadError>().is_some_and(ReadError::may_pass))
            }
        };
        if again == 0 {
            return planned;
        }
        let run = wrote.run.strftime("%FT%TZ");
        if !told {
            told = true;
            cx.say(&format!(
                "the account does not show yet all that the apply of {run} wrote: it is read again until it does, for {} s at most",
                left(wrote).as_secs() + 1
            ));
        }
        if polling.tick().await.is_none() {
            if planned.is_ok() {
                cx.say(&format!(
                    "the account still does not show {again} of the steps that the apply of {run} did: they are planned again, as \
                     somebody else may have changed the account since"
                ));
            }
            return planned;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;
    use crate::model::{self, Act, StepId, Tracking, UserId};
    use crate::plan::{Phase, PhaseKind};

    #[test]
    fn a_plan_asks_again_for_what_was_done_where_it_has_the_very_step() {
        let act = Act::Track { user: UserId(7), to: Tracking::Untracked };
        let step = model::Step { id: StepId(0), change: None, act, needs: Vec::new() };
        let phases = vec![Phase { kind: PhaseKind::Tracking, steps: vec![step] }];
        let plan = Plan { phases, ..sample::plan() };
        let steps: BTreeSet<Step> = plan
            .steps()
            .map(|step| {
                let Trace { act, of, values, makes: _ } = trace(&plan, step);
                Step { act, of, values }
            })
            .collect();
        let (run, last) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        assert_eq!(Wrote { run, last, steps }.planned_again(&plan), 1);
        let other = Step { act: "untrack".into(), of: vec!["user 4711".into()], values: None };
        assert_eq!(Wrote { run, last, steps: BTreeSet::from([other]) }.planned_again(&plan), 0);
    }
}
