//! What becomes of groups that no manifest mentions? `policy.unmanaged` says it; by default nothing.

use std::collections::BTreeSet;

use crate::model::{Cause, GroupIx, GroupSource, Phrase, Piece, Said, UnmanagedGroups, UnmanagedHrGroups};
use crate::phrase;
use crate::plan::deletion;
use crate::plan::draft::Draft;
use crate::plan::people::People;

/// Lists or deletes app groups.
pub(super) fn app_groups(people: &People<'_>, draft: &mut Draft) {
    let Said { value, origin } = people.desired.policy.unmanaged_groups;
    match value {
        UnmanagedGroups::Ignore => {}
        UnmanagedGroups::Report => {
            report(people, &unmentioned(people, &GroupSource::App), ("app", ""), origin, draft);
        }
        UnmanagedGroups::Delete => {
            for ix in unmentioned(people, &GroupSource::App) {
                deletion::app_group(people, ix, Cause::Policy, origin, draft);
            }
        }
    }
}

/// Lists HR groups; answers those that a snapshot leaves out, and so deletes.
pub(super) fn hr_groups(people: &People<'_>, draft: &mut Draft) -> Vec<GroupIx> {
    let Said { value, origin } = people.desired.policy.unmanaged_hr_groups;
    match value {
        UnmanagedHrGroups::Carry => Vec::new(),
        UnmanagedHrGroups::CarryAndReport => {
            let kept = " and carried over by every snapshot";
            report(people, &unmentioned(people, &GroupSource::Hr), ("HR", kept), origin, draft);
            Vec::new()
        }
        UnmanagedHrGroups::DeleteByAbsence => unmentioned(people, &GroupSource::Hr),
    }
}

fn report(
    people: &People<'_>,
    groups: &[GroupIx],
    (source, fate): (&str, &str),
    origin: crate::model::Origin,
    draft: &mut Draft,
) {
    if groups.is_empty() {
        return;
    }
    let are = if groups.len() == 1 { "group is" } else { "groups are" };
    let message: Phrase = phrase![format!("{} {source} {are} in no manifest{fate}", groups.len())];
    let names = groups.iter().map(|ix| Piece::plain(&people.observed.group(*ix).name)).collect();
    draft.notice_about(origin, message, names);
}

/// The groups of a source whose names nothing says: no entry, no `formerly`, no user.
fn unmentioned(people: &People<'_>, source: &GroupSource) -> Vec<GroupIx> {
    let groups = people.desired.groups.iter();
    let declared = groups.flat_map(|group| group.formerly.iter().chain([&group.name]));
    let users = people.desired.users.iter();
    let named = users.flat_map(|user| user.groups.iter().chain(user.primary_group.said()));
    let said: BTreeSet<&str> = declared.chain(named).map(|name| name.value.key()).collect();
    (0..)
        .zip(&people.observed.groups)
        .filter(|(_, group)| group.source == *source && !said.contains(group.name.key()))
        .map(|(at, _)| GroupIx(at))
        .collect()
}
