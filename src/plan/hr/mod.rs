//! The HR set: every HR-sourced group as it will be, and the one file that says so.
//!
//! Source: "Setup Guide: Update Users via CSV": the file is the full snapshot; a group it leaves out is deleted, a member it leaves
//! out leaves.

mod lookup;
pub(super) mod snapshot;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{
    Act, Cause, ChangeId, Delta, DesiredGroup, Fact, Field, GroupIx, GroupName, GroupSource, GroupState,
    HrGroup, Object, Origin, Phrase, Piece, Recreate, Severity, Sizes, Snapshot, StepId, UserIx, UserRef,
    Verb,
};
use crate::phrase;
use crate::plan::draft::{Draft, declared_fact};
use crate::plan::groups::deletion;
use crate::plan::groups::members::{Wanted, moves};
use crate::plan::groups::source_word;
use crate::plan::groups::unmanaged;
use crate::plan::hr::lookup::Lookup;
use crate::plan::hr::snapshot::csv;
use crate::plan::orders::gone_fact;
use crate::plan::people::{People, Person, Referred};
use crate::plan::types::{Blocker, BlockerCode, Fate, PhaseKind, PlannedSnapshot, SetGroup};

/// What a manifest says of an HR group.
pub(super) struct HrDeclared<'a> {
    /// The declaration.
    pub(super) group: &'a DesiredGroup,
    /// The group of its name.
    pub(super) here: Option<GroupIx>,
    /// The group of a former name, if there is none of its own.
    pub(super) former: Option<GroupIx>,
    /// Who is wanted in it; nobody was asked if it is to be deleted.
    pub(super) wanted: Option<Wanted<'a>>,
}

/// A group of the set as it will be.
struct Planned<'a> {
    name: &'a GroupName,
    members: Vec<Person>,
    fate: Fate,
    before: usize,
    change: Option<ChangeId>,
}

