//! Desired and observed → plan. Pure: the same inputs give the same bytes, whatever order files and pages came in.

mod absent;
mod after;
mod attempt;
mod audit;
mod base;
mod between;
mod blocker;
mod both_sides;
mod changed_users;
mod completeness;
mod conditions;
mod context;
mod deletion;
mod differences;
mod digest;
mod download;
mod draft;
mod due;
mod edits;
mod explain;
mod fact;
mod findings;
mod fingerprint;
mod finish;
mod finished;
mod groups;
mod hr;
mod incomplete;
mod limits;
mod manual;
mod membership;
mod naming;
mod notice;
mod notices;
mod orders;
mod people;
mod person;
mod phase;
mod planned_set;
mod request;
mod require;
mod resolve;
mod ruled;
mod rules;
mod schedule;
mod sorted;
mod tracking;
mod undo;
mod unfinished;
mod unmanaged;
mod unplanned;
mod users;
mod verdict;
mod violation;
mod writers;

pub use attempt::{Attempt, Attempts, Mark, Unfinished};
pub use audit::{has_audited, with_audit};
pub use between::between;
pub use blocker::{Blocker, BlockerCode};
pub use changed_users::ChangedUsers;
pub use conditions::as_rule::rule as rule_of;
pub use context::{Base, Context};
pub use digest::{digest, policy_digest};
pub use download::from_download;
pub use explain::explain;
pub use explain::explanation::{
    About, Belongs, Elsewhere, Explanation, Held, Matched, Member, Now, Part, Reason, Record, Unclear, Value,
    Who, WhyNot,
};
pub use fingerprint::{Digest, Fingerprint};
pub use finished::{Plan, Preview, Reading};
pub use hr::snapshot::csv as snapshot_csv;
pub use incomplete::Incomplete;
pub use notice::{Manual, Notice};
pub use phase::{Phase, PhaseKind};
pub use planned_set::{Fate, PlannedSnapshot, SetGroup};
pub use request::{Condition, Known, Request, Unrequested, request};
pub use require::outcome::{Breach, Counts, Judged, Side};
pub use rules::rules_of_users;
pub use undo::{Removals, Slice, Undo, undo};
pub use unplanned::mark_unplanned;
pub use violation::{LimitKind, Violation, ViolationKind};
pub use writers::with_writers;

use crate::model::{Dates, Desired, GroupId, GroupSource, Object, Observed};
use crate::plan::finish::Parts;
use crate::plan::hr::Make;
use crate::plan::people::People;
use crate::plan::schedule::Schedule;
use crate::plan::sorted::sorted;

/// Computes what would make `observed` equal to `desired`.
///
/// The readings of [`Plan::groups_to_prove`] must be proved by an independent count before the plan is shown or carried out.
///
/// # Errors
/// Every reason why one of the two sides is incomplete, all at once: no plan is made then.
pub fn plan(desired: &Desired, observed: &Observed, context: &Context<'_>) -> Result<Plan, Vec<Incomplete>> {
    let desired = resolve::namesakes::settled(desired, observed);
    make(&desired, observed, context, Make::IfTheSetChanges).map(|made| made.plan)
}

/// The same, with the file of the HR set even where the set does not change.
///
/// # Errors
/// Those of [`plan`].
pub fn preview(
    desired: &Desired,
    observed: &Observed,
    context: &Context<'_>,
) -> Result<Preview, Vec<Incomplete>> {
    let desired = resolve::namesakes::settled(desired, observed);
    make(&desired, observed, context, Make::Always)
}

