//! Values that move between users: who gives up what to whom, and in which order nothing collides.
//!
//! Whoever is to get a value waits for the step that takes it from its holder. Where that goes round in a circle, one record
//! gives its values up first, in a step of its own; see `docs/decisions/0006-values-that-move.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Act, Edit, Identifier, Key, Members, NewUser, ObservedUser, StepId, Topic, UserIx};
use crate::plan::after::After;
use crate::plan::blocker::Blocker;
use crate::plan::draft::Draft;
use crate::plan::edits::{held_after, of_new};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::users::agents::Agents;
use crate::plan::users::taken;
use crate::plan::users::waiting::{Value, Waiting};

/// Drafts the steps that create and edit records, each after those that free what it takes.
pub(in crate::plan) fn steps(
    (people, after): (&People<'_>, &After),
    agents: &Agents<'_>,
    draft: &mut Draft,
) -> Vec<Waiting> {
    let (mut moves, blockers) = Moves::of(people, after);
    moves.free_for(agents, people, after);
    draft.findings.blockers.extend(blockers);
    let mut edits: Vec<Person> = after.edited().map(|(person, _)| person).collect();
    let created = (0..).take(people.created.len()).map(Person::New);
    edits.extend(created.filter(|person| draft.of_person.contains_key(person)));
    let (released, finished, waiting) = Default::default();
    let mut schedule = Schedule { people, after, agents, draft, moves, released, finished, waiting };
    for person in edits {
        schedule.write(person);
    }
    schedule.waiting
}

/// Who waits for whom, for what.
#[derive(Debug, Default)]
struct Moves {
    /// Those who take something over, and from whom.
    givers: BTreeMap<Person, BTreeSet<Person>>,
    /// Those who give something up that another takes, or that an agent of theirs is called, and what.
    given: BTreeMap<Person, BTreeSet<Value>>,
}

impl Moves {
    /// Looks up who holds what somebody is to get. A value that its holder would keep is a blocker.
    fn of(people: &People<'_>, after: &After) -> (Self, Vec<Blocker>) {
        let (mut moves, mut blockers) = (Self::default(), Vec::new());
        for (person, edits) in after.edited() {
            for edit in edits {
                let key = match edit {
                    Edit::Add(identifier) => Key::from(identifier),
                    Edit::Name { from, to } if from.as_ref() != Some(to) => Key::Name(to.key()),
                    Edit::Name { .. } | Edit::Remove(_) | Edit::NoEmployeeId => continue,
                };
                moves.want(people, after, (person, key), &mut blockers);
            }
        }
        for (place, entry) in (0..).zip(&people.created) {
            let user = &people.desired.users[*entry as usize];
            let name = user.display_name.declared().map(|name| Key::Name(name.value.key()));
            for key in crate::plan::resolve::keys::declared(user).map(|(key, _)| key).chain(name) {
                moves.want(people, after, (Person::New(place), key), &mut blockers);
            }
        }
        (moves, blockers)
    }

    /// Adds what has to be given up before agents can leave.
    fn free_for(&mut self, agents: &Agents<'_>, people: &People<'_>, after: &After) {
        for (person, edits) in after.edited() {
            let Person::Known(ix) = person else { continue };
            let record = people.observed.user(ix);
            let stands = |value: &Value| match (value, &record.display_name) {
                (Value::Identifier(identifier), _) => people.temporaries.stands(ix, Key::from(identifier)),
                (Value::Name, Some(name)) => people.temporaries.stands(ix, Key::Name(name.key())),
                (Value::Name, None) => true,
            };
            let values = agents.to_be_freed(ix, record, edits).into_iter().filter(|value| !stands(value));
            let values: Vec<Value> = values.collect();
            if !values.is_empty() {
                self.given.entry(person).or_default().extend(values);
            }
        }
    }

    fn want(
        &mut self,
        people: &People<'_>,
        after: &After,
        (person, key): (Person, Key<'_>),
        blockers: &mut Vec<Blocker>,
    ) {
        for holder in people.resolution.observed.owners(key).map(UserIx) {
            let giver = Person::Known(holder);
            // What a temporary stands for is free already.
            if giver == person || people.temporaries.stands(holder, key) {
                continue;
            }
            let edits = after.edits(giver);
            match given_up(people.observed.user(holder), edits, key) {
                Some(values) => {
                    self.given.entry(giver).or_default().extend(values);
                    self.givers.entry(person).or_default().insert(giver);
                }
                None => blockers.push(taken::blocker(people, person, holder, key)),
            }
        }
    }
}

/// The values of a record that stand under a key, if its edits take all of them away.
fn given_up(record: &ObservedUser, edits: &[Edit], key: Key<'_>) -> Option<Vec<Value>> {
    if let Key::Name(name) = key {
        let renamed = edits.iter().any(|edit| matches!(edit, Edit::Name { to, .. } if to.key() != name));
        return renamed.then(|| vec![Value::Name]);
    }
    let held: Vec<Identifier> = record.identifiers().filter(|held| Key::from(held) == key).collect();
    let gone = |held: &Identifier| edits.iter().any(|edit| edit.takes_away(held));
    held.iter().all(gone).then(|| held.into_iter().map(Value::Identifier).collect())
}

/// Steps being put in order.
struct Schedule<'p, 'd> {
    people: &'p People<'p>,
    after: &'p After,
    agents: &'p Agents<'p>,
    draft: &'d mut Draft,
    moves: Moves,
    /// Those whose values were given up in a step of its own, with the step.
    released: BTreeMap<Person, StepId>,
    /// Those whose steps are all drafted.
    finished: BTreeSet<Person>,
    waiting: Vec<Waiting>,
}

impl Schedule<'_, '_> {
    /// Drafts the step of a person, and before it those of everybody it waits for.
    fn write(&mut self, person: Person) {
        let (mut path, mut on_path) = (vec![person], BTreeSet::from([person]));
        while let Some(&top) = path.last() {
            let Some(giver) = self.open_giver(top) else {
                if self.finished.insert(top) {
                    self.finish(top);
                }
                on_path.remove(&top);
                path.pop();
                continue;
            };
            if on_path.insert(giver) {
                path.push(giver);
                continue;
            }
            let from = path.iter().position(|on| *on == giver).unwrap_or_default();
            let circle = (from..).zip(&path[from..]);
            let first = circle.min_by_key(|(_, on)| (!self.stand_ins(**on).is_empty(), **on));
            if let Some((at, person)) = first.map(|(at, on)| (at, *on)) {
                self.release(person);
                // Whoever waited for what is given up now goes on; the others of the circle come after.
                let kept = if at > from { at } else { path.len() };
                for left in path.drain(kept..) {
                    on_path.remove(&left);
                }
            }
        }
    }

    /// Somebody whom a person still waits for.
    fn open_giver(&self, person: Person) -> Option<Person> {
        let done = |giver: &&Person| self.released.contains_key(giver) || self.finished.contains(giver);
        self.moves.givers.get(&person)?.iter().find(|giver| !done(giver)).copied()
    }

    /// The values that a record gives up and that its entry is known by: a temporary keeps their place, so that the next run
    /// finds the record should this one die. Whatever else an entry is known by stays where it is. Where that is nothing, as the
    /// entry is known by its name, one of them does it: no record is ever without an identifier.
    fn stand_ins(&self, person: Person) -> Vec<Identifier> {
        let entry = self.people.entry(person).map(|at| &self.people.desired.users[at as usize]);
        let Some(entry) = entry else { return Vec::new() };
        let former = |value: &Identifier| {
            entry.formerly.iter().any(|former| Key::from(&former.value) == Key::from(value))
        };
        let given = self.moves.given.get(&person).into_iter().flatten();
        let given = given.filter_map(|value| match value {
            Value::Identifier(identifier) => Some(identifier.clone()),
            Value::Name => None,
        });
        let given: Vec<Identifier> = given.collect();
        let known_by: Vec<Identifier> = given.iter().filter(|value| former(value)).cloned().collect();
        let Some(record) = self.people.record(person).filter(|_| known_by.is_empty()) else {
            return known_by;
        };
        let all = record.identifiers().all(|held| given.contains(&held));
        given.into_iter().take(usize::from(all)).collect()
    }

    /// Drafts the step by which a record gives up what others wait for, and nothing else.
    fn release(&mut self, person: Person) {
        let Some(record) = self.people.record(person) else { return };
        let stand_ins = self.stand_ins(person);
        let others = self.people.temporaries.iter().filter(|(ix, _)| Person::Known(*ix) != person);
        let occupied = others.filter(|(_, value)| stand_ins.contains(value));
        self.draft
            .findings
            .blockers
            .extend(occupied.map(|(ix, _)| taken::by_a_temporary(self.people, person, ix)));
        let mut edits: Vec<Edit> = stand_ins.iter().map(|value| Edit::Add(value.temporary())).collect();
        for value in self.moves.given.get(&person).into_iter().flatten() {
            match (value, &record.display_name) {
                (Value::Identifier(identifier), _) => edits.push(Edit::Remove(identifier.clone())),
                (Value::Name, Some(name)) => {
                    edits.push(Edit::Name { from: Some(name.clone()), to: name.temporary() });
                }
                (Value::Name, None) => {}
            }
        }
        edits.extend(self.gives_every_id(person).then_some(Edit::NoEmployeeId));
        let act = Act::EditUser { user: record.id, edits };
        let change = self.draft.of_person.get(&person).copied();
        let step = self.draft.step(PhaseKind::Users, change, act, Vec::new());
        self.released.insert(person, step);
        self.draft.person_steps.insert(person, step);
    }

    /// Whether a record that gives up its employee ID gives up those that are not seen with it, as its entry keeps none of them:
    /// else the next of them would come in its place.
    fn gives_every_id(&self, person: Person) -> bool {
        let is_id = |value: &Identifier| matches!(value, Identifier::EmployeeId(_));
        let entry = self.people.entry(person).map(|at| &self.people.desired.users[at as usize]);
        let keeps_none = entry.is_some_and(|user| matches!(user.employee_ids, Members::Exactly(_)))
            && self.people.observed.reach.hidden(Topic::MoreEmployeeIds).is_some();
        let (Some(given), Some(record)) = (self.moves.given.get(&person), self.people.record(person)) else {
            return false;
        };
        let goes = |value: &Identifier| given.contains(&Value::Identifier(value.clone()));
        keeps_none
            && record.identifiers().any(|held| is_id(&held) && goes(&held))
            && record.identifiers().any(|held| !is_id(&held) && !goes(&held))
            && !self.stand_ins(person).iter().any(is_id)
    }

    /// Drafts the step that makes a person what they are to be.
    fn finish(&mut self, person: Person) {
        let (edits, wait) = match person {
            Person::Known(ix) => self.now_and_later(person, ix),
            Person::New(_) => Default::default(),
        };
        let givers = self.moves.givers.get(&person).into_iter().flatten();
        let mut needs: Vec<StepId> = givers
            .filter_map(|giver| self.released.get(giver).or_else(|| self.draft.person_steps.get(giver)))
            .copied()
            .collect();
        needs.extend(self.released.get(&person));
        let act = match (person, self.people.record(person)) {
            (Person::Known(_), Some(record)) => {
                self.wait(person, wait, &needs);
                if edits.is_empty() {
                    return;
                }
                Act::EditUser { user: record.id, edits }
            }
            _ => match self.people.entry(person) {
                Some(entry) => Act::CreateUser(new_user(self.people, entry)),
                None => return,
            },
        };
        let change = self.draft.of_person.get(&person).copied();
        let step = self.draft.step(PhaseKind::Users, change, act, needs);
        self.draft.person_steps.insert(person, step);
    }

    /// The edits of a record that can be written, and those that have to wait for an agent. What others need meanwhile is given
    /// up in a step of its own.
    fn now_and_later(&mut self, person: Person, ix: UserIx) -> (Vec<Edit>, Vec<Edit>) {
        let parted = self.parted(person, ix);
        let given = self.moves.given.get(&person).into_iter().flatten();
        let late = |value: &Value| match value {
            Value::Name => parted.1.iter().any(|edit| matches!(edit, Edit::Name { .. })),
            Value::Identifier(identifier) => parted.1.iter().any(|edit| edit.takes_away(identifier)),
        };
        if self.released.contains_key(&person) || !given.into_iter().any(late) {
            return parted;
        }
        self.release(person);
        self.parted(person, ix)
    }

    /// The edits that are left, without and with those that have to wait: the last identifier goes when another comes.
    fn parted(&self, person: Person, ix: UserIx) -> (Vec<Edit>, Vec<Edit>) {
        let left = self.edits_left(person, ix).into_iter();
        let (later, now): (Vec<Edit>, Vec<Edit>) = left.partition(|edit| self.agents.waits(person, edit));
        if later.is_empty() || !held_after(self.held(person, ix).into_iter(), now.iter()).is_empty() {
            return (now, later);
        }
        let (now, last): (Vec<Edit>, Vec<Edit>) =
            now.into_iter().partition(|edit| matches!(edit, Edit::Name { .. } | Edit::Add(_)));
        (now, last.into_iter().chain(later).collect())
    }

    /// The identifiers that a record has in the account once it has given up what it does in a step of its own.
    fn held(&self, person: Person, ix: UserIx) -> Vec<Identifier> {
        let stands = |value: &Identifier| self.people.temporaries.of(ix).any(|stood| stood == value);
        let read = self.people.observed.user(ix).identifiers();
        let held = read.map(|value| if stands(&value) { value.temporary() } else { value });
        if !self.released.contains_key(&person) {
            return held.collect();
        }
        let given = |value: &Identifier| {
            self.moves.given.get(&person).is_some_and(|all| all.contains(&Value::Identifier(value.clone())))
        };
        let stand_ins = self.stand_ins(person).into_iter().map(|value| value.temporary());
        held.filter(|value| !given(value)).chain(stand_ins).collect()
    }

    fn wait(&mut self, person: Person, edits: Vec<Edit>, needs: &[StepId]) {
        if !edits.is_empty() {
            self.waiting.push(Waiting { person, edits, needs: needs.to_vec() });
        }
    }

    /// The edits of a record, as the account has to be told, without those that were made by giving up its values.
    fn edits_left(&self, person: Person, ix: UserIx) -> Vec<Edit> {
        let edits = self.after.edits(person).iter();
        let edits = edits.map(|edit| self.people.temporaries.as_held(ix, edit));
        if !self.released.contains_key(&person) {
            return edits.collect();
        }
        let nothing = BTreeSet::new();
        let given = self.moves.given.get(&person).unwrap_or(&nothing);
        let stand_ins = self.stand_ins(person);
        let left = edits.filter_map(|edit| match edit {
            Edit::Name { from: Some(from), to } if given.contains(&Value::Name) => {
                Some(Edit::Name { from: Some(from.temporary()), to })
            }
            Edit::Remove(value) if given.contains(&Value::Identifier(value.clone())) => {
                stand_ins.contains(&value).then(|| Edit::Remove(value.temporary()))
            }
            Edit::NoEmployeeId if self.gives_every_id(person) => None,
            edit => Some(edit),
        });
        left.collect()
    }
}

fn new_user(people: &People<'_>, entry: u32) -> NewUser {
    let user = &people.desired.users[entry as usize];
    NewUser {
        display_name: user.display_name.declared().map(|name| name.value.clone()),
        identifiers: of_new(user, &people.observed.reach).into_iter().map(|said| said.value).collect(),
        tracking: user.tracking.declared().map(|said| said.value),
    }
}
