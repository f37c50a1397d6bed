//! Who is in a group, who is to be, and what asks for it?

use std::collections::BTreeMap;

use crate::diag::suggestions;
use crate::model::{
    Computer, Description, DesiredGroup, Field, GroupIx, GroupName, Located, Origin, Phrase, Piece,
    Reference, fold,
};
use crate::phrase;
use crate::plan::explain::belonging::{by_rule, outside};
use crate::plan::explain::copies::Copies;
use crate::plan::explain::explanation::{About, Explanation, Held, Member, Now, Reason, Unclear, Value};
use crate::plan::explain::part::Marks;
use crate::plan::finished::Plan;
use crate::plan::people::{People, Referred};
use crate::plan::person::Person;

/// A group: declared, in the account, or both.
pub(super) struct Group<'a> {
    /// What the manifests say of it.
    pub(super) declared: Option<&'a DesiredGroup>,
    /// Where it is in the account.
    ix: Option<GroupIx>,
    /// All that it is called: its name, and the one it has until it is renamed.
    pub(super) names: Vec<&'a GroupName>,
}

/// Finds a group by its name or a former one.
pub(super) fn find_group<'a>(people: &People<'a>, name: &GroupName) -> Result<Group<'a>, Unclear> {
    let names_of = |group: &'a DesiredGroup| std::iter::once(&group.name).chain(&group.formerly);
    let declared = people.desired.groups.iter().find(|group| names_of(group).any(|it| it.value == *name));
    let names: Vec<&GroupName> = declared.into_iter().flat_map(names_of).map(|it| &it.value).collect();
    let ix = match declared {
        Some(_) => names.iter().find_map(|name| people.observed.group_named(name)),
        None => people.observed.group_named(name),
    };
    let observed = ix.map(|ix| &people.observed.group(ix).name);
    if declared.is_none() && observed.is_none() {
        return Err(Unclear::Nobody(near(people, name)));
    }
    let names = names.into_iter().chain(observed).collect();
    Ok(Group { declared, ix, names })
}

/// Explains the group of a name.
pub(super) fn explain(
    (people, copies): (&People<'_>, &Copies<'_>),
    plan: &Plan,
    name: &GroupName,
) -> Result<Explanation, Unclear> {
    let group = find_group(people, name)?;
    let mut members = users((people, copies), &group);
    members.extend(computers(people, &group));
    members.sort_by_key(|member| (rank(member), sort_text(&member.who)));
    let names = group.names.iter().map(|name| name.key().to_owned()).collect();
    let mut marks = Marks { groups: names, ..Marks::default() };
    marks.origins.extend(group.declared.map(|declared| declared.name.origin));
    let listed = group.declared.iter().flat_map(|declared| declared.members.listed());
    marks.origins.extend(listed.map(|said| said.origin));
    let shown = group.ix.map_or(name, |ix| &people.observed.group(ix).name);
    let source = group.ix.map(|ix| people.observed.group(ix).source.clone());
    Ok(Explanation {
        about: About::Group { name: shown.clone(), source },
        origin: group.declared.map_or(Origin::NONE, |declared| declared.name.origin),
        values: described(people, &group),
        groups: Vec::new(),
        members,
        part: marks.part_of(plan),
    })
}

/// What the group says of itself, on both sides.
fn described(people: &People<'_>, group: &Group<'_>) -> Vec<Value> {
    let said = group.declared.and_then(|declared| declared.description.declared());
    let now = group.ix.and_then(|ix| people.observed.group(ix).description.as_ref());
    let value = |text: &Description, held, origin| Value {
        field: Field::Description.word(),
        value: Piece::plain(text),
        held,
        set_by: None,
        origin,
    };
    let is_same = said.is_some_and(|said| now == Some(&said.value));
    let said = said.map(|said| {
        let held = if is_same { Held::Both } else { Held::Declared };
        value(&said.value, held, said.origin)
    });
    let now = now.filter(|now| !is_same && !now.is_empty());
    said.into_iter().chain(now.map(|now| value(now, Held::Account, Origin::NONE))).collect()
}

/// Who is to enter, then those for whom nothing asks, then everybody else.
fn rank(member: &Member) -> u8 {
    match (member.now, member.is_wanted()) {
        (Now::Outside | Now::Unseen, true) => 0,
        (Now::Inside, false) => 1,
        (Now::Inside, true) => 2,
        (Now::Outside | Now::Unseen, false) => 3,
    }
}

