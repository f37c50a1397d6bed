//! What were the HR groups that an upload changes? Each with its whole list, as every row of the set says who is in a group.

use crate::model::{
    DeclaredSource, DesiredGroup, GroupName, HrGroup, Members, Observed, ObservedUser, Phrase, Piece,
    Sayable, UserLabel, UserRef,
};
use crate::phrase;
use crate::plan::finished::Plan;
use crate::plan::undo::entry::{name, named};
use crate::plan::undo::groups::{LOST_WITH_A_GROUP, MAY_STAY, NOT_READ};
use crate::plan::undo::lost::Lost;
use crate::plan::undo::trail::Trail;

/// An entry for every HR group that changes.
pub(super) fn entries(
    plan: &Plan,
    observed: &Observed,
    trail: &Trail<'_>,
    lost: &mut Lost,
) -> Vec<DesiredGroup> {
    let Some(snapshot) = trail.snapshot else { return Vec::new() };
    if plan.is_blind() {
        lost.push(Phrase::words("the HR groups: no key of the run shows who was in them"));
        return Vec::new();
    }
    let mut entries = Vec::new();
    for before in &snapshot.before {
        let after = snapshot.after.iter().find(|after| after.name == before.name);
        if after.is_some_and(|after| after.members == before.members) {
            continue;
        }
        if after.is_none() {
            lost.push(phrase!["the HR group ", name(&before.name), LOST_WITH_A_GROUP]);
            computers(&before.name, observed, lost);
        }
        entries.extend(former(before, observed, trail, lost));
    }
    let is_new = |after: &&HrGroup| !snapshot.before.iter().any(|before| before.name == after.name);
    let new: Vec<&HrGroup> = snapshot.after.iter().filter(is_new).collect();
    if snapshot.before.is_empty() {
        let names = new.iter().map(|group| name(&group.name));
        let what = " are the first HR groups, and an empty set is never sent: delete them in the app";
        lost.push(Phrase::default().list(names).then(what));
        return entries;
    }
    for group in new {
        let entry = DesiredGroup { source: Some(DeclaredSource::Hr), ..named(&group.name) };
        lost.make(&group.name, entry);
    }
    entries
}

/// The computers of a group that goes: no upload brings them back.
fn computers(group: &GroupName, observed: &Observed, lost: &mut Lost) {
    let read = observed.group_named(group).and_then(|ix| observed.group(ix).computers.as_ref());
    match read {
        None => lost.push(phrase!["computers of the HR group ", name(group), NOT_READ]),
        Some(none) if none.is_empty() => {}
        Some(_) => lost.push(phrase!["computers of the HR group ", name(group), ": add them in the app"]),
    }
}

/// A group with everybody who was in it, is still there and can be in a row.
fn former(before: &HrGroup, observed: &Observed, trail: &Trail<'_>, lost: &mut Lost) -> Option<DesiredGroup> {
    let known = before.members.iter().filter_map(|member| match member {
        UserRef::Known(id) => observed.user_ix(*id).map(|ix| observed.user(ix)),
        UserRef::New(_) => None,
    });
    let known: Vec<&ObservedUser> = known.collect();
    let stay = trail.may_stay(known.iter().copied());
    let (with_row, without): (Vec<_>, Vec<_>) = known.into_iter().partition(|user| trail.has_lookup(user));
    let (members, mut unnamed) = trail.naming(with_row.into_iter());
    unnamed.extend(without.into_iter().filter(|user| !trail.removed.contains(&user.id)).map(UserLabel::of));
    let group = name(&before.name);
    if !unnamed.is_empty() {
        let why = ", whom no row can name";
        lost.push(phrase!["members of the HR group ", group.clone(), ": "].list(unnamed).then(why));
    }
    if members.is_empty() || !before.name.is_sayable() {
        lost.push(phrase!["the HR group ", group, Piece::from(": no row can say who was in it")]);
        return None;
    }
    let members = if stay.is_empty() {
        Members::Exactly(members)
    } else {
        lost.push(phrase!["members of the HR group ", group, ": "].list(stay).then(MAY_STAY));
        Members::AtLeast(members)
    };
    Some(DesiredGroup { source: Some(DeclaredSource::Hr), members, ..named(&before.name) })
}
