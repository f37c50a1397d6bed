//! Did a commit bring files of the run folder?

use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::folder::RunFolder;

/// Files of runs that are in Git: whoever may open a pull request could have written them.
#[derive(Debug, thiserror::Error)]
#[error("{folder} is in Git, {file} for one: what lies there is what runs left, and is believed")]
pub(crate) struct Tracked {
    /// The run folder.
    pub(crate) folder: String,
    /// The first of its files that Git knows.
    file: String,
}

/// Refuses a run folder any file of which is in Git. Where there is no repository, or no `git` to ask, nothing is known of it.
pub(crate) fn refuse_tracked(folder: &RunFolder) -> Result<(), Tracked> {
    let path = folder.path();
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let Some(file) = first_tracked(path) else { return Ok(()) };
    let shown = path.display().to_string();
    Err(Tracked { folder: shown, file })
}

/// The first file of a folder that Git knows. Nothing that the repository sets up is run: a pull request could have done it.
fn first_tracked(path: &Path) -> Option<String> {
    let listed = Command::new("git")
        .args([
            "-c",
            "safe.directory=*",
            "-c",
            "core.fsmonitor=false",
            "--literal-pathspecs",
            "ls-files",
            "-z",
            "--",
        ])
        .arg(path.file_name()?)
        .current_dir(path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new(".")))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let first = listed.stdout.split(|byte| *byte == 0).find(|name| !name.is_empty())?;
    Some(String::from_utf8_lossy(first).into_owned())
}
