//! A group is declared once, and a former name leads to one group.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic};
use crate::manifest::rules::{Facts, at, span};

/// Two entries could want different members of one group.
pub(super) fn are_declared_once(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    for (first, again) in &facts.groups.collisions {
        let (ours, theirs) = (again.name.value.said(), first.name.value.said());
        let message = if ours == theirs {
            format!("the group `{ours}` is declared twice")
        } else {
            format!("`{ours}` and `{theirs}` are one group: upper and lower case are the same")
        };
        let problem = at(Code::DuplicateGroup, again.name.origin, message);
        let help = "keep one entry; users can name the group in their own `groups`";
        found.push(problem.related(span(first.name.origin), "first declared here").help(help));
    }
}

/// An old group became one new group, and is gone.
pub(super) fn continue_one_group_each(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    let mut claimed = BTreeMap::new();
    for group in &facts.declared.groups {
        for former in &group.formerly {
            let name = &former.value;
            if let Some(now) = facts.groups.find(name) {
                let message = format!("`{name}` is the name of a group now, so it is no former name");
                let problem = at(Code::FormerlyClash, former.origin, message);
                let help = "take it out, or give the other group another name";
                found.push(problem.related(span(now.name.origin), "declared here").help(help));
            } else if let Some(first) = claimed.insert(name.key(), former.origin) {
                let message = format!("two groups can't both have been `{name}`");
                let problem = at(Code::FormerlyClash, former.origin, message);
                let help = "leave it in the group that the old one became";
                found.push(problem.related(span(first), "also claimed here").help(help));
            }
        }
    }
}
