//! Of whom is nothing collected although they are declared tracked? Said in every plan, for as long as a rule stops them.

use std::collections::BTreeSet;

use crate::model::{Field, Login, Managed, Origin, Piece, Said, Tracking};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::orders::{agents_after, only_removes};
use crate::plan::people::{People, Person};
use crate::plan::tracking::freed::{Gone, standing_after};
use crate::plan::tracking::rule_piece;
use crate::plan::tracking::rules::{Standing, by_name, covering};

/// Says whom a rule stops that stands once the plan is carried out; what the plan itself turns is said with its change.
pub(in crate::plan) fn notices(people: &People<'_>, draft: &mut Draft) {
    let declared: Vec<(Person, Origin, Vec<Login>)> = declared(people, draft);
    let names: BTreeSet<&str> =
        declared.iter().flat_map(|(.., logins)| logins).map(|login| login.user.key()).collect();
    let gone = Gone::by(people, draft);
    let standing = standing_after(people, draft, &gone, &names);
    let standing = by_name(&standing);
    for (person, origin, logins) in &declared {
        for login in logins {
            let Some(rule) = covering(&standing, login).next() else { continue };
            let message = phrase![
                "nothing is collected of ",
                Piece::personal(login),
                " of ",
                people.label(*person),
                ", who is declared tracked: the rule on ",
                rule_piece(rule),
                " stops it"
            ];
            draft.notice(*origin, message);
        }
    }
    hired(people, draft);
}

/// Everybody declared tracked whom the plan does not turn, with the logins of their agents.
fn declared(people: &People<'_>, draft: &Draft) -> Vec<(Person, Origin, Vec<Login>)> {
    let turned = |person: &Person| {
        let change = draft.of_person.get(person).map(|change| &draft.changes[change.0 as usize]);
        change.is_some_and(|change| change.facts.iter().any(|fact| fact.field == Field::Tracking))
    };
    let mut declared = Vec::new();
    for (at, user) in (0..).zip(&people.desired.users) {
        let Managed::Set(Said { value: Tracking::Tracked, origin }) = user.tracking else { continue };
        let Some(person) = people.person(at).filter(|person| !only_removes(user) && !turned(person)) else {
            continue;
        };
        let agents = agents_after(people, draft, person);
        let logins: BTreeSet<&Login> = agents.iter().map(|agent| &agent.login).collect();
        if !logins.is_empty() {
            declared.push((person, origin, logins.into_iter().cloned().collect()));
        }
    }
    declared
}

/// Says of users to be created which exclusions stand on their identifiers, where no manifest says whether they are tracked.
fn hired(people: &People<'_>, draft: &mut Draft) {
    let standing = Standing::of(&people.observed.exclusions);
    if standing.is_empty() {
        return;
    }
    for (place, at) in (0..).zip(&people.created) {
        let user = &people.desired.users[*at as usize];
        if user.tracking != Managed::Leave {
            continue;
        }
        let held: Vec<_> = user.identifiers().map(|said| said.value).collect();
        let rules = held.iter().flat_map(|identifier| standing.on(identifier));
        let rules: BTreeSet<&Login> = rules.map(|rule| &rule.login).collect();
        if !rules.is_empty() {
            let message = phrase!["blocked by "].list(rules.into_iter().map(Piece::personal));
            let message = message.then(": ").then(people.label(Person::New(place)));
            let message = message.then(
                " is created, and nothing may be collected of them; write `tracking: tracked` to lift it",
            );
            draft.notice(user.origin, message);
        }
    }
}
