//! Did a write do more than it was asked? What was there right before it, and is gone right after it.
//!
//! What came in between is none of it: people log on, and others join. Whether somebody else took away what is gone, in the seconds
//! between two looks, nothing tells; it ends the run all the same.

use std::collections::BTreeSet;

use crate::account::activtrak::admin::ListedGroup;
use crate::account::activtrak::directory::Thing;
use crate::account::activtrak::writer::shared::Writer;
use crate::account::collateral::{self, several};
use crate::model::{
    ComputerId, Difference, ExclusionId, Family, GroupId, ObservedExclusion, ObservedUser, Tracking, UserId,
};

/// What of a record is not as a write should leave it.
pub(super) fn of_record(expected: &ObservedUser, found: &ObservedUser, shown_by: Family) -> Option<String> {
    let mut expected = expected.clone();
    // The account is about to join these with others, and they go by themselves.
    expected.agents.retain(|agent| !agent.merge_pending);
    if shown_by == Family::Scim && !found.employee_ids.is_empty() {
        // SCIM shows one of them: another one may only have taken its place.
        expected.employee_ids.clone_from(&found.employee_ids);
    }
    let words = |difference: &Difference| match difference {
        Difference::Name { found: Some(name), .. } => format!("the display name is {name}"),
        Difference::Name { found: None, .. } => "the display name is gone".to_owned(),
        Difference::Lost(identifier) => format!("{identifier} is gone"),
        Difference::Tracking { found: Tracking::Tracked, .. } => "the record is tracked".to_owned(),
        Difference::Tracking { found: Tracking::Untracked, .. } => "the record is untracked".to_owned(),
        Difference::LostAgent(login) => format!("the agent {login} is gone"),
    };
    let differences = found.differences_from(&expected);
    several(differences.iter().map(words).collect())
}

/// Who is no longer in a group, but for those whom this run takes out.
pub(super) fn of_members(
    writer: &Writer,
    group: GroupId,
    before: Option<&BTreeSet<UserId>>,
    after: Option<&BTreeSet<UserId>>,
) -> Option<String> {
    let (before, after) = (before?, after?);
    let gone = before.difference(after);
    let gone = gone.filter(|user| !writer.directory.is_taken(Thing::Member(group, **user)));
    several(gone.map(|user| format!("{} is out of the group", called(writer, *user))).collect())
}

/// Which computers are no longer in a group, but for those that this run takes out.
pub(super) fn of_computers(
    writer: &Writer,
    group: GroupId,
    before: &BTreeSet<ComputerId>,
    after: &BTreeSet<ComputerId>,
) -> Option<String> {
    let gone = before.difference(after);
    let gone = gone.filter(|computer| !writer.directory.is_taken(Thing::Computer(group, **computer)));
    several(gone.map(|computer| format!("computer {} is out of the group", computer.0)).collect())
}

/// Which groups are gone or called otherwise, but for those that this run deletes and renames.
pub(super) fn of_groups(writer: &Writer, before: &[ListedGroup], after: &[ListedGroup]) -> Option<String> {
    let others = before.iter().filter(|group| !writer.directory.is_taken(Thing::Group(group.parent)));
    collateral::lost_groups(
        others.map(|group| (group.parent, &*group.name)),
        after.iter().map(|now| (now.parent, &*now.name)),
    )
}

/// Which rules are gone, but for those that this run removes.
pub(super) fn of_rules(
    writer: &Writer,
    before: &[ObservedExclusion],
    after: &[ObservedExclusion],
) -> Option<String> {
    let after: BTreeSet<ExclusionId> = after.iter().map(|now| now.id).collect();
    let gone = before.iter().filter(|rule| !after.contains(&rule.id));
    let gone = gone.filter(|rule| !writer.directory.is_taken(Thing::Rule(rule.id)));
    several(gone.map(|rule| format!("the rule for {} is gone", rule.login)).collect())
}

/// Several findings of one kind.
pub(super) fn both(one: Option<String>, other: Option<String>) -> Option<String> {
    several(one.into_iter().chain(other).collect())
}

/// What a user goes by.
fn called(writer: &Writer, user: UserId) -> String {
    collateral::called(writer.directory.record(user).as_ref(), user)
}
