//! Limits and protections, counted over the whole plan before any write, and all reported at once.

mod identity;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Activation, Change, ChangeId, Delta, Fact, Field, GroupId, GroupName, GroupSource, Limit, Limits,
    Located, Login, Object, Observed, ObservedUser, Origin, Phrase, Piece, Tracking, UserId, Verb,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::context::Base;
use crate::plan::draft::Draft;
use crate::plan::hr::shrink::{self, Loss};
use crate::plan::limits::identity::Shifted;
use crate::plan::orders::unblock_key;
use crate::plan::people::{People, Referred};
use crate::plan::person::Person;
use crate::plan::tracking::Counted;
use crate::plan::violation::{LimitKind, Violation, ViolationKind};

/// Every limit and protection that the draft breaks.
pub(super) fn violations(
    (people, after): (&People<'_>, &After),
    base: Option<&Base>,
    counted: &Counted,
    draft: &Draft,
) -> Vec<Violation> {
    let mut tally = Tally {
        head: &people.desired.policy.limits,
        base: base.map(|base| &base.policy.limits),
        out: vec![],
    };
    users(people, counted, draft, &mut tally);
    statuses(people.observed, draft, &mut tally);
    for Shifted { kind, of, planned, whole } in identity::shifts(people, after) {
        tally.check(kind, of, planned, whole);
    }
    groups(people.observed, draft, &mut tally);
    let removed = exclusions(people, counted, draft).len();
    tally.check(LimitKind::RemoveExclusions, None, removed, people.observed.exclusions.len());
    for loss in shrink::losses(people, draft) {
        tally.loses(base, loss);
    }
    let mut violations = tally.out;
    violations.extend(protections(people, base, draft));
    violations
}

struct Tally<'a> {
    head: &'a Limits,
    base: Option<&'a Limits>,
    out: Vec<Violation>,
}

impl Tally<'_> {
    /// The stricter of both policies holds.
    fn check(&mut self, kind: LimitKind, of: Option<Phrase>, planned: usize, whole: usize) {
        let limits = (limit(self.head, kind), self.base.map(|base| limit(base, kind)));
        self.hold(kind, limits, of, (planned, whole));
    }

    /// The limit of an export and, where it has one of that name, of the base branch.
    fn loses(&mut self, base: Option<&Base>, loss: Loss<'_>) {
        let Loss { export, of, lost, whole } = loss;
        let shrink = export.bounds.shrink;
        let origin = if shrink.origin == Origin::NONE { export.origin } else { shrink.origin };
        let before = base.and_then(|base| base.exports.iter().find(|(name, _)| *name == export.name));
        let limits = (Limit { origin, ..shrink }, before.map(|(_, bounds)| bounds.shrink));
        self.hold(LimitKind::Shrink, limits, Some(of), (lost, whole));
    }

    fn hold(
        &mut self,
        kind: LimitKind,
        (head, base): (Limit, Option<Limit>),
        of: Option<Phrase>,
        (planned, whole): (usize, usize),
    ) {
        let whole = whole as u64;
        let base = base.map_or(u64::MAX, |base| base.allowed(whole));
        // Places in the base branch's manifests are none in these.
        let (allowed, origin) = match head.allowed(whole) {
            allowed if allowed <= base => (allowed, head.origin),
            _ => (base, Origin::NONE),
        };
        if planned as u64 > allowed {
            let kind = ViolationKind::Limit { limit: kind, of, planned: planned as u64, allowed };
            self.out.push(Violation { kind, origin });
        }
    }
}

/// The limit of a kind.
pub(super) fn limit(limits: &Limits, kind: LimitKind) -> Limit {
    match kind {
        LimitKind::RemoveUsers => limits.remove_users,
        LimitKind::EraseHistory => limits.erase_history,
        LimitKind::Untrack => limits.untrack,
        LimitKind::Track => limits.track,
        LimitKind::Deactivate => limits.deactivate,
        LimitKind::Activate => limits.activate,
        LimitKind::Renames => limits.renames,
        LimitKind::Identifiers(kind) => limits.identifiers.of(kind),
        LimitKind::DeleteGroups => limits.delete_groups,
        LimitKind::LeaveGroup => limits.leave_group,
        LimitKind::RemoveExclusions => limits.remove_exclusions,
        // Each source sets its own.
        LimitKind::Shrink => Limit::count(u64::MAX),
    }
}

