//! What is protected is declared.

use crate::diag::{Code, Diagnostics, nearest};
use crate::manifest::rules::facts::{Facts, at};

const HELP: &str = "`plan` makes this an error if the account has none either";

/// A misspelt protection looks like a safe one.
pub(super) fn users_are_declared(facts: &Facts<'_>, found: &mut Diagnostics) {
    for user in &facts.policy.protected_users {
        if facts.users.meant(&user.value).is_none() {
            let message = format!("the protected user `{}` is not declared", user.value);
            found.push(at(Code::UnknownProtected, user.origin, message).help(HELP));
        }
    }
}

/// The same for groups.
pub(super) fn groups_are_declared(facts: &Facts<'_>, found: &mut Diagnostics) {
    for group in &facts.policy.protected_groups {
        let name = &group.value;
        if facts.groups.find(name).is_some() {
            continue;
        }
        let declared = facts.declared.groups.iter().map(|it| it.name.value.as_written());
        let help = match nearest(name.as_written(), declared) {
            Some(near) => format!("did you mean `{near}`?"),
            None => HELP.to_owned(),
        };
        let message = format!("the protected group `{name}` is not declared");
        found.push(at(Code::UnknownProtected, group.origin, message).help(help));
    }
}
