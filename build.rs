//! Which commit is a release built of? Development builds don't ask: they would be made anew after every commit.

#![expect(clippy::disallowed_methods, reason = "a build script talks to cargo that way")]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ROLLCALL_COMMIT");
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if !is_release {
        return;
    }
    for file in [".git/HEAD", ".git/logs/HEAD"] {
        if Path::new(file).exists() {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    // Packages are built without `.git`: whoever makes one says `ROLLCALL_COMMIT="71845a3e 2026-11-29"`.
    let said = std::env::var("ROLLCALL_COMMIT").ok().filter(|commit| !commit.is_empty());
    if let Some(commit) = said.or_else(of_git) {
        let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
        println!("cargo::rustc-env=ROLLCALL_BUILT_OF={version} ({commit})");
    }
}

/// The commit that is checked out, and its day.
fn of_git() -> Option<String> {
    let format = ["log", "-1", "--format=%h %cd", "--date=format:%Y-%m-%d", "--abbrev=8"];
    let said = Command::new("git").args(format).output().ok().filter(|said| said.status.success())?;
    String::from_utf8(said.stdout).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
