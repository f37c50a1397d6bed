//! Who is tracked again because a rule goes? Whoever it stopped, unless another rule does too.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ChangeId, Login, Object, ObservedUser, Piece, Tracking, Verb};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::orders::lifted_rules;
use crate::plan::people::{People, Person};
use crate::plan::tracking::rules::{by_name, covering, hits, tracking_after};
use crate::plan::tracking::{rule_piece, rules_after, rules_before, turned_by_rule};

/// Adds a track for every tracked user whom a rule that goes has stopped; those of `leftovers` are said already.
pub(in crate::plan) fn consequences(people: &People<'_>, leftovers: &[(Login, Person)], draft: &mut Draft) {
    let gone = gone(people, draft);
    if gone.is_empty() {
        return;
    }
    let gone_by_name = by_name(gone.keys());
    let retracked = retracked(people, draft);
    let own = retracked.iter().flat_map(|(record, _)| logins(record)).map(|login| login.user.key());
    let names: BTreeSet<&str> = gone_by_name.keys().copied().chain(own).collect();
    let standing = standing_after(people, draft, &gone, &names);
    let standing = by_name(&standing);
    let is_tracked = |person: Person| {
        people.record(person).is_some_and(|record| record.tracking == Tracking::Tracked)
            && tracking_after(people, person) == Tracking::Tracked
    };
    for hit in hits(people, draft, &gone_by_name) {
        let person = Person::Known(hit.user);
        let said = leftovers.iter().any(|(_, other)| *other == person);
        if said || !is_tracked(person) || covering(&standing, hit.login).next().is_some() {
            continue;
        }
        let label = people.label(person);
        let note = phrase!["collects again from ", Piece::personal(hit.login), " of ", label, " (tracked)"];
        if let Some(change) = gone.get(hit.rule)
            && !draft.changes[change.0 as usize].notes.contains(&note)
        {
            draft.note(*change, note);
        }
        turned_by_rule(people, person, (Tracking::Tracked, hit.rule), draft);
    }
    for (record, change) in retracked {
        for login in logins(record).collect::<BTreeSet<_>>() {
            if let Some(rule) = covering(&standing, login).next() {
                let login = Piece::personal(login);
                draft.note(change, phrase![login, " stays stopped by the rule on ", rule_piece(rule)]);
            }
        }
    }
}

/// The records that are tracked again, with their changes.
fn retracked<'a>(people: &People<'a>, draft: &Draft) -> Vec<(&'a ObservedUser, ChangeId)> {
    let turns = |person: Person| {
        let record = people.record(person).filter(|record| record.tracking == Tracking::Untracked)?;
        (tracking_after(people, person) == Tracking::Tracked).then_some(record)
    };
    draft.of_person.iter().filter_map(|(person, change)| Some((turns(*person)?, *change))).collect()
}

/// What a user reports under.
fn logins(record: &ObservedUser) -> impl Iterator<Item = &Login> {
    record.agents.iter().map(|agent| &agent.login).chain(&record.device_logins)
}

/// Every rule that goes, with the change that takes it away: an exclusion that is removed, what a user who is tracked again or
/// loses an identifier stood for, and what is lifted of a removed one.
fn gone(people: &People<'_>, draft: &Draft) -> BTreeMap<Login, ChangeId> {
    let mut gone = BTreeMap::new();
    for (person, change) in &draft.of_person {
        let after = rules_after(people, draft, *person);
        let before = rules_before(people, *person).into_iter();
        gone.extend(before.filter(|rule| !after.contains(rule)).map(|rule| (rule, *change)));
    }
    for change in &draft.changes {
        if let (Object::Exclusion { login, .. }, Verb::Delete) = (&change.object, change.verb) {
            gone.insert(login.clone(), change.id);
        }
    }
    for (change, rules) in lifted_rules(people, draft) {
        gone.extend(rules.into_iter().map(|rule| (rule.clone(), change)));
    }
    gone
}

/// The rules on these usernames that stand once the plan is carried out.
fn standing_after(
    people: &People<'_>,
    draft: &Draft,
    gone: &BTreeMap<Login, ChangeId>,
    names: &BTreeSet<&str>,
) -> Vec<Login> {
    let globals = people.observed.exclusions.iter().map(|rule| &rule.login);
    let globals = globals.filter(|login| !gone.contains_key(*login)).cloned();
    let added = draft.changes.iter().filter_map(|change| match (&change.object, change.verb) {
        (Object::Exclusion { login, .. }, Verb::Create) => Some(login.clone()),
        _ => None,
    });
    let known = (0..).take(people.observed.users.len()).map(|at| Person::Known(crate::model::UserIx(at)));
    let everybody = known.chain((0..).take(people.created.len()).map(Person::New));
    let untracked = everybody.filter(|person| tracking_after(people, *person) == Tracking::Untracked);
    let derived = untracked.flat_map(|person| rules_after(people, draft, person));
    globals.chain(added).chain(derived).filter(|rule| names.contains(rule.user.key())).collect()
}
