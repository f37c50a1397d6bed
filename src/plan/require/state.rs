//! What does an account look like that requirements are held against: as it is, or once a plan is carried out?

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::{
    Activation, Afterwards, ChangeId, Delta, Fact, Field, GroupId, GroupIx, GroupName, GroupRef, GroupSource,
    Login, Object, Piece, Tracking, UserRef, Verb,
};
use crate::plan::after::After;
use crate::plan::draft::{Differing, Draft, Place, Places};
use crate::plan::notices::late;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::planned_set::PlannedSnapshot;
use crate::plan::rules::{by_name, covering, made_by, names};
use crate::plan::schedule::Schedule;

/// An account, as far as requirements look at it.
pub(super) struct State {
    /// Everybody in it, sorted.
    pub(super) persons: Vec<Person>,
    /// Who is tracked otherwise than the record says, or has none.
    tracking: BTreeMap<Person, Tracking>,
    /// Who may log in otherwise than the record says.
    activation: BTreeMap<Person, Activation>,
    /// Its groups.
    pub(super) groups: Vec<Group>,
    /// Its exclusions, and whether each matches someone.
    pub(super) exclusions: BTreeMap<Login, Matched>,
}

/// A group and who is in it.
pub(super) struct Group {
    pub(super) name: GroupName,
    /// Its number, unless it is to be made.
    pub(super) id: Option<GroupId>,
    pub(super) source: GroupSource,
    pub(super) members: BTreeSet<Person>,
}

/// Whether an exclusion matches a login or an identifier of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matched {
    Someone,
    Nobody,
}

impl State {
    /// The account as it is.
    pub(super) fn now(people: &People<'_>) -> Self {
        let persons: Vec<Person> =
            people.everybody().filter(|person| matches!(person, Person::Known(_))).collect();
        let all = (0..).map(GroupIx).zip(&people.observed.groups);
        let groups = all.map(|(ix, group)| Group {
            name: group.name.clone(),
            id: Some(group.id),
            source: group.source.clone(),
            members: people.observed.members(ix).map(Person::Known).collect(),
        });
        let groups = groups.collect();
        let rules = people.observed.exclusions.iter().map(|rule| rule.login.clone()).collect();
        let exclusions = matched(people, &After::default(), (&persons, rules));
        Self { persons, tracking: BTreeMap::new(), activation: BTreeMap::new(), groups, exclusions }
    }

    /// The account once a plan is carried out, and groups that fill themselves have filled themselves.
    pub(super) fn after(people: &People<'_>, schedule: &Schedule, now: Timestamp) -> Self {
        let Schedule { after, draft, snapshot, .. } = schedule;
        let is_there = |person: &Person| {
            people.is_staying(*person)
                && (matches!(person, Person::Known(_)) || draft.of_person.contains_key(person))
        };
        let persons: Vec<Person> = people.everybody().filter(is_there).collect();
        let tracking = turned(draft, Fact::tracking);
        let activation = turned(draft, Fact::turned_status);
        let groups = Groups::of(people, draft, now).after(snapshot.as_ref());
        let exclusions = matched(people, after, (&persons, rules_after(people, after, draft)));
        Self { persons, tracking, activation, groups, exclusions }
    }

    /// Whether somebody is tracked.
    pub(super) fn tracking(&self, people: &People<'_>, person: Person) -> Tracking {
        let held = || people.record(person).map(|record| record.tracking);
        self.tracking.get(&person).copied().or_else(held).unwrap_or(Tracking::Tracked)
    }

    /// Whether somebody may log in, as who is created does; none where the account does not say.
    pub(super) fn activation(&self, people: &People<'_>, person: Person) -> Option<Activation> {
        let held = || people.record(person).map_or(Some(Activation::Active), |record| record.activation);
        self.activation.get(&person).copied().or_else(held)
    }
}

/// What changes make of a state of users.
fn turned<T>(draft: &Draft, state: impl Fn(&Fact) -> Option<T>) -> BTreeMap<Person, T> {
    let turn = |change: ChangeId| draft.changes[change.0 as usize].facts.iter().rev().find_map(&state);
    draft.of_person.iter().filter_map(|(person, change)| Some((*person, turn(*change)?))).collect()
}

/// Groups in the making.
struct Groups<'a> {
    people: &'a People<'a>,
    draft: &'a Draft,
    /// Who is to be created, by the change.
    made: BTreeMap<ChangeId, Person>,
    joined: BTreeMap<GroupRef, Vec<Person>>,
    left: BTreeSet<(GroupRef, Person)>,
    /// Where rules of groups are expected to leave users.
    foretold: Places,
}

impl<'a> Groups<'a> {
    fn of(people: &'a People<'a>, draft: &'a Draft, now: Timestamp) -> Self {
        let made = draft.of_person.iter().map(|(person, change)| (*change, *person)).collect();
        let mut groups = Self {
            people,
            draft,
            made,
            joined: BTreeMap::new(),
            left: BTreeSet::new(),
            foretold: foretold(people, draft, now),
        };
        let (joined, left) = draft.moves();
        for (group, user) in joined.into_keys() {
            if let Some(person) = groups.person(user) {
                groups.joined.entry(group).or_default().push(person);
            }
        }
        let left = left.into_iter().filter_map(|(group, user)| Some((group, groups.person(user)?)));
        groups.left = left.collect();
        groups
    }

