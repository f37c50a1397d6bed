//! `formerly` leads to one user, and what a user `releases` the user does not hold.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::Identifier;

/// Two users can't both have been the same one.
pub(super) fn continues_one_user(facts: &Facts<'_>, found: &mut Diagnostics) {
    let mut claimed: BTreeMap<&Identifier, (usize, _)> = BTreeMap::new();
    for (at_user, user) in facts.declared.users.iter().enumerate() {
        for former in &user.formerly {
            let (first_user, first) = *claimed.entry(&former.value).or_insert((at_user, former.origin));
            if first_user != at_user {
                let message = format!("two users can't both have been `{}`", former.value);
                let problem = at(Code::FormerlyClash, former.origin, message);
                let help = "leave it in the entry of the user who had it";
                found.push(problem.related(span(first), "also claimed here").help(help));
            }
        }
    }
}

/// Giving an identifier up and declaring it contradict each other.
pub(super) fn is_not_released_and_held(facts: &Facts<'_>, found: &mut Diagnostics) {
    for user in facts.declared.users.iter().filter(|user| !user.releases.is_empty()) {
        let declared: BTreeMap<String, _> =
            user.identifiers().map(|held| (compared(&held.value), held.origin)).collect();
        for released in &user.releases {
            if let Some(&origin) = declared.get(&compared(&released.value)) {
                let message = format!("`{}` is released, and the same entry declares it", released.value);
                let problem = at(Code::StillHeld, released.origin, message);
                let help = "take it out of `releases`, or out of the user's identifiers";
                found.push(problem.related(span(origin), "declared here").help(help));
            }
        }
    }
}

/// The form in which a UPN and an email are the same.
fn compared(identifier: &Identifier) -> String {
    match identifier {
        Identifier::Upn(upn) => upn.key().to_owned(),
        Identifier::Email(email) => email.key().to_owned(),
        Identifier::EmployeeId(id) => id.to_string(),
        Identifier::DeviceLogin(login) => login.to_string().to_lowercase(),
    }
}
