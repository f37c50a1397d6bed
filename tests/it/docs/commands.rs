//! Every command block of the README, docs/hr.md, docs/learning.md, docs/rollback.md and docs/everyday.md, in order, in a copy of the repository,
//! prints what the page shows.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::docs::repository::{copy, program, root};

/// A block of commands, and where the output that is shown below it lies in the text.
struct Block<'a> {
    commands: &'a str,
    /// A difference that is applied to the files before.
    difference: Option<&'a str>,
    shown: Option<std::ops::Range<usize>>,
    /// The heading that it stands under.
    section: &'a str,
}

/// Every ```` ```sh ```` block, with the ```` ```text ```` block that follows it before any other block does.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let (mut at, mut last, mut difference) = (0, "", None);
    while let Some(open) = text[at..].find("```").map(|it| at + it) {
        let start = open + text[open..].find('\n').unwrap() + 1;
        let end = start + text[start..].find("```").unwrap();
        let kind = text[open + 3..start].trim();
        match (kind, found.last_mut()) {
            ("sh", _) => {
                let section = text[..open].rsplit_once("\n## ").map_or("", |(_, rest)| rest);
                let section = section.lines().next().unwrap_or("");
                let commands = &text[start..end];
                found.push(Block { commands, difference: difference.take(), shown: None, section });
            }
            ("diff", _) => difference = Some(&text[start..end]),
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
        "case \"$*\" in\n  test | 'install --path .') exit 0 ;;\n  'run -- '*) shift 2 ;;\n  \
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
fn the_guide_to_a_learning_platform_works_and_prints_what_it_shows() {
    let repository = copy(Path::new(""));
    // Two accounts share a folder of one repository.
    fs::create_dir(repository.path().join(".git")).unwrap();
    shown("docs/learning.md", |block| printed(repository.path(), block.commands));
}

#[test]
fn the_walk_through_hr_groups_works_and_prints_what_it_shows() {
    runs("docs/hr.md");
}

#[test]
fn the_way_back_works_and_prints_what_it_shows() {
    runs("docs/rollback.md");
}

#[test]
fn every_job_of_the_everyday_works_prints_what_the_page_shows_and_settles() {
    let page = "docs/everyday.md";
    let mut sections = 0;
    let mut last = String::new();
    let mut repository = copy(Path::new(""));
    let here = |repository: &tempfile::TempDir| repository.path().join("examples/everyday");
    shown(page, |block| {
        if block.section != last {
            (last, sections) = (block.section.to_owned(), sections + 1);
            repository = copy(Path::new(""));
        }
        let folder = here(&repository);
        if let Some(difference) = block.difference {
            patch(&folder, difference);
        }
        let is_plan = block.commands.trim() == "rollcall plan";
        // A plan over its limits is shown with the command that approves it, and exits with 3.
        let said = printed(&folder, if is_plan { "rollcall plan || [ $? = 3 ]" } else { block.commands });
        if is_plan {
            let approval =
                said.lines().find_map(|line| line.trim().strip_prefix("rollcall apply --approve "));
            let approved = approval.map(|digest| format!("--approve {digest}")).unwrap_or_default();
            let settled =
                printed(&folder, &format!("rollcall apply {approved} > /dev/null && rollcall plan"));
            assert!(settled.contains("acme: No changes."), "{}:\n{settled}", block.section);
        }
        // Whose account it is stands above the first job.
        said.lines()
            .filter(|line| !line.starts_with("SANDBOX: "))
            .fold(String::new(), |text, line| text + line + "\n")
    });
    assert!(sections > 10, "only {sections} jobs");
}

/// Applies a difference to the files of a folder.
fn patch(folder: &Path, difference: &str) {
    fs::write(folder.join("job.diff"), difference).unwrap();
    let applied = program("/bin/sh", folder)
        .args(["-e", "-c", "git apply job.diff && rm job.diff"])
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap())
        .output()
        .unwrap();
    assert!(applied.status.success(), "{}\n{difference}", String::from_utf8_lossy(&applied.stderr));
}

/// Runs the commands of a page, and compares what they print with what it shows.
fn runs(page: &str) {
    let repository = copy(Path::new(""));
    shown(page, |block| printed(repository.path(), block.commands));
}

/// Compares what a page shows below each block of commands with what is said of it.
fn shown(page: &str, mut said: impl FnMut(&Block<'_>) -> String) {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let text = text.as_str();
    let mut current = text.to_owned();
    let mut shift = 0;
    for block in blocks(text) {
        let said = said(&block);
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

/// What commands print in a folder.
fn printed(folder: &Path, commands: &str) -> String {
    let bin = tempfile::tempdir().unwrap();
    stand_ins(bin.path());
    let output = program("/bin/sh", folder)
        .args(["-e", "-c", commands])
        .env("PATH", format!("{}:/usr/bin:/bin", bin.path().display()))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let aside = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{commands}\n{said}{aside}");
    said
}

#[test]
fn the_first_screen_of_the_readme_shows_both_commands() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let screen: Vec<&str> = readme.lines().take(30).collect();
    for command in ["cargo run -- plan examples/acme", "cargo test"] {
        assert!(screen.iter().any(|line| line.trim() == command || line.starts_with(command)), "{command}");
    }
}
