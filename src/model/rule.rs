//! The rule of an automatic group: who enters and leaves it as they match.

use jiff::civil::Date;

use crate::model::name::AttributeName;
use crate::model::origin::Located;
use crate::model::reach::Topic;
use crate::model::text::Folded;

/// What a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An attribute declared on the user.
    Attribute(AttributeName),
    /// Any email of the user.
    Email,
    /// Any UPN of the user.
    Upn,
    /// Any employee ID of the user.
    EmployeeId,
    /// Any device login of the user.
    DeviceLogin,
    /// The display name of the user.
    DisplayName,
    /// The email address of the user's profile, where that is none of the identifiers.
    Address,
    /// The field of this label, which an administrator made.
    Field(Folded),
    /// That the user is in the branch of this code.
    Branch(Folded, Below),
    /// How far the user is in the course of this code.
    Course(Folded),
}

impl Subject {
    /// The part of the account that it belongs to; none for attributes.
    pub const fn topic(&self) -> Option<Topic> {
        match self {
            Self::Attribute(_) => None,
            Self::Email => Some(Topic::Emails),
            Self::Upn => Some(Topic::Upns),
            Self::EmployeeId => Some(Topic::EmployeeIds),
            Self::DeviceLogin => Some(Topic::DeviceLogins),
            Self::DisplayName => Some(Topic::Names),
            Self::Address => Some(Topic::Addresses),
            Self::Field(_) => Some(Topic::UserFields),
            Self::Branch(..) => Some(Topic::Branches),
            Self::Course(_) => Some(Topic::Enrollments),
        }
    }

    /// Whether it is something that only some platforms know of users, and that manifests never say.
    pub const fn is_of_platform(&self) -> bool {
        matches!(self, Self::Address | Self::Field(_) | Self::Branch(..) | Self::Course(_))
    }
}

/// Whether a branch counts with those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Below {
    /// The very branch.
    LeftOut,
    /// `descendants: true`: with every branch below it.
    Counted,
}

/// How far somebody is in a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// They wait to be let in.
    Waiting,
    /// They are in it, and have not begun.
    Enrolled,
    /// They have begun.
    InProgress,
    /// They have completed it.
    Completed,
    /// They are kept from going on.
    Suspended,
}

impl Progress {
    /// Every one, in their order.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Enrolled, Self::InProgress, Self::Completed, Self::Suspended];

    /// The word in manifests and sentences.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Enrolled => "enrolled",
            Self::InProgress => "in progress",
            Self::Completed => "completed",
            Self::Suspended => "suspended",
        }
    }
}

/// What it asks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One of these texts.
    In(Vec<Folded>),
    /// Holds this text.
    Contains(Folded),
    /// Starts with this text.
    Prefix(Folded),
    /// Ends with this text.
    Suffix(Folded),
    /// Is there, or is not.
    Exists(Presence),
    /// A date before this one.
    Before(Date),
    /// A date after this one.
    After(Date),
}

/// Whether a thing is wanted to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    Present,
    /// It is not.
    Absent,
}

/// A tree of conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Every one holds.
    All(Vec<Located<Rule>>),
    /// At least one holds.
    Any(Vec<Located<Rule>>),
    /// It does not hold.
    Not(Box<Located<Rule>>),
    /// A condition on one thing.
    Is {
        /// What is looked at.
        subject: Subject,
        /// What is asked.
        test: Test,
    },
}

impl Rule {
    /// Looks at the emails of users where it looked at the addresses of their profiles.
    pub fn look_at_emails(&mut self) {
        match self {
            Self::All(rules) | Self::Any(rules) => {
                for rule in rules {
                    rule.value.look_at_emails();
                }
            }
            Self::Not(rule) => rule.value.look_at_emails(),
            Self::Is { subject, .. } if *subject == Subject::Address => *subject = Subject::Email,
            Self::Is { .. } => {}
        }
    }

    /// Looks at every subject in it.
    pub fn subjects<'r>(&'r self, look: &mut impl FnMut(&'r Subject)) {
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().for_each(|rule| rule.value.subjects(look)),
            Self::Not(rule) => rule.value.subjects(look),
            Self::Is { subject, .. } => look(subject),
        }
    }
}

/// Reads a day as manifests write it: `2026-05-02`, and nothing more.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().filter(|_| text.len() == "2026-05-02".len())
}
