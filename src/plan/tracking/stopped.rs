//! Of whom is nothing collected although they are declared tracked? Said in every plan, for as long as a rule stops them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Field, Login, Managed, Origin, Piece, UserIx};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::rules::{Standing, by_name};
use crate::plan::tracking::freed::{Gone, standing_after};
use crate::plan::tracking::hits::{Hit, Of, hits};
use crate::plan::tracking::turned::rule_piece;

/// Says whom a rule stops that stands once the plan is carried out; what the plan itself turns is said with its change.
pub(super) fn notices((people, after): (&People<'_>, &After), gone: &Gone, draft: &Draft) -> Findings {
    let mut findings = hired(people);
    let declared = declared(people, draft);
    let records = (0..).map(UserIx).map(Person::Known).zip(&people.observed.users);
    let agents = records.flat_map(|(holder, record)| record.agents.iter().map(move |agent| (holder, agent)));
    let names = agents.filter_map(|(holder, agent)| {
        let owner = after.owner(agent.id, holder);
        declared.contains_key(&owner).then(|| agent.login.user.key())
    });
    let standing = standing_after((people, after), draft, gone, &names.collect());
    let mut said = BTreeSet::new();
    for Hit { person, login, rule, of } in hits(people, after, &by_name(&standing)) {
        let Some(origin) = declared.get(&person).filter(|_| of == Of::Agent) else { continue };
        if !said.insert((person, login.clone())) {
            continue;
        }
        let message = phrase![
            "nothing is collected of ",
            Piece::personal(&login),
            " of ",
            people.label(person),
            ", who is declared tracked: the rule on ",
            rule_piece(rule),
            " stops it"
        ];
        findings.notice(*origin, message);
    }
    findings
}

/// Everybody declared tracked whom the plan does not turn, and where that is said.
fn declared(people: &People<'_>, draft: &Draft) -> BTreeMap<Person, Origin> {
    let turned = |person: &Person| {
        let change = draft.of_person.get(person).map(|change| &draft.changes[change.0 as usize]);
        change.is_some_and(|change| change.facts.iter().any(|fact| fact.field == Field::Tracking))
    };
    people.said_tracked().filter(|(person, _)| !turned(person)).collect()
}

/// Says of users to be created which exclusions stand on their identifiers, where no manifest says whether they are tracked.
fn hired(people: &People<'_>) -> Findings {
    let mut findings = Findings::default();
    let standing = Standing::of(&people.observed.exclusions);
    if standing.is_empty() {
        return findings;
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
            findings.notice(user.origin, message);
        }
    }
    findings
}
