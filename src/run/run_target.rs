//! Whose runs do the files in the run folder tell of?

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::{Account, hex};

/// The account that a run talks to. What the files of others say does not hold here: neither those of another account whose
/// manifests lay in the same folder, nor those of a rehearsal under this one's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RunTarget {
    /// Its name in the manifests.
    pub(crate) account: String,
    /// Its number, where they say it.
    #[serde(default, rename = "accountId", skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<u64>,
    /// The machine that it is on. Not the port: a sandbox that is started anew gets another one.
    #[serde(rename = "endpoint")]
    pub(crate) host: String,
    /// Whether it is a sandbox inside the process: it ends with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sandbox: Option<Sandboxed>,
}

/// Where the sandbox of a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Sandboxed {
    /// Inside the process.
    InProcess,
}

impl RunTarget {
    /// An account on a machine.
    pub(crate) fn of(account: &Account, host: &str, sandbox: Option<Sandboxed>) -> Self {
        Self {
            account: account.name.value.to_string(),
            id: account.id.as_ref().map(|id| id.value),
            host: host.to_owned(),
            sandbox,
        }
    }

    /// Whether both are the same account. A number that only one of them knows tells nothing.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let same_number = self.id.zip(other.id).is_none_or(|(one, other)| one == other);
        self.account == other.account
            && self.host == other.host
            && self.sandbox == other.sandbox
            && same_number
    }

    /// The name of a note about it in the run folder: each account has its own.
    pub(crate) fn note(&self, kind: &str) -> String {
        let sha = Sha256::digest(format!("{}\0{}\0{:?}", self.account, self.host, self.sandbox));
        format!("{kind}-{}.json", hex(&sha[..4]))
    }
}
