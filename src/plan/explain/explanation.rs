//! What is said of one user or computer.

use crate::model::{
    ChangeId, GroupName, GroupSource, Integration, Login, Origin, Phrase, Piece, Reference, Status, Tracking,
    UserId, UserLabel,
};

/// Whom or what is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A user, as manifests refer to one.
    User(Reference),
    /// A user, and why they are in this group or not.
    UserInGroup(Reference, GroupName),
    /// A computer, by name and domain.
    Computer(Login),
    /// A group, with everybody who is in it or is to be.
    Group(GroupName),
}

/// Nobody, or more than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// Neither the manifests nor the account have it; what is close to it.
    Nobody(Vec<Phrase>),
    /// More than one has it.
    Several(Vec<Phrase>),
}

/// Everything there is to say about one user or computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Whom it is about.
    pub about: About,
    /// Where the entry starts, if there is one.
    pub origin: Origin,
    /// What is declared and what the account has, value by value.
    pub values: Vec<Value>,
    /// Groups that it is in, or should be, by name; of who is asked about with a group, that group.
    pub groups: Vec<Belongs>,
    /// Of a group: who and what is in it, or should be. Those who are to enter come first, then those for whom nothing asks.
    pub members: Vec<Member>,
    /// The part of the plan that speaks of it.
    pub part: Part,
}

/// A user or a computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A user.
    User {
        /// As the account shows it now, else as the manifests do.
        label: UserLabel,
        /// What the entry is in the account.
        matched: Matched,
        /// What the account says of the record besides its values.
        record: Option<Record>,
    },
    /// A computer of the account.
    Computer(Login),
    /// A group, of the account or declared.
    Group {
        /// Its name.
        name: GroupName,
        /// Its source, if it is in the account.
        source: Option<GroupSource>,
    },
}

/// What a declared user is in the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matched {
    /// No manifest has an entry for the record.
    Undeclared,
    /// A record, by these identifiers; by its display name if there are none.
    Record(UserId, Vec<Piece>),
    /// Nobody yet: it would be created.
    New,
    /// Nobody yet, and no user is created from here.
    ByHand,
    /// Nobody, and nobody is to be: the order is done, or the user may not log in anyway.
    Gone,
    /// Nobody: only rows of exports name the user, and they are left out.
    LeftOut,
    /// Unknown: a blocker says why.
    Blocked,
}

/// What the account says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its status, if the account shows one that is known.
    pub status: Option<Status>,
    /// Whether activity is collected.
    pub tracking: Tracking,
    /// Its agents.
    pub agents: Vec<Login>,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The field, as a reader knows it.
    pub field: &'static str,
    /// The value.
    pub value: Piece,
    /// Who has it.
    pub held: Held,
    /// The integration that set it last, if one did.
    pub set_by: Option<Integration>,
    /// Where it is declared.
    pub origin: Origin,
}

/// Which side has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Both.
    Both,
    /// It is declared, and the account does not have it.
    Declared,
    /// The account has it, and no manifest says it.
    Account,
    /// It is declared and never sent: an attribute, an order.
    Located,
    /// It is declared, and the keys don't show whether the account has it.
    Unseen,
}

/// A group and why somebody is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belongs {
    /// The group.
    pub group: GroupName,
    /// Its source, if it is in the account.
    pub source: Option<GroupSource>,
    /// Whether it is a member now.
    pub now: Now,
    /// What asks for it, and where.
    pub reasons: Vec<(Reason, Origin)>,
    /// Why nothing does, where that was asked.
    pub why_not: Option<(WhyNot, Origin)>,
}

/// Why nobody asks for a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// No list, no entry and no row names the user there, and the group has no rule.
    NotNamed,
    /// The rule of the group does not hold, because of this.
    Rule(Phrase),
    /// The group has the users of other groups, and the user is in none of them.
    Copied(Phrase),
    /// The user is removed by an order.
    Removed,
    /// No manifest declares the group.
    Undeclared,
}

/// Somebody or something that is in a group, or should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The user or computer.
    pub who: Piece,
    /// Whether it is in the group now.
    pub now: Now,
    /// What asks for it, and where.
    pub reasons: Vec<(Reason, Origin)>,
}

impl Member {
    /// Whether something asks for it.
    pub fn is_wanted(&self) -> bool {
        self.reasons.iter().any(|(reason, _)| reason.puts_in())
    }
}

/// Whether somebody is in a group now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// A member.
    Inside,
    /// No member.
    Outside,
    /// The keys don't show it.
    Unseen,
}

/// What puts somebody into a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The user's own entry names the group.
    OwnEntry,
    /// The group lists it.
    List,
    /// The group's rule does, whatever it says of the user.
    Also,
    /// The group's rule holds for the user, because of this.
    Rule(Phrase),
    /// The group has the users of another, which the user is in once the plan is carried out.
    Copied(Phrase),
    /// The group's `except` leaves the user out, whatever it says.
    Except,
}

impl Reason {
    /// Whether it puts somebody into the group.
    pub const fn puts_in(&self) -> bool {
        !matches!(self, Self::Except)
    }
}

/// The part of a plan that speaks of somebody, by positions in the plan's lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// Its own changes.
    pub changes: Vec<ChangeId>,
    /// Facts and sentences of other changes.
    pub elsewhere: Vec<Elsewhere>,
    /// Violations.
    pub violations: Vec<usize>,
    /// Blockers.
    pub blockers: Vec<usize>,
    /// Steps by hand.
    pub manual: Vec<usize>,
    /// What to know.
    pub notices: Vec<usize>,
}

/// Facts and sentences of another object's change, by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The change.
    pub change: ChangeId,
    /// Its facts.
    pub facts: Vec<usize>,
    /// Its sentences.
    pub notes: Vec<usize>,
}
