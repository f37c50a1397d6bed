//! Who is wanted in every declared group? Groups that copy others come after those.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::model::{
    DeclaredSource, DesiredGroup, GroupIx, GroupName, GroupSource, GroupState, Located, Members, Phrase,
    Piece, Topic,
};
use crate::phrase;
use crate::plan::blocker::Blocker;
use crate::plan::findings::Findings;
use crate::plan::membership::automatic::{Matches, matches};
use crate::plan::membership::copied::{self, Copied, Nowhere};
use crate::plan::membership::named;
use crate::plan::membership::wanted::{Naming, Wanted, Whole};
use crate::plan::people::{People, Referred, Unfound};
use crate::plan::person::Person;
use crate::plan::resolve::groups::GroupFits;

/// Who is wanted in a group, and what speaks against saying so.
pub(in crate::plan) struct Sought<'a> {
    /// Who is.
    pub(in crate::plan) wanted: Wanted<'a>,
    /// The references that mean nobody.
    unfound: Vec<Unfound<'a>>,
    /// What the groups come to that it copies.
    pub(in crate::plan) copied: Copied<'a>,
}

impl<'a> Sought<'a> {
    /// References and names that lead nowhere, as blockers.
    pub(in crate::plan) fn blockers(&self, people: &People<'a>) -> Vec<Blocker> {
        let users = self.unfound.iter().map(|unfound| people.blocker(*unfound));
        users.chain(self.copied.nowhere.iter().map(|nowhere| copied::blocker(people, nowhere))).collect()
    }

    /// Says why nobody leaves a group that copies others.
    pub(in crate::plan) fn say_doubts(&self, group: &DesiredGroup, findings: &mut Findings) {
        if self.copied.doubts.is_empty() || matches!(group.members, Members::AtLeast(_)) {
            return;
        }
        let message = phrase!["nobody leaves ", Piece::plain(&group.name.value), ": "];
        let mut doubts = self.copied.doubts.iter();
        let first = doubts.next().cloned().unwrap_or_default();
        let doubts = doubts.fold(first, |all, one| all.then(", and ").joined(one.clone()));
        findings.notice(self.wanted.rule_origin(), message.joined(doubts));
    }
}

/// Who is wanted in each declared group, by position in `Desired::groups`.
pub(in crate::plan) fn sought<'a>(
    people: &People<'a>,
    fits: &GroupFits<'a>,
    naming: &Naming<'a>,
    findings: &mut Findings,
) -> Vec<Sought<'a>> {
    findings.blockers.extend(named::blockers(people));
    let matches = matches(people, findings);
    let groups = &people.desired.groups;
    let names = names(groups);
    let mut done: Vec<Option<Sought<'a>>> = groups.iter().map(|_| None).collect();
    for wave in waves(groups, &names) {
        let sources = Sources { people, fits, naming, matches: &matches, names: &names, done: &done };
        let new: Vec<Sought<'a>> = wave.par_iter().map(|at| sources.sought(*at)).collect();
        for (at, sought) in wave.into_iter().zip(new) {
            done[at] = Some(sought);
        }
    }
    done.into_iter().flatten().collect()
}

/// Positions of declared groups by what they are called; only where a group copies others.
fn names(groups: &[DesiredGroup]) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    if groups.iter().all(|group| group.copied().is_empty()) {
        return names;
    }
    for (at, group) in groups.iter().enumerate() {
        names.insert(group.name.value.key(), at);
    }
    for (at, group) in groups.iter().enumerate() {
        group.spellings.iter().for_each(|name| _ = names.entry(name.value.key()).or_insert(at));
    }
    names
}

/// The positions of all groups, each behind those that it copies. Groups in a circle, which manifests can't have, come last.
fn waves(groups: &[DesiredGroup], names: &BTreeMap<&str, usize>) -> Vec<Vec<usize>> {
    let mut waits: Vec<usize> = vec![0; groups.len()];
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        for source in group.copied().iter().filter_map(|name| names.get(name.value.key())) {
            waits[at] += 1;
            waiting.entry(*source).or_default().push(at);
        }
    }
    let mut wave: Vec<usize> = (0..groups.len()).filter(|at| waits[*at] == 0).collect();
    let mut waves = Vec::new();
    while !wave.is_empty() {
        let mut next = Vec::new();
        for at in wave.iter().filter_map(|at| waiting.get(at)).flatten() {
            waits[*at] -= 1;
            if waits[*at] == 0 {
                next.push(*at);
            }
        }
        waves.push(std::mem::replace(&mut wave, next));
    }
    waves.push((0..groups.len()).filter(|at| waits[*at] > 0).collect());
    waves
}

/// What groups may copy.
struct Sources<'p, 'a> {
    people: &'p People<'a>,
    fits: &'p GroupFits<'a>,
    naming: &'p Naming<'a>,
    matches: &'p Matches,
    names: &'p BTreeMap<&'a str, usize>,
    /// Of declared groups, by position, those that are settled.
    done: &'p [Option<Sought<'a>>],
}

/// The users of a group once the plan is carried out.
#[derive(Default)]
struct Source {
    persons: Vec<Person>,
    unmatched: BTreeSet<u32>,
    /// Why that is not certain.
    doubt: Option<Phrase>,
}