/// The sentence: who is who, what differs, in which order, what speaks against it; and what identifies all of it.
fn make(
    desired: &Desired,
    observed: &Observed,
    context: &Context<'_>,
    when: Make,
) -> Result<Preview, Vec<Incomplete>> {
    let (observed, temporaries) = resolve::temporary::read(observed);
    let observed = &*observed;
    let said = desired;
    let (placed, left_out) = absent::left_out(said, &observed.reach);
    let desired = &*placed;
    let today = Dates::of(context.now);
    let mut resolution = resolve::resolve(desired, observed, &temporaries);
    let unresolved = std::mem::take(&mut resolution.blockers);
    let ruled = ruled::settled((desired, observed), &mut resolution, &temporaries, today);
    let by_hand = manual::split((&ruled.desired, observed), &mut resolution, &temporaries, today);
    let people = People::new(&by_hand.desired, observed, &resolution, &temporaries, today);
    let unseen = completeness::check(&people, said, context)?;
    let differences = differences::find(&people, desired, when);
    let schedule = schedule::of(&people, differences);
    let verdict = verdict::on(&people, context.base, &schedule);
    let (judged, noted) = require::held(&people, context, &schedule);
    let sent = schedule.snapshot.as_ref().map(|planned| &*planned.snapshot);
    let prints = digest::prints(&schedule.draft, observed, sent, &verdict.violations);
    let unfinished = unfinished::find(&people, context.attempts, &schedule.draft, sent);
    let licences = people.orders.licences(observed);
    let Schedule { mut draft, snapshot, standing, .. } = schedule;
    let late = notices::late::said(&people, &draft.differing, context.now);
    let unset = notices::guards::unset(desired, context.number);
    draft.findings.extend([
        unresolved.into(),
        left_out,
        ruled.findings,
        by_hand.findings,
        unseen,
        unset,
        late,
    ]);
    draft.findings.blockers.extend(verdict.blockers);
    draft.findings.extend([require::said(&judged, noted, &draft.findings.blockers)]);
    let violations = verdict.violations;
    let base = context.base;
    let parts = Parts {
        desired: said,
        observed,
        base,
        draft,
        snapshot,
        violations,
        prints,
        unfinished,
        licences,
        judged: &judged,
    };
    Ok(Preview { plan: finish::plan(parts), standing, judged })
}

/// What becomes of the rules of `policy.require` over an account as it is.
pub fn judged_now(desired: &Desired, observed: &Observed, context: &Context<'_>) -> Vec<Judged> {
    let (observed, temporaries) = resolve::temporary::read(observed);
    let observed = &*observed;
    let desired = &*resolve::namesakes::settled(desired, observed);
    let desired = &*absent::left_out(desired, &observed.reach).0;
    let resolution = resolve::resolve(desired, observed, &temporaries);
    let people = People::new(desired, observed, &resolution, &temporaries, Dates::of(context.now));
    require::standing(&people)
}

/// What becomes of them in an account that is what manifests say, and nothing else: groups that only users name are there.
///
/// # Errors
/// Those of [`plan`].
pub fn judged_of_manifests(desired: &Desired, context: &Context<'_>) -> Result<Preview, Vec<Incomplete>> {
    let (desired, observed) = require::offline::sides(desired);
    preview(&desired, &observed, context)
}

impl Plan {
    /// Every group that the plan changes, carries or deletes: what was read of their members must be proved.
    pub fn groups_to_prove(&self, observed: &Observed) -> Vec<GroupId> {
        let set = self.snapshot.iter().flat_map(|_| hr_groups(observed));
        let changed = self.changes.iter().filter_map(|change| match change.object {
            Object::Group { id, .. } => id,
            Object::User(_) | Object::Exclusion { .. } => None,
        });
        sorted(changed.chain(set).chain(self.judged_groups.iter().copied()))
    }
}

impl Preview {
    /// The file that an upload carries, or would carry if there were one; none where something stands against it, or there is
    /// no HR group.
    pub fn file(&self) -> Option<&[u8]> {
        let sent = self.plan.snapshot.as_ref().map(|planned| &planned.snapshot.csv);
        sent.or(self.standing.as_ref()).filter(|_| self.plan.blockers.is_empty()).map(|csv| &**csv)
    }

    /// Every group that the plan or the file relies on.
    pub fn groups_to_prove(&self, observed: &Observed) -> Vec<GroupId> {
        let set = self.standing.iter().flat_map(|_| hr_groups(observed));
        sorted(self.plan.groups_to_prove(observed).into_iter().chain(set))
    }
}

fn hr_groups(observed: &Observed) -> impl Iterator<Item = GroupId> + '_ {
    observed.groups.iter().filter(|group| group.source == GroupSource::Hr).map(|group| group.id)
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
