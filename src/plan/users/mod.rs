//! What each declared user needs: a record, a name, identifiers, a tracking state.

pub(super) mod agents;
pub(super) mod display_id;
pub(super) mod ownership;
pub(super) mod primary;

use crate::model::{
    Act, AutoEmails, ChangeId, Delta, DesiredUser, DisplayName, Domain, Edit, Fact, Field, Identifier, Login,
    Members, Object, ObservedUser, Origin, Phrase, Piece, Said, Severity, Topic, Tracking, UserIx, Verb,
    Writer,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::{Draft, added, declared_fact, removed};
use crate::plan::orders::only_removes;
use crate::plan::people::keys::{Key, label};
use crate::plan::people::moves;
use crate::plan::people::{People, Person};
use crate::plan::phase::PhaseKind;
use crate::plan::users::agents::Agents;

/// Drafts the changes of users: records in their order, then new users in the order of their identifiers.
pub(super) fn draft(people: &People<'_>, draft: &mut Draft) {
    let agents = Agents::of(people, draft);
    let mut retracked = Vec::new();
    for (at, entry) in (0..).zip(&people.resolution.entries) {
        if entry.is_some() {
            retracked.extend(edit(people, UserIx(at), &agents, draft));
        }
    }
    for (place, entry) in (0..).zip(&people.created) {
        create(people, Person::New(place), &people.desired.users[*entry as usize], draft);
    }
    let waiting = moves::steps(people, &agents, draft);
    agents.draft(people, waiting, draft);
    for Retracked { person, change, act } in retracked {
        let needs = draft.person_steps.get(&person).copied().into_iter().collect();
        let step = draft.step(PhaseKind::Tracking, Some(change), act, needs);
        draft.tracking_steps.insert(person, step);
    }
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
        draft.blockers.push(
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
    if let Some(name) = user.display_name.said() {
        draft.fact(change, added(Field::Name, &name.value, name.origin));
    }
    for identifier in user.identifiers() {
        draft.fact(change, added(field_of(&identifier.value), &identifier.value, identifier.origin));
    }
    let tracking = user.tracking.said();
    let mut fact = match tracking {
        Some(said) => declared_fact(
            Field::Tracking,
            Delta::Add(tracking_word(said.value).into()),
            Severity::Safe,
            said.origin,
        ),
        None => declared_fact(Field::Tracking, Delta::Add("tracked".into()), Severity::Safe, user.origin),
    };
    if tracking.is_none() {
        fact.remark = Some(Phrase::words("the account's default, not declared"));
    }
    draft.fact(change, fact);
}

fn edit(people: &People<'_>, ix: UserIx, agents: &Agents<'_>, draft: &mut Draft) -> Option<Retracked> {
    let user = &people.desired.users[people.entry(Person::Known(ix))? as usize];
    let record = people.observed.user(ix);
    let person = Person::Known(ix);
    let goes = only_removes(user);
    let mut edits = if goes { releases(user, record, Vec::new()) } else { edits(people, ix, user, agents) };
    agents.hold_back(ix, record, &mut edits);
    let retracked = user.tracking.said().filter(|said| said.value != record.tracking && !goes);
    if edits.is_empty() && retracked.is_none() {
        return None;
    }
    if let Some(blocker) = without_identifier(user, record, &edits) {
        draft.blockers.push(blocker);
        return None;
    }
    ownership::check(user, record, &edits, draft);
    let object = Object::User(people.label(person));
    let change = draft.push(people.fingerprint_key(person), object, Verb::Update, user.origin);
    draft.of_person.insert(person, change);
    for edit in &edits {
        if let Some(fact) = edit_fact(people, ix, edit, &edits) {
            draft.fact(change, ownership::attributed(record, &edit.value, fact));
        }
    }
    if !edits.is_empty() {
        draft.edits.insert(person, edits.into_iter().map(|said| said.value).collect());
    }
    let said = retracked?;
    let from = Some(tracking_word(record.tracking).into());
    let delta = Delta::Set { from, to: tracking_word(said.value).into() };
    let mut fact = declared_fact(Field::Tracking, delta, Severity::Disruptive, said.origin);
    if said.value == Tracking::Untracked {
        fact.remark = Some(Phrase::words("collection stops at once"));
    }
    draft.fact(change, fact);
    Some(Retracked { person, change, act: Act::Track { user: record.id, to: said.value } })
}

/// Whether a record is to lose a name or an identifier that it has.
pub(super) fn gives_up(people: &People<'_>, ix: UserIx, key: Key<'_>) -> bool {
    let Some(entry) = people.resolution.entries[ix.0 as usize] else { return false };
    let edits = edits(people, ix, &people.desired.users[entry as usize], &Agents::staying());
    let edits = || edits.iter().map(|edit| &edit.value);
    if let Key::Name(_) = key {
        return edits().any(|edit| matches!(edit, Edit::Name { to, .. } if Key::Name(to.key()) != key));
    }
    let kept = |held: &Identifier| Key::from(held) == key && !edits().any(|edit| edit.takes_away(held));
    let comes = |edit: &Edit| matches!(edit, Edit::Add(added) if Key::from(added) == key);
    !people.observed.user(ix).identifiers().any(|held| kept(&held)) && !edits().any(comes)
}

/// The edits of name and identifiers that make the record equal to what is declared, in the order of fields.
fn edits(people: &People<'_>, ix: UserIx, user: &DesiredUser, agents: &Agents<'_>) -> Vec<Said<Edit>> {
    let record = people.observed.user(ix);
    let mut edits = Vec::new();
    if let Some(name) = user.display_name.said() {
        let same = record.display_name.as_ref().is_some_and(|held| held.said() == name.value.said());
        if !same || people.temporaries.is_name_of(ix) {
            edits.push(name.clone().map(|to| Edit::Name { from: record.display_name.clone(), to }));
        }
    }
    edits.extend(list(&user.upns, &record.upns, user.origin, Identifier::Upn, |_| Keep::No));
    let auto = people.desired.policy.auto_emails.value;
    let written: Vec<_> = record.emails.iter().map(|email| email.email.clone()).collect();
    edits.extend(list(&user.emails, &written, user.origin, Identifier::Email, |email| {
        let stays = auto == AutoEmails::Keep && !agents.take_along(ix, email);
        if record.is_automatic(email) && (stays || !has_real_identifier(user, record)) {
            Keep::Yes
        } else {
            Keep::No
        }
    }));
    let ids = &record.employee_ids;
    edits.extend(list(&user.employee_ids, ids, user.origin, Identifier::EmployeeId, |_| Keep::No));
    let unseen = people.observed.reach.hidden(Topic::MoreEmployeeIds).is_some();
    if unseen && !ids.is_empty() && matches!(&user.employee_ids, Members::Exactly(none) if none.is_empty()) {
        edits.push(Said::new(Edit::NoEmployeeId, user.origin));
    }
    edits.extend(logins(user, record));
    settle_temporaries(people, ix, user, &mut edits);
    releases(user, record, edits)
}

/// The edits of device logins: they are only added, but for a login that turns from one domain to any, or back.
fn logins(user: &DesiredUser, record: &ObservedUser) -> Vec<Said<Edit>> {
    let held = &record.device_logins;
    let mut edits = Vec::new();
    for login in user.device_logins.iter().filter(|login| !held.contains(&login.value)) {
        edits.push(login.clone().map(|login| Edit::Add(Identifier::DeviceLogin(login))));
        if let Some(old) = turned(user, &login.value, held) {
            edits.push(Said::new(Edit::Remove(Identifier::DeviceLogin(old.clone())), login.origin));
        }
    }
    edits
}

/// Whether a record keeps a login that it holds, as no declared one takes its place.
pub(super) fn keeps_login(user: &DesiredUser, record: &ObservedUser, login: &Login) -> bool {
    let held = &record.device_logins;
    let mut new = user.device_logins.iter().filter(|new| !held.contains(&new.value));
    new.all(|new| turned(user, &new.value, held) != Some(login))
}

/// The held login that a declared one takes the place of: the only one of the same username that is not declared itself, where
/// one of the two is for any domain.
fn turned<'a>(user: &DesiredUser, to: &Login, held: &'a [Login]) -> Option<&'a Login> {
    let is_declared = |login: &Login| user.device_logins.iter().any(|said| said.value == *login);
    let new =
        user.device_logins.iter().filter(|said| said.value.user == to.user && !held.contains(&said.value));
    let mut old = held.iter().filter(|login| login.user == to.user && !is_declared(login));
    let (first, second) = (old.next()?, old.next());
    let turns = (first.domain == Domain::Any) != (to.domain == Domain::Any);
    (turns && second.is_none() && new.count() == 1).then_some(first)
}

