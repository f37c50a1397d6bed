//! What does an import have to tell?

use crate::import::unsaid::Unsaid;
use crate::model::Observed;

/// What was read, what was written, and what is not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The account's name in the manifests.
    pub account: Box<str>,
    /// Its number, where it is known.
    pub id: Option<u64>,
    /// The folder.
    pub folder: Box<str>,
    /// The file that it was made of; none if the account was read.
    pub from: Option<Box<str>>,
    /// The digest of the reading.
    pub reading: String,
    /// How much was read.
    pub read: Read,
    /// The files, sorted by path.
    pub files: Vec<Written>,
    /// What they don't say, sorted by kind.
    pub unsaid: Vec<Unsaid>,
}

/// How much of an account was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// Users.
    pub users: usize,
    /// Groups of every source.
    pub groups: usize,
    /// Global Do Not Track rules.
    pub exclusions: usize,
    /// Computers.
    pub computers: usize,
}

impl Read {
    /// How much a reading holds.
    pub fn of(observed: &Observed) -> Self {
        Self {
            users: observed.users.len(),
            groups: observed.groups.len(),
            exclusions: observed.exclusions.len(),
            computers: observed.computers.len(),
        }
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its path below the folder.
    pub path: Box<str>,
    /// Its entries of users, groups and exclusions.
    pub entries: [usize; 3],
}
