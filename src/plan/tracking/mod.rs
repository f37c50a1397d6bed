//! What tracking and untracking bring about: rules made and lifted, others hit, leftovers removed.

mod alike;
pub(super) mod causes;
pub(super) mod exclusions;
mod freed;
pub(super) mod rules;
mod stopped;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Afterwards, Cause, ChangeId, Delta, ExclusionState, Fact, Field, Login, Managed, Object,
    ObservedExclusion, Origin, Phrase, Piece, Said, Severity, Tracking, Verb,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::orders::{Staying, lifted, only_removes};
use crate::plan::people::{People, Person};
use crate::plan::phase::PhaseKind;
use crate::plan::tracking::freed::Gone;
use crate::plan::tracking::rules::{ByName, Standing, by_name, covering, hits, made_by, tracking_after};
use crate::plan::users::tracking_word;

/// Adds the rules that changed users make and lift, and an untrack for every other tracked user that a new rule hits.
pub(super) fn consequences(people: &People<'_>, draft: &mut Draft) {
    let mut made: BTreeMap<Person, Vec<Login>> = BTreeMap::new();
    for (person, change) in draft.of_person.clone() {
        let before = rules_before(people, person);
        let after = rules_after(people, draft, person);
        let gone: Vec<&Login> = before.difference(&after).collect();
        let new: Vec<Login> = after.difference(&before).cloned().collect();
        // What becomes of a removed user's rules is said with the order.
        let said = people.orders.removal(person).is_some();
        if !gone.is_empty() && !said {
            draft.note(change, Phrase::words("lifts the block on ").list(gone.into_iter().map(rule_piece)));
        }
        if !new.is_empty() && !said {
            draft.note(change, Phrase::words("blocks ").list(new.iter().map(rule_piece)));
        }
        let is_untracked = !said && tracking_after(people, person) == Tracking::Untracked;
        if is_untracked && people.record(person).is_some_and(|record| record.tracking == Tracking::Tracked) {
            uncovered(people, (person, &after), change, draft);
        }
        if !new.is_empty() {
            made.insert(person, new);
        }
    }
    let mut causes: BTreeMap<&Login, Vec<Person>> = BTreeMap::new();
    for (person, rules) in &made {
        for rule in rules {
            causes.entry(rule).or_default().push(*person);
        }
    }
    let new = by_name(causes.keys().copied());
    let standing = standing_rules(people, &new);
    let standing = by_name(&standing);
    for hit in hits(people, draft, &new) {
        let person = hit.person;
        let own = made.get(&person).is_some_and(|own| own.iter().any(|rule| rule.covers(&hit.login)));
        let already = covering(&standing, &hit.login).next().is_some();
        if own || already || tracking_after(people, person) == Tracking::Untracked {
            continue;
        }
        for causer in causes.get(hit.rule).into_iter().flatten() {
            let change = draft.of_person[causer];
            let label = people.label(person);
            let note = phrase!["also hits ", Piece::personal(&hit.login), " of ", label, " (tracked)"];
            // An agent and a device login of one name are two hits and one thing to say.
            if !draft.changes[change.0 as usize].notes.contains(&note) {
                draft.note(change, note);
            }
        }
        turned_by_rule(people, person, (Tracking::Untracked, hit.rule), draft);
    }
}

/// Says of whom is collected again once rules go, and of whom nothing is although they are declared tracked.
pub(super) fn collection(people: &People<'_>, leftovers: &[(Login, Person)], draft: &mut Draft) {
    let gone = Gone::by(people, draft);
    freed::consequences(people, leftovers, &gone, draft);
    stopped::notices(people, &gone, draft);
}

/// Says which agents of a user who is untracked no rule of theirs covers.
fn uncovered(
    people: &People<'_>,
    (person, rules): (Person, &BTreeSet<Login>),
    change: ChangeId,
    draft: &mut Draft,
) {
    let agents = draft.agents_after(people, person);
    let open =
        agents.iter().map(|agent| &agent.login).filter(|login| !rules.iter().any(|rule| rule.covers(login)));
    let open: BTreeSet<&Login> = open.collect();
    if !open.is_empty() {
        let note = Phrase::words("no rule of theirs covers ").list(open.into_iter().map(Piece::personal));
        draft.note(change, note.then(": whether collection stops there too, the account decides"));
    }
}

