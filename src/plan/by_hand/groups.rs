//! What somebody has to do about groups: their users where the keys can't write those, computers, and HR groups that are
//! not seen whole.

use std::collections::BTreeSet;

use crate::model::{
    DeclaredSource, DesiredGroup, GroupIx, GroupName, GroupSource, GroupState, Members, ObservedGroup,
    Origin, Phrase, Piece, Recreate, Said, Topic, UnmanagedGroups, UnmanagedHrGroups,
};
use crate::phrase;
use crate::plan::by_hand::{GROUP, GROUPS, Hand, is_said, some};
use crate::plan::draft::Draft;
use crate::plan::groups::automatic::matches;
use crate::plan::groups::fits::GroupFits;
use crate::plan::groups::members::{Moves, Naming, Wanted, Whole, moves, naming};
use crate::plan::people::Person;
use crate::plan::types::Blocker;

const HR_IMPORT: &str = "the HR import of the account";

/// A group as the manifests have it, and who is in it by its rule or by naming it.
pub(super) struct Declared<'p, 'a> {
    pub(super) group: &'a DesiredGroup,
    pub(super) matching: &'p [Person],
    pub(super) naming: &'p Naming<'a>,
}

impl<'a> Hand<'_, 'a> {
    /// Takes out of every group what the keys do not carry; answers what is wrong with the rest.
    pub(super) fn groups(&mut self) -> Vec<Blocker> {
        let naming = naming(self.people);
        let mut scratch = Draft::default();
        let matches = matches(self.people, &mut scratch);
        self.notices.append(&mut scratch.notices);
        let fits = GroupFits::new(self.people.desired, self.people.observed);
        let mut blockers = Vec::new();
        // Names that users need not say any more.
        let mut settled: BTreeSet<&'a str> = BTreeSet::new();
        let mut kept = Vec::with_capacity(self.desired.groups.len());
        for (at, group) in self.people.desired.groups.iter().enumerate() {
            let fit = fits.of(at);
            let observed = fit.here.or(fit.former).map(|ix| (ix, self.people.observed.group(ix)));
            let hr = group.source == Some(DeclaredSource::Hr)
                || observed.is_some_and(|(_, observed)| observed.source == GroupSource::Hr);
            if hr {
                if self.hr(group, matches.of(at), &naming) {
                    settled.insert(group.name.value.key());
                } else {
                    kept.push(group.clone());
                }
                continue;
            }
            let scim = group.source == Some(DeclaredSource::Scim);
            if scim && observed.is_none_or(|(_, observed)| observed.source == GroupSource::Scim) {
                let said = Declared { group, matching: matches.of(at), naming: &naming };
                if self.scim(&said, observed, &mut blockers) {
                    settled.insert(group.name.value.key());
                } else {
                    kept.push(group.clone());
                }
                continue;
            }
            if scim || observed.is_some_and(|(_, observed)| observed.source != GroupSource::App) {
                kept.push(group.clone());
                continue;
            }
            if self.unwritten(Topic::Members).is_some() {
                settled.insert(group.name.value.key());
            }
            let said = Declared { group, matching: matches.of(at), naming: &naming };
            kept.extend(self.app(&said, observed, &mut blockers));
        }
        self.desired.groups = kept;
        self.named_only(&naming, &mut settled);
        self.policies();
        for user in &mut self.desired.users {
            user.groups.retain(|group| !settled.contains(group.value.key()));
        }
        blockers
    }

    /// Policies on what no manifest mentions speak only of what can be changed.
    fn policies(&mut self) {
        let policy = &mut self.desired.policy;
        if self.people.observed.reach.unwritten(Topic::HrGroups).is_some() {
            policy.unmanaged_hr_groups.value = UnmanagedHrGroups::Carry;
            self.desired.leave_out.clear();
        }
        let reach = &self.people.observed.reach;
        let deletes = policy.unmanaged_groups.value == UnmanagedGroups::Delete;
        let closed = reach.unwritten(Topic::Groups).or(reach.hidden(Topic::Members));
        if let Some(family) = closed.filter(|_| deletes) {
            let origin = policy.unmanaged_groups.origin;
            policy.unmanaged_groups.value = UnmanagedGroups::Report;
            let what = Phrase::words("delete the app groups that no manifest mentions");
            self.ask(origin, what, GROUPS, family);
        }
    }

    /// An HR group that no file can be computed for; says whether it is out of the way.
    fn hr(&mut self, group: &'a DesiredGroup, matching: &[Person], naming: &Naming<'_>) -> bool {
        let Some(family) = self.unwritten(Topic::HrGroups) else { return false };
        let name = Piece::plain(&group.name.value);
        let what = match group.state {
            GroupState::Deleted(_) => phrase!["see that the HR group ", name, " is gone"],
            GroupState::Present => {
                let wanted = Wanted::declared(self.people, group, matching, naming, &mut Vec::new());
                phrase!["see that the HR group ", name, " holds "].list(self.labels(wanted.persons()))
            }
        };
        self.ask_unseen(group.origin, what, HR_IMPORT, family);
        true
    }

    /// An app group without what the keys do not carry; none where nothing of it is left.
    fn app(
        &mut self,
        declared: &Declared<'_, 'a>,
        observed: Option<(GroupIx, &'a ObservedGroup)>,
        blockers: &mut Vec<Blocker>,
    ) -> Option<DesiredGroup> {
        let mut group = declared.group.clone();
        if let Some(family) = self.unwritten(Topic::Members)
            && group.state == GroupState::Present
        {
            let Declared { group: said, matching, naming } = declared;
            let wanted = Wanted::declared(self.people, said, matching, naming, blockers);
            let name = Piece::plain(&group.name.value);
            if self.hidden(Topic::Members).is_none() {
                let moves = moves(self.people, observed.map(|(ix, _)| ix), &wanted);
                self.members(&name, &moves, group.origin);
            } else if is_said(&group.members) || wanted.persons().len() > 0 {
                let words = if wanted.whole() == Whole::Yes { " holds exactly " } else { " holds " };
                let what = phrase!["see that ", name, words].list(self.labels(wanted.persons()));
                self.ask_unseen(group.origin, what, GROUP, family);
            }
            group.members = Members::Leave;
            group.automatic = None;
        }
        if let Some(family) = self.unwritten(Topic::Computers)
            && is_said(&group.computers)
        {
            let computers = group.computers.said().iter().map(|login| Piece::plain(&login.value)).collect();
            let what = phrase!["see that the computers of ", Piece::plain(&group.name.value), " are "];
            self.ask_unseen(group.origin, what.list(some(computers)), GROUP, family);
            group.computers = Members::Leave;
        }
        self.itself(group, observed.map(|(_, observed)| observed))
    }

    /// Whether there is the group, under its name.
    fn itself(&mut self, group: DesiredGroup, observed: Option<&ObservedGroup>) -> Option<DesiredGroup> {
        let Some(family) = self.unwritten(Topic::Groups) else {
            let unseen = group.state != GroupState::Present && observed.is_some();
            return match self.hidden(Topic::Members).filter(|_| unseen) {
                Some(family) => {
                    let name = Piece::plain(&group.name.value);
                    let what = phrase!["delete ", name, " once it is clear who leaves it"];
                    self.ask_unseen(group.origin, what, GROUP, family);
                    None
                }
                None => Some(group),
            };
        };
        let name = Piece::plain(&group.name.value);
        let what = match (&group.state, observed) {
            (GroupState::Present, None) => phrase!["create the group ", name],
            (GroupState::Present, Some(held)) if held.name.said() != group.name.value.said() => {
                phrase!["rename ", Piece::plain(&held.name), " to ", name]
            }
            (GroupState::Deleted(_), Some(_)) => phrase!["delete the group ", name],
            (GroupState::Present, Some(_)) | (GroupState::Deleted(_), None) => return Some(group),
        };
        let place = if observed.is_some() { GROUP } else { GROUPS };
        self.ask(group.origin, what, place, family);
        None
    }

    /// Groups that only users name.
    fn named_only(&mut self, naming: &Naming<'a>, settled: &mut BTreeSet<&'a str>) {
        if self.unwritten(Topic::Members).is_none() {
            return;
        }
        let declared: BTreeSet<&str> =
            self.people.desired.groups.iter().map(|group| group.name.value.key()).collect();
        for (key, naming) in naming.iter().filter(|(key, _)| !declared.contains(*key)) {
            let Some(first) = naming.first() else { continue };
            let Some(ix) = self.people.observed.group_named(first.group) else { continue };
            if self.people.observed.group(ix).source != GroupSource::App {
                continue;
            }
            settled.insert(key);
            self.desired.groups.push(as_it_is(&self.people.observed.group(ix).name, first.origin));
            let wanted = Wanted::named(self.people, naming);
            let moves = moves(self.people, Some(ix), &wanted);
            self.members(&Piece::plain(first.group), &moves, first.origin);
        }
    }

    /// Who has to be put into a group and taken out of it.
    fn members(&mut self, group: &Piece, moves: &Moves, origin: Origin) {
        let Some(family) = self.unwritten(Topic::Members) else { return };
        if !moves.join.is_empty() {
            let joining = self.labels(moves.join.iter().map(|one| one.person));
            let what = Phrase::words("add to ").then(group.clone()).then(": ").list(joining);
            let origin = moves.join.first().map_or(origin, |one| one.origin);
            self.ask(origin, what, GROUP, family);
        }
        if !moves.leave.is_empty() {
            let leaving = self.labels(moves.leave.iter().map(|one| one.person));
            let what = Phrase::words("take out of ").then(group.clone()).then(": ").list(leaving);
            self.ask(origin, what, GROUP, family);
        }
    }

    pub(super) fn labels(&self, persons: impl Iterator<Item = Person>) -> Vec<Piece> {
        some(persons.map(|person| Piece::from(self.people.label(person))).collect())
    }
}

/// A group that is mentioned, so that no policy on what is not mentioned touches it, and of which nothing is asked.
fn as_it_is(name: &GroupName, origin: Origin) -> DesiredGroup {
    DesiredGroup {
        origin,
        name: Said::new(name.clone(), origin),
        formerly: Vec::new(),
        source: None,
        state: GroupState::Present,
        recreate: Recreate::Never,
        members: Members::Leave,
        automatic: None,
        computers: Members::Leave,
    }
}
