//! How are manifests read for a run, and how is it said what is wrong with them?

use std::path::{Path, PathBuf};

use crate::cli::args::{Manifests, Start};
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::{clock, diagnostics};
use crate::diag::{Code, Diagnostic, Severity, Sources};
use crate::manifest::{self, Exports, Gathered, Loaded};
use crate::model::{Account, Dates, Desired};
use jiff::Timestamp;

/// Manifests with errors in them.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {found}; no plan is made of manifests with errors")]
struct Invalid {
    path: String,
    found: String,
}

/// Manifests without an account.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {found}; no account can be read that the manifests do not name")]
struct Nameless {
    path: String,
    found: String,
}

/// Reads manifests and what they name.
pub(crate) async fn gather(path: &Path, exports: &Exports) -> Result<Gathered, Failure> {
    let (folder, exports) = (PathBuf::from(path), exports.clone());
    let gathered = tokio::task::spawn_blocking(move || manifest::gather(&folder, &exports)).await;
    gathered.map_err(Failure::error)
}

/// Says on stderr what was found in manifests; with errors there is nothing to go on with.
pub(crate) fn whole(
    cx: &Context,
    path: &Path,
    manifests: &Manifests,
    loaded: Loaded,
) -> Result<(Sources, Desired), Failure> {
    let Loaded { sources, desired, diagnostics: mut found, .. } = loaded;
    // A plan knows whether the account has what is protected, and is an error if it has not.
    found.retain(|it| it.code != Code::UnknownProtected || it.severity == Severity::Error);
    tell(cx, &found, &sources, manifests)?;
    match desired {
        Some(desired) => Ok((sources, desired)),
        None => Err(Failure::error(Invalid {
            path: path.display().to_string(),
            found: diagnostics::tally(&found),
        })),
    }
}

/// The account that manifests name, and what else they say where all of it can be read.
pub(crate) struct Named {
    /// Their texts.
    pub(crate) sources: Sources,
    /// The account.
    pub(crate) account: Account,
    /// What else they say.
    pub(crate) declared: Declared,
    /// The time of the run.
    pub(crate) now: Timestamp,
}

/// What manifests say besides their account.
pub(crate) enum Declared {
    /// All of this.
    All(Box<Desired>),
    /// Nothing yet.
    Nothing,
    /// Nobody can tell: there are errors in them, or exports that were not read.
    Unknown,
}

/// The account that manifests name, for who needs nothing else that they say.
pub(crate) fn account_of(
    cx: &Context,
    manifests: &Manifests,
    start: Option<Start>,
    exports: &Exports,
) -> Result<Named, Failure> {
    let gathered = manifest::gather(&manifests.path, exports);
    let now = clock::now(cx, manifests, &gathered, start);
    let Loaded { sources, account, desired, diagnostics: found, .. } = gathered.judge(Dates::of(now));
    if let Some(account) = account {
        let is_empty = |it: &Diagnostic| matches!(it.code, Code::NothingDeclared | Code::TooFewUsers);
        let mut errors = found.iter().filter(|it| it.severity == Severity::Error).peekable();
        let declared = match desired {
            Some(desired) => Declared::All(Box::new(desired)),
            None if errors.peek().is_some() && errors.all(is_empty) => Declared::Nothing,
            None => Declared::Unknown,
        };
        return Ok(Named { sources, account, declared, now });
    }
    tell(cx, &found, &sources, manifests)?;
    let (path, found) = (manifests.path.display().to_string(), diagnostics::tally(&found));
    Err(Failure::error(Nameless { path, found }))
}

/// Says on stderr what was found.
pub(crate) fn tell(
    cx: &Context,
    found: &[Diagnostic],
    sources: &Sources,
    manifests: &Manifests,
) -> Result<(), Failure> {
    let text = diagnostics::text(found, sources, manifests, cx.conversation()).map_err(Failure::error)?;
    cx.show(&text);
    Ok(())
}
