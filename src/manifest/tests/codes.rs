//! The explanation of each code shows a manifest in which that code is found.

use std::fs;

use jiff::civil::date;

use crate::diag::{Code, Severity};
use crate::manifest::tests::{ACCOUNT, load};
use crate::manifest::{self, Exports, Loaded};

/// Codes of what is not in a text: files, folders, sizes and bytes. `tests/it` shows them.
const NO_TEXT: [Code; 11] = [
    Code::NoManifests,
    Code::Unreadable,
    Code::NotAFile,
    Code::LinkLeavesRepository,
    Code::HiddenPath,
    Code::NotATable,
    Code::LinkLoop,
    Code::LfsPointer,
    Code::NotUtf8,
    Code::TooLarge,
    Code::GuessedEncoding,
];
/// Codes whose example is cut short, as it would fill pages.
const CUT: [Code; 4] = [Code::TooDeep, Code::TooManyNodes, Code::TooLong, Code::TooManyProblems];

#[test]
fn the_example_of_an_explanation_shows_its_code() {
    for &code in Code::ALL {
        if NO_TEXT.contains(&code) || CUT.contains(&code) {
            continue;
        }
        let text = code.explain();
        let example = text.split_once("```yaml\n").and_then(|(_, rest)| rest.split_once("```"));
        let Some((example, _)) = example else { panic!("{code} has no example") };
        let account = if example.contains("account:") || code == Code::MissingAccount { "" } else { ACCOUNT };
        // Few examples need users.
        let policy =
            if example.contains("policy:") { "" } else { "policy: { minimum: { declaredUsers: 0 } }\n" };
        let loaded = if example.contains("sources:") {
            of_export(text, &format!("{account}{policy}{example}"))
        } else {
            load(&format!("{example}\n# zz.yaml\n{account}{policy}"))
        };
        let codes: Vec<Code> = loaded.diagnostics.iter().map(|it| it.code).collect();
        assert!(codes.contains(&code), "{code} is not among {codes:?} in\n{example}");
        // A key that was refused is missing, too.
        let missing = [Code::MissingKey, Code::NoIdentifier];
        let tolerated = |it: &Code| it.severity() == Severity::Warning || missing.contains(it);
        let others = codes.iter().filter(|it| **it != code && !tolerated(it));
        assert_eq!(others.count(), 0, "more than {code} in {codes:?} in\n{example}");
    }
}

/// What is found in a manifest and the export that an explanation shows beside it.
fn of_export(text: &str, manifest: &str) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), manifest).unwrap();
    let export = text.split_once("```csv\n").and_then(|(_, rest)| rest.split_once("```"));
    if let Some((export, _)) = export {
        fs::write(folder.path().join("workers.csv"), export).unwrap();
    }
    manifest::load(folder.path(), date(2026, 5, 10), &Exports::default())
}

#[test]
fn a_help_or_summary_says_the_way_out() {
    for &code in Code::ALL {
        let (_, after) = code.explain().rsplit_once("```").expect("an example");
        assert!(after.trim().len() > 10, "{code} does not say the way out");
    }
}