impl<'a> Sources<'_, 'a> {
    fn sought(&self, at: usize) -> Sought<'a> {
        let group = &self.people.desired.groups[at];
        let copied = self.copied(group);
        let (wanted, unfound) =
            Wanted::sought(self.people, group, (self.matches.of(at), &copied), self.naming);
        Sought { wanted, unfound, copied }
    }

    fn copied(&self, group: &'a DesiredGroup) -> Copied<'a> {
        let mut all = Copied::default();
        for (place, name) in (0..).zip(group.copied()) {
            match self.source(name) {
                Ok(Source { persons, mut unmatched, doubt }) => {
                    all.persons.extend(persons.into_iter().map(|person| (person, place)));
                    all.unmatched.append(&mut unmatched);
                    all.doubts.extend(doubt);
                }
                Err(nowhere) => all.nowhere.push(nowhere),
            }
        }
        all.persons.sort_unstable();
        all.persons.dedup_by_key(|(person, _)| *person);
        all
    }

    fn source(&self, name: &'a Located<GroupName>) -> Result<Source, Nowhere<'a>> {
        if let Some(at) = self.names.get(name.value.key()) {
            return Ok(self.declared(*at));
        }
        let found: Vec<GroupIx> = self.fits.all_named(&name.value).collect();
        match found[..] {
            [ix] => match self.fits.renamed_to(ix) {
                Some(at) => Err(Nowhere::Renamed(name, &self.people.desired.groups[at].name.value)),
                None => Ok(self.undeclared(ix)),
            },
            [] if self.people.observed.reach.hidden(Topic::Groups).is_some() => {
                let name = Piece::plain(&name.value);
                let doubt = phrase!["these keys do not show whether there is a group ", name];
                Ok(Source { doubt: Some(doubt), ..Source::default() })
            }
            [] => Err(Nowhere::Unknown(name)),
            _ => Err(Nowhere::Several(name, found)),
        }
    }

    /// A declared group: those wanted in it, and of others those who stay.
    fn declared(&self, at: usize) -> Source {
        let (group, fit) = (&self.people.desired.groups[at], self.fits.of(at));
        let name = Piece::plain(&group.name.value);
        let Some(sought) = self.done[at].as_ref().filter(|_| group.state == GroupState::Present) else {
            let doubt = phrase!["who is in ", name, " can't be said"];
            return Source { doubt: Some(doubt), ..Source::default() };
        };
        // An HR group of another name is another group.
        let former = fit.former.filter(|_| group.source != Some(DeclaredSource::Hr));
        let ix = fit.here.or(former);
        let is_whole = sought.wanted.whole() == Whole::Yes;
        // Who was put by hand into a group that fills itself stays, unless a list names all of those.
        let names_some = !matches!(group.members, Members::Exactly(_));
        let stays = |person: &Person| {
            let is_kept = self.people.is_in_question(*person)
                || sought.wanted.leaves_alone(*person)
                || ix.is_some_and(|ix| self.is_by_hand(ix, *person) && names_some);
            self.people.is_staying(*person) && (!is_whole || is_kept)
        };
        let present = ix.into_iter().flat_map(|ix| self.people.observed.members(ix)).map(Person::Known);
        let persons = sought.wanted.persons().chain(present.filter(stays)).collect();
        let doubt = if sought.wanted.is_doubtful() {
            Some(phrase!["who is in ", name, " is not certain"])
        } else {
            ix.filter(|ix| !is_whole && self.is_unseen(*ix)).map(|_| unseen(name))
        };
        Source { persons, unmatched: sought.wanted.unmatched_at().clone(), doubt }
    }

    /// Whether somebody was put by hand into a group that fills itself.
    fn is_by_hand(&self, ix: GroupIx, person: Person) -> bool {
        let Person::Known(user) = person else { return false };
        let observed = self.people.observed;
        observed.group(ix).filling.is_some()
            && observed.by_hand(ix).is_some_and(|by_hand| by_hand.binary_search(&user).is_ok())
    }

    /// A group that no manifest declares: whoever is in it and stays, and those who name it.
    fn undeclared(&self, ix: GroupIx) -> Source {
        let people = self.people;
        let group = people.observed.group(ix);
        let left_out: Vec<Person> = people
            .desired
            .leave_out
            .iter()
            .filter(|left| group.source == GroupSource::Hr && left.group.value == group.name)
            .filter_map(|left| match people.seek(&left.user) {
                Ok(Referred::Person(person)) => Some(person),
                _ => None,
            })
            .collect();
        let stays = |person: &Person| people.is_staying(*person) && !left_out.contains(person);
        let present = people.observed.members(ix).map(Person::Known).filter(stays);
        let named = self.naming.get(group.name.key()).filter(|_| group.source == GroupSource::App);
        let named = named.map_or(&[][..], Vec::as_slice);
        let wanted = Wanted::named(people, named);
        let persons = present.chain(wanted.persons()).collect();
        let name = Piece::plain(&group.name);
        let doubt = if self.is_unseen(ix) {
            Some(unseen(name))
        } else {
            wanted.is_doubtful().then(|| phrase!["who is in ", name, " is not certain"])
        };
        Source { persons, unmatched: wanted.unmatched_at().clone(), doubt }
    }

    /// Whether the keys don't show who is in a group; the identity provider's own are always shown whole.
    fn is_unseen(&self, ix: GroupIx) -> bool {
        let hidden = |topic| self.people.observed.reach.hidden(topic).is_some();
        match self.people.observed.group(ix).source {
            GroupSource::Scim => false,
            GroupSource::Hr => hidden(Topic::HrGroups) || hidden(Topic::Members),
            GroupSource::App | GroupSource::Directory | GroupSource::Automatic | GroupSource::Foreign(_) => {
                hidden(Topic::Members)
            }
        }
    }
}

fn unseen(name: Piece) -> Phrase {
    phrase!["these keys do not show who is in ", name]
}
