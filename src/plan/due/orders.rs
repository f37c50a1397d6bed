//! The orders that a plan carries out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Afterwards, Login, Observed, Origin, Piece, UserIx};
use crate::plan::blocker::Blocker;
use crate::plan::due::lift::Lift;
use crate::plan::notice::{Manual, Notice};
use crate::plan::person::Person;

/// The orders that a plan carries out, and what is to be said of the others.
#[derive(Debug, Default)]
pub(in crate::plan) struct Orders {
    /// Users to be removed, with the position of their entry.
    pub(in crate::plan) removed: BTreeMap<UserIx, (u32, Afterwards)>,
    /// Users whose history is to be erased, with the position of their entry.
    pub(in crate::plan) erased: BTreeMap<UserIx, u32>,
    /// What is lifted of removed users, be it in this run or in one before, by the position of their entry.
    pub(in crate::plan) unblocked: BTreeMap<u32, Lift>,
    pub(in crate::plan) blockers: Vec<Blocker>,
    pub(in crate::plan) notices: Vec<Notice>,
    /// Orders of rows of exports that do nothing any more, by their exports, their keys and why: how many, and the first.
    pub(super) settled: BTreeMap<(Box<str>, &'static str, Settled), (usize, Origin)>,
    /// Orders on users of an account that has no place for them.
    pub(super) elsewhere: Vec<(Origin, Piece)>,
    /// What the keys do not carry.
    pub(in crate::plan) manual: Vec<Manual>,
    /// Users whom somebody has to remove.
    pub(super) removed_by_hand: BTreeSet<UserIx>,
}

/// Why an order does nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Settled {
    /// It is carried out.
    Done,
    /// It is too old.
    Expired,
}

impl Settled {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Expired => "too old, and does nothing",
        }
    }
}

impl Orders {
    /// What becomes of the identifiers of a person who is to be removed; none for anybody else.
    pub(in crate::plan) fn removal(&self, person: Person) -> Option<Afterwards> {
        let Person::Known(ix) = person else { return None };
        self.removed.get(&ix).map(|(_, afterwards)| *afterwards)
    }

    /// Whether a person is to be removed, be it by hand: who is leaves every group by that, and joins none.
    pub(in crate::plan) fn is_going(&self, person: Person) -> bool {
        let Person::Known(ix) = person else { return false };
        self.removed.contains_key(&ix) || self.removed_by_hand.contains(&ix)
    }

    /// The users to be removed.
    pub(in crate::plan) fn removed(&self) -> impl Iterator<Item = UserIx> + '_ {
        self.removed.keys().copied()
    }

    /// The users who lose their history, be it with their record.
    pub(in crate::plan) fn lose_history(&self) -> impl Iterator<Item = UserIx> + '_ {
        self.removed.keys().chain(self.erased.keys()).copied()
    }

    /// The entries whose block is lifted.
    pub(in crate::plan) fn unblocked(&self) -> impl Iterator<Item = u32> + '_ {
        self.unblocked.keys().copied()
    }

    /// The rules that each entry whose block is lifted takes away.
    pub(in crate::plan) fn lifts(&self) -> impl Iterator<Item = (u32, &BTreeSet<Login>)> {
        self.unblocked.iter().map(|(at, lift)| (*at, lift.rules()))
    }

    /// The rules of the account that lifted blocks take away.
    pub(in crate::plan) fn lifted_rules(&self) -> BTreeSet<&Login> {
        self.unblocked.values().flat_map(Lift::standing).collect()
    }

    /// How many licences are freed: one an agent.
    pub(in crate::plan) fn licences(&self, observed: &Observed) -> usize {
        self.lose_history().map(|ix| observed.user(ix).agents.len()).sum()
    }
}
