//! The page on the sandbox shows what it prints, and that is what a run against it needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rollcall::sandbox::{Kept, Sandbox};

use crate::docs::repository::{program, root};
use crate::openapi::facts::{documents, key};

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

/// Which documents have an operation.
fn by_document() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut all: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for document in documents() {
        for fact in &document.operations {
            all.entry(key(&fact.method, &fact.path)).or_default().insert(document.name);
        }
    }
    all
}

/// What is said of missing operations: how many there are under which part of the path.
fn missing() -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for operation in Sandbox::operations().iter().filter(|operation| operation.kept == Kept::Missing) {
        let parts: Vec<&str> = operation.path.split('/').take(4).collect();
        *counts.entry(parts.join("/")).or_default() += 1;
    }
    let all: Vec<String> = counts.iter().map(|(path, count)| format!("`{path}` ({count})")).collect();
    all.join(", ")
}

#[test]
fn the_guide_lists_the_operations_that_are_served_by_document() {
    const END: &str = "<!-- end of operations -->";
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    let (before, rest) = guide.split_once("<!-- operations:").unwrap();
    let (mark, rest) = rest.split_once("-->\n").unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let known = by_document();
    let mut table = String::from("| operation | in |\n|---|---|\n");
    for operation in Sandbox::operations().iter().filter(|operation| operation.kept == Kept::Served) {
        let documents = known.get(&key(operation.method, operation.path));
        let documents = documents.map_or("the portal's pages".to_owned(), |all| {
            all.iter().copied().collect::<Vec<_>>().join(", ")
        });
        writeln!(table, "| `{} {}` | {documents} |", operation.method, operation.path).unwrap();
    }
    write!(
        table,
        "\nThe documents have these too, and the sandbox has not (501), by how many there are: {}.\n",
        missing()
    )
    .unwrap();
    crate::documents::check(GUIDE, &format!("{before}<!-- operations:{mark}-->\n\n{table}\n{END}{after}"));
}

/// What a sandbox shows on stderr of a few requests.
fn seen(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    fs::write(folder.path().join("account.json"), block(&guide, "json").1).unwrap();
    let mut child = program(env!("CARGO_BIN_EXE_rollcall"), folder.path())
        .args(["sandbox", "--seed", "account.json"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let first = BufReader::new(child.stdout.as_mut().unwrap()).lines().next().unwrap().unwrap();
    let url = first.rsplit_once(' ').expect("an address").1.to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ask(&url));
    child.kill().unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap()
}

async fn ask(url: &str) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    for (method, path, body) in [
        ("GET", "/identity/v1/entities?Term=ana.ruiz", ""),
        ("PATCH", "/identity/v2/entities/349/revision/5", r#"{"emails":[{"value":"second@corp.example"}]}"#),
        ("POST", "/admin/v1/groups/Night%20Shift", ""),
        ("DELETE", "/identity/v1/entities/350", ""),
    ] {
        let asked = client.request(method.parse().unwrap(), format!("{url}{path}"));
        let asked = asked.header("x-api-key", "any").header("content-type", "application/json");
        assert!(asked.body(body).send().await.unwrap().status().is_success(), "{method} {path}");
    }
    let denied = client.get(format!("{url}/scim/v1/users")).send().await.unwrap();
    assert_eq!(denied.status().as_u16(), 401);
}

#[test]
fn a_sandbox_shows_each_request_and_what_it_changed() {
    let lines: Vec<String> = seen(&["-v"]).lines().map(|line| line.trim().to_owned()).collect();
    let at = "DEBUG rollcall::cli::commands::sandbox: ";
    assert_eq!(
        lines,
        [
            "GET /identity/v1/entities?Term=ana.ruiz 200",
            "PATCH /identity/v2/entities/349/revision/5 200  user 349 (revision 6): emails",
            "POST /admin/v1/groups/Night%20Shift 200  group 9003 made",
            "DELETE /identity/v1/entities/350 200  user 350 deleted; rule 232 made",
            "GET /scim/v1/users 401",
        ]
        .map(|line| format!("{at}{line}"))
    );
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    assert!(guide.contains(&lines[1]), "the guide shows such a line");
    assert_eq!(seen(&[]), "", "nothing is shown that nobody asked for");
}

#[test]
fn a_sandbox_shows_bodies_if_asked_twice_and_nobody_s_name_if_asked_not_to() {
    let whole = seen(&["-vv"]);
    assert!(whole.contains(r#"> {"emails":[{"value":"second@corp.example"}]}"#), "{whole}");
    assert!(whole.contains(r#""displayName":{"value":"Ana Ruiz""#), "{whole}");
    let redacted = seen(&["-vv", "--redact"]);
    for name in ["ana", "Ruiz", "second@", "Night", "Finance", "London", "E1001", "aruiz", "corp.example"] {
        assert!(!redacted.to_lowercase().contains(&name.to_lowercase()), "{name}: {redacted}");
    }
    assert!(redacted.contains("user 349 (revision 6): emails"), "{redacted}");
    assert!(redacted.contains("> {\"emails\":[{\"value\":\"text-"), "{redacted}");
}
