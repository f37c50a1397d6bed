//! The removal of a rule.

use crate::model::{
    Act, Cause, Delta, Fact, Field, Login, Object, ObservedExclusion, Origin, Piece, Severity, Verb,
};
use crate::plan::draft::Draft;
use crate::plan::phase::PhaseKind;
use crate::plan::rules;

/// Drafts the removal of a rule; should the account have it twice, of both.
pub(super) fn remove_exclusion(
    (login, rules): (&Login, &[&ObservedExclusion]),
    origin: Origin,
    cause: Cause,
    draft: &mut Draft,
) -> crate::model::ChangeId {
    let object = Object::Exclusion { id: rules.first().map(|rule| rule.id), login: login.clone() };
    let change = draft.push(rules::fingerprint_key(login), object, Verb::Delete, origin);
    draft.fact(
        change,
        Fact {
            field: Field::Existence,
            delta: Delta::Remove(Piece::personal(login)),
            severity: Severity::Disruptive,
            cause,
            origin,
            remark: None,
        },
    );
    for rule in rules {
        let act = Act::RemoveExclusion { id: rule.id, login: rule.login.clone() };
        draft.step(PhaseKind::Exclusions, Some(change), act, Vec::new());
    }
    change
}
