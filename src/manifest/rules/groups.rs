//! A group is declared once, and a former name leads to one group.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::{DeclaredSource, DesiredGroup, GroupState};

/// Two entries could want different members of one group.
pub(super) fn are_declared_once(facts: &Facts<'_>, found: &mut Diagnostics) {
    for (first, again) in &facts.groups.collisions {
        let (ours, theirs) = (again.name.value.as_written(), first.name.value.as_written());
        let message = if ours == theirs {
            format!("the group `{ours}` is declared twice")
        } else {
            format!("`{ours}` and `{theirs}` are one group: upper and lower case are the same")
        };
        let problem = at(Code::DuplicateGroup, again.name.origin, message);
        let deleted = [again, first].iter().any(|group| group.state != GroupState::Present);
        let help = if deleted {
            "a name is free once the group is deleted: declare the new group in the next change"
        } else {
            "keep one entry; users can name the group in their own `groups`"
        };
        found.push(problem.related(span(first.name.origin), "first declared here").help(help));
    }
}

/// An old group became one new group. Its name may have gone to another group of the app since, but not in a circle.
pub(super) fn continue_one_group_each(facts: &Facts<'_>, found: &mut Diagnostics) {
    let mut claimed = BTreeMap::new();
    for group in &facts.declared.groups {
        for former in &group.formerly {
            let name = &former.value;
            let now = facts.groups.find(name);
            if let Some(first) = claimed.insert(name.key(), former.origin) {
                let message = format!("two groups can't both have been `{name}`");
                let problem = at(Code::FormerlyClash, former.origin, message);
                let help = "leave it in the group that the old one became";
                found.push(problem.related(span(first), "also claimed here").help(help));
            } else if let Some(now) = now.filter(|now| !gave_up(group, now)) {
                let message = format!("`{name}` is the name of a group now, so it is no former name");
                let problem = at(Code::FormerlyClash, former.origin, message);
                let help = "take it out, or give the other group another name";
                found.push(problem.related(span(now.name.origin), "declared here").help(help));
            } else if let Some(now) = now.filter(|now| comes_from(facts, now, group)) {
                let message = format!(
                    "`{}` and `{name}` are each said to have been the other: an account that has both doesn't tell \
                     whether that is done",
                    group.name.value
                );
                let problem = at(Code::FormerlyClash, former.origin, message);
                let help = "give one of them a third name in one change, and its final name in the next";
                found.push(problem.related(span(now.name.origin), "the other").help(help));
            }
        }
    }
}

/// Whether a group's present holder of a former name can have it from a renaming: both are groups of the app, and two.
fn gave_up(group: &DesiredGroup, now: &DesiredGroup) -> bool {
    let is_app = |group: &DesiredGroup| group.source != Some(DeclaredSource::Hr);
    let stays = now.state == GroupState::Present && now.name.value != group.name.value;
    stays && is_app(group) && is_app(now)
}

/// Whether a group was, by way of former names, another one.
fn comes_from(facts: &Facts<'_>, group: &DesiredGroup, origin: &DesiredGroup) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![group];
    while let Some(group) = open.pop() {
        if !seen.insert(group.name.value.key()) {
            continue;
        }
        if group.name.value == origin.name.value {
            return true;
        }
        open.extend(group.formerly.iter().filter_map(|former| facts.groups.find(&former.value)));
    }
    false
}
