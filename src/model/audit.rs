//! What does an account's own log say of who did what?

use jiff::Timestamp;

/// An entry of the audit log, in the account's own words. No document says how events are called, or how a description names what it
/// is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number.
    pub id: u64,
    /// When it happened; none where the account says no moment.
    pub time: Option<Timestamp>,
    /// Who did it, as they log in; empty where the account does not say.
    pub user: Box<str>,
    /// What kind of thing it is.
    pub event: Box<str>,
    /// What was done, in words.
    pub description: Box<str>,
}
