//! Whom do Do Not Track rules hit, of the account as it will be?

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Edit, Identifier, Login, ObservedUser, UserIx};
use crate::plan::after::After;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::rules::{ByName, covering, names};

/// A login of a person that a rule covers.
pub(in crate::plan) struct Hit<'a> {
    /// Whose, once the plan is carried out.
    pub(in crate::plan) person: Person,
    /// The agent's or device login's own text.
    pub(in crate::plan) login: Login,
    /// The rule.
    pub(in crate::plan) rule: &'a Login,
    /// What of the person it is.
    pub(in crate::plan) of: Of,
}

/// What of a person a login is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Of {
    /// An agent: data has been collected under it, as far as anybody knows.
    Agent,
    /// A device login that they have.
    Login,
    /// A device login that they get by this very plan.
    Coming,
}

/// Every login that one of `rules` covers, of the account as it will be: people in the order of records, then those to be
/// created. One pass over all of them.
pub(in crate::plan) fn hits<'a>(people: &People<'_>, after: &After, rules: &ByName<'a>) -> Vec<Hit<'a>> {
    let mut hits = Vec::new();
    if rules.is_empty() {
        return hits;
    }
    let mut look = |person: Person, login: &Login, of: Of| {
        hits.extend(covering(rules, login).map(|rule| Hit { person, login: login.clone(), rule, of }));
    };
    for (at, record) in (0..).zip(&people.observed.users) {
        let person = Person::Known(UserIx(at));
        for agent in &record.agents {
            look(after.owner(agent.id, person), &agent.login, Of::Agent);
        }
        let edits = after.edits(person);
        let goes = |login: &Login| {
            edits
                .iter()
                .any(|edit| matches!(edit, Edit::Remove(Identifier::DeviceLogin(gone)) if gone == login))
        };
        for login in record.device_logins.iter().filter(|login| !goes(login)) {
            look(person, login, Of::Login);
        }
    }
    for (person, login) in coming(people, after) {
        look(person, login, Of::Coming);
    }
    hits
}

/// The device logins that people get by this very plan.
pub(in crate::plan) fn coming<'d>(
    people: &'d People<'_>,
    after: &'d After,
) -> impl Iterator<Item = (Person, &'d Login)> {
    let edits = after.edited().flat_map(|(person, edits)| edits.iter().map(move |edit| (person, edit)));
    let added = edits.filter_map(|(person, edit)| match edit {
        Edit::Add(Identifier::DeviceLogin(login)) => Some((person, login)),
        _ => None,
    });
    let created = (0..).zip(&people.created).flat_map(|(place, at)| {
        let logins = &people.desired.users[*at as usize].device_logins;
        logins.iter().map(move |login| (Person::New(place), &login.value))
    });
    added.chain(created)
}

/// The people on whose own identifiers one of `rules` stands once the plan is carried out, whether an agent of theirs reports or
/// not.
fn holders<'a>(people: &People<'_>, after: &After, rules: &ByName<'a>) -> BTreeSet<(&'a Login, Person)> {
    let mut holders = BTreeSet::new();
    if rules.is_empty() {
        return holders;
    }
    for person in people.everybody() {
        let is_named = |record| is_named(record, rules);
        if people.record(person).is_some_and(|record| after.edits(person).is_empty() && !is_named(record)) {
            continue;
        }
        for identifier in after.identifiers(people, person) {
            let named = names(&identifier).into_iter().flatten().filter_map(|name| rules.get(name)).flatten();
            let standing = named.filter(|rule| rule.may_hit(&identifier));
            holders.extend(standing.map(|rule| (*rule, person)));
        }
    }
    holders
}

/// Whether a rule may stand on an identifier of a record: quick, as it is asked of everybody.
fn is_named(record: &ObservedUser, rules: &ByName<'_>) -> bool {
    let emails = record.emails.iter().flat_map(|held| [held.email.key(), held.email.user()]);
    let upns = record.upns.iter().flat_map(|upn| [upn.key(), upn.user()]);
    let logins = record.device_logins.iter().map(|login| login.user.key());
    emails.chain(upns).chain(logins).any(|name| rules.contains_key(name))
}

/// Whom rules that come or go affect: by an agent, a device login, or an identifier of their own.
pub(in crate::plan) struct Affected<'a> {
    hits: BTreeMap<&'a Login, Vec<Hit<'a>>>,
    holders: BTreeSet<(&'a Login, Person)>,
}

impl<'a> Affected<'a> {
    /// Finds them in two passes over everybody.
    pub(in crate::plan) fn by(people: &People<'_>, after: &After, rules: &ByName<'a>) -> Self {
        let mut by_rule: BTreeMap<&Login, Vec<Hit<'_>>> = BTreeMap::new();
        for hit in hits(people, after, rules) {
            by_rule.entry(hit.rule).or_default().push(hit);
        }
        Self { hits: by_rule, holders: holders(people, after, rules) }
    }

    /// The logins that a rule hits.
    pub(in crate::plan) fn hits(&self, rule: &Login) -> &[Hit<'a>] {
        self.hits.get(rule).map_or(&[], Vec::as_slice)
    }

    /// Everybody whom a rule affects.
    pub(in crate::plan) fn people(&self, rule: &'a Login) -> impl Iterator<Item = Person> {
        let (first, last) = (Person::Known(UserIx(0)), Person::New(u32::MAX));
        let holders = self.holders.range((rule, first)..=(rule, last)).map(|(_, person)| *person);
        self.hits(rule).iter().map(|hit| hit.person).chain(holders)
    }
}
