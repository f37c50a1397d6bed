//! The rule of an automatic group: who enters and leaves it as they match.

use jiff::civil::Date;

use crate::model::name::AttributeName;
use crate::model::origin::Located;
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

/// Reads a day as manifests write it: `2026-05-02`, and nothing more.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().filter(|_| text.len() == "2026-05-02".len())
}
