//! Is this the plan that was reviewed, or what is left of it?

use crate::model::Policy;
use crate::plan::{Digest, Fingerprint, Plan, digest};

/// A plan that somebody reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its digest.
    pub digest: Digest,
    /// The fingerprints of its facts, where they are known: only then can what is left of it be recognised.
    pub fingerprints: Option<Vec<Fingerprint>>,
}

/// How a plan compares with one that was reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is that plan.
    Same,
    /// It is what is left of that plan: under the same policy, nothing in it that was not in the other.
    Rest,
    /// It is another plan.
    Other,
}

/// Compares a plan, made under `policy`, with one that was reviewed.
///
/// Fingerprints count only if they make up the expected digest under the present policy: so they can't be slipped in by
/// whoever can write the file, and a plan under another policy, or by keys that open something else, is another plan.
pub fn fit(plan: &Plan, policy: &Policy, expected: &Expected) -> Fit {
    if plan.digest == expected.digest {
        return Fit::Same;
    }
    // Nothing is what is left of any plan.
    if plan.fingerprints.is_empty() {
        return Fit::Rest;
    }
    let Some(known) = &expected.fingerprints else { return Fit::Other };
    let genuine = digest(policy, &plan.reach, known) == expected.digest;
    let covered = plan.fingerprints.iter().all(|fact| known.binary_search(fact).is_ok());
    if genuine && covered { Fit::Rest } else { Fit::Other }
}