/// Rules of the account that already stand on the same usernames: whoever they hit is hit before and after.
fn standing_rules(people: &People<'_>, new: &ByName<'_>) -> Vec<Login> {
    if new.is_empty() {
        return Vec::new();
    }
    let globals = people.observed.exclusions.iter().map(|exclusion| exclusion.login.clone());
    let untracked = people.observed.users.iter().filter(|user| user.tracking == Tracking::Untracked);
    let derived = untracked.flat_map(|user| made_by(user.identifiers().collect::<Vec<_>>().iter()));
    globals.chain(derived).filter(|rule| new.contains_key(rule.user.key())).collect()
}

/// That a user is tracked or not without anybody asking for it: because of a rule that comes or goes.
pub(super) fn turned_by_rule(
    people: &People<'_>,
    person: Person,
    (to, rule): (Tracking, &Login),
    draft: &mut Draft,
) {
    let change = if let Some(change) = draft.of_person.get(&person) {
        *change
    } else {
        let object = Object::User(people.label(person));
        let change = draft.push(people.fingerprint_key(person), object, Verb::Update, Origin::NONE);
        draft.of_person.insert(person, change);
        change
    };
    let mut said = draft.changes[change.0 as usize].facts.iter().filter(|fact| fact.field == Field::Tracking);
    let said = said.next().map(|fact| fact.cause);
    if said != Some(Cause::Declared) {
        draft.turned.push((change, rule.clone()));
    }
    if said.is_some() {
        return;
    }
    let (from, remark) = match to {
        Tracking::Untracked => (Tracking::Tracked, phrase!["hit by the rule on ", rule_piece(rule)]),
        Tracking::Tracked => {
            (Tracking::Untracked, phrase!["no longer hit by the rule on ", rule_piece(rule)])
        }
    };
    draft.fact(
        change,
        Fact {
            field: Field::Tracking,
            delta: Delta::Set { from: Some(tracking_word(from).into()), to: tracking_word(to).into() },
            severity: Severity::Disruptive,
            cause: Cause::Consequence,
            origin: Origin::NONE,
            remark: Some(remark),
        },
    );
}

/// The piece that names a rule: `ada on every domain`, `ACME\ada`.
pub(super) fn rule_piece(rule: &Login) -> Piece {
    Piece::personal(rule)
}

/// The rules that a user stands for now.
pub(super) fn rules_before(people: &People<'_>, person: Person) -> BTreeSet<Login> {
    match people.record(person) {
        Some(record) if record.tracking == Tracking::Untracked => {
            made_by(record.identifiers().collect::<Vec<_>>().iter())
        }
        _ => BTreeSet::new(),
    }
}

/// The rules that a user stands for, or leaves behind, once the plan is carried out.
pub(super) fn rules_after(people: &People<'_>, draft: &Draft, person: Person) -> BTreeSet<Login> {
    if people.orders.removal(person) == Some(Afterwards::Unblock) {
        let mut stay = draft.identifiers_after(people, person);
        let lifted = lifted(people, person);
        stay.retain(|identifier| !lifted.contains(identifier));
        return made_by(stay.iter());
    }
    match tracking_after(people, person) {
        Tracking::Untracked => made_by(draft.identifiers_after(people, person).iter()),
        Tracking::Tracked => BTreeSet::new(),
    }
}

