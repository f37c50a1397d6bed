//! A display name belongs to one user.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::directory::{Claim, Field};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::{DesiredUser, Members};

/// The account refuses a second user of a name. Of namesakes all but one need another: an export may say it.
pub(super) fn belong_to_one_user(facts: &Facts<'_>, found: &mut Diagnostics) {
    // By the first user of a name: the one who has no other.
    let mut without: BTreeMap<u32, &Claim<'_>> = BTreeMap::new();
    let is_name = |claim: &Claim<'_>| matches!(claim.field, Field::DisplayName | Field::Namesake);
    for (first, again) in facts.users.collisions().filter(|(_, again)| is_name(again)) {
        if first.field == Field::Namesake || again.field == Field::Namesake {
            found.push(not_told_apart(facts, first, again));
            continue;
        }
        if !has_other(facts, first) {
            without.entry(first.user).or_insert(first);
        }
        if has_other(facts, again) {
            continue;
        }
        match without.get(&first.user) {
            None => drop(without.insert(first.user, again)),
            Some(other) => found.push(of_two_users(facts, other, again)),
        }
    }
}

fn of_two_users(facts: &Facts<'_>, first: &Claim<'_>, again: &Claim<'_>) -> Diagnostic {
    let (theirs, ours) = (claimed_name(facts, first), claimed_name(facts, again));
    let message = if ours == theirs {
        format!("`{ours}` is the display name of two users")
    } else {
        format!("`{ours}` and `{theirs}` are one display name: upper and lower case are the same")
    };
    let from_row = |claim: &Claim<'_>| user(facts, claim).is_some_and(is_of_row);
    let help = if from_row(first) || from_row(again) {
        "an entry of `users` may give one of two namesakes another `displayName`, or the source all of them: \
         `onCollision: '{Name} ({Number})'`"
    } else {
        "give one of them another name; if it is one human, merge the entries"
    };
    let problem = at(Code::DuplicateName, again.origin, message).help(help);
    problem.related(span(first.origin), "also used here")
}

fn not_told_apart(facts: &Facts<'_>, first: &Claim<'_>, again: &Claim<'_>) -> Diagnostic {
    let message = format!(
        "`onCollision` calls somebody `{}`, and that is another user's name too",
        claimed_name(facts, again)
    );
    let help = "let it name columns that tell namesakes apart";
    let problem = at(Code::DuplicateName, again.origin, message).help(help);
    problem.related(span(first.origin), "the other")
}

fn user<'a>(facts: &Facts<'a>, claim: &Claim<'_>) -> Option<&'a DesiredUser> {
    facts.declared.users.get(claim.user as usize)
}

fn has_other(facts: &Facts<'_>, claim: &Claim<'_>) -> bool {
    user(facts, claim).is_some_and(|user| user.namesake.is_some())
}

/// Whether a row of an export says something of a user.
fn is_of_row(user: &DesiredUser) -> bool {
    !user.lookups.is_empty()
        || matches!(user.upns, Members::AtLeast(_))
        || matches!(user.emails, Members::AtLeast(_))
        || matches!(user.employee_ids, Members::AtLeast(_))
}

fn claimed_name<'a>(facts: &Facts<'a>, claim: &Claim<'_>) -> &'a str {
    let Some(user) = user(facts, claim) else { return "" };
    let name = match claim.field {
        Field::Namesake => user.namesake.as_ref(),
        _ => user.display_name.declared(),
    };
    name.map_or("", |name| name.value.as_written())
}
