//! What drafts groups: both sides, who is who, and what every change of a group is made of.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::model::{
    Act, ChangeId, Delta, Description, DesiredGroup, Field, GroupIx, GroupName, GroupRef, GroupSource,
    Keeper, Located, ObservedGroup, Origin, Phrase, Piece, Severity, Sizes, StepId, UserRef, Verb,
};
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::draft::Draft;
use crate::plan::fact::{declared_fact, describing};
use crate::plan::groups::near::Near;
use crate::plan::groups::several;
use crate::plan::hr::planned::HrDeclared;
use crate::plan::membership::wanted::{Move, Moves, Naming};
use crate::plan::people::People;
use crate::plan::phase::PhaseKind;
use crate::plan::resolve::groups::{GroupFit, GroupFits};

/// The work of drafting.
pub(super) struct Groups<'d, 'a> {
    pub(super) people: &'d People<'a>,
    pub(super) fits: GroupFits<'a>,
    pub(super) naming: &'d Naming<'a>,
    /// The step that renames a group, and so frees its name.
    pub(super) freed: BTreeMap<GroupIx, StepId>,
    /// What a new group may be mixed up with, once there is one.
    pub(super) near: OnceCell<Near<'a>>,
    pub(super) draft: &'d mut Draft,
    pub(super) hr: Vec<HrDeclared<'a>>,
}

impl<'a> Groups<'_, 'a> {
    pub(super) fn observed(&self, ix: GroupIx) -> &'a ObservedGroup {
        self.people.observed.group(ix)
    }

    pub(super) fn block(
        &mut self,
        origin: Origin,
        code: BlockerCode,
        message: Phrase,
        way_out: &'static str,
    ) {
        self.draft.findings.blockers.push(Blocker::new(origin, code, message).way_out(way_out));
    }

    /// Whether several groups of a source have a name.
    pub(super) fn is_ambiguous(
        &mut self,
        (name, source): (&GroupName, &GroupSource),
        origin: Origin,
    ) -> bool {
        let blocker = several::blocker(self.people.observed, &self.fits, (name, source), origin);
        let is_ambiguous = blocker.is_some();
        self.draft.findings.blockers.extend(blocker);
        is_ambiguous
    }

    pub(super) fn push(&mut self, ix: GroupIx, verb: Verb, origin: Origin) -> ChangeId {
        self.draft.push_group(self.observed(ix), verb, origin)
    }

    /// The renaming that frees the name which a group is to get.
    pub(super) fn freed(&self, fit: GroupFit) -> Vec<StepId> {
        fit.waits_for.and_then(|ix| self.freed.get(&ix)).copied().into_iter().collect()
    }

    /// What a group is called and says of itself, where either is to be otherwise: the facts, and the steps, each after the one before.
    pub(super) fn called(
        &mut self,
        change: ChangeId,
        (group, keeper): (&DesiredGroup, Keeper),
        (ix, fit): (GroupIx, GroupFit),
    ) -> Vec<StepId> {
        let observed = self.observed(ix);
        let mut steps = Vec::new();
        if is_renamed(group, observed) {
            steps.push(self.rename(change, (group, keeper), (ix, fit)));
        }
        if let Some((from, said)) = redescribed(group, observed) {
            self.describes(change, from, said);
            let (from, to) = (from.clone(), said.value.clone());
            let name = group.name.value.clone();
            let act = Act::DescribeGroup { group: observed.id, name, from, to };
            steps.push(self.draft.step(PhaseKind::Groups, Some(change), act, steps.clone()));
        }
        steps
    }

    /// A group that gets another name.
    fn rename(
        &mut self,
        change: ChangeId,
        (group, keeper): (&DesiredGroup, Keeper),
        (ix, fit): (GroupIx, GroupFit),
    ) -> StepId {
        let observed = self.observed(ix);
        let (from, to) = (observed.name.clone(), group.name.value.clone());
        let delta = Delta::Set { from: Some(Piece::plain(&from)), to: Piece::plain(&to) };
        let fact = declared_fact(Field::Name, delta, Severity::Disruptive, group.name.origin);
        self.draft.fact(change, fact);
        let act = Act::RenameGroup { keeper, group: observed.id, from, to };
        let step = self.draft.step(PhaseKind::Groups, Some(change), act, self.freed(fit));
        self.freed.insert(ix, step);
        step
    }

    /// The fact that a group says something else of itself.
    pub(super) fn describes(&mut self, change: ChangeId, from: &Description, said: &Located<Description>) {
        if let Some((delta, severity)) = describing(from, &said.value) {
            self.draft.fact(change, declared_fact(Field::Description, delta, severity, said.origin));
        }
    }

    pub(super) fn sizes(&mut self, change: ChangeId, ix: GroupIx, moves: &Moves) {
        if !moves.is_empty() {
            let before = self.people.observed.members(ix).len();
            let after = before + moves.join.len() - moves.leave.len();
            self.draft.sizes(change, Sizes { before, after });
        }
    }

    pub(super) fn join(
        &mut self,
        change: ChangeId,
        (keeper, group): (Keeper, GroupRef),
        moves: &Moves,
        made: Option<StepId>,
    ) {
        for joining in &moves.join {
            let Some(user) = self.draft.user_ref(self.people, joining.person) else { continue };
            self.draft.fact(change, joining.joining(self.people));
            let created = match user {
                UserRef::New(_) => self.draft.person_steps.get(&joining.person).copied(),
                UserRef::Known(_) => None,
            };
            let needs = made.into_iter().chain(created).collect();
            self.draft.step(PhaseKind::Members, Some(change), Act::Join { keeper, group, user }, needs);
        }
    }

    pub(super) fn leave(
        &mut self,
        change: ChangeId,
        (keeper, group): (Keeper, &ObservedGroup),
        leaving: &Move,
    ) {
        let Some(user) = self.people.record(leaving.person) else { return };
        self.draft.fact(change, leaving.leaving(self.people));
        let act = Act::Leave { keeper, group: group.id, user: user.id };
        self.draft.step(PhaseKind::Members, Some(change), act, Vec::new());
    }
}

/// Whether a group that is there is to be called otherwise.
pub(super) fn is_renamed(group: &DesiredGroup, observed: &ObservedGroup) -> bool {
    observed.name.as_written() != group.name.value.as_written()
}

/// What a group says of itself and what it is to say, where that differs and the account has a place for it.
pub(super) fn redescribed<'g>(
    group: &'g DesiredGroup,
    observed: &'g ObservedGroup,
) -> Option<(&'g Description, &'g Located<Description>)> {
    let (now, said) = (observed.description.as_ref()?, group.description.declared()?);
    (*now != said.value).then_some((now, said))
}
