//! What each declared user needs: a record, a name, identifiers, a tracking state.

mod activation;
pub(super) mod agents;
pub(super) mod display_id;
mod moves;
pub(super) mod ownership;
pub(super) mod primary;
mod taken;
mod waiting;

use crate::model::{
    Act, Cause, ChangeId, Delta, DesiredUser, DisplayName, Edit, Fact, Field, Identifier, Located, Object,
    ObservedUser, Phrase, Piece, Said, Severity, Topic, Tracking, UserIx, Verb,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::edits::{of_new, releases};
use crate::plan::fact::{added, declared_fact, removed};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::resolve::keys::label;
use crate::plan::ruled;
use crate::plan::users::agents::Agents;

/// The changes of users, with which a draft begins: records in their order, then new users in the order of their identifiers. What
/// people have afterwards is settled by it.
pub(super) fn differences(people: &People<'_>) -> (After, Draft) {
    let (mut after, mut draft) = (After::default(), Draft::default());
    let agents = Agents::of(people, &mut draft.findings);
    let mut retracked = Vec::new();
    for (at, entry) in (0..).zip(&people.resolution.entries) {
        retracked.extend(match entry {
            Some(_) => edit(people, UserIx(at), &agents, (&mut after, &mut draft)),
            None => by_rule(people, UserIx(at), &mut draft),
        });
    }
    for (place, entry) in (0..).zip(&people.created) {
        create(people, Person::New(place), &people.desired.users[*entry as usize], &mut draft);
    }
    let waiting = moves::steps((people, &after), &agents, &mut draft);
    agents.draft(people, waiting, (&mut after, &mut draft));
    for Retracked { person, change, act } in retracked {
        let needs = draft.person_steps.get(&person).copied().into_iter().collect();
        let step = draft.step(PhaseKind::Tracking, Some(change), act, needs);
        draft.tracking_steps.insert(person, step);
    }
    (after, draft)
}

/// A record that is to be tracked otherwise.
struct Retracked {
    person: Person,
    change: ChangeId,
    act: Act,
}

fn create(people: &People<'_>, person: Person, user: &DesiredUser, draft: &mut Draft) {
    let only_logins = user.identifiers().all(|said| matches!(said.value, Identifier::DeviceLogin(_)));
    if only_logins {
        draft.findings.blockers.push(
            Blocker::new(
                user.origin,
                BlockerCode::DeviceLoginOnly,
                phrase![label(user), " would have to be created with a device login alone"],
            )
            .way_out("declare a UPN, an email or an employee ID: the account needs one of them"),
        );
        return;
    }
    let object = Object::User(people.label(person));
    let change = draft.push(people.fingerprint_key(person), object, Verb::Create, user.origin);
    draft.of_person.insert(person, change);
    if let Some(name) = user.display_name.declared() {
        draft.fact(change, added(Field::Name, &name.value, name.origin));
    }
    let reach = &people.observed.reach;
    for identifier in of_new(user, reach) {
        draft.fact(change, added(Field::of(&identifier.value), &identifier.value, identifier.origin));
    }
    if reach.absent(Topic::Tracking).is_some() {
        return;
    }
    let tracking = user.tracking.declared();
    let mut fact = match tracking {
        Some(said) => {
            let delta = Delta::Add(said.value.word().into());
            let fact = declared_fact(Field::Tracking, delta, Severity::Safe, said.origin);
            ruled((people, person), said, fact)
        }
        None => declared_fact(Field::Tracking, Delta::Add("tracked".into()), Severity::Safe, user.origin),
    };
    if tracking.is_none() {
        fact.remark = Some(Phrase::words("the account's default, not declared"));
    }
    draft.fact(change, fact);
}

fn edit(
    people: &People<'_>,
    ix: UserIx,
    agents: &Agents<'_>,
    (after, draft): (&mut After, &mut Draft),
) -> Option<Retracked> {
    let user = &people.desired.users[people.entry(Person::Known(ix))? as usize];
    let record = people.observed.user(ix);
    let person = Person::Known(ix);
    let goes = user.only_removes();
    let mut edits = if goes {
        people.sides().compared(releases(user, record, Vec::new()))
    } else {
        people.sides().edits(ix, user, |email| agents.take_along(ix, email))
    };
    agents.hold_back(ix, record, &mut edits);
    let retracked = user.tracking.declared().filter(|said| said.value != record.tracking && !goes);
    let status = activation::turned(user, record);
    if edits.is_empty() && retracked.is_none() && status.is_none() {
        return None;
    }
    if let Some(blocker) = without_identifier(user, record, &edits) {
        draft.findings.blockers.push(blocker);
        return None;
    }
    draft.findings.blockers.extend(ownership::check(user, record, &edits));
    let object = Object::User(people.label(person));
    let change = draft.push(people.fingerprint_key(person), object, Verb::Update, user.origin);
    draft.of_person.insert(person, change);
    for edit in &edits {
        if let Some(fact) = edit_fact(people, ix, edit, &edits) {
            draft.fact(change, ownership::attributed(record, &edit.value, fact));
        }
    }
    if !edits.is_empty() {
        after.edit(person, edits.into_iter().map(|said| said.value).collect());
    }
    if let Some(said) = status {
        activation::draft(record, (change, said), draft);
    }
    Some(retrack(people, ix, (change, retracked?), draft))
}

/// A record that no entry is, and of which a rule says whether it is tracked.
fn by_rule(people: &People<'_>, ix: UserIx, draft: &mut Draft) -> Option<Retracked> {
    let (person, record) = (Person::Known(ix), people.observed.user(ix));
    let said = people.resolution.ruled.get(&ix).filter(|said| said.value != record.tracking)?;
    let object = Object::User(people.label(person));
    let change = draft.push(people.fingerprint_key(person), object, Verb::Update, said.origin);
    draft.of_person.insert(person, change);
    Some(retrack(people, ix, (change, said), draft))
}

/// Adds the fact that a record is to be tracked otherwise.
fn retrack(
    people: &People<'_>,
    ix: UserIx,
    (change, said): (ChangeId, &Located<Tracking>),
    draft: &mut Draft,
) -> Retracked {
    let (person, record) = (Person::Known(ix), people.observed.user(ix));
    let from = Some(record.tracking.word().into());
    let delta = Delta::Set { from, to: said.value.word().into() };
    let mut fact = declared_fact(Field::Tracking, delta, Severity::Disruptive, said.origin);
    if said.value == Tracking::Untracked {
        let stops = Phrase::words("collection stops at once");
        fact.remark = Some(match by_cell(people, person, said) {
            Some(cell) => {
                stops.then(format!("; {} is ", cell.column)).then(Piece::Personal(cell.value.clone()))
            }
            None => stops,
        });
    }
    draft.fact(change, ruled((people, person), said, fact));
    Retracked { person, change, act: Act::Track { user: record.id, to: said.value } }
}

/// The cell of an export that says how somebody is tracked, if one does.
fn by_cell<'a>(people: &People<'a>, person: Person, said: &Located<Tracking>) -> Option<&'a Said> {
    let user = &people.desired.users[people.entry(person)? as usize];
    user.untracked_by.as_deref().filter(|cell| cell.origin == said.origin)
}