fn users(people: &People<'_>, counted: &Counted, draft: &Draft, tally: &mut Tally<'_>) {
    let observed = people.observed;
    let tracked = observed.users.iter().filter(|user| user.tracking == Tracking::Tracked).count();
    let turns = |to: Tracking| {
        let turns = |change: &&Change| change.facts.iter().any(|fact| turn(fact) == Some(to));
        draft.changes.iter().filter(turns).map(|change| change.id).collect::<BTreeSet<ChangeId>>()
    };
    tally.check(LimitKind::Untrack, None, turns(Tracking::Untracked).len(), tracked);
    let mut track: BTreeSet<String> =
        turns(Tracking::Tracked).into_iter().map(|change| draft.keys[change.0 as usize].clone()).collect();
    track.extend(counted.leftovers.iter().map(|(_, person)| people.fingerprint_key(*person)));
    track.extend(people.orders.unblocked().map(|at| unblock_key(people, at)));
    tally.check(LimitKind::Track, None, track.len(), observed.users.len() - tracked);
    let removed = people.orders.removed().count();
    tally.check(LimitKind::RemoveUsers, None, removed, observed.users.len());
    let ordered = people.orders.lose_history().map(Person::Known);
    let erased: BTreeSet<Person> = ordered.chain(counted.erased.iter().copied()).collect();
    tally.check(LimitKind::EraseHistory, None, erased.len(), observed.users.len());
}

/// Users who may log in afterwards and could not before, or the other way round.
fn statuses(observed: &Observed, draft: &Draft, tally: &mut Tally<'_>) {
    for (kind, to) in
        [(LimitKind::Deactivate, Activation::Deactivated), (LimitKind::Activate, Activation::Active)]
    {
        let turns = |change: &&Change| change.facts.iter().any(|fact| fact.turned_status() == Some(to));
        let others = |user: &&ObservedUser| user.activation.is_some_and(|held| held != to);
        let planned = draft.changes.iter().filter(turns).count();
        tally.check(kind, None, planned, observed.users.iter().filter(others).count());
    }
}

/// Whether a fact is that collection stops or begins: of a user, or of an agent because of whom it comes to.
fn turn(fact: &Fact) -> Option<Tracking> {
    match (fact.field, &fact.delta) {
        (Field::Tracking, _) => fact.turned_tracking(),
        (Field::Collection, Delta::Remove(_)) => Some(Tracking::Untracked),
        (Field::Collection, Delta::Add(_)) => Some(Tracking::Tracked),
        _ => None,
    }
}

/// The exclusions that go because somebody says so: by name, or with the block of a removed user.
fn exclusions<'a>(people: &'a People<'_>, counted: &Counted, draft: &'a Draft) -> BTreeSet<&'a Login> {
    let declared = draft.changes.iter().filter_map(|change| match &change.object {
        Object::Exclusion { login, .. } if change.verb == Verb::Delete => Some(login),
        _ => None,
    });
    let mut removed = people.orders.lifted_rules();
    removed.extend(declared);
    removed.retain(|login| !counted.leftovers.iter().any(|(leftover, _)| leftover == *login));
    removed
}

fn groups(observed: &Observed, draft: &Draft, tally: &mut Tally<'_>) {
    let mut deleted: BTreeMap<&GroupSource, usize> = BTreeMap::new();
    let mut leaving: Vec<(GroupId, &GroupName, usize)> = Vec::new();
    for change in &draft.changes {
        let Object::Group { id: Some(id), name, source } = &change.object else { continue };
        if change.verb == Verb::Delete {
            *deleted.entry(source).or_default() += 1;
            continue;
        }
        // Whom the rules of a group are expected to take out leaves it as well.
        let leaves = |field| matches!(field, Field::Member | Field::PredictedMember);
        let leave = |fact: &&Fact| leaves(fact.field) && matches!(fact.delta, Delta::Remove(_));
        leaving.push((*id, name, change.facts.iter().filter(leave).count()));
    }
    for (source, planned) in deleted {
        let whole = observed.groups.iter().filter(|group| group.source == *source).count();
        let of = phrase![match source {
            GroupSource::Hr => "HR groups",
            _ => "app groups",
        }];
        tally.check(LimitKind::DeleteGroups, Some(of), planned, whole);
    }
    leaving.sort_unstable_by_key(|(id, ..)| *id);
    for (id, name, planned) in leaving {
        let members = observed.group_ix(id).map_or(0, |ix| observed.members(ix).len());
        tally.check(LimitKind::LeaveGroup, Some(phrase![Piece::plain(name)]), planned, members);
    }
}

