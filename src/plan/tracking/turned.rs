//! Who is tracked or not because of a rule that comes or goes, and which rules does a user stand for?

use std::collections::BTreeSet;

use crate::model::{Afterwards, Cause, Delta, Fact, Field, Login, Origin, Piece, Severity, Tracking};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::orders::lifted;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::rules::made_by;

/// That a user is tracked or not without anybody asking for it: because of a rule that comes or goes.
pub(super) fn turned_by_rule(
    people: &People<'_>,
    person: Person,
    (to, rule): (Tracking, &Login),
    draft: &mut Draft,
) {
    let change = draft.change_of(people, person, Origin::NONE);
    let mut said = draft.changes[change.0 as usize].facts.iter().filter(|fact| fact.field == Field::Tracking);
    let said = said.next().map(|fact| fact.cause);
    if !matches!(said, Some(Cause::Declared | Cause::Rule)) {
        draft.turned.push((change, rule.clone()));
    }
    if said.is_some() {
        return;
    }
    let (from, remark) = match to {
        Tracking::Untracked => (Tracking::Tracked, phrase!["hit by the rule on ", rule_piece(rule)]),
        Tracking::Tracked => {
            (Tracking::Untracked, phrase!["no longer hit by the rule on ", rule_piece(rule)])
        }
    };
    draft.fact(
        change,
        Fact {
            field: Field::Tracking,
            delta: Delta::Set { from: Some(from.word().into()), to: to.word().into() },
            severity: Severity::Disruptive,
            cause: Cause::Consequence,
            origin: Origin::NONE,
            remark: Some(remark),
        },
    );
}

/// The piece that names a rule: `ada on every domain`, `ACME\ada`.
pub(super) fn rule_piece(rule: &Login) -> Piece {
    Piece::personal(rule)
}

/// The rules that a user stands for now.
pub(super) fn rules_before(people: &People<'_>, person: Person) -> BTreeSet<Login> {
    match people.record(person) {
        Some(record) if record.tracking == Tracking::Untracked => {
            made_by(record.identifiers().collect::<Vec<_>>().iter())
        }
        _ => BTreeSet::new(),
    }
}

/// The rules that a user stands for, or leaves behind, once the plan is carried out.
pub(super) fn rules_after(people: &People<'_>, after: &After, person: Person) -> BTreeSet<Login> {
    if people.orders.removal(person) == Some(Afterwards::Unblock) {
        let mut stay = after.identifiers(people, person);
        let lifted = lifted(people, person);
        stay.retain(|identifier| !lifted.contains(identifier));
        return made_by(stay.iter());
    }
    match people.tracking_after(person) {
        Tracking::Untracked => made_by(after.identifiers(people, person).iter()),
        Tracking::Tracked => BTreeSet::new(),
    }
}
