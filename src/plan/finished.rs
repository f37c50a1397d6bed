//! What a plan is: plain data, sorted, with everything a reader, an approver and an executor need.

use std::sync::Arc;

use crate::model::{Change, ChangeId, Export, GroupId, GroupName, Phrase, Reach, Step, StepId, Topic};
use crate::plan::attempt::{Mark, Unfinished};
use crate::plan::blocker::Blocker;
use crate::plan::changed_users::ChangedUsers;
use crate::plan::digest::{evidence, standing};
use crate::plan::fingerprint::{Digest, Fingerprint};
use crate::plan::notice::{Manual, Notice};
use crate::plan::phase::Phase;
use crate::plan::planned_set::PlannedSnapshot;
use crate::plan::require::outcome::Judged;
use crate::plan::violation::Violation;

/// A plan. [`crate::plan::plan`] makes it; nothing changes it afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The account's name in the manifests.
    pub account: Box<str>,
    /// How much was read.
    pub reading: Reading,
    /// How many users it changes, by status.
    pub changed_users: ChangedUsers,
    /// How many licences orders free: one an agent.
    pub licences: usize,
    /// Bounds that these manifests loosen against the base branch: the first lines of the plan.
    pub loosened: Vec<Notice>,
    /// What of the base branch could not be read, and what holds in its place.
    pub base_gap: Option<Phrase>,
    /// What would be done, by object; [`Change::id`] is the position.
    pub changes: Vec<Change>,
    /// The writes, in order; [`Step::id`] counts through all phases.
    pub phases: Vec<Phase>,
    /// Changes that come about by steps of others, in whole or in part, with each of these steps.
    pub follows: Vec<(ChangeId, StepId)>,
    /// The HR upload, if the set would change.
    pub snapshot: Option<PlannedSnapshot>,
    /// Limits and protections that the plan breaks; a reviewer may approve them.
    pub violations: Vec<Violation>,
    /// What is unknown or impossible; nothing approves it.
    pub blockers: Vec<Blocker>,
    /// The HR exports that were read for it; which file said what is not in the digest.
    pub exports: Vec<Export>,
    /// What somebody has to do by hand, sorted: no change, not in the digest, and never a reason to fail.
    pub manual: Vec<Manual>,
    /// What a reader should know besides: orders that are done, exceptions that matched nothing.
    pub notices: Vec<Notice>,
    /// What the keys open that it was made with.
    pub reach: Reach,
    /// What the policy comes to that it was made under.
    pub policy: Digest,
    /// One for every changed fact, for everybody who leaves a group by its deletion, and for every HR group as it stands where an
    /// upload sends it; sorted.
    pub fingerprints: Vec<Fingerprint>,
    /// One for every HR group as an upload leaves it, unless it stands so already; sorted.
    pub leaves: Vec<Fingerprint>,
    /// One for every violation, whatever its count: nobody approved another; sorted.
    pub broken: Vec<Fingerprint>,
    /// Over policy, schema version, reach and all fingerprints.
    pub digest: Digest,
    /// The marks of the users and groups it makes, by change, sorted.
    pub marks: Vec<(ChangeId, Mark)>,
    /// What is there of what earlier runs tried to make.
    pub unfinished: Unfinished,
    /// The groups of the account that rules of `policy.require` looked at, sorted.
    pub judged_groups: Vec<GroupId>,
}

impl Plan {
    /// The mark of what a change makes.
    pub fn mark_of(&self, change: ChangeId) -> Option<Mark> {
        let at = self.marks.binary_search_by_key(&change, |mark| mark.0).ok()?;
        self.marks.get(at).map(|mark| mark.1)
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Every step, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.phases.iter().flat_map(|phase| &phase.steps)
    }

    /// All fingerprints, sorted: what a review of this plan covers.
    pub fn evidence(&self) -> Vec<Fingerprint> {
        evidence([&self.fingerprints, &self.leaves, &self.broken])
    }

    /// Every HR group that an upload was planned over, with its fingerprint among [`Self::fingerprints`].
    pub fn standing(&self) -> impl Iterator<Item = (&GroupName, Fingerprint)> {
        self.snapshot.iter().flat_map(|planned| standing(&planned.snapshot))
    }

    /// Whether nothing shows users: what an upload makes of its groups is not seen.
    pub fn is_blind(&self) -> bool {
        self.reach.hidden(Topic::Users).is_some()
    }

    /// The change of a number.
    pub fn change(&self, id: ChangeId) -> &Change {
        &self.changes[id.0 as usize]
    }
}

/// A plan, and the file of an HR set that it leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The plan.
    pub plan: Plan,
    /// The file of the set, where the plan does not change it.
    pub(in crate::plan) standing: Option<Arc<[u8]>>,
    /// What became of the rules of `policy.require`, and of those of the base that are none of these.
    pub judged: Vec<Judged>,
}

/// How much was read for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Users in the account.
    pub users: usize,
    /// Users in the manifests.
    pub declared: usize,
    /// Groups in the account.
    pub groups: usize,
}