/// The same fact, with the rule that says it, if it is one.
fn ruled((people, person): (&People<'_>, Person), said: &Located<Tracking>, fact: Fact) -> Fact {
    let Some(why) = ruled::why(people, person, said) else { return fact };
    let remark = match &fact.remark {
        Some(remark) => remark.clone().then("; by ").joined(why),
        None => Phrase::words("by ").joined(why),
    };
    Fact { cause: Cause::Rule, remark: Some(remark), ..fact }
}

fn without_identifier(user: &DesiredUser, record: &ObservedUser, edits: &[Located<Edit>]) -> Option<Blocker> {
    let adds = edits.iter().any(|edit| matches!(edit.value, Edit::Add(_)));
    let keeps = |held: &Identifier| !edits.iter().any(|edit| edit.value == Edit::Remove(held.clone()));
    if adds || record.identifiers().any(|held| keeps(&held)) {
        return None;
    }
    let blocker = Blocker::new(
        user.origin,
        BlockerCode::NoIdentifier,
        phrase![label(user), " would be left without an identifier"],
    )
    .way_out("declare at least one UPN, email or employee ID");
    Some(blocker)
}

/// What an edit changes, as a reader sees it: a temporary is read as what it stands for.
fn edit_fact(people: &People<'_>, ix: UserIx, edit: &Located<Edit>, edits: &[Located<Edit>]) -> Option<Fact> {
    Some(match &edit.value {
        Edit::Name { from, to } => {
            let severity = if from.is_some() { Severity::Disruptive } else { Severity::Safe };
            // Where the name that a temporary stood for comes back, only the temporary tells the two apart.
            let comes_back = |from: &DisplayName| from.as_written() == to.as_written();
            let from = from.as_ref().map(|from| {
                if comes_back(from) { Piece::personal(&from.temporary()) } else { Piece::personal(from) }
            });
            declared_fact(Field::Name, Delta::Set { from, to: Piece::personal(to) }, severity, edit.origin)
        }
        Edit::Add(identifier) => {
            let mut fact = added(Field::of(identifier), identifier, edit.origin);
            if people.is_temporary(Person::Known(ix), identifier) {
                fact.remark = Some(Phrase::words("in place of a temporary that an interrupted run left"));
            }
            fact
        }
        Edit::Remove(identifier) => {
            let comes_back = |other: &Located<Edit>| other.value == Edit::Add(identifier.clone());
            if edits.iter().any(comes_back) {
                return None;
            }
            removed(Field::of(identifier), identifier, edit.origin)
        }
        Edit::NoEmployeeId => {
            let unseen = Delta::Remove("any that is not seen".into());
            declared_fact(Field::EmployeeId, unseen, Severity::Disruptive, edit.origin)
        }
    })
}
