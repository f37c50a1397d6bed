//! Where is the base branch? In a folder that the workflow names, or in the history of the checkout, laid out beside it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::process::failure::Failure;
use crate::cli::session::git::{self, NONE, Tree};
use crate::run::{FileError, folder_of};

/// The manifests of the base branch.
#[derive(Debug)]
pub(super) enum Base {
    /// In a folder of the workflow's.
    Given(PathBuf),
    /// Laid out by us.
    Laid {
        /// The manifests.
        path: PathBuf,
        /// What is gone once the run is.
        _tree: Tree,
    },
}

/// A base branch that can't be had: with less of a bound nothing is planned.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("`{0}` is no commit")]
    NoCommit(String),
    #[error(
        "the commit {0} of the base branch is not in this checkout, and no plan is made without its policy"
    )]
    Absent(String),
}

impl Base {
    /// That of a commit, below the same path as the manifests of the checkout.
    pub(super) fn laid(commit: &str, manifests: &Path) -> Result<Self, Failure> {
        let below = below(manifests)?;
        let tree = Tree::of(Path::new("."), known(commit)?)?;
        let path = tree.top.join(below);
        if manifests.is_dir() {
            // A folder that is not there yet is one without manifests.
            fs::create_dir_all(&path).map_err(|error| FileError::new(&path, "made", error))?;
        }
        Ok(Self::Laid { path, _tree: tree })
    }

    /// The manifests.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Given(path) | Self::Laid { path, .. } => path,
        }
    }

    /// What it is called, where its path says nothing.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::Given(_) => None,
            Self::Laid { .. } => Some("the base branch".to_owned()),
        }
    }
}

/// A commit that the history has; none where it stands for nothing.
fn known(commit: &str) -> Result<Option<&str>, Failure> {
    if !matches!(commit.len(), 40 | 64) || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Failure::usage(Unreadable::NoCommit(commit.to_owned())));
    }
    if commit == NONE {
        return Ok(None);
    }
    if !git::has(Path::new("."), commit) {
        return Err(Failure::error(Unreadable::Absent(commit.to_owned()))
            .hint("have actions/checkout fetch the history: `with: { fetch-depth: 0 }`")
            .hint("or check the base branch out beside it, and name that folder: `base: FOLDER`"));
    }
    Ok(Some(commit))
}

/// Where the manifests are below the top of the checkout.
fn below(path: &Path) -> Result<PathBuf, Failure> {
    let folder = folder_of(path);
    let at = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let below = git::below_top(at)?;
    Ok(match path.file_name().filter(|_| path.is_file()) {
        Some(file) => below.join(file),
        None => below,
    })
}
