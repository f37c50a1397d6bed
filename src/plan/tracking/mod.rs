//! What tracking and untracking bring about: rules made and lifted, others hit, leftovers removed.

mod alike;
pub(super) mod causes;
mod exclusions;
mod freed;
mod hits;
mod leftovers;
mod refused;
mod removal;
mod staying;
mod stopped;
mod turned;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ChangeId, Login, Note, Phrase, Piece, Tracking};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::rules::{ByName, by_name, covering, made_by};
use crate::plan::tracking::freed::Gone;
use crate::plan::tracking::hits::hits;
use crate::plan::tracking::leftovers::leftovers;
use crate::plan::tracking::turned::{rule_piece, rules_after, rules_before, turned_by_rule};

/// The rules that come and go, declared or by what becomes of users, and whom they stop and free.
pub(super) fn differences(people: &People<'_>, after: &After, draft: &mut Draft) -> Counted {
    consequences(people, after, draft);
    let leftovers = leftovers(people, after, draft);
    let erased = exclusions::draft((people, after), &leftovers, draft);
    collection((people, after), &leftovers, draft);
    Counted { erased, leftovers }
}

/// What rules do that is counted beside the facts.
pub(super) struct Counted {
    /// Users whose history a new exclusion erases.
    pub(super) erased: BTreeSet<Person>,
    /// Leftover exclusions removed, and for whom.
    pub(super) leftovers: Vec<(Login, Person)>,
}

/// Adds the rules that changed users make and lift, and an untrack for every other tracked user that a new rule hits.
fn consequences(people: &People<'_>, after: &After, draft: &mut Draft) {
    let mut made: BTreeMap<Person, Vec<Login>> = BTreeMap::new();
    for (person, change) in draft.of_person.clone() {
        let before = rules_before(people, person);
        let left = rules_after(people, after, person);
        let gone: Vec<&Login> = before.difference(&left).collect();
        let new: Vec<Login> = left.difference(&before).cloned().collect();
        // What becomes of a removed user's rules is said with the order.
        let said = people.orders.removal(person).is_some();
        if !gone.is_empty() && !said {
            let rules = Phrase::default().list(gone.into_iter().map(rule_piece));
            draft.note(change, Note::labelled("unblocks", rules));
        }
        if !new.is_empty() && !said {
            let rules = Phrase::default().list(new.iter().map(rule_piece));
            draft.note(change, Note::labelled("blocks", rules));
        }
        let is_untracked = !said && people.tracking_after(person) == Tracking::Untracked;
        if is_untracked && people.record(person).is_some_and(|record| record.tracking == Tracking::Tracked) {
            uncovered((people, after), (person, &left), change, draft);
        }
        if !new.is_empty() {
            made.insert(person, new);
        }
    }
    let mut causes: BTreeMap<&Login, Vec<Person>> = BTreeMap::new();
    for (person, rules) in &made {
        for rule in rules {
            causes.entry(rule).or_default().push(*person);
        }
    }
    let new = by_name(causes.keys().copied());
    let standing = standing_rules(people, &new);
    let standing = by_name(&standing);
    for hit in hits(people, after, &new) {
        let person = hit.person;
        let own = made.get(&person).is_some_and(|own| own.iter().any(|rule| rule.covers(&hit.login)));
        let already = covering(&standing, &hit.login).next().is_some();
        if own || already || people.tracking_after(person) == Tracking::Untracked {
            continue;
        }
        for causer in causes.get(hit.rule).into_iter().flatten() {
            let change = draft.of_person[causer];
            let label = people.label(person);
            let note = phrase!["also hits ", Piece::personal(&hit.login), " of ", label, " (tracked)"];
            // An agent and a device login of one name are two hits and one thing to say.
            draft.note(change, note);
        }
        turned_by_rule(people, person, (Tracking::Untracked, hit.rule), draft);
    }
}

/// Says of whom is collected again once rules go, and of whom nothing is although they are declared tracked.
fn collection((people, after): (&People<'_>, &After), leftovers: &[(Login, Person)], draft: &mut Draft) {
    let gone = Gone::by((people, after), draft);
    freed::consequences((people, after), leftovers, &gone, draft);
    let stopped = stopped::notices((people, after), &gone, draft);
    draft.findings.extend([stopped]);
}

/// Says which agents of a user who is untracked no rule of theirs covers.
fn uncovered(
    (people, after): (&People<'_>, &After),
    (person, rules): (Person, &BTreeSet<Login>),
    change: ChangeId,
    draft: &mut Draft,
) {
    let agents = after.agents(people, person);
    let open =
        agents.iter().map(|agent| &agent.login).filter(|login| !rules.iter().any(|rule| rule.covers(login)));
    let open: BTreeSet<&Login> = open.collect();
    if !open.is_empty() {
        let note = Phrase::words("no rule of theirs covers ").list(open.into_iter().map(Piece::personal));
        draft.note(change, note.then(": whether collection stops there too, the account decides"));
    }
}

/// Rules of the account that already stand on the same usernames: whoever they hit is hit before and after.
fn standing_rules(people: &People<'_>, new: &ByName<'_>) -> Vec<Login> {
    if new.is_empty() {
        return Vec::new();
    }
    let globals = people.observed.exclusions.iter().map(|exclusion| exclusion.login.clone());
    let untracked = people.observed.users.iter().filter(|user| user.tracking == Tracking::Untracked);
    let derived = untracked.flat_map(|user| made_by(user.identifiers().collect::<Vec<_>>().iter()));
    globals.chain(derived).filter(|rule| new.contains_key(rule.user.key())).collect()
}