    fn person(&self, user: UserRef) -> Option<Person> {
        match user {
            UserRef::Known(id) => self.people.observed.user_ix(id).map(Person::Known),
            UserRef::New(change) => self.made.get(&change).copied(),
        }
    }

    /// The members of a group that steps change one by one.
    fn members(&self, group: GroupRef, present: impl Iterator<Item = Person>) -> BTreeSet<Person> {
        let stays =
            |person: &Person| self.people.is_staying(*person) && !self.left.contains(&(group, *person));
        let joined = self.joined.get(&group).into_iter().flatten().copied();
        let mut members: BTreeSet<Person> = present.filter(stays).chain(joined).collect();
        for (person, place) in self.foretold.get(&group).into_iter().flatten() {
            match place {
                Place::Inside => members.insert(*person),
                Place::Outside => members.remove(person),
            };
        }
        members
    }

    fn after(&self, planned: Option<&PlannedSnapshot>) -> Vec<Group> {
        let mut names: BTreeMap<GroupId, &str> = BTreeMap::new();
        let mut gone = BTreeSet::new();
        let mut groups = Vec::new();
        for change in &self.draft.changes {
            let Object::Group { id, name, source } = &change.object else { continue };
            let is_of_set = planned.is_some() && *source == GroupSource::Hr;
            match (id, change.verb) {
                _ if is_of_set => {}
                (None, Verb::Create) => {
                    let members = self.members(GroupRef::New(change.id), std::iter::empty());
                    groups.push(Group { name: name.clone(), id: None, source: source.clone(), members });
                }
                (Some(id), Verb::Delete) => {
                    gone.insert(*id);
                }
                (Some(id), _) => {
                    names.extend(change.facts.iter().find_map(|fact| match (&fact.field, &fact.delta) {
                        (Field::Name, Delta::Set { to: Piece::Plain(to), .. }) => Some((*id, &**to)),
                        _ => None,
                    }));
                }
                (None, _) => {}
            }
        }
        for (at, group) in (0..).zip(&self.people.observed.groups) {
            let is_of_set = planned.is_some() && group.source == GroupSource::Hr;
            if is_of_set || gone.contains(&group.id) {
                continue;
            }
            let present = self.people.observed.members(GroupIx(at)).map(Person::Known);
            groups.push(Group {
                name: names
                    .get(&group.id)
                    .map_or_else(|| group.name.clone(), |name| GroupName::observed(name)),
                id: Some(group.id),
                source: group.source.clone(),
                members: self.members(GroupRef::Known(group.id), present),
            });
        }
        for hr in planned.into_iter().flat_map(|planned| &planned.snapshot.after) {
            let there = self.people.observed.group_named(&hr.name);
            groups.push(Group {
                name: hr.name.clone(),
                id: there.map(|ix| self.people.observed.group(ix).id),
                source: GroupSource::Hr,
                members: hr.members.iter().filter_map(|user| self.person(*user)).collect(),
            });
        }
        groups
    }
}

/// Where rules of groups are expected to leave users: those that are set, those that the account may not have looked at yet, and
/// those that pass deactivated users over.
fn foretold(people: &People<'_>, draft: &Draft, now: Timestamp) -> Places {
    let mut foretold = draft.foretold.clone();
    for Differing { group, places, turned, .. } in &draft.differing {
        let of_group = foretold.entry(GroupRef::Known(people.observed.group(*group).id)).or_default();
        of_group.extend(turned.iter().copied());
        if late::is_early(people, *group, now) {
            of_group.extend(places.iter().copied());
        }
    }
    foretold
}

/// The exclusions once a plan is carried out, with those that removals leave.
fn rules_after(people: &People<'_>, after: &After, draft: &Draft) -> BTreeSet<Login> {
    let mut rules: BTreeSet<Login> =
        people.observed.exclusions.iter().map(|rule| rule.login.clone()).collect();
    for person in people.everybody() {
        if people.orders.removal(person) == Some(Afterwards::StayBlocked) {
            rules.extend(made_by(after.identifiers(people, person).iter()));
        }
    }
    for change in &draft.changes {
        let Object::Exclusion { login, .. } = &change.object else { continue };
        if change.verb == Verb::Delete {
            rules.remove(login);
        } else {
            rules.insert(login.clone());
        }
    }
    rules
}

/// Which exclusions match an agent's login or an identifier of somebody.
fn matched(
    people: &People<'_>,
    after: &After,
    (persons, rules): (&[Person], BTreeSet<Login>),
) -> BTreeMap<Login, Matched> {
    let mut found: BTreeSet<Login> = BTreeSet::new();
    let by_name = by_name(&rules);
    if !by_name.is_empty() {
        for person in persons {
            for agent in people.record(*person).iter().flat_map(|record| &record.agents) {
                found.extend(covering(&by_name, &agent.login).cloned());
            }
            for identifier in after.identifiers(people, *person) {
                let named = names(&identifier).into_iter().flatten().filter_map(|name| by_name.get(name));
                let rules = named.flatten().filter(|rule| rule.stands_on(&identifier));
                found.extend(rules.map(|rule| (*rule).clone()));
            }
        }
    }
    let is = |login: &Login| if found.contains(login) { Matched::Someone } else { Matched::Nobody };
    rules.iter().map(|login| (login.clone(), is(login))).collect()
}
