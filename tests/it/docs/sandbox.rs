//! The page on the sandbox shows what it prints, and that is what a run against it needs.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::docs::repository::{program, root};

const GUIDE: &str = "docs/sandbox.md";

/// The first block of a kind, with what stands before and after it.
fn block<'a>(text: &'a str, kind: &str) -> (&'a str, &'a str, &'a str) {
    let (before, rest) = text.split_once(&format!("```{kind}\n")).expect("a block of the kind");
    let (block, after) = rest.split_once("```").expect("a block that ends");
    (before, block, after)
}

/// What a sandbox of the account in the guide prints once it serves, with the address of the guide.
fn printed(guide: &str, args: &[&str]) -> String {
    printed_for(block(guide, "json").1, args)
}

/// What a sandbox of an account prints.
fn printed_for(account: &str, args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("account.json"), account).unwrap();
    let mut child = program(env!("CARGO_BIN_EXE_rollcall"), folder.path())
        .args(["sandbox", "--seed", "account.json"])
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said: String = lines.take(4).map(|line| line.unwrap() + "\n").collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let (_, url) = said.lines().next().unwrap().rsplit_once(' ').expect("an address");
    said.replace(url, "http://127.0.0.1:8080")
}

#[test]
fn the_guide_shows_what_a_sandbox_prints() {
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    let (before, _, after) = block(&guide, "console");
    let command = "$ rollcall sandbox --seed account.json --port 8080\n";
    let shown = format!("{before}```console\n{command}{}```{after}", printed(&guide, &[]));
    crate::documents::check(GUIDE, &shown);
}

#[test]
fn a_sandbox_says_what_time_it_is_there_where_that_is_not_now() {
    let account =
        r#"{ "version": 1, "account": { "id": 7, "name": "acme", "asOf": "2031-03-05T12:00:00Z" } }"#;
    let command = |said: &str| said.lines().find(|line| line.contains("rollcall plan")).unwrap().to_owned();
    assert!(command(&printed_for(account, &[])).ends_with(" --now 2031-03-05T12:00:00Z"));
    assert!(
        command(&printed_for(account, &["--now", "2031-04-01T00:00:00Z"]))
            .ends_with(" --now 2031-04-01T00:00:00Z")
    );
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    assert!(!command(&printed(&guide, &[])).contains("--now"));
}

#[test]
fn a_sandbox_says_which_keys_a_run_against_it_needs() {
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    for (args, keys) in [
        (&["--key", "k1", "--scim-key", "k2"][..], "ACTIVTRAK_API_KEY=k1"),
        (&["--setting", "identity-closed"], "ACTIVTRAK_API_KEY=any ACTIVTRAK_SCIM_KEY=any"),
        (
            &["--setting", "identity-closed", "--key", "k1", "--scim-key", "k2"],
            "ACTIVTRAK_API_KEY=k1 ACTIVTRAK_SCIM_KEY=k2",
        ),
    ] {
        let said = printed(&guide, args);
        assert!(said.contains(&format!("\n  {keys} rollcall plan --endpoint")), "{said}");
    }
}
