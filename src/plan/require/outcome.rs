//! What became of a requirement?

use crate::model::{GroupId, Located, Origin, Phrase, Piece, Requirement};

/// Where a requirement is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// In these manifests.
    Head,
    /// In those of the base branch, and not in these.
    Base,
}

/// What a requirement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Users.
    Users,
    /// Members of a group.
    Members,
    /// Exclusions.
    Exclusions,
}

impl Counts {
    /// The word for so many.
    pub const fn word(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Users, 1) => "user",
            (Self::Users, _) => "users",
            (Self::Members, 1) => "member",
            (Self::Members, _) => "members",
            (Self::Exclusions, 1) => "exclusion",
            (Self::Exclusions, _) => "exclusions",
        }
    }
}

/// Somebody, or an exclusion, that breaks a requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// Who.
    pub who: Piece,
    /// Why.
    pub why: Phrase,
    /// Where a manifest says the user, if one does.
    pub origin: Origin,
}

/// A requirement, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What people call it.
    pub name: Box<str>,
    /// Where it is written; nowhere for one of the base.
    pub origin: Origin,
    /// On which side.
    pub side: Side,
    /// What it counts.
    pub counts: Counts,
    /// How many it is about.
    pub asked: usize,
    /// Everybody who breaks it, sorted.
    pub breaches: Vec<Breach>,
    /// Users whom no manifest mentions, and who may be among those it is about: nothing says what it looks at.
    pub unseen: usize,
    /// Why nobody can tell whether it holds.
    pub doubt: Option<Phrase>,
    /// The groups of the account that it looks at.
    pub groups: Vec<GroupId>,
}

impl Judged {
    /// A requirement of which nothing is said yet; of the base nothing is shown of where it is written.
    pub(in crate::plan) fn begun(requirement: &Located<Requirement>, side: Side) -> Self {
        Self {
            name: requirement.value.name.clone(),
            origin: if side == Side::Head { requirement.origin } else { Origin::NONE },
            side,
            counts: Counts::Users,
            asked: 0,
            breaches: Vec::new(),
            unseen: 0,
            doubt: None,
            groups: Vec::new(),
        }
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.doubt.is_none() && self.breaches.is_empty()
    }
}
