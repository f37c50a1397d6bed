//! Which plans may be carried out, by what was reviewed and approved?

use std::path::Path;

use crate::apply::{Expected, Fit, Standing, fit, moved};
use crate::model::{GroupName, Policy};
use crate::plan::{Digest, Plan};
use crate::render::difference::Named;
use crate::run::ledger::Ledgers;
use crate::run::reviewed::{Reviewed, Unclear};

/// The plans that somebody names, each by a digest or a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The file of the plan to carry out.
    pub(crate) plan: Option<&'a Path>,
    /// The plans that are expected, taken together.
    pub(crate) expect: &'a [String],
    /// The plan that is approved.
    pub(crate) approve: Option<&'a str>,
}

/// What was reviewed and approved.
#[derive(Debug)]
pub(crate) struct Expectations {
    /// What is left of these, taken together.
    expected: Vec<Reviewed>,
    /// What is left of this one alone, through its violations too.
    approved: Option<Reviewed>,
}

/// Two plans to carry out.
#[derive(Debug, thiserror::Error)]
#[error("--plan is the plan {planned}, and --approve approves {approved}")]
pub(crate) struct TwoPlans {
    planned: Digest,
    approved: Digest,
}

/// Why it is not clear what is expected.
#[derive(Debug)]
pub(crate) enum Unexpected {
    /// What is named is no plan.
    Unclear(Unclear),
    /// Two plans are to be carried out.
    TwoPlans(TwoPlans),
}

impl From<Unclear> for Unexpected {
    fn from(unclear: Unclear) -> Self {
        Self::Unclear(unclear)
    }
}

/// What expectations say of a plan.
#[derive(Debug)]
pub(crate) enum Verdict<'a> {
    /// It is covered by them, or nothing is expected.
    Expected,
    /// One of them is not as it was written: why, and what to do about it.
    Altered(String, &'static str),
    /// It is another plan.
    Stale(Stale<'a>),
}

/// How a plan differs from all that was expected.
#[derive(Debug)]
pub(crate) struct Stale<'a> {
    /// The plans that were expected, as far as more is known of them than a digest.
    pub(crate) saved: Vec<Named<'a>>,
    /// HR groups whose members are others than the review found or leaves there, where no facts can be compared.
    pub(crate) moved: Vec<&'a GroupName>,
    /// Whether all of it is in them together, and only an approval of one whole plan is missing.
    pub(crate) is_in_them_together: bool,
    /// Why one of them does not count, with what to do about it.
    pub(crate) shortfalls: Vec<(String, &'static str)>,
    /// The digests of all.
    pub(crate) digests: Vec<Digest>,
}

impl Expectations {
    /// Reads the saved plans that are meant.
    pub(crate) fn read(asked: Asked<'_>, manifests: &Path) -> Result<Self, Unexpected> {
        let Asked { plan, expect, approve } = asked;
        let approved = approve.map(|text| Reviewed::read(text, manifests)).transpose()?;
        let Some(file) = plan else {
            let expected = expect.iter().map(|text| Reviewed::read(text, manifests));
            return Ok(Self { expected: expected.collect::<Result<_, _>>()?, approved });
        };
        let planned = Reviewed::load(file)?;
        match approved.as_ref().map(|approved| approved.expected.digest) {
            Some(approved) if approved != planned.expected.digest => {
                let planned = planned.expected.digest;
                Err(Unexpected::TwoPlans(TwoPlans { planned, approved }))
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

    /// Whether a plan, made under `policy`, is covered by what is expected.
    pub(crate) fn judge<'a>(&'a self, policy: &Policy, plan: &'a Plan) -> Verdict<'a> {
        let all: Vec<&Reviewed> = self.expected.iter().chain(&self.approved).collect();
        let altered = |one: &&Reviewed| one.expected.standing(plan, policy) == Standing::Altered;
        if let Some((why, hint)) =
            all.iter().copied().find(altered).and_then(|one| one.shortfall(plan, policy))
        {
            return Verdict::Altered(why, hint);
        }
        let expected: Vec<&Expected> = self.expected.iter().map(|one| &one.expected).collect();
        if all.is_empty() || fit(plan, policy, &expected) != Fit::Other || self.is_approved(policy, plan) {
            return Verdict::Expected;
        }
        Verdict::Stale(stale(&all, policy, plan))
    }

    /// Whether a plan, made under `policy`, may be carried out: nothing blocks it, and its violations were approved.
    pub(crate) fn let_through(&self, policy: &Policy, plan: &Plan) -> bool {
        plan.blockers.is_empty() && (plan.violations.is_empty() || self.is_approved(policy, plan))
    }

    /// Whether a plan, made under `policy`, is the one that is expected and nothing else, and may be carried out.
    pub(crate) fn is_whole(&self, policy: &Policy, plan: &Plan) -> bool {
        matches!(&self.expected[..], [one] if fit(plan, policy, &[&one.expected]) == Fit::Same)
            && self.let_through(policy, plan)
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

/// How a plan differs from all that were expected.
fn stale<'a>(all: &[&'a Reviewed], policy: &Policy, plan: &'a Plan) -> Stale<'a> {
    let saved: Vec<Named<'_>> = all.iter().filter_map(|one| one.named()).collect();
    let expected: Vec<&Expected> = all.iter().map(|one| &one.expected).collect();
    Stale {
        moved: if saved.is_empty() { Vec::new() } else { moved(plan, &expected) },
        saved,
        is_in_them_together: fit(plan, policy, &expected) != Fit::Other,
        shortfalls: all.iter().filter_map(|one| one.shortfall(plan, policy)).collect(),
        digests: expected.iter().map(|one| one.digest).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Origin, Phrase};
    use crate::plan::{Blocker, BlockerCode, LimitKind, Violation, ViolationKind};
    use crate::run::sample;

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
