//! Which workflows of GitHub does a new repository hold?

use std::str::FromStr;

use crate::init::files::File;
use crate::init::report::{Handed, Stored};

/// The digits of a commit.
const COMMIT: usize = 40;
/// What stands in the examples in the place of an action.
const NOWHERE: &str = "OWNER/rollcall@0000000000000000000000000000000000000000";
/// The line of the examples that tells readers to copy them.
const COPY: &str = "# Copy this file to .github/workflows/";

/// What a line of the examples has in it that hands a secret of the account to a step.
const SECRET: &str = "${{ secrets.";
/// How the names of secrets begin that are of no account.
const OURS: &str = "${{ secrets.ROLLCALL_";

/// The action that workflows call: `owner/name@commit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRef(Box<str>);

/// A text that names no commit of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected OWNER/NAME@COMMIT, with all {COMMIT} digits of the commit: a branch or a tag can be moved")]
pub struct BadActionRef;

impl FromStr for ActionRef {
    type Err = BadActionRef;

    fn from_str(text: &str) -> Result<Self, BadActionRef> {
        let named = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        let (place, commit) = text.split_once('@').ok_or(BadActionRef)?;
        let (owner, name) = place.split_once('/').ok_or(BadActionRef)?;
        let is_commit = commit.len() == COMMIT && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        if named(owner) && named(name) && is_commit { Ok(Self(text.into())) } else { Err(BadActionRef) }
    }
}

/// The workflows, sorted by path, as they call an action and hand it what opens the account.
pub fn workflows(action: &ActionRef, handed: &[Handed]) -> Vec<File> {
    let handed: String = handed.iter().map(line).collect();
    let of_account = |line: &str| line.contains(SECRET) && !line.contains(OURS);
    let workflow = |path, purpose, text: &str| {
        let lines = text.split_inclusive('\n').filter(|line| !line.starts_with(COPY));
        let lines = lines.map(|line| if of_account(line) { &*handed } else { line });
        File { path, purpose, text: lines.collect::<String>().replace(NOWHERE, &action.0) }
    };
    vec![
        workflow(
            ".github/workflows/rollcall-apply.yml",
            "applies on the merge what was reviewed",
            include_str!("../../examples/github/apply.yml"),
        ),
        workflow(
            ".github/workflows/rollcall-drift.yml",
            "keeps an issue of what the account comes to differ in",
            include_str!("../../examples/github/drift.yml"),
        ),
        workflow(
            ".github/workflows/rollcall-plan.yml",
            "shows the plan on pull requests",
            include_str!("../../examples/github/plan.yml"),
        ),
    ]
}

/// The line that hands a variable to a step.
fn line(handed: &Handed) -> String {
    let (name, from) = (
        handed.name,
        match handed.stored {
            Stored::Secret => "secrets",
            Stored::Variable => "vars",
        },
    );
    format!("          {name}: ${{{{ {from}.{name} }}}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Handed = Handed { name: "ACTIVTRAK_API_KEY", stored: Stored::Secret };
    const LEARNING: [Handed; 2] = [
        Handed { name: "DOCEBO_URL", stored: Stored::Variable },
        Handed { name: "DOCEBO_CLIENT_SECRET", stored: Stored::Secret },
    ];

    #[test]
    fn an_action_is_named_by_all_digits_of_a_commit() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let action: ActionRef = format!("acme-it/rollcall@{commit}").parse().unwrap();
        for file in workflows(&action, &LEARNING) {
            let has = |text: &str| file.text.contains(text);
            assert!(has("DOCEBO_CLIENT_SECRET: ${{ secrets.DOCEBO_CLIENT_SECRET }}"), "{}", file.text);
            assert!(has("DOCEBO_URL: ${{ vars.DOCEBO_URL }}"), "{}", file.text);
            assert!(has("ROLLCALL_REVIEW_KEY: ${{ secrets.ROLLCALL_REVIEW_KEY }}"), "{}", file.text);
            assert!(!has("ACTIVTRAK_API_KEY"), "{}", file.text);
        }
        let files = workflows(&action, &[KEY]);
        assert!(files.is_sorted_by(|one, other| one.path < other.path), "each file is listed once");
        for file in files {
            assert!(file.text.contains(&format!("uses: acme-it/rollcall@{commit}\n")), "{}", file.text);
            assert!(
                file.text.contains("ACTIVTRAK_API_KEY: ${{ secrets.ACTIVTRAK_API_KEY }}\n"),
                "{}",
                file.text
            );
            assert!(!file.text.contains("OWNER/") && !file.text.contains("Copy this"), "{}", file.text);
        }
        let short = &commit[1..];
        for bad in [
            "acme/rollcall".to_owned(),
            "acme/rollcall@v1".to_owned(),
            format!("acme/rollcall@{short}"),
            format!("acme/rollcall@{short}g"),
            format!("rollcall@{commit}"),
            format!("acme/sub/rollcall@{commit}"),
            format!("acme/roll call@{commit}"),
            format!("/rollcall@{commit}"),
            format!("acme/rollcall\n@{commit}"),
        ] {
            assert_eq!(bad.parse::<ActionRef>(), Err(BadActionRef), "{bad}");
        }
    }
}
