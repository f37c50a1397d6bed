//! Who is tracked again because a rule goes? Whoever it stopped, unless another rule does too.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ChangeId, Login, Object, ObservedUser, Piece, Tracking, Verb};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::orders::lifted_rules;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::rules::{by_name, covering};
use crate::plan::tracking::hits::{Affected, Hit, Of, coming, hits};
use crate::plan::tracking::turned::{rule_piece, rules_after, rules_before, turned_by_rule};

/// Adds a track for every tracked user whom a rule that goes has stopped; those of `leftovers` are said already. Whoever is tracked
/// and reports under a login that stays stopped is told so.
pub(super) fn consequences(
    (people, after): (&People<'_>, &After),
    leftovers: &[(Login, Person)],
    gone: &Gone,
    draft: &mut Draft,
) {
    gone.affects((people, after), draft);
    let watched = watched((people, after), draft);
    let gone_by_name = by_name(gone.rules.keys());
    let own = watched.iter().map(|(login, _)| login.user.key());
    let names: BTreeSet<&str> = gone_by_name.keys().copied().chain(own).collect();
    let standing = standing_after((people, after), draft, gone, &names);
    let standing = by_name(&standing);
    let is_tracked = |person: Person| {
        people.record(person).is_some_and(|record| record.tracking == Tracking::Tracked)
            && people.tracking_after(person) == Tracking::Tracked
    };
    for Hit { person, login, rule, of } in hits(people, after, &gone_by_name) {
        let said = of == Of::Coming || leftovers.iter().any(|(_, other)| *other == person);
        if said || !is_tracked(person) || covering(&standing, &login).next().is_some() {
            continue;
        }
        let label = people.label(person);
        let note = phrase!["collects again from ", Piece::personal(&login), " of ", label, " (tracked)"];
        if let Some(change) = gone.rules.get(rule) {
            draft.note(*change, note);
        }
        turned_by_rule(people, person, (Tracking::Tracked, rule), draft);
    }
    for (login, change) in &watched {
        if let Some(rule) = covering(&standing, login).next() {
            let login = Piece::personal(login);
            draft.note(*change, phrase![login, " is stopped by the rule on ", rule_piece(rule)]);
        }
    }
}

/// What is to be collected once the plan is carried out and was not before, with the changes that say so: the logins of records that
/// are tracked again, and those that tracked users get.
fn watched((people, after): (&People<'_>, &After), draft: &Draft) -> BTreeSet<(Login, ChangeId)> {
    let mut watched = BTreeSet::new();
    for (record, change) in retracked(people, draft) {
        watched.extend(logins(record).map(|login| (login.clone(), change)));
    }
    for (person, login) in coming(people, after) {
        let change = draft.of_person.get(&person);
        let change = change.filter(|_| people.tracking_after(person) == Tracking::Tracked);
        watched.extend(change.map(|change| (login.clone(), *change)));
    }
    watched
}

/// The records that are tracked again, with their changes.
fn retracked<'a>(people: &People<'a>, draft: &Draft) -> Vec<(&'a ObservedUser, ChangeId)> {
    let turns = |person: Person| {
        let record = people.record(person).filter(|record| record.tracking == Tracking::Untracked)?;
        (people.tracking_after(person) == Tracking::Tracked).then_some(record)
    };
    draft.of_person.iter().filter_map(|(person, change)| Some((turns(*person)?, *change))).collect()
}

/// What a user reports under.
fn logins(record: &ObservedUser) -> impl Iterator<Item = &Login> {
    record.agents.iter().map(|agent| &agent.login).chain(&record.device_logins)
}

/// Every rule that goes, with the change that takes it away.
pub(super) struct Gone {
    rules: BTreeMap<Login, ChangeId>,
    /// Those that are an exclusion of the account's, and no untracked user's own.
    exclusions: BTreeSet<Login>,
}

impl Gone {
    /// An exclusion that is removed, what a user who is tracked again or loses an identifier stood for, and what is lifted of a
    /// removed one.
    pub(super) fn by((people, after): (&People<'_>, &After), draft: &Draft) -> Self {
        let mut rules = BTreeMap::new();
        for (person, change) in &draft.of_person {
            let left = rules_after(people, after, *person);
            let before = rules_before(people, *person).into_iter();
            rules.extend(before.filter(|rule| !left.contains(rule)).map(|rule| (rule, *change)));
        }
        let lifted = lifted_rules(people, draft);
        let lifted =
            lifted.into_iter().flat_map(|(change, rules)| rules.iter().map(move |rule| (rule, change)));
        let removed = draft.changes.iter().filter_map(|change| match (&change.object, change.verb) {
            (Object::Exclusion { login, .. }, Verb::Delete) => Some((login, change.id)),
            _ => None,
        });
        let exclusions: BTreeMap<Login, ChangeId> =
            lifted.chain(removed).map(|(rule, change)| (rule.clone(), change)).collect();
        rules.extend(exclusions.iter().map(|(rule, change)| (rule.clone(), *change)));
        Self { rules, exclusions: exclusions.into_keys().collect() }
    }

    /// Notes whom the exclusions that go affect, whether anything is collected of them now or not.
    fn affects(&self, (people, after): (&People<'_>, &After), draft: &mut Draft) {
        let affected = Affected::by(people, after, &by_name(&self.exclusions));
        for rule in &self.exclusions {
            draft.affects(self.rules[rule], affected.people(rule));
        }
    }
}

/// The rules on these usernames that stand once the plan is carried out.
pub(super) fn standing_after(
    (people, after): (&People<'_>, &After),
    draft: &Draft,
    gone: &Gone,
    names: &BTreeSet<&str>,
) -> Vec<Login> {
    if names.is_empty() {
        return Vec::new();
    }
    let globals = people.observed.exclusions.iter().map(|rule| &rule.login);
    let globals = globals.filter(|login| !gone.rules.contains_key(*login)).cloned();
    let added = draft.changes.iter().filter_map(|change| match (&change.object, change.verb) {
        (Object::Exclusion { login, .. }, Verb::Create) => Some(login.clone()),
        _ => None,
    });
    let untracked = people.everybody().filter(|person| people.tracking_after(*person) == Tracking::Untracked);
    let derived = untracked.flat_map(|person| rules_after(people, after, person));
    globals.chain(added).chain(derived).filter(|rule| names.contains(rule.user.key())).collect()
}
