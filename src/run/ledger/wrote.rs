//! What did the last run write, and is it planned again?

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::apply::{Trace, trace};
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
    pub(crate) fn planned_again(&self, plan: &Plan) -> usize {
        let again = |step: &&crate::model::Step| {
            let Trace { act, of, values, makes: _ } = trace(plan, step);
            self.steps.contains(&Step { act, of, values })
        };
        plan.steps().filter(again).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{self, Act, StepId, Tracking, UserId};
    use crate::plan::{Phase, PhaseKind};
    use crate::run::sample;

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
