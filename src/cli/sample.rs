//! What do unit tests of this module plan?

use crate::plan::{Digest, Fingerprint, Plan, Reading, Touched};

/// A plan that changes one fact.
pub(crate) fn plan() -> Plan {
    Plan {
        account: "acme".into(),
        reading: Reading::default(),
        touched: Touched::default(),
        licences: 0,
        loosened: Vec::new(),
        changes: Vec::new(),
        phases: Vec::new(),
        snapshot: None,
        violations: Vec::new(),
        blockers: Vec::new(),
        manual: Vec::new(),
        notices: Vec::new(),
        reach: crate::model::Reach::everything(),
        fingerprints: vec![Fingerprint([1; 32])],
        digest: Digest([1; 32]),
    }
}
