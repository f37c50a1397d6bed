//! What is in the repository, and a copy of it to run commands in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Where the repository is.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file that is committed or about to be, sorted.
pub(super) fn files() -> Vec<PathBuf> {
    // A checkout may belong to somebody else, as in a container.
    let listed = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).unwrap();
    let mut files: Vec<PathBuf> = names.split_terminator('\0').map(PathBuf::from).collect();
    files.retain(|file| root().join(file).is_file());
    files.sort();
    files.dedup();
    files
}

/// A copy of what is below `folder`, at the same place in a folder of its own.
pub(super) fn copy(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in files().iter().filter(|file| file.starts_with(folder)) {
        let to = copy.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root().join(file), to).unwrap();
    }
    copy
}

/// Windows opens no socket without the first; the others are the clock of another day, where CI sets one.
const PASSED_ON: [&str; 4] = ["SystemRoot", "LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC"];

/// A program in a folder, with an environment of its own and nobody at the terminal.
pub(super) fn program(name: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    for variable in PASSED_ON {
        #[expect(clippy::disallowed_methods, reason = "the only variables that are passed on")]
        if let Some(value) = std::env::var_os(variable) {
            command.env(variable, value);
        }
    }
    command
}
