//! Which exclusions stand on identifiers of users declared tracked? They are removed, each by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Cause, ExclusionState, Login, ObservedExclusion, Origin, Phrase};
use crate::plan::after::After;
use crate::plan::blocker::Blocker;
use crate::plan::draft::Draft;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::rules::Standing;
use crate::plan::tracking::refused::hits_tracked;
use crate::plan::tracking::removal::remove_exclusion;
use crate::plan::tracking::staying::Staying;

/// Removes leftover exclusions on the own identifiers of users declared tracked, each by name; answers which rules went, with
/// everybody declared tracked whose collection they stopped.
pub(in crate::plan) fn leftovers(
    people: &People<'_>,
    after: &After,
    draft: &mut Draft,
) -> Vec<(Login, Person)> {
    let standing = Standing::of(&people.observed.exclusions);
    let staying = Staying::of(people, &standing, after);
    draft.findings.blockers.extend(staying.against_lifts(people));
    if standing.is_empty() && staying.is_empty() {
        return Vec::new();
    }
    let mut found: BTreeMap<&Login, Leftover<'_>> = BTreeMap::new();
    for (person, origin) in people.said_tracked() {
        for identifier in after.identifiers(people, person) {
            let conflicts = staying.against(&identifier, || people.label(person));
            if !conflicts.is_empty() {
                draft.findings.blockers.extend(conflicts);
                continue;
            }
            for exclusion in standing.on(&identifier) {
                let leftover = found.entry(&exclusion.login).or_insert_with(|| Leftover::new(origin));
                leftover.of.insert(person);
                leftover.rules.push(exclusion);
            }
        }
    }
    let mut gone = Vec::new();
    for (login, Leftover { of, origin, mut rules }) in found {
        rules.sort_unstable_by_key(|rule| rule.id);
        rules.dedup_by_key(|rule| rule.id);
        let mut contradicted = of.iter().filter_map(|person| declared_present(people, login, *person));
        if let Some(blocker) = contradicted.next() {
            draft.findings.blockers.push(blocker);
            continue;
        }
        let change = remove_exclusion((login, &rules), origin, Cause::Consequence, draft);
        let note = Phrase::words("leftover on an identifier of ");
        let note = note.list(of.iter().map(|person| people.label(*person)));
        let declared = if of.len() == 1 { ", who is declared tracked" } else { ", who are declared tracked" };
        draft.note(change, note.then(declared));
        gone.extend(of.into_iter().map(|person| (login.clone(), person)));
    }
    gone
}

/// A rule on identifiers of users declared tracked.
struct Leftover<'a> {
    /// Theirs.
    of: BTreeSet<Person>,
    /// Where the first of them is declared tracked.
    origin: Origin,
    /// The rule, as often as the account has it.
    rules: Vec<&'a ObservedExclusion>,
}

impl Leftover<'_> {
    const fn new(origin: Origin) -> Self {
        Self { of: BTreeSet::new(), origin, rules: Vec::new() }
    }
}

fn declared_present(people: &People<'_>, login: &Login, person: Person) -> Option<Blocker> {
    let declared =
        people.desired.exclusions.iter().find(|exclusion| {
            exclusion.login.value == *login && exclusion.state == ExclusionState::Present
        })?;
    Some(hits_tracked(people, &declared.login, person))
}
