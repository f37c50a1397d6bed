//! What manifests may ask for and this version does not carry out: a blocker that names the key, never silence.

use crate::model::{Login, Origin, Phrase, Unmanaged};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::people::People;
use crate::plan::types::{Blocker, BlockerCode};

/// Blocks the plan for everything that it would need and that a later version carries out.
pub(super) fn block(people: &People<'_>, draft: &mut Draft) {
    for origin in &people.desired.hr_sources {
        let message = Phrase::words("`hr.sources`: reading HR exports");
        not_carried_out(*origin, message, "declare the HR groups with their members instead", draft);
    }
    unmanaged(people, draft);
}

fn not_carried_out(origin: Origin, what: Phrase, way_out: &'static str, draft: &mut Draft) {
    draft.blockers.push(
        Blocker::new(origin, BlockerCode::NotCarriedOut, what.then(" is not carried out by this version"))
            .way_out(way_out),
    );
}

/// Policies on what no manifest mentions, where there is something they would speak of.
fn unmanaged(people: &People<'_>, draft: &mut Draft) {
    let policy = &people.desired.policy;
    if policy.unmanaged_users.value == Unmanaged::Report
        && people.resolution.entries.iter().any(Option::is_none)
    {
        later_policy(policy.unmanaged_users.origin, "users: report", draft);
    }
    let rules = &people.observed.exclusions;
    let said =
        |login: &Login| people.desired.exclusions.iter().any(|exclusion| exclusion.login.value == *login);
    if policy.unmanaged_exclusions.value == Unmanaged::Report && rules.iter().any(|rule| !said(&rule.login)) {
        later_policy(policy.unmanaged_exclusions.origin, "exclusions: report", draft);
    }
}

fn later_policy(origin: Origin, key: &'static str, draft: &mut Draft) {
    let message = phrase![format!("`policy.unmanaged.{key}`")];
    not_carried_out(origin, message, "leave it at its default", draft);
}
