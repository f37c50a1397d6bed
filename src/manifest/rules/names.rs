//! A display name belongs to one user.

use crate::diag::{Code, Diagnostic};
use crate::manifest::rules::directory::{Claim, Field};
use crate::manifest::rules::{Facts, at, span};

/// The account refuses a second user of a name.
pub(super) fn belong_to_one_user(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    for (first, again) in facts.users.collisions().filter(|(_, again)| again.field == Field::DisplayName) {
        let (theirs, ours) = (said(facts, first), said(facts, again));
        let message = if ours == theirs {
            format!("`{ours}` is the display name of two users")
        } else {
            format!("`{ours}` and `{theirs}` are one display name: upper and lower case are the same")
        };
        let help = "give one of them another name; if it is one human, merge the entries";
        let problem = at(Code::DuplicateName, again.origin, message).help(help);
        found.push(problem.related(span(first.origin), "also used here"));
    }
}

fn said<'a>(facts: &Facts<'a>, claim: &Claim<'_>) -> &'a str {
    let user = facts.declared.users.get(claim.user as usize);
    user.and_then(|user| user.display_name.said()).map_or("", |name| name.value.said())
}
