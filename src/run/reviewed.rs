//! Which plan does a digest or a file on the command line mean, and what does it count for?

use std::fs;
use std::path::Path;

use crate::apply::{Evidence, Expected, Standing};
use crate::model::{Access, Policy, Reach, Topic, unhex};
use crate::plan::{Digest, Plan};
use crate::render::difference::Named;
use crate::render::json::{self, SavedPlan, Unreadable};
use crate::run::files::FileError;
use crate::run::folder::RunFolder;
use crate::run::ledger::Ledgers;
use crate::run::left;

/// A plan that somebody reviewed.
#[derive(Debug)]
pub(crate) struct Reviewed {
    /// As the command line says it.
    name: String,
    /// What it is compared by.
    pub(crate) expected: Expected,
    /// All that was saved of it, where it was.
    saved: Option<SavedPlan>,
}

/// An expectation that says no plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unclear {
    /// It is neither a digest nor a file.
    #[error("`{0}` is neither a digest (64 hexadecimal digits) nor a file")]
    Neither(String),
    /// The file can't be read.
    #[error(transparent)]
    File(FileError),
    /// There is no such file, and what is said is a digest.
    #[error(transparent)]
    Digest(FileError),
    /// The file holds no plan.
    #[error("{path} is not usable as an expectation")]
    Unusable {
        /// The file.
        path: String,
        /// Why not.
        source: Unreadable,
    },
}

impl Reviewed {
    /// The plan of a digest, with what is kept of it in the run folder, or the one that a file holds.
    pub(crate) fn read(text: &str, manifests: &Path) -> Result<Self, Unclear> {
        if let Some(digest) = unhex(text).map(Digest) {
            // What is not kept here, or can't be read, is only a digest.
            let kept = left::read(&RunFolder::of(manifests).plan(&digest.to_string())).ok();
            let saved = kept.and_then(|bytes| json::read(&bytes).ok()).filter(|saved| saved.digest == digest);
            return Ok(Self::new(text.to_owned(), digest, saved));
        }
        let path = Path::new(text);
        if path.exists() { Self::load(path) } else { Err(Unclear::Neither(text.to_owned())) }
    }

    /// The plan that a file holds.
    pub(crate) fn load(path: &Path) -> Result<Self, Unclear> {
        let bytes = fs::read(path).map_err(|source| {
            let is_digest = path.to_str().and_then(unhex).is_some();
            let unread = if is_digest { Unclear::Digest } else { Unclear::File };
            unread(FileError::new(path, "read", source))
        })?;
        let name = path.display().to_string();
        let unusable = |source| Unclear::Unusable { path: name.clone(), source };
        let saved = json::read(&bytes).map_err(unusable)?;
        Ok(Self::new(name, saved.digest, Some(saved)))
    }

    /// What is known of a plan by `digest`.
    pub(crate) fn new(name: String, digest: Digest, saved: Option<SavedPlan>) -> Self {
        let evidence = saved.as_ref().map(|saved| Evidence {
            account: saved.document.account.as_str().into(),
            policy: saved.policy,
            fingerprints: saved.fingerprints.clone(),
        });
        Self { name, expected: Expected { digest, evidence }, saved }
    }

    /// Takes what a ledger knows of it, where the plan itself was not kept.
    pub(crate) fn look_up(&mut self, ledgers: &Ledgers) {
        if self.saved.is_none() {
            self.expected.evidence = ledgers.evidence(self.expected.digest);
        }
    }

    /// For a comparison of facts, where they are known.
    pub(crate) fn named(&self) -> Option<Named<'_>> {
        self.saved.as_ref().map(|saved| Named { name: &self.name, saved })
    }

    /// Why it does not count for what is left of it, beside a plan made under `policy`; with what to do about it.
    pub(crate) fn shortfall(&self, plan: &Plan, policy: &Policy) -> Option<(String, &'static str)> {
        let name = &self.name;
        Some(match self.expected.standing(plan, policy) {
            Standing::Whole => return None,
            Standing::Bare => (
                format!(
                    "of {name} only the digest is known here: the equal plan is accepted, and nothing else"
                ),
                "review the plan as it is now, or give the file that `plan --out` wrote",
            ),
            Standing::OtherAccount(account) => (
                format!("{name} is a plan for {account}, and these manifests are of {}", plan.account),
                "review the plan as it is now",
            ),
            Standing::OtherPolicy => (
                format!(
                    "{name} was made under another policy than the manifests have now, so none of it counts"
                ),
                "review the plan as it is now, under this policy",
            ),
            Standing::OtherKeys(then) => (
                differing_keys(&plan.reach, &then),
                "run with the keys that it was reviewed with, or review the plan as it is now",
            ),
            Standing::Altered => (
                format!(
                    "{name} was changed after it was written: its fingerprints do not make up its digest"
                ),
                "take the file that `plan --out` wrote, or review the plan as it is now",
            ),
        })
    }
}

/// What one set of keys opens and the other does not.
fn differing_keys(now: &Reach, then: &Reach) -> String {
    let more = |one: &Reach, other: &Reach| {
        let rank = |reach: &Reach, topic| match reach.of(topic) {
            Access::Written => 0,
            Access::Shown(_) => 1,
            Access::Hidden(_) | Access::Absent(_) => 2,
        };
        let topics = Topic::ALL.into_iter().filter(|topic| rank(one, *topic) < rank(other, *topic));
        topics.map(Topic::subject).collect::<Vec<_>>().join(", ")
    };
    let sentence = |who: &str, opened: &str, which: &str, topics: String| {
        (!topics.is_empty()).then(|| format!("{who} {opened} more of {topics} than {which}"))
    };
    let lost = sentence("those of the expected plan", "opened", "these", more(then, now));
    let won = sentence("these", "open", "those of the expected plan", more(now, then));
    let said: Vec<String> = lost.into_iter().chain(won).collect();
    format!("the keys are others: {}", said.join("; "))
}
