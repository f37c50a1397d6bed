//! Which plans does the command line let through?

use crate::apply::{Expected, Fit, Standing, fit, moved};
use crate::cli::args::Apply;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::ledger::Ledgers;
use crate::cli::output;
use crate::cli::reviewed::Reviewed;
use crate::cli::shown::Manner;
use crate::model::Policy;
use crate::plan::{Digest, Plan};
use crate::render::difference::{Named, difference};

/// `--plan`, `--expect` and `--approve`.
#[derive(Debug)]
pub(crate) struct Expectations {
    /// What is left of these, taken together.
    expected: Vec<Reviewed>,
    /// What is left of this one alone, through its violations too.
    approved: Option<Reviewed>,
}

/// Another plan than any that was expected.
#[derive(Debug, thiserror::Error)]
#[error(
    "nothing was written: not the plan that was expected: this one is {now}, and it is not what is left of {expected}"
)]
struct Stale {
    now: Digest,
    expected: String,
}

/// A file that is not as it was written.
#[derive(Debug, thiserror::Error)]
#[error("nothing was written: {0}")]
struct Altered(String);

/// Two plans to carry out.
#[derive(Debug, thiserror::Error)]
#[error("--plan is the plan {planned}, and --approve approves {approved}")]
struct TwoPlans {
    planned: Digest,
    approved: Digest,
}

impl Expectations {
    /// Reads what the command line says, and the saved plans it means.
    pub(crate) fn read(args: &Apply) -> Result<Self, Failure> {
        let manifests = &args.manifests.path;
        let approved = args.approve.as_deref().map(|text| Reviewed::read(text, manifests)).transpose()?;
        let Some(file) = &args.plan else {
            let expected = args.expect.iter().map(|text| Reviewed::read(text, manifests));
            return Ok(Self { expected: expected.collect::<Result<_, _>>()?, approved });
        };
        let planned = Reviewed::load(file)?;
        match approved.as_ref().map(|approved| approved.expected.digest) {
            Some(approved) if approved != planned.expected.digest => {
                let planned = planned.expected.digest;
                Err(Failure::usage(TwoPlans { planned, approved }).hint("approve the plan of that file"))
            }
            _ => Ok(Self { expected: vec![planned], approved }),
        }
    }

    /// Takes what ledgers know of the plans that were not kept.
    pub(crate) fn look_up(&mut self, ledgers: &Ledgers) {
        for one in self.expected.iter_mut().chain(&mut self.approved) {
            one.look_up(ledgers);
        }
    }

    /// Refuses a plan, made under `policy`, that is not covered by those expected, with what is different about it.
    pub(crate) fn check(
        &self,
        cx: &Context,
        policy: &Policy,
        plan: &Plan,
        manner: &Manner<'_>,
    ) -> Result<(), Failure> {
        let all: Vec<&Reviewed> = self.expected.iter().chain(&self.approved).collect();
        let altered = |one: &&Reviewed| one.expected.standing(plan, policy) == Standing::Altered;
        if let Some((why, hint)) =
            all.iter().copied().find(altered).and_then(|one| one.shortfall(plan, policy))
        {
            return Err(Failure::new(Exit::Stale, Altered(why)).hint(hint));
        }
        let expected: Vec<&Expected> = self.expected.iter().map(|one| &one.expected).collect();
        if all.is_empty() || fit(plan, policy, &expected) != Fit::Other || self.is_approved(policy, plan) {
            return Ok(());
        }
        Err(stale(cx, &all, (policy, plan), manner)?)
    }

    /// Whether a plan, made under `policy`, may be carried out: nothing blocks it, and its violations were approved.
    pub(crate) fn let_through(&self, policy: &Policy, plan: &Plan) -> bool {
        plan.blockers.is_empty() && (plan.violations.is_empty() || self.is_approved(policy, plan))
    }

    /// An approval is of one plan: what was approved together with nothing else is not approved beside it. And it is of the
    /// violations which that plan had: what is left of it may break what the whole did not.
    fn is_approved(&self, policy: &Policy, plan: &Plan) -> bool {
        self.approved.as_ref().is_some_and(|one| {
            let fit = fit(plan, policy, &[&one.expected]);
            fit == Fit::Same || (fit == Fit::Rest && one.expected.has_violations_of(plan))
        })
    }
}

/// Says why a plan is none of those expected.
fn stale(
    cx: &Context,
    all: &[&Reviewed],
    (policy, plan): (&Policy, &Plan),
    manner: &Manner<'_>,
) -> Result<Failure, Failure> {
    let saved: Vec<Named<'_>> = all.iter().filter_map(|one| one.named()).collect();
    if !saved.is_empty() {
        let facts = output::bytes(|out| difference(out, &saved, plan, &manner.view, manner.paper))?;
        cx.show(&facts);
    }
    let expected: Vec<&Expected> = all.iter().map(|one| &one.expected).collect();
    let moved = if saved.is_empty() { Vec::new() } else { moved(plan, &expected) };
    if !moved.is_empty() {
        let names: Vec<String> = moved.iter().map(ToString::to_string).collect();
        cx.say(&format!(
            "HR groups whose members are others than the review found or leaves there: {}",
            names.join(", ")
        ));
    }
    let mut hints = Vec::new();
    if fit(plan, policy, &expected) != Fit::Other {
        hints.push("all of it is in them together, and an approval is of one whole plan: name each with --expect, or approve this plan");
    }
    for (why, hint) in all.iter().filter_map(|one| one.shortfall(plan, policy)) {
        cx.say(&why);
        hints.push(hint);
    }
    let digests: Vec<String> = expected.iter().map(|one| one.digest.to_string()).collect();
    let failure = Failure::new(Exit::Stale, Stale { now: plan.digest, expected: digests.join(" and ") });
    hints.dedup();
    if hints.is_empty() {
        hints.push("review the plan as it is now");
    }
    Ok(hints.into_iter().fold(failure, Failure::hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;
    use crate::model::{Origin, Phrase};
    use crate::plan::{Blocker, BlockerCode, LimitKind, Violation, ViolationKind};

    fn approving(digest: Option<Digest>) -> Expectations {
        let approved = digest.map(|digest| Reviewed::new(digest.to_string(), digest, None));
        Expectations { expected: Vec::new(), approved }
    }

    fn violating() -> Plan {
        let kind = ViolationKind::Limit { limit: LimitKind::Untrack, of: None, planned: 1, allowed: 0 };
        Plan { violations: vec![Violation { kind, origin: Origin::NONE }], ..sample::plan() }
    }

    #[test]
    fn a_plan_without_violations_needs_no_approval() {
        assert!(approving(None).let_through(&Policy::default(), &sample::plan()));
    }

    #[test]
    fn violations_need_an_approval_of_that_very_plan() {
        let (policy, plan) = (Policy::default(), violating());
        assert!(approving(Some(plan.digest)).let_through(&policy, &plan));
        assert!(!approving(None).let_through(&policy, &plan));
        assert!(!approving(Some(Digest([9; 32]))).let_through(&policy, &plan));
    }

    #[test]
    fn no_approval_lets_a_blocked_plan_through() {
        let blocker = Blocker {
            origin: Origin::NONE,
            code: BlockerCode::UnknownReference,
            message: Phrase::default(),
            candidates: Vec::new(),
            ways_out: Vec::new(),
        };
        let plan = Plan { blockers: vec![blocker], ..sample::plan() };
        assert!(!approving(Some(plan.digest)).let_through(&Policy::default(), &plan));
    }
}
