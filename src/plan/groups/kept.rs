//! Groups of the app and of the identity provider that are to be there: created, or as they are to be.

use crate::model::{
    Act, Delta, Description, DesiredGroup, Field, GroupIx, GroupRef, Keeper, NewGroup, Object, Piece,
    Severity, Verb,
};
use crate::plan::fact::declared_fact;
use crate::plan::groups::computers;
use crate::plan::groups::drafting::{Groups, is_renamed, redescribed};
use crate::plan::membership::unmatched::doubt;
use crate::plan::membership::unseen;
use crate::plan::membership::wanted::{Wanted, moves};
use crate::plan::phase::PhaseKind;
use crate::plan::resolve::groups::GroupFit;

impl<'a> Groups<'_, 'a> {
    /// A group that is not there yet.
    pub(super) fn create(
        &mut self,
        group: &'a DesiredGroup,
        keeper: Keeper,
        fit: GroupFit,
        wanted: &Wanted<'_>,
    ) {
        let name = &group.name;
        let object = Object::Group { id: None, name: name.value.clone(), source: keeper.source() };
        let key = format!("newgroup:{}", name.value.key());
        let change = self.draft.push(key, object, Verb::Create, group.origin);
        let delta = Delta::Add(Piece::plain(&name.value));
        self.draft.fact(change, declared_fact(Field::Existence, delta, Severity::Safe, name.origin));
        let mut new = NewGroup::from(name.value.clone());
        if let Some(said) = group.description.declared() {
            new.description = said.value.clone();
            self.describes(change, &Description::default(), said);
        }
        let act = Act::CreateGroup(keeper, new);
        let step = self.draft.step(PhaseKind::Groups, Some(change), act, self.freed(fit));
        let reference = GroupRef::New(change);
        self.join(change, (keeper, reference), &moves(self.people, None, wanted), Some(step));
        let machines = computers::moves(self.people, group, None, self.draft);
        machines.draft(change, reference, Some(step), self.draft);
    }

    /// A declared group that is there, under its name or a former one.
    pub(super) fn present(
        &mut self,
        group: &'a DesiredGroup,
        keeper: Keeper,
        (ix, fit): (GroupIx, GroupFit),
        wanted: &Wanted<'_>,
    ) {
        let observed = self.observed(ix);
        if self.has_hr_namesake(group, observed) {
            return;
        }
        let moves = moves(self.people, Some(ix), wanted);
        let machines = computers::moves(self.people, group, Some(observed), self.draft);
        unseen::say(self.people, &group.name.value, wanted, (&moves, Some(ix)), &mut self.draft.findings);
        let same = !is_renamed(group, observed) && redescribed(group, observed).is_none();
        if same && moves.is_empty() && machines.is_empty() {
            return self.same_but_source(group, observed);
        }
        if observed.source != keeper.source() {
            return self.not_ours(group, observed);
        }
        let doubt = doubt(self.people, &observed.name, &wanted.unmatched(self.people), &moves.leave);
        self.draft.findings.blockers.extend(doubt);
        self.draft.findings.blockers.extend(unseen::emptied(self.people, (group, ix), &moves));
        let change = self.push(ix, Verb::Update, group.origin);
        self.called(change, (group, keeper), (ix, fit));
        let reference = GroupRef::Known(observed.id);
        self.sizes(change, ix, &moves);
        self.join(change, (keeper, reference), &moves, None);
        for leaving in &moves.leave {
            self.leave(change, (keeper, observed), leaving);
        }
        machines.draft(change, reference, None, self.draft);
    }
}
