//! What somebody has to do at the identity provider: its groups where users don't come from SCIM, and deleting them anywhere.

use crate::model::{Family, GroupIx, GroupState, ObservedGroup, Origin, Phrase, Piece, Topic};
use crate::phrase;
use crate::plan::blocker::Blocker;
use crate::plan::manual::groups::Declared;
use crate::plan::manual::work::{ManualWork, is_said};
use crate::plan::membership::wanted::moves;
use crate::plan::notice::Manual;

/// Where such groups are made.
const PROVIDER: &str = "the identity provider";

impl<'a> ManualWork<'_, 'a> {
    /// A group of the identity provider, there or still to be made; says whether it is out of the way.
    pub(super) fn scim(
        &mut self,
        declared: &Declared<'_, 'a>,
        observed: Option<(GroupIx, &'a ObservedGroup)>,
        blockers: &mut Vec<Blocker>,
    ) -> bool {
        let Declared { group, sought } = declared;
        let name = Piece::plain(&group.name.value);
        if let GroupState::Deleted(origin) = group.state {
            if observed.is_some() {
                let why = phrase!["a group of an identity provider is deleted there, never from here"];
                self.at_provider(origin, phrase!["delete the group ", name], why);
            }
            return observed.is_some();
        }
        // Computers block the plan, whoever keeps the group.
        if self.unwritten(Topic::ScimGroups).is_none() || is_said(&group.computers) {
            return false;
        }
        match observed.map(|(_, held)| &held.name) {
            None => self.at_provider(group.origin, phrase!["create the group ", name.clone()], not_scim()),
            Some(held) if held.as_written() != group.name.value.as_written() => {
                let what = phrase!["rename ", Piece::plain(held), " to ", name.clone()];
                self.at_provider(group.name.origin, what, not_scim());
            }
            Some(_) => {}
        }
        blockers.extend(sought.blockers(self.people));
        let moves = moves(self.people, observed.map(|(ix, _)| ix), &sought.wanted);
        if let Some(first) = moves.join.first() {
            let joining = self.labels(moves.join.iter().map(|one| one.person));
            let what = phrase!["add to ", name.clone(), ": "].list(joining);
            self.at_provider(first.origin, what, not_scim());
        }
        if !moves.leave.is_empty() {
            let leaving = self.labels(moves.leave.iter().map(|one| one.person));
            self.at_provider(group.origin, phrase!["take out of ", name, ": "].list(leaving), not_scim());
        }
        true
    }

    fn at_provider(&mut self, origin: Origin, what: Phrase, why: Phrase) {
        self.manual.push(Manual { origin, what, place: PROVIDER.into(), why });
    }
}

/// Why SCIM does not write the group in this run.
fn not_scim() -> Phrase {
    phrase![format!(
        "the {} carries it, and users come by the {} in this run",
        Family::Scim,
        Family::Identity
    )]
}