/// Blocks a plan after which a protection would name nobody, as every later plan would be refused for that; and one under a
/// protection, be it the base's, of somebody whom these keys may not show.
pub(super) fn outlived(people: &People<'_>, base: Option<&Base>, draft: &Draft) -> Vec<Blocker> {
    let protected = people.desired.policy.protected_users.iter();
    let mut blockers: Vec<Blocker> = protected.filter_map(|protected| people.find(protected).err()).collect();
    let of_base = base.iter().flat_map(|base| &base.policy.protected_users);
    let unseen = of_base.filter(|protected| people.unseen(&protected.value).is_some());
    // Places in the base branch's manifests are none in these.
    let found = unseen.map(|protected| people.find_now(&Located::unplaced(protected.value.clone())));
    blockers.extend(found.filter_map(Result::err));
    let nameless =
        people.desired.policy.protected_groups.iter().filter(|it| loses_its_name(people, draft, &it.value));
    let nameless: Vec<Blocker> = nameless.map(outlived_group).collect();
    blockers.extend(nameless);
    blockers
}

/// Whether no group has a name any more after a plan, and no manifest says it.
fn loses_its_name(people: &People<'_>, draft: &Draft, wanted: &GroupName) -> bool {
    let is_renamed = |change: &Change| change.facts.iter().any(|fact| fact.field == Field::Name);
    let goes = |change: &Change| change.verb == Verb::Delete || is_renamed(change);
    let mut of_it = draft
        .changes
        .iter()
        .filter(|change| matches!(&change.object, Object::Group { id: Some(_), name, .. } if name == wanted));
    of_it.any(goes) && !people.desired.groups.iter().any(|group| group.name.value == *wanted)
}

fn outlived_group(protected: &Located<GroupName>) -> Blocker {
    let words =
        " would be the name of no group after this very plan, and every later one would be refused for that";
    let message = phrase!["the protected group ", Piece::plain(&protected.value), words];
    Blocker::new(protected.origin, BlockerCode::UnknownReference, message)
        .way_out("if it gets another name, protect that one; if it is to be deleted, take it out of the protected groups")
}

/// Changes of protected users and groups, direct or not: the head's protections and the base's.
fn protections(people: &People<'_>, base: Option<&Base>, draft: &Draft) -> Vec<Violation> {
    // Places in the base branch's manifests are none in these: what only it protects has no place.
    let of_base = base.map(|base| (&base.policy, Some(Origin::NONE)));
    let policies = || of_base.into_iter().chain([(&people.desired.policy, None)]);
    let mut found: BTreeMap<(ChangeId, Phrase), Violation> = BTreeMap::new();
    let mut add = |change: ChangeId, object: Phrase, origin| {
        let kind = ViolationKind::Protected { object: object.clone(), change };
        found.insert((change, object), Violation { kind, origin });
    };
    let users =
        policies().flat_map(|(policy, place)| policy.protected_users.iter().map(move |it| (it, place)));
    for (protected, place) in users {
        let Ok(Referred::Person(person)) = people.find_now(protected) else { continue };
        let label = people.label(person);
        let record = people.record(person).map(|record| record.id);
        let changed_users = |change: &&Change| {
            draft.is_affected(change.id, person) || touches(change, draft.of_person.get(&person), record)
        };
        for change in draft.changes.iter().filter(changed_users) {
            add(change.id, phrase![label.clone()], place.unwrap_or(protected.origin));
        }
    }
    let groups =
        policies().flat_map(|(policy, place)| policy.protected_groups.iter().map(move |it| (it, place)));
    for (Located { value, origin }, place) in groups {
        let is_it = |change: &&Change| is_called(change, value);
        for change in draft.changes.iter().filter(is_it) {
            add(change.id, phrase![Piece::plain(value)], place.unwrap_or(*origin));
        }
    }
    found.into_values().collect()
}

/// Whether a change is of a group that has the name, or is to get it.
fn is_called(change: &Change, wanted: &GroupName) -> bool {
    let Object::Group { name, .. } = &change.object else { return false };
    let gets = |fact: &Fact| {
        let to = match &fact.delta {
            Delta::Set { to: Piece::Plain(to), .. } if fact.field == Field::Name => Some(to),
            _ => None,
        };
        to.is_some_and(|to| GroupName::observed(to) == *wanted)
    };
    name == wanted || change.facts.iter().any(gets)
}

/// Whether a change is of the user, or makes them join or leave a group.
fn touches(change: &Change, own: Option<&ChangeId>, record: Option<UserId>) -> bool {
    let is_member = |fact: &Fact| match &fact.delta {
        Delta::Add(Piece::User(label)) | Delta::Remove(Piece::User(label)) => {
            record.is_some() && label.record == record
        }
        _ => false,
    };
    own == Some(&change.id) || change.facts.iter().any(is_member)
}
