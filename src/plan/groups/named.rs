//! Groups that no manifest declares and users name.

use std::collections::BTreeSet;

use crate::model::{GroupIx, GroupRef, GroupSource, Keeper, Origin, Piece, Verb};
use crate::phrase;
use crate::plan::blocker::BlockerCode;
use crate::plan::groups::drafting::Groups;
use crate::plan::membership::wanted::{Named, Wanted, moves};
use crate::plan::resolve::groups::source_word;

impl<'a> Groups<'_, 'a> {
    /// Groups that no manifest declares and only users name: they must be there, and only gain.
    pub(super) fn named_only(&mut self) {
        let declared: BTreeSet<&str> =
            self.people.desired.groups.iter().map(|group| group.name.value.key()).collect();
        let named_only: Vec<Vec<Named<'a>>> = self
            .naming
            .iter()
            .filter(|(name, _)| !declared.contains(*name))
            .map(|(_, users)| users.clone())
            .collect();
        for users in named_only {
            let Some(first) = users.first() else { continue };
            if self.is_ambiguous((first.group, &GroupSource::App), first.origin) {
                continue;
            }
            let found = self.fits.found(first.group, &GroupSource::App);
            let (message, way_out) = match found.map(|ix| (ix, self.fits.renamed_to(ix))) {
                Some((ix, None)) => {
                    self.gain(ix, &users);
                    continue;
                }
                Some((_, Some(at))) => {
                    let (from, to) = (first.group, &self.people.desired.groups[at].name.value);
                    let message =
                        phrase![Piece::plain(from), " becomes ", Piece::plain(to), " in this very plan"];
                    (message, "name the group as it is called afterwards")
                }
                None => (
                    phrase!["no group ", Piece::plain(first.group), " in the manifests or the account"],
                    "declare the group, or correct its name",
                ),
            };
            self.block(first.origin, BlockerCode::UnknownGroup, message, way_out);
        }
    }

    fn gain(&mut self, ix: GroupIx, users: &[Named<'a>]) {
        let observed = self.observed(ix);
        let origin = users.first().map_or(Origin::NONE, |named| named.origin);
        let wanted = Wanted::named(self.people, users);
        let moves = moves(self.people, Some(ix), &wanted);
        let name = Piece::plain(&observed.name);
        match &observed.source {
            GroupSource::Hr => {
                let message =
                    phrase![name, " is an HR-sourced group: it must be declared before users can name it"];
                self.block(
                    origin,
                    BlockerCode::UnknownGroup,
                    message,
                    "declare it under `groups` with `source: hr`",
                );
            }
            _ if moves.join.is_empty() => {}
            GroupSource::App => {
                let change = self.push(ix, Verb::Update, origin);
                self.sizes(change, ix, &moves);
                self.join(change, (Keeper::App, GroupRef::Known(observed.id)), &moves, None);
            }
            other => {
                let message = phrase![name, " comes from ", source_word(other), " and is read-only here"];
                let way_out = match other {
                    GroupSource::Scim => "declare it under `groups` with `source: scim`",
                    GroupSource::Automatic => {
                        "declare it under `groups` with `population: automatic` and its conditions, or put the user into it on the platform"
                    }
                    _ => "add the user where the group comes from",
                };
                self.block(origin, BlockerCode::ReadOnlyGroup, message, way_out);
            }
        }
    }
}
