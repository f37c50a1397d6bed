//! Where is the base branch? In a folder that the workflow names, or in the history of the checkout, laid out beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cli::process::failure::Failure;
use crate::cli::session::scratch::Scratch;
use crate::run::{FileError, folder_of};

/// What stands for no commit: a branch that was not there before.
const NONE: &str = "0000000000000000000000000000000000000000";

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
        _folder: Scratch,
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
    #[error("git {0} failed: {1}")]
    Git(&'static str, String),
}

impl Base {
    /// That of a commit, below the same path as the manifests of the checkout.
    pub(super) fn laid(commit: &str, manifests: &Path) -> Result<Self, Failure> {
        let folder = Scratch::make()?;
        let (tree, index) = (folder.path().join("tree"), folder.path().join("index"));
        // The repository ends here: no path of a manifest leads out of it.
        let end = tree.join(".git");
        fs::create_dir_all(&end).map_err(|error| FileError::new(&end, "made", error))?;
        let path = tree.join(below(manifests)?);
        if commit != NONE {
            lay(commit, &tree, &index)?;
        }
        if manifests.is_dir() {
            // A folder that is not there yet is one without manifests.
            fs::create_dir_all(&path).map_err(|error| FileError::new(&path, "made", error))?;
        }
        Ok(Self::Laid { path, _folder: folder })
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

/// Lays the files of a commit out.
fn lay(commit: &str, tree: &Path, index: &Path) -> Result<(), Failure> {
    if !matches!(commit.len(), 40 | 64) || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Failure::usage(Unreadable::NoCommit(commit.to_owned())));
    }
    let object = format!("{commit}^{{commit}}");
    if git(Path::new("."), "cat-file", &["-e", &object], None).is_err() {
        return Err(Failure::error(Unreadable::Absent(commit.to_owned()))
            .hint("have actions/checkout fetch the history: `with: { fetch-depth: 0 }`")
            .hint("or check the base branch out beside it, and name that folder: `base: FOLDER`"));
    }
    git(Path::new("."), "read-tree", &[commit], Some(index))?;
    let prefix = format!("--prefix={}/", tree.display());
    git(&top()?, "checkout-index", &["--all", "--quiet", &prefix], Some(index)).map(drop)
}

/// The top of the checkout.
fn top() -> Result<PathBuf, Failure> {
    git(Path::new("."), "rev-parse", &["--show-toplevel"], None).map(PathBuf::from)
}

/// Where the manifests are below it.
fn below(path: &Path) -> Result<PathBuf, Failure> {
    let folder = folder_of(path);
    let at = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let below = PathBuf::from(git(at, "rev-parse", &["--show-prefix"], None)?);
    Ok(match path.file_name().filter(|_| path.is_file()) {
        Some(file) => below.join(file),
        None => below,
    })
}

/// Asks git, and has it run nothing that the repository sets up: a pull request could have done it.
fn git(at: &Path, command: &'static str, args: &[&str], index: Option<&Path>) -> Result<String, Failure> {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "safe.directory=*",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        command,
    ])
    .args(args)
    .current_dir(at)
    .env("GIT_NO_REPLACE_OBJECTS", "1")
    .env("GIT_LFS_SKIP_SMUDGE", "1")
    .stdin(Stdio::null());
    if let Some(index) = index {
        git.env("GIT_INDEX_FILE", index);
    }
    let failed = |why: String| Failure::error(Unreadable::Git(command, why));
    let ran = git.output().map_err(|error| failed(error.to_string()))?;
    if !ran.status.success() {
        return Err(failed(String::from_utf8_lossy(&ran.stderr).trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&ran.stdout).trim_end_matches(['\n', '\r']).to_owned())
}
