//! What somebody has to do about groups: their users where the keys can't write those, computers, and HR groups that are
//! not seen whole.

use std::collections::BTreeSet;

use crate::model::{
    DeclaredSource, DesiredGroup, Family, GroupIx, GroupSource, GroupState, Located, Members, ObservedGroup,
    Origin, Phrase, Piece, Topic,
};
use crate::phrase;
use crate::plan::blocker::Blocker;
use crate::plan::findings::Findings;
use crate::plan::manual::work::{GROUP, GROUPS, HR_IMPORT, ManualWork, is_said, some};
use crate::plan::membership::sought::{Sought, sought};
use crate::plan::membership::wanted::{Moves, Naming, Wanted, Whole, moves, naming};
use crate::plan::notice::{Manual, Notice};
use crate::plan::person::Person;
use crate::plan::resolve::groups::GroupFits;

/// The page of a group of a learning platform.
const LEARNING_GROUP: &str = "Admin menu > Groups > the group";
/// Why somebody has to look.
const UNLISTED: &str = "no list shows what fills a group";

/// A group as the manifests have it, and who is wanted in it.
pub(super) struct Declared<'p, 'a> {
    pub(super) group: &'a DesiredGroup,
    pub(super) sought: &'p Sought<'a>,
}

/// Who carries a declared group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    App,
    Hr,
    Scim,
    /// A source that does not fit what is declared: the plan says what that comes to.
    Otherwise,
}

