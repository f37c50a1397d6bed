//! `account` stands in exactly one manifest, `policy` in at most one.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::Origin;

/// Of two, nobody could say which holds.
pub(super) fn said_once(facts: &Facts<'_>, found: &mut Diagnostics) {
    let accounts: Vec<_> = facts.declared.accounts.iter().flatten().map(|it| it.origin).collect();
    let policies: Vec<_> = facts.declared.policies.iter().map(|it| it.origin).collect();
    twice("account", &accounts, found);
    twice("policy", &policies, found);
}

fn twice(key: &str, places: &[Origin], found: &mut Diagnostics) {
    let Some((&first, others)) = places.split_first() else { return };
    for &again in others {
        let problem = at(Code::SaidTwice, again, format!("`{key}` stands in two manifests"));
        found.push(problem.related(span(first), "first written here").help("keep one of them"));
    }
}

/// Without it, manifests could meet an account that they were not written for.
pub(super) fn is_there(facts: &Facts<'_>, found: &mut Diagnostics) {
    if facts.declared.accounts.is_empty() {
        let message = "no manifest says which account this is";
        found.push(
            Diagnostic::new(Code::MissingAccount, facts.path.clone(), message)
                .help("write `account: { name: …, platform: activtrak, region: us }` in one manifest"),
        );
    }
}
