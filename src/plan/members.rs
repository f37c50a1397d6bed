//! Who is wanted in a group: its own list together with the users who name it.

use std::collections::BTreeMap;

use crate::model::{DesiredGroup, GroupIx, GroupName, Members, Origin};
use crate::plan::people::{People, Person, Referred};
use crate::plan::types::Blocker;

/// The users who name a group, by the group's folded name.
pub(super) type Naming<'a> = BTreeMap<&'a str, Vec<Named<'a>>>;

/// One user naming one group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    /// The group's name as the user's entry says it.
    pub(super) group: &'a GroupName,
    /// Position in `Desired::users`.
    pub(super) user: u32,
    /// Where it is said.
    pub(super) origin: Origin,
}

/// Collects which users name which groups.
pub(super) fn naming<'a>(people: &People<'a>) -> Naming<'a> {
    let mut naming: Naming<'a> = BTreeMap::new();
    for (at, user) in (0..).zip(&people.desired.users) {
        for group in &user.groups {
            let named = Named { group: &group.value, user: at, origin: group.origin };
            naming.entry(group.value.key()).or_default().push(named);
        }
    }
    naming
}

/// Whether those who are not wanted leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// The list is the whole list.
    Yes,
    /// Nobody leaves.
    No,
}

/// The users wanted in a group, sorted, each with the place that asks for them.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Whom.
    pub(super) persons: Vec<(Person, Origin)>,
    /// Whether everybody else leaves.
    pub(super) whole: Whole,
}

/// Resolves a declared group's members. What resolves to nobody is a blocker.
pub(super) fn wanted(
    people: &People<'_>,
    group: &DesiredGroup,
    naming: &Naming<'_>,
    blockers: &mut Vec<Blocker>,
) -> Wanted {
    let said = group.members.said();
    let mut persons = Vec::with_capacity(said.len());
    for reference in said {
        match people.find(reference) {
            Ok(Referred::Person(person)) => persons.push((person, reference.origin)),
            Ok(Referred::Blocked) => {}
            Err(blocker) => blockers.push(blocker),
        }
    }
    persons.extend(named(people, naming.get(group.name.value.key()).map_or(&[], Vec::as_slice)));
    let whole = if matches!(group.members, Members::Exactly(_)) { Whole::Yes } else { Whole::No };
    Wanted { persons: tidy(people, persons), whole }
}

/// The users who name a group, as persons.
pub(super) fn named(people: &People<'_>, named: &[Named<'_>]) -> Vec<(Person, Origin)> {
    let persons = named.iter().filter_map(|named| Some((people.person(named.user)?, named.origin)));
    tidy(people, persons.collect())
}

/// Sorted by person, each once, with the first place that asks for them; nobody who is removed.
fn tidy(people: &People<'_>, mut persons: Vec<(Person, Origin)>) -> Vec<(Person, Origin)> {
    persons.retain(|(person, _)| is_staying(people, *person));
    persons.sort_unstable();
    persons.dedup_by_key(|(person, _)| *person);
    persons
}

/// Whether a person is not removed by this plan: who is leaves every group by that, and joins none.
fn is_staying(people: &People<'_>, person: Person) -> bool {
    people.orders.removal(person).is_none()
}

/// Who joins and who leaves, both sorted.
pub(super) struct Moves {
    /// Those who join, and where that is asked for.
    pub(super) join: Vec<(Person, Origin)>,
    /// Those who leave.
    pub(super) leave: Vec<Person>,
}

/// The difference of a group's members from those wanted.
pub(super) fn moves(people: &People<'_>, group: Option<GroupIx>, wanted: &Wanted) -> Moves {
    let present: Vec<Person> =
        group.map_or_else(Vec::new, |group| people.observed.members(group).map(Person::Known).collect());
    let join = wanted.persons.iter().filter(|(person, _)| present.binary_search(person).is_err()).copied();
    let leave = match wanted.whole {
        Whole::No => Vec::new(),
        Whole::Yes => {
            let kept =
                |person: &Person| wanted.persons.binary_search_by_key(person, |(wanted, _)| *wanted).is_ok();
            present.iter().filter(|person| !kept(person) && is_staying(people, **person)).copied().collect()
        }
    };
    Moves { join: join.collect(), leave }
}