/// Drafts the changes of HR groups and, if the set changes, the upload; answers its step.
pub(super) fn draft(
    people: &People<'_>,
    declared: &[HrDeclared<'_>],
    draft: &mut Draft,
) -> Option<(PlannedSnapshot, StepId)> {
    let mut set = Set { people, draft, planned: BTreeMap::new() };
    for hr in declared {
        set.declared(hr);
    }
    set.carried();
    set.removed();
    set.leave_out();
    let planned = std::mem::take(&mut set.planned);
    let changed = planned.values().any(|group| !matches!(group.fate, Fate::Carried | Fate::Unchanged));
    if !changed {
        return None;
    }
    for group in planned.values().filter(|group| group.fate == Fate::Changed) {
        if let Some(change) = group.change {
            draft.sizes(change, Sizes { before: group.before, after: group.members.len() });
        }
    }
    unknown_sources(people, draft);
    upload(people, &planned, draft)
}

struct Set<'d, 'a> {
    people: &'d People<'a>,
    draft: &'d mut Draft,
    planned: BTreeMap<&'a str, Planned<'a>>,
}

impl<'a> Set<'_, 'a> {
    fn block(&mut self, origin: Origin, code: BlockerCode, message: Phrase, way_out: &'static str) {
        self.draft.blockers.push(Blocker::new(origin, code, message).way_out(way_out));
    }

    fn declared(&mut self, hr: &HrDeclared<'a>) {
        match (&hr.wanted, hr.here, hr.former) {
            (None, here, _) => {
                if let (Some(ix), GroupState::Deleted(origin)) = (here, &hr.group.state) {
                    self.leave_set(ix, *origin, None);
                }
            }
            (Some(wanted), Some(ix), _) => self.present(hr.group, ix, wanted),
            (Some(wanted), None, Some(former)) => {
                self.recreate(hr.group, former);
                self.add(hr.group, wanted);
            }
            (Some(wanted), None, None) => self.add(hr.group, wanted),
        }
    }

    fn push(&mut self, ix: GroupIx, verb: Verb, origin: Origin) -> ChangeId {
        let group = self.people.observed.group(ix);
        let object = Object::Group { id: Some(group.id), name: group.name.clone(), source: GroupSource::Hr };
        self.draft.push(format!("group:{}", group.id.0), object, verb, origin)
    }

    /// A group that leaves the set, and so is deleted.
    fn leave_set(&mut self, ix: GroupIx, origin: Origin, remark: Option<Phrase>) {
        let group = self.people.observed.group(ix);
        let before = self.people.observed.members(ix).len();
        let change = self.push(ix, Verb::Delete, origin);
        let fact = Fact {
            field: Field::Existence,
            delta: Delta::Remove(Piece::plain(&group.name)),
            severity: Severity::Irreversible,
            cause: Cause::Absence,
            origin,
            remark,
        };
        self.draft.fact(change, fact);
        deletion::consequences(self.people, ix, change, self.draft);
        let planned = Planned {
            name: &group.name,
            members: Vec::new(),
            fate: Fate::DeletedByAbsence,
            before,
            change: Some(change),
        };
        self.plan(planned);
    }

    /// An HR group can't be renamed: the old one is deleted and a new one made, if the manifest says so.
    fn recreate(&mut self, group: &'a DesiredGroup, former: GroupIx) {
        let old = self.people.observed.group(former);
        match group.recreate {
            Recreate::Allowed(origin) => {
                let remark = phrase!["made anew as ", Piece::plain(&group.name.value)];
                self.leave_set(former, origin, Some(remark));
            }
            Recreate::Never => {
                let way_out = "say `recreate: true` to delete it and make a new one, or keep the name";
                self.renamed(group, &old.name, way_out);
            }
        }
    }

    fn renamed(&mut self, group: &DesiredGroup, from: &GroupName, way_out: &'static str) {
        let message = phrase![
            Piece::plain(from),
            " would be renamed to ",
            Piece::plain(&group.name.value),
            ", and an HR group can't be"
        ];
        self.block(group.name.origin, BlockerCode::HrRename, message, way_out);
    }

    fn add(&mut self, group: &'a DesiredGroup, wanted: &Wanted<'_>) {
        let name = &group.name.value;
        let object = Object::Group { id: None, name: name.clone(), source: GroupSource::Hr };
        let change = self.draft.push(format!("newgroup:{}", name.key()), object, Verb::Create, group.origin);
        let delta = Delta::Add(Piece::plain(name));
        self.draft.fact(change, declared_fact(Field::Existence, delta, Severity::Safe, group.name.origin));
        let moves = moves(self.people, None, wanted);
        for joining in &moves.join {
            self.draft.fact(change, joining.joining(self.people));
        }
        let members = moves.join.iter().map(|joining| joining.person).collect();
        self.plan(Planned { name, members, fate: Fate::Added, before: 0, change: Some(change) });
    }

    fn plan(&mut self, planned: Planned<'a>) {
        self.planned.insert(planned.name.key(), planned);
    }

    fn present(&mut self, group: &'a DesiredGroup, ix: GroupIx, wanted: &Wanted<'_>) {
        let observed = self.people.observed.group(ix);
        if observed.name.said() != group.name.value.said() {
            self.renamed(group, &observed.name, "write the name as the account has it");
        }
        let moves = moves(self.people, Some(ix), wanted);
        let present = self.people.observed.members(ix).map(Person::Known);
        let before = present.len();
        let mut members: Vec<Person> = present
            .filter(|person| moves.leave.binary_search_by_key(person, |it| it.person).is_err())
            .collect();
        members.extend(moves.join.iter().map(|joining| joining.person));
        members.sort_unstable();
        let unchanged = moves.is_empty();
        let mut planned =
            Planned { name: &observed.name, members, fate: Fate::Unchanged, before, change: None };
        if !unchanged {
            let change = self.push(ix, Verb::Update, group.origin);
            for joining in &moves.join {
                self.draft.fact(change, joining.joining(self.people));
            }
            for leaving in &moves.leave {
                self.draft.fact(change, leaving.leaving(self.people));
            }
            planned.fate = Fate::Changed;
            planned.change = Some(change);
        }
        self.plan(planned);
    }

    /// Every HR group that no manifest declares keeps its present members, unless the policy says that it goes.
    fn carried(&mut self) {
        let gone = unmanaged::hr_groups(self.people, self.draft);
        for (at, group) in (0..).zip(&self.people.observed.groups) {
            if group.source != GroupSource::Hr || self.planned.contains_key(group.name.key()) {
                continue;
            }
            if gone.binary_search(&GroupIx(at)).is_ok() {
                let origin = self.people.desired.policy.unmanaged_hr_groups.origin;
                self.leave_set(GroupIx(at), origin, Some(Phrase::words("in no manifest")));
                continue;
            }
            let members: Vec<Person> = self.people.observed.members(GroupIx(at)).map(Person::Known).collect();
            let before = members.len();
            let planned = Planned { name: &group.name, members, fate: Fate::Carried, before, change: None };
            self.plan(planned);
        }
    }

    /// Users to be removed are no rows of the file: they would be nobody once it is processed.
    fn removed(&mut self) {
        let removed: Vec<UserIx> = self.people.orders.removed().collect();
        let staying = self.planned.iter().filter(|(_, group)| group.fate != Fate::DeletedByAbsence);
        let mut left: Vec<(GroupName, UserIx)> = Vec::new();
        for (_, group) in staying.filter(|_| !removed.is_empty()) {
            let is_in = |user: &&UserIx| group.members.binary_search(&Person::Known(**user)).is_ok();
            left.extend(removed.iter().filter(is_in).map(|user| (group.name.clone(), *user)));
        }
        for (name, user) in left {
            self.drop_member(&name, Person::Known(user), gone_fact(self.people, user));
        }
    }

    /// Takes a member out of a group that stays.
    fn drop_member(&mut self, name: &GroupName, person: Person, fact: Fact) {
        let Some(group) = self.planned.get_mut(name.key()) else { return };
        group.members.retain(|member| *member != person);
        group.fate = Fate::Changed;
        let change = group.change;
        if let Some(change) = change.or_else(|| self.change_carried(name, fact.origin)) {
            self.draft.fact(change, fact);
        }
    }

    /// `hr.leaveOut`: members of carried groups whom no row can name.
    fn leave_out(&mut self) {
        for left in &self.people.desired.leave_out {
            let person = match self.people.find(&left.user) {
                Ok(Referred::Person(person)) => person,
                Ok(Referred::Blocked | Referred::ByHand) => continue,
                Err(blocker) => {
                    self.draft.blockers.push(blocker);
                    continue;
                }
            };
            let carried = self
                .planned
                .get(left.group.value.key())
                .filter(|group| group.fate == Fate::Carried || group.change.is_some());
            let carried = carried.filter(|group| group.members.binary_search(&person).is_ok());
            let Some(group) = carried else {
                let message = phrase![
                    Piece::personal(&left.user.value),
                    " is no member of a carried HR group ",
                    Piece::plain(&left.group.value),
                    ": take the exception out"
                ];
                self.draft.notice(left.user.origin, message);
                continue;
            };
            let name = group.name.clone();
            let delta = Delta::Remove(self.people.label(person).into());
            let fact = declared_fact(Field::Member, delta, Severity::Disruptive, left.user.origin);
            self.drop_member(&name, person, fact);
        }
    }

    fn change_carried(&mut self, name: &GroupName, origin: Origin) -> Option<ChangeId> {
        let ix = (0..)
            .zip(&self.people.observed.groups)
            .find(|(_, group)| group.source == GroupSource::Hr && group.name == *name);
        let change = self.push(GroupIx(ix?.0), Verb::Update, origin);
        if let Some(group) = self.planned.get_mut(name.key()) {
            group.change = Some(change);
        }
        Some(change)
    }
}

