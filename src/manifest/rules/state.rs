//! Neither a user nor a group names a group that is to be deleted.

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::{GroupName, GroupState, Located};

/// Nobody can be in a deleted group, have it as primary group, or come into another one by it.
pub(super) fn no_deleted_group_is_named(facts: &Facts<'_>, found: &mut Diagnostics) {
    if facts.declared.groups.iter().all(|group| group.state == GroupState::Present) {
        return;
    }
    for user in &facts.declared.users {
        let help = "take the group out of this user, or keep the group";
        let named = user.groups.iter().chain(user.primary_group.declared());
        named.for_each(|name| deleted(facts, name, help, found));
    }
    for copying in facts.declared.groups.iter().filter_map(|group| group.automatic.as_ref()) {
        let help = "take the group out of `membersOf`, or keep the group";
        copying.of.iter().for_each(|name| deleted(facts, name, help, found));
    }
}

fn deleted(facts: &Facts<'_>, name: &Located<GroupName>, help: &str, found: &mut Diagnostics) {
    if let Some(GroupState::Deleted(origin)) = facts.groups.find(&name.value).map(|group| &group.state) {
        let message = format!("the group `{}` is to be deleted", name.value);
        let problem = at(Code::DeletedGroupNamed, name.origin, message);
        found.push(problem.related(span(*origin), "deleted here").help(help));
    }
}
