//! What became of a write: first by its answer, in the account's words, then by what the account shows.

use serde::Deserialize;

use crate::account::error::ReadError;
use crate::http::{Error, Fate, Shut, StatusCode, in_words};
use crate::model::Outcome;

/// What became of a write.
#[derive(Debug)]
pub(in crate::account) enum Sent<T> {
    /// The account accepted it.
    Accepted(T),
    /// It was certainly not carried out.
    Refused {
        /// The status, where the account answered.
        status: Option<StatusCode>,
        /// Why.
        refusal: Refusal,
    },
    /// Nobody knows: look.
    Unknown(String),
}

/// Why a write was certainly not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account) enum Refusal {
    /// The account said so, or could not be reached.
    Located(String),
    /// The account takes no more requests: this one did not leave.
    Full(String),
    /// The run was stopped: this one did not leave.
    NotTried(String),
}

impl Refusal {
    /// What becomes of a step.
    pub(in crate::account) fn outcome(self) -> Outcome {
        match self {
            Self::Located(reason) | Self::Full(reason) => Outcome::Failed(reason),
            Self::NotTried(_) => Outcome::NotAttempted,
        }
    }

    /// In words.
    pub(in crate::account) fn words(self) -> String {
        match self {
            Self::Located(reason) | Self::Full(reason) | Self::NotTried(reason) => reason,
        }
    }
}

impl<T> From<Result<T, ReadError>> for Sent<T> {
    fn from(result: Result<T, ReadError>) -> Self {
        let error = match result {
            Ok(answer) => return Self::Accepted(answer),
            Err(error) => error,
        };
        let (fate, status) = match &error {
            ReadError::Http(error) => (error.fate(), error.status()),
            ReadError::Denied { status, .. } => (Fate::TurnedDown, Some(*status)),
            ReadError::NoKey(_) => (Fate::NotSent, None),
            ReadError::Interrupted
            | ReadError::Unproved(_)
            | ReadError::WrongAccount { .. }
            | ReadError::UnprovedAccount { .. }
            | ReadError::NoAccountNumber
            | ReadError::NoToken
            | ReadError::SameNumber
            | ReadError::NoAuditLog
            | ReadError::OnlyLists
            | ReadError::Readable(_)
            | ReadError::OtherDownload { .. } => (Fate::Unknown, None),
        };
        let reason = words(&error);
        match (&error, fate) {
            (ReadError::Http(Error::Shut { why: Shut::Full, .. }), _) => {
                Self::Refused { status, refusal: Refusal::Full(reason) }
            }
            (ReadError::Http(Error::Shut { .. } | Error::Unnoted { .. }), _) => {
                Self::Refused { status, refusal: Refusal::NotTried(reason) }
            }
            (_, Fate::NotSent | Fate::TurnedDown) => {
                Self::Refused { status, refusal: Refusal::Located(reason) }
            }
            (_, Fate::Unknown) => Self::Unknown(reason),
        }
    }
}

/// What the account said to one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account) enum Reply {
    /// Accepted.
    Accepted,
    /// Certainly not carried out.
    Refused(Refusal),
    /// Sent, and the answer was lost.
    Lost(String),
}

impl<T> Sent<T> {
    /// What it says to every step of the request.
    pub(in crate::account) fn reply(&self) -> Reply {
        match self {
            Self::Accepted(_) => Reply::Accepted,
            Self::Refused { refusal, .. } => Reply::Refused(refusal.clone()),
            Self::Unknown(reason) => Reply::Lost(reason.clone()),
        }
    }
}

impl Reply {
    /// What it says of a request that was sent before: where the answer was lost then, and it is not tried again, that stays open.
    pub(in crate::account) fn after(self, earlier: &Self) -> Self {
        match (self, earlier) {
            (Self::Refused(Refusal::NotTried(why) | Refusal::Full(why)), Self::Lost(reason)) => {
                Self::Lost(format!("{reason}; then {why}"))
            }
            (reply, _) => reply,
        }
    }

