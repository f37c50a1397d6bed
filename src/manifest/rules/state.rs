//! No user names a group that is to be deleted.

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::GroupState;

/// Nobody can be in a deleted group, or have it as primary group.
pub(super) fn no_deleted_group_is_named(facts: &Facts<'_>, found: &mut Diagnostics) {
    if facts.declared.groups.iter().all(|group| group.state == GroupState::Present) {
        return;
    }
    for user in &facts.declared.users {
        for name in user.groups.iter().chain(user.primary_group.declared()) {
            let Some(GroupState::Deleted(origin)) = facts.groups.find(&name.value).map(|group| &group.state)
            else {
                continue;
            };
            let message = format!("the group `{}` is to be deleted", name.value);
            let problem = at(Code::DeletedGroupNamed, name.origin, message);
            let help = "take the group out of this user, or keep the group";
            found.push(problem.related(span(*origin), "deleted here").help(help));
        }
    }
}
