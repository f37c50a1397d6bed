//! Desired and observed → plan. Pure: the same inputs give the same bytes, whatever order files and pages came in.

mod attempt;
mod base;
mod begun;
mod blocker;
mod by_hand;
mod context;
mod deletion;
mod digest;
mod draft;
mod due;
mod edits;
mod explain;
mod fact;
mod fingerprint;
mod finished;
mod groups;
mod hr;
mod limits;
mod membership;
mod not_whole;
mod notice;
mod notices;
mod orders;
mod people;
mod person;
mod phase;
mod planned_set;
mod resolve;
mod rules;
mod sorted;
mod touched;
mod tracking;
mod undo;
mod unmanaged;
mod unread;
mod users;
mod violation;
mod whole;

pub use attempt::{Attempt, Attempts, Begun, Mark};
pub use blocker::{Blocker, BlockerCode};
pub use context::{Base, Context};
pub use digest::{digest, policy_digest};
pub use explain::explain;
pub use explain::explanation::{
    About, Belongs, Elsewhere, Explanation, Held, Matched, Now, Part, Reason, Record, Unclear, Value, Who,
};
pub use fingerprint::{Digest, Fingerprint};
pub use finished::{Plan, Preview, Reading};
pub use hr::snapshot::csv as snapshot_csv;
pub use not_whole::NotWhole;
pub use notice::{Manual, Notice};
pub use phase::{Phase, PhaseKind};
pub use planned_set::{Fate, PlannedSnapshot, SetGroup};
pub use rules::rules_of_users;
pub use touched::Touched;
pub use undo::{Removals, Slice, Undo, undo};
pub use unread::from_download;
pub use violation::{LimitKind, Violation, ViolationKind};

use crate::model::{Dates, Desired, GroupId, GroupSource, Object, Observed};
use crate::plan::digest::Prints;
use crate::plan::draft::Draft;
use crate::plan::hr::{Drafted, Make};
use crate::plan::limits::Counted;
use crate::plan::people::People;
use crate::plan::sorted::sorted;

/// Computes what would make `observed` equal to `desired`.
///
/// The readings of [`Plan::groups_to_prove`] must be proved by an independent count before the plan is shown or carried out.
///
/// # Errors
/// Every reason why the two sides are not the whole picture, all at once: no plan is made of half a picture.
pub fn plan(desired: &Desired, observed: &Observed, context: &Context<'_>) -> Result<Plan, Vec<NotWhole>> {
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
) -> Result<Preview, Vec<NotWhole>> {
    let desired = resolve::namesakes::settled(desired, observed);
    make(&desired, observed, context, Make::Always)
}

fn make(
    desired: &Desired,
    observed: &Observed,
    context: &Context<'_>,
    when: Make,
) -> Result<Preview, Vec<NotWhole>> {
    let (observed, temporaries) = resolve::temporary::read(observed);
    let observed = &*observed;
    let mut resolution = resolve::resolve(desired, observed, &temporaries);
    let resolved = std::mem::take(&mut resolution.blockers);
    let today = Dates::of(context.now);
    let mut split = by_hand::split((desired, observed), &mut resolution, &temporaries, today);
    let mut draft = split.begin(resolved);
    let people = People::new(&split.desired, observed, &resolution, &temporaries, today);
    whole::check(&people, desired, context, &mut draft)?;
    hr::exports::draft(&people, &mut draft);
    users::ownership::stale(&people, &mut draft);
    users::draft(&people, &mut draft);
    orders::changes(&people, &mut draft);
    let wishes = users::primary::wishes(&people, &mut draft);
    let counted = rules(&people, &mut draft);
    let declared_hr = groups::draft(&people, &mut draft);
    unmanaged::draft(&people, desired, &mut draft);
    orders::memberships(&people, &mut draft);
    let Drafted { upload, standing } = hr::draft(&people, &declared_hr, when, &mut draft);
    users::primary::steps(&people, &wishes, upload.as_ref(), &mut draft);
    orders::steps(&people, upload.as_ref().map(|(_, step)| *step), &mut draft);
    tracking::causes::link(&people, &mut draft);
    let snapshot = upload.map(|upload| draft.deletions_wait_for(upload));
    notices(&people, &mut draft);
    by_hand::refuse(observed, &mut draft);
    limits::outlived(&people, context.base, &mut draft);
    let violations = limits::violations(&people, context.base, &counted, &draft);
    let sent = snapshot.as_ref().map(|planned| &*planned.snapshot);
    let Prints { fingerprints, leaves, broken } = digest::prints(&draft, observed, sent, &violations);
    let evidence = digest::evidence([&fingerprints, &leaves, &broken]);
    let (begun, marks) = (begun::find(&people, context.attempts, &draft, sent), begun::marks(&draft));
    let (phases, follows) = draft.phases();
    let Draft { changes, blockers, manual, notices, .. } = draft;
    let plan = Plan {
        account: desired.account.name.value.clone(),
        reading: reading(desired, observed),
        touched: Touched::by(&changes, observed),
        licences: people.orders.licences(observed),
        base_gap: context.base.and_then(|base| base.gap.clone()),
        loosened: context.base.map_or_else(Vec::new, |base| base::loosened(desired, base)),
        changes,
        phases,
        follows,
        snapshot,
        violations,
        blockers: sorted(blockers),
        exports: desired.exports.clone(),
        manual: sorted(manual),
        notices: sorted(notices),
        reach: observed.reach.clone(),
        policy: digest::policy_digest(&desired.policy),
        digest: digest::digest(&desired.policy, &observed.reach, &evidence),
        fingerprints,
        leaves,
        broken,
        marks,
        begun,
    };
    Ok(Preview { plan, standing })
}

/// What a reader should know besides.
fn notices(people: &People<'_>, draft: &mut Draft) {
    notices::of_users(people, draft);
    whole::uncounted(people, draft);
}

/// The rules that come and go, and whom they stop and free.
fn rules(people: &People<'_>, draft: &mut Draft) -> Counted {
    tracking::consequences(people, draft);
    let leftovers = tracking::leftovers(people, draft);
    let erased = tracking::exclusions::draft(people, &leftovers, draft);
    tracking::collection(people, &leftovers, draft);
    Counted { erased, leftovers }
}

impl Plan {
    /// Every group that the plan changes, carries or deletes: what was read of their members must be proved.
    pub fn groups_to_prove(&self, observed: &Observed) -> Vec<GroupId> {
        let set = self.snapshot.iter().flat_map(|_| hr_groups(observed));
        let changed = self.changes.iter().filter_map(|change| match change.object {
            Object::Group { id, .. } => id,
            Object::User(_) | Object::Exclusion { .. } => None,
        });
        sorted(changed.chain(set))
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

fn reading(desired: &Desired, observed: &Observed) -> Reading {
    Reading { users: observed.users.len(), declared: desired.users.len(), groups: observed.groups.len() }
}

fn hr_groups(observed: &Observed) -> impl Iterator<Item = GroupId> + '_ {
    observed.groups.iter().filter(|group| group.source == GroupSource::Hr).map(|group| group.id)
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
