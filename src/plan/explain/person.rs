//! Who is the user that is asked about, by what is it matched, and which groups is it in, and why?

use std::collections::BTreeMap;

use crate::model::{GroupName, Key, Located, Origin, Phrase, Piece, Reference, Topic, Tracking};
use crate::plan::explain::belonging::{self, belongs, outside, reasons};
use crate::plan::explain::copies::Copies;
use crate::plan::explain::explanation::{
    About, Belongs, Explanation, Held, Matched, Now, Reason, Record, Unclear, Value,
};
use crate::plan::explain::find::{Found, find};
use crate::plan::explain::group::find_group;
use crate::plan::explain::part::Marks;
use crate::plan::explain::values::values;
use crate::plan::finished::Plan;
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::keys::{declared, held};
use crate::plan::resolve::resolution::Fit;
use crate::plan::ruled;

/// Explains the user that a reference means.
pub(super) fn explain(
    (people, copies): (&People<'_>, &Copies<'_>),
    plan: &Plan,
    reference: &Reference,
) -> Result<Explanation, Unclear> {
    let found = find(people, reference)?;
    let Some(label) = found.label() else { return Err(Unclear::Nobody(Vec::new())) };
    // An account without agents says nothing of whether they report.
    let has_agents = people.observed.reach.absent(Topic::Agents).is_none();
    let record = found.record.filter(|_| has_agents).map(|record| Record {
        status: record.status,
        tracking: record.tracking,
        agents: record.agents.iter().map(|agent| agent.login.clone()).collect(),
    });
    let said = said_tracking(people, &found);
    let mut values = values((found.entry, found.record), said, &people.observed.reach);
    let why = person_of(people, &found).zip(said).and_then(|(person, said)| ruled::why(people, person, said));
    values.extend(why.map(|words| by_rule(&words, said)));
    let groups = groups((people, copies), &found);
    let mut marks = Marks { labels: vec![label.clone()], ..Marks::default() };
    marks.labels.extend(found.entry.map(crate::plan::resolve::keys::label));
    let identifying =
        |field: &str| !["tracking", "tracking by", "attribute", "adopt", "erase", "remove"].contains(&field);
    for value in &values {
        if let Piece::Personal(text) = &value.value
            && identifying(value.field)
        {
            marks.texts.insert(text.to_string());
        }
    }
    marks.origins = values.iter().map(|value| value.origin).collect();
    marks.origins.extend(found.entry.map(|entry| entry.origin));
    marks.origins.extend(found.entry.iter().flat_map(|entry| &entry.groups).map(|group| group.origin));
    let about = About::User { label, matched: matched(people, &found), record };
    let origin = found.entry.map_or(Origin::NONE, |entry| entry.origin);
    Ok(Explanation { about, origin, values, groups, members: Vec::new(), part: marks.part_of(plan) })
}

/// What an entry or a rule says of tracking.
fn said_tracking<'p>(people: &'p People<'_>, found: &Found<'_>) -> Option<&'p Located<Tracking>> {
    match (found.at, found.ix) {
        (Some(at), _) => people.desired.users[at as usize].tracking.declared(),
        (None, Some(ix)) => people.resolution.ruled.get(&ix),
        (None, None) => None,
    }
}

/// The rule that sets the tracking, and why.
fn by_rule(words: &Phrase, said: Option<&Located<Tracking>>) -> Value {
    let origin = said.map_or(Origin::NONE, |said| said.origin);
    Value {
        field: "tracking by",
        value: Piece::Personal(words.text().into()),
        held: Held::Located,
        set_by: None,
        origin,
    }
}

fn matched(people: &People<'_>, found: &Found<'_>) -> Matched {
    let (Some(at), Some(entry)) = (found.at, found.entry) else { return Matched::Undeclared };
    match (people.resolution.fits[at as usize], found.record) {
        (Fit::Record(_), Some(record)) => {
            let shared = |key: &Key<'_>| held(record).any(|held| held == *key);
            let own = declared(entry).map(|(key, _)| key);
            let former = entry.formerly.iter().map(|said| Key::from(&said.value));
            let mut by: Vec<Key<'_>> = own.chain(former).filter(shared).collect();
            by.sort_unstable();
            by.dedup();
            Matched::Record(record.id, by.into_iter().map(piece).collect())
        }
        (Fit::New, _) if people.observed.reach.unwritten(Topic::Users).is_some() => Matched::ByHand,
        (Fit::New, _) => Matched::New,
        (Fit::Gone, _) => Matched::Gone,
        (Fit::LeftOut, _) => Matched::LeftOut,
        (Fit::Blocked | Fit::ByHand | Fit::Record(_), _) => Matched::Blocked,
    }
}

fn piece(key: Key<'_>) -> Piece {
    match key {
        Key::Address(text) | Key::EmployeeId(text) | Key::Name(text) => Piece::Personal(text.into()),
        Key::Login(login) => Piece::personal(login),
    }
}

/// The groups of a user by folded name: those it is in, and those that something says it is to be in.
fn groups((people, copies): (&People<'_>, &Copies<'_>), found: &Found<'_>) -> Vec<Belongs> {
    let mut groups: BTreeMap<String, Belongs> = BTreeMap::new();
    if let Some(ix) = found.ix {
        for (at, _) in people.observed.memberships.iter().filter(|pair| pair.1 == ix) {
            let group = people.observed.group(*at);
            groups.insert(group.name.key().to_owned(), belongs(people, &group.name, Now::Inside));
        }
    }
    let mut note = |name: &GroupName, former: &[Located<GroupName>], reason, origin| {
        // A group that is to be renamed is in the account under its former name.
        let former = former.iter().find(|former| groups.contains_key(former.value.key()));
        let key = former.filter(|_| !groups.contains_key(name.key())).map_or(name, |former| &former.value);
        let group = groups
            .entry(key.key().to_owned())
            .or_insert_with(|| belongs(people, name, outside(people, name)));
        group.reasons.push((reason, origin));
    };
    for said in found.entry.iter().flat_map(|entry| &entry.groups) {
        note(&said.value, &[], Reason::OwnEntry, said.origin);
    }
    for group in &people.desired.groups {
        let reasons = person_of(people, found).map(|person| reasons((people, copies), group, person));
        for (reason, origin) in reasons.into_iter().flatten() {
            note(&group.name.value, &group.formerly, reason, origin);
        }
    }
    groups.into_values().collect()
}

/// The person that somebody is, if that is known.
fn person_of(people: &People<'_>, found: &Found<'_>) -> Option<Person> {
    match (found.ix, found.at) {
        (Some(ix), _) => Some(Person::Known(ix)),
        (None, Some(at)) => people.person(at),
        (None, None) => None,
    }
}

/// The same explanation, of one group: why somebody is in it, or why not.
pub(super) fn of_group(
    people: &People<'_>,
    reference: &Reference,
    (mut explanation, name): (Explanation, &GroupName),
) -> Result<Explanation, Unclear> {
    let group = find_group(people, name)?;
    let is_it = |belongs: &Belongs| group.names.iter().any(|name| belongs.group == **name);
    let mut belongs: Vec<Belongs> = explanation.groups.into_iter().filter(is_it).collect();
    if belongs.is_empty() {
        belongs.push(belonging::belongs(people, name, outside(people, name)));
    }
    if belongs.iter().all(|it| it.reasons.is_empty()) {
        let found = find(people, reference)?;
        let why_not = belonging::why_not(people, group.declared, person_of(people, &found));
        for it in &mut belongs {
            it.why_not = Some(why_not.clone());
        }
    }
    explanation.groups = belongs;
    Ok(explanation)
}
