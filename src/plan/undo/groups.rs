//! What were the groups that are written directly, and who was in them?
//!
//! Who left is added again, and nobody else is asked for. Only a whole list makes somebody leave who joined, so it says who was
//! in the group before.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Automatic, Deactivated, DeclaredSource, Description, DesiredGroup, GroupIx, GroupName, GroupSource,
    Keeper, Located, Login, Managed, Members, NewGroup, Observed, ObservedGroup, ObservedUser, Population,
    Reference, Sayable, UserIx, UserLabel, whole,
};
use crate::phrase;
use crate::plan::conditions::as_rule;
use crate::plan::undo::entry::{all_unplaced, name, named};
use crate::plan::undo::lost::Lost;
use crate::plan::undo::trail::{OfGroup, Trail};

/// What a deleted group takes along, whoever makes it anew.
pub(super) const LOST_WITH_A_GROUP: &str =
    " is deleted: made anew it has another number, and alarms, goals, blocking and schedules on it are lost";

/// Why a list is not whole from which somebody is removed.
pub(super) const MAY_STAY: &str = "; where the run ended before it removed them, see that they are in it: a list can't name who may be gone, \
     and a whole one would take them out, so who joined it stays";

/// Why computers of a deleted group don't come back where no manifest made the run read them.
pub(super) const NOT_READ: &str = ", if there were any: they were not read";

/// An entry for every group of the app or the identity provider.
pub(super) fn entries(observed: &Observed, trail: &Trail<'_>, lost: &mut Lost) -> Vec<DesiredGroup> {
    let mut groups = Former { observed, trail, lost };
    let stuck = &trail.stuck;
    let mut entries = Vec::new();
    for (id, of) in &trail.groups {
        let Some(ix) = observed.group_ix(*id) else { continue };
        let stays = of.renamed.filter(|_| stuck.contains(observed.group(ix).name.key()));
        entries.extend(groups.changed(ix, of, stays));
    }
    for ix in trail.deleted.iter().filter_map(|id| observed.group_ix(*id)) {
        entries.extend(groups.deleted(ix));
    }
    for (keeper, new) in &trail.new_groups {
        groups.created(*keeper, new);
    }
    entries
}

/// The former names that can't come back in one change: a new group has one, so who had it keeps the name that another had, and
/// so on.
pub(super) fn stuck<'a>(observed: &'a Observed, trail: &Trail<'a>) -> BTreeSet<&'a str> {
    let renamed: Vec<(&str, &str)> = trail
        .groups
        .iter()
        .filter_map(|(id, of)| Some((observed.group(observed.group_ix(*id)?).name.key(), of.renamed?.key())))
        .collect();
    let new: BTreeSet<&str> = trail.new_groups.iter().map(|(_, new)| new.name.key()).collect();
    let mut pending: Vec<(&str, &str)> =
        renamed.iter().copied().filter(|(from, _)| new.contains(from)).collect();
    let by_former: BTreeMap<&str, &str> = renamed.into_iter().collect();
    let mut stuck = BTreeSet::new();
    while let Some((from, to)) = pending.pop() {
        if stuck.insert(from) {
            pending.extend(by_former.get(to).map(|next| (to, *next)));
        }
    }
    stuck
}

/// Groups as they were.
struct Former<'d, 'a> {
    observed: &'a Observed,
    trail: &'d Trail<'a>,
    lost: &'d mut Lost,
}

impl Former<'_, '_> {
    /// A group that stays; `stuck` is the name that it keeps because a new group has its own.
    fn changed(&mut self, ix: GroupIx, of: &OfGroup<'_>, stuck: Option<&GroupName>) -> Option<DesiredGroup> {
        let group = self.observed.group(ix);
        if !group.name.is_sayable() {
            self.lost.push(phrase!["the group ", name(&group.name), ": no manifest can say its name"]);
            return None;
        }
        let mut entry = named(stuck.unwrap_or(&group.name));
        entry.source = written(group);
        if !self.fills_itself(group, &mut entry) {
            return None;
        }
        match (of.renamed, stuck) {
            (Some(_), Some(now)) => self.lost.push(phrase![
                "the name ",
                name(&group.name),
                " of what is now ",
                name(now),
                ": a new group keeps it taken; delete that in one change, and rename in the next"
            ]),
            (Some(now), None) if *now != group.name => entry.formerly = vec![Located::unplaced(now.clone())],
            (Some(_) | None, _) => {}
        }
        let whole = if of.joined { self.whole_list(ix) } else { None };
        let observed = self.observed;
        let left = of.left.iter().filter_map(|id| observed.user_ix(*id));
        entry.members = whole.unwrap_or_else(|| self.returning(group, left));
        if of.computers {
            entry.computers = self.computers(group);
        }
        if of.described {
            entry.description = described(group);
        }
        let says_something = of.ruled.is_some()
            || of.renamed.is_some()
            || entry.description.declared().is_some()
            || entry.members != Members::Leave
            || entry.computers != Members::Leave;
        says_something.then_some(entry)
    }

