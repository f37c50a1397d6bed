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
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    seen_of(block(&guide, "json").1, args, &ask)
}

/// What a sandbox of an account shows on stderr of what it is asked.
fn seen_of(account: &str, args: &[&str], ask: &impl AsyncFn(&str)) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("account.json"), account).unwrap();
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

/// The tenant of the guide.
fn tenant() -> String {
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    let (_, part) = guide.split_once("\n## The learning platform\n").expect("the section");
    block(part, "json").1.to_owned()
}

#[test]
fn a_tenant_of_the_learning_platform_is_served_where_its_file_says_so() {
    for (args, secret) in [(&[][..], "sandbox"), (&["--key", "k1"], "k1")] {
        assert_eq!(
            printed_for(&tenant(), args),
            format!(
                "SANDBOX account.json at http://127.0.0.1:8080\n  2 users, 2 groups, not a learning platform; in another \
                 terminal:\n  DOCEBO_CLIENT_ID=rollcall DOCEBO_CLIENT_SECRET={secret} rollcall plan --endpoint \
                 http://127.0.0.1:8080\nCtrl-C ends it\n"
            )
        );
    }
    let said = printed_for(&tenant(), &["--chaos", "7"]);
    assert!(said.contains("\n  chaos 7: "), "{said}");
}

#[test]
fn what_is_about_one_platform_is_refused_of_the_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("account.json"), tenant()).unwrap();
    for (args, message) in [
        (["--scim-key", "k"], "--scim-key is about ActivTrak, and acme is a learning platform"),
        (["--hr-delay", "5s"], "--hr-delay is about ActivTrak"),
        (["--setting", "scim-offset"], "there is no setting \"scim-offset\" of a learning platform"),
        (["--fault", "drop-hr"], "there is no fault \"drop-hr\", expected one of fail-writes"),
    ] {
        let mut command = program(env!("CARGO_BIN_EXE_rollcall"), folder.path());
        let refused = command.args(["sandbox", "--seed", "account.json"]).args(args).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains(message) && !refused.status.success(), "{args:?}: {said}");
    }
}

/// A token, a user, and a group that two more are in.
async fn ask_tenant(url: &str) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let credentials = "grant_type=client_credentials&client_id=rollcall&client_secret=sandbox";
    let given = client.post(format!("{url}/oauth2/token")).body(credentials).send().await.unwrap();
    let given: serde_json::Value = serde_json::from_slice(&given.bytes().await.unwrap()).unwrap();
    let token = given["access_token"].as_str().unwrap();
    for (method, path, body) in [
        ("GET", "/manage/v1/user?search_text=lovelace", ""),
        ("POST", "/audiences/v1/audience/5b0c6e7e-0001/users", r#"{"user_ids":[102]}"#),
    ] {
        let asked = client.request(method.parse().unwrap(), format!("{url}{path}")).bearer_auth(token);
        let asked = asked.header("content-type", "application/json").body(body).send().await.unwrap();
        assert!(asked.status().is_success(), "{method} {path}");
    }
}

#[test]
fn a_tenant_shows_each_request_and_what_it_changed_but_no_credentials() {
    let lines: Vec<String> =
        seen_of(&tenant(), &["-v"], &ask_tenant).lines().map(|line| line.trim().to_owned()).collect();
    let at = "DEBUG rollcall::cli::commands::sandbox: ";
    assert_eq!(
        lines,
        [
            "POST /oauth2/token 200",
            "GET /manage/v1/user?search_text=lovelace 200",
            "POST /audiences/v1/audience/5b0c6e7e-0001/users 200  group 5b0c6e7e-0001: by hand +1 -0",
        ]
        .map(|line| format!("{at}{line}"))
    );
    let whole = seen_of(&tenant(), &["-vv"], &ask_tenant);
    assert!(whole.contains("> (credentials)") && !whole.contains("client_secret"), "{whole}");
    assert!(whole.contains(r#""first_name":"Ada""#), "{whole}");
    let redacted = seen_of(&tenant(), &["-vv", "--redact"], &ask_tenant).to_lowercase();
    for name in ["ada", "lovelace", "e-17", "fleet"] {
        assert!(!redacted.contains(name), "{name}: {redacted}");
    }
}