impl<'a> ManualWork<'_, 'a> {
    /// Takes out of every group what the keys do not carry; answers what is wrong with the rest. Users at the positions of
    /// `by_hand` are there only once somebody has created them.
    pub(super) fn groups(&mut self, by_hand: &[usize]) -> Vec<Blocker> {
        let naming = naming(self.people);
        let mut found = Findings::default();
        let fits = GroupFits::new(self.people.desired, self.people.observed);
        let sought = sought(self.people, &fits, &naming, &mut found);
        let mut blockers = Vec::new();
        // Names that users need not say any more.
        let mut settled: BTreeSet<&'a str> = BTreeSet::new();
        let mut kept = Vec::with_capacity(self.desired.groups.len());
        let mut waiting: BTreeSet<&'a str> = BTreeSet::new();
        for (at, (group, sought)) in self.people.desired.groups.iter().zip(&sought).enumerate() {
            let fit = fits.of(at);
            let observed = fit.here.or(fit.former).map(|ix| (ix, self.people.observed.group(ix)));
            let said = Declared { group, sought };
            let asked = self.manual.len();
            let done = match self.keeper(group, observed.map(|(_, observed)| observed)) {
                Kept::Hr => self.hr(&said, &mut blockers),
                Kept::Scim => self.scim(&said, observed, &mut blockers),
                Kept::Otherwise => false,
                Kept::App if group.fills_itself().is_some() && self.hidden(Topic::GroupRules).is_some() => {
                    let held = observed.map(|(_, observed)| observed);
                    self.unseen_rules(&said, held);
                    let is_kept = held.is_some_and(|held| held.name == group.name.value);
                    settled.extend((!is_kept).then(|| group.name.value.key()));
                    kept.extend(held.map(|held| put_in_by_hand(group, held)));
                    continue;
                }
                Kept::App => {
                    if self.unwritten(Topic::Members).is_some() {
                        settled.insert(group.name.value.key());
                        sought.say_doubts(group, &mut found);
                    }
                    if self.unwritten(Topic::Members).is_none() {
                        self.awaited(&said, by_hand);
                    }
                    kept.extend(self.app(&said, observed, &mut blockers));
                    waiting.extend((self.manual.len() > asked).then(|| group.name.value.key()));
                    continue;
                }
            };
            waiting.extend((self.manual.len() > asked).then(|| group.name.value.key()));
            if done {
                sought.say_doubts(group, &mut found);
                settled.insert(group.name.value.key());
            } else {
                self.awaited(&said, by_hand);
                kept.push(group.clone());
            }
        }
        self.copies(&mut kept, waiting);
        self.notices.append(&mut found.notices);
        self.desired.groups = kept;
        self.named_only(&fits, &naming, &mut settled);
        for user in &mut self.desired.users {
            user.groups.retain(|group| !settled.contains(group.value.key()));
        }
        blockers
    }

    /// A group that is to fill itself, where nothing shows whether it does.
    fn unseen_rules(&mut self, declared: &Declared<'_, 'a>, observed: Option<&ObservedGroup>) {
        let Declared { group, sought } = declared;
        let name = Piece::plain(&group.name.value);
        let (what, why) = match group.state {
            GroupState::Deleted(_) => {
                (phrase!["see that the group ", name, " is gone"], Phrase::words(UNLISTED))
            }
            GroupState::Present => {
                let request = format!(
                    ": `rollcall request {:?}`, with the same lists, prints them",
                    group.name.value.as_written()
                );
                let former = observed.filter(|held| held.name != group.name.value);
                let former =
                    former.map(|held| phrase![", and is no longer called ", Piece::plain(&held.name)]);
                let named = self.labels(sought.wanted.named_persons());
                let named =
                    (!named.is_empty()).then(|| Phrase::words(", and has in it by hand ").list(named));
                let filled = phrase!["see that ", name, " fills itself by its conditions"];
                let what = [former, named].into_iter().flatten().fold(filled, Phrase::joined);
                (what, phrase![UNLISTED, request])
            }
        };
        self.manual.push(Manual { origin: group.origin, what, place: LEARNING_GROUP.into(), why });
    }

    /// By what a declared group is kept, or would be.
    fn keeper(&self, group: &DesiredGroup, observed: Option<&ObservedGroup>) -> Kept {
        let unlisted = self.hidden(Topic::Groups).is_some();
        match (group.source, observed.map(|held| &held.source)) {
            (Some(DeclaredSource::Hr), _) | (_, Some(GroupSource::Hr)) => Kept::Hr,
            (Some(DeclaredSource::Scim), None | Some(GroupSource::Scim)) => Kept::Scim,
            (Some(DeclaredSource::Scim), Some(_)) | (_, Some(GroupSource::Scim)) => Kept::Otherwise,
            (_, None | Some(GroupSource::App)) => Kept::App,
            // Where not all groups are listed, an app group of that name may be there beside one of another source.
            (_, Some(_)) if unlisted => Kept::App,
            (_, Some(_)) => Kept::Otherwise,
        }
    }

    /// Says who joins a group only once somebody has created them, or knows who they are.
    fn awaited(&mut self, declared: &Declared<'_, 'a>, by_hand: &[usize]) {
        if by_hand.is_empty() {
            return;
        }
        // Those who mean nobody are a blocker where the group is planned.
        let Declared { group, sought: Sought { wanted, .. } } = declared;
        let is_awaited = |person: &Person| {
            let entry = self.people.entry(*person).filter(|_| matches!(person, Person::New(_)));
            entry.is_some_and(|at| by_hand.binary_search(&(at as usize)).is_ok())
        };
        let about: Vec<Piece> =
            wanted.persons().filter(is_awaited).map(|person| self.people.label(person).into()).collect();
        if !about.is_empty() {
            let name = Piece::plain(&group.name.value);
            let message = phrase![name, " waits for users who are a step by hand"];
            self.notices.push(Notice { origin: group.origin, message, about });
        }
    }

    /// An HR group that no file can be computed for; says whether it is out of the way.
    fn hr(&mut self, declared: &Declared<'_, 'a>, blockers: &mut Vec<Blocker>) -> bool {
        let Declared { group, sought } = declared;
        let Some(family) = self.unwritten(Topic::HrGroups) else { return false };
        let name = Piece::plain(&group.name.value);
        let what = match group.state {
            GroupState::Deleted(_) => phrase!["see that the HR group ", name, " is gone"],
            GroupState::Present => {
                blockers.extend(sought.blockers(self.people));
                let there = || phrase!["see that there is the HR group ", name.clone()];
                self.held(phrase!["see that the HR group ", name.clone()], &sought.wanted)
                    .unwrap_or_else(there)
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
        let asked = self.manual.len();
        if let Some(family) = self.unwritten(Topic::Members)
            && group.state == GroupState::Present
        {
            let wanted = &declared.sought.wanted;
            blockers.extend(declared.sought.blockers(self.people));
            let name = Piece::plain(&group.name.value);
            if self.hidden(Topic::Members).is_none() {
                let moves = moves(self.people, observed.map(|(ix, _)| ix), wanted);
                self.members(&name, &moves, group.origin);
            } else if let Some(what) = self.held(phrase!["see that ", name], wanted) {
                self.ask_unseen(group.origin, what, GROUP, family);
            }
            group.members = Members::Leave;
            group.automatic = None;
        }
        if let Some(family) = self.unwritten(Topic::Computers)
            && is_said(&group.computers)
        {
            let computers = group.computers.listed().iter().map(|login| Piece::plain(&login.value)).collect();
            let what = phrase!["see that the computers of ", Piece::plain(&group.name.value), " are "];
            self.ask_unseen(group.origin, what.list(some(computers)), GROUP, family);
            group.computers = Members::Leave;
        }
        if let Some(family) = self.hidden(Topic::Groups) {
            // Whose members somebody sees to is there.
            if self.manual.len() == asked || group.state != GroupState::Present || !group.formerly.is_empty()
            {
                self.unlisted(&group, family);
            }
            return None;
        }
        self.unless_unseen_leave(group, observed.map(|(_, observed)| observed))
    }

    /// The group, unless it is to be deleted and nobody sees who leaves with it.
    fn unless_unseen_leave(
        &mut self,
        group: DesiredGroup,
        observed: Option<&ObservedGroup>,
    ) -> Option<DesiredGroup> {
        let unseen = group.state != GroupState::Present && observed.is_some();
        match self.hidden(Topic::Members).filter(|_| unseen) {
            Some(family) => {
                let name = Piece::plain(&group.name.value);
                let what = phrase!["delete ", name, " once it is clear who leaves it"];
                self.ask_unseen(group.origin, what, GROUP, family);
                None
            }
            None => Some(group),
        }
    }

    /// A group that may be there or not.
    fn unlisted(&mut self, group: &DesiredGroup, family: Family) {
        let name = Piece::plain(&group.name.value);
        let former = group.formerly.iter().map(|former| Piece::plain(&former.value));
        let what = match group.state {
            GroupState::Deleted(_) => phrase!["see that the group ", name, " is gone"],
            GroupState::Present if !group.formerly.is_empty() => {
                phrase!["see that the group ", name, " is called so, and no longer "].list(former)
            }
            GroupState::Present => phrase!["see that there is the group ", name],
        };
        self.ask_unseen(group.origin, what, GROUPS, family);
    }

    /// Groups that only users name.
    fn named_only(&mut self, fits: &GroupFits<'a>, naming: &Naming<'a>, settled: &mut BTreeSet<&'a str>) {
        if self.unwritten(Topic::Members).is_none() {
            return;
        }
        let unlisted = self.hidden(Topic::Groups).is_some();
        let declared: BTreeSet<&str> =
            self.people.desired.groups.iter().map(|group| group.name.value.key()).collect();
        for (key, naming) in naming.iter().filter(|(key, _)| !declared.contains(*key)) {
            let Some(first) = naming.first() else { continue };
            let seen = fits.found(first.group, &GroupSource::App);
            match (unlisted, seen.map(|ix| &self.people.observed.group(ix).source)) {
                (_, Some(GroupSource::App)) => {}
                (true, Some(GroupSource::Scim)) | (false, _) => continue,
                (true, _) => {}
            }
            settled.insert(key);
            let wanted = Wanted::named(self.people, naming);
            let name = Piece::plain(first.group);
            if let Some(ix) = seen.filter(|_| !unlisted) {
                // Mentioned, so that no policy on what is not mentioned touches it.
                let name = Located::new(self.people.observed.group(ix).name.clone(), first.origin);
                self.desired.groups.push(DesiredGroup::new(name));
            }
            match (self.hidden(Topic::Members), self.held(phrase!["see that ", name.clone()], &wanted)) {
                (None, _) => self.members(&name, &moves(self.people, seen, &wanted), first.origin),
                (Some(family), Some(what)) => self.ask_unseen(first.origin, what, GROUP, family),
                (Some(_), None) => {}
            }
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

    /// Ends a sentence with whom a group is to hold; none where nothing says so.
    fn held(&self, sentence: Phrase, wanted: &Wanted<'_>) -> Option<Phrase> {
        let persons = || self.labels(wanted.persons());
        match (wanted.whole(), wanted.persons().len()) {
            (Whole::No, 0) => None,
            (Whole::Yes, 0) => Some(sentence.then(" holds nobody")),
            (Whole::Yes, _) => Some(sentence.then(" holds exactly ").list(persons())),
            (Whole::No, _) => Some(sentence.then(" holds ").list(persons())),
        }
    }

    pub(super) fn labels(&self, persons: impl Iterator<Item = Person>) -> Vec<Piece> {
        some(persons.map(|person| Piece::from(self.people.label(person))).collect())
    }
}

/// What of a group that is to fill itself is asked for where nothing shows whether it does: that whoever is named is in it. It is
/// mentioned all the same, so that no policy on what is not mentioned touches it.
fn put_in_by_hand(group: &DesiredGroup, held: &ObservedGroup) -> DesiredGroup {
    let mut entry = DesiredGroup::new(Located::new(held.name.clone(), group.name.origin));
    let also = group.automatic.as_ref().map_or(&[][..], |automatic| &automatic.also);
    let named: Vec<_> = group.members.listed().iter().chain(also).cloned().collect();
    if !named.is_empty() {
        entry.members = Members::AtLeast(named);
    }
    entry
}
