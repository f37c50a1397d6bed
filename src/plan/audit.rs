//! Who changed last what a plan would undo? Beside each fact of tracking, groups and exclusions, where the account's audit log says it
//! with certainty.
//!
//! Claimed is the one entry that names all that a fact is about. Nothing is claimed where another entry may be meant as well: one that
//! may name the same, or a later one about the object that tells of nothing else that differs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    AuditEntry, Change, Delta, Fact, Field, Identifier, Object, Observed, ObservedUser, Phrase, Piece,
    UserLabel, Verb,
};
use crate::phrase;
use crate::plan::finished::Plan;
use crate::plan::naming::{Naming, Subject};

/// A longer text is no login.
const LOGIN: usize = 254;
/// A longer word is no name of an event.
const EVENT: usize = 64;

/// Whether a plan would undo anything that an audit log may tell of.
pub fn has_audited(plan: &Plan) -> bool {
    plan.changes.iter().any(|change| change.facts.iter().any(|fact| is_audited(change, fact)))
}

/// The same plan, with the entry of the audit log beside each fact that it is certainly of. It is no part of its digest.
#[must_use]
pub fn with_audit(mut plan: Plan, observed: &Observed, log: &[AuditEntry]) -> Plan {
    let naming = Naming::of(log, &plan, observed);
    let told = Told::of(&plan, observed, &naming);
    let facts = plan.changes.iter_mut().flat_map(|change| &mut change.facts);
    for (at, fact) in facts.enumerate() {
        let claim = told.claimed(at, log).and_then(said);
        if let Some(claim) = claim {
            fact.remark = Some(match remark(fact) {
                Some(remark) => remark.then("; ").joined(claim),
                None => claim,
            });
        }
    }
    plan
}

/// What stands beside a fact; what is in the title of a change shows its cause there.
fn remark(fact: &Fact) -> Option<Phrase> {
    let is_titled = matches!(fact.field, Field::Existence | Field::Name);
    let cause = || fact.cause.remark().filter(|_| !is_titled).map(Phrase::words);
    fact.remark.clone().or_else(cause)
}

fn is_audited(change: &Change, fact: &Fact) -> bool {
    match &change.object {
        Object::User(_) => {
            change.verb == Verb::Update && matches!(fact.field, Field::Tracking | Field::PrimaryGroup)
        }
        Object::Group { .. } => {
            matches!(fact.field, Field::Existence | Field::Name | Field::Member | Field::Computer)
        }
        Object::Exclusion { .. } => fact.field == Field::Existence,
    }
}

/// The entries of a log that a fact may be told of by.
#[derive(Default)]
struct Found {
    /// The change that the fact is of, by its place in the plan.
    change: usize,
    /// How much there is that an entry has to name.
    subjects: usize,
    /// Those that may name what it is a fact of.
    of_object: BTreeSet<usize>,
    /// Those that may name all that it is about.
    perhaps: BTreeSet<usize>,
    /// Those that certainly do.
    surely: BTreeSet<usize>,
}

impl Found {
    fn of(subjects: &[Subject], naming: &Naming<'_>) -> Self {
        let Some((object, others)) = subjects.split_first() else { return Self::default() };
        let of_object = naming.perhaps(object);
        let both = |found: BTreeSet<usize>, subject| &found & &naming.perhaps(subject);
        let perhaps = others.iter().fold(of_object.clone(), both);
        let is_sure = |entry: &&usize| subjects.iter().all(|subject| naming.surely(**entry, subject));
        let surely = perhaps.iter().filter(is_sure).copied().collect();
        Self { change: 0, subjects: subjects.len(), of_object, perhaps, surely }
    }
}

/// What is found for every fact of a plan, in their order.
struct Told {
    found: Vec<Found>,
    /// The facts that an entry certainly names all of.
    of: BTreeMap<usize, Vec<usize>>,
}

