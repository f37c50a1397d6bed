//! What of a difference does no line of a plan say? What follows in the account, or what somebody else did.

use std::collections::BTreeSet;

use crate::model::{Cause, Change, Delta, Fact, Field, Object, Phrase, Piece, UserLabel, fold};
use crate::plan::finished::Plan;

/// What is said beside it.
const REMARK: &str = "in no line of the plan";

/// A fact as two sides may name it: what it is about, which field, whether something comes or goes, and what.
type Said = (String, Field, bool, String);

/// Marks the facts that no change of these plans has: as consequences, with a remark where they have none.
pub fn mark_unplanned(changes: &mut [Change], plans: &[&Plan]) {
    let planned = plans.iter().flat_map(|plan| &plan.changes);
    let said: BTreeSet<Said> = planned.clone().flat_map(every).collect();
    let blocks: BTreeSet<String> = planned
        .flat_map(|change| &change.facts)
        .filter(|fact| fact.field == Field::Block)
        .flat_map(|fact| names(value(&fact.delta).1))
        .collect();
    for change in changes {
        let abouts = about(&change.object);
        let is_rule = matches!(change.object, Object::Exclusion { .. });
        for fact in &mut change.facts {
            let left_by_a_removal =
                is_rule && names(value(&fact.delta).1).iter().any(|it| blocks.contains(it));
            if !left_by_a_removal && !is_said(&said, &abouts, fact) {
                fact.cause = Cause::Consequence;
                fact.remark.get_or_insert_with(|| Phrase::words(REMARK));
            }
        }
    }
}

fn is_said(said: &BTreeSet<Said>, abouts: &[String], fact: &Fact) -> bool {
    // Agents that are deleted are the history that is erased.
    let history = (fact.field == Field::Agent).then_some(Field::History);
    let (comes, piece) = value(&fact.delta);
    let names = if fact.field == Field::Existence { vec![String::new()] } else { names(piece) };
    abouts.iter().any(|about| {
        let has = |field, name: &str| said.contains(&(about.clone(), field, comes, name.to_owned()));
        names.iter().any(|name| has(place(fact.field), name)) || history.is_some_and(|field| has(field, ""))
    })
}

/// Every fact of a change, under every name.
fn every(change: &Change) -> Vec<Said> {
    let mut all = Vec::new();
    for about in about(&change.object) {
        for fact in &change.facts {
            let (comes, piece) = value(&fact.delta);
            let names = match fact.field {
                Field::Existence | Field::History => vec![String::new()],
                _ => names(piece),
            };
            all.extend(names.into_iter().map(|name| (about.clone(), place(fact.field), comes, name)));
        }
    }
    all
}

/// The field in which a reading shows what a plan says: whom rules were expected to move is a member or none.
const fn place(field: Field) -> Field {
    match field {
        Field::PredictedMember => Field::Member,
        field => field,
    }
}

/// Whether something comes, and what comes or goes.
const fn value(delta: &Delta) -> (bool, &Piece) {
    match delta {
        Delta::Add(value) | Delta::Set { to: value, .. } => (true, value),
        Delta::Remove(value) => (false, value),
    }
}

/// What an object may be called: by its number, which a new one has only afterwards, and by name.
fn about(object: &Object) -> Vec<String> {
    match object {
        Object::User(label) => labels(label),
        Object::Group { id, name, .. } => {
            let number = id.map(|id| format!("group {}", id.0));
            number.into_iter().chain([format!("group {}", name.key())]).collect()
        }
        Object::Exclusion { login, .. } => vec![format!("rule {}", fold(&login.to_string()))],
    }
}

fn names(piece: &Piece) -> Vec<String> {
    match piece {
        Piece::Plain(text) => vec![fold(text).into()],
        Piece::Personal(text) => vec![fold(text).into()],
        Piece::User(label) => labels(label),
    }
}

fn labels(label: &UserLabel) -> Vec<String> {
    let number = label.record.map(|record| format!("record {}", record.0));
    let shown = label.display_id.as_deref().or(label.name.as_deref());
    number.into_iter().chain(shown.map(|shown| format!("user {}", fold(shown)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        DisplayName, GroupId, GroupName, GroupSource, Observed, ObservedGroup, ObservedUser, UserId,
    };
    use crate::plan::between::between;
    use crate::plan::sample::empty;

    #[test]
    fn what_a_plan_says_is_not_marked_and_the_rest_is() {
        let group = ObservedGroup::new(GroupId(9), GroupName::observed("R&D"), GroupSource::App);
        let user = |name: &str, primary| ObservedUser {
            display_name: Some(DisplayName::observed(name)),
            primary_group: primary,
            ..ObservedUser::new(UserId(1))
        };
        let account = |user, members: &[_]| {
            Observed::new(vec![user], vec![group.clone()], members, Vec::new(), Vec::new())
        };
        let pair = [(GroupId(9), UserId(1))];
        let (before, after) =
            (account(user("Ada", None), &[]), account(user("Eva", Some(GroupId(9))), &pair));
        let mut changes = between(&before, &after);
        // The plan says the name and the membership; the primary group follows.
        let mut planned = changes.clone();
        planned[0].facts.truncate(1);
        mark_unplanned(&mut changes, &[&Plan { changes: planned, ..empty() }]);
        let marked =
            changes.iter().flat_map(|change| &change.facts).filter(|fact| fact.cause == Cause::Consequence);
        assert_eq!(marked.map(|fact| fact.field).collect::<Vec<_>>(), [Field::PrimaryGroup]);
        mark_unplanned(&mut changes, &[]);
        assert!(changes.iter().flat_map(|change| &change.facts).all(|fact| fact.cause == Cause::Consequence));
    }
}
