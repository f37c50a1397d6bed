//! What does a group get of the groups that it copies?

use std::collections::BTreeSet;

use crate::diag::suggestions;
use crate::model::{GroupIx, GroupName, Located, Phrase, Piece};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::people::People;
use crate::plan::person::Person;
use crate::plan::resolve::groups::source_word;

/// How many groups a sentence names before it counts the rest.
const NAMED: usize = 3;

/// All that the groups come to which one group copies.
#[derive(Debug, Default)]
pub(in crate::plan) struct Copied<'a> {
    /// Whom, sorted, each with the position of the first group that they are in.
    pub(in crate::plan) persons: Vec<(Person, u32)>,
    /// Positions in `Desired::users` of rows that match nobody, and whose users the groups would have.
    pub(in crate::plan) unmatched: BTreeSet<u32>,
    /// Why it is not certain who is in some of the groups.
    pub(in crate::plan) doubts: Vec<Phrase>,
    /// The names that lead to no group.
    pub(in crate::plan) nowhere: Vec<Nowhere<'a>>,
}

/// A name that leads to no group, or to none alone.
#[derive(Debug)]
pub(in crate::plan) enum Nowhere<'a> {
    /// There is none.
    Unknown(&'a Located<GroupName>),
    /// The account has several.
    Several(&'a Located<GroupName>, Vec<GroupIx>),
    /// The plan gives the group another name.
    Renamed(&'a Located<GroupName>, &'a GroupName),
}

impl Copied<'_> {
    /// The position of the first group that somebody is in.
    pub(in crate::plan) fn place_of(&self, person: Person) -> Option<u32> {
        let at = self.persons.binary_search_by_key(&person, |(copied, _)| *copied).ok()?;
        self.persons.get(at).map(|(_, place)| *place)
    }

    /// How many of the groups leave open who is in them.
    pub(in crate::plan) fn doubtful(&self) -> usize {
        self.doubts.len() + self.nowhere.len()
    }
}

/// What blocks a plan because of a name in `membersOf`.
pub(in crate::plan) fn blocker(people: &People<'_>, nowhere: &Nowhere<'_>) -> Blocker {
    match nowhere {
        Nowhere::Unknown(said) => unknown(people, said),
        Nowhere::Several(said, groups) => {
            let message = phrase!["the account has several groups called ", Piece::plain(&said.value)];
            let sources = groups.iter().map(|ix| {
                let group = people.observed.group(*ix);
                phrase![Piece::plain(&group.name), " from ", source_word(&group.source)]
            });
            Blocker::new(said.origin, BlockerCode::AmbiguousGroup, message)
                .between(sources)
                .way_out("if it is one of the app, of HR or of an identity provider: declare it under `groups`, with its `source`")
                .way_out("or give one of them another name where it comes from")
        }
        Nowhere::Renamed(said, now) => {
            let message =
                phrase![Piece::plain(&said.value), " becomes ", Piece::plain(now), " in this very plan"];
            Blocker::new(said.origin, BlockerCode::UnknownGroup, message)
                .way_out("name the group as it is called afterwards")
        }
    }
}

fn unknown(people: &People<'_>, said: &Located<GroupName>) -> Blocker {
    let message = phrase![
        "`membersOf` names ",
        Piece::plain(&said.value),
        ", and there is no group of that name in the manifests or the account"
    ];
    let mut near = Vec::new();
    if people.may_look() {
        let declared = people.desired.groups.iter().map(|group| group.name.value.as_written());
        let observed = people.observed.groups.iter().map(|group| group.name.as_written());
        near = suggestions(said.value.as_written(), declared.chain(observed));
    }
    Blocker::new(said.origin, BlockerCode::UnknownGroup, message)
        .between(near.into_iter().map(|name| phrase!["did you mean ", name.to_owned(), "?"]))
        .way_out("correct the name, or declare the group")
        .way_out("or take it out of `membersOf`: whoever was in the group by it then leaves")
}

/// That somebody is in none of the groups.
pub(in crate::plan) fn in_none_of(groups: &[Located<GroupName>]) -> Phrase {
    let more = groups.len().saturating_sub(NAMED);
    let mut names: Vec<Piece> = groups.iter().take(NAMED).map(|group| Piece::plain(&group.value)).collect();
    if more > 0 {
        names.push(format!("{more} more").into());
    }
    Phrase::words(if groups.len() == 1 { "not in " } else { "in none of " }).list(names)
}
