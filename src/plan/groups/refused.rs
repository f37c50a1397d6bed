//! What can't be asked of a group, or is asked of another one than it seems.

use crate::model::{
    DeclaredSource, DesiredGroup, GroupIx, GroupSource, Keeper, Members, ObservedGroup, Origin, Piece,
};
use crate::phrase;
use crate::plan::blocker::BlockerCode;
use crate::plan::groups::drafting::Groups;
use crate::plan::groups::near::Near;
use crate::plan::membership::wanted::Wanted;
use crate::plan::resolve::groups::{GroupFit, source_word};

impl Groups<'_, '_> {
    /// Whether a group without one of its name is spelled almost like another. That a new one has the very members of one that
    /// no manifest mentions is only said.
    pub(super) fn is_near_another(
        &mut self,
        group: &DesiredGroup,
        fit: GroupFit,
        wanted: &Wanted<'_>,
    ) -> bool {
        let people = self.people;
        let near = self.near.get_or_init(|| Near::of(people));
        if let Some(blocker) = near.spelled(people, group) {
            self.draft.findings.blockers.push(blocker);
            return true;
        }
        if let (None, Some(other)) = (fit.former, near.with_the_same_people(people, group, wanted)) {
            let name = Piece::plain(&group.name.value);
            let question = " is new and gets the very members of ";
            let way_out = ", which no manifest mentions: a rename? Then say so with `formerly`";
            self.draft.findings.notice(group.name.origin, phrase![name, question, other, way_out]);
        }
        false
    }

    /// Whether a group that is not there would have to be given a name which the account gives none.
    pub(super) fn cant_be_called_so(&mut self, group: &DesiredGroup) -> bool {
        let Some(why) = group.name.value.refusal() else { return false };
        let name = Piece::plain(&group.name.value);
        let message =
            phrase!["there is no group ", name, ", and none can be given that name: it ", format!("{why}")];
        self.block(
            group.name.origin,
            BlockerCode::NotCarriedOut,
            message,
            "write the name as the account has it, or another",
        );
        true
    }

    /// Whether an identity provider's group is to hold computers, which SCIM has none of.
    pub(super) fn holds_computers(&mut self, group: &DesiredGroup) -> bool {
        let (Members::Exactly(said) | Members::AtLeast(said)) = &group.computers else { return false };
        let origin = said.first().map_or(group.origin, |login| login.origin);
        let name = Piece::plain(&group.name.value);
        let message = phrase!["computers of ", name, ": a group of an identity provider holds users only"];
        self.block(origin, BlockerCode::ReadOnlyGroup, message, "put the computers into an app group");
        true
    }

    /// Former names that lead nowhere any more.
    pub(super) fn stale(&mut self, group: &DesiredGroup, fit: GroupFit) {
        let Some(here) = fit.here else { return };
        let name = Piece::plain(&group.name.value);
        for former in &group.formerly {
            let other = self.fits.all_named(&former.value).find(|ix| *ix != here);
            let is_declared =
                || self.people.desired.groups.iter().any(|other| other.name.value == former.value);
            let message = match other.filter(|_| !is_declared()) {
                None => phrase!["`formerly` of ", name.clone(), " is done: remove it from the manifest"],
                Some(ix) => phrase![
                    "the account has both ",
                    name.clone(),
                    " and ",
                    Piece::plain(&self.observed(ix).name),
                    ": `formerly` is not needed any more"
                ],
            };
            self.draft.findings.notice(former.origin, message);
        }
    }

    /// A group that shares its name with an HR group: an upload would find the wrong one, or leave its own alone.
    pub(super) fn has_hr_namesake(&mut self, group: &DesiredGroup, observed: &ObservedGroup) -> bool {
        let is_hr = |ix: GroupIx| self.observed(ix).source == GroupSource::Hr;
        let namesake =
            Keeper::of(&observed.source).is_some() && self.fits.all_named(&group.name.value).any(is_hr);
        if namesake {
            let message = phrase!["an HR-sourced group is called ", Piece::plain(&group.name.value), " too"];
            let way_out = "give the other group another name, with this one under `formerly`";
            self.block(group.name.origin, BlockerCode::GroupNameTaken, message, way_out);
        }
        namesake
    }

    /// A group that fills itself, and is declared manual: what fills a group is chosen when it is made.
    fn fills_itself(&mut self, origin: Origin, observed: &ObservedGroup) {
        let words = " fills itself, and is declared as populated manually: what fills a group is chosen when it is made";
        let message = phrase![Piece::plain(&observed.name), words];
        let way_out = "give the manual group another name, and delete this one later; or write `population: automatic` and its conditions";
        self.block(origin, BlockerCode::PopulationChange, message, way_out);
    }

    /// Nothing differs, but an HR group declared otherwise would differ with the next upload, and no group is a provider's by
    /// being declared so.
    pub(super) fn same_but_source(&mut self, group: &DesiredGroup, observed: &ObservedGroup) {
        let is_scim = observed.source == GroupSource::Scim;
        let is_misnamed = group.source == Some(DeclaredSource::Scim) && !is_scim;
        let is_automatic = observed.source == GroupSource::Automatic && group.population.declared().is_some();
        if observed.source == GroupSource::Hr || is_misnamed || is_automatic {
            self.not_ours(group, observed);
        }
    }

    pub(super) fn not_ours(&mut self, group: &DesiredGroup, observed: &ObservedGroup) {
        if let (Some(said), GroupSource::Automatic) = (group.population.declared(), &observed.source) {
            return self.fills_itself(said.origin, observed);
        }
        let name = Piece::plain(&observed.name);
        if group.source == Some(DeclaredSource::Scim) {
            let source = source_word(&observed.source);
            let message =
                phrase![name, " comes from ", source, ", and is declared as an identity provider's"];
            let way_out = "write the source that it has, or give the identity provider's group another name";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        if observed.source == GroupSource::Hr {
            let message = phrase![name, " is an HR-sourced group, declared as an app group"];
            let way_out = "declare it with `source: hr`, or give the app group another name";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        let message = phrase![name, " comes from ", source_word(&observed.source), " and is read-only here"];
        let way_out = match observed.source {
            GroupSource::Automatic => {
                "write `population: automatic` and its conditions, or take what differs out of the manifest"
            }
            GroupSource::Scim => "declare it with `source: scim`, or take what differs out of the manifest",
            _ => "change it where it comes from, or take what differs out of the manifest",
        };
        self.block(group.name.origin, BlockerCode::ReadOnlyGroup, message, way_out);
    }
}