    fn deleted(&mut self, ix: GroupIx) -> Option<DesiredGroup> {
        let group = self.observed.group(ix);
        self.lost.push(phrase!["the group ", name(&group.name), LOST_WITH_A_GROUP]);
        if !group.name.is_sayable() {
            return None;
        }
        let mut entry = named(&group.name);
        if !self.fills_itself(group, &mut entry) {
            return None;
        }
        self.made_otherwise(group);
        if group.description.as_ref().is_some_and(|said| !said.is_empty()) {
            entry.description = described(group);
        }
        let by_hand = self.by_hand(ix);
        let stays = self.trail.may_stay(self.users(by_hand.iter().copied()));
        entry.members = match self.returning(group, by_hand.iter().copied()) {
            Members::AtLeast(members) if stays.is_empty() => Members::Exactly(members),
            other => other,
        };
        if !stays.is_empty() {
            self.unnamed(group, stays, MAY_STAY);
        }
        match &group.computers {
            None => self.lost.push(phrase!["computers of ", name(&group.name), NOT_READ]),
            Some(computers) if computers.is_empty() => {}
            Some(_) => entry.computers = self.computers(group),
        }
        Some(entry)
    }

    fn created(&mut self, keeper: Keeper, new: &NewGroup) {
        let created = &new.name;
        let mut entry = named(created);
        match keeper {
            Keeper::App if new.rules.is_some() => {
                entry.population = automatic();
                self.lost.make(created, entry);
            }
            Keeper::App => {
                entry.source = Some(DeclaredSource::App);
                self.lost.make(created, entry);
            }
            Keeper::Scim => {
                let what = " is created: delete it at the identity provider, as no call of this key does";
                self.lost.push(phrase!["the group ", name(created), what]);
            }
        }
    }

    /// Lets an entry say by what a group fills itself, if it does; answers whether the entry can be written.
    fn fills_itself(&mut self, group: &ObservedGroup, entry: &mut DesiredGroup) -> bool {
        let Some(filling) = &group.filling else { return true };
        let Some(rule) = as_rule::rule(&filling.rules, &self.observed.details) else {
            let what = " fills itself by conditions that no manifest can say: put back by hand what the plan changes of it, or make it again";
            self.lost.push(phrase!["the group ", name(&group.name), what]);
            return false;
        };
        entry.population = automatic();
        entry.automatic = Some(Automatic { rule: Some(Located::unplaced(rule)), ..Automatic::default() });
        true
    }

    /// Says what a group that fills itself is no more once it is made anew.
    fn made_otherwise(&mut self, group: &ObservedGroup) {
        let Some(filling) = &group.filling else { return };
        if filling.deactivated == Deactivated::PassedOver {
            let what = " passed deactivated users over: made anew it counts them like others, until somebody sets that on the platform";
            self.lost.push(phrase!["the group ", name(&group.name), what]);
        }
        if filling.by_hand.is_none() {
            let what = " by hand: the account does not say who that was";
            self.lost.push(phrase!["who was put into ", name(&group.name), what]);
        }
    }

    /// Who is in a group because somebody put them there.
    fn by_hand(&self, ix: GroupIx) -> Vec<UserIx> {
        self.observed.by_hand(ix).unwrap_or_default()
    }

    /// Everybody of a group; none where somebody can't be named.
    fn whole_list(&mut self, ix: GroupIx) -> Option<Members<Reference>> {
        let by_hand = self.by_hand(ix);
        let stay = self.trail.may_stay(self.users(by_hand.iter().copied()));
        if !stay.is_empty() {
            self.unnamed(self.observed.group(ix), stay, MAY_STAY);
            return None;
        }
        let (named, unnamed) = self.trail.naming(self.users(by_hand.into_iter()));
        if unnamed.is_empty() {
            return Some(Members::Exactly(named));
        }
        let why = " can't be named in its whole list: who joined it stays";
        self.unnamed(self.observed.group(ix), unnamed, why);
        None
    }

    /// Those of a list who can be named; whoever can't be is lost to the group.
    fn returning(
        &mut self,
        group: &ObservedGroup,
        users: impl Iterator<Item = UserIx>,
    ) -> Members<Reference> {
        let (named, unnamed) = self.trail.naming(self.users(users));
        if !unnamed.is_empty() {
            self.unnamed(group, unnamed, " left it, and no manifest can name them");
        }
        if named.is_empty() { Members::Leave } else { Members::AtLeast(named) }
    }

    fn users(&self, users: impl Iterator<Item = UserIx>) -> impl Iterator<Item = &ObservedUser> {
        users.map(|ix| self.observed.user(ix))
    }

    fn unnamed(&mut self, group: &ObservedGroup, users: Vec<UserLabel>, why: &'static str) {
        self.lost.push(phrase!["members of ", name(&group.name), ": "].list(users).then(why));
    }

    fn computers(&mut self, group: &ObservedGroup) -> Members<Login> {
        let ids = group.computers.as_deref().unwrap_or_default();
        let find = |id: &crate::model::ComputerId| {
            let at = self.observed.computers.binary_search_by_key(id, |computer| computer.id).ok()?;
            Some(self.observed.computers[at].login.clone())
        };
        let logins: Option<Vec<Login>> = ids.iter().map(find).collect();
        let Some(logins) = logins.and_then(whole) else {
            let why = ": no manifest can name one of those that were";
            self.lost.push(phrase!["computers of ", name(&group.name), why]);
            return Members::Leave;
        };
        Members::Exactly(all_unplaced(logins))
    }
}

/// What an entry says of a group that fills itself.
fn automatic() -> Managed<Population> {
    Managed::Set(Located::unplaced(Population::Automatic))
}

/// The source that is written for a group: the app's is the default.
fn written(group: &ObservedGroup) -> Option<DeclaredSource> {
    (group.source == GroupSource::Scim).then_some(DeclaredSource::Scim)
}

/// What a group said of itself.
fn described(group: &ObservedGroup) -> Managed<Description> {
    let said = group.description.clone();
    said.map_or(Managed::Leave, |said| Managed::Set(Located::unplaced(said)))
}
