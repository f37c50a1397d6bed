//! What do unit tests of this module plan?

use crate::plan::sample::empty;
use crate::plan::{Digest, Fingerprint, Plan};

/// A plan that changes one fact.
pub(crate) fn plan() -> Plan {
    Plan { fingerprints: vec![Fingerprint([1; 32])], digest: Digest([1; 32]), ..empty() }
}
