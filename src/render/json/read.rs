//! What does a saved plan say? For `--plan FILE`, `--expect FILE` and `--approve FILE`.

use thiserror::Error;

use crate::model::unhex;
use crate::plan::{Digest, Fingerprint};
use crate::render::json::document::Document;
use crate::render::json::lower::VERSION;

/// A plan that was written earlier: evidence of what was reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlan {
    /// Its digest.
    pub digest: Digest,
    /// What the policy came to that it was made under, where it says so.
    pub policy: Option<Digest>,
    /// All its fingerprints, sorted.
    pub fingerprints: Vec<Fingerprint>,
    /// All that was written.
    pub document: Document,
}

/// Why a file is no plan that can be expected.
#[derive(Debug, Error)]
pub enum Unreadable {
    /// Not JSON, or not of this format.
    #[error("not a plan.v1 document")]
    NotAPlan(#[from] serde_json::Error),
    /// A format of another version.
    #[error("a plan of version {found}; this rollcall reads version {VERSION}")]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// People are pseudonyms in it.
    #[error("a redacted plan, which can't be expected, approved or applied: write it without --redact")]
    Redacted,
    /// A digest or fingerprint that is not 64 hexadecimal digits.
    #[error("a digest or fingerprint in it is not 64 hexadecimal digits")]
    NotADigest,
}

/// Reads a plan that [`crate::render::json::plan`] wrote.
///
/// # Errors
/// The file is something else, of another version, or redacted.
pub fn read(bytes: &[u8]) -> Result<SavedPlan, Unreadable> {
    #[derive(serde::Deserialize)]
    struct Head {
        version: u32,
    }
    let Head { version: found } = serde_json::from_slice(bytes)?;
    if found != VERSION {
        return Err(Unreadable::Version { found });
    }
    let document: Document = serde_json::from_slice(bytes)?;
    if document.redacted {
        return Err(Unreadable::Redacted);
    }
    let digest = unhex(&document.digest).map(Digest).ok_or(Unreadable::NotADigest)?;
    let policy = document.policy.as_ref().map(|text| unhex(text).map(Digest).ok_or(Unreadable::NotADigest));
    let fingerprints: Option<Vec<_>> =
        document.fingerprints.iter().map(|text| unhex(text).map(Fingerprint)).collect();
    let mut fingerprints = fingerprints.ok_or(Unreadable::NotADigest)?;
    fingerprints.sort_unstable();
    Ok(SavedPlan { digest, policy: policy.transpose()?, fingerprints, document })
}