/// A group that might be an HR group unknown to us: no snapshot is sent beside it, as it would delete the group.
///
/// That is every group whose source the account does not name; where no HR group was read at all, every group of a source that
/// is not known, as `account.hrGroupType` may be wrong; and the second of two HR groups with one name.
fn unknown_sources(people: &People<'_>, draft: &mut Draft) {
    let groups = &people.observed.groups;
    let none_is_hr = !groups.iter().any(|group| group.source == GroupSource::Hr);
    let mut names = BTreeSet::new();
    for group in groups {
        let (why, way_out) = match &group.source {
            GroupSource::Foreign(name) if name.is_empty() => (
                ": a snapshot could delete it",
                "look at the group in the app; delete it there if it is not needed",
            ),
            GroupSource::Foreign(_) if none_is_hr => (
                ", and no HR group was read: if it is one, a snapshot would delete it",
                "set `account.hrGroupType` to the type of the account's HR groups; if it has none, upload the first by hand",
            ),
            GroupSource::Hr if !names.insert(group.name.key()) => (
                ", as another group of that name does: one file can't keep both",
                "delete one of them where it was made",
            ),
            _ => continue,
        };
        let message =
            phrase!["the group ", Piece::plain(&group.name), " comes from ", source_word(&group.source), why];
        draft.blockers.push(Blocker::new(Origin::NONE, BlockerCode::UnknownSource, message).way_out(way_out));
    }
}

