//! What speaks against a plan as a whole: limits, protections, and steps that no key carries.

use crate::plan::blocker::Blocker;
use crate::plan::context::Base;
use crate::plan::people::People;
use crate::plan::schedule::Schedule;
use crate::plan::violation::Violation;
use crate::plan::{limits, manual};

/// What speaks against a plan.
pub(super) struct Verdict {
    /// Limits and protections that it breaks: an approval lets it pass.
    pub(super) violations: Vec<Violation>,
    /// What no approval lets pass.
    pub(super) blockers: Vec<Blocker>,
}

/// Judges all changes and steps at once. `base` is the policy of the branch that the change is for.
pub(super) fn on(people: &People<'_>, base: Option<&Base>, schedule: &Schedule) -> Verdict {
    let Schedule { after, draft, counted, .. } = schedule;
    let mut blockers = manual::refuse(people.observed, draft);
    blockers.extend(limits::outlived(people, base, draft));
    Verdict { violations: limits::violations((people, after), base, counted, draft), blockers }
}
