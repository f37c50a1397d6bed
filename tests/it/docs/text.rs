//! Links between documents lead somewhere, and the tests that a document names are there.

use std::fs;
use std::path::PathBuf;

use crate::docs::repository::{files, root};

/// Every document of the repository but those that tests or licences write, with its text.
fn documents() -> impl Iterator<Item = (PathBuf, String)> {
    let markdown = |file: &PathBuf| file.extension().is_some_and(|it| it == "md");
    let own = |file: &PathBuf| !file.starts_with("tests/cases") && !file.starts_with("src");
    let read = |file: PathBuf| {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        (file, text)
    };
    files().into_iter().filter(markdown).filter(own).map(read)
}

/// The lines of a document outside its code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// The targets of the links in a line: `[words](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// What a heading is linked by: lower case, words joined by hyphens, other characters dropped.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn has_anchor(text: &str, wanted: &str) -> bool {
    prose(text).filter(|line| line.starts_with('#')).any(|line| anchor(line) == wanted)
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for (file, text) in documents() {
        let folder = root().join(file.parent().unwrap());
        let links = prose(&text).flat_map(targets).filter(|target| !target.contains("://"));
        for target in links {
            seen += 1;
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let to = if path.is_empty() { root().join(&file) } else { folder.join(path) };
            let leads = to.exists()
                && (heading.is_empty()
                    || fs::read_to_string(&to).is_ok_and(|text| has_anchor(&text, heading)));
            if !leads {
                broken.push(format!("{}: {target}", file.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    assert!(seen > 0, "no document links to another");
}

#[test]
fn the_files_that_the_architecture_names_are_there() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let code = prose(&text).flat_map(|line| line.split('`').skip(1).step_by(2));
    let paths: Vec<&str> = code.filter(|code| code.contains('/') && !code.contains([' ', '…'])).collect();
    let is_there = |path: &&&str| root().join(path).exists() || root().join("src").join(path).exists();
    let missing: Vec<&&str> = paths.iter().filter(|path| !is_there(path)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names {missing:?}");
    assert!(paths.len() > 10, "ARCHITECTURE.md names only {paths:?}");
}

#[test]
fn the_tests_that_the_pages_on_reliability_and_threats_name_are_there() {
    let rust = |file: &PathBuf| file.extension().is_some_and(|it| it == "rs");
    let code: Vec<String> =
        files().into_iter().filter(rust).map(|file| fs::read_to_string(root().join(file)).unwrap()).collect();
    let is_case = |name: &str| name.contains(' ') && root().join("tests/cases").join(name).is_dir();
    let is_test = |name: &str| code.iter().any(|text| text.contains(&format!("fn {name}(")));
    for (page, least) in [("docs/reliability.md", 60), ("docs/threat-model.md", 20)] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let rows = text.lines().filter(|line| line.starts_with("| **"));
        // The last cell names tests; those before it may show anything.
        let cells = rows.filter_map(|row| row.trim_end_matches([' ', '|']).rsplit_once(" | "));
        let names: Vec<&str> = cells.flat_map(|(_, tests)| tests.split('`').skip(1).step_by(2)).collect();
        let missing: Vec<&&str> = names.iter().filter(|name| !is_case(name) && !is_test(name)).collect();
        assert!(missing.is_empty(), "{page}: no test and no case is called {missing:#?}");
        assert!(names.len() >= least, "{page}: each row is held by tests");
    }
}

#[test]
fn the_changelog_has_a_place_for_what_is_unreleased() {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let first = text.lines().find(|line| line.starts_with("## "));
    assert_eq!(first, Some("## Unreleased"));
}