/// A group without members has no row, and a group without a row is deleted.
fn empty_groups(staying: &[&Planned<'_>], draft: &mut Draft) {
    for group in staying.iter().filter(|group| group.members.is_empty()) {
        let origin = group.change.map_or(Origin::NONE, |change| draft.changes[change.0 as usize].origin);
        let message =
            phrase![Piece::plain(group.name), " would have no members, and no row: that would delete it"];
        draft.blockers.push(
            Blocker::new(origin, BlockerCode::EmptyHrGroup, message)
                .way_out("give it members, or declare it with `state: deleted`"),
        );
    }
}

fn upload(
    people: &People<'_>,
    planned: &BTreeMap<&str, Planned<'_>>,
    draft: &mut Draft,
) -> Option<(PlannedSnapshot, StepId)> {
    let staying: Vec<&Planned<'_>> =
        planned.values().filter(|group| group.fate != Fate::DeletedByAbsence).collect();
    if staying.iter().all(|group| group.members.is_empty()) {
        draft.blockers.push(
            Blocker::new(
                Origin::NONE,
                BlockerCode::EmptySet,
                Phrase::words("the HR set would become empty; an empty file is never sent"),
            )
            .way_out("delete the last HR groups where they were made"),
        );
        return None;
    }
    empty_groups(&staying, draft);
    let lookup = Lookup::new(people, draft);
    let named = staying.par_iter().map(|group| lookup_values(people, &lookup, group));
    let (values, nameless): (Vec<_>, Vec<_>) = named.unzip();
    let rows: Vec<(&str, Vec<String>)> = staying
        .iter()
        // A group that is there is named byte for byte as the account has it.
        .map(|group| if group.fate == Fate::Added { group.name.said() } else { group.name.verbatim() })
        .zip(values)
        .collect();
    draft.blockers.extend(nameless.into_iter().flatten());
    let (csv, sha256) = csv(&rows);
    let groups = planned
        .values()
        .map(|group| SetGroup {
            name: group.name.clone(),
            fate: group.fate,
            before: group.before,
            after: group.members.len(),
            change: group.change,
        })
        .collect();
    let after = staying.iter().map(|group| hr_group(people, group, draft)).collect();
    let snapshot = Arc::new(Snapshot { csv, sha256, before: present_set(people), after });
    let members = staying.iter().flat_map(|group| &group.members);
    let needs = members.filter_map(|person| draft.person_steps.get(person).copied()).collect();
    let step = draft.step(PhaseKind::Snapshot, None, Act::Upload(Arc::clone(&snapshot)), needs);
    Some((PlannedSnapshot { snapshot, groups }, step))
}

fn lookup_values(
    people: &People<'_>,
    lookup: &Lookup<'_>,
    group: &Planned<'_>,
) -> (Vec<String>, Vec<Blocker>) {
    let (mut values, mut blockers) = (Vec::with_capacity(group.members.len()), Vec::new());
    for person in &group.members {
        if let Some(value) = lookup.value(people, *person) {
            values.push(value);
            continue;
        }
        let message = phrase![
            people.label(*person),
            " of ",
            Piece::plain(group.name),
            " has no employee ID, UPN or email that is theirs alone before and after"
        ];
        blockers.push(
            Blocker::new(crate::plan::people::origin(people, *person), BlockerCode::NoLookupValue, message)
                .way_out("give the user an employee ID, UPN or email")
                .way_out("or drop the membership: `hr.leaveOut: [{ group: …, user: … }]`"),
        );
    }
    values.sort_unstable();
    (values, blockers)
}

fn hr_group(people: &People<'_>, group: &Planned<'_>, draft: &Draft) -> HrGroup {
    let mut members: Vec<UserRef> =
        group.members.iter().filter_map(|person| draft.user_ref(people, *person)).collect();
    members.sort_unstable();
    HrGroup { name: group.name.clone(), members }
}

fn present_set(people: &People<'_>) -> Vec<HrGroup> {
    let observed = people.observed;
    let mut set: Vec<HrGroup> = (0..)
        .zip(&observed.groups)
        .filter(|(_, group)| group.source == GroupSource::Hr)
        .map(|(at, group)| HrGroup {
            name: group.name.clone(),
            members: observed
                .members(GroupIx(at))
                .map(|user| UserRef::Known(observed.user(user).id))
                .collect(),
        })
        .collect();
    set.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    set
}