/// Removes leftover exclusions on the own identifiers of users declared tracked, each by name; answers which rules went, with
/// everybody declared tracked whose collection they stopped.
pub(super) fn leftovers(people: &People<'_>, draft: &mut Draft) -> Vec<(Login, Person)> {
    let standing = Standing::of(&people.observed.exclusions);
    let staying = Staying::of(people, &standing, draft);
    draft.blockers.extend(staying.against_lifts(people));
    if standing.is_empty() && staying.is_empty() {
        return Vec::new();
    }
    let mut found: BTreeMap<&Login, Leftover<'_>> = BTreeMap::new();
    for (at, user) in (0..).zip(&people.desired.users) {
        let Managed::Set(Said { value: Tracking::Tracked, origin }) = user.tracking else { continue };
        let Some(person) = people.person(at).filter(|_| !only_removes(user)) else { continue };
        for identifier in draft.identifiers_after(people, person) {
            let conflicts = staying.against(&identifier, || people.label(person));
            if !conflicts.is_empty() {
                draft.blockers.extend(conflicts);
                continue;
            }
            for exclusion in standing.on(&identifier) {
                let leftover = found.entry(&exclusion.login).or_insert_with(|| Leftover::new(origin));
                leftover.of.insert(person);
                leftover.rules.push(exclusion);
            }
        }
    }
    let mut gone = Vec::new();
    for (login, Leftover { of, origin, mut rules }) in found {
        rules.sort_unstable_by_key(|rule| rule.id);
        rules.dedup_by_key(|rule| rule.id);
        let mut contradicted = of.iter().filter_map(|person| declared_present(people, login, *person));
        if let Some(blocker) = contradicted.next() {
            draft.blockers.push(blocker);
            continue;
        }
        let change = remove_exclusion((login, &rules), origin, Cause::Consequence, draft);
        let note = Phrase::words("leftover on an identifier of ");
        let note = note.list(of.iter().map(|person| people.label(*person)));
        let declared = if of.len() == 1 { ", who is declared tracked" } else { ", who are declared tracked" };
        draft.note(change, note.then(declared));
        gone.extend(of.into_iter().map(|person| (login.clone(), person)));
    }
    gone
}

/// A rule on identifiers of users declared tracked.
struct Leftover<'a> {
    /// Theirs.
    of: BTreeSet<Person>,
    /// Where the first of them is declared tracked.
    origin: Origin,
    /// The rule, as often as the account has it.
    rules: Vec<&'a ObservedExclusion>,
}

impl Leftover<'_> {
    const fn new(origin: Origin) -> Self {
        Self { of: BTreeSet::new(), origin, rules: Vec::new() }
    }
}

fn declared_present(people: &People<'_>, login: &Login, person: Person) -> Option<Blocker> {
    let declared =
        people.desired.exclusions.iter().find(|exclusion| {
            exclusion.login.value == *login && exclusion.state == ExclusionState::Present
        })?;
    Some(hits_tracked(people, &declared.login, person))
}

/// Whether the account would refuse a rule on a person: orders come after rules, so who is removed is tracked till then.
pub(super) fn is_tracked_when_rules_change(people: &People<'_>, person: Person) -> bool {
    match (people.orders.removal(person), people.record(person)) {
        (Some(_), Some(record)) => record.tracking == Tracking::Tracked,
        _ => tracking_after(people, person) == Tracking::Tracked,
    }
}

/// The blocker of an exclusion that would stop collecting for a user who is to be tracked.
pub(super) fn hits_tracked(people: &People<'_>, exclusion: &Said<Login>, person: Person) -> Blocker {
    let blocker = Blocker::new(
        exclusion.origin,
        BlockerCode::ExclusionHitsTracked,
        phrase![
            "the exclusion ",
            Piece::personal(&exclusion.value),
            " would stop collecting for ",
            people.label(person),
            ", who is tracked"
        ],
    );
    without_hitting(blocker, people, person)
}

/// How an exclusion that hits somebody tracked, or may, does no more.
fn without_hitting(blocker: Blocker, people: &People<'_>, person: Person) -> Blocker {
    if people.orders.removal(person).is_some() {
        return blocker
            .way_out("take the exclusion out: the identifiers of a removed user stay blocked without it");
    }
    blocker
        .way_out("declare the user `tracking: untracked`, which blocks their identifiers and keeps the data")
        .way_out("or take the exclusion out")
}

/// Drafts the removal of a rule; should the account have it twice, of both.
pub(super) fn remove_exclusion(
    (login, rules): (&Login, &[&ObservedExclusion]),
    origin: Origin,
    cause: Cause,
    draft: &mut Draft,
) -> crate::model::ChangeId {
    let object = Object::Exclusion { id: rules.first().map(|rule| rule.id), login: login.clone() };
    let change = draft.push(rules::fingerprint_key(login), object, Verb::Delete, origin);
    draft.fact(
        change,
        Fact {
            field: Field::Existence,
            delta: Delta::Remove(Piece::personal(login)),
            severity: Severity::Disruptive,
            cause,
            origin,
            remark: None,
        },
    );
    for rule in rules {
        let act = Act::RemoveExclusion { id: rule.id, login: rule.login.clone() };
        draft.step(PhaseKind::Exclusions, Some(change), act, Vec::new());
    }
    change
}
