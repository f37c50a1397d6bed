//! Manifests and what is found in them, as tables.

mod across;
mod codes;
mod desired;
mod entries;
mod folders;

use jiff::civil::date;

use crate::diag::{Diagnostics, Place, Sources};
use crate::manifest::{Gathered, Loaded, read};

/// An account for manifests that are not about it.
const ACCOUNT: &str = "account: { name: acme, platform: activtrak, region: us }\n";

/// Loads manifests from one text. A line `# NAME.yaml` begins a file; what stands before the first is `a.yaml`.
pub(super) fn load(text: &str) -> Loaded {
    let mut files = vec![("a.yaml".to_owned(), String::new())];
    for line in text.lines() {
        match line.strip_prefix("# ").and_then(|name| name.strip_suffix(".yaml")) {
            Some(name) => files.push((format!("{name}.yaml"), String::new())),
            None => files.last_mut().unwrap().1.extend([line, "\n"]),
        }
    }
    files.retain(|(_, text)| !text.is_empty());
    files.sort();
    let mut sources = Sources::default();
    for (name, text) in files {
        sources.add(name, text).unwrap();
    }
    let mut found = Diagnostics::default();
    let mut declared = read(&sources, 0..sources.files().len(), &mut found);
    // Exports are files: tests of them have folders.
    declared.sources.clear();
    let (included, bounds) = (Vec::new(), Vec::new());
    Gathered { path: ".".into(), sources, declared, included, found, bounds }.judge(date(2026, 5, 10))
}

/// What is found in manifests, a line each: `line:column code`, with the file before it unless it is `a.yaml`.
fn found(text: &str) -> Vec<String> {
    let loaded = load(text);
    let place = |place: &Place| match place {
        Place::File(path) => path.to_string(),
        Place::Span(span) => loaded.sources.locate(*span).unwrap().to_string().replace("a.yaml:", ""),
    };
    loaded.diagnostics.iter().map(|it| format!("{} {}", place(&it.place), it.code)).collect()
}

/// Checks a table of manifests, each with an account put behind it, and what is found in them.
fn table(rows: &[(&str, &[&str])]) {
    for (text, expected) in rows {
        assert_eq!(found(&format!("{text}\n# z.yaml\n{ACCOUNT}")), *expected, "in\n{text}");
    }
}
