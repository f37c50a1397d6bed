//! Numbers that pictures are drawn of, and that no list of changes holds.

use serde::Serialize;

use crate::apply::Forecast;
use crate::model::{Change, Fact, Object, Observed, Topic, Tracking, Verb};
use crate::plan::{PhaseKind, Plan};
use crate::render::html::page::Page;

/// How many there are, and will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Sides {
    before: usize,
    after: usize,
}

/// Whom the account tracks, and how many licences that takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct People {
    tracked: Sides,
    untracked: Sides,
    /// One an agent ("Users & licenses", support.activtrak.com).
    licences: Sides,
}

/// A part of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Stretch {
    name: &'static str,
    writes: usize,
    looks: usize,
    seconds: f64,
}

/// Who is tracked before and after a plan; none where nothing shows users, or whether they are tracked.
pub(super) fn people(plan: &Plan, observed: &Observed) -> Option<People> {
    if [Topic::Users, Topic::Tracking].into_iter().any(|topic| plan.reach.hidden(topic).is_some()) {
        return None;
    }
    let tracked = observed.users.iter().filter(|user| user.tracking == Tracking::Tracked).count();
    let mut now = [observed.users.len() - tracked, tracked];
    let before = now;
    for (from, to) in plan.changes.iter().map(|change| way(change, observed)) {
        for (state, more) in [(from, false), (to, true)] {
            let Some(state) = state else { continue };
            let count = &mut now[usize::from(state == Tracking::Tracked)];
            *count = if more { *count + 1 } else { count.saturating_sub(1) };
        }
    }
    let sides = |at: usize| Sides { before: before[at], after: now[at] };
    let agents: usize = observed.users.iter().map(|user| user.agents.len()).sum();
    let licences = Sides { before: agents, after: agents.saturating_sub(plan.licences) };
    Some(People { tracked: sides(1), untracked: sides(0), licences })
}

/// From which state to which a change takes a user; none where there is no user then.
fn way(change: &Change, observed: &Observed) -> (Option<Tracking>, Option<Tracking>) {
    let Object::User(label) = &change.object else { return (None, None) };
    let record = label.record.and_then(|id| observed.user_ix(id)).map(|ix| observed.user(ix).tracking);
    let said = change.facts.iter().find_map(Fact::tracking);
    match change.verb {
        // The account tracks whoever is new, unless it is told otherwise.
        Verb::Create => (None, said.or(Some(Tracking::Tracked))),
        Verb::Update => (record, said.or(record)),
        Verb::Delete => (record, None),
    }
}

/// The parts of a run in their order, with what each sends.
pub(super) fn order(plan: &Plan, page: &Page<'_>) -> Vec<Stretch> {
    let per_minute = page.forecast.per_minute;
    let parts = Forecast::by_phase(plan, plan.reach.users());
    let stretch = |(kind, part): (PhaseKind, Forecast)| {
        let (writes, looks) = (part.total(), part.looks);
        // A rate is a few thousand at most, and so are requests of a part but for the largest runs: no float is too short for them.
        #[expect(clippy::cast_precision_loss, reason = "a time that is drawn")]
        let seconds = ((writes + looks) * 60) as f64 / per_minute as f64;
        Stretch { name: name(kind), writes, looks, seconds }
    };
    parts.into_iter().map(stretch).collect()
}

const fn name(kind: PhaseKind) -> &'static str {
    match kind {
        PhaseKind::Users => "Users created and edited",
        PhaseKind::Agents => "Agents moved",
        PhaseKind::Claims => "Users edited once agents are moved",
        PhaseKind::Tracking => "Tracking",
        PhaseKind::Exclusions => "Exclusions",
        PhaseKind::Groups => "Groups created and renamed",
        PhaseKind::Members => "Members of groups",
        PhaseKind::Statuses => "Users activated and deactivated",
        PhaseKind::Snapshot => "HR upload",
        PhaseKind::PrimaryGroups => "Primary groups",
        PhaseKind::Deletions => "Groups deleted",
        PhaseKind::Orders => "History erased, users removed",
    }
}
