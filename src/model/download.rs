//! The app's group download, where it stands in for a reading of the account: groups, and how many agents are in each.

use jiff::Timestamp;

use crate::model::name::GroupName;
use crate::model::observed::{GroupIx, Observed};

/// A download that stands in for a reading. It shows agents, not users: who is in a group is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its groups, as an account without users that can be seen.
    pub account: Observed,
    /// How many user agents are in each group, by position.
    pub agents: Vec<usize>,
    /// When it was made.
    pub made: Timestamp,
    /// Whether the key is of the same account.
    pub key: KeyProof,
    /// The last upload that was sent so.
    pub earlier: Option<Earlier>,
}

impl Download {
    /// How many user agents are in a group.
    pub fn agents_in(&self, group: GroupIx) -> usize {
        self.agents.get(group.0 as usize).copied().unwrap_or_default()
    }
}

/// Whether the key opens the account that a download is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProof {
    /// The account answers the same groups.
    SameGroups,
    /// It answers nothing that could be compared.
    None,
}

/// An upload that an earlier run sent without seeing what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// When it was sent.
    pub sent: Timestamp,
    /// The SHA-256 of its file.
    pub sha256: [u8; 32],
    /// The HR groups that it leaves in the account.
    pub groups: Vec<GroupName>,
    /// What it tells that the account has these groups.
    pub evidence: Evidence,
}

/// What tells that an upload came about, besides time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Its groups: the account had others before.
    Groups,
    /// That the account accepted it, and no more: it had the same groups before.
    Answer,
    /// Nothing: no answer was seen, and the account had the same groups before.
    Nothing,
}
