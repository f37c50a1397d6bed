//! An exclusion is said once.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::model::DesiredExclusion;

/// A second mention is needless, and a contradicting one is an error.
pub(super) fn are_said_once(facts: &Facts<'_>, found: &mut Diagnostics) {
    let mut said: BTreeMap<_, &DesiredExclusion> = BTreeMap::new();
    for exclusion in &facts.declared.exclusions {
        let (login, origin) = (&exclusion.login.value, exclusion.login.origin);
        let first = *said.entry(login).or_insert(exclusion);
        if std::ptr::eq(first, exclusion) {
            continue;
        }
        let problem = if first.state == exclusion.state {
            at(Code::ListedTwice, origin, format!("the exclusion `{login}` is declared twice"))
        } else {
            let message = format!("the exclusion `{login}` is to be both present and absent");
            at(Code::ContradictingExclusions, origin, message)
        };
        found.push(problem.related(span(first.login.origin), "first written here").help("keep one of them"));
    }
}
