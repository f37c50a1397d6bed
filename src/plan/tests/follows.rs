//! What comes about by the steps of others is bound to them: a report can say of every change whether it is done.

use proptest::prelude::*;

use crate::model::{Cause, Change, Field};
use crate::plan::Plan;
use crate::plan::tests::build::planned;
use crate::plan::tests::standing::{namesake, sides};

/// Whether nothing tells by which step a change comes about, or by which somebody else's rule turns its user.
fn is_loose(plan: &Plan, change: &Change) -> bool {
    let mut followed = plan.follows.iter().filter(|(of, _)| *of == change.id).peekable();
    let is_turned =
        |fact: &crate::model::Fact| fact.field == Field::Tracking && fact.cause == Cause::Consequence;
    let stepless = !plan.steps().any(|step| step.change == Some(change.id));
    (stepless || change.facts.iter().any(is_turned)) && followed.peek().is_none()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn whoever_a_rule_turns_follows_from_the_steps_that_make_or_lift_it(
        people in proptest::collection::vec(namesake(), 2..6),
        standing in proptest::sample::subsequence(vec!["*\\ada", "*\\bob", "*\\kiosk", "*\\ada@d0.example", "PC1\\bob"], 0..3),
    ) {
        let (desired, observed) = sides(&people, &standing);
        prop_assume!(!desired.users.is_empty());
        let plan = planned(&desired, &observed);
        prop_assume!(plan.blockers.is_empty());
        let loose: Vec<&Change> = plan.changes.iter().filter(|change| is_loose(&plan, change)).collect();
        prop_assert_eq!(&loose, &Vec::<&Change>::new(), "{:#?}", plan.phases);
    }
}
