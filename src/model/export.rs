//! What was read of an HR export, and what becomes of the people whom only exports name.

use crate::model::name::{AttributeName, GroupName};
use crate::model::origin::{Located, Origin};
use crate::model::policy::Limit;
use crate::model::reference::Reference;

/// An HR export that was read. Its people are entries of `Desired::users`, who name its groups; they are declared in
/// `Desired::groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Where the manifests declare it.
    pub origin: Origin,
    /// Its name.
    pub name: Box<str>,
    /// The file, as shown.
    pub file: Box<str>,
    /// SHA-256 of the file's bytes.
    pub sha256: [u8; 32],
    /// How much of it counts.
    pub rows: Rows,
    /// The attributes that its columns give.
    pub attributes: Vec<AttributeName>,
    /// The groups that its rows name, sorted, each where it is named first.
    pub groups: Vec<Located<GroupName>>,
    /// Whom `where` and `unless` leave out, unless another row of theirs counts.
    pub left_out: Vec<LeftOut>,
    /// What manifests ask of it.
    pub bounds: Bounds,
}

/// A row that `where` or `unless` leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The cell for which it does.
    pub origin: Origin,
    /// Whom the row is about, what finds its user first.
    pub who: Vec<Reference>,
    /// The column of the cell.
    pub column: Box<str>,
    /// What it says.
    pub value: Box<str>,
    /// The key that leaves it out.
    pub by: &'static str,
}

/// What manifests ask of an export before it is believed: a base branch may have asked for more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// How many members its groups, one by one and together, may lose by no row naming them.
    pub shrink: Limit,
    /// Rows that count, at least.
    pub rows: u64,
    /// Groups that they name, at least.
    pub groups: u64,
    /// What becomes of rows that match nobody.
    pub missing: Missing,
    /// What is asked of rows, sorted.
    pub only: Vec<Condition>,
}

/// What is asked of the rows of an export in one column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// The key that asks it.
    pub key: &'static str,
    /// The column: folded.
    pub column: Box<str>,
    /// The values for which it holds: folded.
    pub values: Vec<Box<str>>,
}

/// The rows of an export, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rows {
    /// Rows that name a user and count.
    pub read: u64,
    /// Of these, rows that name no group.
    pub without_group: u64,
    /// Rows that `where` or `unless` leaves out.
    pub left_out: u64,
    /// Rows of people another row of whom is their primary one.
    pub not_primary: u64,
    /// Rows between those of users that sum up or head others.
    pub subtotals: u64,
    /// Names that something is cut off of.
    pub cut_names: u64,
    /// Rows that say that their user is not tracked.
    pub untracked: u64,
    /// Rows that order that their user is removed.
    pub removing: u64,
    /// Rows that order that the history of their user is erased.
    pub erasing: u64,
    /// Rows below the last user that can be none.
    pub footers: u64,
}

/// What becomes of an entry that no record of the account matches. Of two words on one entry the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Missing {
    /// The user is created: manifests, and exports with `create: true`.
    #[default]
    Create,
    /// It blocks the plan.
    Block,
    /// It is named in the plan and left out of its groups.
    List,
}
