//! Whose primary group is to be another? Only where an entry says so, and only one of the groups that the user will be in.
//!
//! The account's own choice is the group with the highest goal, which no API shows: so nothing is done where nothing is
//! declared, and how to return to that choice is unknown.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, ChangeId, Delta, Field, GroupIx, GroupName, GroupRef, GroupSource, HrGroup, Object, Observed,
    Origin, Phrase, Piece, Severity, StepId, UserRef, Verb,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::{Draft, Membership};
use crate::plan::fact::declared_fact;
use crate::plan::notice::Manual;
use crate::plan::people::{People, origin};
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::planned_set::PlannedSnapshot;

/// Somebody whose primary group is declared.
pub(in crate::plan) struct Wish<'a> {
    person: Person,
    group: &'a GroupName,
    origin: Origin,
    carried: Carried,
}

/// How a wish comes true.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carried {
    /// It is so.
    Already,
    /// By a step.
    Out,
    /// By hand: this account shows no primary groups, so nothing could be read back.
    ByHand,
}

/// Everybody whose primary group is declared, sorted; what is to change is a fact of theirs.
pub(in crate::plan) fn wishes<'a>(people: &People<'a>, draft: &mut Draft) -> Vec<Wish<'a>> {
    let by_hand = !shows_primary_groups(people.observed);
    let mut wishes: Vec<Wish<'a>> = (0..)
        .zip(&people.desired.users)
        .filter_map(|(at, user)| {
            let (said, person) = (user.primary_group.declared()?, people.person(at)?);
            let present = people.record(person).and_then(|record| record.primary_group);
            let is_so = name_of(people, present).is_some_and(|name| *name == said.value);
            let carried = match (is_so, by_hand) {
                (true, _) => Carried::Already,
                (false, true) => Carried::ByHand,
                (false, false) => Carried::Out,
            };
            Some(Wish { person, group: &said.value, origin: said.origin, carried })
        })
        .filter(|wish| people.is_staying(wish.person))
        .collect();
    wishes.sort_unstable_by_key(|wish| wish.person);
    for wish in wishes.iter().filter(|wish| wish.carried == Carried::Out) {
        let change = draft.change_of(people, wish.person, origin(people, wish.person));
        let present = people.record(wish.person).and_then(|record| record.primary_group);
        let from = name_of(people, present).map(Piece::plain);
        let delta = Delta::Set { from, to: Piece::plain(wish.group) };
        draft.fact(change, declared_fact(Field::PrimaryGroup, delta, Severity::Safe, wish.origin));
    }
    wishes
}

/// Whether the reading shows anybody's primary group. Where nobody is in a group there is nothing to show.
fn shows_primary_groups(observed: &Observed) -> bool {
    observed.memberships.is_empty() || observed.users.iter().any(|user| user.primary_group.is_some())
}

fn name_of<'a>(people: &People<'a>, group: Option<crate::model::GroupId>) -> Option<&'a GroupName> {
    group.and_then(|id| people.observed.group_ix(id)).map(|ix| &people.observed.group(ix).name)
}

