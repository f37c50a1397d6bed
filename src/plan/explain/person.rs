//! Who is the user that is asked about, by what is it matched, and which groups is it in, and why?

use std::collections::BTreeMap;

use crate::model::{
    DesiredGroup, DesiredUser, Folded, GroupName, GroupSource, Key, Located, ObservedUser, Origin, Phrase,
    Piece, Reference, Topic, UserIx, UserLabel,
};
use crate::phrase;
use crate::plan::explain::explanation::{About, Belongs, Explanation, Matched, Now, Reason, Record, Unclear};
use crate::plan::explain::part::Marks;
use crate::plan::explain::values::values;
use crate::plan::finished::Plan;
use crate::plan::membership::automatic::candidate::Candidate;
use crate::plan::membership::automatic::why;
use crate::plan::people::{People, Referred};
use crate::plan::person::Person;
use crate::plan::resolve::keys::{declared, held, label, sought};
use crate::plan::resolve::near::near;
use crate::plan::resolve::resolution::Fit;

/// One user: an entry, a record, or both.
#[derive(Clone, Copy)]
struct Found<'a> {
    at: Option<u32>,
    entry: Option<&'a DesiredUser>,
    ix: Option<UserIx>,
    record: Option<&'a ObservedUser>,
}

/// Explains the user that a reference means.
pub(super) fn explain(
    people: &People<'_>,
    plan: &Plan,
    reference: &Reference,
) -> Result<Explanation, Unclear> {
    let found = find(people, reference)?;
    let label = match (found.record, found.entry) {
        (Some(record), _) => UserLabel::of(record),
        (None, Some(entry)) => label(entry),
        (None, None) => return Err(Unclear::Nobody(Vec::new())),
    };
    let record = found.record.map(|record| Record {
        status: record.status,
        tracking: record.tracking,
        agents: record.agents.iter().map(|agent| agent.login.clone()).collect(),
    });
    let values = values(found.entry, found.record, &people.observed.reach);
    let groups = groups(people, &found);
    let mut marks = Marks { labels: vec![label.clone()], ..Marks::default() };
    marks.labels.extend(found.entry.map(crate::plan::resolve::keys::label));
    let identifying = |field: &str| !["tracking", "attribute", "adopt", "erase", "remove"].contains(&field);
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
    Ok(Explanation { about, origin, values, groups, part: marks.part_of(plan) })
}

fn find<'a>(people: &People<'a>, reference: &Reference) -> Result<Found<'a>, Unclear> {
    let resolution = people.resolution;
    let of_record = |ix: UserIx| {
        let at = resolution.entries[ix.0 as usize];
        let entry = at.map(|at| &people.desired.users[at as usize]);
        Found { at, entry, ix: Some(ix), record: Some(people.observed.user(ix)) }
    };
    if let Some(at) = sought(reference).find_map(|key| resolution.declared.owner(key)) {
        if let Fit::Record(ix) = resolution.fits[at as usize] {
            return Ok(of_record(ix));
        }
        let entry = Some(&people.desired.users[at as usize]);
        return Ok(Found { at: Some(at), entry, ix: None, record: None });
    }
    let owners: Vec<UserIx> =
        sought(reference).flat_map(|key| resolution.observed.owners(key)).map(UserIx).collect();
    match owners[..] {
        [] => Err(Unclear::Nobody(near(resolution, &wanted(reference)))),
        [one] => Ok(of_record(one)),
        _ => {
            let shown = |ix: UserIx| Phrase(vec![UserLabel::of(people.observed.user(ix)).into()]);
            Err(Unclear::Several(owners.into_iter().map(shown).collect()))
        }
    }
}

fn wanted(reference: &Reference) -> Folded {
    match reference {
        Reference::Address(address) => address.clone(),
        Reference::Name(name) => Folded::new(name.as_written()),
        Reference::DeviceLogin(_) | Reference::Slashed(..) | Reference::EmployeeId(_) => {
            Folded::new(&reference.to_string())
        }
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
fn groups(people: &People<'_>, found: &Found<'_>) -> Vec<Belongs> {
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
        for (reason, origin) in reasons(people, group, found) {
            note(&group.name.value, &group.formerly, reason, origin);
        }
    }
    groups.into_values().collect()
}

/// Where a user is of whom nothing shows that they are in a group; the identity provider's own are always shown whole.
fn outside(people: &People<'_>, name: &GroupName) -> Now {
    let source = people.observed.group_named(name).map(|ix| &people.observed.group(ix).source);
    let hidden = people.observed.reach.hidden(Topic::Members).is_some();
    if hidden && source != Some(&GroupSource::Scim) { Now::Unseen } else { Now::Outside }
}

fn belongs(people: &People<'_>, name: &GroupName, now: Now) -> Belongs {
    let source = people.observed.group_named(name).map(|ix| people.observed.group(ix).source.clone());
    Belongs { group: name.clone(), source, now, reasons: Vec::new() }
}

/// What a group's own entry says of a user.
fn reasons(people: &People<'_>, group: &DesiredGroup, found: &Found<'_>) -> Vec<(Reason, Origin)> {
    let person = match (found.ix, found.at) {
        (Some(ix), _) => Some(Person::Known(ix)),
        (None, Some(at)) => people.person(at),
        (None, None) => None,
    };
    let Some(person) = person else { return Vec::new() };
    let means =
        |said: &&Located<Reference>| matches!(people.find(said), Ok(Referred::Person(it)) if it == person);
    let listed = group.members.listed().iter().filter(means);
    let mut reasons: Vec<(Reason, Origin)> = listed.map(|said| (Reason::List, said.origin)).collect();
    if let Some(automatic) = &group.automatic {
        let also = automatic.also.iter().filter(means);
        reasons.extend(also.map(|said| (Reason::Also, said.origin)));
        let except: Vec<_> = automatic.except.iter().filter(means).collect();
        let (rule, matching) = (&automatic.rule, Some(person).filter(|person| people.is_staying(*person)));
        let matching = matching.and_then(|person| Candidate::person(people, person));
        if let Some(user) = matching.filter(|user| except.is_empty() && why::holds(&rule.value, *user)) {
            reasons.push((Reason::Rule(why::reason(&rule.value, user).words), rule.origin));
        }
        reasons.extend(except.into_iter().map(|said| (Reason::Except, said.origin)));
    }
    reasons
}

/// The sentence for whoever asks about nobody.
pub(super) fn did_you_mean(text: &str) -> Phrase {
    phrase!["did you mean ", Piece::personal(&text), "?"]
}
