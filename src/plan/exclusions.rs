//! Global Do Not Track rules: added and removed as declared, never at the cost of a tracked user.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Cause, Delta, DesiredExclusion, ExclusionState, Field, Login, Object, ObservedExclusion, Phrase,
    Piece, Severity, Tracking, UserIx, Verb,
};
use crate::phrase;
use crate::plan::draft::{Draft, declared_fact};
use crate::plan::people::{People, Person};
use crate::plan::rules::{self, History, hits, tracking_after};
use crate::plan::tracking::{hits_tracked, remove_exclusion};
use crate::plan::types::PhaseKind;

/// Drafts the declared exclusions; answers the users whose history a new rule erases.
pub(super) fn draft(people: &People<'_>, gone: &[(Login, Person)], draft: &mut Draft) -> BTreeSet<UserIx> {
    let mut declared: BTreeMap<&Login, &DesiredExclusion> = BTreeMap::new();
    for exclusion in &people.desired.exclusions {
        declared.entry(&exclusion.login.value).or_insert(exclusion);
    }
    let standing: BTreeMap<&Login, &ObservedExclusion> =
        people.observed.exclusions.iter().map(|rule| (&rule.login, rule)).collect();
    let observed = |login: &Login| standing.get(login).copied();
    let new: Vec<Login> = declared
        .values()
        .filter(|exclusion| exclusion.state == ExclusionState::Present)
        .map(|exclusion| &exclusion.login.value)
        .filter(|login| observed(login).is_none())
        .cloned()
        .collect();
    let hits = hits(people, &new);
    let mut erased = BTreeSet::new();
    for (login, exclusion) in declared {
        match (exclusion.state, observed(login)) {
            (ExclusionState::Absent, Some(rule)) if !gone.iter().any(|(gone, _)| gone == login) => {
                remove_exclusion(rule, exclusion.login.origin, Cause::Declared, draft);
            }
            (ExclusionState::Present, None) => {
                let hit: Vec<_> = hits.iter().filter(|hit| hit.rule == login).collect();
                let tracked = hit
                    .iter()
                    .map(|hit| Person::Known(hit.user))
                    .find(|person| tracking_after(people, *person) == Tracking::Tracked);
                if let Some(person) = tracked {
                    draft.blockers.push(hits_tracked(people, &exclusion.login, person));
                    continue;
                }
                let losers: BTreeSet<UserIx> =
                    hit.iter().filter(|hit| hit.history == History::Some).map(|hit| hit.user).collect();
                add(people, exclusion, &losers, draft);
                erased.extend(losers);
            }
            _ => {}
        }
    }
    erased
}

/// A new rule. One that matches a user with history deletes that history (support article on the Do Not Track tab): the
/// gravest reading is planned for.
fn add(people: &People<'_>, exclusion: &DesiredExclusion, losers: &BTreeSet<UserIx>, draft: &mut Draft) {
    let login = exclusion.login.value.clone();
    let origin = exclusion.login.origin;
    let object = Object::Exclusion { id: None, login: login.clone() };
    let change = draft.push(rules::fingerprint_key(&login), object, Verb::Create, origin);
    let severity = if losers.is_empty() { Severity::Disruptive } else { Severity::Irreversible };
    draft
        .fact(change, declared_fact(Field::Existence, Delta::Add(Piece::personal(&login)), severity, origin));
    if losers.is_empty() {
        draft.note(change, phrase!["nobody who reports now matches it"]);
    } else {
        let users = losers.iter().map(|user| people.label(Person::Known(*user)));
        draft.note(change, Phrase::words("erases the history of ").list(users));
    }
    let untracks = losers.iter().filter_map(|user| draft.tracking_steps.get(&Person::Known(*user)).copied());
    let needs = untracks.collect();
    draft.step(PhaseKind::Exclusions, Some(change), Act::AddExclusion(login), needs);
}