/// With the removal of what a user gives up, whatever list it stands in.
fn releases(user: &DesiredUser, record: &ObservedUser, mut edits: Vec<Said<Edit>>) -> Vec<Said<Edit>> {
    for released in &user.releases {
        let same = |held: &Identifier| Key::from(held) == Key::from(&released.value);
        for held in record.identifiers().filter(same) {
            if !edits.iter().any(|edit| edit.value.takes_away(&held)) {
                edits.push(Said::new(Edit::Remove(held), released.origin));
            }
        }
    }
    edits
}

/// With the end of what an interrupted run left: a temporary goes, even from a list that is not managed, and what it stood for
/// comes back where it is declared.
fn settle_temporaries(people: &People<'_>, ix: UserIx, user: &DesiredUser, edits: &mut Vec<Said<Edit>>) {
    for value in people.temporaries.of(ix) {
        if edits.iter().any(|edit| edit.value.takes_away(value)) {
            continue;
        }
        edits.push(Said::new(Edit::Remove(value.clone()), user.origin));
        if let Some(said) = user.identifiers().find(|said| said.value == *value) {
            edits.push(said.map(Edit::Add));
        }
    }
}

/// Whether a value that no manifest declares stays.
#[derive(PartialEq)]
enum Keep {
    Yes,
    No,
}

