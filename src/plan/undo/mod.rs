//! What would bring an account back to what a plan found? A patch of manifests, and what no patch brings back.
//!
//! The patch says what the steps of the plan write, as it was before, in the smallest statement that manifests have for it; the
//! rest of the account is not in it, and so is left alone. It holds for a run that ended halfway too: what is as it was is no
//! change. Dated orders are never in it: only people write those.

mod apart;
mod entry;
mod exclusions;
mod groups;
mod lost;
mod named;
mod set;
mod trail;
mod users;

use std::collections::BTreeSet;

use crate::model::{
    Account, Desired, DesiredGroup, DesiredUser, Field, GroupIx, Object, Observed, ObservedExclusion, Phrase,
    Policy, Topic, Tracking, UserId, UserIx, UserLabel, Verb,
};
use crate::phrase;
use crate::plan::changed_users;
use crate::plan::finished::Plan;
use crate::plan::resolve::temporary;
use crate::plan::undo::lost::Lost;
pub use crate::plan::undo::trail::Removals;
use crate::plan::undo::trail::Trail;

/// What would undo a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// Manifests that say what was, of what the plan changes.
    pub patch: Desired,
    /// What they can't bring back, a sentence each.
    pub lost: Vec<Phrase>,
    /// Entries that would delete the groups that the plan makes. Not in the patch: deleting can't be undone, and only who knows
    /// that the run made them may ask for it.
    pub made: Vec<DesiredGroup>,
    /// What the plan is about, as it was.
    pub slice: Slice,
}

impl Undo {
    /// Whether no manifest brings anything back.
    pub fn is_empty(&self) -> bool {
        self.patch.users.is_empty() && self.patch.groups.is_empty() && self.patch.exclusions.is_empty()
    }
}

/// The part of an account that a plan is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slice {
    /// Users whom it changes, moves or takes a group from, sorted.
    pub users: Vec<UserIx>,
    /// Groups that it changes, sorted.
    pub groups: Vec<GroupIx>,
    /// Exclusions that it takes away, sorted by number.
    pub exclusions: Vec<ObservedExclusion>,
}

/// What would undo a plan that was made of `observed` for an account under a policy.
pub fn undo(
    plan: &Plan,
    observed: &Observed,
    (account, policy): (&Account, &Policy),
    removals: Removals,
) -> Undo {
    let (observed, _) = temporary::read(observed);
    let observed = &*observed;
    let mut trail = Trail::of(plan, observed, removals);
    trail.stuck = groups::stuck(observed, &trail);
    let mut lost = Lost { said: gone(plan, observed, &trail), made: Vec::new() };
    let mut users = users::entries(observed, &trail, &mut lost.said);
    apart::tell_apart(&mut users, observed, &trail, &mut lost.said);
    trail.go_by(&users);
    let users: Vec<DesiredUser> = users.into_iter().map(|(_, entry)| entry).collect();
    let mut groups = groups::entries(observed, &trail, &mut lost);
    groups.extend(set::entries(plan, observed, &trail, &mut lost));
    let exclusions = exclusions::entries(observed, &trail, &mut lost.said);
    let mut bounds = bounds(policy);
    if users.is_empty() {
        // A patch is small on purpose, and may be about groups alone.
        bounds.minimum.declared_users.value = 0;
    }
    let patch = Desired {
        account: account.clone(),
        policy: bounds,
        users,
        groups,
        exclusions,
        leave_out: Vec::new(),
        tracking: Vec::new(),
        exports: Vec::new(),
    };
    Undo { patch, lost: lost.said, made: lost.made, slice: slice(plan, observed) }
}

/// What limits and protects. What becomes of the unmanaged is not taken along: to a patch, nearly all of the account is.
fn bounds(policy: &Policy) -> Policy {
    Policy {
        limits: policy.limits.clone(),
        protected_users: policy.protected_users.clone(),
        protected_groups: policy.protected_groups.clone(),
        ..Policy::default()
    }
}

/// Users who come or go, and histories that go.
fn gone(plan: &Plan, observed: &Observed, trail: &Trail<'_>) -> Vec<Phrase> {
    let mut lost = Vec::new();
    let stays = match observed.reach.absent(Topic::Removal) {
        Some(_) => " is created, and no user is deleted from here",
        None => {
            " is created, and no user is removed by being left out: write a dated order, `remove: { decided: … }`"
        }
    };
    for (created, _) in &trail.created {
        lost.push(phrase![(*created).clone(), stays]);
    }
    for removed in &trail.removed {
        let what = " is removed: the record, its history and its place in groups are gone, and its identifiers stay blocked";
        let stopped =
            observed.user_ix(*removed).is_some_and(|ix| observed.user(ix).tracking == Tracking::Tracked);
        let open = match trail.removals {
            Removals::Open if stopped => "; where the run ended before that, see that they are tracked",
            Removals::Open | Removals::Done => "",
        };
        lost.extend(label(observed, *removed).map(|label| phrase![label, what, open]));
    }
    for erased in &trail.erased {
        lost.extend(label(observed, *erased).map(|label| phrase!["the history of ", label, " is erased"]));
    }
    for change in plan.changes.iter().filter(|change| matches!(change.object, Object::Exclusion { .. })) {
        let histories = change.facts.iter().filter(|fact| fact.field == Field::History);
        for piece in histories.filter_map(|fact| crate::plan::undo::trail::value(&fact.delta)) {
            let by = phrase!["the history of ", piece.clone(), " is erased by an exclusion"];
            lost.push(by);
        }
    }
    lost
}

fn label(observed: &Observed, id: UserId) -> Option<UserLabel> {
    observed.user_ix(id).map(|ix| UserLabel::of(observed.user(ix)))
}

fn slice(plan: &Plan, observed: &Observed) -> Slice {
    let mut users: BTreeSet<UserIx> =
        plan.changes.iter().flat_map(changed_users::users).filter_map(|id| observed.user_ix(id)).collect();
    let mut groups = BTreeSet::new();
    let mut exclusions = Vec::new();
    for change in &plan.changes {
        match &change.object {
            Object::User(_) => {}
            Object::Group { id, .. } => {
                let ix = id.and_then(|id| observed.group_ix(id));
                groups.extend(ix);
                let emptied = ix.filter(|_| change.verb == Verb::Delete);
                users.extend(emptied.into_iter().flat_map(|ix| observed.members(ix)));
            }
            Object::Exclusion { login, .. } => {
                exclusions.extend(observed.exclusions.iter().filter(|rule| rule.login == *login).cloned());
            }
        }
    }
    exclusions.sort_unstable_by_key(|rule| rule.id);
    exclusions.dedup_by_key(|rule| rule.id);
    Slice { users: users.into_iter().collect(), groups: groups.into_iter().collect(), exclusions }
}
