//! How does an order read in a plan, and which steps carry it out?

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Afterwards, Cause, ChangeId, Delta, DesiredUser, Fact, Field, Identifier, Login, Object,
    ObservedUser, Order, OrderRow, Phrase, Piece, Portrait, Severity, StepId, Tracking, UserIx, Verb,
    utc_day,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::draft::Draft;
use crate::plan::due::lift::Lift;
use crate::plan::fact::declared_fact;
use crate::plan::orders::stake::{self, Asked};
use crate::plan::people::{People, smallest_identifier};
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::resolve::keys::label;
use crate::plan::rules::blockable;

/// Drafts the changes of orders, after those that the entries ask for otherwise.
pub(in crate::plan) fn changes(people: &People<'_>, after: &After, draft: &mut Draft) {
    let orders = &people.orders;
    for (ix, (at, _)) in &orders.removed {
        if let Some((_, order)) = entry(people, *at) {
            removal((people, after), *ix, order, draft);
        }
    }
    for (ix, at) in &orders.erased {
        if let Some((_, order)) = entry(people, *at) {
            erasure((people, after), *ix, order, draft);
        }
    }
    for (at, rules) in &orders.unblocked {
        lift(people, (*at, rules), draft);
    }
    draft.findings.blockers.extend(orders.blockers.iter().cloned());
    draft.findings.notices.extend(orders.notices.iter().cloned());
    draft.findings.manual.extend(orders.manual.iter().cloned());
}

fn entry<'a>(people: &People<'a>, at: u32) -> Option<(&'a DesiredUser, &'a Order)> {
    let user = &people.desired.users[at as usize];
    Some((user, user.order.as_ref()?))
}

/// The identifiers of a person who is removed that do not stay blocked: those that the entry declares, if it says so. What no
/// entry declares nobody could find again, should the run end between removing and lifting.
pub(in crate::plan) fn lifted(people: &People<'_>, person: Person) -> Vec<Identifier> {
    match (people.orders.removal(person), people.entry(person)) {
        (Some(Afterwards::Unblock), Some(at)) => blockable(&people.desired.users[at as usize]).collect(),
        _ => Vec::new(),
    }
}