impl Told {
    fn of(plan: &Plan, observed: &Observed, naming: &Naming<'_>) -> Self {
        let changes = plan.changes.iter().enumerate();
        let facts = changes.flat_map(|(at, change)| change.facts.iter().map(move |fact| (at, change, fact)));
        let found = facts.map(|(at, change, fact)| {
            let subjects = subjects(change, fact, observed).unwrap_or_default();
            Found { change: at, ..Found::of(&subjects, naming) }
        });
        let found: Vec<Found> = found.collect();
        let mut of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, found) in found.iter().enumerate() {
            for entry in &found.surely {
                of.entry(*entry).or_default().push(at);
            }
        }
        Self { found, of }
    }

    /// The entry that certainly tells of the fact at a place.
    fn claimed<'a>(&self, at: usize, log: &'a [AuditEntry]) -> Option<&'a AuditEntry> {
        let fact = &self.found[at];
        let others = |entry: &usize| {
            let of = self.of.get(entry).into_iter().flatten();
            of.filter(|other| **other != at).map(|other| &self.found[*other])
        };
        // An entry that names more than this fact is about, which differs as well, tells of that.
        let of_more = |entry: &usize| others(entry).any(|it| it.subjects > fact.subjects);
        let of_other = |entry: &usize| others(entry).any(|it| it.change == fact.change);
        let mut meant = fact.perhaps.iter().filter(|entry| !of_more(entry));
        let (Some(entry), None) = (meant.next(), meant.next()) else { return None };
        let time = log[*entry].time.filter(|_| fact.surely.contains(entry))?;
        let is_later = |other: &usize| log[*other].time.is_none_or(|other| other >= time);
        let mut doubts = fact.of_object.iter().filter(|other| *other != entry && is_later(other));
        doubts.all(|other| of_more(other) || of_other(other)).then(|| &log[*entry])
    }
}

/// All that a fact is about, each by the texts that it goes by: first what it is a fact of.
fn subjects(change: &Change, fact: &Fact, observed: &Observed) -> Option<Vec<Subject>> {
    if !is_audited(change, fact) {
        return None;
    }
    Some(match (&change.object, fact.field) {
        (Object::User(label), Field::Tracking) => vec![user(label, observed)],
        (Object::User(label), _) => vec![user(label, observed), values(fact).map(text).collect()],
        (Object::Group { .. }, Field::Name) => values(fact).map(|value| vec![text(value)]).collect(),
        (Object::Group { name, .. }, field) => {
            let renamed = change.facts.iter().filter(|fact| fact.field == Field::Name);
            let name = std::iter::once(name.as_written().to_owned());
            let group = name.chain(renamed.flat_map(values).map(text)).collect();
            match values(fact).next() {
                Some(Piece::User(label)) if field == Field::Member => vec![group, user(label, observed)],
                Some(value) if field != Field::Existence => vec![group, vec![text(value)]],
                _ => vec![group],
            }
        }
        (Object::Exclusion { login, .. }, _) => vec![vec![login.to_string()]],
    })
}

fn values(fact: &Fact) -> impl Iterator<Item = &Piece> {
    let (one, other) = match &fact.delta {
        Delta::Add(value) | Delta::Remove(value) => (Some(value), None),
        Delta::Set { from, to } => (from.as_ref(), Some(to)),
    };
    one.into_iter().chain(other)
}

fn text(piece: &Piece) -> String {
    match piece {
        Piece::Plain(words) => words.clone().into_owned(),
        Piece::Personal(text) => text.to_string(),
        Piece::User(label) => {
            label.name.as_deref().or(label.display_id.as_deref()).unwrap_or_default().to_owned()
        }
    }
}

/// The texts of a user that are nobody else's and no number: an employee ID may be any number in a sentence.
fn user(label: &UserLabel, observed: &Observed) -> Subject {
    let held = label.record.and_then(|record| observed.user_ix(record)).map(|ix| observed.user(ix));
    let name = held.and_then(|user| user.display_name.as_ref()).map(|name| name.as_written().to_owned());
    let identifiers = held.into_iter().flat_map(ObservedUser::identifiers);
    let identifiers = identifiers.filter(|held| !matches!(held, Identifier::EmployeeId(_)));
    let shown = label.display_id.as_deref().filter(|shown| shown.contains(['@', '\\']));
    let told = label.name.as_deref().into_iter().chain(shown).map(str::to_owned);
    let mut texts: Subject =
        name.into_iter().chain(identifiers.map(|held| held.to_string())).chain(told).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// How an entry is told; nothing where it does not say who. What kind of thing it is, is told where that is one plain word.
fn said(entry: &AuditEntry) -> Option<Phrase> {
    let AuditEntry { user, event, time, .. } = entry;
    let user = Some(user.trim()).filter(|user| !user.is_empty() && user.len() <= LOGIN)?;
    let is_plain = event.len() <= EVENT && event.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let event = if is_plain && !event.is_empty() { format!("{event} ") } else { String::new() };
    Some(phrase![
        format!("audit log: {event}by "),
        Piece::personal(&user),
        (*time)?.strftime(", %Y-%m-%d %H:%M UTC").to_string(),
    ])
}
