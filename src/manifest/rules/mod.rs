//! What must hold across entries and files? One rule a file; the table below is all of them.
//!
//! Every rule sees everything that could be read and reports all it finds; none depends on the order of files.

mod account;
mod alike;
mod attributes;
mod completeness;
mod copies;
mod directory;
mod exclusion_hits;
mod exclusions;
mod facts;
mod formerly;
mod groups;
mod identifiers;
mod leave_out;
mod lists;
mod mark;
mod members;
mod names;
mod near;
mod orders;
mod protected;
mod state;
mod typos;

use rayon::prelude::*;

use crate::diag::{Diagnostics, Place, Sources};
use crate::manifest::declared::Declared;
use crate::manifest::rules::directory::{GroupNames, Users};
use crate::manifest::rules::facts::Facts;
use crate::model::{Dates, Policy};

/// A rule.
type Rule = fn(&Facts<'_>, &mut Diagnostics);

/// Rules that hold for whatever could be read.
const ALWAYS: &[Rule] = &[
    account::said_once,
    identifiers::belong_to_one_user,
    names::belong_to_one_user,
    alike::users_are_told_apart,
    alike::groups_are_told_apart,
    groups::are_declared_once,
    groups::continue_one_group_each,
    formerly::continues_one_user,
    formerly::is_not_released_and_held,
    copies::are_of_no_circle,
    copies::name_groups_as_they_will_be_called,
    state::no_deleted_group_is_named,
    members::are_listed_once,
    members::are_not_leaving,
    orders::are_of_a_past_day,
    exclusions::are_said_once,
    exclusion_hits::no_tracked_user,
    leave_out::names_no_declared_group,
    attributes::compared_with_dates_are_dates,
];

/// Rules about what is not there: they need the whole picture.
const WHOLE: &[Rule] = &[
    account::is_there,
    completeness::something_is_declared,
    completeness::is_as_large_as_expected,
    typos::in_references,
    typos::in_group_names,
    protected::users_are_declared,
    protected::groups_are_declared,
    attributes::of_rules_are_declared,
    attributes::values_of_rules_are_had,
];

/// How much of the manifests could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picture {
    /// All of it.
    Whole,
    /// Something was left out for an error, so nothing can be said to be missing.
    Partial,
}

/// Checks all rules.
pub(super) fn check(declared: &Declared, picture: Picture, path: &Place, today: Dates) -> Diagnostics {
    let default = Policy::default();
    let policy = declared.policies.first().map_or(&default, |policy| &policy.value);
    let (users, groups) =
        rayon::join(|| Users::declared(&declared.users), || GroupNames::declared(&declared.groups));
    let lists = lists::resolved(&declared.groups, &users);
    let facts = Facts { path, declared, policy, today, users, groups, lists };
    let whole = if picture == Picture::Whole { WHOLE } else { &[] };
    let found = ALWAYS.par_iter().chain(whole).map(|rule| {
        let mut found = Diagnostics::default();
        rule(&facts, &mut found);
        found
    });
    let mut all = Diagnostics::default();
    found.collect::<Vec<_>>().into_iter().for_each(|found| all.join(found));
    all
}

/// Marks the words at each place that a rule found: what the model keeps of a place is where it starts.
pub(super) fn mark(found: &mut Diagnostics, sources: &Sources) {
    for it in found.found_mut() {
        if let Place::Span(span) = &mut it.place {
            *span = mark::word(*span, sources);
        }
        for (span, _) in &mut it.related {
            *span = mark::word(*span, sources);
        }
    }
}
