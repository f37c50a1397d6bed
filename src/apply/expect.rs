//! Is this the plan that was reviewed, what is left of it, or a part of several that were?

use std::collections::BTreeSet;

use crate::account::reaches;
use crate::model::{GroupName, Policy, Reach};
use crate::plan::{Digest, Fingerprint, Plan, digest};

/// A plan that somebody reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its digest.
    pub digest: Digest,
    /// What is known of it besides: only then can what is left of it be recognised.
    pub evidence: Option<Evidence>,
}

/// What a saved plan says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The account's name in its manifests.
    pub account: Box<str>,
    /// What its policy comes to, where it says so.
    pub policy: Option<Digest>,
    /// All its fingerprints, sorted.
    pub fingerprints: Vec<Fingerprint>,
}

/// How a plan compares with those that were reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is one of those plans.
    Same,
    /// It is what is left of them: nothing in it that was not in one of the others.
    Rest,
    /// It is another plan.
    Other,
}

/// What an expected plan counts for beside the plan there is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// For all of its facts.
    Whole,
    /// For the equal plan only: its facts are not known.
    Bare,
    /// For nothing: it was made for another account.
    OtherAccount(Box<str>),
    /// For nothing: it was made under another policy.
    OtherPolicy,
    /// For nothing: it was made with keys that open this.
    OtherKeys(Reach),
    /// For nothing: its fingerprints do not make up its digest.
    Altered,
}

impl Expected {
    /// What it counts for, beside a plan made under `policy`.
    ///
    /// Fingerprints count only if they make up the digest under the present policy: so they can't be slipped in by whoever can
    /// write the file, and a plan under another policy, or by keys that open something else, is another plan.
    pub fn standing(&self, plan: &Plan, policy: &Policy) -> Standing {
        let Some(Evidence { account, policy: under, fingerprints }) = &self.evidence else {
            return Standing::Bare;
        };
        if *account != plan.account {
            return Standing::OtherAccount(account.clone());
        }
        let made_it = |reach: &Reach| digest(policy, reach, fingerprints) == self.digest;
        if made_it(&plan.reach) {
            return Standing::Whole;
        }
        match reaches().into_iter().find(made_it) {
            Some(reach) => Standing::OtherKeys(reach),
            None if *under == Some(plan.policy) => Standing::Altered,
            None => Standing::OtherPolicy,
        }
    }

    /// Whether it had all violations that a plan has.
    pub fn has_violations_of(&self, plan: &Plan) -> bool {
        plan.broken.iter().all(|violation| self.has(plan, *violation))
    }

    /// Whether a fact of a plan is among its own.
    fn has(&self, plan: &Plan, fact: Fingerprint) -> bool {
        self.times(plan, fact) > 0
    }

    /// How often it has a fact of a plan; one about what it was to make is called otherwise there.
    fn times(&self, plan: &Plan, fact: Fingerprint) -> usize {
        let Some(Evidence { fingerprints, .. }) = &self.evidence else { return 0 };
        let called: BTreeSet<Fingerprint> =
            std::iter::once(fact).chain(plan.unfinished.before(fact)).collect();
        called.iter().map(|print| equal(fingerprints, *print).len()).sum()
    }
}

/// Those of sorted fingerprints that equal one.
fn equal(sorted: &[Fingerprint], print: Fingerprint) -> &[Fingerprint] {
    let rest = &sorted[sorted.partition_point(|it| *it < print)..];
    &rest[..rest.partition_point(|it| *it == print)]
}

/// Compares a plan, made under `policy`, with those that were reviewed: it is one of them, or all of it is in them, taken
/// together.
pub fn fit(plan: &Plan, policy: &Policy, expected: &[&Expected]) -> Fit {
    let standings: Vec<Standing> = expected.iter().map(|one| one.standing(plan, policy)).collect();
    let elsewhere = |standing: &Standing| matches!(standing, Standing::OtherAccount(_));
    let mut judged = expected.iter().zip(&standings);
    if judged.any(|(one, standing)| one.digest == plan.digest && !elsewhere(standing)) {
        return Fit::Same;
    }
    // Nothing is what is left of any plan, to keys that would see what is left.
    if plan.fingerprints.is_empty() {
        let sees = |standing: &Standing| !elsewhere(standing) && !matches!(standing, Standing::OtherKeys(_));
        return if standings.iter().any(sees) { Fit::Rest } else { Fit::Other };
    }
    let whole: Vec<&Expected> = expected
        .iter()
        .zip(&standings)
        .filter(|(_, standing)| **standing == Standing::Whole)
        .map(|(one, _)| *one)
        .collect();
    // Facts that read the same count as often as they are there: two of them are not what one plan had one of.
    let times = |fact| equal(&plan.fingerprints, fact).len();
    let covered =
        plan.fingerprints.iter().all(|fact| whole.iter().any(|one| one.times(plan, *fact) >= times(*fact)));
    if covered { Fit::Rest } else { Fit::Other }
}

/// The HR groups of an upload that stand otherwise than any of these plans found or would leave them.
pub fn moved<'a>(plan: &'a Plan, expected: &[&Expected]) -> Vec<&'a GroupName> {
    let is_known = |print: &Fingerprint| expected.iter().any(|one| one.has(plan, *print));
    plan.standing().filter(|(_, print)| !is_known(print)).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample::empty;

    fn with_equal_facts(count: usize) -> Plan {
        let (plan, fingerprints) = (empty(), vec![Fingerprint([1; 32]); count]);
        let digest = digest(&Policy::default(), &plan.reach, &fingerprints);
        Plan { fingerprints, digest, ..plan }
    }

    fn reviewed(count: usize) -> Expected {
        let Plan { digest, account, policy, fingerprints, .. } = with_equal_facts(count);
        Expected { digest, evidence: Some(Evidence { account, policy: Some(policy), fingerprints }) }
    }

    #[test]
    fn of_facts_that_read_the_same_no_more_are_let_through_than_one_plan_had() {
        let fits =
            |planned, expected: &[&Expected]| fit(&with_equal_facts(planned), &Policy::default(), expected);
        let (one, two) = (reviewed(1), reviewed(2));
        assert_eq!(fits(1, &[&two]), Fit::Rest);
        assert_eq!(fits(2, &[&two, &one]), Fit::Same);
        assert_eq!(fits(2, &[&one]), Fit::Other);
        assert_eq!(fits(3, &[&one, &two]), Fit::Other, "two reviews may be of the same fact");
    }
}
