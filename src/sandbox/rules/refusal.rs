//! Why is something not done?

/// The most items of one call that takes a list. The API document gives 50 for Do Not Track rules and leaves the number
/// open elsewhere.
pub(crate) const BULK_LIMIT: usize = 50;

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The request makes no sense or breaks a rule.
    #[error("{0}")]
    Invalid(String),
    /// It is about something that is not there.
    #[error("{0} was not found")]
    NotFound(String),
    /// It would make two of what there can be one of.
    #[error("{0}")]
    Conflict(String),
    /// It was written about an older record.
    #[error("revision {asked} is stale: the entity is at revision {current}")]
    Stale {
        /// The revision of the request.
        asked: u64,
        /// The revision of the record.
        current: u64,
    },
}

impl Refusal {
    /// A request that breaks a rule.
    pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::Invalid(message.into())
    }
}

/// Refuses an empty list and one over the limit.
pub(crate) fn within_limit<T>(what: &str, items: &[T]) -> Result<(), Refusal> {
    match items.len() {
        0 => Err(Refusal::Invalid(format!("no {what} given"))),
        1..=BULK_LIMIT => Ok(()),
        count => Err(Refusal::Invalid(format!("{count} {what} given, the maximum is {BULK_LIMIT}"))),
    }
}
