//! How many members do the groups that an HR export feeds lose because no row puts them there any more?

use std::collections::BTreeMap;

use crate::model::{
    Cause, Change, Delta, DesiredGroup, Export, Fact, Field, GroupId, GroupIx, GroupName, Object, Phrase,
    Piece, UserIx, Verb,
};
use crate::phrase;
use crate::plan::draft::Draft;
use crate::plan::membership::feeds::feeds;
use crate::plan::people::People;
use crate::plan::resolve::groups::GroupFits;

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
    let fits = GroupFits::new(people.desired, people.observed);
    let declared = people.desired.groups.iter().enumerate();
    let there = declared.filter_map(|(at, group)| {
        let fit = fits.of(at);
        Some((group, fit.here.or(fit.former)?))
    });
    let changes = draft.changes.iter().filter_map(|change| Some((updated(change)?, change)));
    let sides = Sides { people, groups: there.collect(), changes: changes.collect() };
    exports.iter().flat_map(|export| sides.losses(export)).collect()
}

/// What the groups of exports are, and what becomes of them.
struct Sides<'d, 'a> {
    people: &'d People<'a>,
    /// Declared groups, and what they are in the account.
    groups: Vec<(&'a DesiredGroup, GroupIx)>,
    /// The changes of groups that stay.
    changes: BTreeMap<GroupId, &'d Change>,
}

/// The group that stays and changes.
fn updated(change: &Change) -> Option<GroupId> {
    match &change.object {
        Object::Group { id, .. } if change.verb == Verb::Update => *id,
        _ => None,
    }
}

impl<'a> Sides<'_, 'a> {
    fn losses(&self, export: &'a Export) -> Vec<Loss<'a>> {
        let people = self.people;
        let mut losses = Vec::new();
        let (mut lost, mut present, mut stay) = (Vec::new(), Vec::new(), Vec::new());
        let mut fed: Vec<(&GroupName, GroupIx)> = self
            .groups
            .iter()
            .filter(|(group, _)| feeds(export, group))
            .map(|(group, ix)| (&group.name.value, *ix))
            .collect();
        fed.sort_unstable();
        for (name, ix) in fed {
            let change = self.changes.get(&people.observed.group(ix).id);
            let facts = change.map_or(&[][..], |change| &change.facts);
            let mut leaving: Vec<UserIx> = facts.iter().filter_map(|fact| left(people, fact)).collect();
            leaving.sort_unstable();
            let members = people.observed.members(ix);
            if !leaving.is_empty() {
                let of = phrase![Piece::plain(&export.name), ": ", Piece::plain(name)];
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
