//! How many members do the groups of an HR export lose because no row names them any more?

use std::collections::BTreeMap;

use crate::model::{
    Cause, Change, Delta, Export, Fact, Field, GroupIx, GroupName, GroupSource, Object, Phrase, Piece,
    UserIx, Verb,
};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::people::People;

/// A loss, to be held against the export's limit.
pub(in crate::plan) struct Loss<'a> {
    /// The export.
    pub(in crate::plan) export: &'a Export,
    /// What of it: one group, or all of them.
    pub(in crate::plan) of: Phrase,
    /// How many members are lost.
    pub(in crate::plan) lost: usize,
    /// Of how many.
    pub(in crate::plan) whole: usize,
}

/// Every loss of every export, of its groups by name and then of all together. A member of several groups who stays in one is
/// not lost to the export.
pub(in crate::plan) fn losses<'a>(people: &People<'a>, draft: &Draft) -> Vec<Loss<'a>> {
    let exports = &people.desired.exports;
    if exports.is_empty() {
        return Vec::new();
    }
    let of_hr = (0..).map(GroupIx).zip(&people.observed.groups);
    let of_hr = of_hr.filter(|(_, group)| group.source == GroupSource::Hr);
    let changes = draft.changes.iter().filter_map(|change| Some((updated(change)?.key(), change)));
    let sides = Sides {
        people,
        groups: of_hr.map(|(ix, group)| (group.name.key(), ix)).collect(),
        changes: changes.collect(),
    };
    exports.iter().flat_map(|export| sides.losses(export)).collect()
}

/// What the groups of exports are, and what becomes of them.
struct Sides<'d, 'a> {
    people: &'d People<'a>,
    /// The account's HR groups, by folded name.
    groups: BTreeMap<&'a str, GroupIx>,
    /// The changes of HR groups that stay, by folded name.
    changes: BTreeMap<&'d str, &'d Change>,
}

/// The name of an HR group that stays and changes.
fn updated(change: &Change) -> Option<&GroupName> {
    match &change.object {
        Object::Group { id: Some(_), name, source: GroupSource::Hr } if change.verb == Verb::Update => {
            Some(name)
        }
        _ => None,
    }
}

impl<'a> Sides<'_, 'a> {
    fn losses(&self, export: &'a Export) -> Vec<Loss<'a>> {
        let people = self.people;
        let mut losses = Vec::new();
        let (mut lost, mut present, mut stay) = (Vec::new(), Vec::new(), Vec::new());
        for group in &export.groups {
            let Some(ix) = self.groups.get(group.value.key()) else { continue };
            let facts = self.changes.get(group.value.key()).map_or(&[][..], |change| &change.facts);
            let mut leaving: Vec<UserIx> = facts.iter().filter_map(|fact| left(people, fact)).collect();
            leaving.sort_unstable();
            let members = people.observed.members(*ix);
            if !leaving.is_empty() {
                let of = phrase![Piece::plain(&export.name), ": ", Piece::plain(&group.value)];
                losses.push(Loss { export, of, lost: leaving.len(), whole: members.len() });
            }
            stay.extend(members.clone().filter(|member| leaving.binary_search(member).is_err()));
            stay.extend(facts.iter().filter_map(|fact| joined(people, fact)));
            present.extend(members);
            lost.append(&mut leaving);
        }
        if !lost.is_empty() {
            for users in [&mut lost, &mut present, &mut stay] {
                users.sort_unstable();
                users.dedup();
            }
            lost.retain(|user| stay.binary_search(user).is_err());
            let of = phrase![Piece::plain(&export.name)];
            losses.push(Loss { export, of, lost: lost.len(), whole: present.len() });
        }
        losses
    }
}

/// Who leaves by a fact because nothing wants them in the group any more.
fn left(people: &People<'_>, fact: &Fact) -> Option<UserIx> {
    match &fact.delta {
        Delta::Remove(piece) if fact.cause == Cause::Declared => member(people, fact, piece),
        _ => None,
    }
}

/// Who joins by a fact.
fn joined(people: &People<'_>, fact: &Fact) -> Option<UserIx> {
    match &fact.delta {
        Delta::Add(piece) => member(people, fact, piece),
        _ => None,
    }
}

fn member(people: &People<'_>, fact: &Fact, piece: &Piece) -> Option<UserIx> {
    let Piece::User(label) = piece else { return None };
    people.observed.user_ix(label.record.filter(|_| fact.field == Field::Member)?)
}
