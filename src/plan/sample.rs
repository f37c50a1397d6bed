//! What do unit tests of other modules plan? They say what matters to them; the rest is nothing.

use crate::model::{Policy, Reach};
use crate::plan::{ChangedUsers, Digest, Plan, Reading, Unfinished, policy_digest};

/// A plan in which nothing is done.
pub(crate) fn empty() -> Plan {
    Plan {
        account: "acme".into(),
        reading: Reading::default(),
        changed_users: ChangedUsers::default(),
        licences: 0,
        loosened: Vec::new(),
        base_gap: None,
        changes: Vec::new(),
        phases: Vec::new(),
        follows: Vec::new(),
        snapshot: None,
        violations: Vec::new(),
        blockers: Vec::new(),
        exports: Vec::new(),
        manual: Vec::new(),
        notices: Vec::new(),
        reach: Reach::everything(),
        policy: policy_digest(&Policy::default()),
        fingerprints: Vec::new(),
        leaves: Vec::new(),
        broken: Vec::new(),
        digest: Digest([0; 32]),
        marks: Vec::new(),
        unfinished: Unfinished::default(),
        judged_groups: Vec::new(),
    }
}
