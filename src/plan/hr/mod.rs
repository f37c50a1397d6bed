//! The HR set: which HR-sourced groups will there be, and who is in each?
//!
//! Source: "Setup Guide: Update Users via CSV": the file is the full snapshot; a group it leaves out is deleted, a member it leaves
//! out leaves.

pub(super) mod exports;
mod lookup;
pub(super) mod planned;
pub(super) mod shrink;
pub(super) mod snapshot;
mod unfed;
pub(super) mod upload;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Cause, ChangeId, Delta, DesiredGroup, Fact, Field, GroupIx, GroupName, GroupSource, GroupState, Located,
    Members, Object, Origin, Phrase, Piece, Recreate, Severity, Sizes, StepId, UserIx, Verb,
};
use crate::phrase;
use crate::plan::after::After;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::fact::declared_fact;
use crate::plan::hr::planned::{HrDeclared, Planned};
use crate::plan::membership::feeds::files;
use crate::plan::membership::unmatched::doubt;
use crate::plan::membership::unseen;
use crate::plan::membership::wanted::{Wanted, moves};
use crate::plan::orders::gone_fact;
use crate::plan::people::{People, Referred};
use crate::plan::person::Person;
use crate::plan::planned_set::{Fate, PlannedSnapshot};
use crate::plan::{deletion, unmanaged};

/// When the file of the HR set is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Make {
    /// Only to be sent.
    IfTheSetChanges,
    /// To be looked at, too.
    Always,
}

/// What becomes of the HR set.
pub(super) struct Drafted {
    /// The upload and its step, if the set changes.
    pub(super) upload: Option<(PlannedSnapshot, StepId)>,
    /// The file of a set that does not change, where it was asked for.
    pub(super) standing: Option<Arc<[u8]>>,
}

/// Drafts the changes of HR groups and, if the set changes, the upload.
pub(super) fn draft(
    (people, after): (&People<'_>, &After),
    declared: &[HrDeclared<'_>],
    make: Make,
    draft: &mut Draft,
) -> Drafted {
    let mut set = Set { people, draft, planned: BTreeMap::new() };
    for hr in declared {
        set.declared(hr);
    }
    set.carried();
    set.removed();
    set.leave_out();
    let planned = std::mem::take(&mut set.planned);
    unfed::say(people, declared, &planned, &mut draft.findings);
    let changed = planned.values().any(|group| !matches!(group.fate, Fate::Carried | Fate::Unchanged));
    if !changed {
        let standing = match make {
            Make::Always if !planned.is_empty() => {
                upload::file((people, after), &planned, draft).map(|file| file.csv)
            }
            Make::Always | Make::IfTheSetChanges => None,
        };
        return Drafted { upload: None, standing };
    }
    for group in planned.values().filter(|group| group.fate == Fate::Changed) {
        if let Some(change) = group.change {
            draft.sizes(change, Sizes { before: group.before, after: group.members.len() });
        }
    }
    Drafted { upload: upload::draft((people, after), &planned, draft), standing: None }
}

struct Set<'d, 'a> {
    people: &'d People<'a>,
    draft: &'d mut Draft,
    planned: BTreeMap<&'a str, Planned<'a>>,
}

impl<'a> Set<'_, 'a> {
    fn block(&mut self, origin: Origin, code: BlockerCode, message: Phrase, way_out: &'static str) {
        self.draft.findings.blockers.push(Blocker::new(origin, code, message).way_out(way_out));
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
        self.draft.push_group(self.people.observed.group(ix), verb, origin)
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
            idle: None,
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
        if wanted.persons().len() == 0 && !wanted.unmatched_at().is_empty() {
            let message = phrase![Piece::plain(name), " is not made: nobody of its rows matches"];
            return self.draft.findings.notice(group.origin, message);
        }
        let object = Object::Group { id: None, name: name.clone(), source: GroupSource::Hr };
        let change = self.draft.push(format!("newgroup:{}", name.key()), object, Verb::Create, group.origin);
        let delta = Delta::Add(Piece::plain(name));
        self.draft.fact(change, declared_fact(Field::Existence, delta, Severity::Safe, group.name.origin));
        let moves = moves(self.people, None, wanted);
        for joining in &moves.join {
            self.draft.fact(change, joining.joining(self.people));
        }
        let members = moves.join.iter().map(|joining| joining.person).collect();
        self.plan(Planned { name, members, fate: Fate::Added, before: 0, change: Some(change), idle: None });
    }

    fn plan(&mut self, planned: Planned<'a>) {
        self.planned.insert(planned.name.key(), planned);
    }

    fn present(&mut self, group: &'a DesiredGroup, ix: GroupIx, wanted: &Wanted<'_>) {
        let observed = self.people.observed.group(ix);
        let is_its_name = |name: &Located<GroupName>| observed.name.as_written() == name.value.as_written();
        if !std::iter::once(&group.name).chain(&group.spellings).any(is_its_name) {
            self.renamed(group, &observed.name, "write the name as the account has it; where rows write it, declare the group in a manifest under that name, with `source: hr`");
        }
        let moves = moves(self.people, Some(ix), wanted);
        let doubt = doubt(self.people, &observed.name, &wanted.unmatched(self.people), &moves.leave);
        self.draft.findings.blockers.extend(doubt);
        unseen::say(self.people, &observed.name, wanted, (&moves, Some(ix)), &mut self.draft.findings);
        let present = self.people.observed.members(ix).map(Person::Known);
        let before = present.len();
        let mut members: Vec<Person> = present
            .filter(|person| moves.leave.binary_search_by_key(person, |it| it.person).is_err())
            .collect();
        members.extend(moves.join.iter().map(|joining| joining.person));
        members.sort_unstable();
        let unchanged = moves.is_empty();
        let idle = says_nothing(group, wanted).then_some(group.name.origin);
        let mut planned =
            Planned { name: &observed.name, members, fate: Fate::Unchanged, before, change: None, idle };
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
        let gone = unmanaged::hr_groups(self.people, &mut self.draft.findings);
        for (at, group) in (0..).zip(&self.people.observed.groups) {
            if group.source != GroupSource::Hr || self.planned.contains_key(group.name.key()) {
                continue;
            }
            if gone.binary_search(&GroupIx(at)).is_ok() {
                let origin = self.people.desired.policy.unmanaged_hr_groups.origin;
                self.leave_set(GroupIx(at), origin, Some(self.in_nothing()));
                continue;
            }
            let members: Vec<Person> = self.people.observed.members(GroupIx(at)).map(Person::Known).collect();
            let before = members.len();
            let idle = self.people.desired.exports.first().map(|export| export.origin);
            let planned =
                Planned { name: &group.name, members, fate: Fate::Carried, before, change: None, idle };
            self.plan(planned);
        }
    }

    /// Why a group goes that nothing declares.
    fn in_nothing(&self) -> Phrase {
        match &self.people.desired.exports[..] {
            [] => Phrase::words("in no manifest"),
            exports => phrase!["in no manifest, and in no row of "].list(files(exports)),
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
                Ok(Referred::Blocked | Referred::ByHand | Referred::Gone) => continue,
                Err(blocker) => {
                    self.draft.findings.blockers.push(blocker);
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
                self.draft.findings.notice(left.user.origin, message);
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

/// Whether neither a declaration nor anybody who names the group says who is in it.
fn says_nothing(group: &DesiredGroup, wanted: &Wanted<'_>) -> bool {
    group.members == Members::Leave && group.automatic.is_none() && wanted.persons().len() == 0
}
