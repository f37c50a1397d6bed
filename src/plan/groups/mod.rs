//! Groups of the app and of the identity provider: created, renamed, filled and emptied; those of the app deleted, too. What
//! other sources own is never written.

mod computers;
mod deleted;
mod drafting;
mod filled;
mod hr;
mod kept;
mod named;
mod near;
mod refused;
mod several;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::model::{DeclaredSource, GroupState, Keeper};
use crate::plan::draft::Draft;
use crate::plan::groups::drafting::Groups;
use crate::plan::hr::planned::HrDeclared;
use crate::plan::membership::sought::{Sought, sought};
use crate::plan::membership::wanted::naming;
use crate::plan::people::People;
use crate::plan::resolve::groups::{GroupFits, source};

/// Drafts every app group and answers what is declared of HR groups, sorted by name.
pub(super) fn draft<'a>(people: &People<'a>, draft: &mut Draft) -> Vec<HrDeclared<'a>> {
    let fits = GroupFits::new(people.desired, people.observed);
    let order = fits.order();
    let naming = naming(people);
    let sought = sought(people, &fits, &naming, &mut draft.findings);
    let mut sought: Vec<Option<Sought<'a>>> = sought.into_iter().map(Some).collect();
    let mut groups = Groups {
        people,
        fits,
        naming: &naming,
        freed: BTreeMap::new(),
        near: OnceCell::new(),
        draft,
        hr: Vec::new(),
    };
    for at in order {
        if let Some(sought) = sought[at].take() {
            groups.declared(at, sought);
        }
    }
    groups.named_only();
    groups.hr
}

impl<'a> Groups<'_, 'a> {
    fn declared(&mut self, at: usize, sought: Sought<'a>) {
        let (group, fit) = (&self.people.desired.groups[at], self.fits.of(at));
        let source = source(group);
        let names = std::iter::once(&group.name).chain(group.formerly.iter().filter(|_| fit.here.is_none()));
        for name in names {
            if self.is_ambiguous((&name.value, &source), name.origin) {
                return;
            }
        }
        if let GroupState::Deleted(origin) = group.state {
            return self.deleted(group, origin);
        }
        self.stale(group, fit);
        self.draft.findings.blockers.extend(sought.blockers(self.people));
        sought.say_doubts(group, &mut self.draft.findings);
        let wanted = sought.wanted;
        if fit.here.is_none() && (self.is_near_another(group, fit, &wanted) || self.cant_be_called_so(group))
        {
            return;
        }
        if group.fills_itself().is_some() {
            return self.filled(group, fit, &wanted);
        }
        let keeper = match group.source.unwrap_or(DeclaredSource::App) {
            DeclaredSource::Hr => return self.declared_hr(group, fit, wanted),
            DeclaredSource::App => Keeper::App,
            DeclaredSource::Scim if self.holds_computers(group) => return,
            DeclaredSource::Scim => Keeper::Scim,
        };
        match fit.here.or(fit.former) {
            Some(ix) => self.present(group, keeper, (ix, fit), &wanted),
            None => self.create(group, keeper, fit, &wanted),
        }
    }
}
