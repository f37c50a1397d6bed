//! What do runs that were cut off leave to be known again?

use std::collections::BTreeMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::model::{DesiredUser, GroupId, Identifier, ObservedUser, UserId, hex};
use crate::plan::fingerprint::Fingerprint;

/// What stands for something that a plan makes, where it may not be named: nothing can be read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(pub [u8; Mark::BYTES]);

impl Mark {
    /// Long enough that two of a million objects never share one.
    pub const BYTES: usize = 12;

    /// Reads a mark as it is shown.
    pub fn parse(text: &str) -> Option<Self> {
        let mut mark = [0; Self::BYTES];
        if text.len() != 2 * Self::BYTES || !text.is_ascii() {
            return None;
        }
        for (at, byte) in mark.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(mark))
    }

    /// The mark of what a plan names so.
    pub(super) fn of(key: &str) -> Self {
        let hash = Sha256::new().chain_update("made\0").chain_update(key).finalize();
        let mut mark = [0; Self::BYTES];
        mark.copy_from_slice(&hash[..Self::BYTES]);
        Self(mark)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// What earlier runs tried to make.
pub type Attempts = BTreeMap<Mark, Attempt>;

/// A try to make something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The record that it got, where a user's is known.
    pub made: Option<UserId>,
    /// When its run began.
    pub began: Timestamp,
}

/// By how much the account's clock may be behind that of the machine that ran.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

impl Attempt {
    /// Whether it can have made a record that is asked to be like `entry`. Where its answer was lost, that somebody gave an
    /// older record the identifier meanwhile has to be ruled out: nobody reviewed what the entry would do to that one.
    pub(super) fn may_have_made(&self, record: &ObservedUser, entry: &DesiredUser) -> bool {
        if let Some(made) = self.made {
            return made == record.id;
        }
        let is_new = record.created.is_some_and(|created| created >= self.began - SKEW);
        let declared = |held: &Identifier| entry.identifiers().any(|said| said.value == *held);
        is_new && is_unused(record) && record.identifiers().all(|held| declared(&held))
    }
}

/// Whether no agent has ever brought data for a record.
pub(super) fn is_unused(record: &ObservedUser) -> bool {
    record.agents.is_empty() && record.deleted_agents.is_empty()
}

/// What is there of what earlier runs tried to make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unfinished {
    pub(super) users: BTreeMap<UserId, Mark>,
    pub(super) groups: BTreeMap<GroupId, Mark>,
    /// Facts of the plan about these, and what each was called in the plan that was to make them; sorted.
    pub(super) facts: Vec<(Fingerprint, Fingerprint)>,
}

impl Unfinished {
    /// The mark of a record that an earlier run tried to make.
    pub fn user(&self, id: UserId) -> Option<Mark> {
        self.users.get(&id).copied()
    }

    /// The mark of a group that an earlier run tried to make.
    pub fn group(&self, id: GroupId) -> Option<Mark> {
        self.groups.get(&id).copied()
    }

    /// What a fact was called in the plan that was to make its object, if it was called otherwise than now.
    pub fn before(&self, fact: Fingerprint) -> impl Iterator<Item = Fingerprint> + '_ {
        let from = self.facts.partition_point(|(now, _)| *now < fact);
        self.facts[from..].iter().take_while(move |(now, _)| *now == fact).map(|(_, before)| *before)
    }
}

/// Objects that an earlier run tried to make, by how they are named now.
pub(super) type Former = BTreeMap<String, Before>;

/// What the plan of a run said of an object that it was to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Before {
    /// How it was named.
    pub(super) key: String,
    /// Whether it is a user with whom untracking still is what they were to start with: nothing was collected yet.
    pub(super) starts: bool,
}
