//! Every command block of the README, docs/hr.md and docs/rollback.md, in order, in a copy of the repository, prints what the page shows.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::docs::repository::{copy, program, root};

/// A block of commands, and where the output that is shown below it lies in the text.
struct Block<'a> {
    commands: &'a str,
    shown: Option<std::ops::Range<usize>>,
}

/// Every ```` ```sh ```` block, with the ```` ```text ```` block that follows it before any other block does.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let mut at = 0;
    let mut last = "";
    while let Some(open) = text[at..].find("```").map(|it| at + it) {
        let start = open + text[open..].find('\n').unwrap() + 1;
        let end = start + text[start..].find("```").unwrap();
        let kind = text[open + 3..start].trim();
        match (kind, found.last_mut()) {
            ("sh", _) => found.push(Block { commands: &text[start..end], shown: None }),
            ("text", Some(block)) if last == "sh" => block.shown = Some(start..end),
            _ => {}
        }
        last = kind;
        at = end + 3;
    }
    found
}

/// Stands in for `cargo` and `rollcall`: no build and no question.
fn stand_ins(folder: &Path) {
    let rollcall = env!("CARGO_BIN_EXE_rollcall");
    let run = format!(
        "if [ \"$1\" = apply ] || [ \"$1\" = rollback ]; then exec '{rollcall}' \"$@\" --yes; fi\nexec '{rollcall}' \"$@\"\n"
    );
    let cargo = format!(
        "case \"$*\" in\n  test | 'install --path .') exit 0 ;;\n  'run --release -- '*) shift 3 ;;\n  \
         *) echo \"cargo $* is not for readers\"; exit 99 ;;\nesac\n{run}"
    );
    for (name, script) in [("cargo", cargo), ("rollcall", run)] {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn the_commands_of_the_readme_work_and_print_what_it_shows() {
    runs("README.md");
}

#[test]
fn the_walk_through_hr_groups_works_and_prints_what_it_shows() {
    runs("docs/hr.md");
}

#[test]
fn the_way_back_works_and_prints_what_it_shows() {
    runs("docs/rollback.md");
}

/// Runs the commands of a page, and compares what they print with what it shows.
fn runs(page: &str) {
    let readme = fs::read_to_string(root().join(page)).unwrap();
    let repository = copy(Path::new(""));
    let bin = tempfile::tempdir().unwrap();
    stand_ins(bin.path());
    let mut current = readme.clone();
    let mut shift = 0;
    for block in blocks(&readme) {
        let output = program("/bin/sh", repository.path())
            .args(["-e", "-c", block.commands])
            .env("PATH", format!("{}:/usr/bin:/bin", bin.path().display()))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let aside = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{said}{aside}", block.commands);
        if let Some(shown) = block.shown {
            // Blank lines at the ends are the terminal's.
            let said = format!("{}\n", said.trim_matches('\n'));
            let old = shown.len();
            let at = shown.start.checked_add_signed(shift).unwrap();
            current.replace_range(at..at + old, &said);
            shift += said.len().cast_signed() - old.cast_signed();
        }
    }
    crate::documents::check(page, &current);
}

#[test]
fn the_first_screen_of_the_readme_shows_both_commands() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let screen: Vec<&str> = readme.lines().take(30).collect();
    for command in ["cargo run --release -- plan examples/acme", "cargo test"] {
        assert!(screen.iter().any(|line| line.trim() == command || line.starts_with(command)), "{command}");
    }
}
