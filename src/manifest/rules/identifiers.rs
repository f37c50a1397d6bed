//! An identifier or agent belongs to one user. A UPN and an email may be equal on one user, not on two.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::directory::{Claim, Field};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::DesiredUser;

/// Two users can't hold one identifier, in any combination of UPN and email.
pub(super) fn belong_to_one_user(facts: &Facts<'_>, found: &mut Diagnostics) {
    for (first, again) in facts.users.collisions() {
        if matches!(again.field, Field::DisplayName | Field::Namesake) {
            continue;
        }
        if first.user != again.user {
            found.push(claimed_twice(facts, first, again));
        } else if first.field == again.field {
            let message =
                format!("the {} `{}` stands here twice", again.field.noun(), claimed_text(facts, again));
            let problem = at(Code::ListedTwice, again.origin, message).help("take one out");
            found.push(problem.related(span(first.origin), "first written here"));
        }
    }
}

fn claimed_twice(facts: &Facts<'_>, first: &Claim<'_>, again: &Claim<'_>) -> Diagnostic {
    let (ours, theirs) = (claimed_text(facts, again), claimed_text(facts, first));
    let noun = again.field.noun();
    let mut message = format!("the {noun} `{ours}` belongs to another user already");
    if ours != theirs {
        let is_case = ours.to_lowercase() == theirs.to_lowercase();
        let why = if is_case { "upper and lower case are the same" } else { "two ways to write one address" };
        message = format!("{message}, as `{theirs}`: {why}");
    }
    let help = "take it out of one of the two; if it is one human, merge the entries";
    at(Code::DuplicateIdentifier, again.origin, message)
        .related(span(first.origin), format!("also claimed here, as {} ", first.field.noun()).trim_end())
        .help(help)
}

/// A claim's text as it was said.
pub(super) fn claimed_text(facts: &Facts<'_>, claim: &Claim<'_>) -> String {
    let Some(user) = facts.declared.users.get(claim.user as usize) else { return String::new() };
    let agents = user.agents.iter().map(|it| (it.origin, it.value.to_string()));
    let identifiers = user.identifiers().map(|it| (it.origin, it.value.to_string()));
    let name = user.display_name.declared().map(|it| (it.origin, it.value.to_string()));
    let mut all = identifiers.chain(agents).chain(name);
    all.find(|(origin, _)| *origin == claim.origin).map(|(_, text)| text).unwrap_or_default()
}

/// What to call a user in a message: the name, else the first identifier.
pub(super) fn called(user: &DesiredUser) -> String {
    match user.display_name.declared() {
        Some(name) => name.value.to_string(),
        None => user.identifiers().next().map(|it| it.value.to_string()).unwrap_or_default(),
    }
}