/// The edits that make a record's list of one kind equal to what is wanted of it.
fn list<T: Clone + PartialEq>(
    wanted: &Members<T>,
    held: &[T],
    origin: Origin,
    identifier: fn(T) -> Identifier,
    keep: impl Fn(&T) -> Keep,
) -> Vec<Said<Edit>> {
    let mut edits = Vec::new();
    for value in wanted.said().iter().filter(|value| !held.contains(&value.value)) {
        edits.push(value.clone().map(|value| Edit::Add(identifier(value))));
    }
    if let Members::Exactly(wanted) = wanted {
        let declared = |value: &T| wanted.iter().any(|said| said.value == *value);
        for value in held.iter().filter(|value| !declared(value) && keep(value) == Keep::No) {
            edits.push(Said::new(Edit::Remove(identifier(value.clone())), origin));
        }
    }
    edits
}

/// Whether the user has, or is to have, an identifier that the account did not make up.
fn has_real_identifier(user: &DesiredUser, record: &ObservedUser) -> bool {
    let real_email = |held: &crate::model::ObservedEmail| {
        held.writer == Writer::Other && !record.is_placeholder(&held.email)
    };
    let declared = !user.upns.said().is_empty()
        || !user.employee_ids.said().is_empty()
        || user.emails.said().iter().any(|email| !record.is_placeholder(&email.value));
    let kept = |members_left_alone: bool, any: bool| members_left_alone && any;
    declared
        || kept(user.upns == Members::Leave, !record.upns.is_empty())
        || kept(user.employee_ids == Members::Leave, !record.employee_ids.is_empty())
        || kept(user.emails == Members::Leave, record.emails.iter().any(real_email))
}

fn without_identifier(user: &DesiredUser, record: &ObservedUser, edits: &[Said<Edit>]) -> Option<Blocker> {
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
fn edit_fact(people: &People<'_>, ix: UserIx, edit: &Said<Edit>, edits: &[Said<Edit>]) -> Option<Fact> {
    Some(match &edit.value {
        Edit::Name { from, to } => {
            let severity = if from.is_some() { Severity::Disruptive } else { Severity::Safe };
            // Where the name that a temporary stood for comes back, only the temporary tells the two apart.
            let comes_back = |from: &DisplayName| from.said() == to.said();
            let from = from.as_ref().map(|from| {
                if comes_back(from) { Piece::personal(&from.temporary()) } else { Piece::personal(from) }
            });
            declared_fact(Field::Name, Delta::Set { from, to: Piece::personal(to) }, severity, edit.origin)
        }
        Edit::Add(identifier) => {
            let mut fact = added(field_of(identifier), identifier, edit.origin);
            if people.is_temporary(Person::Known(ix), identifier) {
                fact.remark = Some(Phrase::words("in place of a temporary that an interrupted run left"));
            }
            fact
        }
        Edit::Remove(identifier) => {
            let comes_back = |other: &Said<Edit>| other.value == Edit::Add(identifier.clone());
            if edits.iter().any(comes_back) {
                return None;
            }
            removed(field_of(identifier), identifier, edit.origin)
        }
        Edit::NoEmployeeId => {
            let unseen = Delta::Remove("any that is not seen".into());
            declared_fact(Field::EmployeeId, unseen, Severity::Disruptive, edit.origin)
        }
    })
}

/// The field that an identifier is a value of.
pub(super) fn field_of(identifier: &Identifier) -> Field {
    match identifier {
        Identifier::Upn(_) => Field::Upn,
        Identifier::Email(_) => Field::Email,
        Identifier::EmployeeId(_) => Field::EmployeeId,
        Identifier::DeviceLogin(_) => Field::DeviceLogin,
    }
}

/// The word for a tracking state.
pub(super) const fn tracking_word(tracking: Tracking) -> &'static str {
    match tracking {
        Tracking::Tracked => "tracked",
        Tracking::Untracked => "untracked",
    }
}