fn sort_text(who: &Piece) -> String {
    match who {
        Piece::User(label) => {
            let name = label.name.as_ref().or(label.display_id.as_ref());
            fold(name.map_or("", |name| name)).into_owned()
        }
        Piece::Personal(text) => fold(text).into_owned(),
        Piece::Plain(text) => fold(text).into_owned(),
    }
}

/// What asks for each user, by what names them.
fn users((people, copies): (&People<'_>, &Copies<'_>), group: &Group<'_>) -> Vec<Member> {
    let mut reasons: BTreeMap<Person, Vec<(Reason, Origin)>> = BTreeMap::new();
    let inside: Vec<Person> =
        group.ix.iter().flat_map(|ix| people.observed.members(*ix)).map(Person::Known).collect();
    for person in &inside {
        reasons.entry(*person).or_default();
    }
    for (at, user) in (0..).zip(&people.desired.users) {
        let names = user.groups.iter().filter(|said| group.names.iter().any(|name| said.value == **name));
        if let Some(person) = people.person(at) {
            for said in names {
                reasons.entry(person).or_default().push((Reason::OwnEntry, said.origin));
            }
        }
    }
    if let Some(declared) = group.declared {
        by_entry((people, copies), declared, &mut reasons);
    }
    let away = group.names.first().map_or(Now::Outside, |name| outside(people, name));
    let member = |(person, reasons): (Person, Vec<(Reason, Origin)>)| {
        let now = if inside.binary_search(&person).is_ok() { Now::Inside } else { away };
        Member { who: people.label(person).into(), now, reasons }
    };
    reasons.into_iter().map(member).collect()
}

/// What the group's own entry asks for.
fn by_entry(
    (people, copies): (&People<'_>, &Copies<'_>),
    declared: &DesiredGroup,
    reasons: &mut BTreeMap<Person, Vec<(Reason, Origin)>>,
) {
    let mut note = |said: &Located<Reference>, reason| {
        if let Ok(Referred::Person(person)) = people.find(said) {
            reasons.entry(person).or_default().push((reason, said.origin));
        }
    };
    declared.members.listed().iter().for_each(|said| note(said, Reason::List));
    let Some(automatic) = &declared.automatic else { return };
    automatic.also.iter().for_each(|said| note(said, Reason::Also));
    automatic.except.iter().for_each(|said| note(said, Reason::Except));
    let is_kept_out = |reasons: &BTreeMap<Person, Vec<(Reason, Origin)>>, person: &Person| {
        reasons.get(person).is_some_and(|all| all.iter().any(|(reason, _)| *reason == Reason::Except))
    };
    let by_rule = people.everybody().filter_map(|person| Some((person, by_rule(people, declared, person)?)));
    for (person, reason) in by_rule.chain(copies.entering(declared)) {
        if !is_kept_out(reasons, &person) {
            reasons.entry(person).or_default().push(reason);
        }
    }
}

/// What asks for each computer.
fn computers(people: &People<'_>, group: &Group<'_>) -> Vec<Member> {
    let inside: Vec<&Computer> = group.ix.iter().flat_map(|ix| people.observed.computers_of(*ix)).collect();
    let listed = group.declared.map(|declared| declared.computers.listed()).unwrap_or_default();
    let reasons_of = |computer: &Computer| {
        let said = listed.iter().filter(|said| said.value.covers(&computer.login));
        said.map(|said| (Reason::List, said.origin)).collect::<Vec<_>>()
    };
    let is_inside = |computer: &Computer| inside.iter().any(|other| other.id == computer.id);
    let wanted = listed.iter().flat_map(|said| people.observed.computers_named(&said.value));
    let mut outside: Vec<&Computer> = wanted.filter(|computer| !is_inside(computer)).collect();
    outside.sort_unstable_by_key(|computer| computer.id);
    outside.dedup_by_key(|computer| computer.id);
    let member = |computer: &Computer, now| Member {
        who: Piece::personal(&computer.login),
        now,
        reasons: reasons_of(computer),
    };
    let inside = inside.iter().map(|computer| member(computer, Now::Inside));
    inside.chain(outside.iter().map(|computer| member(computer, Now::Outside))).collect()
}

/// Groups with names that are close to one that there is not.
fn near(people: &People<'_>, wanted: &GroupName) -> Vec<Phrase> {
    let declared = people.desired.groups.iter().map(|group| group.name.value.as_written());
    let observed = people.observed.groups.iter().map(|group| group.name.as_written());
    let near = suggestions(wanted.as_written(), declared.chain(observed));
    near.into_iter().map(|name| phrase!["did you mean ", name.to_owned(), "?"]).collect()
}