/// Adds the steps, which wait for the members of the groups and for the upload.
pub(in crate::plan) fn steps(
    people: &People<'_>,
    wishes: &[Wish<'_>],
    upload: Option<&(PlannedSnapshot, StepId)>,
    draft: &mut Draft,
) {
    if wishes.is_empty() {
        return;
    }
    let groups = GroupsAfter::new(people, upload.map(|(planned, _)| planned), draft);
    let mut kept: BTreeMap<ChangeId, Vec<&Wish<'_>>> = BTreeMap::new();
    for wish in wishes {
        let Some(user) = draft.user_ref(people, wish.person) else { continue };
        let target = match groups.group_of(people, wish, user) {
            Ok(target) => target,
            Err(blocker) => {
                draft.findings.blockers.push(blocker);
                continue;
            }
        };
        match wish.carried {
            Carried::Already => {
                // So far the account may have chosen it by itself, and who joins another group may be given that one.
                let Some(change) = groups.joining.get(&user) else { continue };
                kept.entry(*change).or_default().push(wish);
                let needs = groups.needs(upload, draft, (wish.person, (target, user)));
                let act = Act::SetPrimaryGroup { user, group: target, name: wish.group.clone() };
                draft.step(PhaseKind::PrimaryGroups, Some(*change), act, needs);
            }
            Carried::ByHand => draft.findings.manual.push(Manual {
                origin: wish.origin,
                what: phrase![
                    "make ",
                    Piece::plain(wish.group),
                    " the primary group of ",
                    people.label(wish.person)
                ],
                place: "Settings > Users & Groups > Users > the user > Groups associated with User".into(),
                why: Phrase::words("this account shows no primary groups, so nothing could be read back"),
            }),
            Carried::Out => {
                let change = draft.of_person.get(&wish.person).copied();
                let needs = groups.needs(upload, draft, (wish.person, (target, user)));
                let act = Act::SetPrimaryGroup { user, group: target, name: wish.group.clone() };
                draft.step(PhaseKind::PrimaryGroups, change, act, needs);
            }
        }
    }
    for (change, wishes) in kept {
        keep(people, change, &wishes, draft);
    }
}

/// Says beside those who join a group which one stays their primary group.
fn keep(people: &People<'_>, change: ChangeId, wishes: &[&Wish<'_>], draft: &mut Draft) {
    let kept = wishes.iter().map(|wish| (Piece::from(people.label(wish.person)), *wish));
    let mut kept: BTreeMap<Piece, &Wish<'_>> = kept.collect();
    for fact in &mut draft.changes[change.0 as usize].facts {
        let joins = match &fact.delta {
            Delta::Add(who) if fact.field == Field::Member => kept.remove(who),
            _ => None,
        };
        let Some(wish) = joins else { continue };
        let stays = phrase![Piece::plain(wish.group), " stays their primary group"];
        fact.remark = Some(match fact.remark.take() {
            None => stays,
            Some(why) => why.then("; ").joined(stays),
        });
    }
    // All members of a group that is made again join it, and no fact says so of each.
    for (who, wish) in kept {
        draft.note(change, phrase![Piece::plain(wish.group), " stays the primary group of ", who]);
    }
}

/// The groups and their members once the plan is carried out.
struct GroupsAfter<'s> {
    /// By folded name: the groups of that name; there are several where sources don't agree.
    groups: BTreeMap<String, Vec<(GroupRef, Option<GroupIx>)>>,
    /// Who joins an app group, and by which step.
    joined: BTreeMap<Membership, StepId>,
    left: BTreeSet<Membership>,
    /// Who joins any group, by a step or by the upload, with the change of the first.
    joining: BTreeMap<UserRef, ChangeId>,
    /// The HR set, if one is sent.
    set: Option<&'s [HrGroup]>,
}

impl<'s> GroupsAfter<'s> {
    fn new(people: &People<'_>, planned: Option<&'s PlannedSnapshot>, draft: &Draft) -> Self {
        let (joined, left) = draft.moves();
        let set = planned.map(|planned| &planned.snapshot.after[..]);
        let joining = joining(people, planned, draft);
        let mut after = Self { groups: BTreeMap::new(), joined, left, joining, set };
        let mut changed = BTreeSet::new();
        for change in &draft.changes {
            let Object::Group { id, name, .. } = &change.object else { continue };
            let ix = id.and_then(|id| people.observed.group_ix(id));
            changed.extend(ix);
            let renamed = change.facts.iter().find_map(|fact| match (&fact.field, &fact.delta) {
                (Field::Name, Delta::Set { to: Piece::Plain(to), .. }) => Some(GroupName::observed(to)),
                _ => None,
            });
            let reference = id.map_or(GroupRef::New(change.id), GroupRef::Known);
            if change.verb != Verb::Delete {
                after.add(renamed.as_ref().unwrap_or(name), reference, ix);
            }
        }
        for (at, group) in (0..).zip(&people.observed.groups) {
            if !changed.contains(&GroupIx(at)) {
                after.add(&group.name, GroupRef::Known(group.id), Some(GroupIx(at)));
            }
        }
        after
    }

