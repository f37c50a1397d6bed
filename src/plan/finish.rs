//! From all that was found to a plan: sorted, its steps numbered, and identified.

use crate::model::{Desired, Observed};
use crate::plan::attempt::Unfinished;
use crate::plan::changed_users::ChangedUsers;
use crate::plan::context::Base;
use crate::plan::digest::{self, Prints};
use crate::plan::draft::Draft;
use crate::plan::finished::{Plan, Reading};
use crate::plan::planned_set::PlannedSnapshot;
use crate::plan::require::outcome::Judged;
use crate::plan::sorted::sorted;
use crate::plan::violation::Violation;
use crate::plan::{base, unfinished};

/// All that a plan is made of.
pub(super) struct Parts<'a> {
    /// What the manifests say.
    pub(super) desired: &'a Desired,
    /// What the account has.
    pub(super) observed: &'a Observed,
    /// The policy of the branch that the change is for.
    pub(super) base: Option<&'a Base>,
    /// Changes, steps and findings.
    pub(super) draft: Draft,
    /// The HR upload, if there is one.
    pub(super) snapshot: Option<PlannedSnapshot>,
    /// Limits and protections that are broken.
    pub(super) violations: Vec<Violation>,
    /// What identifies the plan.
    pub(super) prints: Prints,
    /// What is there of what earlier runs tried to make.
    pub(super) unfinished: Unfinished,
    /// How many licences orders free.
    pub(super) licences: usize,
    /// What became of requirements.
    pub(super) judged: &'a [Judged],
}

/// Makes the plan.
pub(super) fn plan(parts: Parts<'_>) -> Plan {
    let Parts { desired, observed, base, mut draft, snapshot, violations, prints, unfinished, .. } = parts;
    let Prints { fingerprints, leaves, broken } = prints;
    let evidence = digest::evidence([&fingerprints, &leaves, &broken]);
    let marks = unfinished::marks(&draft);
    let (phases, follows) = draft.phases();
    let Draft { changes, findings, .. } = draft;
    Plan {
        account: desired.account.name.value.clone(),
        reading: Reading {
            users: observed.users.len(),
            declared: desired.users.len(),
            groups: observed.groups.len(),
        },
        changed_users: ChangedUsers::by(&changes, observed),
        licences: parts.licences,
        base_gap: base.and_then(|base| base.gap.clone()),
        loosened: base.map_or_else(Vec::new, |base| base::loosened(desired, base)),
        changes,
        phases,
        follows,
        snapshot,
        violations,
        blockers: sorted(findings.blockers),
        exports: desired.exports.clone(),
        manual: sorted(findings.manual),
        notices: sorted(findings.notices),
        reach: observed.reach.clone(),
        policy: digest::policy_digest(&desired.policy),
        digest: digest::digest(&desired.policy, &observed.reach, &evidence),
        fingerprints,
        leaves,
        broken,
        marks,
        unfinished,
        judged_groups: sorted(parts.judged.iter().flat_map(|it| it.groups.iter().copied())),
    }
}
