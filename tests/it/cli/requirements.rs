//! Whether the rules of `policy.require` hold: of manifests without an account, and of an account.

use rollcall::sandbox::Config;
use serde_json::Value;

use super::{Folder, Remote};

const MANIFEST: &str = r"policy:
  require:
    - { name: works council, users: { match: { location: Berlin } }, tracking: untracked }
    - { name: engineers are staff, group: Engineering, within: { match: { kind: staff } } }
    - { name: everybody has an office, users: all, groups: { of: [Oslo office] } }
users:
  - { upn: ada@acme.example, groups: [Engineering], attributes: { kind: staff, location: Berlin }, tracking: untracked }
  - { email: bob@acme.example, attributes: { kind: guest } }
groups:
  - { name: Oslo office, source: hr, members: [ada@acme.example, bob@acme.example] }
";

/// The manifests of an account that is no sandbox.
fn real() -> Folder {
    let folder = Folder::new("");
    let head = "account: { name: acme, platform: activtrak, region: us }";
    folder.write("rollcall.yaml", &format!("{head}\n{MANIFEST}"));
    folder
}

fn read(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn of_manifests_no_account_is_asked() {
    let folder = real();
    let ran = folder.run(&["test"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "acme: All 3 requirements hold of what the manifests say (2 users).\n\n  \
         ✓ works council   1 user                                                           rollcall.yaml:4\n  \
         ✓ engineers are staff   1 member                                                   rollcall.yaml:5\n  \
         ✓ everybody has an office   2 users                                                rollcall.yaml:6\n"
    );
}

#[test]
fn of_the_account_everybody_counts_whom_no_manifest_mentions_and_nothing_is_written() {
    let folder = Folder::new(MANIFEST);
    let ran = folder.run(&["test", "--account", "--json", "test.json", "--junit", "test.xml"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.out.starts_with("SANDBOX"), "{}", ran.out);
    for line in [
        "acme: 1 of 3 requirements holds of the account as it is (3 users).",
        "✗ works council   1 of 1 user breaks it",
        "· Ada Lovelace <ada@acme.example>: tracked; location is Berlin",
        "1 user of the account is in no manifest, and may be among those it is about",
        "✓ engineers are staff   1 member",
        "✗ everybody has an office   1 of 3 users breaks it",
        "· Cy Young <cy@acme.example>: in none of Oslo office",
    ] {
        assert!(ran.out.contains(line), "{line}\n{}", ran.out);
    }
    let json: Value = serde_json::from_str(&read(&folder, "test.json")).unwrap();
    assert_eq!(json["over"], "account");
    assert_eq!(json["requirements"][0]["status"], "broken");
    assert_eq!(json["requirements"][0]["brokenBy"][0]["who"]["record"], 1);
    assert_eq!(json["requirements"][0]["unseen"], 1, "Cy is in no manifest: {json}");
    assert_eq!(json["requirements"][1]["status"], "holds");
    let xml = read(&folder, "test.xml");
    assert!(xml.contains("tests=\"3\" failures=\"2\" errors=\"0\""), "{xml}");
    assert!(xml.contains("Cy Young &lt;cy@acme.example&gt;: in none of Oslo office"), "{xml}");
}

#[test]
fn what_only_the_account_knows_is_told_apart_from_what_does_not_hold() {
    let members = MANIFEST.replace("bob@acme.example] }", "cy@acme.example] }");
    let folder = Folder::new(&members);
    let ran = folder.run(&["test"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.out.contains("✗ everybody has an office   1 of 2 users breaks it"), "{}", ran.out);
    assert!(ran.out.contains("1 reference means nobody of the manifests"), "{}", ran.out);
}

#[test]
fn nothing_required_is_no_failure_and_redacted_output_names_nobody() {
    let ran = Folder::new(super::SAME).run(&["test"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "acme: `policy.require` asks for nothing.\n"));
    let ran = Folder::new(MANIFEST).run(&["test", "--account", "--redact", "--junit", "-"]);
    assert_eq!(ran.code, 3);
    assert!(!ran.out.contains("Cy") && !ran.out.contains("cy@") && !ran.out.contains("Ada"), "{}", ran.out);
}

#[test]
fn an_endpoint_means_the_account() {
    let folder = real();
    let remote = Remote::of(&folder, Config::default());
    let ran = remote.run(&folder, &["test"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.out.contains("of the account as it is"), "{}", ran.out);
    assert!(remote.writes().is_empty(), "it only reads");
}

#[test]
fn two_formats_do_not_share_one_stdout() {
    for args in
        [&["test", "--json", "-", "--junit", "-"][..], &["list", "users", "--json", "-", "--csv", "-"]]
    {
        let ran = Folder::new(MANIFEST).run(args);
        assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains("there is one stdout"), "{args:?}: {}", ran.err);
    }
}
