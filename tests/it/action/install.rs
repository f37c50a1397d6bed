//! Where does the action get the program from, and what does it refuse?

use std::fs;
use std::path::{Path, PathBuf};

use crate::action::root;
use crate::action::runner::{Ran, Runner};
use crate::action::scripts::{ROLLCALL, action_with, script};

/// An action that was never released.
const NO_RELEASE: &str = "{\n  \"repository\": \"\",\n  \"version\": \"\",\n  \"sha256\": {\n  }\n}\n";
/// A program that says a version, and which arguments it gets.
const STAND_IN: &str =
    "if [ \"$1\" = --version ]; then echo 'rollcall 1.4.0 (71845a3e 2026-11-29)'; else echo \"ran $*\"; fi";

/// A machine, and an action in a folder of its own, outside of the workspace.
fn machine() -> (Runner, PathBuf) {
    let runner = Runner::new();
    let action = action_with(&runner.at("action"), NO_RELEASE);
    (runner, action)
}

#[track_caller]
fn refused(ran: &Ran, words: &str) {
    assert_eq!((ran.code, ran.steps.as_slice()), (1, ["install".to_owned()].as_slice()), "{}", ran.log);
    let errors = ran.told("error");
    assert_eq!(errors.len(), 1, "{}", ran.log);
    assert!(errors[0].contains(words), "{}", errors[0]);
    assert!(ran.outputs.values().all(String::is_empty), "{:?}", ran.outputs);
}

#[test]
fn a_program_is_given_by_its_path_or_by_its_name() {
    let (mut runner, action) = machine();
    script(&runner.workspace().join("bin/rollcall"), STAND_IN);
    let absolute = script(&runner.at("else where/rollcall"), STAND_IN).display().to_string();
    for path in ["bin/rollcall", "./bin/rollcall", absolute.as_str()] {
        let ran = runner.uses(&action, &[("binary", path)]);
        assert!(ran.log.contains("ran ci github"), "{path}: {}", ran.log);
    }
    refused(&runner.uses(&action, &[("binary", "rollcall-of-ours")]), "no program on the path");
    script(&runner.at("path/rollcall-of-ours"), STAND_IN);
    runner.first_on_path.push(runner.at("path"));
    let ran = runner.uses(&action, &[("binary", "rollcall-of-ours"), ("version", "1.4.0")]);
    assert!(ran.log.contains("ran ci github"), "{}", ran.log);
}

#[test]
fn what_is_no_rollcall_or_another_one_is_refused() {
    let (runner, action) = machine();
    let file = runner.workspace().join("rollcall");
    refused(&runner.uses(&action, &[("binary", "./rollcall")]), "leads to no program: ");
    fs::write(&file, "").unwrap();
    refused(&runner.uses(&action, &[("binary", "./rollcall")]), "leads to no program: ");
    fs::remove_file(&file).unwrap();
    script(&file, "echo 'rollcalls 1.4.0'");
    refused(&runner.uses(&action, &[("binary", "./rollcall")]), "is not rollcall");
    script(&file, "exit 3");
    refused(&runner.uses(&action, &[("binary", "./rollcall")]), "is not rollcall");
    script(&file, STAND_IN);
    let other = runner.uses(&action, &[("binary", "./rollcall"), ("version", "1.5.0")]);
    refused(&other, "is rollcall 1.4.0, and 1.5.0 is wanted");
    // The program under test is one.
    let real = runner.uses(&action, &[("binary", ROLLCALL), ("version", env!("CARGO_PKG_VERSION"))]);
    assert_eq!(real.steps, ["install", "run"], "{}", real.log);
}

#[test]
fn what_is_no_version_or_no_way_out_is_refused() {
    let (runner, action) = machine();
    for version in ["latest", "v1.4.0", "1.4", "1.4.0-beta", "1.4.0 ", "1.4.0\n1.4.1", "../1.4.0", "1.4.0;x"]
    {
        refused(&runner.uses(&action, &[("version", version)]), "three numbers");
    }
    refused(&runner.uses(&action, &[("fallback", "cargo")]), "'none' or 'cargo-install'");
}

#[test]
fn without_a_release_the_ways_out_are_said() {
    let (mut runner, action) = machine();
    let ran = runner.uses(&action, &[]);
    refused(&ran, "holds no SHA-256 of a release");
    assert!(ran.log.contains("binary: PATH") && ran.log.contains("fallback: cargo-install"), "{}", ran.log);
    let manifest = NO_RELEASE.replace("\"version\": \"\"", "\"version\": \"1.4.0\"");
    action_with(&action, &manifest);
    refused(&runner.uses(&action, &[("version", "1.3.0")]), "Leave 'version' out for 1.4.0");
    runner.set("RUNNER_ARCH", "RISCV64");
    refused(&runner.uses(&action, &[]), "No release is built for Linux/RISCV64");
}

#[test]
fn the_fallback_builds_the_actions_own_files_away_from_the_workspace() {
    let (mut runner, action) = machine();
    let said = runner.at("said");
    let cargo = format!(
        "printf '%s\\n' \"$PWD\" \"$@\" >'{}'\nwhile [ \"$1\" != --root ]; do shift; done\n\
         mkdir -p \"$2/bin\"\nprintf '%s\\n' '#!/bin/sh' \"{}\" >\"$2/bin/rollcall\"\nchmod +x \"$2/bin/rollcall\"",
        said.display(),
        "echo 'rollcall 1.4.0'"
    );
    script(&runner.at("path/cargo"), &cargo);
    runner.first_on_path.push(runner.at("path"));
    // Somebody who writes the workspace can't say how the program is built.
    fs::create_dir(runner.workspace().join(".cargo")).unwrap();
    fs::write(runner.workspace().join(".cargo/config.toml"), "[build]\nrustc = 'x'\n").unwrap();
    let ran = runner.uses(&action, &[("fallback", "cargo-install"), ("version", "1.4.0")]);
    assert_eq!(ran.steps, ["install", "run"], "{}", ran.log);
    let said = fs::read_to_string(said).unwrap();
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(Path::new(said[0]), fs::canonicalize(&action).unwrap());
    assert_eq!(said[1..5], ["install", "--locked", "--path", "."]);
    let other = runner.uses(&action, &[("fallback", "cargo-install"), ("version", "1.5.0")]);
    refused(&other, "is rollcall 1.4.0, and 1.5.0 is wanted");
    script(&runner.at("path/cargo"), "echo 'error: no C compiler' >&2; exit 101");
    refused(&runner.uses(&action, &[("fallback", "cargo-install")]), "could not build the program");
}

#[test]
fn the_manifest_of_releases_is_one_that_can_be_read() {
    let text = fs::read_to_string(root().join("action/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let version = manifest["version"].as_str().unwrap();
    let assets = manifest["sha256"].as_object().unwrap();
    assert_eq!(version.is_empty(), assets.is_empty());
    for (asset, digest) in assets {
        let digest = digest.as_str().unwrap();
        assert!(asset.starts_with("rollcall-") && digest.len() == 64, "{asset}: {digest}");
        // The script reads a key and its value of one line.
        assert!(text.contains(&format!("\n    \"{asset}\": \"{digest}\"")), "{asset}");
    }
    assert!(version.is_empty() || assets.keys().any(|it| it.contains(&format!("-v{version}."))));
}
