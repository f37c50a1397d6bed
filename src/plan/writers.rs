//! Who wrote last what a plan would take away? Beside each value of a user that is there now, as far as the account says it.

use crate::model::{Delta, Fact, Field, Identifier, Object, Observed, ObservedUser, Phrase, Piece, SetBy};
use crate::plan::finished::Plan;

/// The same plan, with who wrote each value last that it would take away or replace, where nothing else stands beside it. It is no part
/// of its digest.
#[must_use]
pub fn with_writers(mut plan: Plan, observed: &Observed) -> Plan {
    for change in &mut plan.changes {
        let Object::User(label) = &change.object else { continue };
        let Some(user) = label.record.and_then(|record| observed.user_ix(record)) else { continue };
        for fact in change.facts.iter_mut().filter(|fact| fact.remark.is_none()) {
            fact.remark = writer(observed.user(user), fact).map(Phrase::words);
        }
    }
    plan
}

/// Who wrote the value last that a fact takes away.
fn writer(user: &ObservedUser, fact: &Fact) -> Option<&'static str> {
    let (Delta::Remove(there) | Delta::Set { from: Some(there), .. }) = &fact.delta else { return None };
    let by = if fact.field == Field::Name {
        user.name_set_by()
    } else {
        let is_it = |held: &Identifier| Field::of(held) == fact.field && Piece::personal(held) == *there;
        let held = user.identifiers().find(is_it)?;
        if matches!(&held, Identifier::Email(email) if user.is_automatic(email)) {
            return Some("last set by ActivTrak itself");
        }
        user.set_by(&held)
    };
    Some(match by? {
        SetBy::Person => "last set by somebody in the app",
        SetBy::ApiKey => "last set with an API key",
    })
}
