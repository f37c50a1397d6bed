//! How are manifests read for a run, and how is it said what is wrong with them?

use std::path::{Path, PathBuf};

use crate::cli::args::Manifests;
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::{clock, diagnostics};
use crate::diag::{Code, Diagnostic, Severity, Sources};
use crate::manifest::{self, Exports, Gathered, Loaded};
use crate::model::{Account, Dates, Desired};

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

/// The account that manifests name, for who asks of nothing else that they say.
pub(crate) fn account_of(cx: &Context, manifests: &Manifests) -> Result<(Sources, Account), Failure> {
    let gathered = manifest::gather(&manifests.path, &Exports::Ignored);
    let now = clock::now(cx, manifests, &gathered, None);
    let Loaded { sources, account, diagnostics: found, .. } = gathered.judge(Dates::of(now));
    if let Some(account) = account {
        return Ok((sources, account));
    }
    tell(cx, &found, &sources, manifests)?;
    let (path, found) = (manifests.path.display().to_string(), diagnostics::tally(&found));
    Err(Failure::error(Nameless { path, found }))
}

/// Says on stderr what was found.
fn tell(cx: &Context, found: &[Diagnostic], sources: &Sources, manifests: &Manifests) -> Result<(), Failure> {
    let text = diagnostics::text(found, sources, manifests, cx.conversation()).map_err(Failure::error)?;
    cx.show(&text);
    Ok(())
}
