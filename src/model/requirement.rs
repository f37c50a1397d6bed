//! What must hold of an account after every plan: the rules of `policy.require`.

use crate::model::name::GroupName;
use crate::model::origin::Located;
use crate::model::record::{Activation, Tracking};
use crate::model::rule::Rule;

/// A rule that must hold after every plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// What people call it.
    pub name: Box<str>,
    /// What must hold.
    pub must: Must,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Must {
    /// These users are tracked, or none of them is.
    Track {
        /// Who.
        users: Whom,
        /// The state that each has.
        state: Tracking,
    },
    /// These users may log in at a learning platform, or none of them may.
    LogIn {
        /// Who.
        users: Whom,
        /// The state that each has.
        state: Activation,
    },
    /// These users are in so many groups at least.
    Join {
        /// Who.
        users: Whom,
        /// How many.
        at_least: u64,
        /// Of these groups; of all, if none is named.
        of: Vec<Located<GroupName>>,
    },
    /// A group holds nobody but those who match.
    Within {
        /// The group.
        group: Located<GroupName>,
        /// Who may be in it.
        rule: Located<Rule>,
    },
    /// Every exclusion matches a login or an identifier of some user.
    MatchSomeone,
}

/// Whom a requirement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Every user of the account.
    All,
    /// Those who match.
    Matching(Located<Rule>),
}

impl Requirement {
    /// The rules over users that it holds.
    pub fn rules(&self) -> impl Iterator<Item = &Located<Rule>> {
        let rule = match &self.must {
            Must::Track { users: Whom::Matching(rule), .. }
            | Must::LogIn { users: Whom::Matching(rule), .. }
            | Must::Join { users: Whom::Matching(rule), .. }
            | Must::Within { rule, .. } => Some(rule),
            Must::Track { users: Whom::All, .. }
            | Must::LogIn { users: Whom::All, .. }
            | Must::Join { users: Whom::All, .. }
            | Must::MatchSomeone => None,
        };
        rule.into_iter()
    }
}