fn removal((people, after): (&People<'_>, &After), ix: UserIx, order: &Order, draft: &mut Draft) {
    let record = people.observed.user(ix);
    let change = draft.change_of(people, Person::Known(ix), order.origin);
    // An order weighs more than what its entry asks for otherwise.
    draft.changes[change.0 as usize].origin = order.origin;
    draft.changes[change.0 as usize].verb = Verb::Delete;
    let delta = Delta::Remove(people.label(Person::Known(ix)).into());
    let mut fact = declared_fact(Field::Existence, delta, Severity::Irreversible, order.origin);
    let (agents, days) = lost(record);
    let days = days.map_or_else(|| "no history yet".to_owned(), |days| format!("all history {days}"));
    fact.remark = Some(phrase![format!("record, {agents}, {days}")]);
    draft.fact(change, fact);
    stakes((people, after), ix, (change, order), draft);
    let left = after.identifiers(people, Person::Known(ix));
    let lifted = lifted(people, Person::Known(ix));
    let stay = left.into_iter().filter(|it| !matches!(it, Identifier::EmployeeId(_)) && !lifted.contains(it));
    // A UPN and an email may be one text.
    let mut said = BTreeSet::new();
    let stay: Vec<Piece> = stay
        .filter(|identifier| said.insert(identifier.to_string()))
        .map(|it| Piece::personal(&it))
        .collect();
    let frees = frees(record);
    let note = phrase![frees];
    let note = if stay.is_empty() { note } else { note.then("; stays blocked: ").list(stay) };
    draft.note(change, note);
    because(order, change, draft);
}

fn erasure((people, after): (&People<'_>, &After), ix: UserIx, order: &Order, draft: &mut Draft) {
    let record = people.observed.user(ix);
    let change = draft.change_of(people, Person::Known(ix), order.origin);
    // An order weighs more than what its entry asks for otherwise.
    draft.changes[change.0 as usize].origin = order.origin;
    let delta = Delta::Remove("all history up to now".into());
    let mut fact = declared_fact(Field::History, delta, Severity::Irreversible, order.origin);
    let (agents, days) = lost(record);
    fact.remark = Some(phrase![std::iter::once(agents).chain(days).collect::<Vec<_>>().join(", ")]);
    draft.fact(change, fact);
    stakes((people, after), ix, (change, order), draft);
    let note =
        format!("{} until agents report again; the record stays, and so does its tracking", frees(record));
    draft.note(change, phrase![note]);
    because(order, change, draft);
}

/// Whose history goes, and of which agents.
fn stakes(
    (people, after): (&People<'_>, &After),
    ix: UserIx,
    (change, order): (ChangeId, &Order),
    draft: &mut Draft,
) {
    let asked = Asked { cause: Cause::Declared, origin: order.origin };
    let agents = people.observed.user(ix).agents.iter();
    for fact in stake::facts((people, after), Person::Known(ix), agents, asked) {
        draft.fact(change, fact);
    }
}

/// The block of a removed user is a change of its own: it is still to be done where only the record is gone. Where nothing of it
/// goes, what stays is said with the removal.
fn lift(people: &People<'_>, (at, lift): (u32, &Lift), draft: &mut Draft) {
    let Some((user, order)) = entry(people, at) else { return };
    let removal = people.person(at).and_then(|person| draft.of_person.get(&person).copied());
    if let Some(removal) = removal {
        lift.standing_facts(order).for_each(|fact| draft.fact(removal, fact));
    }
    let change = match removal.filter(|_| lift.rules().is_empty()) {
        Some(removal) => removal,
        None => draft.push(unblock_key(people, at), Object::User(label(user)), Verb::Update, order.origin),
    };
    lift.facts(order).for_each(|fact| draft.fact(change, fact));
    match removal {
        Some(_) if lift.rules().is_empty() => {}
        Some(_) => draft.note(change, Phrase::words(LEFT_AND_LIFTED)),
        None => draft.note(change, Phrase::words(LEFT_OR_NEW)),
    }
    for note in lift.stay() {
        draft.note(change, note);
    }
}

const LEFT_AND_LIFTED: &str = "what the removal leaves of these rules is removed again";

/// What nobody can tell by reading the account.
const LEFT_OR_NEW: &str =
    "left by the removal, or added since: to keep one, declare it under `exclusions`, or take the order out";

/// The rules of the account that lifted blocks take away, with the changes that do.
pub(in crate::plan) fn lifted_rules<'a>(
    people: &'a People<'_>,
    draft: &Draft,
) -> Vec<(ChangeId, &'a BTreeSet<Login>)> {
    let of = |(at, lift): (&u32, &'a Lift)| {
        let change = draft.change_with_key(&unblock_key(people, *at))?;
        Some((change, lift.standing()))
    };
    people.orders.unblocked.iter().filter_map(of).collect()
}

/// What names a lifted block in fingerprints.
pub(in crate::plan) fn unblock_key(people: &People<'_>, at: u32) -> String {
    format!("unblock:{}", smallest_identifier(people.desired, at))
}

/// Drafts the steps of orders, last: each needs all that the run does with its record, and the upload that says who is left.
pub(in crate::plan) fn steps(
    (people, after): (&People<'_>, &After),
    upload: Option<StepId>,
    draft: &mut Draft,
) {
    let orders = &people.orders;
    let mut done: BTreeMap<u32, StepId> = BTreeMap::new();
    for (ix, at) in &orders.erased {
        let Some((_, order)) = entry(people, *at) else { continue };
        let (record, change, needs, seen) = about((people, after), *ix, upload, draft);
        let act = Act::EraseHistory { user: record.id, seen, decided: order.decided };
        draft.step(PhaseKind::Orders, change, act, needs);
    }
    for (ix, (at, afterwards)) in &orders.removed {
        let (record, change, mut needs, seen) = about((people, after), *ix, upload, draft);
        if record.tracking == Tracking::Tracked {
            let act = Act::Track { user: record.id, to: Tracking::Untracked };
            needs = vec![draft.step(PhaseKind::Orders, change, act, needs)];
        }
        let act = Act::RemoveUser { user: record.id, seen, afterwards: *afterwards };
        done.insert(*at, draft.step(PhaseKind::Orders, change, act, needs));
    }
    for (at, lift) in orders.unblocked.iter().filter(|(_, lift)| !lift.rules().is_empty()) {
        let change = draft.change_with_key(&unblock_key(people, *at));
        let act = Act::Unblock(lift.rules().iter().cloned().collect());
        draft.step(PhaseKind::Orders, change, act, done.get(at).copied().into_iter().collect());
    }
}

/// The record of an order, its change, what must hold before, and what the record will look like then.
fn about<'a>(
    (people, after): (&People<'a>, &After),
    ix: UserIx,
    upload: Option<StepId>,
    draft: &Draft,
) -> (&'a ObservedUser, Option<ChangeId>, Vec<StepId>, Portrait) {
    let (person, record) = (Person::Known(ix), people.observed.user(ix));
    let needs = draft.steps_about(record.id).chain(upload).collect();
    let seen = Portrait::new(record, after.name(people, person), after.identifiers(people, person));
    (record, draft.of_person.get(&person).copied(), needs, seen)
}

/// The reason that the author gives.
fn because(order: &Order, change: ChangeId, draft: &mut Draft) {
    let decided = order.decided;
    let note = match &order.row {
        None => phrase![format!("decided on {decided}")],
        Some(row) => {
            let OrderRow { export, cell, dated_by } = &**row;
            let dated =
                format!("decided on {decided} ({dated_by}), by a row of {export}: {} is ", cell.column);
            phrase![dated, Piece::Personal(cell.value.clone())]
        }
    };
    draft.note(
        change,
        match &order.reason {
            Some(reason) if order.row.is_some() => note.then("; ").then(Piece::Personal(reason.clone())),
            Some(reason) => note.then(": ").then(Piece::Personal(reason.clone())),
            None => note,
        },
    );
}

/// The agents that go with a history, and from when to when it is: `2023-04-01 … 2026-05-02`. None where there is no agent.
fn lost(record: &ObservedUser) -> (String, Option<String>) {
    let agents = record.agents.len();
    let agents = if agents == 1 { "1 agent".to_owned() } else { format!("{agents} agents") };
    let is_of_known_age = record.agents.iter().all(|agent| agent.first_log.is_some());
    let days = match record.history() {
        None if is_of_known_age => None,
        None => Some("of unknown age".to_owned()),
        Some((oldest, newest)) if is_of_known_age => {
            Some(format!("{} … {}", utc_day(oldest), utc_day(newest)))
        }
        Some((_, newest)) => Some(format!("of unknown age, up to {}", utc_day(newest))),
    };
    (agents, days)
}

fn frees(record: &ObservedUser) -> String {
    match record.agents.len() {
        0 => "frees no licence".to_owned(),
        1 => "frees 1 licence".to_owned(),
        agents => format!("frees {agents} licences"),
    }
}

/// That somebody is in a group no more because they are nowhere any more.
pub(in crate::plan) fn gone_fact(people: &People<'_>, ix: UserIx) -> Fact {
    let at = people.orders.removed.get(&ix).map(|(at, _)| *at);
    let order = at.and_then(|at| entry(people, at)).map(|(_, order)| order);
    Fact {
        field: Field::Member,
        delta: Delta::Remove(people.label(Person::Known(ix)).into()),
        severity: Severity::Disruptive,
        cause: Cause::Consequence,
        origin: order.map_or(crate::model::Origin::NONE, |order| order.origin),
        remark: Some(Phrase::words("removed")),
    }
}
