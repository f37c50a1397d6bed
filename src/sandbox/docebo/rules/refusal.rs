//! Why is something not done?

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The request makes no sense or breaks a rule.
    #[error("{0}")]
    Invalid(String),
    /// It is about something that is not there.
    #[error("{0} was not found")]
    NotFound(String),
}

impl Refusal {
    /// A request that breaks a rule.
    pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
        Refusal::Invalid(message.into())
    }
}
