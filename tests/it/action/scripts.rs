//! The program under test, stand-ins for it, and copies of the action.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::action::root;

/// The program under test.
pub(super) const ROLLCALL: &str = env!("CARGO_BIN_EXE_rollcall");

/// Writes a script that can be run.
pub(super) fn script(path: &Path, text: &str) -> PathBuf {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/usr/bin/env bash\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_owned()
}

/// The action in a folder, with another manifest of releases.
pub(super) fn action_with(folder: &Path, manifest: &str) -> PathBuf {
    fs::create_dir_all(folder.join("action")).unwrap();
    for file in ["action.yml", "action/install.sh"] {
        fs::copy(root().join(file), folder.join(file)).unwrap();
    }
    fs::write(folder.join("action/manifest.json"), manifest).unwrap();
    folder.to_owned()
}
