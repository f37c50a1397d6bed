//! What does the history of a checkout hold? Git is asked, and runs nothing that the repository sets up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cli::process::failure::Failure;
use crate::cli::session::scratch::Scratch;
use crate::run::FileError;

/// What stands for no commit: a branch that was not there before.
pub(crate) const NONE: &str = "0000000000000000000000000000000000000000";

/// What git does not tell.
#[derive(Debug, thiserror::Error)]
#[error("git {0} failed: {1}")]
struct Unsaid(&'static str, String);

/// The files of a commit, laid out; gone once it is dropped.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Its top.
    pub(crate) top: PathBuf,
    _folder: Scratch,
}

impl Tree {
    /// Those of a commit of the repository that a folder lies in; of none, nothing.
    pub(crate) fn of(at: &Path, commit: Option<&str>) -> Result<Self, Failure> {
        let folder = Scratch::make()?;
        let (top, index) = (folder.path().join("tree"), folder.path().join("index"));
        // The repository ends here: no path of a manifest leads out of it.
        let end = top.join(".git");
        fs::create_dir_all(&end).map_err(|error| FileError::new(&end, "made", error))?;
        if let Some(commit) = commit {
            git(at, "read-tree", &[commit], Some(&index))?;
            let prefix = format!("--prefix={}/", top.display());
            git(&top_of(at)?, "checkout-index", &["--all", "--quiet", &prefix], Some(&index))?;
        }
        Ok(Self { top, _folder: folder })
    }
}

/// Whether a commit, by the digits of it, is in the history that a folder lies in.
pub(crate) fn has(at: &Path, commit: &str) -> bool {
    git(at, "cat-file", &["-e", &format!("{commit}^{{commit}}")], None).is_ok()
}

/// The commit that a name stands for, if there is one.
pub(crate) fn commit_of(at: &Path, name: &str) -> Option<String> {
    let name = format!("{name}^{{commit}}");
    git(at, "rev-parse", &["--verify", "--quiet", "--end-of-options", &name], None)
        .ok()
        .map(|said| line(&said))
}

/// The top of the checkout that a folder lies in.
pub(crate) fn top_of(at: &Path) -> Result<PathBuf, Failure> {
    git(at, "rev-parse", &["--show-toplevel"], None).map(|said| PathBuf::from(line(&said)))
}

/// Where a folder lies below the top of its checkout.
pub(crate) fn below_top(at: &Path) -> Result<PathBuf, Failure> {
    git(at, "rev-parse", &["--show-prefix"], None).map(|said| PathBuf::from(line(&said)))
}

/// The files that differ between a commit and what is there now, below the top: those that are gone and those that git does not
/// know yet too, and not those that it ignores.
pub(crate) fn changed_since(top: &Path, commit: &str) -> Result<BTreeSet<String>, Failure> {
    let options = [
        "--name-only",
        "-z",
        "--no-renames",
        "--no-relative",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules=dirty",
        commit,
        "--",
    ];
    let changed = git(top, "diff", &options, None)?;
    let new = git(top, "ls-files", &["--others", "--exclude-standard", "-z"], None)?;
    let paths = |bytes: Vec<u8>| -> Vec<String> {
        let paths = bytes.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        paths.map(|path| String::from_utf8_lossy(path).trim_end_matches('/').to_owned()).collect()
    };
    Ok(paths(changed).into_iter().chain(paths(new)).collect())
}

/// Asks git, and has it run nothing that the repository sets up: a pull request could have done it.
fn git(at: &Path, command: &'static str, args: &[&str], index: Option<&Path>) -> Result<Vec<u8>, Failure> {
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
    .env("GIT_OPTIONAL_LOCKS", "0")
    .env("GIT_LFS_SKIP_SMUDGE", "1")
    .stdin(Stdio::null());
    if let Some(index) = index {
        git.env("GIT_INDEX_FILE", index);
    }
    let failed = |why: String| Failure::error(Unsaid(command, why));
    let ran = git.output().map_err(|error| failed(error.to_string()))?;
    if !ran.status.success() {
        return Err(failed(String::from_utf8_lossy(&ran.stderr).trim().to_owned()));
    }
    Ok(ran.stdout)
}

/// The one line that git said.
fn line(said: &[u8]) -> String {
    String::from_utf8_lossy(said).trim_end_matches(['\n', '\r']).to_owned()
}
