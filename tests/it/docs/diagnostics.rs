//! What the explanations of diagnostics show of a terminal is what the program prints. `docs/diagnostics.md` is made of them,
//! and follows with the next build.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use rollcall::diag::Code;

use crate::docs::repository::{program, root};

/// The manifests that the commands of an explanation find: one that is right, and a folder.
const MANIFEST: &str =
    "account: { name: acme, platform: sandbox, seed: account.json }\nusers: [{ email: joan@acme.example }]\n";

#[test]
fn what_explanations_show_of_a_terminal_is_what_is_printed() {
    let mut shown = 0;
    for code in Code::ALL {
        let path = format!("src/diag/explain/{code}.md");
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let Some((before, rest)) = text.split_once("```console\n") else { continue };
        let (block, after) = rest.split_once("```").expect("a block that ends");
        let commands: Vec<&str> = block.lines().map_while(|line| line.strip_prefix("$ ")).collect();
        let said = said(&commands.join("\n"));
        assert!(said.contains(&format!("[{code}]")), "{code} is not in\n{said}");
        let typed = commands.join("\n$ ");
        crate::documents::check(&path, &format!("{before}```console\n$ {typed}\n{said}```{after}"));
        shown += 1;
    }
    assert!(shown > 5, "only {shown} explanations show a terminal");
}

/// What commands print in a folder of manifests.
fn said(commands: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rollcall.yaml"), MANIFEST).unwrap();
    fs::create_dir(folder.path().join("users")).unwrap();
    let here = Path::new(env!("CARGO_BIN_EXE_rollcall")).parent().unwrap();
    let output = program("/bin/sh", folder.path())
        .args(["-c", commands])
        .env("PATH", format!("{}:/usr/bin:/bin", here.display()))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}