    /// The account shows what was asked for: a request whose answer was lost was carried out.
    pub(in crate::account) const fn met(&self) -> Outcome {
        match self {
            Self::Accepted | Self::Lost(_) => Outcome::Applied,
            Self::Refused(_) => Outcome::AlreadyTrue,
        }
    }

    /// The account does not show what was asked for.
    pub(in crate::account) fn unmet(self, asked: impl Into<String>, answered: impl Into<String>) -> Outcome {
        match self {
            Self::Accepted => Outcome::Mismatched { asked: asked.into(), answered: answered.into() },
            Self::Refused(refusal) => refusal.outcome(),
            Self::Lost(reason) => Outcome::Unknown(reason),
        }
    }

    /// The account could not be looked at.
    pub(in crate::account) fn unread(self, error: &str) -> Outcome {
        match self {
            Self::Accepted => Outcome::Unknown(format!("accepted, but not read back: {error}")),
            Self::Refused(refusal) => refusal.outcome(),
            Self::Lost(reason) => Outcome::Unknown(format!("{reason}; then {error}")),
        }
    }
}

/// The account's message out of its error envelopes, else the error itself.
///
/// Admin and HRDC say `{"messages": […]}`, Identity `{"message": …}`, its Do Not Track calls a plain JSON string. A learning platform
/// says `{"message": …}`, with one or with several.
pub(in crate::account) fn words(error: &ReadError) -> String {
    let (ReadError::Http(source) | ReadError::Denied { source, .. }) = error else {
        return error.to_string();
    };
    if let Error::Status { status, excerpt, .. } = source
        && let Some(message) = message(excerpt.as_str()).filter(|message| !message.is_empty())
    {
        let asked = error.asks_to_be_left_alone();
        let asked =
            asked.map_or_else(String::new, |asked| format!(", to be left alone for {}", in_words(asked)));
        return format!("{message} ({status}{asked})");
    }
    source.answer_text().map_or_else(|| source.to_string(), |said| format!("{source}: {said}"))
}

fn message(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Envelope {
        message: Option<OneOrMany>,
        messages: Option<Vec<String>>,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    if let Ok(text) = serde_json::from_str::<String>(json) {
        return Some(text);
    }
    let envelope: Envelope = serde_json::from_str(json).ok()?;
    let messages = match envelope.message {
        Some(OneOrMany::One(message)) => return Some(message),
        Some(OneOrMany::Many(messages)) => Some(messages),
        None => envelope.messages,
    };
    messages.map(|messages| messages.join("; "))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Refusal, Reply, message};

    #[test]
    fn what_was_lost_and_is_not_tried_again_stays_unknown() {
        let stopped = || Reply::Refused(Refusal::NotTried("it was not sent: the run was stopped".to_owned()));
        let lost = Reply::Lost("no answer".to_owned());
        assert_eq!(stopped().after(&Reply::Accepted).unmet("", ""), Outcome::NotAttempted);
        let said = "no answer; then it was not sent: the run was stopped".to_owned();
        assert_eq!(stopped().after(&lost).unmet("", ""), Outcome::Unknown(said));
        let refused = Reply::Refused(Refusal::Located("taken".to_owned()));
        assert_eq!(refused.after(&lost).unmet("", ""), Outcome::Failed("taken".to_owned()));
    }

    #[test]
    fn the_accounts_message_is_found_in_every_envelope() {
        let said = |json| message(json).unwrap_or_default();
        assert_eq!(said(r#"{"messages":["name","is taken"],"success":false}"#), "name; is taken");
        assert_eq!(said(r#"{"message":"stale revision","statusCode":409}"#), "stale revision");
        assert_eq!(said(r#""Maximum of 50 rules""#), "Maximum of 50 rules");
        assert_eq!(
            said(r#"{"name":"Bad Request","message":["name","is taken"],"code":1003}"#),
            "name; is taken"
        );
        assert_eq!(message("<html>"), None);
    }
}
