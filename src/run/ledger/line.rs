//! What does a line of a ledger say? The format, version 1 (docs/ledger.md).
//!
//! Nothing here names anybody: objects of the account go by number, what is to be made by a mark, and reasons, which may quote
//! the account's words, are left out where personal data is not shown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::apply::Ending;
use crate::model::Outcome;
use crate::run::run_target::{RunTarget, Sandboxed};

/// The version of the format that is written and read.
pub(super) const VERSION: u32 = 1;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum Line {
    /// The first one: which run this is.
    Run(Run),
    /// A step that is planned.
    Step(Step),
    /// These steps are about to be sent, together.
    Sending { at: Timestamp, packet: u32, steps: Vec<u32> },
    /// A request of a packet is about to leave.
    Request { at: Timestamp, packet: u32, request: u64, sends: String },
    /// What came back, where it was waited for: a status, or why there is none.
    Answer {
        at: Timestamp,
        request: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// What became of a step.
    Outcome(Settled),
    /// The run came to its end.
    End { at: Timestamp, ended: Ended, unknown: usize },
    /// A later run looked for the steps whose outcome was not known.
    Found { at: Timestamp, took_effect: usize, still_planned: usize, untold: usize },
}

/// Which run it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Run {
    pub(super) version: u32,
    pub(super) rollcall: String,
    pub(super) account: String,
    /// The account's number, where the manifests say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account_id: Option<u64>,
    /// The host that requests go to: of one account there may be rehearsals elsewhere.
    pub(super) endpoint: String,
    /// Whether the account is a sandbox inside the process: it ends with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sandbox: Option<Sandboxed>,
    pub(super) started: Timestamp,
    pub(super) process: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<String>,
    /// What it wanted, and with which keys, as a hash: only a plan that wants the same tells what is not planned any more.
    pub(super) wants: String,
    pub(super) digest: String,
    pub(super) fingerprints: Vec<String>,
}

impl Run {
    /// The account that it talked to.
    pub(super) fn target(&self) -> RunTarget {
        let (account, host) = (self.account.clone(), self.endpoint.clone());
        RunTarget { account, id: self.account_id, host, sandbox: self.sandbox }
    }
}

/// A step that is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Step {
    #[serde(rename = "step")]
    pub(super) number: u32,
    pub(super) act: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) of: Vec<String>,
    /// What it writes there, as a hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) values: Option<String>,
    /// The mark of the user or group that the step makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) makes: Option<String>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Settled {
    pub(super) at: Timestamp,
    pub(super) step: u32,
    pub(super) is: Is,
    /// The step that it was skipped for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<u32>,
    /// Why, in words that may be the account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The record that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) made: Option<u64>,
}

/// An outcome, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Is {
    Applied,
    AlreadyTrue,
    Pending,
    Unseen,
    Failed,
    Skipped,
    NotAttempted,
    Unknown,
    Mismatched,
}

impl Is {
    /// The word for an outcome.
    pub(super) const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Applied => Self::Applied,
            Outcome::AlreadyTrue => Self::AlreadyTrue,
            Outcome::Pending => Self::Pending,
            Outcome::Unseen => Self::Unseen,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Skipped(_) => Self::Skipped,
            Outcome::NotAttempted => Self::NotAttempted,
            Outcome::Unknown(_) => Self::Unknown,
            Outcome::Mismatched { .. } | Outcome::Overdone { .. } => Self::Mismatched,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Ended {
    Done,
    Pending,
    Unfinished,
}

impl From<Ending> for Ended {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::Done,
            Ending::Pending => Self::Pending,
            Ending::Unfinished => Self::Unfinished,
        }
    }
}