    /// What the choice of a primary group waits for: the upload, the record, and that the user is in the group.
    fn needs(
        &self,
        upload: Option<&(PlannedSnapshot, StepId)>,
        draft: &Draft,
        (person, membership): (Person, Membership),
    ) -> Vec<StepId> {
        let created = draft.person_steps.get(&person).copied();
        let joined = self.joined.get(&membership).copied();
        upload.map(|(_, step)| *step).into_iter().chain(created).chain(joined).collect()
    }

    fn add(&mut self, name: &GroupName, group: GroupRef, ix: Option<GroupIx>) {
        self.groups.entry(name.key().to_owned()).or_default().push((group, ix));
    }

    /// The group of a wish, of which the user is a member then.
    fn group_of(&self, people: &People<'_>, wish: &Wish<'_>, user: UserRef) -> Result<GroupRef, Blocker> {
        let named = self.groups.get(wish.group.key()).map_or(&[][..], Vec::as_slice);
        let is_in =
            |(group, ix): &&(GroupRef, Option<GroupIx>)| self.is_member(people, wish, (*group, *ix), user);
        if let Some((group, _)) = named.iter().find(is_in) {
            return Ok(*group);
        }
        let (label, name) = (people.label(wish.person), Piece::plain(wish.group));
        if named.is_empty() {
            let message = phrase!["`primaryGroup` of ", label, ": there is no group ", name];
            return Err(Blocker::new(wish.origin, BlockerCode::UnknownGroup, message)
                .way_out("declare the group, or correct its name"));
        }
        let message = phrase!["`primaryGroup` of ", label, ": the user will not be in ", name];
        Err(Blocker::new(wish.origin, BlockerCode::NotInGroup, message)
            .way_out("add the user to the group: `primaryGroup` does not imply membership")
            .way_out("or take `primaryGroup` out"))
    }

    fn is_member(
        &self,
        people: &People<'_>,
        wish: &Wish<'_>,
        (group, ix): (GroupRef, Option<GroupIx>),
        user: UserRef,
    ) -> bool {
        let observed = people.observed;
        let is_hr = ix.is_none_or(|ix| observed.group(ix).source == GroupSource::Hr);
        if let Some(set) = self.set.filter(|_| is_hr) {
            let of_set = set.iter().find(|hr| hr.name == *wish.group);
            if let Some(hr) = of_set {
                return hr.members.binary_search(&user).is_ok();
            }
        }
        let is_now = match (ix, wish.person) {
            (Some(ix), Person::Known(user)) => observed.is_member(ix, user),
            _ => false,
        };
        self.joined.contains_key(&(group, user)) || (is_now && !self.left.contains(&(group, user)))
    }
}

/// Who joins a group, with the change that says so.
fn joining(
    people: &People<'_>,
    planned: Option<&PlannedSnapshot>,
    draft: &Draft,
) -> BTreeMap<UserRef, ChangeId> {
    let mut joining = BTreeMap::new();
    for step in draft.steps() {
        if let (Act::Join { user, .. }, Some(change)) = (&step.act, step.change) {
            joining.entry(*user).or_insert(change);
        }
    }
    let Some(planned) = planned else { return joining };
    let changes = planned.groups.iter().filter_map(|group| Some((group.name.key(), group.change?)));
    let changes: BTreeMap<&str, ChangeId> = changes.collect();
    for group in &planned.snapshot.after {
        let Some(change) = changes.get(group.name.key()) else { continue };
        for user in new_members(people.observed, group) {
            joining.entry(user).or_insert(*change);
        }
    }
    joining
}

/// Who is in a group of the set and not in it yet.
fn new_members(observed: &Observed, group: &HrGroup) -> Vec<UserRef> {
    let there = observed.group_named(&group.name);
    let is_in = |user: &UserRef| match (user, there) {
        (UserRef::Known(id), Some(at)) => {
            observed.user_ix(*id).is_some_and(|user| observed.is_member(at, user))
        }
        _ => false,
    };
    group.members.iter().copied().filter(|user| !is_in(user)).collect()
}
